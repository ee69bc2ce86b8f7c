/* Messages on standard error, and the way of value events to the printer. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"

void report_diag(void *user, const struct bcct_diag *d)
{
	const struct report *r = user;

	if (d->severity != BCCT_ERROR && (r->args->no_warnings || r->args->quiet))
		return;
	fputs(d->rendered, stderr);
}

void report_error(const char *tag, const char *fmt, ...)
{
	va_list ap;

	fputs("bcct: error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "  [%s]\n", tag);
}

static void report_attached(const struct report *r, const struct bcct_event *e)
{
	if (!r->args->quiet)
		fprintf(stderr, "Attached %llu probe%s\n", (unsigned long long)e->u,
			e->u == 1 ? "" : "s");
}

static void report_place(const struct bcct_event *e)
{
	if (e->file && e->line == e->end_line)
		fprintf(stderr, "%s:%u:%u-%u: ", e->file, e->line, e->column, e->end_column);
	else if (e->file)
		fprintf(stderr, "%s:%u-%u: ", e->file, e->line, e->end_line);
}

/*
 *	stdin:1:37-41: WARNING: Can't delete map element because it does not exist.
 *	Additional Info - helper: map_delete_elem, retcode: -2
 *	Seen 5 times, 7 in all
 *	i:ms:100 { delete(@x, 5); }
 *	           ~~~~~~~~~~~~~
 */
static void report_failure(const struct bcct_event *e)
{
	report_place(e);
	fprintf(stderr, "WARNING: %s\n", e->str);
	if (e->helper)
		fprintf(stderr, "Additional Info - helper: %s, retcode: %d\n", e->helper, e->code);
	if (e->i2 > 1)
		fprintf(stderr, "Seen %llu time%s, %lld in all\n", (unsigned long long)e->u,
			e->u == 1 ? "" : "s", (long long)e->i2);
	if (e->context)
		fprintf(stderr, "%s\n", e->context);
}

/* Whole events are summed up at the end too; anything else is a warning at its place. */
static void report_lost(struct report *r, const struct bcct_event *e)
{
	bool events = e->flags & BCCT_LOST_EVENT;

	if (!events) {
		if (!r->args->no_warnings)
			report_failure(e);
		return;
	}
	r->lost_events += e->u;
	fprintf(stderr, "Lost %llu events: ", (unsigned long long)e->u);
	report_place(e);
	fprintf(stderr, "%s\n", e->str);
}

/* The script's own errors and warnings, errorf() and warnf(). */
static bool report_is_own(const struct bcct_event *e)
{
	return e->kind == BCCT_EV_MESSAGE &&
	       (!strcmp(e->name, "errorf") || !strcmp(e->name, "warnf"));
}

/* In text they go where the tool's do; one newline at the end is theirs or ours. */
static void report_own(struct report *r, const struct bcct_event *e)
{
	size_t len = e->len && e->str[e->len - 1] == '\n' ? e->len - 1 : e->len;

	if (r->printer)
		bcct_printer_flush(r->printer);
	report_place(e);
	fprintf(stderr, "%s: %.*s\n", strcmp(e->name, "errorf") ? "WARNING" : "ERROR", (int)len,
		len ? e->str : "");
}

void report_event(void *user, const struct bcct_event *e)
{
	struct report *r = user;

	if (r->broken) /* that was told; what does not get through now is no other loss */
		return;
	if (e->kind == BCCT_EV_ATTACHED)
		report_attached(r, e);
	if (e->kind == BCCT_EV_ATTACHED && r->args->quiet)
		return;
	if (r->text && e->kind == BCCT_EV_LOST)
		report_lost(r, e);
	if (r->text && e->kind == BCCT_EV_RUNTIME_ERROR)
		fprintf(stderr, "bcct: %s%serror: %s  [runtime]\n", e->name ? e->name : "",
			e->name && *e->name ? ": " : "", e->str);
	if (r->args->no_warnings && e->kind == BCCT_EV_MESSAGE && !strcmp(e->name, "warnf"))
		return;
	if (r->text && report_is_own(e)) {
		report_own(r, e);
		return;
	}
	if (r->printer)
		bcct_printer_event(r->printer, e);
}

void report_end(struct report *r)
{
	if (r->text && r->lost_events)
		fprintf(stderr, "WARNING: Total lost event count: %llu\n",
			(unsigned long long)r->lost_events);
}
