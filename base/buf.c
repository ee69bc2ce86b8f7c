/*
 * Byte buffers: the writer grows, the reader checks. Used for the manifest, for
 * what crosses the process boundary, and for text output.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* Room for n more bytes. */
static void reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;

	if (n <= b->cap - b->len)
		return;
	if (n > SIZE_MAX / 2 - b->len)
		abort();
	while (cap - b->len < n)
		cap *= 2;
	b->data = realloc(b->data, cap);
	if (!b->data)
		abort();
	b->cap = cap;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	if (!n)
		return;
	reserve(b, n);
	memcpy(b->data + b->len, p, n);
	b->len += n;
}

void buf_u8(struct buf *b, uint8_t v)
{
	buf_put(b, &v, sizeof(v));
}

void buf_u32(struct buf *b, uint32_t v)
{
	buf_put(b, &v, sizeof(v));
}

void buf_u64(struct buf *b, uint64_t v)
{
	buf_put(b, &v, sizeof(v));
}

/* u32 length + 1 (0: absent), then the bytes */
void buf_str(struct buf *b, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	buf_u32(b, s ? (uint32_t)n + 1 : 0);
	buf_put(b, s, n);
}

void buf_blob(struct buf *b, const void *p, uint32_t n)
{
	buf_u32(b, n);
	buf_put(b, p, n);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	/* most texts are short: one pass will do */
	reserve(b, 64);
	n = vsnprintf((char *)b->data + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n >= b->cap - b->len) {
		reserve(b, (size_t)n + 1);
		vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, again);
	}
	if (n > 0)
		b->len += (size_t)n;
	va_end(again);
}

void buf_free(struct buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

/* The next n bytes, or NULL when they are not there. */
static const uint8_t *take(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || n > (size_t)(r->end - r->p)) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	return p;
}

uint8_t read_u8(struct reader *r)
{
	const uint8_t *p = take(r, 1);

	return p ? *p : 0;
}

uint32_t read_u32(struct reader *r)
{
	const uint8_t *p = take(r, 4);
	uint32_t v = 0;

	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

uint64_t read_u64(struct reader *r)
{
	const uint8_t *p = take(r, 8);
	uint64_t v = 0;

	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

char *read_str(struct reader *r, struct arena *a)
{
	uint32_t n = read_u32(r);
	const uint8_t *p;

	if (!n)
		return NULL;
	p = take(r, n - 1);
	return p ? arena_strndup(a, (const char *)p, n - 1) : NULL;
}

const void *read_blob(struct reader *r, uint32_t *n)
{
	const uint8_t *p;

	*n = read_u32(r);
	p = take(r, *n);
	if (!p)
		*n = 0;
	return p;
}

uint32_t read_count(struct reader *r, uint32_t min)
{
	uint32_t n = read_u32(r);

	if (r->bad || (uint64_t)n * (min ? min : 1) > (uint64_t)(r->end - r->p)) {
		r->bad = true;
		return 0;
	}
	return n;
}
