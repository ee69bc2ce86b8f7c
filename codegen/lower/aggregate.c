/*
 * Aggregations that an expression reads: the values of all CPUs, put together
 * in BPF by what the aggregation's unit says.
 */
#include "codegen/lower/internal.h"

#define CPUS_MAX 8192
#define READ_WORDS 2

/* What the callback gets: { key, map, acc[READ_WORDS] }, 8 bytes each. */
enum { AT_KEY = 0, AT_MAP = 8, AT_ACC = 16, READ_SIZE = AT_ACC + READ_WORDS * 8 };

/*
 *	value = bpf_map_lookup_percpu_elem(map, key, cpu);
 *	if (!value)
 *		return 1;	// no such CPU, or no such key
 *	merge(acc, value);
 */
static ir_val merge_cpu(struct lower *l, const struct map *m, struct loc loc)
{
	struct ir *ir = l->ir;
	struct ir_saved saved;
	ir_val fn = ir_callback_begin(ir, "loop", 2, 2, &saved);
	ir_block none = ir_block_new(ir, ""), some = ir_block_new(ir, "");
	ir_val own = ir_arg(ir, 1), value;

	lower_loc(l, loc);
	value = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_percpu_elem,
		ir_load_ptr(ir, ir_offset(ir, own, AT_MAP)), ir_load_ptr(ir, own), ir_arg(ir, 0));
	ir_cond(ir, ir_icmp(ir, IR_EQ, value, ir_null(ir)), none, some);
	ir_at(ir, none);
	ir_return(ir, 1);
	ir_br(ir, some);
	ir_at(ir, some);
	m->value->agg->merge(l, m->value, ir_offset(ir, own, AT_ACC), value);
	ir_callback_end(ir, &saved);
	return fn;
}

/* What the callbacks of short loops work on: used again by each of a function. */
ir_val lower_loop_slot(struct lower *l)
{
	struct lower_own *o = l->own;

	if (!o->agg_slot) {
		o->agg_slot = ir_alloca(l->ir, READ_SIZE, 8);
		o->stack_used += READ_SIZE;
	}
	return o->agg_slot;
}

/* bpf_loop(CPUS_MAX, merge_cpu, &{ key, map, 0 }, 0); a missing key is read as 0 */
ir_val lower_agg_read(struct lower *l, const struct map *m, ir_val key, struct loc loc)
{
	const struct aggregation *agg = m->value->agg;
	struct ir *ir = l->ir;
	ir_val map, fn, slot;

	if (!agg->merge || !agg->read || m->value->size > READ_WORDS * 8) {
		diag_error(&l->c->diags, INTERNAL, loc, "no code to read %s()", agg->name);
		return ir_const(ir, 0);
	}
	l->m->needs |= NEEDS(BPF_LOOP);
	slot = lower_loop_slot(l);
	map = lower_map_ptr(l, m, loc);
	ir_store(ir, ir_offset(ir, slot, AT_KEY), key, 8);
	ir_store(ir, ir_offset(ir, slot, AT_MAP), map, 8);
	ir_zero(ir, ir_offset(ir, slot, AT_ACC), READ_WORDS * 8);
	fn = merge_cpu(l, m, loc);
	IR_CALL(ir, BPF_FUNC_loop, ir_const(ir, CPUS_MAX), fn, slot, ir_const(ir, 0));
	return agg->read(l, m->value, ir_offset(ir, slot, AT_ACC));
}
