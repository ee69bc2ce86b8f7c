/*
 * The JSON format: one object per line, for programs. Fed by the printer with
 * all events of a run.
 */
#ifdef BCCT_RUNTIME

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "lib/json_text.h"
#include "lib/rt.h"
#include "lib/value_text.h"

#define DEPTH 32

struct json {
	/*
	 * The line of a map begins with its type, which its first value tells: the
	 * rows are collected here. Mostly there is one line.
	 */
	VEC(struct buf) lines;
	size_t line; /* of the row that is written */
	/*
	 * Different keys can have the same text (stacks of two processes, texts with
	 * commas), and members of an object have different names: a key's text to how
	 * often it was there, which is the number of the line that the next goes into.
	 */
	struct strmap texts;
	struct buf quoted;
	struct buf scratch; /* a key or stack as text, before it is quoted */
	struct value_text key;
	char *map;
	const char *type;
	uint32_t map_flags;
	bool in_map, in_key, in_value, in_stack;
	unsigned depth, items[DEPTH];
	bool field;
	bool is_unsigned; /* the values of the time series */
};

static void *json_begin(struct buf *out)
{
	(void)out;
	return calloc(1, sizeof(struct json));
}

/* What is kept of a map. */
static void lines_drop(struct json *j)
{
	for (size_t i = 0; i < j->lines.n; i++)
		buf_free(&j->lines.v[i]);
	vec_free(&j->lines);
	for (size_t i = 0; i < j->texts.n; i++)
		free((char *)j->texts.entries[i].key);
	strmap_free(&j->texts);
}

static void json_end(void *state)
{
	struct json *j = state;

	if (!j)
		return;
	lines_drop(j);
	buf_free(&j->quoted);
	buf_free(&j->scratch);
	value_text_free(&j->key);
	free(j->map);
	free(j);
}

/* ---- values ------------------------------------------------------------- */

static unsigned *items(struct json *j)
{
	return &j->items[j->depth < DEPTH ? j->depth : DEPTH - 1];
}

static void separate(struct json *j, struct buf *out)
{
	if (j->field)
		j->field = false;
	else if (j->depth && (*items(j))++)
		buf_u8(out, ',');
}

static void open_group(struct json *j, struct buf *out, char c)
{
	separate(j, out);
	buf_u8(out, (uint8_t)c);
	j->depth++;
	*items(j) = 0;
}

static void close_group(struct json *j, struct buf *out, char c)
{
	buf_u8(out, (uint8_t)c);
	if (j->depth)
		j->depth--;
}

static void put_number(struct buf *out, const struct bcct_event *e, int64_t v)
{
	if (e->flags & BCCT_UNSIGNED)
		json_uint(out, (uint64_t)v);
	else
		json_int(out, v);
}

static void put_bucket(struct json *j, struct buf *out, const struct bcct_event *e)
{
	separate(j, out);
	buf_u8(out, '{');
	if (!(e->flags & BCCT_OPEN_LOW)) {
		buf_printf(out, "\"min\": ");
		put_number(out, e, e->i);
		buf_printf(out, ", ");
	}
	if (!(e->flags & BCCT_OPEN_HIGH)) {
		buf_printf(out, "\"max\": ");
		put_number(out, e, e->i2);
		buf_printf(out, ", ");
	}
	buf_printf(out, "\"count\": %" PRIu64 "}", e->u);
}

/* One interval of a time series. */
static void put_point(struct json *j, struct buf *out, const struct bcct_event *e)
{
	time_t seconds = (time_t)(e->u / 1000000000u);
	char when[32] = "";
	struct tm tm;

	separate(j, out);
	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_printf(out, "{\"interval_start\":\"%s.%09u\",\"value\":", when,
		   (unsigned)(e->u % 1000000000u));
	if (e->flags & BCCT_MISSING)
		buf_printf(out, "null");
	else if (j->is_unsigned)
		json_uint(out, (uint64_t)e->i);
	else
		json_int(out, e->i);
	buf_u8(out, '}');
}

static void put_stats(struct buf *out, const struct bcct_event *e)
{
	buf_printf(out, "{\"count\": ");
	json_uint(out, e->u);
	buf_printf(out, ", \"average\": ");
	put_number(out, e, e->i);
	buf_printf(out, ", \"total\": ");
	put_number(out, e, e->i2);
	buf_u8(out, '}');
}

