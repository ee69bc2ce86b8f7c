/*
 * profile: runs at a fixed rate on every CPU, in whatever runs there: a software
 * clock event of perf for each CPU, with the context of the interrupted code.
 */
#include <stddef.h>

static const char *const profile_aliases[] = { "p", NULL };

#ifdef BCCT_COMPILER
#include <errno.h>

#include "lib/probe_compile.h"

extern const struct provider bcct_provider_profile;

static int profile_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);
	uint64_t period = 0;

	if (!rest || probe_parse_period(k, spec, "profile", arena_strdup(k->arena, rest), &period))
		return -EINVAL;
	probe_set_attach(k, spec, &bcct_provider_profile, rest, rest);
	spec->spec.attach.offset = period;
	return 0;
}

const struct provider bcct_provider_profile = {
	.name = "profile",
	.aliases = profile_aliases,
	.syntax = "profile:UNIT:NUMBER",
	.section = "perf_event",
	.parse = profile_parse,
	.doc = "Runs on every CPU, so many times a second (hz) or every so many s, ms or us, in "
	       "whatever is running there. For sampling stacks.",
	.example = "profile:hz:99 < @[kstack(5)] = count() > interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include <linux/perf_event.h>

#include "lib/perf_rt.h"

static int profile_event(struct rt *rt, const struct attach_info *at, struct perf_event_attr *attr)
{
	(void)rt;
	attr->type = PERF_TYPE_SOFTWARE;
	attr->config = PERF_COUNT_SW_CPU_CLOCK;
	attr->sample_period = at->offset;
	return 0;
}

static int profile_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			  unsigned n, unsigned *failed)
{
	return perf_attach(rt, p, points, n, failed, profile_event);
}

static int profile_list(struct rt *rt, const char *pattern, bool args,
			void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "profile:hz:", "profile:ms:", "profile:s:",
					     "profile:us:", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_profile = {
	.name = "profile",
	.aliases = profile_aliases,
	.attach = profile_attach,
	.list = profile_list,
};
#endif
