/* Addresses as numbers; called by units in lib/builtin/. */
#include "lib/address_compile.h"

/* Pointers to the context, the stack and map values are LLVM pointers, others are i64. */
ir_val address_lower(struct lower *l, const struct node *n)
{
	ir_val v = lower_expr(l, n);

	if (n->type->kind != TY_PTR)
		return v;
	switch (n->type->space) {
	case SP_CTX:
	case SP_STACK:
	case SP_MAP: return ir_ptr_to_int(l->ir, v);
	default: return v;
	}
}