/* Symbols and truncated strings are strings as the text format writes them. */
static void put_as_text(struct json *j, struct buf *out, const struct bcct_event *e)
{
	j->scratch.len = 0;
	value_text_reset(&j->key, false, false);
	value_text_event(&j->key, &j->scratch, e);
	json_string(out, (const char *)j->scratch.data, j->scratch.len);
}

static void put_bytes(struct buf *out, const struct bcct_event *e)
{
	size_t i;

	buf_u8(out, '[');
	for (i = 0; i < e->len; i++)
		buf_printf(out, "%s%u", i ? "," : "", (unsigned char)e->str[i]);
	buf_u8(out, ']');
}

static void put_scalar(struct json *j, struct buf *out, const struct bcct_event *e)
{
	separate(j, out);
	switch (e->kind) {
	case BCCT_EV_INT:
	case BCCT_EV_ENUM: json_int(out, e->i); break;
	case BCCT_EV_UINT:
	case BCCT_EV_POINTER: json_uint(out, e->u); break;
	case BCCT_EV_BOOL: buf_printf(out, e->u ? "true" : "false"); break;
	case BCCT_EV_NONE: buf_printf(out, "null"); break;
	case BCCT_EV_STATS: put_stats(out, e); break;
	case BCCT_EV_BUFFER: put_bytes(out, e); break;
	default: put_as_text(j, out, e); break;
	}
}

/* A stack is one string of lines. */
static void stack_event(struct json *j, struct buf *out, const struct bcct_event *e)
{
	if (e->kind == BCCT_EV_STACK_BEGIN) {
		separate(j, out);
		j->scratch.len = 0;
		value_text_reset(&j->key, false, false);
	}
	j->in_stack = e->kind != BCCT_EV_STACK_END;
	value_text_event(&j->key, &j->scratch, e);
	if (!j->in_stack)
		json_string(out, (const char *)j->scratch.data, j->scratch.len);
}

/* What kind of map it is, from the first event of its first value. */
static void note_type(struct json *j, const struct bcct_event *e)
{
	if (j->type)
		return;
	if (e->kind == BCCT_EV_HIST_BEGIN)
		j->type = "hist";
	else if (e->kind == BCCT_EV_SERIES_BEGIN)
		j->type = "tseries";
	else if (e->kind == BCCT_EV_STATS || e->flags & BCCT_AVERAGE)
		j->type = "stats";
	else
		j->type = "map";
}

static void value_event(struct json *j, struct buf *out, const struct bcct_event *e)
{
	note_type(j, e);
	switch (e->kind) {
	case BCCT_EV_SERIES_BEGIN: j->is_unsigned = e->flags & BCCT_UNSIGNED; /* fall through */
	case BCCT_EV_TUPLE_BEGIN:
	case BCCT_EV_ARRAY_BEGIN:
	case BCCT_EV_HIST_BEGIN: open_group(j, out, '['); break;
	case BCCT_EV_RECORD_BEGIN: open_group(j, out, '{'); break;
	case BCCT_EV_TUPLE_END:
	case BCCT_EV_ARRAY_END:
	case BCCT_EV_SERIES_END:
	case BCCT_EV_HIST_END: close_group(j, out, ']'); break;
	case BCCT_EV_RECORD_END: close_group(j, out, '}'); break;
	case BCCT_EV_FIELD:
		if ((*items(j))++)
			buf_printf(out, ", ");
		json_string(out, e->name ? e->name : "", e->name ? strlen(e->name) : 0);
		buf_printf(out, ": ");
		j->field = true;
		break;
	case BCCT_EV_BUCKET: put_bucket(j, out, e); break;
	case BCCT_EV_POINT: put_point(j, out, e); break;
	case BCCT_EV_STACK_BEGIN:
	case BCCT_EV_FRAME:
	case BCCT_EV_STACK_END: stack_event(j, out, e); break;
	default: put_scalar(j, out, e); break;
	}
}

/* ---- maps ----------------------------------------------------------------- */

/* Rows go into line n from here on; lines begin in order. */
static void line_choose(struct json *j, size_t n)
{
	struct buf empty = {0};

	if (n == j->lines.n)
		vec_push(&j->lines, empty);
	j->line = n;
}

