/*
 * leader_tid: thread id of the leader of the running thread group. Used by the check
 * and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/task_compile.h"

#define LEADER_TID_PATH "group_leader.pid"

static void leader_tid_check(struct check *k, struct node *n)
{
	n->type = type_int(k->types, 4, false);
	if (!task_path_check(k, n, LEADER_TID_PATH))
		n->type = check_poison();
}

static ir_val leader_tid_lower(struct lower *l, const struct node *n)
{
	ir_val v = task_path_load(l, task_operand(l, n), LEADER_TID_PATH, n->loc);

	return ir_ext(l->ir, v, 4, false);
}

const struct builtin bcct_builtin_leader_tid = {
	.name = "leader_tid",
	.prototype = "leader_tid([ptr task]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = leader_tid_check,
	.lower = leader_tid_lower,
	.doc = "Thread id of the leader of the running thread group, or of the task that "
	       "is given: a struct task_struct.",
	.example = "BEGIN { printf(\"%d\\n\", leader_tid > 0); exit() }",
	.expect = "1\n",
};
#endif
