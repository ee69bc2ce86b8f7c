/*
 * Format strings against their arguments, for every unit that takes one. An
 * error about a directive points at it inside the literal.
 */
#include <ctype.h>
#include <string.h>

#include "base/format.h"
#include "parser/check/internal.h"

/* Source bytes of one character of a literal: 1, or the length of an escape. */
static uint32_t source_bytes(const char *p, const char *end)
{
	uint32_t n;

	if (*p != '\\' || p + 1 == end)
		return 1;
	if (p[1] == 'x') {
		for (n = 2; n < 4 && p + n < end && isxdigit((unsigned char)p[n]); n++)
			;
		return n;
	}
	if (p[1] < '0' || p[1] > '7')
		return 2;
	for (n = 1; n < 4 && p + n < end && p[n] >= '0' && p[n] <= '7'; n++)
		;
	return n;
}

/* Where bytes offset … offset + span of a literal's value stand in the source. */
static struct loc literal_loc(struct check *k, const struct node *literal, size_t offset,
			      size_t span)
{
	const struct source *src = sources_get(&k->c->sources, literal->loc);
	struct loc loc = literal->loc;
	const char *p, *end, *first = NULL;
	size_t i;

	if (!src || (uint64_t)loc.offset + loc.length > src->len || loc.length < 2 ||
	    src->text[loc.offset] != '"')
		return loc;
	p = src->text + loc.offset + 1;
	end = src->text + loc.offset + loc.length - 1;
	for (i = 0; i < offset + span && p < end; i++) {
		if (i == offset)
			first = p;
		p += source_bytes(p, end);
	}
	if (!first || i < offset + span)
		return loc;
	loc.offset = (uint32_t)(first - src->text) & 0xffffff;
	loc.length = (uint32_t)(p - first);
	return loc;
}

static bool fits_integer(const struct type *t)
{
	return type_is_integer(t) || t->kind == TY_PTR;
}

static bool fits(const struct format_piece *piece, const struct type *t)
{
	switch (piece->conv) {
	case 's': return t->kind != TY_AGG; /* whatever can be printed has a text form */
	case 'r':
		return t->kind == TY_BUFFER || t->kind == TY_STRING ||
		       (t->kind == TY_ARRAY && t->elem->size == 1);
	default: return fits_integer(t);
	}
}

static void mismatch(struct check *k, const struct node *format, const struct format_piece *p,
		     const struct node *arg)
{
	const struct type *t = arg->type;

	diag_error(&k->c->diags, FORMAT, literal_loc(k, format, p->offset, p->span),
		   "'%.*s' does not fit %s", (int)p->span, format->str.text + p->offset,
		   check_print(k, t));
	check_hint(k, p->conv == 'r' ? "%%r prints buffers" : "%%s prints it");
}

/* Is an argument something that can be printed by a format at all? */
static bool check_value(struct check *k, struct node *arg)
{
	const struct map *m;

	if (check_poisoned(arg->type))
		return false;
	if (arg->kind != N_MAP)
		return true;
	m = arg->map.map;
	if (!arg->map.keyed && m->nkeys) {
		check_error(k, arg, MAP_KEY, "'%s' has keys; a value is expected here", m->name);
		check_hint(k, "print(%s) prints the whole map", m->name);
		return false;
	}
	if (arg->type->kind == TY_AGG)
		check_map_read(k, arg); /* its number, if it has one */
	return !check_poisoned(arg->type);
}

static void check_piece(struct check *k, const struct node *format, const struct format_piece *p,
			struct node *arg, unsigned number)
{
	struct loc loc = literal_loc(k, format, p->offset, p->span);
	const char *text = format->str.text + p->offset;

	if (!arg)
		diag_error(&k->c->diags, FORMAT, loc, "there is no argument %u for '%.*s'", number,
			   (int)p->span, text);
	else if (check_value(k, arg) && !fits(p, arg->type))
		mismatch(k, format, p, arg);
}

static void malformed(struct check *k, const struct node *format, const struct format_piece *p)
{
	const char *text = format->str.text + p->offset;
	size_t span = p->span, left = format->str.len - p->offset;

	if (span > 1 && !isgraph((unsigned char)text[span - 1]))
		span--;
	/* up to the letter that was taken for the conversion */
	while (span < left && !isalpha((unsigned char)text[span - 1]) &&
	       isgraph((unsigned char)text[span]))
		span++;
	diag_error(&k->c->diags, FORMAT, literal_loc(k, format, p->offset, span),
		   "'%.*s' is not a format directive", (int)span, text);
	if (p->star_width || p->star_precision)
		check_hint(k, "a width that is an argument is not supported");
	else
		check_hint(k, "%%%% prints a percent sign");
}

void check_format(struct check *k, struct node *call, const struct node *format,
		  struct node *first)
{
	struct format_piece piece;
	struct node *arg = first;
	unsigned number = 0;
	size_t pos = 0;
	int more;

	if (format->kind != N_STR)
		return; /* reported against the prototype */
	if (node_count(first) > CHECK_MAX_FORMAT_ARGS)
		check_error(k, call, TOO_LARGE, "'%s' takes at most %d values", call->call.name,
			    CHECK_MAX_FORMAT_ARGS);
	while ((more = format_next(format->str.text, format->str.len, &pos, &piece)) > 0) {
		if (!piece.directive)
			continue;
		if (arg && arg->kind == N_POSITIONAL && piece.conv == 's')
			check_positional(k, arg, true);
		check_piece(k, format, &piece, arg, ++number);
		if (arg)
			arg = arg->next;
	}
	if (more < 0) {
		malformed(k, format, &piece);
		return;
	}
	for (; arg; arg = arg->next)
		check_error(k, arg, FORMAT, "no directive prints this argument");
}
