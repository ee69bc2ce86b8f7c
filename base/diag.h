/*
 * Diagnostics: collected, never printed. Each has a stable tag from the one
 * table in diag_tags.h, a byte range, and at most one hint. The library hands
 * them to the caller's callback; the command line renders them.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/source.h"

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

enum diag_tag {
#define TAG(id, name, about) TAG_##id,
#include "base/diag_tags.h"
#undef TAG
	TAG_COUNT,
};

struct diag {
	enum diag_level level;
	enum diag_tag tag;
	struct loc loc;
	char *message, *hint; /* hint may be NULL */
	struct diag *next;
};

struct diags {
	struct arena *arena;
	struct sources *sources;
	struct diag *first, *last;
	unsigned errors, warnings;
	bool dropped; /* the one added last was only counted (too many, or said before) */
};

/* Adds a diagnostic; the location may be LOC_NONE. Past 50 errors further ones are only counted. */
void diag_add(struct diags *d, enum diag_level level, enum diag_tag tag, struct loc loc,
	      const char *fmt, ...) __attribute__((format(printf, 5, 6)));
#define diag_error(d, tag, loc, ...) diag_add(d, DIAG_ERROR, TAG_##tag, loc, __VA_ARGS__)
#define diag_warn(d, tag, loc, ...) diag_add(d, DIAG_WARNING, TAG_##tag, loc, __VA_ARGS__)
/* Attaches a hint to the diagnostic added last. */
void diag_hint(struct diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

const char *diag_tag_name(enum diag_tag tag);  /* "unknown-function" */
const char *diag_tag_about(enum diag_tag tag); /* one sentence for the manual */
const char *diag_level_name(enum diag_level level);

/*
 * The text of a diagnostic, several lines, each ended by a newline, malloc'ed:
 *	bcct: 1:23-27: error: unknown function 'histt'  [unknown-function]
 *	  kprobe:vfs_read < @ = histt(arg2) >
 *	                        ~~~~~
 *	  hint: did you mean 'hist'?
 * Columns are 1-based and inclusive; a file name stands before the line; long
 * source lines are cut around the range; tabs and control bytes are made visible.
 */
char *diag_render(const struct sources *s, const struct diag *d, bool color);

#endif
