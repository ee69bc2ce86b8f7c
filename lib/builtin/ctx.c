/* ctx: the probe's context. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void ctx_check(struct check *k, struct node *n)
{
	n->type = type_ptr(k->types, type_none(k->types), SP_CTX);
}

static ir_val ctx_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_ctx(l->ir);
}

const struct builtin bcct_builtin_ctx = {
	.name = "ctx",
	.prototype = "ctx -",
	.flags = BUILTIN_VAR,
	.check = ctx_check,
	.lower = ctx_lower,
	.doc = "The context that the kernel gives the probe, as an untyped pointer.",
	.example = "BEGIN { printf(\"%p\\n\", ctx); exit() }",
};
#endif
