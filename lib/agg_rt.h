/*
 * What the runtime halves of the aggregations share: bounded access to the
 * words of a value, ordering, division, and the integer event. The schema may
 * come from a damaged object, so no access goes past its size.
 */
#ifndef LIB_AGG_RT_H
#define LIB_AGG_RT_H

#include <string.h>

#include "lib/rt.h"

/* Number of 64-bit words of a value. */
static inline unsigned agg_words(const struct schema *s)
{
	return s->size / 8;
}

/* Word i of a value; 0 past its end. */
static inline uint64_t agg_word(const void *value, const struct schema *s, unsigned i)
{
	uint64_t w = 0;

	if (i < agg_words(s))
		memcpy(&w, (const char *)value + 8ul * i, sizeof(w));
	return w;
}

static inline void agg_set(void *value, const struct schema *s, unsigned i, uint64_t w)
{
	if (i < agg_words(s))
		memcpy((char *)value + 8ul * i, &w, sizeof(w));
}

/* acc[i] += value[i] for all words: the merge of everything that only adds. */
void agg_merge_add(void *acc, const void *value, const struct schema *s);
/* The merge of min and max: larger says which value is kept. */
void agg_merge_keep(void *acc, const void *value, const struct schema *s, bool larger);
/* The sum of all words: how histograms are ordered. */
uint64_t agg_total(const void *value, const struct schema *s);
/* <0, 0, >0 as a is before, equal to or after b. */
int agg_order(uint64_t a, uint64_t b, bool is_signed);
/* Order by word 0. */
int agg_compare_word(const void *a, const void *b, const struct schema *s);
/* v / div, towards zero; 0 for div counts as 1. */
uint64_t agg_divide(uint64_t v, uint64_t div, bool is_signed);
/* Word 1 over word 0: the average of a { count, total } value. */
uint64_t agg_average(const void *value, const struct schema *s);
/* Emits a number as INT or UINT. */
void agg_emit_number(struct rt *rt, uint64_t v, bool is_signed);
/* Emits word 0 over div. */
void agg_emit_word(struct rt *rt, const void *value, const struct schema *s, uint64_t div);
/* Histograms: begin or end, with the width of linear buckets (0: powers of two). */
void agg_emit_hist(struct rt *rt, enum bcct_event_kind kind, uint64_t width);
/* One bucket, bounds inclusive. */
void agg_emit_bucket(struct rt *rt, int64_t min, int64_t max, uint64_t count, uint32_t flags);

#endif
