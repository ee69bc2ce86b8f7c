/* uid: the user. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val uid_lower(struct lower *l, const struct node *n)
{
	(void)n;
	ir_val v = ir_helper(l->ir, BPF_FUNC_get_current_uid_gid, 0, NULL);

	return ir_ext(l->ir, v, 4, false);
}

const struct builtin bcct_builtin_uid = {
	.name = "uid",
	.prototype = "uid uint32",
	.flags = BUILTIN_VAR,
	.lower = uid_lower,
	.doc = "Number of the user that runs when the probe fires.",
	.example = "BEGIN { printf(\"user %d\\n\", uid); exit() }",
	.expect = "user 0\n",
};
#endif
