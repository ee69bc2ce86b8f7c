/*
 * cgroupid("path"): id of a control group, found when the program is loaded. Used by the
 * check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val cgroupid_lower(struct lower *l, const struct node *call)
{
	return lower_word(l, WORD_CGROUP, call->call.args->str.text, call->call.args->loc);
}

const struct builtin bcct_builtin_cgroupid = {
	.name = "cgroupid",
	.prototype = "cgroupid(strlit path) uint64",
	.flags = BUILTIN_CALL,
	.lower = cgroupid_lower,
	.doc = "Id of the control group (version 2) at a path, to be compared with cgroup.",
	.example = "BEGIN { printf(\"%d\\n\", cgroupid(\"/sys/fs/cgroup\") > 0); exit() }",
	.expect = "1\n",
};
#endif
