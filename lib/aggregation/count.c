/*
 * count(): how often. Value: { u64 count }.
 * Used by the check, the code generator and map printing.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t count_check(struct check *k, struct node *call, int64_t params[4])
{
	(void)k, (void)call, (void)params;
	return 8;
}

static void count_update(struct lower *l, const struct node *call, ir_val ptr)
{
	(void)call;
	agg_add(l, ptr, ir_const(l->ir, 1));
}

const struct aggregation bcct_aggregation_count = {
	.name = "count",
	.prototype = "count()",
	.check = count_check,
	.update = count_update,
	.readable = true,
	.merge = agg_read_add,
	.read = agg_read_word,
	.doc = "Counts how often it is reached. Exact on any number of CPUs, unlike @x++.",
	.example = "BEGIN < @ = count(); @ = count(); print(@); clear(@); exit() >",
	.expect = "@: 2\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static int count_compare(const void *a, const void *b, const struct schema *s)
{
	return agg_order(agg_word(a, s, 0), agg_word(b, s, 0), false);
}

static void count_emit(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	agg_emit_number(rt, agg_divide(agg_word(value, s, 0), div, false), false);
}

const struct aggregation_rt bcct_aggregation_rt_count = {
	.name = "count",
	.merge = agg_merge_add,
	.compare = count_compare,
	.emit = count_emit,
};
#endif
