/* A series of values over time as a plot of lines; used by value_text.c. */
#ifndef LIB_SERIES_TEXT_H
#define LIB_SERIES_TEXT_H

#include "base/vec.h"
#include "lib/rt.h"

struct series_point {
	uint64_t when; /* ns since the epoch */
	int64_t value;
	bool missing;
};

struct series_text {
	bool is_unsigned;
	VEC(struct series_point) points;
};

void series_text_begin(struct series_text *s, const struct bcct_event *e);
void series_text_point(struct series_text *s, const struct bcct_event *e);
void series_text_draw(const struct series_text *s, struct buf *out);
void series_text_free(struct series_text *s);

#endif
