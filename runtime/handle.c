/*
 * The public handle: made, fed with an object, asked and freed here; and the
 * runtime services that need nothing but it (diagnostics, emitting events).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "runtime/rt_internal.h"
#include "runtime/usyms.h"

const char *bcct_version(void)
{
	return BCCT_VERSION;
}

/* ---- making and freeing ------------------------------------------------- */

static const char *copy_text(const char *s, bool *ok)
{
	char *copy = s ? strdup(s) : NULL;

	if (s && !copy)
		*ok = false;
	return copy;
}

/* Copies of a list of strings; *n becomes 0 when there is no memory. */
static const char *const *copy_texts(const char *const *from, size_t *n, bool *ok)
{
	const char **to = *n ? calloc(*n, sizeof(*to)) : NULL;

	if (*n && !to) {
		*ok = false;
		*n = 0;
	}
	for (size_t i = 0; i < *n; i++)
		to[i] = copy_text(from[i], ok);
	return to;
}

static void free_texts(const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)texts[i]);
	free((void *)texts);
}

/* The caller's struct may be shorter or longer than ours: only what both know is taken. */
static bool options_copy(struct bcct_options *to, const struct bcct_options *from)
{
	bool ok = true;

	memset(to, 0, sizeof(*to));
	if (from)
		memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));
	to->size = sizeof(*to);
	to->command = copy_text(to->command, &ok);
	to->probe_filter = copy_text(to->probe_filter, &ok);
	to->no_features = copy_text(to->no_features, &ok);
	to->params = copy_texts(to->params, &to->nparams, &ok);
	to->includes = copy_texts(to->includes, &to->nincludes, &ok);
	to->headers = copy_texts(to->headers, &to->nheaders, &ok);
	to->defines = copy_texts(to->defines, &to->ndefines, &ok);
	return ok;
}

static void options_free(struct bcct_options *o)
{
	free_texts(o->params, o->nparams);
	free_texts(o->includes, o->nincludes);
	free_texts(o->headers, o->nheaders);
	free_texts(o->defines, o->ndefines);
	free((void *)o->command);
	free((void *)o->probe_filter);
	free((void *)o->no_features);
}

struct bcct *bcct_new(const struct bcct_options *o)
{
	struct bcct *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	if (!options_copy(&b->opt, o))
		goto fail;
	b->rt = calloc(1, sizeof(*b->rt));
	if (!b->rt)
		goto fail;
	b->rt->b = b;
	if (loop_init(b->rt))
		goto fail;
	return b;
fail:
	bcct_free(b);
	return NULL;
}

void bcct_free(struct bcct *b)
{
	if (!b)
		return;
	if (b->rt) {
		loop_stop_timers(b->rt);
		links_drop(b->rt, 0);
		child_end(b->rt);
		loop_free(b->rt);
		maps_free(b->rt);
		object_close(b->rt);
		ksyms_free(b->rt->ksyms);
		usyms_free(b->rt->usyms);
		files_close(b->rt);
		buf_free(&b->rt->held);
		for (size_t i = 0; i < b->rt->kept.n; i++)
			close(b->rt->kept.v[i]);
		free(b->rt->kept.v);
		free(b->rt->links.v);
		free(b->rt->timers.v);
		free(b->rt->handlers.v);
		free(b->rt);
	}
	buf_free(&b->object);
	options_free(&b->opt);
	free(b);
}

/* ---- the object ---------------------------------------------------------- */

int bcct_object(struct bcct *b, const void **data, size_t *len)
{
	if (!b->object.len)
		return -ENOENT;
	*data = b->object.data;
	*len = b->object.len;
	return 0;
}

int bcct_open_object(struct bcct *b, const void *data, size_t len)
{
	int err;

	if (b->rt->loaded)
		return -EBUSY;
	object_close(b->rt);
	buf_free(&b->object);
	buf_put(&b->object, data, len);
	err = object_open(b->rt);
	if (err)
		buf_free(&b->object);
	return err;
}

int bcct_exit_status(const struct bcct *b)
{
	return b->rt->exit_status;
}

/* ---- diagnostics ---------------------------------------------------------- */

void rt_loc_text(const struct rt *rt, struct loc loc, char *text, size_t size)
{
	if (size)
		text[0] = '\0';
	loc_print(rt->m ? &rt->sources : NULL, loc, text, size);
}

static void diag_locate(const struct sources *s, struct loc loc, struct bcct_diag *pub)
{
	const struct source *src = sources_get(s, loc);
	struct position start, end;

	if (!src || !loc_range(s, loc, &start, &end))
		return;
	pub->file = src->name;
	pub->line = start.line;
	pub->column = start.column;
	pub->end_line = end.line;
	pub->end_column = end.column;
}

