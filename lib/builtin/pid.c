/* pid: the process. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val pid_lower(struct lower *l, const struct node *n)
{
	(void)n;
	ir_val v = ir_helper(l->ir, BPF_FUNC_get_current_pid_tgid, 0, NULL);

	return ir_bin(l->ir, IR_LSHR, v, ir_const(l->ir, 32));
}

const struct builtin bcct_builtin_pid = {
	.name = "pid",
	.prototype = "pid uint32",
	.flags = BUILTIN_VAR,
	.lower = pid_lower,
	.doc = "Process that runs when the probe fires (the kernel's thread group number).",
	.example = "BEGIN < printf(\"%d\\n\", (pid > 0)); exit() >",
	.expect = "1\n",
};
#endif
