/*
 * The run-time printf, called by the units that take a format: directives come
 * from base/format.c, integers are printed by the C library, everything else as
 * value_text.c writes it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "lib/printf_rt.h"
#include "lib/value_text.h"

struct render {
	struct rt *rt;
	struct buf *out;
	struct value_text value;
	struct buf scratch;
};

/* ---- arguments ------------------------------------------------------------ */

/* The first number among a value's events. */
struct number {
	bool found;
	int64_t v;
};

static void take_number(void *user, const struct bcct_event *e)
{
	struct number *n = user;

	if (n->found)
		return;
	n->found = true;
	switch (e->kind) {
	case BCCT_EV_INT:
	case BCCT_EV_ENUM: n->v = e->i; break;
	case BCCT_EV_UINT:
	case BCCT_EV_BOOL:
	case BCCT_EV_POINTER:
	case BCCT_EV_SYMBOL: n->v = (int64_t)e->u; break;
	case BCCT_EV_STATS: n->v = e->i; break;
	default: n->found = false; break;
	}
}

struct text_sink {
	struct value_text *value;
	struct buf *out;
};

static void take_text(void *user, const struct bcct_event *e)
{
	struct text_sink *t = user;

	value_text_event(t->value, t->out, e);
}

/* ---- output --------------------------------------------------------------- */

static void put_padded(struct buf *out, const struct format_piece *p, const void *text, size_t len)
{
	size_t width = p->width > 0 ? (size_t)p->width : 0;
	int pad = width > len ? (int)(width - len) : 0;
	bool left = strchr(p->flags, '-') != NULL;

	if (!left && pad)
		buf_printf(out, "%*s", pad, "");
	buf_put(out, text, len);
	if (left && pad)
		buf_printf(out, "%*s", pad, "");
}

/* Without a length a number has 32 bits, as in C. */
static int64_t cut(int64_t v, enum format_length length, bool is_signed)
{
	uint64_t u = (uint64_t)v;

	switch (length) {
	case FL_HH: return is_signed ? (int64_t)(int8_t)u : (int64_t)(uint8_t)u;
	case FL_H: return is_signed ? (int64_t)(int16_t)u : (int64_t)(uint16_t)u;
	case FL_NONE: return is_signed ? (int64_t)(int32_t)u : (int64_t)(uint32_t)u;
	default: return v;
	}
}

static void put_number(struct render *r, const struct format_piece *p, int64_t v)
{
	bool is_signed = p->conv == 'd' || p->conv == 'i';
	char spec[32], *q = spec;
	const char *f;

	*q++ = '%';
	/* only the flags that mean something with this conversion */
	for (f = p->flags; *f; f++)
		if (*f == '-' || *f == '0' || (*f == '#' && !is_signed && p->conv != 'u') ||
		    ((*f == '+' || *f == ' ') && is_signed))
			*q++ = *f;
	if (p->width >= 0)
		q += sprintf(q, "%d", p->width);
	if (p->precision >= 0)
		q += sprintf(q, ".%d", p->precision);
	*q++ = 'j';
	*q++ = p->conv;
	*q = '\0';
	v = cut(v, p->length, is_signed);
	if (is_signed)
		buf_printf(r->out, spec, (intmax_t)v);
	else
		buf_printf(r->out, spec, (uintmax_t)v);
}

static void put_pointer(struct render *r, const struct format_piece *p, uint64_t v)
{
	char text[24];
	int n = v ? snprintf(text, sizeof(text), "0x%" PRIx64, v) :
		    snprintf(text, sizeof(text), "(nil)");

	put_padded(r->out, p, text, (size_t)n);
}

/* Any value as its text. */
static void put_text(struct render *r, const struct format_piece *p, const struct schema *s,
		     const uint8_t *data)
{
	struct text_sink sink = { &r->value, &r->scratch };
	size_t len;

	r->scratch.len = 0;
	value_text_reset(&r->value, false, false);
	rt_decode(r->rt, s, data, (struct rt_sink){ take_text, &sink });
	len = r->scratch.len;
	if (p->precision >= 0 && (size_t)p->precision < len)
		len = (size_t)p->precision;
	put_padded(r->out, p, r->scratch.data, len);
}

/* The bytes of a buffer or string; false for other kinds. */
static bool bytes_of(const struct schema *s, const uint8_t *data, const uint8_t **p, size_t *n)
{
	uint32_t len;

	if (s->kind == SC_STRING) {
		*p = data;
		*n = strnlen((const char *)data, s->size);
		if (*n && *n == s->size && data[*n - 1] == STRING_CUT)
			--*n;
		return true;
	}
	if (s->kind == SC_ARRAY && s->nfields == 1 && s->fields[0]->size == 1) {
		*p = data;
		*n = s->count < s->size ? s->count : s->size;
		return true;
	}
	if (s->kind != SC_BUFFER || s->size < 4)
		return false;
	memcpy(&len, data, sizeof(len));
	*p = data + 4;
	*n = len < s->size - 4 ? len : s->size - 4;
	return true;
}

static bool put_raw(struct render *r, const struct format_piece *p, const struct schema *s,
		    const uint8_t *data)
{
	const uint8_t *bytes;
	size_t n, i;

	if (!bytes_of(s, data, &bytes, &n))
		return false;
	if (p->precision >= 0 && (size_t)p->precision < n)
		n = (size_t)p->precision;
	r->scratch.len = 0;
	if (!p->sub)
		value_text_buffer(&r->scratch, (const char *)bytes, n);
	for (i = 0; p->sub && i < n; i++)
		buf_printf(&r->scratch, p->sub == 'x' ? "\\x%02x" : i ? " %02x" : "%02x", bytes[i]);
	put_padded(r->out, p, r->scratch.data, r->scratch.len);
	return true;
}

static bool put_directive(struct render *r, const struct format_piece *p, const struct schema *s,
			  const uint8_t *data)
{
	struct number n = { 0 };
	char c;

	if (p->conv == 's') {
		put_text(r, p, s, data);
		return true;
	}
	if (p->conv == 'r')
		return put_raw(r, p, s, data);
	rt_decode(r->rt, s, data, (struct rt_sink){ take_number, &n });
	if (!n.found)
		return false;
	if (p->conv == 'c') {
		c = (char)n.v;
		put_padded(r->out, p, &c, 1);
	} else if (p->conv == 'p') {
		put_pointer(r, p, (uint64_t)n.v);
	} else {
		put_number(r, p, n.v);
	}
	return true;
}

/* Field i and where it lies, if it lies inside. */
static const struct schema *argument(const struct schema *args, uint32_t i)
{
	const struct schema *s;

	if (!args || i >= args->nfields)
		return NULL;
	s = args->fields[i];
	return (uint64_t)s->offset + s->size <= args->size ? s : NULL;
}

void printf_render(struct rt *rt, struct buf *out, const char *fmt, size_t len,
		   const struct schema *args, const uint8_t *data)
{
	struct render r = { .rt = rt, .out = out };
	struct format_piece p;
	size_t pos = 0;
	uint32_t i = 0;
	int more;

	while (fmt && (more = format_next(fmt, len, &pos, &p)) != 0) {
		const struct schema *s;

		buf_put(out, p.text, p.len);
		if (more > 0 && !p.directive)
			continue;
		s = argument(args, i++);
		if (more < 0 || !s || !data || !put_directive(&r, &p, s, data + s->offset))
			buf_printf(out, "!{err}");
	}
	value_text_free(&r.value);
	buf_free(&r.scratch);
}
