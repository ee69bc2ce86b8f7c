/* pid, pid(namespace): the process. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/pidns_compile.h"

static void pid_check(struct check *k, struct node *n)
{
	n->type = type_int(k->types, 4, false);
	pidns_check(k, n);
}

static ir_val pid_lower(struct lower *l, const struct node *n)
{
	ir_val v = pidns_lower(l, n);

	return ir_bin(l->ir, IR_LSHR, v, ir_const(l->ir, 32));
}

const struct builtin bcct_builtin_pid = {
	.name = "pid",
	.prototype = "pid([word namespace]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = pid_check,
	.lower = pid_lower,
	.doc = "Process that runs when the probe fires (the kernel's thread group number). "
	       "namespace may be init, the numbers of the whole machine (usual), or "
	       "curr_ns, those in which bcct runs.",
	.example = "BEGIN < printf(\"%d\\n\", (pid > 0)); exit() >",
	.expect = "1\n",
};
#endif
