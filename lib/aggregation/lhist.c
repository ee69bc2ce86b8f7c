/*
 * lhist(n, min, max, step): a histogram with buckets of one width. Used by the
 * check, the code generator and map printing.
 *
 * Value: u64 buckets: [0] is below min, then (max - min) / step buckets, the
 * last is everything above. When step does not divide the range the part of a
 * bucket that is left before max belongs to the last one.
 */
#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

#define LHIST_MAX_BUCKETS 1000

static uint32_t lhist_check(struct check *k, struct node *call, int64_t params[4])
{
	int64_t min = agg_constant(k, call, 1, 0), max = agg_constant(k, call, 2, 1);
	int64_t step = agg_constant(k, call, 3, 1);
	uint64_t width = (uint64_t)max - (uint64_t)min;
	const struct node *at = NULL;
	const char *why = NULL;

	if (step < 1)
		at = check_arg(call, 3), why = "the step of lhist() must be at least 1";
	else if (min >= max)
		at = check_arg(call, 2), why = "the upper bound of lhist() must be above the lower";
	else if (width < (uint64_t)step)
		at = check_arg(call, 3), why = "the step of lhist() is larger than its range";
	else if (width / (uint64_t)step > LHIST_MAX_BUCKETS)
		at = check_arg(call, 3), why = "lhist() would have too many buckets";
	if (why) {
		check_error(k, at ? at : call, RANGE, "%s", why);
		if (step >= 1 && min < max && width > (uint64_t)step)
			check_hint(k, "%llu buckets are asked for, %d is the limit",
				   (unsigned long long)(width / (uint64_t)step), LHIST_MAX_BUCKETS);
		min = 0, max = 1, step = 1, width = 1;
	}
	params[0] = min;
	params[1] = max;
	params[2] = step;
	return (uint32_t)((width / (uint64_t)step + 2) * 8);
}

/*
 *	q = ((u64)n - min) / step;
 *	if (q > buckets) q = buckets;
 *	index = (s64)n < min ? 0 : q + 1;
 */
static void lhist_update(struct lower *l, const struct node *call, ir_val ptr)
{
	const struct type *t = call->type;
	struct ir *ir = l->ir;
	ir_val min = ir_const(ir, (uint64_t)t->params[0]);
	uint64_t step = (uint64_t)t->params[2];
	uint64_t buckets = ((uint64_t)t->params[1] - (uint64_t)t->params[0]) / step;
	ir_val n = agg_operand(l, call), limit = ir_const(ir, buckets);
	ir_val q = ir_bin(ir, IR_SUB, n, min);

	q = step > 1 ? ir_bin(ir, IR_UDIV, q, ir_const(ir, step)) : q;
	/* the optimiser may know that q is small enough and drop the test; the verifier needs it */
	q = ir_opaque(ir, q);
	q = ir_select(ir, ir_icmp(ir, IR_UGT, q, limit), limit, q);
	q = ir_bin(ir, IR_ADD, q, ir_const(ir, 1));
	q = ir_select(ir, ir_icmp(ir, IR_SLT, n, min), ir_const(ir, 0), q);
	q = ir_bin(ir, IR_SHL, q, ir_const(ir, 3));
	agg_add(l, ir_offset_v(ir, ptr, q), ir_const(ir, 1));
}

const struct aggregation bcct_aggregation_lhist = {
	.name = "lhist",
	.prototype = "lhist(int n, intlit min, intlit max, intlit step)",
	.check = lhist_check,
	.update = lhist_update,
	.doc = "A histogram of n with buckets of the width step from min to max, and one bucket "
	       "each for what is below and above.",
	.example = "BEGIN < @ = lhist(1, 0, 10, 5); @ = lhist(-1, 0, 10, 5); "
		   "print(@); clear(@); exit() >",
	.expect = "@:\n"
		  "(..., 0)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@"
		  "@@@@@@@@@@@@@@@@@@@@@@@@@@|\n"
		  "[0, 5)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@"
		  "@@@@@@@@@@@@@@@@@@@@@@@@@@|\n\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static int lhist_compare(const void *a, const void *b, const struct schema *s)
{
	return agg_order(agg_total(a, s), agg_total(b, s), false);
}

static void lhist_bucket(struct rt *rt, const struct schema *s, unsigned i, uint64_t count)
{
	uint64_t min = (uint64_t)s->params[0], step = (uint64_t)s->params[2];
	uint64_t from = min + (i - 1) * step;

	if (i == 0)
		agg_emit_bucket(rt, INT64_MIN, (int64_t)(min - 1), count, BCCT_OPEN_LOW);
	else if (i + 1 == agg_words(s))
		agg_emit_bucket(rt, (int64_t)from, INT64_MAX, count, BCCT_OPEN_HIGH);
	else
		agg_emit_bucket(rt, (int64_t)from, (int64_t)(from + step - 1), count, 0);
}

/* As in other tracers, print()'s divisor does not apply to linear histograms. */
static void lhist_emit(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	uint64_t step = s->params[2] > 0 ? (uint64_t)s->params[2] : 1;
	unsigned first = 0, end = agg_words(s);

	(void)div;
	while (first < end && !agg_word(value, s, first))
		first++;
	while (end > first && !agg_word(value, s, end - 1))
		end--;
	agg_emit_hist(rt, BCCT_EV_HIST_BEGIN, step);
	for (unsigned i = first; i < end; i++)
		lhist_bucket(rt, s, i, agg_word(value, s, i));
	agg_emit_hist(rt, BCCT_EV_HIST_END, step);
}

const struct aggregation_rt bcct_aggregation_rt_lhist = {
	.name = "lhist",
	.merge = agg_merge_add,
	.compare = lhist_compare,
	.emit = lhist_emit,
};
#endif
