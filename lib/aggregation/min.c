/*
 * min(n): the smallest value. Value: { n; u64 set }; set tells a 0 that was seen from
 * a CPU without events. Used by the check, the code generator and map printing.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t min_check(struct check *k, struct node *call, int64_t params[4])
{
	(void)k, (void)call, (void)params;
	return 16;
}

static void min_update(struct lower *l, const struct node *call, ir_val ptr)
{
	agg_keep(l, call, ptr, IR_SLT, IR_ULT);
}

static void min_merge_read(struct lower *l, const struct type *t, ir_val acc, ir_val value)
{
	agg_read_keep(l, t, acc, value, IR_SLT, IR_ULT);
}

const struct aggregation bcct_aggregation_min = {
	.name = "min",
	.prototype = "min(int n)",
	.check = min_check,
	.update = min_update,
	.readable = true,
	.merge = min_merge_read,
	.read = agg_read_word,
	.sign_follows = true,
	.doc = "The smallest n that was seen. Signed or unsigned as n is.",
	.example = "BEGIN { @ = min(3); @ = min(-5); print(@); clear(@); exit() }",
	.expect = "@: -5\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static void min_merge(void *acc, const void *value, const struct schema *s)
{
	agg_merge_keep(acc, value, s, false);
}

const struct aggregation_rt bcct_aggregation_rt_min = {
	.name = "min",
	.merge = min_merge,
	.compare = agg_compare_word,
	.emit = agg_emit_word,
};
#endif
