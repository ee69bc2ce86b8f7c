/*
 * strcontains(haystack, needle): is a string in another? Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/string_compile.h"

static void strcontains_check(struct check *k, struct node *call)
{
	call->type = type_bool(k->types);
	string_find_check(k, call);
}

static ir_val strcontains_lower(struct lower *l, const struct node *call)
{
	struct ir *ir = l->ir;

	return ir_bool(ir, ir_icmp(ir, IR_SGE, string_find(l, call), ir_const(ir, 0)));
}

const struct builtin bcct_builtin_strcontains = {
	.name = "strcontains",
	.prototype = "strcontains(any haystack, any needle) -",
	.flags = BUILTIN_CALL,
	.check = strcontains_check,
	.lower = strcontains_lower,
	.doc = "True when a string is somewhere in another.",
	.example = "BEGIN { if (strcontains(comm, \"cct\")) { printf(\"yes\\n\") } exit() }",
	.expect = "yes\n",
};
#endif
