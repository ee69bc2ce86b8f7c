/* strcap(s): how long a string can be. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/string_compile.h"

static void strcap_check(struct check *k, struct node *call)
{
	call->type = type_int(k->types, 8, true);
	string_check(k, check_arg(call, 0));
}

static ir_val strcap_lower(struct lower *l, const struct node *call)
{
	const struct node *s = call->call.args;
	ir_val length;

	if (s->type->kind == TY_STRING)
		return ir_const(l->ir, s->type->size);
	if (s->kind == N_UNARY)
		return ir_const(l->ir, string_room(l->c, s) - 1);
	string_copy(l, s, (string_room(l->c, s) + 15) & ~7u, &length);
	return length;
}

const struct builtin bcct_builtin_strcap = {
	.name = "strcap",
	.prototype = "strcap(any s) -",
	.flags = BUILTIN_CALL,
	.check = strcap_check,
	.lower = strcap_lower,
	.doc = "Bytes that a string or array has room for; of a pointer the length of the "
	       "string there.",
	.example = "BEGIN { printf(\"%d\\n\", strcap(comm)); exit() }",
	.expect = "16\n",
};
#endif
