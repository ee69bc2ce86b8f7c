/*
 * username: name of the user; looked up by the runtime. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void username_check(struct check *k, struct node *n)
{
	n->type = type_printed(k->types, TY_NAMED, "user");
}

static ir_val username_lower(struct lower *l, const struct node *n)
{
	(void)n;
	ir_val v = ir_helper(l->ir, BPF_FUNC_get_current_uid_gid, 0, NULL);

	return ir_ext(l->ir, v, 4, false);
}

const struct builtin bcct_builtin_username = {
	.name = "username",
	.prototype = "username -",
	.flags = BUILTIN_VAR,
	.check = username_check,
	.lower = username_lower,
	.doc = "Name of the user that runs when the probe fires; the number when it has "
	       "none.",
	.example = "BEGIN { printf(\"%s\\n\", username); exit() }",
	.expect = "root\n",
};
#endif
