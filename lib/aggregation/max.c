/*
 * max(n): the largest value. Value: { n; u64 set }; set tells a 0 that was seen from
 * a CPU without events. Used by the check, the code generator and map printing.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t max_check(struct check *k, struct node *call, int64_t params[4])
{
	(void)k, (void)call, (void)params;
	return 16;
}

static void max_update(struct lower *l, const struct node *call, ir_val ptr)
{
	agg_keep(l, call, ptr, IR_SGT, IR_UGT);
}

static void max_merge_read(struct lower *l, const struct type *t, ir_val acc, ir_val value)
{
	agg_read_keep(l, t, acc, value, IR_SGT, IR_UGT);
}

const struct aggregation bcct_aggregation_max = {
	.name = "max",
	.prototype = "max(int n)",
	.check = max_check,
	.update = max_update,
	.readable = true,
	.merge = max_merge_read,
	.read = agg_read_word,
	.sign_follows = true,
	.doc = "The largest n that was seen. Signed or unsigned as n is.",
	.example = "BEGIN { @ = max(3); @ = max(-5); print(@); clear(@); exit() }",
	.expect = "@: 3\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static void max_merge(void *acc, const void *value, const struct schema *s)
{
	agg_merge_keep(acc, value, s, true);
}

const struct aggregation_rt bcct_aggregation_rt_max = {
	.name = "max",
	.merge = max_merge,
	.compare = agg_compare_word,
	.emit = agg_emit_word,
};
#endif
