/*
 * sum(n): the total. Value: { u64 or s64 total }.
 * Used by the check, the code generator and map printing.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t sum_check(struct check *k, struct node *call, int64_t params[4])
{
	(void)k, (void)call, (void)params;
	return 8;
}

static void sum_update(struct lower *l, const struct node *call, ir_val ptr)
{
	agg_add(l, ptr, agg_operand(l, call));
}

const struct aggregation bcct_aggregation_sum = {
	.name = "sum",
	.prototype = "sum(int n)",
	.check = sum_check,
	.update = sum_update,
	.readable = true,
	.merge = agg_read_add,
	.read = agg_read_word,
	.sign_follows = true,
	.doc = "Adds up n. The sign of the result follows n.",
	.example = "BEGIN { @ = sum(40); @ = sum(2); print(@); clear(@); exit() }",
	.expect = "@: 42\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

const struct aggregation_rt bcct_aggregation_rt_sum = {
	.name = "sum",
	.merge = agg_merge_add,
	.compare = agg_compare_word,
	.emit = agg_emit_word,
};
#endif
