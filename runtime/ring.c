/*
 * Reader of a BPF ring buffer; loop.c calls it. libbpf's own reader maps the
 * whole buffer twice and calls back while the record still holds its space; see
 * ring.h for why this one does neither.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/ring.h"

#define RING_WINDOW (256u << 10)
#define RING_HEADER 8u /* length word and page offset, before every record */

int ring_open(struct ring *r, int map_fd, uint64_t size)
{
	void *p;

	memset(r, 0, sizeof(*r));
	r->fd = map_fd;
	r->page = (size_t)sysconf(_SC_PAGESIZE);
	r->size = size;
	p = mmap(NULL, r->page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	r->consumer = p;
	p = mmap(NULL, r->page, PROT_READ, MAP_SHARED, map_fd, (off_t)r->page);
	if (p == MAP_FAILED) {
		int err = -errno;

		ring_close(r);
		return err;
	}
	r->producer = p;
	return 0;
}

void ring_close(struct ring *r)
{
	if (r->window)
		munmap((void *)r->window, r->window_len);
	if (r->producer)
		munmap((void *)r->producer, r->page);
	if (r->consumer)
		munmap(r->consumer, r->page);
	memset(r, 0, sizeof(*r));
}

/*
 * Address of len bytes at an offset of the data area. The kernel maps the data
 * twice in a row, so offset + len may pass the end by up to the whole size.
 */
static const uint8_t *ring_map(struct ring *r, uint64_t offset, size_t len)
{
	uint64_t from = offset & ~(uint64_t)(r->page - 1), end = offset + len;
	size_t want = RING_WINDOW < r->size ? RING_WINDOW : r->size;
	void *p;

	if (r->window && offset >= r->window_at && end <= r->window_at + r->window_len)
		return r->window + (offset - r->window_at);
	if (r->window)
		munmap((void *)r->window, r->window_len);
	r->window = NULL;
	if (end - from > want)
		want = (end - from + r->page - 1) & ~(r->page - 1);
	if (from + want > 2 * r->size)
		want = 2 * r->size - from;
	if (end - from > want)
		return NULL;
	p = mmap(NULL, want, PROT_READ, MAP_SHARED, r->fd, (off_t)(2 * r->page + from));
	if (p == MAP_FAILED)
		return NULL;
	r->window = p;
	r->window_at = from;
	r->window_len = want;
	return r->window + (offset - from);
}

bool ring_empty(const struct ring *r)
{
	return !r->consumer || __atomic_load_n(r->producer, __ATOMIC_ACQUIRE) ==
				       __atomic_load_n(r->consumer, __ATOMIC_RELAXED);
}

/* Copies the record at *at, unless it is discarded, and moves on. 1: copied; -EAGAIN: not ready. */
static int ring_copy(struct ring *r, struct buf *out, uint64_t *at)
{
	uint64_t offset = *at & (r->size - 1);
	const uint8_t *p = ring_map(r, offset, RING_HEADER);
	uint32_t word, len;

	if (!p)
		return -ENOMEM;
	word = __atomic_load_n((const uint32_t *)p, __ATOMIC_ACQUIRE);
	if (word & BPF_RINGBUF_BUSY_BIT)
		return -EAGAIN;
	len = word & ~(uint32_t)(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
	if (len > r->size)
		return -EPROTO;
	if (!(word & BPF_RINGBUF_DISCARD_BIT)) {
		p = ring_map(r, offset, RING_HEADER + (size_t)len);
		if (!p)
			return -ENOMEM;
		buf_u64(out, len);
		buf_put(out, p + RING_HEADER, len);
		while (out->len & 7)
			buf_u8(out, 0);
	}
	*at += ((uint64_t)len + RING_HEADER + 7) & ~7ULL;
	return !(word & BPF_RINGBUF_DISCARD_BIT);
}

int ring_read(struct ring *r, struct buf *out, size_t max)
{
	uint64_t at, end;
	size_t start = out->len;
	int n = 0, copied = 0;

	if (!r->consumer)
		return 0;
	at = __atomic_load_n(r->consumer, __ATOMIC_RELAXED);
	end = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
	while (at < end && out->len - start < max && copied >= 0) {
		copied = ring_copy(r, out, &at);
		n += copied > 0;
	}
	/* Releases the space of everything copied, also before an error; formatting comes later. */
	__atomic_store_n(r->consumer, at, __ATOMIC_RELEASE);
	return n || copied >= 0 || copied == -EAGAIN ? n : copied;
}
