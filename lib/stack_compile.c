/* Call stacks; called by the units kstack and ustack. */
#include <string.h>

#include "lib/stack_compile.h"

#define STACK_DEFAULT 127 /* the kernel's own limit, sysctl kernel.perf_event_max_stack */
#define STACK_MAX 1024
#define STACK_HEAD 8

static bool stack_mode(const char *name, int64_t *mode)
{
	static const char *const names[] = { "bpftrace", "perf", "raw", "build_id" };
	static const enum stack_mode modes[] = { STACK_BPFTRACE, STACK_PERF, STACK_RAW,
						 STACK_BUILD_ID };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i])) {
			*mode = modes[i];
			return true;
		}
	}
	return false;
}

static void stack_bad_mode(struct check *k, struct node *arg)
{
	check_error(k, arg, UNKNOWN_NAME, "'%s' is not a stack mode", arg->ident.name);
	check_hint(k, "modes are bpftrace, perf, raw and, for ustack, build_id");
}

static void stack_frames(struct check *k, struct node *arg, int64_t *frames)
{
	if (!check_const(k, arg, frames)) {
		check_error(k, arg, NOT_CONSTANT, "the number of frames must be a constant");
		*frames = STACK_DEFAULT;
	} else if (*frames < 1 || *frames > STACK_MAX) {
		check_error(k, arg, RANGE, "the number of frames must be 1 to %d", STACK_MAX);
		*frames = STACK_DEFAULT;
	}
}

void stack_check(struct check *k, struct node *n, enum type_kind kind)
{
	struct node *arg = n->kind == N_CALL ? n->call.args : NULL;
	int64_t frames = STACK_DEFAULT, mode = k->c->options.v[OPT_STACK_MODE];

	/* build ids are of files, which the kernel is not */
	if (mode == STACK_BUILD_ID && kind == TY_KSTACK)
		mode = STACK_BPFTRACE;
	if (arg && arg->kind == N_IDENT) {
		if (!stack_mode(arg->ident.name, &mode))
			stack_bad_mode(k, arg);
		else if (mode == STACK_BUILD_ID && kind == TY_KSTACK)
			check_error(k, arg, NOT_AVAILABLE, "kernel stacks have no build ids");
		arg = arg->next;
	}
	if (arg)
		stack_frames(k, arg, &frames);
	n->type = type_stack(k->types, kind, (uint32_t)frames, mode);
}

/*
 *	n = bpf_get_stack(ctx, dst->ip, sizeof(ip), flags);
 *	dst->depth = n < 0 ? 0 : n / 8; (or 32: build ids)
 */
void stack_lower(struct lower *l, const struct node *n, ir_val dst, uint32_t size, ir_val tag,
		 uint64_t flags)
{
	struct ir *ir = l->ir;
	uint32_t own = n->type->size < size ? n->type->size : size;
	bool ids = n->type->params[0] == STACK_BUILD_ID;
	ir_val zero = ir_const(ir, 0), bytes, failed;

	if (ids)
		flags |= BPF_F_USER_BUILD_ID;
	bytes = IR_CALL(ir, BPF_FUNC_get_stack, ir_ctx(ir), ir_offset(ir, dst, STACK_HEAD),
			ir_const(ir, own - STACK_HEAD), ir_const(ir, flags));
	failed = ir_icmp(ir, IR_SLT, bytes, zero);
	bytes = ir_select(ir, failed, zero, bytes);
	/* the second word is part of the key, too */
	ir_store(ir, dst, ir_bin(ir, IR_LSHR, bytes, ir_const(ir, ids ? 5 : 3)), 4);
	ir_store(ir, ir_offset(ir, dst, 4), tag, 4);
	lower_fail_if(l, failed, LOSS_STACK, n->loc, -1);
}
