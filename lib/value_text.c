/*
 * Values as text. Fed with the events of a value by the text format, by printf
 * and, for keys, by the JSON format.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/value_text.h"

#define FRAME_INDENT 8

void value_text_reset(struct value_text *v, bool key, bool tight)
{
	v->key = key;
	v->tight = tight;
	v->depth = 0;
	v->items[0] = 0;
	v->field = v->multiline = false;
}

void value_text_free(struct value_text *v)
{
	hist_text_free(&v->hist);
	series_text_free(&v->series);
}

void value_text_buffer(struct buf *out, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c >= 0x20 && c < 0x7f)
			buf_u8(out, c);
		else
			buf_printf(out, "\\x%02x", c);
	}
}

void value_text_frame(struct buf *out, const struct bcct_event *e)
{
	bool perf = e->flags & BCCT_STACK_PERF, inlined = e->flags & BCCT_INLINED;

	if (e->flags & BCCT_STACK_RAW) {
		buf_printf(out, "%" PRIx64, e->u);
		return;
	}
	if (e->flags & BCCT_STACK_BUILD_ID) {
		buf_printf(out, "%.*s%s0x%" PRIx64, (int)e->len, e->len ? e->str : "",
			   e->len ? " " : "", e->u);
		return;
	}
	if (perf)
		buf_printf(out, "%" PRIx64 " ", e->u);
	if (inlined && !perf)
		buf_printf(out, "[inlined] ");
	if (inlined)
		buf_printf(out, "%s%s", e->name, perf ? " (inlined)" : "");
	else if (e->name)
		buf_printf(out, "%s+%" PRId64, e->name, e->i);
	else
		buf_printf(out, "0x%" PRIx64, e->u);
	if (perf && e->str)
		buf_printf(out, " (%.*s)", (int)e->len, e->str);
	if (!perf && e->file)
		buf_printf(out, " @%s:%" PRId64, e->file, e->i2);
}

static unsigned *items(struct value_text *v)
{
	return &v->items[v->depth < VALUE_TEXT_DEPTH ? v->depth : VALUE_TEXT_DEPTH - 1];
}

/* The comma before the second and further items of a group. */
static void separate(struct value_text *v, struct buf *out)
{
	bool array = v->depth < VALUE_TEXT_DEPTH && v->arrays >> v->depth & 1;

	if (v->field) {
		v->field = false;
		return;
	}
	if (v->depth && (*items(v))++)
		buf_printf(out, v->tight || array ? "," : ", ");
}

static void open_group(struct value_text *v, struct buf *out, const char *text)
{
	if (!(v->key && v->depth == 0 && *text == '('))
		buf_printf(out, "%s", text);
	v->depth++;
	*items(v) = 0;
	if (v->depth >= VALUE_TEXT_DEPTH)
		return;
	v->arrays &= ~(UINT32_C(1) << v->depth);
	v->arrays |= (uint32_t)(*text == '[') << v->depth;
}

static void close_group(struct value_text *v, struct buf *out, const char *text)
{
	if (v->depth)
		v->depth--;
	if (!(v->key && v->depth == 0 && *text == ')'))
		buf_printf(out, "%s", text);
}

static void put_stack(struct value_text *v, struct buf *out, const struct bcct_event *e)
{
	if (e->kind == BCCT_EV_FRAME) {
		if (e->flags & BCCT_STACK_PERF)
			buf_u8(out, '\t');
		else
			buf_printf(out, "%*s", v->tight ? 0 : FRAME_INDENT, "");
		value_text_frame(out, e);
	}
	if (e->kind != BCCT_EV_STACK_END)
		buf_u8(out, '\n');
}

static void put_scalar(struct buf *out, const struct bcct_event *e)
{
	switch (e->kind) {
	case BCCT_EV_INT: buf_printf(out, "%" PRId64, e->i); break;
	case BCCT_EV_UINT: buf_printf(out, "%" PRIu64, e->u); break;
	case BCCT_EV_BOOL: buf_printf(out, "%s", e->u ? "true" : "false"); break;
	case BCCT_EV_POINTER: buf_printf(out, "0x%" PRIx64, e->u); break;
	case BCCT_EV_ENUM:
		if (e->name)
			buf_printf(out, "%s", e->name);
		else
			buf_printf(out, "%" PRId64, e->i);
		break;
	case BCCT_EV_BUFFER: value_text_buffer(out, e->str, e->len); break;
	case BCCT_EV_STRING:
	case BCCT_EV_INET:
	case BCCT_EV_MAC:
	case BCCT_EV_TIMESTAMP:
		buf_put(out, e->str, e->len);
		if (e->flags & BCCT_TRUNCATED)
			buf_printf(out, "..");
		break;
	case BCCT_EV_SYMBOL:
		if (e->name)
			buf_printf(out, "%s", e->name);
		else
			buf_printf(out, "0x%" PRIx64, e->u);
		break;
	case BCCT_EV_STATS:
		buf_printf(out, "{ .count = %" PRIu64, e->u);
		buf_printf(out, e->flags & BCCT_UNSIGNED
				? ", .average = %" PRIu64 ", .total = %" PRIu64 " }"
				: ", .average = %" PRId64 ", .total = %" PRId64 " }", e->i, e->i2);
		break;
	case BCCT_EV_NONE: buf_printf(out, "null"); break;
	default: break;
	}
}

void value_text_event(struct value_text *v, struct buf *out, const struct bcct_event *e)
{
	switch (e->kind) {
	case BCCT_EV_TUPLE_BEGIN:
		separate(v, out);
		open_group(v, out, "(");
		break;
	case BCCT_EV_ARRAY_BEGIN:
		separate(v, out);
		open_group(v, out, "[");
		break;
	case BCCT_EV_RECORD_BEGIN:
		separate(v, out);
		open_group(v, out, "{");
		break;
	case BCCT_EV_TUPLE_END: close_group(v, out, ")"); break;
	case BCCT_EV_ARRAY_END: close_group(v, out, "]"); break;
	case BCCT_EV_RECORD_END:
		close_group(v, out, *items(v) && !v->tight ? " }" : "}");
		break;
	case BCCT_EV_FIELD:
		if (*items(v) == 0 && !v->tight)
			buf_u8(out, ' ');
		separate(v, out);
		buf_printf(out, v->tight ? ".%s=" : ".%s = ", e->name ? e->name : "");
		v->field = true;
		break;
	case BCCT_EV_HIST_BEGIN:
		v->multiline = true;
		hist_text_begin(&v->hist, e);
		break;
	case BCCT_EV_BUCKET: hist_text_bucket(&v->hist, e); break;
	case BCCT_EV_HIST_END: hist_text_draw(&v->hist, out); break;
	case BCCT_EV_SERIES_BEGIN:
		v->multiline = true;
		series_text_begin(&v->series, e);
		break;
	case BCCT_EV_POINT: series_text_point(&v->series, e); break;
	case BCCT_EV_SERIES_END: series_text_draw(&v->series, out); break;
	case BCCT_EV_STACK_BEGIN:
		separate(v, out);
		put_stack(v, out, e);
		break;
	case BCCT_EV_FRAME:
	case BCCT_EV_STACK_END: put_stack(v, out, e); break;
	default:
		separate(v, out);
		put_scalar(out, e);
		break;
	}
}
