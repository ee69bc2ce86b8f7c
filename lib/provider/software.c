/*
 * software: samples perf's software events: runs at every so many of them, on every CPU,
 * in the code that caused the last one.
 */
#include <stddef.h>

static const char *const software_aliases[] = { "s", NULL };

#ifdef BCCT_COMPILER
#include "lib/perf_compile.h"

extern const struct provider bcct_provider_software;

static const struct perf_name names[] = {
#define PERF_SOFTWARE
#define PERF_EVENT(name, alias, config, count) { name, alias, count },
#include "lib/perf_events.h"
#undef PERF_EVENT
#undef PERF_SOFTWARE
	{ NULL, NULL, 0 },
};

static int software_parse(struct check *k, struct node *spec)
{
	return probe_parse_counter(k, spec, &bcct_provider_software, names);
}

const struct provider bcct_provider_software = {
	.name = "software",
	.aliases = software_aliases,
	.syntax = "software:EVENT[:COUNT]",
	.section = "perf_event",
	.parse = software_parse,
	.doc = "Runs at every so many software events of the kernel (page-faults, cpu-clock, "
	       "context-switches and others), on every CPU.",
	.example = "software:page-faults:1 < @[comm] = count() > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

#include "lib/perf_rt.h"

static const struct {
	const char *name;
	uint64_t config;
} events[] = {
#define PERF_SOFTWARE
#define PERF_EVENT(name, alias, config, count) { name, config },
#include "lib/perf_events.h"
#undef PERF_EVENT
#undef PERF_SOFTWARE
};

static int software_event(struct rt *rt, const struct attach_info *at,
			  struct perf_event_attr *attr)
{
	size_t i;

	(void)rt;
	attr->type = PERF_TYPE_SOFTWARE;
	attr->sample_period = at->offset;
	for (i = 0; i < sizeof(events) / sizeof(*events); i++) {
		if (strcmp(events[i].name, at->target) != 0)
			continue;
		attr->config = events[i].config;
		return 0;
	}
	return -ENOENT;
}

static int software_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			   unsigned n, unsigned *failed)
{
	return perf_attach(rt, p, points, n, failed, software_event);
}

static int software_list(struct rt *rt, const char *pattern, bool args,
			 void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = {
#define PERF_SOFTWARE
#define PERF_EVENT(name, alias, config, count) "software:" name ":",
#include "lib/perf_events.h"
#undef PERF_EVENT
#undef PERF_SOFTWARE
		NULL
	};

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_software = {
	.name = "software",
	.aliases = software_aliases,
	.attach = software_attach,
	.list = software_list,
};
#endif
