/* curtask: the current task. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

/* A pointer where the kernel's type is known. */
static void curtask_check(struct check *k, struct node *n)
{
	const struct type *t = type_by_tag(k->types, TY_STRUCT, "task_struct");

	if (t)
		n->type = type_ptr(k->types, t, SP_KERNEL);
}

static ir_val curtask_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_get_current_task, 0, NULL);
}

const struct builtin bcct_builtin_curtask = {
	.name = "curtask",
	.prototype = "curtask uint64",
	.flags = BUILTIN_VAR,
	.check = curtask_check,
	.lower = curtask_lower,
	.doc = "The kernel's struct task_struct of the running thread: a pointer.",
	.example = "BEGIN { printf(\"%d\\n\", curtask != 0); exit() }",
	.expect = "1\n",
};
#endif
