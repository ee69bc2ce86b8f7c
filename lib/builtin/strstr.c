/*
 * strstr(haystack, needle): where a string is in another. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/string_compile.h"

static void strstr_check(struct check *k, struct node *call)
{
	call->type = type_int(k->types, 8, true);
	string_find_check(k, call);
}

static ir_val strstr_lower(struct lower *l, const struct node *call)
{
	return string_find(l, call);
}

const struct builtin bcct_builtin_strstr = {
	.name = "strstr",
	.prototype = "strstr(any haystack, any needle) -",
	.flags = BUILTIN_CALL,
	.check = strstr_check,
	.lower = strstr_lower,
	.doc = "Index of the first place where a string is in another, or -1.",
	.example = "BEGIN { printf(\"%d %d\\n\", strstr(comm, \"cc\"), strstr(comm, \"x\")); "
	           "exit() }",
	.expect = "1 -1\n",
};
#endif
