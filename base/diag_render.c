/*
 * The text of a diagnostic: place, message, the source line with the range
 * marked, hint. Called where a diagnostic leaves the library.
 */
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/utf8.h"

#define LINE_WIDTH 96 /* source lines are cut around the range beyond this */
#define TAB_WIDTH 4

struct style {
	const char *bold, *level, *mark, *hint, *faint, *end;
};

static const struct style plain = { "", "", "", "", "", "" };

static struct style style_of(enum diag_level level, bool color)
{
	static const char *const levels[] = { "\033[1;31m", "\033[1;35m", "\033[1;36m" };

	if (!color)
		return plain;
	return (struct style){ "\033[1m", levels[(unsigned)level < 3 ? level : 0], "\033[1;32m",
			       "\033[1;36m", "\033[2m", "\033[0m" };
}

/*
 * Appends one character of the source line, visible; *bytes receives what it
 * takes in the source. Returns its columns on the screen.
 */
static unsigned put_visible(struct buf *out, const char *p, size_t n, size_t *bytes)
{
	unsigned char c = (unsigned char)*p;

	*bytes = 1;
	if (c == '\t') {
		buf_printf(out, "%*s", TAB_WIDTH, "");
		return TAB_WIDTH;
	}
	if (c >= 0x20 && c < 0x7f) {
		buf_u8(out, c);
		return 1;
	}
	*bytes = c < 0x80 ? 0 : utf8_length(p, n);
	if (!*bytes) {
		*bytes = 1;
		buf_printf(out, "\\x%02x", c);
		return 4;
	}
	buf_put(out, p, *bytes);
	return 1;
}

/* The part of a long line to show: [*from, *to), with the range in it. */
static void window(size_t len, size_t start, size_t end, size_t *from, size_t *to)
{
	*from = 0;
	*to = len;
	if (len <= LINE_WIDTH)
		return;
	if (end > LINE_WIDTH - 8)
		*from = start > LINE_WIDTH / 3 ? start - LINE_WIDTH / 3 : 0;
	*to = *from + LINE_WIDTH < len ? *from + LINE_WIDTH : len;
}

/* Do not begin or end inside a multi-byte character. */
static void align_window(const char *line, size_t len, size_t *from, size_t *to)
{
	while (*from > 0 && ((unsigned char)line[*from] & 0xc0) == 0x80)
		--*from;
	while (*to < len && ((unsigned char)line[*to] & 0xc0) == 0x80)
		++*to;
}

/* The source line and the marks under bytes [start, end) of it. */
static void put_source(struct buf *out, const char *line, size_t len, size_t start, size_t end,
		       const struct style *st)
{
	unsigned before = 0, under = 0, w;
	size_t from, to, i, bytes;

	window(len, start, end, &from, &to);
	align_window(line, len, &from, &to);
	buf_printf(out, "  %s", from > 0 ? "..." : "");
	if (from > 0)
		before += 3;
	for (i = from; i < to; i += bytes) {
		w = put_visible(out, line + i, to - i, &bytes);
		if (i < start)
			before += w;
		else if (i < end)
			under += w;
	}
	buf_printf(out, "%s\n  %*s%s", to < len ? "..." : "", (int)before, "", st->mark);
	do
		buf_u8(out, '~');
	while (under-- > 1);
	buf_printf(out, "%s\n", st->end);
}

/* Text whose further lines (a verifier log, say) are indented. */
static void put_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		buf_u8(out, (uint8_t)*text);
		if (*text == '\n' && text[1])
			buf_printf(out, "  ");
	}
}

char *diag_render(const struct sources *s, const struct diag *d, bool color)
{
	struct style st = style_of(d->level, color);
	const struct source *src = sources_get(s, d->loc);
	struct position start, end;
	struct buf out = { 0 };
	char place[512];
	size_t len, first, last;
	const char *line, *rest;

	loc_print(s, d->loc, place, sizeof(place));
	rest = strchr(d->message, '\n');
	len = rest ? (size_t)(rest - d->message) : strlen(d->message);
	buf_printf(&out, "%sbcct: %s%s%s%s:%s %s%.*s%s  %s[%s]%s\n", st.bold, place,
		   *place ? ": " : "", st.level, diag_level_name(d->level), st.end, st.bold,
		   (int)len, d->message, st.end, st.faint, diag_tag_name(d->tag), st.end);
	if (src) {
		loc_range(s, d->loc, &start, &end);
		line = source_line(src, start.line, &len);
		first = start.column - 1 < len ? start.column - 1 : len;
		/* a range over several lines is marked to the end of its first */
		last = end.line == start.line && end.column < len ? end.column : len;
		put_source(&out, line, len, first, last, &st);
	}
	if (rest && rest[1]) {
		buf_printf(&out, "  ");
		put_text(&out, rest + 1);
		if (out.data[out.len - 1] != '\n')
			buf_u8(&out, '\n');
	}
	if (d->hint) {
		buf_printf(&out, "  %shint:%s ", st.hint, st.end);
		put_text(&out, d->hint);
		buf_u8(&out, '\n');
	}
	buf_u8(&out, '\0');
	return (char *)out.data;
}
