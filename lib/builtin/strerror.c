/* strerror(n): an integer that the runtime prints as a text. Used by the check and the code
 * generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void strerror_check(struct check *k, struct node *call)
{
	call->type = type_printed(k->types, TY_NAMED, "strerror");
}

static ir_val strerror_lower(struct lower *l, const struct node *call)
{
	return lower_expr(l, call->call.args);
}

const struct builtin bcct_builtin_strerror = {
	.name = "strerror",
	.prototype = "strerror(int n) -",
	.flags = BUILTIN_CALL,
	.check = strerror_check,
	.lower = strerror_lower,
	.doc = "The text of an error number, as strerror(3) has it. Made when it is "
	       "printed; as a key or value of a map it is the number.",
	.example = "BEGIN { printf(\"%s\\n\", strerror(2)); exit() }",
	.expect = "No such file or directory\n",
};
#endif
