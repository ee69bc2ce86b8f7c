/* gid: the group. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val gid_lower(struct lower *l, const struct node *n)
{
	(void)n;
	ir_val v = ir_helper(l->ir, BPF_FUNC_get_current_uid_gid, 0, NULL);

	return ir_bin(l->ir, IR_LSHR, v, ir_const(l->ir, 32));
}

const struct builtin bcct_builtin_gid = {
	.name = "gid",
	.prototype = "gid uint32",
	.flags = BUILTIN_VAR,
	.lower = gid_lower,
	.doc = "Number of the group that runs when the probe fires.",
	.example = "BEGIN < printf(\"group %d\\n\", gid); exit() >",
	.expect = "group 0\n",
};
#endif
