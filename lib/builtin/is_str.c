/* is_str(value): is the value a string? A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void is_str_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	check_become_num(k, call, t->kind == TY_STRING, type_bool(k->types));
}

const struct builtin bcct_builtin_is_str = {
	.name = "is_str",
	.prototype = "is_str(any value) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = is_str_check,
	.doc = "True when the value is a string; known when the program is compiled.",
	.example = "BEGIN { printf(\"%d\\n\", is_str(comm)); exit() }",
	.expect = "1\n",
};
#endif
