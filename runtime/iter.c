/*
 * Iterators: links that visit every object of a kind when they are read. Read
 * once, after everything is attached, by a thread of its own, so that the ring
 * buffer is emptied meanwhile. Called by the iter provider and by the loop.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

struct visit {
	int fd, err;
	struct buf text; /* what the program writes with bpf_seq_printf() */
	volatile bool done;
};

int rt_add_iter(struct rt *rt, int link_fd)
{
	vec_push(&rt->iters, link_fd);
	return 0;
}

static void *visit_all(void *arg)
{
	struct visit *v = arg;
	char text[4096];
	ssize_t n;

	do {
		n = read(v->fd, text, sizeof(text));
		if (n > 0)
			buf_put(&v->text, text, (size_t)n);
	} while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
	v->err = n < 0 ? -errno : 0;
	v->done = true;
	return NULL;
}

static int iter_run(struct rt *rt, int link_fd)
{
	struct visit v = { .fd = bpf_iter_create(link_fd) };
	pthread_t thread;
	int err;

	if (v.fd < 0)
		return v.fd;
	err = -pthread_create(&thread, NULL, visit_all, &v);
	while (!err && !v.done) {
		loop_drain(rt);
		usleep(200);
	}
	if (!err)
		pthread_join(thread, NULL);
	if (v.text.len)
		rt_message(rt, "iter", (const char *)v.text.data, v.text.len);
	buf_free(&v.text);
	close(v.fd);
	return err ? err : v.err;
}

void iters_run(struct rt *rt)
{
	for (size_t i = 0; i < rt->iters.n; i++) {
		int err = iter_run(rt, rt->iters.v[i]);

		if (err)
			rt_problem(rt, LOC_NONE, "cannot visit all objects: %s", strerror(-err));
	}
	vec_free(&rt->iters);
	rt->exiting = true;
}
