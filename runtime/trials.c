/*
 * test: and bench: programs: run by this process instead of by the kernel's events, once
 * everything else is attached. What a test prints is kept, and told when it has failed;
 * what a benchmark prints is of no interest. Called by the loop.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "runtime/rt_internal.h"

#define BENCH_NS 500000000ULL /* that long each benchmark runs */
#define BENCH_BATCH 64        /* turns before the ring buffer is emptied */

enum rt_trial trials_wanted(const struct rt *rt)
{
	switch (rt->b->opt.mode) {
	case BCCT_TEST: return TRIAL_TEST;
	case BCCT_BENCH: return TRIAL_BENCH;
	case BCCT_TRACE: break;
	}
	return TRIAL_NONE;
}

/* ---- output ------------------------------------------------------------------ */

/* What the program prints meanwhile, as text. */
struct capture {
	struct buf text;
	const struct output *format;
	void *state;
};

static void capture_event(void *user, const struct bcct_event *e)
{
	struct capture *c = user;

	if (e->kind == BCCT_EV_RUNTIME_ERROR)
		buf_printf(&c->text, "%s%s%s\n", e->name, *e->name ? ": " : "", e->str);
	else if (c->state)
		c->format->event(c->state, &c->text, e);
}

static void capture_begin(struct rt *rt, struct capture *c)
{
	memset(c, 0, sizeof(*c));
	c->format = output_find("text");
	c->state = c->format ? c->format->begin(&c->text) : NULL;
	rt->capture = (struct rt_sink){capture_event, c};
}

/* The text stays until it is freed. */
static void capture_end(struct rt *rt, struct capture *c)
{
	loop_drain(rt);
	rt->capture = (struct rt_sink){NULL, NULL};
	if (c->state)
		c->format->end(c->state);
}

/* ---- tests --------------------------------------------------------------------- */

static const char *trial_name(const struct rt_prog *p, unsigned point)
{
	return p->points.v[point].target ? p->points.v[point].target : "";
}

static void test_emit(struct rt *rt, const char *name, bool passed, uint64_t ns,
		      const struct buf *text, unsigned total)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_TEST, .name = name, .u = ns};

	e.flags = passed ? BCCT_PASSED : 0;
	e.str = text->len ? (const char *)text->data : "";
	e.len = text->len;
	e.i2 = total;
	rt_emit(rt, &e);
}

/* False when it has failed: it left with a status, or could not be run. */
static bool test_run(struct rt *rt, struct rt_prog *p, const char *name, unsigned total)
{
	struct capture c;
	uint64_t start;
	bool passed;
	int err;

	capture_begin(rt, &c);
	start = clock_ns(CLOCK_MONOTONIC);
	err = rt_run_program(rt, &p->p);
	start = clock_ns(CLOCK_MONOTONIC) - start;
	loop_drain(rt);
	words_exit(rt);
	if (err)
		rt_problem(rt, p->p.info->loc, "cannot run '%s': %s", name, strerror(-err));
	passed = !err && !rt->exit_status;
	capture_end(rt, &c);
	test_emit(rt, name, passed, start, &c.text, total);
	buf_free(&c.text);
	words_exit_reset(rt);
	return passed;
}

/* ---- benchmarks ------------------------------------------------------------------ */

static uint64_t run_stats(int fd, uint64_t *turns)
{
	struct bpf_prog_info info;
	uint32_t len = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return 0;
	*turns = info.run_cnt;
	return info.run_time_ns;
}

/* Average of one turn by the kernel's own clock, 0 when it could not be run. */
static uint64_t bench_average(struct rt *rt, int fd, uint64_t for_ns, uint64_t *turns)
{
	struct bpf_test_run_opts opts = {.sz = sizeof(opts)};
	uint64_t end = clock_ns(CLOCK_MONOTONIC) + for_ns, n = 0, ns, before_n = 0, before;

	before = run_stats(fd, &before_n);
	do {
		for (unsigned i = 0; i < BENCH_BATCH; i++)
			if (bpf_prog_test_run_opts(fd, &opts))
				return 0;
		loop_drain(rt);
	} while (clock_ns(CLOCK_MONOTONIC) < end);
	ns = run_stats(fd, &n) - before;
	*turns = n - before_n;
	return *turns ? ns / *turns : 0;
}

/* What measuring itself takes: the time of a program that does nothing. */
static uint64_t bench_nothing(struct rt *rt)
{
	const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "bcct_nothing", "GPL", nothing, 2,
			       NULL);
	uint64_t turns, ns;

	if (fd < 0)
		return 0;
	ns = bench_average(rt, fd, BENCH_NS / 10, &turns);
	close(fd);
	return ns;
}

static void bench_run(struct rt *rt, struct rt_prog *p, const char *name, uint64_t nothing,
		      unsigned total)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_BENCH, .name = name};
	struct capture c;
	uint64_t turns = 0, ns;

	capture_begin(rt, &c);
	ns = bench_average(rt, bpf_program__fd(p->p.prog), BENCH_NS, &turns);
	capture_end(rt, &c);
	buf_free(&c.text);
	words_exit_reset(rt);
	e.u = ns > nothing ? ns - nothing : 0;
	e.i = (int64_t)turns;
	e.i2 = total;
	rt_emit(rt, &e);
}

/* ---- all of them ------------------------------------------------------------------- */

void trials_run(struct rt *rt)
{
	enum rt_trial kind = trials_wanted(rt);
	int stats = kind == TRIAL_BENCH ? bpf_enable_stats(BPF_STATS_RUN_TIME) : -1;
	uint64_t nothing = stats >= 0 ? bench_nothing(rt) : 0;
	unsigned total = 0, failed = 0;

	for (size_t i = 0; i < rt->m->programs.n; i++)
		total += rt->progs[i].trial == kind ? (unsigned)rt->progs[i].points.n : 0;
	if (kind == TRIAL_BENCH && stats < 0)
		rt_problem(rt, LOC_NONE, "the kernel does not measure programs: %s",
			   strerror(errno));
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct rt_prog *p = &rt->progs[i];

		for (unsigned k = 0; p->trial == kind && k < p->points.n; k++) {
			if (kind == TRIAL_BENCH)
				bench_run(rt, p, trial_name(p, k), nothing, total);
			else
				failed += !test_run(rt, p, trial_name(p, k), total);
		}
	}
	if (stats >= 0)
		close(stats);
	rt_exit(rt, failed ? 1 : 0);
}
