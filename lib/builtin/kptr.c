/*
 * kptr(pointer): marks an address as one of kernel memory. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

static void kptr_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	call->type = t->kind == TY_PTR
			     ? type_with_space(k->types, t, SP_KERNEL)
			     : type_ptr(k->types, type_none(k->types), SP_KERNEL);
}

static ir_val kptr_lower(struct lower *l, const struct node *call)
{
	return address_lower(l, call->call.args);
}

const struct builtin bcct_builtin_kptr = {
	.name = "kptr",
	.prototype = "kptr(ptr pointer) -",
	.flags = BUILTIN_CALL,
	.check = kptr_check,
	.lower = kptr_lower,
	.doc = "The same pointer, read as kernel memory from here on.",
	.example = "BEGIN { printf(\"<%s>\\n\", str(kptr(0))); exit() }",
	.expect = "<>\n",
};
#endif
