/*
 * The kernel's records of what processes map, exec and fork: a dummy perf event
 * for each CPU, whose buffers are read when they fill up and before an address
 * is looked up. Called by usyms.c and the loop.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "runtime/usyms.h"

#define PAGES 16 /* of a buffer; a power of two */
#define RECORD_MAX 65536

struct cpu_ring {
	int fd;
	struct perf_event_mmap_page *page;
	uint64_t head, tail; /* while reading: what is there, what was read */
	uint64_t time;       /* of the record at the tail; UINT64_MAX: none that is wanted now */
};

struct mmaps {
	struct usyms *u;
	int epoll_fd;
	size_t page_size;
	VEC(struct cpu_ring) cpus;
	uint64_t lost; /* records that found a buffer full */
	uint8_t record[RECORD_MAX]; /* one that goes around the end of a buffer */
};

/* ---- records ------------------------------------------------------------ */

struct mmap2_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t addr, len, pgoff;
	uint32_t major, minor;
	uint64_t inode, generation;
	uint32_t prot, flags;
	char path[];
};

struct comm_record {
	struct perf_event_header header;
	uint32_t pid, tid;
};

struct task_record {
	struct perf_event_header header;
	uint32_t pid, ppid, tid, ptid;
	uint64_t time;
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
};

/* Every record ends with its time. */
static uint64_t record_time(const struct perf_event_header *h)
{
	uint64_t time;

	memcpy(&time, (const uint8_t *)h + h->size - sizeof(time), sizeof(time));
	return time;
}

static void on_mmap(struct usyms *u, const struct mmap2_record *r)
{
	struct process *p = usyms_process(u, r->pid, true);
	struct mapping m = { .start = r->addr, .end = r->addr + r->len, .offset = r->pgoff,
			     .time = record_time(&r->header) };
	size_t room = r->header.size > sizeof(*r) + 8 ? r->header.size - sizeof(*r) - 8 : 0;

	/* a record may be older than what was read from /proc */
	if (!p || m.time < p->born || !memchr(r->path, 0, room))
		return;
	usyms_add(u, p, m, !strcmp(r->path, "//anon") ? "" : r->path);
}

/* Drops what was mapped before the process became another program. */
static void drop_older(struct process *p, uint64_t time)
{
	size_t n = 0;

	for (size_t i = 0; i < p->maps.n; i++)
		if (p->maps.v[i].time >= time)
			p->maps.v[n++] = p->maps.v[i];
	p->maps.n = n;
}

static void on_exec(struct usyms *u, const struct comm_record *r)
{
	struct process *p = usyms_process(u, r->pid, true);
	uint64_t time = record_time(&r->header);

	if (!p || time < p->born)
		return;
	p->born = time;
	p->exited = p->read = p->stale = false;
	drop_older(p, time);
}

static void on_fork(struct usyms *u, const struct task_record *r)
{
	struct process *p, *parent;

	if (r->pid == r->ppid) /* a thread */
		return;
	p = usyms_process(u, r->pid, true);
	if (!p || r->time < p->born)
		return;
	parent = usyms_process(u, r->ppid, false);
	p->parent = r->ppid;
	p->exited = p->read = false;
	drop_older(p, r->time);
	p->born = r->time;
	p->stale = parent && parent->stale;
	if (parent && parent->maps.n && !p->maps.n)
		usyms_copy_maps(p, parent);
}

static void on_end(struct usyms *u, const struct task_record *r)
{
	struct process *p = r->pid == r->tid ? usyms_process(u, r->pid, false) : NULL;

	if (p && r->time >= p->born)
		p->exited = true;
}

/* What is known of the processes may be wrong from here on: they are looked at again. */
static void on_lost(struct mmaps *m, const struct lost_record *r)
{
	m->lost += r->lost;
	for (unsigned i = 0; i < PROCESS_BUCKETS; i++)
		for (struct process *p = m->u->buckets[i]; p; p = p->next)
			p->stale = true;
}

static void on_record(struct mmaps *m, const struct perf_event_header *h)
{
	struct usyms *u = m->u;

	switch (h->type) {
	case PERF_RECORD_MMAP2:
		if (h->size > sizeof(struct mmap2_record) + 8)
			on_mmap(u, (const struct mmap2_record *)h);
		break;
	case PERF_RECORD_COMM:
		if (h->misc & PERF_RECORD_MISC_COMM_EXEC && h->size > sizeof(struct comm_record))
			on_exec(u, (const struct comm_record *)h);
		break;
	case PERF_RECORD_FORK:
		if (h->size >= sizeof(struct task_record))
			on_fork(u, (const struct task_record *)h);
		break;
	case PERF_RECORD_EXIT:
		if (h->size >= sizeof(struct task_record))
			on_end(u, (const struct task_record *)h);
		break;
	case PERF_RECORD_LOST:
		if (h->size >= sizeof(struct lost_record))
			on_lost(m, (const struct lost_record *)h);
		break;
	default:
		break;
	}
}

