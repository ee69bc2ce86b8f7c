/*
 * The event loop: one epoll descriptor over the ring buffer, timers, the traced
 * process and the stop request. bcct_poll, bcct_stop and bcct_finish are here.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "runtime/rt_internal.h"
#include "runtime/usyms.h"

/* Records copied out per turn, so that timers and a stop are served under a flood. */
#define TURN_BYTES (256u << 10)
/* Turns made while draining: more than any ring buffer holds. */
#define DRAIN_TURNS 100000
/* Ticks made up for when the loop came late. */
#define TICKS_MAX 1000

/* ---- descriptors ------------------------------------------------------------------ */

int loop_watch(struct rt *rt, int fd, uint64_t what)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u64 = what};

	return epoll_ctl(rt->epoll_fd, EPOLL_CTL_ADD, fd, &e) ? -errno : 0;
}

int loop_init(struct rt *rt)
{
	rt->epoll_fd = rt->stop_fd = rt->loss_fd = rt->pid_fd = -1;
	rt->child_go = rt->child_error = rt->trace_fd = -1;
	rt->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	rt->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (rt->epoll_fd < 0 || rt->stop_fd < 0)
		return -errno;
	return loop_watch(rt, rt->stop_fd, WATCH_STOP);
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void loop_free(struct rt *rt)
{
	ring_close(&rt->ring);
	tracepipe_close(rt);
	fd_close(&rt->loss_fd);
	fd_close(&rt->pid_fd);
	fd_close(&rt->stop_fd);
	fd_close(&rt->epoll_fd);
}

int loop_open_ring(struct rt *rt)
{
	struct rt_map *m = maps_role(rt, MAPR_RING);
	int err;

	if (!m) /* a program without events */
		return tracepipe_open(rt);
	err = ring_open(&rt->ring, m->fd, m->size);
	if (!err)
		err = loop_watch(rt, m->fd, WATCH_RING);
	if (err)
		rt_diag(rt, DIAG_ERROR, TAG_LOAD, LOC_NONE, NULL,
			"cannot read the program's events: %s", strerror(-err));
	return err ? err : tracepipe_open(rt);
}

int loop_start_losses(struct rt *rt)
{
	struct itimerspec when = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};

	if (!rt->m->sites.n || rt->exiting)
		return 0;
	rt->loss_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (rt->loss_fd < 0 || timerfd_settime(rt->loss_fd, 0, &when, NULL))
		return -errno;
	return loop_watch(rt, rt->loss_fd, WATCH_LOSS);
}

void loop_stop_timers(struct rt *rt)
{
	for (size_t i = 0; i < rt->timers.n; i++)
		fd_close(&rt->timers.v[i].fd);
	fd_close(&rt->loss_fd);
}

/* ---- records ------------------------------------------------------------------------ */

