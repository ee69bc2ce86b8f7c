/* Addresses as numbers; called by units in lib/builtin/. */
#include "lib/address_compile.h"

/* Pointers to the context, the stack and map values are LLVM pointers, others are i64. */
ir_val address_lower(struct lower *l, const struct node *n)
{
	ir_val v = lower_expr(l, n);

	if (n->type->kind != TY_PTR)
		return v;
	switch (n->type->space) {
	case SP_CTX:
	case SP_STACK:
	case SP_MAP: return ir_ptr_to_int(l->ir, v);
	default: return v;
	}
}

enum space address_space(const struct type *t)
{
	if (t->kind != TY_PTR)
		return SP_VALUE;
	return t->space == SP_USER || t->space == SP_VALUE ? t->space : SP_KERNEL;
}

/*
 * r = bpf_probe_read_kernel_str(dst, size, address);
 * and if the address may be either: if (r < 0) r = bpf_probe_read_user_str(…);
 * The helpers zero dst when they fail.
 */
ir_val address_read(struct lower *l, enum space space, ir_val address, ir_val dst, ir_val size,
		    bool bytes)
{
	int kernel = bytes ? BPF_FUNC_probe_read_kernel : BPF_FUNC_probe_read_kernel_str;
	int user = bytes ? BPF_FUNC_probe_read_user : BPF_FUNC_probe_read_user_str;
	struct ir *ir = l->ir;
	ir_val first, second;
	ir_block from, other, done, again;

	if (space == SP_VALUE && l->clause->clause.provider->user_memory)
		space = SP_USER;
	first = IR_CALL(ir, space == SP_USER ? user : kernel, dst, size, address);
	if (space != SP_VALUE)
		return first;
	from = ir_here(ir);
	again = ir_block_new(ir, "str.user");
	done = ir_block_new(ir, "str.read");
	ir_cond(ir, ir_icmp(ir, IR_SLT, first, ir_const(ir, 0)), again, done);
	ir_at(ir, again);
	second = IR_CALL(ir, user, dst, size, address);
	other = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_phi(ir, first, from, second, other);
}

uint32_t address_object_size(const struct node *n)
{
	const struct type *t = n->type;

	if (n->kind == N_UNARY && n->unary.op == OP_ADDR && n->unary.operand->type)
		return n->unary.operand->type->size;
	return t && t->kind == TY_PTR && t->elem ? t->elem->size : 0;
}
