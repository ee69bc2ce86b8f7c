/*
 * avg(n): the average. Value: { u64 count; total }.
 * Used by the check, the code generator and map printing.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t avg_check(struct check *k, struct node *call, int64_t params[4])
{
	(void)k, (void)call, (void)params;
	return 16;
}

/* p[0]++; p[1] += n; */
static void avg_update(struct lower *l, const struct node *call, ir_val ptr)
{
	ir_val v = agg_operand(l, call);

	agg_add(l, ptr, ir_const(l->ir, 1));
	agg_add(l, agg_at(l, ptr, 1), v);
}

/* acc[0] ? acc[1] / acc[0] : 0 */
static ir_val avg_read(struct lower *l, const struct type *t, ir_val acc)
{
	struct ir *ir = l->ir;
	ir_val n = ir_load(ir, acc, 8, false), total = ir_load(ir, agg_at(l, acc, 1), 8, false);

	n = ir_select(ir, ir_truth(ir, n), n, ir_const(ir, 1));
	return ir_bin(ir, t->is_signed ? IR_SDIV : IR_UDIV, total, n);
}

const struct aggregation bcct_aggregation_avg = {
	.name = "avg",
	.prototype = "avg(int n)",
	.check = avg_check,
	.update = avg_update,
	.readable = true,
	.merge = agg_read_add,
	.read = avg_read,
	.sign_follows = true,
	.doc = "The average of n, as an integer; fractions are cut towards zero.",
	.example = "BEGIN { @ = avg(-3); @ = avg(-4); print(@); clear(@); exit() }",
	.expect = "@: -3\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static int avg_compare(const void *a, const void *b, const struct schema *s)
{
	return agg_order(agg_average(a, s), agg_average(b, s), s->is_signed);
}

static void avg_emit(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	struct bcct_event e = { .size = sizeof(e), .flags = BCCT_AVERAGE };

	e.kind = s->is_signed ? BCCT_EV_INT : BCCT_EV_UINT;
	e.u = agg_divide(agg_average(value, s), div, s->is_signed);
	e.i = (int64_t)e.u;
	rt_emit(rt, &e);
}

const struct aggregation_rt bcct_aggregation_rt_avg = {
	.name = "avg",
	.merge = agg_merge_add,
	.compare = avg_compare,
	.emit = avg_emit,
};
#endif
