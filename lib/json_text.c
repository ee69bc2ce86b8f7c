/* Strings and numbers of JSON; used by lib/output/json.c. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lib/json_text.h"

static void put_escaped(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"': buf_printf(out, "\\\""); break;
	case '\\': buf_printf(out, "\\\\"); break;
	case '\n': buf_printf(out, "\\n"); break;
	case '\r': buf_printf(out, "\\r"); break;
	case '\t': buf_printf(out, "\\t"); break;
	default: buf_printf(out, "\\u%04x", c); break;
	}
}

void json_string(struct buf *out, const char *s, size_t len)
{
	size_t i, n, plain;

	buf_u8(out, '"');
	for (i = 0; i < len; i += n) {
		unsigned char c = (unsigned char)s[i];

		n = 1;
		if (c < 0x20 || c == '"' || c == '\\') {
			put_escaped(out, c);
			continue;
		}
		/* as much as needs no change at once */
		for (plain = i; plain < len; plain += n) {
			c = (unsigned char)s[plain];
			if (c < 0x20 || c == '"' || c == '\\')
				break;
			n = utf8_length(s + plain, len - plain);
			if (!n)
				break;
		}
		buf_put(out, s + i, plain - i);
		n = plain - i;
		if (!n) {
			buf_printf(out, "\\ufffd");
			n = 1;
		}
	}
	buf_u8(out, '"');
}

/* A double holds 53 bits and any power of two times that. */
static int fits_double(uint64_t v)
{
	return v == 0 || (v >> __builtin_ctzll(v)) >> 53 == 0;
}

void json_int(struct buf *out, int64_t v)
{
	uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	buf_printf(out, fits_double(size) ? "%" PRId64 : "\"%" PRId64 "\"", v);
}

void json_uint(struct buf *out, uint64_t v)
{
	buf_printf(out, fits_double(v) ? "%" PRIu64 : "\"%" PRIu64 "\"", v);
}

/* The number that ends before *end, behind a ':'; moves *end to the ':' or start. */
static unsigned number_before(const char *where, size_t *end)
{
	size_t i = *end;

	while (i > 0 && where[i - 1] >= '0' && where[i - 1] <= '9')
		i--;
	*end = i;
	return (unsigned)strtoul(where + i, NULL, 10);
}

struct json_place json_place(const char *where)
{
	struct json_place p = { 0, 0, 0 };
	const char *dash = strrchr(where, '-');
	size_t end = strlen(where);

	if (!end)
		return p;
	/* the end of the range */
	if (dash && strspn(dash + 1, "0123456789:") == strlen(dash + 1))
		end = (size_t)(dash - where);
	p.column = number_before(where, &end);
	if (!end || where[end - 1] != ':') {
		p.file_len = strlen(where);
		p.column = 0;
		return p;
	}
	end--;
	p.line = number_before(where, &end);
	p.file_len = end && where[end - 1] == ':' ? end - 1 : 0;
	return p;
}
