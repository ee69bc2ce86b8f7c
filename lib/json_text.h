/* Pieces of JSON text, for the JSON format. */
#ifndef LIB_JSON_TEXT_H
#define LIB_JSON_TEXT_H

#include "base/buf.h"

/* A quoted string; bytes that are not UTF-8 become U+FFFD. */
void json_string(struct buf *out, const char *s, size_t len);
/* A number, or a string when a double cannot hold it. */
void json_int(struct buf *out, int64_t v);
void json_uint(struct buf *out, uint64_t v);

/* A location such as "foo.bt:3:1-4" or "1:5" taken apart. */
struct json_place {
	size_t file_len; /* of the file name at its start */
	unsigned line, column;
};
struct json_place json_place(const char *where);

#endif
