/*
 * Tracepoint format files as text: where they are, and their lines taken apart.
 * Both sides need it: types/ gives the fields types, the runtime lists them.
 */
#ifndef BASE_TPFORMAT_H
#define BASE_TPFORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The trace file system: "/sys/kernel/tracing", or a mount of this process; or NULL. */
const char *tracefs_path(void);

/* One "field:" line; decl and name point into the text and are not terminated. */
struct tp_line {
	const char *decl, *name;
	size_t decl_len, name_len;
	uint32_t offset, size;
	uint32_t count; /* of "name[count]"; is_array with 0: no fixed length */
	bool is_array, is_signed;
	bool data_loc;  /* the record holds offset and length of the data */
	bool rel_loc;   /* the same, counted from the end of the field */
	bool common;    /* one of the fields that every event has */
};

/*
 * Iterates: *pos starts at the text; false at the end. Lines that are no field,
 * or not understood, are passed over.
 */
bool tpformat_next(const char **pos, struct tp_line *out);
/* The "ID:" line; 0 when there is none. */
uint32_t tpformat_id(const char *text);
/* A whole small file, malloc'ed and terminated (*len without the NUL), or NULL with errno set. */
char *tpformat_read(const char *path, size_t *len);

#endif
