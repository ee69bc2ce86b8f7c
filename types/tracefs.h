/*
 * Tracepoint formats from tracefs (or its mount under debugfs): names, types and
 * offsets of an event's fields, and the list of events.
 */
#ifndef TYPES_TRACEFS_H
#define TYPES_TRACEFS_H

#include "types/type.h"

/* The mounted trace file system ("/sys/kernel/tracing"), or NULL. */
const char *tracefs_path(void);

struct tp_field {
	const char *name;
	const char *decl;         /* as the kernel spells it: "const char *" */
	const struct type *type;  /* pointers in syscall events are SP_USER */
	uint32_t offset, size;
	bool is_signed, data_loc;
};
struct tp_format {
	uint32_t id;
	struct tp_field *fields; /* without the common_ ones */
	uint32_t nfields;
};
/* Reads events/category/event/format. 0, -ENOENT (no such event), -ENODEV (no tracefs), -EACCES. */
int tracefs_format(struct types *ts, struct arena *a, const char *category, const char *event,
		   struct tp_format *out);
/* Calls each for every event of a category, in directory order; stops when each returns non-zero. */
int tracefs_events(const char *category, int (*each)(void *user, const char *event), void *user);

#endif
