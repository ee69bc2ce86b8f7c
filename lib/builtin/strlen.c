/* strlen(s): length of a string. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/string_compile.h"

static void strlen_check(struct check *k, struct node *call)
{
	call->type = type_int(k->types, 8, false);
	string_check(k, check_arg(call, 0));
}

static ir_val strlen_lower(struct lower *l, const struct node *call)
{
	const struct node *s = call->call.args;
	ir_val length;

	if (s->kind == N_STR)
		return ir_const(l->ir, s->str.len);
	string_copy(l, s, (string_room(l->c, s) + 15) & ~7u, &length);
	return length;
}

const struct builtin bcct_builtin_strlen = {
	.name = "strlen",
	.prototype = "strlen(any s) -",
	.flags = BUILTIN_CALL,
	.check = strlen_check,
	.lower = strlen_lower,
	.doc = "Number of bytes of a string before its end. A pointer to char is read, up "
	       "to max_strlen.",
	.example = "BEGIN { printf(\"%d %d\\n\", strlen(comm), strlen(\"\")); exit() }",
	.expect = "4 0\n",
};
#endif
