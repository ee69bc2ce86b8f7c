/*
 * bcct_attach: BEGIN first, then every probe, then the command is let go. When
 * one probe cannot be attached and must be, all are taken back.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "runtime/rt_internal.h"
#include "runtime/usyms.h"

/* ---- what providers call -------------------------------------------------------- */

void rt_add_link(struct rt *rt, struct bpf_link *link)
{
	struct rt_link l = {.link = link, .fd = bpf_link__fd(link)};

	vec_push(&rt->links, l);
}

void rt_add_link_fd(struct rt *rt, int fd)
{
	struct rt_link l = {.fd = fd};

	vec_push(&rt->links, l);
}

void rt_keep_fd(struct rt *rt, int fd)
{
	vec_push(&rt->kept, fd);
}

static uint32_t link_program(const struct rt_link *link)
{
	struct bpf_link_info info;
	uint32_t len = sizeof(info);

	memset(&info, 0, sizeof(info));
	return bpf_obj_get_info_by_fd(link->fd, &info, &len) ? 0 : info.prog_id;
}

/* Destroys the links of a program. */
static void links_drop_program(struct rt *rt, int fd)
{
	struct buf *before = object_log_to(NULL);
	struct bpf_prog_info info;
	uint32_t len = sizeof(info);
	size_t n = 0;

	memset(&info, 0, sizeof(info));
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		info.id = 0;
	for (size_t i = 0; i < rt->links.n; i++) {
		if (info.id && link_program(&rt->links.v[i]) == info.id)
			link_close(&rt->links.v[i]);
		else
			rt->links.v[n++] = rt->links.v[i];
	}
	rt->links.n = n;
	object_log_to(before);
}

bool rt_detach(struct rt *rt, const char *provider, uint64_t offset)
{
	bool found = false;

	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct rt_prog *p = &rt->progs[i];

		for (size_t j = 0; j < p->points.n; j++) {
			const struct attach_info *at = p->points.v[j].at;

			if (strcmp(at->provider, provider) || at->offset != offset)
				continue;
			links_drop_program(rt, bpf_program__fd(p->p.prog));
			found = true;
			break;
		}
	}
	/* the others have moved up: whose they are is not known any more */
	for (size_t i = 0; found && i < rt->m->programs.n; i++)
		rt->progs[i].links_from = rt->progs[i].links_to = 0;
	return found;
}

int rt_run_program(struct rt *rt, struct rt_program *p)
{
	struct bpf_test_run_opts opts = {.sz = sizeof(opts)};
	int err = bpf_prog_test_run_opts(bpf_program__fd(p->prog), &opts);

	(void)rt;
	return err;
}

void rt_add_handler(struct rt *rt, struct rt_program *p, const char *map, uint32_t size)
{
	struct rt_handler h = {.program = p, .map = map, .size = size};

	vec_push(&rt->handlers, h);
}

/* The program is given the address of the record, which it reads as memory of this process. */
bool rt_handle_record(struct rt *rt, const char *map, const uint8_t *data, uint32_t size)
{
	uint64_t args[1] = {(uintptr_t)data};
	struct bpf_test_run_opts opts = {
		.sz = sizeof(opts), .ctx_in = args, .ctx_size_in = sizeof(args)};
	bool handled = false;

	for (size_t i = 0; i < rt->handlers.n; i++) {
		const struct rt_handler *h = &rt->handlers.v[i];

		if (strcmp(h->map, map) != 0 || (h->size && h->size != size))
			continue;
		handled = true;
		if (bpf_prog_test_run_opts(bpf_program__fd(h->program->prog), &opts))
			rt_problem(rt, h->program->info->loc, "a record is not handled: %s",
				   strerror(errno));
	}
	return handled;
}

static int add_timer(struct rt *rt, struct rt_timer t)
{
	int err;

	if (t.fd < 0)
		return -errno;
	err = loop_watch(rt, t.fd, WATCH_TIMER + rt->timers.n);
	if (err)
		close(t.fd);
	else
		vec_push(&rt->timers, t);
	return err;
}

int rt_add_signal(struct rt *rt, struct rt_program *p, int signo)
{
	struct rt_timer t = {.program = p, .signal = true};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	t.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return add_timer(rt, t);
}

