/* ncpus: number of processors that are online. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val ncpus_lower(struct lower *l, const struct node *n)
{
	return lower_word(l, WORD_NCPUS, NULL, n->loc);
}

const struct builtin bcct_builtin_ncpus = {
	.name = "ncpus",
	.prototype = "ncpus uint64",
	.flags = BUILTIN_VAR,
	.lower = ncpus_lower,
	.doc = "Number of processors that are online.",
	.example = "BEGIN { printf(\"%d\\n\", ncpus >= 1); exit() }",
	.expect = "1\n",
};
#endif
