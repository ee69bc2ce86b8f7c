/* Drawing of histograms; used by value_text.c for all text. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hist_text.h"

#define LABEL_WIDTH 16
#define COUNT_WIDTH 8
#define BAR_WIDTH 52

void hist_text_begin(struct hist_text *h, const struct bcct_event *e)
{
	h->buckets.n = 0;
	h->linear = e->flags & BCCT_HIST_LINEAR;
	h->step = e->u;
}

void hist_text_bucket(struct hist_text *h, const struct bcct_event *e)
{
	struct hist_bucket b = { e->i, e->i2, e->u, e->flags };

	vec_push(&h->buckets, b);
}

void hist_text_free(struct hist_text *h)
{
	vec_free(&h->buckets);
}

static unsigned log2_of(uint64_t v)
{
	return v ? 63 - (unsigned)__builtin_clzll(v) : 0;
}

/*
 * A bound of a power-of-two histogram. Buckets of 1024 and more are counted in
 * the letter that their width is a multiple of: [1K, 2K), but [896, 1024).
 */
static void log_label(char *text, size_t size, uint64_t bound, uint64_t width)
{
	static const char letters[] = "\0KMGTPE";
	unsigned decade = log2_of(width) / 10;
	char suffix[2] = { letters[decade], '\0' };

	snprintf(text, size, "%" PRIu64 "%s", bound >> (10 * decade), suffix);
}

/* A bound of a linear histogram: letters only if all bounds are multiples of 1024. */
static void linear_label(char *text, size_t size, int64_t bound, uint64_t step)
{
	const int64_t kilo = 1024, mega = kilo * kilo;

	if (!step || step % (uint64_t)kilo || bound == 0 || bound % kilo)
		snprintf(text, size, "%" PRId64, bound);
	else if (bound % mega == 0)
		snprintf(text, size, "%" PRId64 "M", bound / mega);
	else
		snprintf(text, size, "%" PRId64 "K", bound / kilo);
}

static uint64_t step_of(const struct hist_text *h)
{
	size_t i;

	for (i = 0; i < h->buckets.n && !h->step; i++)
		if (!(h->buckets.v[i].flags & (BCCT_OPEN_LOW | BCCT_OPEN_HIGH)))
			return (uint64_t)h->buckets.v[i].max - (uint64_t)h->buckets.v[i].min + 1;
	return h->step;
}

static void label(const struct hist_text *h, const struct hist_bucket *b, char *text, size_t size)
{
	uint64_t width = (uint64_t)b->max - (uint64_t)b->min + 1, end = (uint64_t)b->max + 1;
	bool open = b->flags & (BCCT_OPEN_LOW | BCCT_OPEN_HIGH);
	char low[24], high[24];

	if (!open && b->min == b->max) {
		snprintf(text, size, b->flags & BCCT_UNSIGNED ? "[%" PRIu64 "]" : "[%" PRId64 "]",
			 b->min);
		return;
	}
	if (h->linear) {
		linear_label(low, sizeof(low), b->min, step_of(h));
		linear_label(high, sizeof(high), (int64_t)end, step_of(h));
	} else if (open) {
		snprintf(low, sizeof(low), "%" PRId64, b->min);
		snprintf(high, sizeof(high), "%" PRId64, (int64_t)end);
	} else {
		log_label(low, sizeof(low), (uint64_t)b->min, width);
		/* the next bucket is twice as wide where a new power of two begins */
		if (!end) /* 2^64 */
			snprintf(high, sizeof(high), "16E");
		else
			log_label(high, sizeof(high), end, end & (end - 1) ? width : 2 * width);
	}
	if (b->flags & BCCT_OPEN_LOW)
		snprintf(text, size, "(..., %s)", high);
	else if (b->flags & BCCT_OPEN_HIGH)
		snprintf(text, size, "[%s, ...)", low);
	else
		snprintf(text, size, "[%s, %s)", low, high);
}

void hist_text_draw(const struct hist_text *h, struct buf *out)
{
	char bar[BAR_WIDTH + 1], text[64];
	uint64_t most = 0;
	size_t i;
	int n;

	for (i = 0; i < h->buckets.n; i++)
		if (h->buckets.v[i].count > most)
			most = h->buckets.v[i].count;
	for (i = 0; i < h->buckets.n; i++) {
		const struct hist_bucket *b = &h->buckets.v[i];

		/* single precision on purpose: it is what makes bars agree to the column */
		n = most ? (int)((float)b->count / (float)most * BAR_WIDTH) : 0;
		memset(bar, '@', (size_t)n);
		bar[n] = '\0';
		label(h, b, text, sizeof(text));
		buf_printf(out, "%-*s%*" PRIu64 " |%-*s|\n", LABEL_WIDTH, text, COUNT_WIDTH,
			   b->count, BAR_WIDTH, bar);
	}
}