int rt_add_timer(struct rt *rt, struct rt_program *p, uint64_t period_ns)
{
	struct itimerspec when;
	struct rt_timer t = {.program = p, .period_ns = period_ns};

	if (!period_ns)
		return -EINVAL;
	when.it_interval.tv_sec = (time_t)(period_ns / 1000000000ULL);
	when.it_interval.tv_nsec = (long)(period_ns % 1000000000ULL);
	when.it_value = when.it_interval;
	t.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (t.fd >= 0 && timerfd_settime(t.fd, 0, &when, NULL)) {
		int err = -errno;

		close(t.fd);
		return err;
	}
	return add_timer(rt, t);
}

/* ---- attaching -------------------------------------------------------------------- */

/* Why an attach failed, in words that help more than the error's name. */
static const char *attach_reason(const struct provider_rt *pv, const struct rt_point *p, int err)
{
	const char *own = pv->reason ? pv->reason(err) : NULL;

	if (own)
		return own;
	switch (-err) {
	case ENOENT:
	case ESRCH:
		return "there is no such function or event in this kernel";
	case EINVAL:
	case EADDRNOTAVAIL:
	case EOPNOTSUPP:
		return p->at->offset ? "it cannot be probed at that offset"
				     : "the kernel does not allow a probe there, as in functions "
				       "that are inline or notrace";
	case EBUSY:
		return "something else holds it";
	case EILSEQ:
		return "the address is not at the start of an instruction";
	case EMFILE:
	case ENFILE:
		return "too many open files; raise the limit with ulimit -n";
	case ENOSPC:
		return "the kernel has no room for more probes";
	default:
		return strerror(-err);
	}
}

static void attach_report(struct rt *rt, const struct provider_rt *pv, const struct rt_point *p,
			  int err, enum diag_level level)
{
	const char *reason = attach_reason(pv, p, err);
	char *near = NULL, hint[600];

	if ((err == -ENOENT || err == -ESRCH) && pv->near && !(pv->reason && pv->reason(err)))
		near = pv->near(rt, p->at);
	if (near)
		snprintf(hint, sizeof(hint), "%s; did you mean '%.200s'?", reason, near);
	rt_diag(rt, level, TAG_ATTACH, p->at->loc, near ? hint : reason, MISSING_TEXT "%s", p->full,
		level == DIAG_ERROR && rt->m->options.v[OPT_MISSING_PROBES] == 2 ? MISSING_ADVICE
										 : "");
	free(near);
}

/* True when the program may run without this point; reports it either way. */
static bool attach_tolerable(struct rt *rt, const struct provider_rt *pv, const struct rt_point *p,
			     int err)
{
	int64_t missing = rt->m->options.v[OPT_MISSING_PROBES];
	/* a wildcard stands for whatever can be probed */
	bool wild = p->at->matched || rt_has_wildcard(p->at->target) ||
		    rt_has_wildcard(p->at->full);

	if (err == -EPERM || err == -EACCES) {
		privilege_explain(rt, "attaching probes");
		return false;
	}
	if (err == -EMFILE || err == -ENFILE || err == -ENOMEM)
		wild = false;
	if (missing == 2 && !wild) {
		if (!features_explain(rt, err))
			attach_report(rt, pv, p, err, DIAG_ERROR);
		return false;
	}
	if (missing)
		attach_report(rt, pv, p, err, DIAG_WARNING);
	return true;
}

/*
 * Attaches n points, going on without those that fail and may. *lost receives
 * how many those were. The array is the caller's copy: cookies keep their numbers.
 */
static int attach_points(struct rt *rt, struct rt_program *p, const struct provider_rt *pv,
			 struct rt_point *points, unsigned n, unsigned *lost)
{
	while (n) {
		size_t links = rt->links.n;
		unsigned failed = 0;
		struct buf *before = object_log_to(NULL);
		int err = pv->attach(rt, p, points, n, &failed);

		object_log_to(before);
		if (!err)
			return 0;
		if (failed >= n)
			failed = 0;
		if (!attach_tolerable(rt, pv, &points[failed], err))
			return err;
		++*lost;
		if (rt->links.n == links + failed) {
			/* one link for each point: those before the failed one stay */
			points += failed + 1;
			n -= failed + 1;
			continue;
		}
		links_drop(rt, links);
		n--;
		memmove(&points[failed], &points[failed + 1], (n - failed) * sizeof(*points));
	}
	return 0;
}

