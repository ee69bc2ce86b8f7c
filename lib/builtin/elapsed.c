/* elapsed: time since tracing began. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val elapsed_lower(struct lower *l, const struct node *n)
{
	(void)n;
	ir_val now = ir_helper(l->ir, BPF_FUNC_ktime_get_boot_ns, 0, NULL);

	return ir_bin(l->ir, IR_SUB, now, lower_config(l, CONFIG_START_NS));
}

const struct builtin bcct_builtin_elapsed = {
	.name = "elapsed",
	.prototype = "elapsed uint64",
	.flags = BUILTIN_VAR,
	.lower = elapsed_lower,
	.doc = "Nanoseconds since tracing began.",
	.example = "BEGIN { printf(\"%d\\n\", elapsed < 10000000000); exit() }",
	.expect = "1\n",
};
#endif
