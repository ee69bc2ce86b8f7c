/*
 * bcct_printer_*: an output format behind a buffer and a descriptor. Clients
 * that print to a pipe should ignore SIGPIPE; this library leaves signals alone.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/rt.h"

#define PRINTER_BUFFER (64u << 10)

struct bcct_printer {
	const struct output *format;
	void *state;
	struct buf out;
	int fd;
	int error; /* -errno of the first write that failed */
};

struct bcct_printer *bcct_printer_new(const char *format, int fd)
{
	const struct output *o = output_find(format);
	struct bcct_printer *p = o ? calloc(1, sizeof(*p)) : NULL;

	if (!p)
		return NULL;
	p->format = o;
	p->fd = fd;
	p->state = o->begin ? o->begin(&p->out) : NULL;
	return p;
}

/* A descriptor that does not block (a terminal shared with a shell, say) is waited for. */
static int printer_write(struct bcct_printer *p)
{
	size_t done = 0;

	while (done < p->out.len) {
		ssize_t n = write(p->fd, p->out.data + done, p->out.len - done);
		struct pollfd wait = {.fd = p->fd, .events = POLLOUT};

		if (n > 0)
			done += (size_t)n;
		else if (n == 0)
			return -EIO;
		else if (errno == EAGAIN)
			poll(&wait, 1, -1);
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int bcct_printer_flush(struct bcct_printer *p)
{
	if (p->out.len && !p->error)
		p->error = printer_write(p);
	if (p->out.cap > 4 * PRINTER_BUFFER)
		buf_free(&p->out); /* one large map should not stay in memory */
	p->out.len = 0;
	return p->error;
}

void bcct_printer_event(struct bcct_printer *p, const struct bcct_event *e)
{
	if (p->error)
		return;
	p->format->event(p->state, &p->out, e);
	if (p->out.len >= PRINTER_BUFFER)
		bcct_printer_flush(p);
}

void bcct_printer_free(struct bcct_printer *p)
{
	if (!p)
		return;
	bcct_printer_flush(p);
	if (p->format->end)
		p->format->end(p->state);
	buf_free(&p->out);
	free(p);
}