static void map_begin(struct json *j, const struct bcct_event *e)
{
	free(j->map);
	j->map = strdup(e->name ? e->name : "@");
	j->map_flags = e->flags;
	j->type = NULL;
	lines_drop(j);
	line_choose(j, 0);
	j->in_map = true;
}

static void map_end(struct json *j, struct buf *out)
{
	bool keyed = j->map_flags & BCCT_MAP_KEYED;

	j->in_map = false;
	for (size_t i = 0; i < j->lines.n; i++) {
		if (!keyed && !j->lines.v[i].len)
			continue;
		buf_printf(out, "{\"type\": \"%s\", \"data\": {", j->type ? j->type : "map");
		json_string(out, j->map ? j->map : "", j->map ? strlen(j->map) : 0);
		buf_printf(out, keyed ? ": {" : ": ");
		buf_put(out, j->lines.v[i].data, j->lines.v[i].len);
		buf_printf(out, keyed ? "}}}\n" : "}}\n");
	}
	lines_drop(j);
}

static void start_value(struct json *j)
{
	j->depth = 0;
	j->items[0] = 0;
	j->field = false;
	j->in_value = true;
}

/* Keys are strings: the text of the key, several joined by commas. */
static void key_end(struct json *j)
{
	const char *text;
	struct buf *line;
	uintptr_t before;

	j->in_key = false;
	j->quoted.len = 0;
	json_string(&j->quoted, (const char *)j->scratch.data, j->scratch.len);
	buf_u8(&j->quoted, 0);
	text = (const char *)j->quoted.data; /* NULs in it are escaped */
	before = (uintptr_t)strmap_get(&j->texts, text);
	/* the map's keys outlive it: an entry keeps the one that it has */
	strmap_put(&j->texts, before ? text : strdup(text), (void *)(before + 1));
	line_choose(j, before);
	line = &j->lines.v[before];
	if (line->len)
		buf_printf(line, ", ");
	buf_put(line, text, strlen(text));
	buf_printf(line, ": ");
	start_value(j);
}

/* ---- single lines ----------------------------------------------------------- */

static void put_place(struct buf *out, const char *name)
{
	const char *where = name ? name : "", *file = where;
	struct json_place p = json_place(where);

	buf_printf(out, ", \"filename\": ");
	/* a program of the command line has no name; scripts that read this know it by that */
	if (p.line && !p.file_len)
		buf_printf(out, "\"stdin\"");
	else
		json_string(out, file, p.file_len);
	buf_printf(out, ", \"line\": %u, \"col\": %u", p.line, p.column);
}

static void put_at(struct buf *out, const struct bcct_event *e)
{
	buf_printf(out, ", \"filename\": ");
	json_string(out, e->file ? e->file : "", e->file ? strlen(e->file) : 0);
	buf_printf(out, ", \"line\": %u, \"col\": %u", e->line, e->column);
}

/* With a place when the script reports something. */
static void put_message(struct buf *out, const struct bcct_event *e)
{
	const char *type = e->name ? e->name : "message";

	buf_printf(out, "{\"type\": ");
	json_string(out, type, strlen(type));
	buf_printf(out, e->file ? ", \"msg\": " : ", \"data\": ");
	json_string(out, e->str, e->len);
	if (e->file)
		put_at(out, e);
	buf_printf(out, "}\n");
}

/* A failed helper of the kernel, in the words of its return code, or a division by zero. */
static void put_failure(struct buf *out, const struct bcct_event *e)
{
	const char *why = e->helper ? strerror(-e->code) : e->str;

	buf_printf(out, "{\"type\": \"%s\", \"msg\": ",
		   e->helper ? "helper_error" : "runtime_error");
	json_string(out, why, strlen(why));
	if (e->helper)
		buf_printf(out, ", \"helper\": \"%s\", \"retcode\": %d", e->helper, e->code);
	put_at(out, e);
	buf_printf(out, "}\n");
}

/*
 * The lines that scripts read have fixed fields: how often and why is a line of its own, where
 * that says more.
 */
