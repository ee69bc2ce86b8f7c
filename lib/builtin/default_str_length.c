/* default_str_length(): what str() keeps without a length. A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void default_str_length_check(struct check *k, struct node *call)
{
	check_become_num(k, call, (uint64_t)k->c->options.v[OPT_MAX_STRLEN],
			 type_int(k->types, 8, false));
}

const struct builtin bcct_builtin_default_str_length = {
	.name = "default_str_length",
	.prototype = "default_str_length() -",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = default_str_length_check,
	.doc = "The longest string that str() keeps: max_strlen.",
	.example = "BEGIN { printf(\"%d\\n\", default_str_length()); exit() }",
	.expect = "1024\n",
};
#endif
