/*
 * The one parser of printf formats: the check asks it whether the arguments
 * match, lib/printf_rt.c prints with it.
 */
#include <string.h>

#include "base/format.h"

#define MAX_WIDTH 4095

/* Decimal digits at *p; -1 when the number is beyond any sensible width. */
static int digits(const char *fmt, size_t len, size_t *p)
{
	int n = 0;

	while (*p < len && fmt[*p] >= '0' && fmt[*p] <= '9') {
		n = n * 10 + (fmt[*p] - '0');
		if (n > MAX_WIDTH)
			return -1;
		++*p;
	}
	return n;
}

static void parse_flags(const char *fmt, size_t len, size_t *p, struct format_piece *piece)
{
	size_t n = 0;

	for (; *p < len && fmt[*p] && strchr("-+ #0", fmt[*p]); ++*p) {
		/* a repeated flag means the same */
		if (memchr(piece->flags, fmt[*p], n))
			continue;
		piece->flags[n++] = fmt[*p];
		piece->flags[n] = '\0';
	}
}

static enum format_length parse_length(const char *fmt, size_t len, size_t *p)
{
	char c = *p < len ? fmt[*p] : '\0';

	if (c == '\0' || !strchr("hljztL", c))
		return FL_NONE;
	++*p;
	if (*p < len && fmt[*p] == c && (c == 'h' || c == 'l')) {
		++*p;
		return c == 'h' ? FL_HH : FL_LL;
	}
	return c == 'h' ? FL_H : c == 'l' ? FL_L : c == 'j' ? FL_J : FL_Z;
}

/* From behind the '%' to the end of the directive; -1 when malformed. */
static int parse_directive(const char *fmt, size_t len, size_t *p, struct format_piece *piece)
{
	parse_flags(fmt, len, p, piece);
	if (*p < len && fmt[*p] == '*') {
		piece->star_width = true;
		++*p;
		return -1;
	}
	if (*p < len && fmt[*p] >= '0' && fmt[*p] <= '9') {
		piece->width = digits(fmt, len, p);
		if (piece->width < 0)
			return -1;
	}
	if (*p < len && fmt[*p] == '.') {
		++*p;
		if (*p < len && fmt[*p] == '*') {
			piece->star_precision = true;
			++*p;
			return -1;
		}
		piece->precision = digits(fmt, len, p);
		if (piece->precision < 0)
			return -1;
	}
	piece->length = parse_length(fmt, len, p);
	if (*p >= len || !fmt[*p] || !strchr("diouxXcspr", fmt[*p])) {
		*p += *p < len; /* what is wrong belongs to it */
		return -1;
	}
	piece->conv = fmt[(*p)++];
	if (piece->conv == 'r' && *p < len && (fmt[*p] == 'x' || fmt[*p] == 'h'))
		piece->sub = fmt[(*p)++];
	piece->directive = true;
	return 0;
}

int format_next(const char *fmt, size_t len, size_t *pos, struct format_piece *piece)
{
	size_t p = *pos;
	int err;

	memset(piece, 0, sizeof(*piece));
	piece->width = piece->precision = -1;
	if (p >= len)
		return 0;
	piece->text = fmt + p;
	while (p < len && fmt[p] != '%')
		p++;
	piece->len = p - *pos;
	piece->offset = p;
	if (p >= len) {
		*pos = p;
		return 1;
	}
	if (p + 1 < len && fmt[p + 1] == '%') {
		/* the literal text takes in the first of the two */
		piece->len++;
		piece->span = 2;
		*pos = p + 2;
		return 1;
	}
	p++;
	err = parse_directive(fmt, len, &p, piece);
	piece->span = p - piece->offset;
	*pos = p;
	return err ? -1 : 1;
}
