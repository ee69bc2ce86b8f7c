/*
 * Numbers, characters and strings of C: from their spelling to nodes with C's
 * types. Called by tokens.c, and by the check for the constants of headers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parser/c/parse.h"

struct suffix {
	bool is_unsigned;
	unsigned longs;
	bool bad;
};

static struct suffix read_suffix(const char *s)
{
	struct suffix x = {0};

	for (; *s; s++) {
		if (*s == 'u' || *s == 'U')
			x.is_unsigned = true;
		else if (*s == 'l' || *s == 'L')
			x.longs++;
		else
			x.bad = true;
	}
	x.bad |= x.longs > 2;
	return x;
}

bool c_number_text(struct compile *c, const char *text, struct node *out)
{
	bool negative = *text == '-', decimal;
	struct suffix x;
	uint64_t v;
	char *end;

	text += negative;
	decimal = text[0] != '0';
	errno = 0;
	if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B'))
		v = strtoull(text + 2, &end, 2);
	else
		v = strtoull(text, &end, 0);
	x = read_suffix(end);
	if (end == text || x.bad || errno)
		return false;
	out->num.value = negative ? -v : v;
	/* the first of int, unsigned, long, unsigned long that holds it; decimals stay signed */
	if (!x.longs && !x.is_unsigned && v <= INT32_MAX)
		out->type = type_int(c->types, 4, true);
	else if (!x.longs && v <= UINT32_MAX && (x.is_unsigned || !decimal))
		out->type = type_int(c->types, 4, false);
	else
		out->type = type_int(c->types, 8, !x.is_unsigned && v <= INT64_MAX);
	out->num.is_unsigned = !out->type->is_signed;
	return true;
}

struct node *c_number(struct c_parser *p, const struct cpp_token *t)
{
	struct node *n = c_node(p, N_NUM, (struct c_place){t->loc, t->expansion});

	if (c_number_text(p->c, t->text, n))
		return n;
	n->type = type_int(p->c->types, 4, true);
	if (errno == ERANGE)
		cpp_error(p->cpp, t, NUMBER, "the number does not fit in 64 bits");
	else if (strpbrk(t->text, ".eEpP") && strncmp(t->text, "0x", 2) != 0)
		cpp_error(p->cpp, t, NUMBER, "BPF has no floating point");
	else
		cpp_error(p->cpp, t, NUMBER, "'%s' is not a number", t->text);
	return n;
}

/* The byte of an escape sequence behind its backslash; *s moves behind it. */
static unsigned escape(const char **s)
{
	static const char from[] = "abfnrtve", to[] = "\a\b\f\n\r\t\v\033";
	const char *f = **s ? strchr(from, **s) : NULL;
	unsigned v = 0, n = 0;

	if (**s == 'x') {
		for (++*s; n < 2 && **s && strchr("0123456789abcdefABCDEF", **s); n++, ++*s)
			v = v * 16 + (unsigned)(**s <= '9' ? **s - '0' : (**s | 32) - 'a' + 10);
		return v;
	}
	if (**s >= '0' && **s <= '7') {
		for (; n < 3 && **s >= '0' && **s <= '7'; n++, ++*s)
			v = v * 8 + (unsigned)(**s - '0');
		return v & 0xff;
	}
	v = f ? (unsigned char)to[f - from] : (unsigned char)**s;
	++*s;
	return v;
}

struct node *c_character(struct c_parser *p, const struct cpp_token *t)
{
	struct node *n = c_node(p, N_NUM, (struct c_place){t->loc, t->expansion});
	const char *s = strchr(t->text, '\'') + 1;
	unsigned v = 0;

	while (*s && *s != '\'') {
		unsigned byte = (unsigned char)*s++;

		if (byte == '\\')
			byte = escape(&s);
		v = v << 8 | byte;
	}
	n->num.value = (uint64_t)(int64_t)(v < 256 ? (int8_t)v : (int32_t)v);
	n->type = type_int(p->c->types, 4, true);
	return n;
}

struct node *c_string(struct c_parser *p, struct cpp_token *t, struct cpp_token **end)
{
	struct node *n = c_node(p, N_STR, (struct c_place){t->loc, t->expansion});
	struct buf b = {0};

	for (; t->kind == CPP_STRING; t = t->next) {
		const char *s = strchr(t->text, '"') + 1, *last = t->text + t->len - 1;

		while (s < last) {
			unsigned byte = (unsigned char)*s++;

			buf_u8(&b, (uint8_t)(byte == '\\' ? escape(&s) : byte));
		}
		if (t->expansion == n->expansion)
			n->loc = loc_join(n->loc, t->loc);
	}
	n->str.len = (uint32_t)b.len;
	n->str.text = arena_strndup(p->arena, b.data ? (char *)b.data : "", b.len);
	n->type = type_string(p->c->types, n->str.len + 1);
	buf_free(&b);
	*end = t;
	return n;
}