/* One record, not trusted: every number is checked before a unit sees it. */
static void record_handle(struct rt *rt, const uint8_t *data, uint64_t len)
{
	const struct action_info *a;
	const struct builtin_rt *unit;
	struct event_header h;

	if (len < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	if (h.action >= rt->m->actions.n || h.size > len - sizeof(h))
		return;
	a = &rt->m->actions.v[h.action];
	unit = builtin_rt_find(a->unit);
	if (!unit || !unit->event || (a->payload && a->payload->size > h.size))
		return;
	unit->event(rt, a, data + sizeof(h), h.size);
}

/* The record at *at in what ring_read left; moves *at on. */
static const uint8_t *record_next(const struct buf *b, size_t *at, uint64_t *len)
{
	const uint8_t *p = b->data + *at;

	if (b->len - *at < sizeof(*len))
		return NULL;
	memcpy(len, p, sizeof(*len));
	*at += sizeof(*len) + ((*len + 7) & ~7ULL);
	return p + sizeof(*len);
}

static void records_handle(struct rt *rt, const struct buf *b)
{
	const uint8_t *p;
	uint64_t len;
	size_t at = 0;

	while ((p = record_next(b, &at, &len)))
		record_handle(rt, p, len);
}

/* One turn; the number of records. The buffer is not kept: a flood is not the steady state. */
static int loop_turn(struct rt *rt)
{
	struct buf batch = {0};
	int n = ring_read(&rt->ring, &batch, TURN_BYTES);

	records_handle(rt, &batch);
	buf_free(&batch);
	if (n < 0) {
		rt_problem(rt, LOC_NONE, "the program's events cannot be read any more: %s",
			   strerror(-n));
		ring_close(&rt->ring);
		rt->exiting = true;
	}
	loop_release(rt); /* what came while a command ran */
	return n;
}

void loop_drain(struct rt *rt)
{
	for (int i = 0; i < DRAIN_TURNS && loop_turn(rt) > 0; i++)
		;
}

bool loop_hold(struct rt *rt)
{
	const uint8_t *p;
	uint64_t len;
	size_t at = 0;

	while (ring_read(&rt->ring, &rt->held, TURN_BYTES) > 0)
		;
	while ((p = record_next(&rt->held, &at, &len))) {
		struct event_header h;

		if (len < sizeof(h))
			continue;
		memcpy(&h, p, sizeof(h));
		if (h.action < rt->m->actions.n && rt->m->actions.v[h.action].unit &&
		    !strcmp(rt->m->actions.v[h.action].unit, "exit"))
			return true;
	}
	return words_exit(rt);
}

void loop_release(struct rt *rt)
{
	while (rt->held.len) {
		struct buf held = rt->held;

		rt->held = (struct buf){0};
		records_handle(rt, &held);
		buf_free(&held);
	}
}

/* ---- polling ------------------------------------------------------------------------- */

static uint64_t fd_count(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static uint64_t signal_count(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info);
}

/*
 * Ticks that passed while the loop was busy are made up for as long as that adds
 * no more work to it; a program whose events take longer than its period would
 * fall behind for ever otherwise. Skipped ticks are counted.
 */
static void timer_tick(struct rt *rt, uint64_t index)
{
	uint64_t ticks, done = 0;

	if (index >= rt->timers.n || rt->timers.v[index].fd < 0)
		return;
	ticks = rt->timers.v[index].signal ? signal_count(rt->timers.v[index].fd)
					    : fd_count(rt->timers.v[index].fd);
	while (done < ticks && done < TICKS_MAX && !rt->exiting) {
		rt_run_program(rt, rt->timers.v[index].program);
		done++;
		if (!ring_empty(&rt->ring))
			break;
	}
	if (!rt->exiting)
		rt->timers.v[index].skipped += ticks - done;
}

static void loop_serve(struct rt *rt, uint64_t what)
{
	switch (what) {
	case WATCH_STOP:
		fd_count(rt->stop_fd);
		rt->exiting = true;
		break;
	case WATCH_RING:
		loop_turn(rt);
		break;
	case WATCH_LOSS:
		if (fd_count(rt->loss_fd))
			losses_report(rt);
		break;
	case WATCH_MMAPS:
		mmaps_read(rt->usyms->mmaps);
		break;
	case WATCH_PID:
		child_reap(rt);
		rt->exiting = true;
		break;
	case WATCH_TRACE:
		tracepipe_read(rt);
		break;
	default:
		timer_tick(rt, what - WATCH_TIMER);
	}
}

int bcct_fd(const struct bcct *b)
{
	return b->rt->epoll_fd;
}

int bcct_poll(struct bcct *b, int timeout_ms)
{
	struct rt *rt = b->rt;
	struct epoll_event e[16];
	int n;

	if (!rt->attached)
		return -EINVAL;
	if (rt->iters.n && !rt->exiting)
		iters_run(rt);
	if (trials_wanted(rt) && !rt->exiting)
		trials_run(rt);
	if (rt->exiting)
		return 1;
	n = epoll_wait(rt->epoll_fd, e, sizeof(e) / sizeof(*e), timeout_ms);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++)
		loop_serve(rt, e[i].data.u64);
	if (!rt->exiting)
		words_exit(rt);
	return rt->exiting;
}

void bcct_stop(struct bcct *b)
{
	uint64_t one = 1;
	int saved = errno;
	ssize_t n = write(b->rt->stop_fd, &one, sizeof(one));

	(void)n; /* it can only fail when a stop is already pending */
	errno = saved;
}

/* ---- the end -------------------------------------------------------------------------- */

static void finish_programs(struct rt *rt)
{
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct rt_prog *p = &rt->progs[i];
		int err;

		if (!p->end || p->p.skip)
			continue;
		err = rt_run_program(rt, &p->p);
		if (err)
			rt_problem(rt, p->p.info->loc, "cannot run '%s': %s", p->points.v[0].full,
				   strerror(-err));
		loop_drain(rt);
	}
}

int bcct_finish(struct bcct *b, bool maps)
{
	struct bcct_event end = {.size = sizeof(end), .kind = BCCT_EV_END};
	struct rt *rt = b->rt;

	if (!rt->attached || rt->finished)
		return -EINVAL;
	rt->finished = true;
	loop_stop_timers(rt);
	losses_missed(rt); /* counted in links, which go now */
	links_drop(rt, 0);
	child_end(rt);
	loop_drain(rt);
	tracepipe_end(rt);
	words_exit(rt);
	fd_count(rt->stop_fd);
	rt->cut = false; /* the stop was for what came before: commands of END run */
	finish_programs(rt);
	losses_report(rt); /* what the maps below lack is said before they are shown */
	if (maps && rt->m->options.v[OPT_PRINT_MAPS_ON_EXIT])
		map_print_all(rt);
	losses_report(rt);
	losses_report_missed(rt);
	rt_emit(rt, &end);
	return 0;
}
