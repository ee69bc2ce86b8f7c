/*
 * ksym(address): prints as the kernel symbol there; resolved by the runtime.
 * Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "lib/address_compile.h"
#include "parser/check/check.h"

static void ksym_check(struct check *k, struct node *call)
{
	call->type = type_simple(k->types, TY_KSYM);
}

static ir_val ksym_lower(struct lower *l, const struct node *call)
{
	l->m->need_ksyms = true;
	return address_lower(l, call->call.args);
}

const struct builtin bcct_builtin_ksym = {
	.name = "ksym",
	.prototype = "ksym(ptr address) -",
	.flags = BUILTIN_CALL,
	.check = ksym_check,
	.lower = ksym_lower,
	.doc = "The kernel function or variable at an address; the address itself when it has no "
	       "name.",
	.example = "BEGIN { printf(\"%s\\n\", ksym(1)); exit() }",
	.expect = "0x1\n",
};
#endif
