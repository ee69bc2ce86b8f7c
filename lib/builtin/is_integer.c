/* is_integer(value): is the value an integer? A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void is_integer_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	check_become_num(k, call, type_is_integer(t) && t->kind != TY_BOOL, type_bool(k->types));
}

const struct builtin bcct_builtin_is_integer = {
	.name = "is_integer",
	.prototype = "is_integer(any value) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = is_integer_check,
	.doc = "True when the value is an integer; known when the program is compiled.",
	.example = "BEGIN { printf(\"%d\\n\", is_integer(pid)); exit() }",
	.expect = "1\n",
};
#endif
