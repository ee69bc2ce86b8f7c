/* is_literal(value): does the value stand in the program? A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void is_literal_check(struct check *k, struct node *call)
{
	const struct node *n = check_arg(call, 0);

	check_become_num(k, call, n->kind == N_NUM || n->kind == N_STR, type_bool(k->types));
}

const struct builtin bcct_builtin_is_literal = {
	.name = "is_literal",
	.prototype = "is_literal(any value) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = is_literal_check,
	.doc = "True when the value is a number or string that is written out.",
	.example = "BEGIN { printf(\"%d %d\\n\", is_literal(3), is_literal(pid)); exit() }",
	.expect = "1 0\n",
};
#endif
