/* has_key(@m, key): is the key there? Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val has_key_lower(struct lower *l, const struct node *call)
{
	ir_val at = lower_map_lookup(l, call->call.args);

	return ir_bool(l->ir, ir_icmp(l->ir, IR_NE, at, ir_null(l->ir)));
}

const struct builtin bcct_builtin_has_key = {
	.name = "has_key",
	.prototype = "has_key(mapkey m, key k) bool",
	.flags = BUILTIN_CALL,
	.lower = has_key_lower,
	.doc = "True when the map has the key. Several keys are given as a tuple.",
	.example = "BEGIN { @[1, 2] = 3; if (has_key(@, (1, 2))) { printf(\"yes\\n\") } "
		   "clear(@); exit() }",
	.expect = "yes\n",
};
#endif