/* A program's points may come from several providers, in runs. */
static int attach_program(struct rt *rt, struct rt_prog *p, unsigned *attached)
{
	unsigned total = (unsigned)p->points.n, start = 0, lost = 0;
	struct rt_point *points = malloc(total * sizeof(*points));
	int err = 0;

	if (!points)
		return -ENOMEM;
	memcpy(points, p->points.v, total * sizeof(*points));
	p->links_from = rt->links.n;
	while (!err && start < total) {
		const char *provider = points[start].at->provider;
		const struct provider_rt *pv = provider_rt_find(provider);
		unsigned n = 1;

		while (start + n < total && !strcmp(points[start + n].at->provider, provider))
			n++;
		if (pv && pv->attach)
			err = attach_points(rt, &p->p, pv, points + start, n, &lost);
		start += n;
	}
	free(points);
	p->links_to = rt->links.n;
	*attached += total - lost;
	return err;
}

static int attach_begin(struct rt *rt)
{
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct rt_prog *p = &rt->progs[i];
		int err;

		if (!p->begin)
			continue;
		err = rt_run_program(rt, &p->p);
		if (err) {
			if (!features_explain(rt, err))
				rt_diag(rt, DIAG_ERROR, TAG_ATTACH, p->p.info->loc, NULL,
					"cannot run '%s': %s", p->points.v[0].full,
					strerror(-err));
			return err;
		}
	}
	return 0;
}

static int attach_all(struct rt *rt, unsigned *attached)
{
	unsigned probes = 0;
	bool other = false;

	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct rt_prog *p = &rt->progs[i];
		int err = 0;

		if (p->p.skip || !p->points.n)
			continue;
		if (p->begin || p->end) {
			*attached += (unsigned)p->points.n;
			continue;
		}
		other = true;
		if (p->trial) {
			probes += (unsigned)p->points.n;
			continue;
		}
		err = attach_program(rt, p, &probes);
		if (err)
			return err;
	}
	*attached += probes;
	if (!other && !*attached)
		rt_diag(rt, DIAG_WARNING, TAG_ATTACH, LOC_NONE,
			"name it after its probe, as in kprobe__vfs_read",
			"the program was loaded, but no function of it is attached to anything");
	if (other && !probes) {
		rt_diag(rt, DIAG_ERROR, TAG_ATTACH, LOC_NONE, NULL,
			"Attachment failed for all probes.");
		return -ENOENT;
	}
	if (!other)
		rt->exiting = true; /* only BEGIN and END: nothing more will happen */
	return 0;
}

static void emit_attached(struct rt *rt, unsigned n)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_ATTACHED};

	e.u = n;
	rt_emit(rt, &e);
}

static int attach_steps(struct rt *rt)
{
	unsigned attached = 0;
	int err = usyms_start(rt);

	if (!err && !rt->b->opt.dry_run)
		err = attach_begin(rt);
	if (err)
		return err;
	/* exit() in BEGIN: the others would be attached only to be detached */
	if (loop_hold(rt)) {
		rt->exiting = true;
		for (size_t i = 0; i < rt->m->programs.n; i++)
			attached += (unsigned)rt->progs[i].points.n;
	} else {
		err = attach_all(rt, &attached);
	}
	if (!err)
		err = loop_start_losses(rt);
	if (!err && !rt->b->opt.dry_run)
		err = child_release(rt);
	if (!err)
		emit_attached(rt, attached);
	/* also after an error: what BEGIN had to say may explain it */
	loop_release(rt);
	return err;
}

int bcct_attach(struct bcct *b)
{
	struct rt *rt = b->rt;
	int err;

	if (!rt->ready || rt->attached) {
		handle_diag(b, DIAG_ERROR, TAG_USAGE, LOC_NONE, NULL,
			    rt->attached ? "the program is attached already"
					 : "the program is not loaded");
		return -EINVAL;
	}
	rt->attached = true;
	err = attach_steps(rt);
	if (err) {
		loop_stop_timers(rt);
		links_drop(rt, 0);
		child_end(rt);
	}
	/* not for a run that ends at once */
	if (!rt->exiting)
		memory_trim();
	return err;
}
