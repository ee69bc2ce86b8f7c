/* assert_str(value): an error when the value is no text. Used by the check. */
#ifdef BCCT_COMPILER
#include "lib/string_compile.h"

static void assert_str_check(struct check *k, struct node *call)
{
	string_check(k, check_arg(call, 0));
}

static ir_val assert_str_lower(struct lower *l, const struct node *call)
{
	(void)l, (void)call;
	return NULL;
}

const struct builtin bcct_builtin_assert_str = {
	.name = "assert_str",
	.prototype = "assert_str(any value) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.check = assert_str_check,
	.lower = assert_str_lower,
	.doc = "An error when the program is compiled and the value is neither a string "
	       "nor chars in memory.",
	.example = "BEGIN { assert_str(comm); printf(\"fine\\n\"); exit() }",
	.expect = "fine\n",
};
#endif
