/*
 * ustack, ustack([mode,] [frames]): the process's call stack. The frames go
 * straight into the key, event or map value: { u32 depth; u32 pid; u64 ip[] }.
 * Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/stack_compile.h"

static void ustack_check(struct check *k, struct node *n)
{
	stack_check(k, n, TY_USTACK);
}

static void ustack_lower_into(struct lower *l, const struct node *n, ir_val dst, uint32_t size)
{
	ir_val pid = ir_helper(l->ir, BPF_FUNC_get_current_pid_tgid, 0, NULL);

	stack_lower(l, n, dst, size, ir_bin(l->ir, IR_LSHR, pid, ir_const(l->ir, 32)),
		    BPF_F_USER_STACK);
}

const struct builtin bcct_builtin_ustack = {
	.name = "ustack",
	.prototype = "ustack([word mode[, intlit frames]]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = ustack_check,
	.lower_into = ustack_lower_into,
	.doc = "The call stack of the running process, innermost function first, up to 127 frames "
	       "or as many as given. mode is bpftrace (symbol+offset and line of source), perf "
	       "(with address and module), raw, or build_id (build id and offset in the file). "
	       "Programs built without frame pointers give short stacks.",
	.example = "BEGIN { @[ustack(3)] = count(); printf(\"%d\\n\", len(@)); clear(@); exit() }",
	.expect = "1\n",
};
#endif
