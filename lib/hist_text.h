/*
 * Histograms as text: collects the buckets between HIST_BEGIN and HIST_END and
 * draws them, as the length of a bar depends on the largest.
 */
#ifndef LIB_HIST_TEXT_H
#define LIB_HIST_TEXT_H

#include "base/buf.h"
#include "base/vec.h"
#include "include/bcct.h"

struct hist_bucket {
	int64_t min, max; /* inclusive */
	uint64_t count;
	uint32_t flags; /* BCCT_OPEN_*, BCCT_UNSIGNED */
};

struct hist_text {
	bool linear;
	uint64_t step; /* of a linear one, 0: unknown */
	VEC(struct hist_bucket) buckets;
};

void hist_text_begin(struct hist_text *h, const struct bcct_event *e);
void hist_text_bucket(struct hist_text *h, const struct bcct_event *e);
/* One line per bucket. */
void hist_text_draw(const struct hist_text *h, struct buf *out);
void hist_text_free(struct hist_text *h);

#endif
