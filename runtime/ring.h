/*
 * Reader of a BPF ring buffer. Records are copied out in batches and their
 * space is given back before they are formatted, and only a window of the
 * buffer is mapped, so a large buffer does not count as resident memory.
 */
#ifndef RUNTIME_RING_H
#define RUNTIME_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct ring {
	int fd;           /* of the map; not owned */
	size_t page;
	uint64_t size;    /* bytes of data, a power of two */
	uint64_t *consumer;
	const uint64_t *producer;
	const uint8_t *window;
	uint64_t window_at; /* offset in the data area */
	size_t window_len;
};

int ring_open(struct ring *r, int map_fd, uint64_t size);
void ring_close(struct ring *r);
/*
 * Appends records to out, each as struct event_header and payload as the
 * program wrote it, padded to 8 bytes, preceded by a u64 with its length.
 * Stops after about max bytes. Returns the number of records, or -errno when none could be read.
 */
int ring_read(struct ring *r, struct buf *out, size_t max);
bool ring_empty(const struct ring *r);

#endif
