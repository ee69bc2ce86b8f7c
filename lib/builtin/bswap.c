/* bswap(n): bytes in reverse order. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void bswap_check(struct check *k, struct node *call)
{
	call->type = type_int(k->types, check_narrow(k, check_arg(call, 0))->size, false);
}

static ir_val bswap_lower(struct lower *l, const struct node *call)
{
	const struct node *arg = call->call.args;
	uint32_t size = call->type->size;
	ir_val v = lower_expr(l, arg);

	if (size == 1)
		return ir_ext(l->ir, v, 1, false);
	return ir_ext(l->ir, ir_bswap(l->ir, v, size), size, false);
}

const struct builtin bcct_builtin_bswap = {
	.name = "bswap",
	.prototype = "bswap(int n) -",
	.flags = BUILTIN_CALL,
	.check = bswap_check,
	.lower = bswap_lower,
	.doc = "An integer with its bytes in reverse order, such as a port in network "
	       "order; as wide as the argument.",
	.example = "BEGIN { printf(\"%d\\n\", bswap((uint16)0x5000)); exit() }",
	.expect = "80\n",
};
#endif
