/*
 * Headers of user space as a source of types, enumerators and macros, read by
 * libclang. It is opened when the first name is asked for, and not at all when
 * no header was added. User definitions come first (types/defined.h asks here).
 */
#ifndef TYPES_HEADERS_H
#define TYPES_HEADERS_H

#include "base/diag.h"
#include "types/type.h"

/*
 * A line of C: an #include, found at loc, or a #define that stands before it. The same line
 * twice counts once. What is wrong with the header is reported to diags when it is read: as an
 * error, or as a warning when the header is only tried.
 */
void headers_add(struct types *ts, struct diags *diags, struct loc loc, const char *line,
		 bool tried);
/* A directory for #include. Those of the system need not be added. */
void headers_dir(struct types *ts, const char *dir);
bool headers_any(const struct types *ts);
/* "NAME(a, b) body" of a macro, as behind #define; NULL when there is none. */
const char *headers_macro(struct types *ts, const char *name);
/* A header was to be read, and there is no libclang or it found errors. */
bool headers_failed(const struct types *ts);

/* For types/: a typedef, "struct tag" …; NULL when no header has it. */
const struct type *headers_type(struct types *ts, const char *name);
bool headers_enumerator(struct types *ts, const char *name, int64_t *value,
			const struct type **type);
/* Fills the members of a struct that came from here. */
void headers_members(struct types *ts, struct type *t);
void headers_close(struct types *ts);

#endif
