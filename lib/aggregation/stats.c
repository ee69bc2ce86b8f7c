/*
 * stats(n): count, average and total. Value: { u64 count; total }. Used by the
 * check, the code generator and map printing.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t stats_check(struct check *k, struct node *call, int64_t params[4])
{
	(void)k, (void)call, (void)params;
	return 16;
}

/* p[0]++; p[1] += n; */
static void stats_update(struct lower *l, const struct node *call, ir_val ptr)
{
	ir_val v = agg_operand(l, call);

	agg_add(l, ptr, ir_const(l->ir, 1));
	agg_add(l, agg_at(l, ptr, 1), v);
}

const struct aggregation bcct_aggregation_stats = {
	.name = "stats",
	.prototype = "stats(int n)",
	.check = stats_check,
	.update = stats_update,
	.sign_follows = true,
	.doc = "Count, average and total of n in one map. The divisor of print() applies to the "
	       "average.",
	.example = "BEGIN < @ = stats(1); @ = stats(2); @ = stats(3); print(@); clear(@); exit() >",
	.expect = "@: { .count = 3, .average = 2, .total = 6 }\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static int stats_compare(const void *a, const void *b, const struct schema *s)
{
	return agg_order(agg_average(a, s), agg_average(b, s), s->is_signed);
}

static void stats_emit(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	struct bcct_event e = { .size = sizeof(e), .kind = BCCT_EV_STATS };

	e.flags = s->is_signed ? 0 : BCCT_UNSIGNED;
	e.u = agg_word(value, s, 0);
	e.i = (int64_t)agg_divide(agg_average(value, s), div, s->is_signed);
	e.i2 = (int64_t)agg_word(value, s, 1);
	rt_emit(rt, &e);
}

const struct aggregation_rt bcct_aggregation_rt_stats = {
	.name = "stats",
	.merge = agg_merge_add,
	.compare = stats_compare,
	.emit = stats_emit,
};
#endif
