/*
 * tseries(n, interval, count[, "avg|max|min|sum"]): values over time. Used by the check,
 * the code generator and map printing.
 *
 * Value: a ring of count slots { u64 interval + 1; value; u64 aux }, where interval is
 * the number of intervals since the machine started and 0 an empty slot. aux is when
 * the value was seen (without a fourth argument the last one counts), or how many
 * values an average has.
 */
#define TSERIES_SLOT 3 /* words */
#define TSERIES_MAX 1000

enum tseries_how { TSERIES_LAST, TSERIES_AVG, TSERIES_MAX_OF, TSERIES_MIN_OF, TSERIES_SUM };

#ifdef BCCT_COMPILER
#include <string.h>

#include "lib/agg_compile.h"

static enum tseries_how tseries_how(struct check *k, struct node *call)
{
	static const char *const names[] = { "", "avg", "max", "min", "sum" };
	struct node *arg = check_arg(call, 3);

	for (unsigned i = 1; arg && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(arg->str.text, names[i]))
			return (enum tseries_how)i;
	if (arg) {
		check_error(k, arg, UNKNOWN_NAME, "tseries() cannot do '%s'", arg->str.text);
		check_hint(k, "it can do avg, max, min and sum; the last value counts otherwise");
	}
	return TSERIES_LAST;
}

static uint32_t tseries_check(struct check *k, struct node *call, int64_t params[4])
{
	int64_t interval = agg_constant(k, call, 1, 1), count = agg_constant(k, call, 2, 1);

	check_unstable(k, call, OPT_UNSTABLE_TSERIES, "tseries()");
	if (interval < 1) {
		check_error(k, check_arg(call, 1), RANGE, "the interval of tseries() must be at "
			    "least 1 nanosecond");
		interval = 1;
	}
	if (count < 1 || count > TSERIES_MAX) {
		check_error(k, check_arg(call, 2), RANGE, "tseries() keeps 1 to %d intervals",
			    TSERIES_MAX);
		count = 1;
	}
	params[0] = interval;
	params[1] = count;
	params[2] = tseries_how(k, call);
	return (uint32_t)count * TSERIES_SLOT * 8;
}

/* The slot's new value and aux; fresh: nothing is in it yet. */
static void tseries_add(struct lower *l, const struct node *call, ir_val slot, ir_val fresh,
			ir_val now)
{
	struct ir *ir = l->ir;
	bool is_signed = call->type->is_signed;
	ir_val v = agg_operand(l, call), old = ir_load(ir, agg_at(l, slot, 1), 8, false);
	ir_val aux = ir_load(ir, agg_at(l, slot, 2), 8, false), better, zero = ir_const(ir, 0);

	switch (call->type->params[2]) {
	case TSERIES_AVG:
	case TSERIES_SUM:
		v = ir_bin(ir, IR_ADD, v, ir_select(ir, fresh, zero, old));
		aux = ir_bin(ir, IR_ADD, ir_const(ir, 1), ir_select(ir, fresh, zero, aux));
		break;
	case TSERIES_MAX_OF:
		better = ir_icmp(ir, is_signed ? IR_SGT : IR_UGT, v, old);
		v = ir_select(ir, fresh, v, ir_select(ir, better, v, old));
		break;
	case TSERIES_MIN_OF:
		better = ir_icmp(ir, is_signed ? IR_SLT : IR_ULT, v, old);
		v = ir_select(ir, fresh, v, ir_select(ir, better, v, old));
		break;
	default: aux = now; break;
	}
	ir_store(ir, agg_at(l, slot, 1), v, 8);
	ir_store(ir, agg_at(l, slot, 2), aux, 8);
}

/*
 *	interval = now / width;
 *	slot = &value[interval % count];
 *	fresh = slot->interval != interval + 1;
 *	slot->interval = interval + 1;
 */
static void tseries_update(struct lower *l, const struct node *call, ir_val ptr)
{
	struct ir *ir = l->ir;
	uint64_t width = (uint64_t)call->type->params[0], count = (uint64_t)call->type->params[1];
	ir_val now = ir_helper(ir, BPF_FUNC_ktime_get_boot_ns, 0, NULL), n = ir_const(ir, count);
	ir_val interval = ir_bin(ir, IR_UDIV, now, ir_const(ir, width)), i, slot, fresh;

	i = ir_opaque(ir, ir_bin(ir, IR_UREM, interval, n));
	i = ir_select(ir, ir_icmp(ir, IR_UGE, i, n), ir_const(ir, 0), i);
	slot = ir_offset_v(ir, ptr, ir_bin(ir, IR_MUL, i, ir_const(ir, TSERIES_SLOT * 8)));
	interval = ir_bin(ir, IR_ADD, interval, ir_const(ir, 1));
	fresh = ir_icmp(ir, IR_NE, ir_load(ir, slot, 8, false), interval);
	ir_store(ir, slot, interval, 8);
	tseries_add(l, call, slot, fresh, now);
}

