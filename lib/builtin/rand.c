/* rand: a random number. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val rand_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_ext(l->ir, ir_helper(l->ir, BPF_FUNC_get_prandom_u32, 0, NULL), 4, false);
}

const struct builtin bcct_builtin_rand = {
	.name = "rand",
	.prototype = "rand uint32",
	.flags = BUILTIN_VAR,
	.lower = rand_lower,
	.doc = "A random 32-bit number, another one at each use.",
	.example = "BEGIN { printf(\"%d\\n\", rand % 1); exit() }",
	.expect = "0\n",
};
#endif
