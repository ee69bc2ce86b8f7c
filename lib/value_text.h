/*
 * One value as text, from its events: what the text format, printf's %s and the
 * keys of the JSON format share.
 */
#ifndef LIB_VALUE_TEXT_H
#define LIB_VALUE_TEXT_H

#include "lib/hist_text.h"
#include "lib/series_text.h"

#define VALUE_TEXT_DEPTH 32

struct value_text {
	bool key;   /* a map's key: a tuple at the top loses its parentheses */
	bool tight; /* no space behind a comma, stack frames not indented */
	unsigned depth;
	unsigned items[VALUE_TEXT_DEPTH]; /* written so far, per open group */
	uint32_t arrays; /* a bit per open group: items are joined without a space */
	bool field; /* the name of a field was just written */
	bool multiline; /* the value was a histogram */
	struct hist_text hist;
	struct series_text series;
};

/* Ready for the next value; h keeps its memory. */
void value_text_reset(struct value_text *v, bool key, bool tight);
/* Appends what one event of a value adds. */
void value_text_event(struct value_text *v, struct buf *out, const struct bcct_event *e);
void value_text_free(struct value_text *v);

/* Pieces for others. */
void value_text_buffer(struct buf *out, const char *data, size_t len); /* a\x0ab */
void value_text_frame(struct buf *out, const struct bcct_event *e);    /* sym+off, no newline */

#endif
