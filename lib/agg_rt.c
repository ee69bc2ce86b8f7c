/*
 * What the runtime halves of the aggregations share; called by the units in
 * lib/aggregation/ only.
 */
#include "lib/agg_rt.h"

void agg_merge_add(void *acc, const void *value, const struct schema *s)
{
	for (unsigned i = 0; i < agg_words(s); i++)
		agg_set(acc, s, i, agg_word(acc, s, i) + agg_word(value, s, i));
}

/* { value, set }: a CPU that never saw an event has set == 0 and does not take part. */
void agg_merge_keep(void *acc, const void *value, const struct schema *s, bool larger)
{
	uint64_t v = agg_word(value, s, 0);
	int order = agg_order(v, agg_word(acc, s, 0), s->is_signed);

	if (!agg_word(value, s, 1))
		return;
	if (!agg_word(acc, s, 1) || (larger ? order > 0 : order < 0))
		agg_set(acc, s, 0, v);
	agg_set(acc, s, 1, 1);
}

uint64_t agg_total(const void *value, const struct schema *s)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < agg_words(s); i++)
		total += agg_word(value, s, i);
	return total;
}

int agg_order(uint64_t a, uint64_t b, bool is_signed)
{
	if (is_signed)
		return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
	return (a > b) - (a < b);
}

int agg_compare_word(const void *a, const void *b, const struct schema *s)
{
	return agg_order(agg_word(a, s, 0), agg_word(b, s, 0), s->is_signed);
}

uint64_t agg_divide(uint64_t v, uint64_t div, bool is_signed)
{
	if (!div)
		div = 1;
	if (!is_signed)
		return v / div;
	if (div > INT64_MAX)
		return 0;
	return (uint64_t)((int64_t)v / (int64_t)div);
}

uint64_t agg_average(const void *value, const struct schema *s)
{
	return agg_divide(agg_word(value, s, 1), agg_word(value, s, 0), s->is_signed);
}

void agg_emit_number(struct rt *rt, uint64_t v, bool is_signed)
{
	struct bcct_event e = { .size = sizeof(e), .kind = is_signed ? BCCT_EV_INT : BCCT_EV_UINT };

	e.i = (int64_t)v;
	e.u = v;
	rt_emit(rt, &e);
}

void agg_emit_word(struct rt *rt, const void *value, const struct schema *s, uint64_t div)
{
	agg_emit_number(rt, agg_divide(agg_word(value, s, 0), div, s->is_signed), s->is_signed);
}

void agg_emit_hist(struct rt *rt, enum bcct_event_kind kind, uint64_t width)
{
	struct bcct_event e = { .size = sizeof(e), .kind = kind };

	e.flags = width ? BCCT_HIST_LINEAR : 0;
	e.u = width;
	rt_emit(rt, &e);
}

void agg_emit_bucket(struct rt *rt, int64_t min, int64_t max, uint64_t count, uint32_t flags)
{
	struct bcct_event e = { .size = sizeof(e), .kind = BCCT_EV_BUCKET, .flags = flags };

	e.i = min;
	e.i2 = max;
	e.u = count;
	rt_emit(rt, &e);
}
