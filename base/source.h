/*
 * Source buffers and locations. A struct loc is 8 bytes and sits in every
 * token, node, action and fail site.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define SOURCE_MAX_BYTES ((1u << 24) - 1)
#define SOURCE_MAX_FILES 255

/* Byte range in a source buffer. file 0 means "no location". */
struct loc {
	uint32_t file : 8, offset : 24;
	uint32_t length;
};

#define LOC_NONE ((struct loc){0, 0, 0})

struct source {
	const char *name; /* path, "stdin", or "" for -e text */
	const char *text; /* NUL-terminated copy, owned by the arena */
	uint32_t len;
	uint32_t *lines; /* offset of the start of each line */
	uint32_t nlines;
};

struct sources {
	struct arena *arena;
	struct source file[SOURCE_MAX_FILES + 1]; /* [0] is unused */
	unsigned n;                               /* number of files, 1..n are valid */
};

/* line and column are 1-based; columns count bytes. */
struct position {
	unsigned line, column;
};

/*
 * Registers a buffer (copied). Returns its file number (1..255), or -EFBIG when
 * it is longer than SOURCE_MAX_BYTES, or -ENOSPC when there are too many files.
 */
int sources_add(struct sources *s, const char *name, const char *text, size_t len);
const struct source *sources_get(const struct sources *s, struct loc loc); /* NULL for none */
struct position source_position(const struct source *src, uint32_t offset);
/* The text of a 1-based line without its newline; *len receives its length. */
const char *source_line(const struct source *src, unsigned line, size_t *len);
/* The smallest range that covers both. */
struct loc loc_join(struct loc a, struct loc b);
/* First and last position of a range (inclusive). False, and zeroes, without a location. */
bool loc_range(const struct sources *s, struct loc loc, struct position *start,
	       struct position *end);
/* "1:23-27", "foo.bt:3:1-4", "1:5", "1:5-3:2" over several lines; "" without a location. */
void loc_print(const struct sources *s, struct loc loc, char *text, size_t size);

#endif
