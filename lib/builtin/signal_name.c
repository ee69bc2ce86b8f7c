/* signal_name(n): an integer that the runtime prints as a text. Used by the check and the code
 * generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void signal_name_check(struct check *k, struct node *call)
{
	call->type = type_printed(k->types, TY_NAMED, "signal");
}

static ir_val signal_name_lower(struct lower *l, const struct node *call)
{
	return lower_expr(l, call->call.args);
}

const struct builtin bcct_builtin_signal_name = {
	.name = "signal_name",
	.prototype = "signal_name(int n) -",
	.flags = BUILTIN_CALL,
	.check = signal_name_check,
	.lower = signal_name_lower,
	.doc = "Name of a signal. Made when it is printed; as a key or value of a map it "
	       "is the number.",
	.example = "BEGIN { printf(\"%s\\n\", signal_name(9)); exit() }",
	.expect = "SIGKILL\n",
};
#endif
