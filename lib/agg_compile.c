/*
 * What the compile halves of the aggregations share: constants of a call, and
 * the few instruction sequences that several of them emit.
 */
#include "lib/agg_compile.h"

ir_val agg_at(struct lower *l, ir_val ptr, unsigned i)
{
	return i ? ir_offset(l->ir, ptr, i * 8ull) : ptr;
}

ir_val agg_operand(struct lower *l, const struct node *call)
{
	return lower_expr(l, call->call.args);
}

static void plain_add(struct lower *l, ir_val ptr, ir_val v)
{
	ir_val old = ir_load(l->ir, ptr, 8, false);

	ir_store(l->ir, ptr, ir_bin(l->ir, IR_ADD, old, v), 8);
}

/* Values are a CPU's own; programs that can be preempted share the CPU with others. */
void agg_add(struct lower *l, ir_val ptr, ir_val v)
{
	if (plan_is_preempted(l))
		ir_atomic_add(l->ir, ptr, v);
	else
		plain_add(l, ptr, v);
}

/*
 *	if (!p[1] || v < p[0])
 *		p[0] = v;
 *	p[1] = 1;
 */
void agg_keep(struct lower *l, const struct node *call, ir_val ptr, enum ir_cmp as_signed,
	      enum ir_cmp as_unsigned)
{
	ir_val v = agg_operand(l, call);
	ir_val old = ir_load(l->ir, ptr, 8, false);
	ir_val set = ir_load(l->ir, agg_at(l, ptr, 1), 8, false);
	ir_val better = ir_icmp(l->ir, call->type->is_signed ? as_signed : as_unsigned, v, old);
	ir_val next = ir_select(l->ir, better, v, old);

	next = ir_select(l->ir, ir_truth(l->ir, set), next, v);
	ir_store(l->ir, ptr, next, 8);
	ir_store(l->ir, agg_at(l, ptr, 1), ir_const(l->ir, 1), 8);
}

void agg_read_add(struct lower *l, const struct type *t, ir_val acc, ir_val value)
{
	for (unsigned i = 0; i < t->size / 8; i++)
		plain_add(l, agg_at(l, acc, i), ir_load(l->ir, agg_at(l, value, i), 8, false));
}

/*
 *	if (value[1] && (!acc[1] || value[0] is better))
 *		acc[0] = value[0];
 *	acc[1] |= value[1];
 */
void agg_read_keep(struct lower *l, const struct type *t, ir_val acc, ir_val value,
		   enum ir_cmp as_signed, enum ir_cmp as_unsigned)
{
	struct ir *ir = l->ir;
	ir_val old = ir_load(ir, acc, 8, false), v = ir_load(ir, value, 8, false);
	ir_val had = ir_load(ir, agg_at(l, acc, 1), 8, false);
	ir_val has = ir_load(ir, agg_at(l, value, 1), 8, false), next;

	next = ir_select(ir, ir_icmp(ir, t->is_signed ? as_signed : as_unsigned, v, old), v, old);
	next = ir_select(ir, ir_truth(ir, had), next, v);
	ir_store(ir, acc, ir_select(ir, ir_truth(ir, has), next, old), 8);
	ir_store(ir, agg_at(l, acc, 1), ir_bin(ir, IR_OR, had, has), 8);
}

ir_val agg_read_word(struct lower *l, const struct type *t, ir_val acc)
{
	(void)t;
	return ir_load(l->ir, acc, 8, false);
}

int64_t agg_constant(struct check *k, struct node *call, unsigned i, int64_t fallback)
{
	struct node *arg = check_arg(call, i);
	int64_t v;

	return arg && check_const(k, arg, &v) ? v : fallback;
}
