/* nsecs: time since boot. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val nsecs_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_ktime_get_boot_ns, 0, NULL);
}

const struct builtin bcct_builtin_nsecs = {
	.name = "nsecs",
	.prototype = "nsecs uint64",
	.flags = BUILTIN_VAR,
	.lower = nsecs_lower,
	.doc = "Nanoseconds since the machine started, the time it slept included.",
	.example = "BEGIN { $t = nsecs; printf(\"%d\\n\", nsecs >= $t); exit() }",
	.expect = "1\n",
};
#endif