const struct aggregation bcct_aggregation_tseries = {
	.name = "tseries",
	.prototype = "tseries(int n, intlit interval, intlit count[, strlit how])",
	.check = tseries_check,
	.update = tseries_update,
	.sign_follows = true,
	.doc = "The values of n over time: one per interval (nanoseconds, or 1s, 100ms), of the "
	       "last count intervals. Of several values in an interval the last is kept, or what "
	       "how says: avg, max, min or sum.",
	.example = "BEGIN { @ = tseries(5, 10s, 3); exit() }",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/agg_rt.h"
#include "lib/named_rt.h"

static void slot_merge(void *acc, const void *value, const struct schema *s, unsigned at)
{
	uint64_t v = agg_word(value, s, at + 1), old = agg_word(acc, s, at + 1);
	uint64_t aux = agg_word(value, s, at + 2), old_aux = agg_word(acc, s, at + 2);
	int order = agg_order(v, old, s->is_signed);
	bool take = true;

	switch (s->params[2]) {
	case TSERIES_AVG:
	case TSERIES_SUM: v += old, aux += old_aux; break;
	case TSERIES_MAX_OF: take = order > 0; break;
	case TSERIES_MIN_OF: take = order < 0; break;
	default: take = aux > old_aux; break;
	}
	if (!take)
		return;
	agg_set(acc, s, at + 1, v);
	agg_set(acc, s, at + 2, aux);
}

static void tseries_merge(void *acc, const void *value, const struct schema *s)
{
	for (unsigned at = 0; at + TSERIES_SLOT <= agg_words(s); at += TSERIES_SLOT) {
		uint64_t theirs = agg_word(value, s, at), ours = agg_word(acc, s, at);

		if (theirs && theirs == ours)
			slot_merge(acc, value, s, at);
		for (unsigned i = 0; theirs > ours && i < TSERIES_SLOT; i++)
			agg_set(acc, s, at + i, agg_word(value, s, at + i));
	}
}

/* Rows stay in the order of their keys. */
static int tseries_compare(const void *a, const void *b, const struct schema *s)
{
	(void)a, (void)b, (void)s;
	return 0;
}

static uint64_t slot_value(const void *value, const struct schema *s, unsigned at, uint64_t div)
{
	uint64_t v = agg_word(value, s, at + 1);

	if (s->params[2] == TSERIES_AVG)
		v = agg_divide(v, agg_word(value, s, at + 2), s->is_signed);
	return agg_divide(v, div, s->is_signed);
}

static void emit_point(struct rt *rt, const void *value, const struct schema *s,
		       uint64_t interval, uint64_t start, uint64_t div)
{
	struct bcct_event e = { .size = sizeof(e), .kind = BCCT_EV_POINT };
	unsigned at = (unsigned)((interval - 1) % (uint64_t)s->params[1]) * TSERIES_SLOT;

	e.u = start + (interval - 1) * (uint64_t)s->params[0];
	if (agg_word(value, s, at) == interval)
		e.i = (int64_t)slot_value(value, s, at, div);
	else
		e.flags = BCCT_MISSING;
	rt_emit(rt, &e);
}

static void tseries_emit(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	struct bcct_event e = { .size = sizeof(e), .kind = BCCT_EV_SERIES_BEGIN };
	uint64_t first = UINT64_MAX, last = 0, count = (uint64_t)s->params[1];
	uint64_t start = timestamp_wall(0, TIMESTAMP_BOOT); /* once: clocks drift between looks */
	bool sound = s->params[0] > 0 && s->params[1] > 0 &&
		     (uint64_t)s->params[1] * TSERIES_SLOT <= agg_words(s);

	for (unsigned at = 0; sound && at < agg_words(s); at += TSERIES_SLOT)
		if (agg_word(value, s, at) > last)
			last = agg_word(value, s, at);
	for (unsigned at = 0; sound && at < agg_words(s); at += TSERIES_SLOT) {
		uint64_t interval = agg_word(value, s, at);

		/* what is older than the ring is long was not overwritten yet */
		if (interval && interval + count > last && interval < first)
			first = interval;
	}
	e.u = (uint64_t)s->params[0];
	e.flags = s->is_signed ? 0 : BCCT_UNSIGNED;
	rt_emit(rt, &e);
	for (uint64_t i = first; last && i <= last; i++)
		emit_point(rt, value, s, i, start, div);
	e.kind = BCCT_EV_SERIES_END;
	rt_emit(rt, &e);
}

const struct aggregation_rt bcct_aggregation_rt_tseries = {
	.name = "tseries",
	.merge = tseries_merge,
	.compare = tseries_compare,
	.emit = tseries_emit,
};
#endif
