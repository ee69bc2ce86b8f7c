/* pcomm: name of the parent of the running process. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/task_compile.h"

#define PCOMM_PATH "real_parent.comm"

static void pcomm_check(struct check *k, struct node *n)
{
	n->type = type_string(k->types, TASK_COMM_SIZE);
	if (!task_path_check(k, n, PCOMM_PATH))
		n->type = check_poison();
}

static void pcomm_lower_into(struct lower *l, const struct node *n, ir_val dst, uint32_t size)
{
	task_path_name(l, task_operand(l, n), PCOMM_PATH, dst, size, n->loc);
}

const struct builtin bcct_builtin_pcomm = {
	.name = "pcomm",
	.prototype = "pcomm([ptr task]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = pcomm_check,
	.lower_into = pcomm_lower_into,
	.doc = "Name of the parent of the running process, or of the task that is given: a "
	       "struct task_struct.",
	.example = "BEGIN { printf(\"%d\\n\", pcomm != \"\"); exit() }",
	.expect = "1\n",
};
#endif
