/*
 * uptr(pointer): marks an address as one of user memory. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

static void uptr_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	call->type = t->kind == TY_PTR
			     ? type_with_space(k->types, t, SP_USER)
			     : type_ptr(k->types, type_none(k->types), SP_USER);
}

static ir_val uptr_lower(struct lower *l, const struct node *call)
{
	return address_lower(l, call->call.args);
}

const struct builtin bcct_builtin_uptr = {
	.name = "uptr",
	.prototype = "uptr(ptr pointer) -",
	.flags = BUILTIN_CALL,
	.check = uptr_check,
	.lower = uptr_lower,
	.doc = "The same pointer, read as user memory from here on.",
	.example = "BEGIN { printf(\"<%s>\\n\", str(uptr(0))); exit() }",
	.expect = "<>\n",
};
#endif
