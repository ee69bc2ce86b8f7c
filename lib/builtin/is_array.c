/* is_array(value): is the value an array? A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void is_array_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	check_become_num(k, call, t->kind == TY_ARRAY, type_bool(k->types));
}

const struct builtin bcct_builtin_is_array = {
	.name = "is_array",
	.prototype = "is_array(any value) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = is_array_check,
	.doc = "True when the value is an array; known when the program is compiled.",
	.example = "BEGIN { printf(\"%d\\n\", is_array(pton(\"::1\"))); exit() }",
	.expect = "1\n",
};
#endif
