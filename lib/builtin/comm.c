/* comm, comm(pid): name of a thread. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

#define COMM_SIZE 16 /* TASK_COMM_LEN */

/* That of another process is looked up when it is printed. */
static void comm_check(struct check *k, struct node *n)
{
	n->type = n->kind == N_CALL && n->call.args
			  ? type_printed(k->types, TY_NAMED, "comm")
			  : type_string(k->types, COMM_SIZE);
}

static ir_val comm_lower(struct lower *l, const struct node *n)
{
	return lower_expr(l, n->call.args);
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
	.prototype = "comm([int pid]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = comm_check,
	.lower = comm_lower,
	.lower_into = comm_lower_into,
	.doc = "Name of the running thread, up to 15 characters; or of the process of a "
	       "number, looked up when it is printed.",
	.example = "BEGIN { printf(\"%s\\n\", comm); exit() }",
	.expect = "bcct\n",
};
#endif
