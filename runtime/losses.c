/*
 * What was lost: the per-CPU counters of the program's sites, and the kernel's
 * own counts of probe hits that it skipped. Looked at once a second by the
 * loop, and at the end.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"
#include "runtime/usyms.h"

/* Running a program takes some microseconds, whatever it does. */
#define PERIOD_SHORT_NS 20000

/* The words and codes of helpers' failures are those that scripts are written for. */
static const struct {
	const char *text, *helper;
	int code;
	enum bcct_loss kind;
} reasons[LOSS_REASON_COUNT] = {
	[LOSS_RING_FULL] = {"the event buffer was full"},
	[LOSS_MAP_FULL] = {"Map full; can't update element. Try increasing max_map_keys config or "
			   "manually setting the max entries in a map declaration e.g. `let @a = "
			   "hash(5000)`", "map_update_elem", -E2BIG, BCCT_LOSS_MAP_FULL},
	[LOSS_INDEX] = {"Index is past the end of the array; can't update element.",
			"map_update_elem", -E2BIG, BCCT_LOSS_MAP_FULL},
	[LOSS_READ_FAULT] = {"Bad address", "probe_read_kernel", -EFAULT, BCCT_LOSS_READ},
	[LOSS_READ_USER] = {"Bad address", "probe_read_user", -EFAULT, BCCT_LOSS_READ},
	[LOSS_READ_KERNEL_STR] = {"Bad address", "probe_read_kernel_str", -EFAULT,
				  BCCT_LOSS_READ},
	[LOSS_READ_USER_STR] = {"Bad address", "probe_read_user_str", -EFAULT, BCCT_LOSS_READ},
	[LOSS_DIVIDE] = {"Divide or modulo by 0 detected. This can lead to unexpected results. 1 "
			 "is being used as the result.", NULL, 0, BCCT_LOSS_DIVIDE},
	[LOSS_STRING] = {"strings were cut (see max_strlen)"},
	[LOSS_DELETE] = {"Can't delete map element because it does not exist.", "map_delete_elem",
			 -ENOENT, BCCT_LOSS_NO_DELETE},
	[LOSS_LOOKUP] = {"Can't lookup map element because it does not exist.", "map_lookup_elem",
			 0, BCCT_LOSS_NO_LOOKUP},
	[LOSS_STACK] = {"stacks could not be read"},
	[LOSS_LOOP] = {"loops ended after 8388608 turns"},
	[LOSS_SCRATCH] = {"probe hits lost: no scratch memory"},
};

const char *loss_reason_text(enum loss_reason why)
{
	return (unsigned)why < LOSS_REASON_COUNT && reasons[why].text ? reasons[why].text
								      : "losses";
}

/* "line of the program\n       ~~~~", or NULL without a place. */
static char *context_of(const struct source *src, const struct bcct_event *e)
{
	struct buf out = {0};
	size_t len, at = e->column, stop;
	const char *line = source_line(src, e->line, &len);

	stop = e->end_line == e->line && e->end_column <= len ? e->end_column - 1 : len;
	buf_put(&out, line, len);
	buf_u8(&out, '\n');
	for (size_t i = 0; i + 1 < at && i < len; i++)
		buf_u8(&out, line[i] == '\t' ? '\t' : ' ');
	do
		buf_u8(&out, '~');
	while (at++ < stop);
	buf_u8(&out, '\0');
	return (char *)out.data;
}

static void loss_emit(struct rt *rt, struct bcct_event *e, struct loc loc)
{
	char *context = NULL;
	char where[300];

	e->size = sizeof(*e);
	e->kind = BCCT_EV_LOST;
	e->len = strlen(e->str);
	rt_loc_text(rt, loc, where, sizeof(where));
	e->name = where;
	if (rt_locate(rt, loc, e))
		e->context = context = context_of(sources_get(&rt->sources, loc), e);
	rt_emit(rt, e);
	free(context);
}

static void site_emit(struct rt *rt, const struct site_info *site, uint64_t count, uint64_t total)
{
	struct bcct_event e = {.u = count, .i2 = (int64_t)total};

	if (site->reason == LOSS_RING_FULL || site->reason == LOSS_SCRATCH)
		e.flags = BCCT_LOST_EVENT;
	e.str = loss_reason_text(site->reason);
	e.helper = reasons[site->reason].helper;
	e.code = reasons[site->reason].code;
	e.i = reasons[site->reason].kind;
	loss_emit(rt, &e, site->loc);
}

