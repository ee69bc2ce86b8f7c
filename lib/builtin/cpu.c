/* cpu: the processor. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val cpu_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_get_smp_processor_id, 0, NULL);
}

const struct builtin bcct_builtin_cpu = {
	.name = "cpu",
	.prototype = "cpu uint64",
	.flags = BUILTIN_VAR,
	.lower = cpu_lower,
	.doc = "Number of the processor that the probe fires on.",
	.example = "BEGIN < printf(\"%d\\n\", cpu < 4096); exit() >",
	.expect = "1\n",
};
#endif
