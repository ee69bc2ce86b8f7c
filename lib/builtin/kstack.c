/*
 * kstack, kstack([mode,] [frames]): the kernel's call stack. The frames go
 * straight into the key, event or map value: { u32 depth; u32 pad; u64 ip[] }.
 * Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include <string.h>

#include "codegen/lower.h"
#include "parser/check/check.h"

#define KSTACK_DEFAULT 127 /* the kernel's own limit, sysctl kernel.perf_event_max_stack */
#define KSTACK_MAX 1024
#define KSTACK_HEAD 8

static bool kstack_mode(const char *name, int64_t *mode)
{
	static const char *const names[] = { "bpftrace", "perf", "raw" };
	static const enum stack_mode modes[] = { STACK_BPFTRACE, STACK_PERF, STACK_RAW };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i])) {
			*mode = modes[i];
			return true;
		}
	}
	return false;
}

static void kstack_bad_mode(struct check *k, struct node *arg)
{
	if (!strcmp(arg->ident.name, "build_id")) {
		check_error(k, arg, NOT_YET, "kernel stacks have no build ids");
		return;
	}
	check_error(k, arg, UNKNOWN_NAME, "'%s' is not a stack mode", arg->ident.name);
	check_hint(k, "modes are bpftrace, perf and raw");
}

static void kstack_frames(struct check *k, struct node *arg, int64_t *frames)
{
	if (!check_const(k, arg, frames)) {
		check_error(k, arg, NOT_CONSTANT, "the number of frames must be a constant");
		*frames = KSTACK_DEFAULT;
	} else if (*frames < 1 || *frames > KSTACK_MAX) {
		check_error(k, arg, RANGE, "the number of frames must be 1 to %d", KSTACK_MAX);
		*frames = KSTACK_DEFAULT;
	}
}

static void kstack_check(struct check *k, struct node *n)
{
	struct node *arg = n->kind == N_CALL ? n->call.args : NULL;
	int64_t frames = KSTACK_DEFAULT, mode = k->c->options.v[OPT_STACK_MODE];

	if (mode > STACK_RAW) /* build ids are of files, which the kernel is not */
		mode = STACK_BPFTRACE;
	if (arg && arg->kind == N_IDENT) {
		if (!kstack_mode(arg->ident.name, &mode))
			kstack_bad_mode(k, arg);
		arg = arg->next;
	}
	if (arg)
		kstack_frames(k, arg, &frames);
	n->type = type_stack(k->types, TY_KSTACK, (uint32_t)frames, mode);
}

/*
 *	n = bpf_get_stack(ctx, dst->ip, sizeof(ip), 0);
 *	dst->depth = n < 0 ? 0 : n / 8;
 */
static void kstack_lower_into(struct lower *l, const struct node *n, ir_val dst, uint32_t size)
{
	struct ir *ir = l->ir;
	uint32_t own = n->type->size < size ? n->type->size : size;
	ir_val zero = ir_const(ir, 0), bytes, failed;

	l->m->need_ksyms = true;
	bytes = IR_CALL(ir, BPF_FUNC_get_stack, ir_ctx(ir), ir_offset(ir, dst, KSTACK_HEAD),
			ir_const(ir, own - KSTACK_HEAD), zero);
	failed = ir_icmp(ir, IR_SLT, bytes, zero);
	bytes = ir_select(ir, failed, zero, bytes);
	/* the pad is part of the key: one store covers both words */
	ir_store(ir, dst, ir_bin(ir, IR_LSHR, bytes, ir_const(ir, 3)), 4);
	ir_store(ir, ir_offset(ir, dst, 4), zero, 4);
	lower_fail_if(l, failed, LOSS_STACK, n->loc, -1);
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