/* ---- buffers ------------------------------------------------------------ */

/* The record at the tail, in one piece; NULL: none. */
static const struct perf_event_header *record_at(struct mmaps *m, const struct cpu_ring *c)
{
	const uint8_t *data = (const uint8_t *)c->page + m->page_size;
	uint64_t size = m->page_size * PAGES, first = size - c->tail % size;
	const uint8_t *at = data + c->tail % size;
	struct perf_event_header h;

	if (c->tail >= c->head)
		return NULL;
	memcpy(&h, at, sizeof(h)); /* records are aligned to 8: a header is in one piece */
	if (h.size < sizeof(h) + sizeof(uint64_t) || h.size > c->head - c->tail)
		return NULL;
	if (first < h.size) {
		memcpy(m->record, at, first);
		memcpy(m->record + first, data, h.size - first);
		at = m->record;
	}
	return (const struct perf_event_header *)at;
}

/* What came after the reading began is left: an older one of another CPU may not be seen yet. */
static void ring_peek(struct mmaps *m, struct cpu_ring *c, uint64_t until)
{
	const struct perf_event_header *h = record_at(m, c);

	c->time = h && record_time(h) <= until ? record_time(h) : UINT64_MAX;
	if (!h)
		c->tail = c->head; /* also one that is damaged: the rest cannot be read */
}

/* The CPU whose record is the oldest; NULL: none has one. */
static struct cpu_ring *oldest(struct mmaps *m)
{
	struct cpu_ring *best = NULL;

	for (size_t i = 0; i < m->cpus.n; i++)
		if (m->cpus.v[i].time != UINT64_MAX &&
		    (!best || m->cpus.v[i].time < best->time))
			best = &m->cpus.v[i];
	return best;
}

/*
 * In the order of time over all CPUs: a process that is forked on one has the
 * mappings that its parent made on another.
 */
void mmaps_read(struct mmaps *m)
{
	struct cpu_ring *c;
	uint64_t until = clock_ns(CLOCK_MONOTONIC);

	for (size_t i = 0; i < m->cpus.n; i++) {
		c = &m->cpus.v[i];
		c->head = __atomic_load_n(&c->page->data_head, __ATOMIC_ACQUIRE);
		c->tail = c->page->data_tail;
		ring_peek(m, c, until);
	}
	while ((c = oldest(m))) {
		const struct perf_event_header *h = record_at(m, c);

		on_record(m, h);
		c->tail += h->size;
		ring_peek(m, c, until);
	}
	for (size_t i = 0; i < m->cpus.n; i++) {
		c = &m->cpus.v[i];
		if (c->tail != c->page->data_tail)
			__atomic_store_n(&c->page->data_tail, c->tail, __ATOMIC_RELEASE);
	}
}

uint64_t mmaps_lost(const struct mmaps *m)
{
	return m->lost;
}

static int open_cpu(struct mmaps *m, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TIME, .sample_id_all = 1, .mmap = 1, .mmap2 = 1,
		.comm = 1, .comm_exec = 1, .task = 1, .watermark = 1,
		.use_clockid = 1, .clockid = CLOCK_MONOTONIC,
		.wakeup_watermark = (uint32_t)(m->page_size * PAGES / 4),
	};
	struct epoll_event e = { .events = EPOLLIN };
	struct cpu_ring c;

	c.fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (c.fd < 0)
		return -errno;
	c.page = mmap(NULL, m->page_size * (PAGES + 1), PROT_READ | PROT_WRITE, MAP_SHARED, c.fd,
		      0);
	if (c.page == MAP_FAILED || epoll_ctl(m->epoll_fd, EPOLL_CTL_ADD, c.fd, &e)) {
		int err = -errno;

		if (c.page != MAP_FAILED)
			munmap(c.page, m->page_size * (PAGES + 1));
		close(c.fd);
		return err;
	}
	vec_push(&m->cpus, c);
	return 0;
}

struct mmaps *mmaps_open(struct usyms *u)
{
	struct mmaps *m = calloc(1, sizeof(*m));
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	if (!m)
		return NULL;
	m->u = u;
	m->page_size = (size_t)sysconf(_SC_PAGESIZE);
	m->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < cpus && m->epoll_fd >= 0; i++) {
		int err = open_cpu(m, i);

		if (err && err != -ENODEV) /* a CPU that is off */
			break;
	}
	if (m->cpus.n)
		return m;
	mmaps_close(m);
	return NULL;
}

void mmaps_close(struct mmaps *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->cpus.n; i++) {
		munmap(m->cpus.v[i].page, m->page_size * (PAGES + 1));
		close(m->cpus.v[i].fd);
	}
	free(m->cpus.v);
	if (m->epoll_fd >= 0)
		close(m->epoll_fd);
	free(m);
}

int mmaps_fd(const struct mmaps *m)
{
	return m->epoll_fd;
}
