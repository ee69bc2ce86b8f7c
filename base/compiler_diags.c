/*
 * Diagnostics as they cross from the compiler's process to the handle's: each
 * with its text already rendered, as only the compiler has the sources.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/compiler.h"

#define RECORD_MIN 10 /* bytes of the smallest record, for read_count */

static void write_record(struct buf *out, const struct diags *d, const struct diag *i)
{
	const struct source *src = sources_get(d->sources, i->loc);
	char *text = diag_render(d->sources, i, false);
	char *colored = diag_render(d->sources, i, true);
	struct position start, end;

	loc_range(d->sources, i->loc, &start, &end);
	buf_u8(out, (uint8_t)i->level);
	buf_str(out, diag_tag_name(i->tag));
	buf_str(out, i->message);
	buf_str(out, i->hint);
	buf_str(out, src ? src->name : NULL);
	buf_str(out, text);
	buf_str(out, colored);
	buf_u32(out, start.line);
	buf_u32(out, start.column);
	buf_u32(out, end.line);
	buf_u32(out, end.column);
	free(text);
	free(colored);
}

void diag_records_write(struct buf *out, const struct diags *d)
{
	const struct diag *i;
	uint32_t n = 0;

	for (i = d->first; i; i = i->next)
		n++;
	buf_u32(out, n);
	for (i = d->first; i; i = i->next)
		write_record(out, d, i);
}

static bool read_record(struct reader *r, struct arena *a, struct diag_record *d)
{
	uint8_t level = read_u8(r);

	d->level = level <= DIAG_NOTE ? (enum diag_level)level : DIAG_ERROR;
	d->tag = read_str(r, a);
	d->message = read_str(r, a);
	d->hint = read_str(r, a);
	d->file = read_str(r, a);
	d->rendered = read_str(r, a);
	d->rendered_color = read_str(r, a);
	d->line = read_u32(r);
	d->column = read_u32(r);
	d->end_line = read_u32(r);
	d->end_column = read_u32(r);
	return !r->bad && d->tag && d->message && d->rendered && d->rendered_color;
}

int diag_records_read(const void *data, size_t len,
		      void (*each)(void *user, const struct diag_record *d), void *user)
{
	struct reader r = { data, (const uint8_t *)data + len, false };
	struct arena *a = arena_new();

	/* one batch or several behind each other */
	while (!r.bad && r.p < r.end) {
		uint32_t n = read_count(&r, RECORD_MIN);

		while (n-- && !r.bad) {
			struct diag_record d = { 0 };

			if (read_record(&r, a, &d))
				each(user, &d);
			else
				r.bad = true;
		}
	}
	arena_free(a);
	return r.bad ? -EPROTO : 0;
}
