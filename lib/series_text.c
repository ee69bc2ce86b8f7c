/*
 * Drawing of time series; used by value_text.c for all text. One line per interval:
 * its start, a mark between the least and the largest value, the value.
 */
#include "lib/series_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MARGIN 13 /* the width of "hh:mm:ss.ms  " */
#define PLOT 53   /* with both borders */

void series_text_begin(struct series_text *s, const struct bcct_event *e)
{
	s->points.n = 0;
	s->is_unsigned = e->flags & BCCT_UNSIGNED;
}

void series_text_point(struct series_text *s, const struct bcct_event *e)
{
	struct series_point p = { e->u, e->i, e->flags & BCCT_MISSING };

	vec_push(&s->points, p);
}

void series_text_free(struct series_text *s)
{
	vec_free(&s->points);
}

static bool less(const struct series_text *s, int64_t a, int64_t b)
{
	return s->is_unsigned ? (uint64_t)a < (uint64_t)b : a < b;
}

static int number(const struct series_text *s, char *text, size_t size, int64_t v)
{
	return s->is_unsigned ? snprintf(text, size, "%" PRIu64, (uint64_t)v)
			      : snprintf(text, size, "%" PRId64, v);
}

/* The least and the largest value; apart, so that there is something to plot between. */
static void range(const struct series_text *s, int64_t *min, int64_t *max)
{
	bool any = false;
	size_t i;

	*min = *max = 0;
	for (i = 0; i < s->points.n; i++) {
		const struct series_point *p = &s->points.v[i];

		if (p->missing)
			continue;
		if (!any || less(s, p->value, *min))
			*min = p->value;
		if (!any || less(s, *max, p->value))
			*max = p->value;
		any = true;
	}
	if (*min != *max)
		return;
	if (s->is_unsigned ? *min != 0 : *min != INT64_MIN)
		--*min;
	if (s->is_unsigned ? (uint64_t)*max != UINT64_MAX : *max != INT64_MAX)
		++*max;
}

/* The column of a value: 0 and PLOT - 1 are the borders. */
static unsigned column(int64_t v, int64_t min, int64_t max)
{
	__extension__ typedef unsigned __int128 wide;
	uint64_t from = (uint64_t)v - (uint64_t)min, width = (uint64_t)max - (uint64_t)min;

	return (unsigned)((wide)from * (PLOT - 1) / width);
}

static void bounds(const struct series_text *s, struct buf *out, int64_t min, int64_t max)
{
	char low[24], high[24];
	int n = number(s, low, sizeof(low), min);

	number(s, high, sizeof(high), max);
	buf_printf(out, "%*s%s%*s\n", MARGIN, "", low, PLOT - n, high);
}

static void ruler(struct buf *out, const char *label, char edge)
{
	char line[PLOT - 1];

	memset(line, '_', sizeof(line));
	line[PLOT - 2] = '\0';
	buf_printf(out, "%-*s%c%s%c\n", MARGIN, label, edge, line, edge);
}

static void row(const struct series_text *s, struct buf *out, const struct series_point *p,
		int64_t min, int64_t max)
{
	char line[PLOT + 1], value[24] = "-", clock[16] = "";
	time_t seconds = (time_t)(p->when / 1000000000u);
	struct tm tm;

	memset(line, ' ', PLOT);
	line[PLOT] = '\0';
	line[0] = line[PLOT - 1] = '|';
	if (!s->is_unsigned && min < 0 && max > 0)
		line[column(0, min, max)] = '.';
	if (!p->missing) {
		line[column(p->value, min, max)] = '*';
		number(s, value, sizeof(value), p->value);
	}
	if (localtime_r(&seconds, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	buf_printf(out, "%s.%03u %s %s\n", clock, (unsigned)(p->when / 1000000 % 1000), line,
		   value);
}

void series_text_draw(const struct series_text *s, struct buf *out)
{
	int64_t min, max;
	size_t i;

	range(s, &min, &max);
	bounds(s, out, min, max);
	ruler(out, "hh:mm:ss.ms", '|');
	for (i = 0; i < s->points.n; i++)
		row(s, out, &s->points.v[i], min, max);
	ruler(out, "", 'v');
	bounds(s, out, min, max);
}
