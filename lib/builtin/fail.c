/* fail(message): an error when the program is compiled. Used by the check. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void fail_check(struct check *k, struct node *call)
{
	if (k->final && !k->dead)
		check_error(k, call, FAIL, "%s", check_arg(call, 0)->str.text);
}

static ir_val fail_lower(struct lower *l, const struct node *call)
{
	(void)l, (void)call;
	return NULL;
}

const struct builtin bcct_builtin_fail = {
	.name = "fail",
	.prototype = "fail(strlit message, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.check = fail_check,
	.lower = fail_lower,
	.doc = "An error of its own when the program is compiled, for macros that refuse "
	       "an argument.",
	.example = "macro small($x) { if comptime (sizeof($x) > 8) { fail(\"too large\") } $x "
	           "} BEGIN { $a = 1; printf(\"%d\\n\", small($a)); exit() }",
	.expect = "1\n",
};
#endif
