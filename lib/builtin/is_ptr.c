/* is_ptr(value): is the value a pointer? A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void is_ptr_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	check_become_num(k, call, t->kind == TY_PTR, type_bool(k->types));
}

const struct builtin bcct_builtin_is_ptr = {
	.name = "is_ptr",
	.prototype = "is_ptr(any value) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = is_ptr_check,
	.doc = "True when the value is a pointer; known when the program is compiled.",
	.example = "BEGIN { printf(\"%d\\n\", is_ptr(curtask)); exit() }",
	.expect = "1\n",
};
#endif
