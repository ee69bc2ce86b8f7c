/*
 * What was lost: the per-CPU counters of the program's sites, and the kernel's
 * own counts of probe hits that it skipped. Looked at once a second by the
 * loop, and at the end.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

const char *loss_reason_text(enum loss_reason why)
{
	static const char *const texts[LOSS_REASON_COUNT] = {
		[LOSS_RING_FULL] = "events lost: the event buffer was full",
		[LOSS_MAP_FULL] = "updates lost: the map is full (see max_map_keys)",
		[LOSS_READ_FAULT] = "memory reads failed",
		[LOSS_DIVIDE] = "divisions by zero: 1 was used as the result",
		[LOSS_STRING] = "strings were cut (see max_strlen)",
		[LOSS_DELETE] = "deletions of keys that do not exist",
		[LOSS_LOOKUP] = "lookups of keys that do not exist",
		[LOSS_STACK] = "stacks could not be read",
		[LOSS_LOOP] = "loops ended after 8388608 turns",
		[LOSS_SCRATCH] = "probe hits lost: no scratch memory",
	};

	return (unsigned)why < LOSS_REASON_COUNT && texts[why] ? texts[why] : "losses";
}

static enum bcct_loss loss_kind(enum loss_reason why)
{
	switch (why) {
	case LOSS_MAP_FULL:
		return BCCT_LOSS_MAP_FULL;
	case LOSS_DELETE:
		return BCCT_LOSS_NO_DELETE;
	case LOSS_LOOKUP:
		return BCCT_LOSS_NO_LOOKUP;
	case LOSS_READ_FAULT:
		return BCCT_LOSS_READ;
	case LOSS_DIVIDE:
		return BCCT_LOSS_DIVIDE;
	default:
		return BCCT_LOSS_OTHER;
	}
}

static void site_emit(struct rt *rt, const struct site_info *site, uint64_t count, uint64_t total)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_LOST};
	char where[300];

	if (site->reason == LOSS_RING_FULL || site->reason == LOSS_SCRATCH)
		e.flags = BCCT_LOST_EVENT;
	rt_loc_text(rt, site->loc, where, sizeof(where));
	e.name = where;
	e.str = loss_reason_text(site->reason);
	e.len = strlen(e.str);
	e.i = loss_kind(site->reason);
	e.u = count;
	e.i2 = (int64_t)total;
	rt_emit(rt, &e);
}

/* flags: BCCT_LOST_EVENT or 0 */
static void loss_emit(struct rt *rt, const char *text, uint32_t flags, struct loc loc,
		      uint64_t count, uint64_t total)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_LOST, .flags = flags};
	char where[300];

	rt_loc_text(rt, loc, where, sizeof(where));
	e.name = where;
	e.str = text;
	e.len = strlen(text);
	e.u = count;
	e.i2 = (int64_t)total;
	rt_emit(rt, &e);
}

static bool loss_wanted(const struct rt *rt, enum loss_reason why)
{
	return (why != LOSS_READ_FAULT && why != LOSS_LOOKUP) || rt->b->opt.keep_warnings;
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
		rt->missed_kprobe += link_missed(bpf_link__fd(rt->links.v[i]));
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
			loss_emit(rt, "interval ticks skipped: the output could not keep up", 0,
				  t->program->info->loc, t->skipped, t->skipped);
	}
	if (rt->missed_kprobe)
		loss_emit(rt, "probe hits missed: too many calls at the same time",
			  BCCT_LOST_EVENT, LOC_NONE, rt->missed_kprobe, rt->missed_kprobe);
	if (rt->missed_recursion)
		loss_emit(rt, "probe hits missed: a probe was hit while another one ran",
			  BCCT_LOST_EVENT, LOC_NONE, rt->missed_recursion, rt->missed_recursion);
}
