/*
 * cgroup: id of the control group (version 2) that the running process is in. Used by
 * the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val cgroup_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return ir_helper(l->ir, BPF_FUNC_get_current_cgroup_id, 0, NULL);
}

const struct builtin bcct_builtin_cgroup = {
	.name = "cgroup",
	.prototype = "cgroup uint64",
	.flags = BUILTIN_VAR,
	.lower = cgroup_lower,
	.doc = "Id of the control group (version 2) that the running process is in.",
	.example = "BEGIN { printf(\"%d\\n\", cgroup > 0); exit() }",
	.expect = "1\n",
};
#endif
