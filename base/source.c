/*
 * Source buffers: registered once, looked up by every location. Used by the
 * lexer, the diagnostics and, through the manifest, by the runtime.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/source.h"

static void index_lines(struct arena *a, struct source *src)
{
	uint32_t i, n = 1;

	for (i = 0; i < src->len; i++)
		n += src->text[i] == '\n';
	src->lines = arena_alloc(a, n * sizeof(*src->lines));
	src->nlines = n;
	n = 0;
	src->lines[n++] = 0;
	for (i = 0; i < src->len; i++)
		if (src->text[i] == '\n')
			src->lines[n++] = i + 1;
}

int sources_add(struct sources *s, const char *name, const char *text, size_t len)
{
	struct source *src;

	if (len > SOURCE_MAX_BYTES)
		return -EFBIG;
	if (s->n >= SOURCE_MAX_FILES)
		return -ENOSPC;
	src = &s->file[++s->n];
	src->name = arena_strdup(s->arena, name ? name : "");
	src->text = arena_strndup(s->arena, text, len);
	src->len = (uint32_t)len;
	index_lines(s->arena, src);
	return (int)s->n;
}

const struct source *sources_get(const struct sources *s, struct loc loc)
{
	if (!s || loc.file == 0 || loc.file > s->n)
		return NULL;
	return &s->file[loc.file];
}

struct position source_position(const struct source *src, uint32_t offset)
{
	uint32_t low = 0, high = src->nlines - 1;

	if (offset > src->len)
		offset = src->len;
	/* the last line that starts at or before offset */
	while (low < high) {
		uint32_t middle = low + (high - low + 1) / 2;

		if (src->lines[middle] <= offset)
			low = middle;
		else
			high = middle - 1;
	}
	return (struct position){ low + 1, offset - src->lines[low] + 1 };
}

const char *source_line(const struct source *src, unsigned line, size_t *len)
{
	uint32_t start, end;

	*len = 0;
	if (line < 1 || line > src->nlines)
		return "";
	start = src->lines[line - 1];
	end = line < src->nlines ? src->lines[line] - 1 : src->len;
	if (end > start && src->text[end - 1] == '\r')
		end--;
	*len = end - start;
	return src->text + start;
}

struct loc loc_join(struct loc a, struct loc b)
{
	uint32_t start, end;

	if (a.file == 0)
		return b;
	if (b.file == 0 || a.file != b.file)
		return a;
	start = a.offset < b.offset ? a.offset : b.offset;
	end = a.offset + a.length > b.offset + b.length ? a.offset + a.length :
							  b.offset + b.length;
	a.offset = start & SOURCE_MAX_BYTES;
	a.length = end - start;
	return a;
}

bool loc_range(const struct sources *s, struct loc loc, struct position *start,
	       struct position *end)
{
	const struct source *src = sources_get(s, loc);
	uint32_t last;

	*start = *end = (struct position){ 0, 0 };
	if (!src)
		return false;
	/* inclusive; an empty range still has the place where it stands */
	last = loc.offset;
	if (loc.length > 1 && loc.offset < src->len) {
		uint32_t most = src->len - loc.offset;

		last = loc.offset + (loc.length < most ? loc.length : most) - 1;
	}
	*start = source_position(src, loc.offset);
	*end = source_position(src, last);
	return true;
}

void loc_print(const struct sources *s, struct loc loc, char *text, size_t size)
{
	struct position start, end;
	const char *name, *colon;

	if (size)
		text[0] = '\0';
	if (!loc_range(s, loc, &start, &end))
		return;
	name = s->file[loc.file].name;
	colon = *name ? ":" : "";
	if (end.line != start.line)
		snprintf(text, size, "%s%s%u:%u-%u:%u", name, colon, start.line, start.column,
			 end.line, end.column);
	else if (end.column > start.column)
		snprintf(text, size, "%s%s%u:%u-%u", name, colon, start.line, start.column,
			 end.column);
	else
		snprintf(text, size, "%s%s%u:%u", name, colon, start.line, start.column);
}
