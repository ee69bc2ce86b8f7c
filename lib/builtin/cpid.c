/*
 * cpid: process id of the command that -c runs, 0 without one. Used by the check and
 * the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val cpid_lower(struct lower *l, const struct node *n)
{
	return lower_word(l, WORD_CPID, NULL, n->loc);
}

const struct builtin bcct_builtin_cpid = {
	.name = "cpid",
	.prototype = "cpid uint32",
	.flags = BUILTIN_VAR,
	.lower = cpid_lower,
	.doc = "Process id of the command that -c runs, 0 without one.",
	.example = "BEGIN { printf(\"%d\\n\", cpid); exit() }",
	.expect = "0\n",
};
#endif
