/*
 * cgroup_path(id[, filter]): prints as the path of a control group; found by the runtime.
 * Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void cgroup_path_check(struct check *k, struct node *call)
{
	const struct node *filter = check_arg(call, 1);
	const char *table = "cgroup";

	if (filter)
		table = arena_printf(k->arena, "cgroup:%s", filter->str.text);
	call->type = type_printed(k->types, TY_NAMED, table);
}

static ir_val cgroup_path_lower(struct lower *l, const struct node *call)
{
	return lower_expr(l, call->call.args);
}

const struct builtin bcct_builtin_cgroup_path = {
	.name = "cgroup_path",
	.prototype = "cgroup_path(int id[, strlit filter]) -",
	.flags = BUILTIN_CALL,
	.check = cgroup_path_check,
	.lower = cgroup_path_lower,
	.doc = "Path of a control group behind its hierarchy, which is always unified: "
	       "unified:/user.slice. Nothing when the group is gone or the filter, a "
	       "pattern, does not match the hierarchy.",
	.example = "BEGIN { printf(\"<%s>\\n\", cgroup_path(0)); exit() }",
	.expect = "<>\n",
};
#endif
