/*
 * ppid: process id of the parent of the running process. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/task_compile.h"

#define PPID_PATH "real_parent.tgid"

static void ppid_check(struct check *k, struct node *n)
{
	n->type = type_int(k->types, 4, false);
	if (!task_path_check(k, n, PPID_PATH))
		n->type = check_poison();
}

static ir_val ppid_lower(struct lower *l, const struct node *n)
{
	return ir_ext(l->ir, task_path_load(l, task_operand(l, n), PPID_PATH, n->loc), 4, false);
}

const struct builtin bcct_builtin_ppid = {
	.name = "ppid",
	.prototype = "ppid([ptr task]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = ppid_check,
	.lower = ppid_lower,
	.doc = "Process id of the parent of the running process, or of the task that is "
	       "given: a struct task_struct.",
	.example = "BEGIN { printf(\"%d\\n\", ppid > 0); exit() }",
	.expect = "1\n",
};
#endif