static void put_lost(struct buf *out, const struct bcct_event *e)
{
	if (e->i != BCCT_LOSS_OTHER)
		put_failure(out, e);
	else if (e->flags & BCCT_LOST_EVENT)
		buf_printf(out, "{\"type\": \"lost_events\", \"count\": %" PRIu64
			   ", \"data\": {\"events\": %" PRIu64 "}}\n", e->u, e->u);
	if (e->i != BCCT_LOSS_OTHER && e->i2 <= 1)
		return;
	buf_printf(out, "{\"type\": \"lost\", \"count\": %" PRIu64 ", \"total\": %" PRId64
		   ", \"reason\": ", e->u, e->i2);
	json_string(out, e->str, e->len);
	put_at(out, e);
	buf_printf(out, "}\n");
}

static void put_error(struct buf *out, const struct bcct_event *e)
{
	buf_printf(out, "{\"type\": \"runtime_error\", \"msg\": ");
	json_string(out, e->str, e->len);
	put_place(out, e->name);
	buf_printf(out, "}\n");
}

/* ---- tests and benchmarks ----------------------------------------------------- */

static void put_test(struct buf *out, const struct bcct_event *e)
{
	buf_printf(out, "{\"type\": \"test_result\", \"data\": {");
	json_string(out, e->name, strlen(e->name));
	buf_printf(out, ": {\"duration\": %" PRIu64 ", \"passed\": %s, \"output\": ", e->u,
		   e->flags & BCCT_PASSED ? "true" : "false");
	json_string(out, e->str, e->len);
	buf_printf(out, "}}}\n");
}

static void put_bench(struct buf *out, const struct bcct_event *e)
{
	buf_printf(out, "{\"type\": \"benchmark_result\", \"data\": {");
	json_string(out, e->name, strlen(e->name));
	buf_printf(out, ": {\"average\": %" PRIu64 ", \"iters\": %" PRId64 "}}}\n", e->u, e->i);
}

/* ---- the format --------------------------------------------------------------- */

/* Events have the name of what they were sent through. */
static void value_begin(struct buf *out, const struct bcct_event *e)
{
	if (e->name) {
		buf_printf(out, "{\"type\": \"event\", \"name\": ");
		json_string(out, e->name, strlen(e->name));
		buf_printf(out, ", \"data\": ");
	} else {
		buf_printf(out, "{\"type\": \"value\", \"data\": ");
	}
}

static void json_event(void *state, struct buf *out, const struct bcct_event *e)
{
	struct json *j = state;

	switch (e->kind) {
	case BCCT_EV_ATTACHED:
		buf_printf(out, "{\"type\": \"attached_probes\", \"count\": %" PRIu64
			   ", \"data\": {\"probes\": %" PRIu64 "}}\n", e->u, e->u);
		break;
	case BCCT_EV_MESSAGE: put_message(out, e); break;
	case BCCT_EV_VALUE_BEGIN:
		value_begin(out, e);
		start_value(j);
		break;
	case BCCT_EV_VALUE_END:
		buf_printf(out, "}\n");
		j->in_value = false;
		break;
	case BCCT_EV_MAP_BEGIN: map_begin(j, e); break;
	case BCCT_EV_MAP_END: map_end(j, out); break;
	case BCCT_EV_ROW_BEGIN: start_value(j); break;
	case BCCT_EV_ROW_END: j->in_value = false; break;
	case BCCT_EV_KEY_BEGIN:
		j->in_key = true;
		j->scratch.len = 0;
		value_text_reset(&j->key, true, true);
		break;
	case BCCT_EV_KEY_END: key_end(j); break;
	case BCCT_EV_LOST: put_lost(out, e); break;
	case BCCT_EV_RUNTIME_ERROR: put_error(out, e); break;
	case BCCT_EV_TEST: put_test(out, e); break;
	case BCCT_EV_BENCH: put_bench(out, e); break;
	case BCCT_EV_END: break;
	default:
		if (j->in_key)
			value_text_event(&j->key, &j->scratch, e);
		else if (j->in_value)
			value_event(j, j->in_map ? &j->lines.v[j->line] : out, e);
		break;
	}
}

const struct output bcct_output_json = {
	.name = "json",
	.begin = json_begin,
	.event = json_event,
	.end = json_end,
	.doc = "One JSON object per line, for programs: messages, values, maps, losses and errors.",
};

#endif
