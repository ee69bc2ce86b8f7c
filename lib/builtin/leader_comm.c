/*
 * leader_comm: name of the leader of the running thread group. Used by the check and
 * the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/task_compile.h"

#define LEADER_COMM_PATH "group_leader.comm"

static void leader_comm_check(struct check *k, struct node *n)
{
	n->type = type_string(k->types, TASK_COMM_SIZE);
	if (!task_path_check(k, n, LEADER_COMM_PATH))
		n->type = check_poison();
}

static void leader_comm_lower_into(struct lower *l, const struct node *n, ir_val dst, uint32_t size)
{
	task_path_name(l, task_operand(l, n), LEADER_COMM_PATH, dst, size, n->loc);
}

const struct builtin bcct_builtin_leader_comm = {
	.name = "leader_comm",
	.prototype = "leader_comm([ptr task]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = leader_comm_check,
	.lower_into = leader_comm_lower_into,
	.doc = "Name of the leader of the running thread group, or of the task that is "
	       "given: a struct task_struct.",
	.example = "BEGIN { printf(\"%s\\n\", leader_comm); exit() }",
	.expect = "bcct\n",
};
#endif