/* What has no site. flags: BCCT_LOST_EVENT or 0 */
static void count_emit(struct rt *rt, const char *text, uint32_t flags, struct loc loc,
		       uint64_t count)
{
	struct bcct_event e = {.str = text, .flags = flags, .u = count, .i2 = (int64_t)count};

	loss_emit(rt, &e, loc);
}

static bool loss_wanted(const struct rt *rt, enum loss_reason why)
{
	/* a string that was cut shows it itself */
	bool optional = reasons[why].kind == BCCT_LOSS_READ || why == LOSS_LOOKUP ||
			why == LOSS_STRING;

	return !optional || rt->b->opt.keep_warnings;
}

void losses_report(struct rt *rt)
{
	struct rt_map *m = maps_role(rt, MAPR_LOSS);
	uint64_t *cpus;

	if (!m || m->fd < 0 || m->info->value_size > 8)
		return;
	cpus = calloc((size_t)rt->ncpus, sizeof(*cpus));
	for (uint32_t i = 0; cpus && i < rt->m->sites.n; i++) {
		const struct site_info *site = &rt->m->sites.v[i];
		uint64_t total = 0, seen = rt->losses[i].seen;

		if (!loss_wanted(rt, site->reason) || bpf_map_lookup_elem(m->fd, &i, cpus))
			continue;
		for (int cpu = 0; cpu < rt->ncpus; cpu++)
			total += cpus[cpu];
		if (total <= seen)
			continue;
		rt->losses[i].seen = total;
		site_emit(rt, site, total - seen, total);
	}
	free(cpus);
}

/* ---- hits that the kernel skipped -------------------------------------------------- */

/*
 * struct bpf_link_info as Linux 6.7 fills it; older headers and kernels do not
 * have "missed" and leave it zero.
 */
struct link_info {
	uint32_t type, id, prog_id, pad;
	union {
		struct {
			uint64_t addrs;
			uint32_t count, flags;
			uint64_t missed, cookies;
		} multi;
		struct {
			uint32_t type, pad;
			uint64_t name;
			uint32_t name_len, offset;
			uint64_t addr, missed, cookie;
		} perf;
		uint64_t room[32];
	};
};

enum { LINK_PERF_EVENT = 7, LINK_KPROBE_MULTI = 8, PERF_KPROBE = 3, PERF_KRETPROBE = 4 };

static uint64_t link_missed(int fd)
{
	struct link_info info;
	uint32_t len = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return 0;
	if (info.type == LINK_KPROBE_MULTI)
		return info.multi.missed;
	if (info.type == LINK_PERF_EVENT &&
	    (info.perf.type == PERF_KPROBE || info.perf.type == PERF_KRETPROBE))
		return info.perf.missed;
	return 0;
}

void losses_missed(struct rt *rt)
{
	for (size_t i = 0; i < rt->links.n; i++)
		rt->missed_kprobe += link_missed(rt->links.v[i].fd);
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct bpf_prog_info info;
		uint32_t len = sizeof(info);
		int fd = bpf_program__fd(rt->progs[i].p.prog);

		memset(&info, 0, sizeof(info));
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len))
			rt->missed_recursion += info.recursion_misses;
	}
}

void losses_report_missed(struct rt *rt)
{
	for (size_t i = 0; i < rt->timers.n; i++) {
		const struct rt_timer *t = &rt->timers.v[i];

		if (t->skipped)
			count_emit(rt,
				   t->period_ns < PERIOD_SHORT_NS
					   ? "interval ticks skipped: the period is too short"
					   : "interval ticks skipped: bcct could not keep up",
				   0, t->program->info->loc, t->skipped);
	}
	if (rt->usyms && rt->usyms->mmaps && mmaps_lost(rt->usyms->mmaps))
		count_emit(rt, "records of what processes map lost: addresses may have no names", 0,
			   LOC_NONE, mmaps_lost(rt->usyms->mmaps));
	if (rt->not_run)
		count_emit(rt, "commands not run: a stop ended the one before them", 0, LOC_NONE,
			   rt->not_run);
	if (rt->missed_kprobe)
		count_emit(rt, "probe hits missed: too many calls at the same time",
			   BCCT_LOST_EVENT, LOC_NONE, rt->missed_kprobe);
	if (rt->missed_recursion)
		count_emit(rt, "probe hits missed: a probe was hit while another one ran",
			   BCCT_LOST_EVENT, LOC_NONE, rt->missed_recursion);
}
