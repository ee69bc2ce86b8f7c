/*
 * hist(n[, bits]): a histogram whose buckets are powers of two, each cut into
 * 2^bits parts. Used by the check, the code generator and map printing.
 *
 * Value: u64 buckets. [0] counts negative n. Then, with k = bits and e the
 * number of low bits that a bucket ignores:
 *
 *	e = max(log2(n) - k, 0)
 *	index = (e << k) + (n >> e) + 1
 *
 * so n below 2^(k+1) has a bucket of its own, and above that each power of two
 * has 2^k buckets.
 */
#define HIST_MAX_BITS 5

#ifdef BCCT_COMPILER
#include "lib/agg_compile.h"

static uint32_t hist_check(struct check *k, struct node *call, int64_t params[4])
{
	int64_t bits = agg_constant(k, call, 1, 0);

	if (bits < 0 || bits > HIST_MAX_BITS) {
		check_error(k, check_arg(call, 1), RANGE, "the bits of hist() must be 0 to %d",
			    HIST_MAX_BITS);
		bits = 0;
	}
	params[0] = bits;
	/*
	 * (63 << k) + (2 << k) is the largest index that the verifier derives from
	 * the masks in hist_index, a little more than what can occur: room for it
	 * costs less than a bounds check per event.
	 */
	return (uint32_t)(((65u << bits) + 1) * 8);
}

/*
 * floor(log2(v)) for v > 0, in some 35 instructions without a branch, so that the
 * verifier has one path and knows that the result is at most 63:
 *
 *	for (s = 32; s; s /= 2) {
 *		t = (v >> s != 0) ? s : 0;
 *		v >>= t; log |= t;
 *	}
 *
 * v >> s is below 2^63, so the top bit of its negation says whether it is zero.
 * It is hidden from the optimiser, which would turn that back into a branch.
 */
static ir_val hist_log2(struct ir *ir, ir_val v)
{
	ir_val log = NULL;

	for (int b = 5; b >= 0; b--) {
		ir_val high = ir_opaque(ir, ir_bin(ir, IR_LSHR, v, ir_const(ir, 1ull << b)));
		ir_val t = ir_bin(ir, IR_SUB, ir_const(ir, 0), high);

		t = ir_bin(ir, IR_LSHR, t, ir_const(ir, 63));
		t = b ? ir_bin(ir, IR_SHL, t, ir_const(ir, (uint64_t)b)) : t;
		log = log ? ir_bin(ir, IR_OR, log, t) : t;
		if (b)
			v = ir_bin(ir, IR_LSHR, v, t);
	}
	return log;
}

/*
 * The bucket of v. Setting bit k first makes log2 at least k, and the masks
 * change nothing but let the verifier see the bounds:
 *
 *	e = (log2(v | 1 << k) - k) & 63;
 *	index = v < 0 ? 0 : (e << k) + ((v >> e) & ((2 << k) - 1)) + 1;
 */
static ir_val hist_index(struct ir *ir, ir_val v, unsigned k)
{
	ir_val low = ir_bin(ir, IR_OR, v, ir_const(ir, 1ull << k));
	ir_val e = ir_bin(ir, IR_SUB, hist_log2(ir, low), ir_const(ir, k));
	ir_val zero = ir_const(ir, 0), index, part;

	e = ir_bin(ir, IR_AND, ir_opaque(ir, e), ir_const(ir, 63));
	index = ir_bin(ir, IR_SHL, e, ir_const(ir, k));
	part = ir_bin(ir, IR_LSHR, v, e);
	part = ir_bin(ir, IR_AND, ir_opaque(ir, part), ir_const(ir, (2ull << k) - 1));
	index = ir_bin(ir, IR_ADD, index, part);
	index = ir_bin(ir, IR_ADD, index, ir_const(ir, 1));
	return ir_select(ir, ir_icmp(ir, IR_SLT, v, zero), zero, index);
}

static void hist_update(struct lower *l, const struct node *call, ir_val ptr)
{
	unsigned k = (unsigned)call->type->params[0];
	ir_val index = hist_index(l->ir, agg_operand(l, call), k);

	index = ir_bin(l->ir, IR_SHL, index, ir_const(l->ir, 3));
	agg_add(l, ir_offset_v(l->ir, ptr, index), ir_const(l->ir, 1));
}

const struct aggregation bcct_aggregation_hist = {
	.name = "hist",
	.prototype = "hist(int n[, intlit bits])",
	.check = hist_check,
	.update = hist_update,
	.doc = "A histogram of n in powers of two. bits (0 to 5) cuts each power into 2^bits "
	       "buckets; negative values share one bucket.",
	.example = "BEGIN { @ = hist(3); @ = hist(3); @ = hist(5); print(@); clear(@); exit() }",
	.expect = "@:\n"
		  "[2, 4)                 2 |@@@@@@@@@@@@@@@@@@@@@@@@@@"
		  "@@@@@@@@@@@@@@@@@@@@@@@@@@|\n"
		  "[4, 8)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@"
		  "                          |\n\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"

static int hist_compare(const void *a, const void *b, const struct schema *s)
{
	return agg_order(agg_total(a, s), agg_total(b, s), false);
}

/* First and last value of bucket i > 0. */
static void hist_range(unsigned i, unsigned k, int64_t *min, int64_t *max)
{
	unsigned n = i - 1;
	unsigned e = n >> k ? (n >> k) - 1 : 0; /* the inverse of the formula above */
	uint64_t part = n - ((uint64_t)e << k);

	if (e > 62) {
		*min = *max = INT64_MAX; /* not reachable with a sound object */
		return;
	}
	*min = (int64_t)(part << e);
	*max = (int64_t)((part << e) + ((1ull << e) - 1));
}

static void hist_emit(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	bool sound = s->params[0] >= 0 && s->params[0] <= HIST_MAX_BITS;
	unsigned k = sound ? (unsigned)s->params[0] : 0;
	unsigned first = 0, end = agg_words(s);
	int64_t min = INT64_MIN, max = -1;

	while (first < end && !agg_word(value, s, first))
		first++;
	while (end > first && !agg_word(value, s, end - 1))
		end--;
	agg_emit_hist(rt, BCCT_EV_HIST_BEGIN, 0);
	for (unsigned i = first; i < end; i++) {
		if (i)
			hist_range(i, k, &min, &max);
		agg_emit_bucket(rt, min, max, agg_divide(agg_word(value, s, i), div, false),
				i ? 0 : BCCT_OPEN_LOW);
	}
	agg_emit_hist(rt, BCCT_EV_HIST_END, 0);
}

const struct aggregation_rt bcct_aggregation_rt_hist = {
	.name = "hist",
	.merge = agg_merge_add,
	.compare = hist_compare,
	.emit = hist_emit,
};
#endif