static void diag_deliver(struct bcct *b, enum diag_level level, enum diag_tag tag, struct loc loc,
			 const char *hint, const char *fmt, va_list ap)
{
	struct rt *rt = b->rt;
	struct diags list = {.arena = arena_new()};
	struct bcct_diag pub = {.size = sizeof(pub)};
	char *text = arena_vprintf(list.arena, fmt, ap), *rendered;

	list.sources = rt && rt->m ? &rt->sources : NULL;
	if (!list.sources)
		loc = LOC_NONE;
	diag_add(&list, level, tag, loc, "%s", text);
	if (hint)
		diag_hint(&list, "%s", hint);
	rendered = diag_render(list.sources, list.first, b->opt.color);
	pub.severity = level == DIAG_ERROR     ? BCCT_ERROR
		       : level == DIAG_WARNING ? BCCT_WARNING
					       : BCCT_NOTE;
	pub.tag = diag_tag_name(tag);
	pub.message = list.first->message;
	pub.hint = list.first->hint;
	pub.rendered = rendered;
	diag_locate(list.sources, loc, &pub);
	if (b->opt.diag)
		b->opt.diag(b->opt.user, &pub);
	free(rendered);
	arena_free(list.arena);
}

void handle_diag(struct bcct *b, enum diag_level level, enum diag_tag tag, struct loc loc,
		 const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_deliver(b, level, tag, loc, hint, fmt, ap);
	va_end(ap);
}

void rt_diag(struct rt *rt, enum diag_level level, enum diag_tag tag, struct loc loc,
	     const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_deliver(rt->b, level, tag, loc, hint, fmt, ap);
	va_end(ap);
}

/* ---- events ---------------------------------------------------------------- */

/* To the handle's callback, redirected or not. */
static void deliver(struct rt *rt, const struct bcct_event *e)
{
	if (rt->capture.emit)
		rt->capture.emit(rt->capture.user, e);
	else if (rt->b->opt.event)
		rt->b->opt.event(rt->b->opt.user, e);
}

void rt_emit(struct rt *rt, const struct bcct_event *e)
{
	if (rt->sink.emit)
		rt->sink.emit(rt->sink.user, e);
	else
		deliver(rt, e);
}

struct rt_sink rt_redirect(struct rt *rt, struct rt_sink to)
{
	struct rt_sink before = rt->sink;

	rt->sink = to;
	return before;
}

static void message(struct rt *rt, const char *unit, const char *text, size_t len, uint32_t flags)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_MESSAGE, .flags = flags};

	e.name = unit;
	e.str = text;
	e.len = len;
	deliver(rt, &e);
}

/* In the words that scripts know: a file always, and the column behind the end. */
bool rt_locate(const struct rt *rt, struct loc loc, struct bcct_event *e)
{
	const struct source *src = rt->m ? sources_get(&rt->sources, loc) : NULL;
	struct position start, end;

	if (!src || !loc_range(&rt->sources, loc, &start, &end))
		return false;
	e->file = *src->name ? src->name : "stdin";
	e->line = start.line;
	e->column = start.column;
	e->end_line = end.line;
	e->end_column = end.column + 1;
	return true;
}

void rt_message_at(struct rt *rt, struct loc loc, const char *unit, const char *text, size_t len)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_MESSAGE};

	e.name = unit;
	e.str = text;
	e.len = len;
	rt_locate(rt, loc, &e);
	deliver(rt, &e);
}

void rt_message(struct rt *rt, const char *unit, const char *text, size_t len)
{
	message(rt, unit, text, len, 0);
}

void rt_line(struct rt *rt, const char *unit, const char *text, size_t len)
{
	message(rt, unit, text, len, BCCT_LINE);
}

void rt_problem(struct rt *rt, struct loc loc, const char *fmt, ...)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_RUNTIME_ERROR};
	char text[512], where[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rt_loc_text(rt, loc, where, sizeof(where));
	e.name = where;
	e.str = text;
	e.len = strlen(text);
	deliver(rt, &e);
}

void rt_exit(struct rt *rt, int status)
{
	/* the first one counts, but an END that gives a status has seen how things ended */
	if (!rt->exit_set || (rt->finished && status))
		rt->exit_status = status;
	rt->exit_set = rt->exiting = true;
}

/* ---- what units may ask ----------------------------------------------------- */

const struct manifest *rt_manifest(const struct rt *rt)
{
	return rt->m;
}

bool rt_unsafe(const struct rt *rt)
{
	return rt->b->opt.unsafe;
}

int rt_pid(const struct rt *rt)
{
	return rt->child ? rt->child : rt->b->opt.pid > 0 ? rt->b->opt.pid : 0;
}

const char *rt_probe_name(struct rt *rt, uint64_t cookie)
{
	uint64_t program = cookie >> 32, point = cookie & 0xffffffff;

	if (!rt->m || program >= rt->m->programs.n || point >= rt->progs[program].points.n)
		return NULL;
	return rt->progs[program].points.v[point].full;
}
