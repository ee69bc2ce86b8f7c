/* jiffies: the kernel's count of timer ticks. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val jiffies_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_jiffies64, 0, NULL);
}

const struct builtin bcct_builtin_jiffies = {
	.name = "jiffies",
	.prototype = "jiffies uint64",
	.flags = BUILTIN_VAR,
	.lower = jiffies_lower,
	.doc = "The kernel's count of timer ticks.",
	.example = "BEGIN { printf(\"%d\\n\", jiffies > 0); exit() }",
	.expect = "1\n",
};
#endif
