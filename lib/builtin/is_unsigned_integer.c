/* is_unsigned_integer(value): is the value an unsigned integer? A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void is_unsigned_integer_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	check_become_num(k, call, t->kind == TY_INT && !t->is_signed, type_bool(k->types));
}

const struct builtin bcct_builtin_is_unsigned_integer = {
	.name = "is_unsigned_integer",
	.prototype = "is_unsigned_integer(any value) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = is_unsigned_integer_check,
	.doc = "True when the value is an unsigned integer; known when the program is "
	       "compiled.",
	.example = "BEGIN { printf(\"%d\\n\", is_unsigned_integer(pid)); exit() }",
	.expect = "1\n",
};
#endif
