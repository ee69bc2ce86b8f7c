/*
 * The text format: what a person reads. Fed by the printer with all events of a
 * run; losses and run-time errors go to standard error, which is the command
 * line's business.
 */
#ifdef BCCT_RUNTIME

#include <stdlib.h>
#include <string.h>

#include "lib/rt.h"
#include "lib/trial_text.h"
#include "lib/value_text.h"

struct text {
	struct value_text value;
	char *map;     /* name of the open map, or NULL */
	bool dumping;  /* the maps at the end of the run have begun */
	bool in_value; /* between VALUE_BEGIN and VALUE_END, or inside a row */
	struct trial_text trials;
	bool head;     /* "@x[k]:" is written, its value is still to come */
};

static void *text_begin(struct buf *out)
{
	(void)out;
	return calloc(1, sizeof(struct text));
}

static void text_end(void *state)
{
	struct text *t = state;

	if (!t)
		return;
	value_text_free(&t->value);
	buf_free(&t->trials.failed);
	free(t->map);
	free(t);
}

static void map_begin(struct text *t, struct buf *out, const struct bcct_event *e)
{
	free(t->map);
	t->map = strdup(e->name ? e->name : "@");
	if (e->flags & BCCT_MAP_EXPLICIT || t->dumping)
		return;
	/* what the run printed stands apart from the maps at its end */
	t->dumping = true;
	buf_printf(out, "\n\n");
}

static void start_value(struct text *t)
{
	value_text_reset(&t->value, false, false);
	t->in_value = true;
}

/* Between "@x[k]" and its value: histograms begin on a line of their own. */
static void finish_head(struct text *t, struct buf *out, const struct bcct_event *e)
{
	if (!t->head)
		return;
	t->head = false;
	buf_printf(out, e->kind == BCCT_EV_HIST_BEGIN || e->kind == BCCT_EV_SERIES_BEGIN ? ":\n"
										   : ": ");
}

static void text_event(void *state, struct buf *out, const struct bcct_event *e)
{
	struct text *t = state;

	switch (e->kind) {
	case BCCT_EV_MESSAGE:
		if (e->file)
			buf_printf(out, "%s:%u:%u: ", e->file, e->line, e->column);
		buf_put(out, e->str, e->len);
		if (e->flags & BCCT_LINE || (e->file && (!e->len || e->str[e->len - 1] != '\n')))
			buf_u8(out, '\n');
		break;
	case BCCT_EV_VALUE_BEGIN:
		if (e->name)
			buf_printf(out, "%s: ", e->name);
		start_value(t);
		break;
	case BCCT_EV_MAP_BEGIN: map_begin(t, out, e); break;
	case BCCT_EV_ROW_BEGIN:
		buf_printf(out, "%s", t->map ? t->map : "@");
		start_value(t);
		t->head = true;
		break;
	case BCCT_EV_KEY_BEGIN:
		buf_u8(out, '[');
		value_text_reset(&t->value, true, false);
		t->head = false;
		break;
	case BCCT_EV_KEY_END:
		buf_u8(out, ']');
		start_value(t);
		t->head = true;
		break;
	case BCCT_EV_VALUE_END:
	case BCCT_EV_ROW_END:
		/* behind a histogram this is the blank line */
		buf_u8(out, '\n');
		t->in_value = t->head = false;
		break;
	case BCCT_EV_TEST: trial_text_test(&t->trials, out, e); break;
	case BCCT_EV_BENCH: trial_text_bench(&t->trials, out, e); break;
	case BCCT_EV_ATTACHED:
	case BCCT_EV_MAP_END:
	case BCCT_EV_LOST:
	case BCCT_EV_RUNTIME_ERROR:
	case BCCT_EV_END: break;
	default:
		if (!t->in_value)
			break;
		finish_head(t, out, e);
		value_text_event(&t->value, out, e);
		break;
	}
}

const struct output bcct_output_text = {
	.name = "text",
	.begin = text_begin,
	.event = text_event,
	.end = text_end,
	.doc = "What a person reads: messages as they are, one line per map entry, "
	       "histograms as bars.",
};

#endif
