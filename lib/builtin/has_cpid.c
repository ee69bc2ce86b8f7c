/* has_cpid: true when a command is run by -c. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val has_cpid_lower(struct lower *l, const struct node *n)
{
	return lower_word(l, WORD_HAS_CPID, NULL, n->loc);
}

const struct builtin bcct_builtin_has_cpid = {
	.name = "has_cpid",
	.prototype = "has_cpid bool",
	.flags = BUILTIN_VAR,
	.lower = has_cpid_lower,
	.doc = "True when a command is run by -c.",
	.example = "BEGIN { printf(\"%d\\n\", has_cpid); exit() }",
	.expect = "0\n",
};
#endif
