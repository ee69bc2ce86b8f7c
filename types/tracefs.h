/*
 * Tracepoint formats from tracefs (or its mount under debugfs): names, types and
 * offsets of an event's fields, and the list of events.
 */
#ifndef TYPES_TRACEFS_H
#define TYPES_TRACEFS_H

#include "base/tpformat.h" /* tracefs_path() */
#include "types/type.h"

struct tp_field {
	const char *name;
	const char *decl;         /* as the kernel spells it: "const char *" */
	uint32_t offset, size, count;
	bool is_signed, is_array, data_loc, rel_loc;
	bool slot; /* argument of a system call: in an 8-byte slot, whatever its type */
};
struct tp_format {
	uint32_t id;
	struct tp_field *fields; /* without the common_ ones */
	uint32_t nfields;
};
/* Takes the text of a format file apart; syscall: it is one of syscalls:sys_enter_*. */
void tracefs_parse(struct arena *a, const char *text, bool syscall, struct tp_format *out);
/* Reads events/category/event/format. 0, -ENOENT (no such event), -ENODEV (no tracefs), -EACCES. */
int tracefs_format(struct arena *a, const char *category, const char *event,
		   struct tp_format *out);
const struct tp_field *tracefs_field(const struct tp_format *f, const char *name);
/*
 * A field's type. Made on request: a struct that is pointed to is looked up in
 * BTF, which is not worth opening for fields that nobody uses. Pointers in
 * slots are SP_USER, others SP_KERNEL. Never NULL.
 */
const struct type *tracefs_type(struct types *ts, const struct tp_field *f);
/*
 * The struct of an event's record in BTF. It has the name of the event's class, which
 * often is the event's own, or a beginning of it (guessed). NULL when there is none.
 */
const struct type *tracefs_record(struct types *ts, struct arena *a, const char *event,
				  bool *guessed);
/* Calls each for every event of a category, in directory order, until it returns non-zero. */
int tracefs_events(const char *category, int (*each)(void *user, const char *event), void *user);
/* The same for categories. */
int tracefs_categories(int (*each)(void *user, const char *category), void *user);

#endif
