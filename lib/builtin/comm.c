/* comm: name of the running thread. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

#define COMM_SIZE 16 /* TASK_COMM_LEN */

static void comm_check(struct check *k, struct node *n)
{
	n->type = type_string(k->types, COMM_SIZE);
}

/* The helper ends the name with a NUL and zeroes the rest, also when it cuts it. */
static void comm_lower_into(struct lower *l, const struct node *n, ir_val dst, uint32_t size)
{
	(void)n;
	IR_CALL(l->ir, BPF_FUNC_get_current_comm, dst,
		ir_const(l->ir, size < COMM_SIZE ? size : COMM_SIZE));
}

const struct builtin bcct_builtin_comm = {
	.name = "comm",
	.prototype = "comm -",
	.flags = BUILTIN_VAR,
	.check = comm_check,
	.lower_into = comm_lower_into,
	.doc = "Name of the running thread, up to 15 characters.",
	.example = "BEGIN { printf(\"%s\\n\", comm); exit() }",
	.expect = "bcct\n",
};
#endif
