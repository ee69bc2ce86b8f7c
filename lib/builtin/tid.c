/* tid: the thread. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val tid_lower(struct lower *l, const struct node *n)
{
	(void)n;
	ir_val v = ir_helper(l->ir, BPF_FUNC_get_current_pid_tgid, 0, NULL);

	return ir_ext(l->ir, v, 4, false);
}

const struct builtin bcct_builtin_tid = {
	.name = "tid",
	.prototype = "tid uint32",
	.flags = BUILTIN_VAR,
	.lower = tid_lower,
	.doc = "Thread that runs when the probe fires.",
	.example = "BEGIN { printf(\"%d\\n\", tid >= pid); exit() }",
	.expect = "1\n",
};
#endif
