/* curtask: the current task. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val curtask_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_get_current_task, 0, NULL);
}

const struct builtin bcct_builtin_curtask = {
	.name = "curtask",
	.prototype = "curtask uint64",
	.flags = BUILTIN_VAR,
	.lower = curtask_lower,
	.doc = "Address of the kernel's struct task_struct of the running thread. Cast it to reach "
	       "its fields.",
	.example = "BEGIN { printf(\"%d\\n\", curtask != 0); exit() }",
	.expect = "1\n",
};
#endif
