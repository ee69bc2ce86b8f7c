/*
 * numaid: number of the NUMA node that the probe fires on. Used by the check and the
 * code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val numaid_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_get_numa_node_id, 0, NULL);
}

const struct builtin bcct_builtin_numaid = {
	.name = "numaid",
	.prototype = "numaid uint32",
	.flags = BUILTIN_VAR,
	.lower = numaid_lower,
	.doc = "Number of the NUMA node that the probe fires on.",
	.example = "BEGIN { printf(\"%d\\n\", numaid < 1024); exit() }",
	.expect = "1\n",
};
#endif
