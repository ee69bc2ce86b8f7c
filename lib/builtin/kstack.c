/*
 * kstack, kstack([mode,] [frames]): the kernel's call stack. The frames go
 * straight into the key, event or map value: { u32 depth; u32 pad; u64 ip[] }.
 * Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/stack_compile.h"

static void kstack_check(struct check *k, struct node *n)
{
	stack_check(k, n, TY_KSTACK);
}

static void kstack_lower_into(struct lower *l, const struct node *n, ir_val dst, uint32_t size)
{
	l->m->need_ksyms = true;
	stack_lower(l, n, dst, size, ir_const(l->ir, 0), 0);
}

const struct builtin bcct_builtin_kstack = {
	.name = "kstack",
	.prototype = "kstack([word mode[, intlit frames]]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = kstack_check,
	.lower_into = kstack_lower_into,
	.doc = "The kernel's call stack, innermost function first, up to 127 frames or as many as "
	       "given. mode is bpftrace (symbol+offset), perf (with address and module) or raw.",
	.example = "BEGIN { @[kstack(3)] = count(); printf(\"%d\\n\", len(@)); clear(@); exit() }",
	.expect = "1\n",
};
#endif
