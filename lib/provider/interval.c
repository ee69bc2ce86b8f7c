/*
 * interval: runs at a fixed rate on one CPU. The tick is a timer of the event
 * loop that runs a raw tracepoint program, and not a perf event: perf's ticks
 * are skipped when they hit a CPU that is just in another BPF program.
 */
#include <stddef.h>

static const char *const interval_aliases[] = { "i", NULL };

#ifdef BCCT_COMPILER
#include <errno.h>

#include "lib/probe_compile.h"

extern const struct provider bcct_provider_interval;

static int interval_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);
	uint64_t period = 0;

	if (!rest)
		return -EINVAL;
	probe_set_attach(k, spec, &bcct_provider_interval, "", rest);
	if (probe_parse_period(k, spec, "interval", arena_strdup(k->arena, rest), &period))
		return -EINVAL;
	spec->spec.attach.target = arena_strdup(k->arena, rest);
	spec->spec.attach.offset = period;
	return 0;
}

const struct provider bcct_provider_interval = {
	.name = "interval",
	.aliases = interval_aliases,
	.syntax = "interval:UNIT:NUMBER",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = interval_parse,
	.doc = "Runs at a fixed rate: every so many s, ms or us, or hz times a second. The unit "
	       "may also follow the number (interval:100ms); a bare number is nanoseconds.",
	.example = "interval:ms:100 < printf(\"tick\\n\"); exit() >",
	.expect = "tick\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int interval_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			   unsigned n, unsigned *failed)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		int err = rt_add_timer(rt, p, points[i].at->offset);

		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

static int interval_list(struct rt *rt, const char *pattern, bool args,
			 void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "interval:hz:", "interval:ms:", "interval:s:",
					     "interval:us:", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_interval = {
	.name = "interval",
	.aliases = interval_aliases,
	.attach = interval_attach,
	.list = interval_list,
};
#endif
