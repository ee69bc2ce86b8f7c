/*
 * Byte buffers: a growing writer, and a reader that checks every bound. The
 * manifest is written and read with these; the reader never trusts its input.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data; /* malloc'ed; free() when done */
	size_t len, cap;
};

void buf_put(struct buf *b, const void *p, size_t n);
void buf_u8(struct buf *b, uint8_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_str(struct buf *b, const char *s); /* NULL is written as absent */
void buf_blob(struct buf *b, const void *p, uint32_t n);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_free(struct buf *b);

/* After the first read past the end, bad is set and everything reads as zero. */
struct reader {
	const uint8_t *p, *end;
	bool bad;
};

uint8_t read_u8(struct reader *r);
uint32_t read_u32(struct reader *r);
uint64_t read_u64(struct reader *r);
struct arena;
char *read_str(struct reader *r, struct arena *a); /* NULL when absent or bad */
const void *read_blob(struct reader *r, uint32_t *n);
/* A count of elements that each take at least min bytes; 0 and bad when that cannot be. */
uint32_t read_count(struct reader *r, uint32_t min);

#endif
