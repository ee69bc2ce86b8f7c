/*
 * Parsing of tracepoint format files, without types. Called by types/tracefs.c
 * for the compiler and by lib/probe_rt.c for listings.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/tpformat.h"

#define FORMAT_MAX_BYTES (1u << 20)

char *tpformat_read(const char *path, size_t *len)
{
	size_t n = 0, cap = 4096;
	char *text = malloc(cap);
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	ssize_t r;

	if (fd < 0 || !text) {
		err = errno;
		goto out;
	}
	while ((r = read(fd, text + n, cap - n - 1)) > 0) {
		char *more;

		n += (size_t)r;
		if (n + 1 < cap)
			continue;
		more = cap < FORMAT_MAX_BYTES ? realloc(text, cap * 2) : NULL;
		if (!more) {
			err = EFBIG;
			goto out;
		}
		text = more;
		cap *= 2;
	}
	if (r < 0)
		err = errno;
out:
	if (fd >= 0)
		close(fd);
	if (err || !text) {
		free(text);
		errno = err ? err : ENOMEM;
		return NULL;
	}
	text[n] = 0;
	if (len)
		*len = n;
	return text;
}

/* The number after "key:" in [p, end), or 0. */
static uint32_t number_after(const char *p, const char *end, const char *key)
{
	size_t n = strlen(key);

	for (; p + n < end; p++)
		if (memcmp(p, key, n) == 0)
			return (uint32_t)strtoul(p + n, NULL, 0);
	return 0;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* "unsigned long args[6]" -> declaration, name, count. */
static bool split_decl(const char *p, const char *end, struct tp_line *out)
{
	static const char *const locs[] = { "__data_loc ", "__rel_loc " };
	const char *name_end;
	size_t i;

	for (i = 0; i < 2; i++) {
		size_t n = strlen(locs[i]);

		if ((size_t)(end - p) > n && memcmp(p, locs[i], n) == 0) {
			p += n;
			out->data_loc = i == 0;
			out->rel_loc = i == 1;
			break;
		}
	}
	while (end > p && end[-1] == ' ')
		end--;
	name_end = end;
	if (end > p && end[-1] == ']') {
		const char *open = end - 1;

		while (open > p && *open != '[')
			open--;
		out->is_array = true;
		out->count = (uint32_t)strtoul(open + 1, NULL, 0);
		name_end = open;
	}
	out->name = name_end;
	while (out->name > p && is_word(out->name[-1]))
		out->name--;
	out->name_len = (size_t)(name_end - out->name);
	out->decl = p;
	end = out->name;
	while (end > p && end[-1] == ' ')
		end--;
	/* "char[] name": the brackets stand with the type when the length is dynamic */
	if (end - p > 2 && end[-1] == ']' && end[-2] == '[') {
		out->is_array = true;
		end -= 2;
	}
	out->decl_len = (size_t)(end - p);
	return out->name_len && out->decl_len;
}

bool tpformat_next(const char **pos, struct tp_line *out)
{
	const char *p = *pos;

	while (*p) {
		const char *end = strchrnul(p, '\n'), *next = *end ? end + 1 : end, *semi;

		*pos = next;
		while (p < end && isspace((unsigned char)*p))
			p++;
		if (end - p > 6 && memcmp(p, "field:", 6) == 0) {
			p += 6;
			semi = memchr(p, ';', (size_t)(end - p));
			memset(out, 0, sizeof(*out));
			if (semi && split_decl(p, semi, out)) {
				out->offset = number_after(semi, end, "offset:");
				out->size = number_after(semi, end, "size:");
				out->is_signed = number_after(semi, end, "signed:");
				out->common = out->name_len > 7 && !memcmp(out->name, "common_", 7);
				return true;
			}
		}
		p = next;
	}
	*pos = p;
	return false;
}

uint32_t tpformat_id(const char *text)
{
	const char *p = strncmp(text, "ID:", 3) == 0 ? text : strstr(text, "\nID:");

	if (!p)
		return 0;
	return (uint32_t)strtoul(strchr(p, ':') + 1, NULL, 10);
}
