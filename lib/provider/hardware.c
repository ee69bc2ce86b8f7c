/*
 * hardware: samples perf's hardware events: runs at every so many of them, on every CPU,
 * in the code that caused the last one.
 */
#include <stddef.h>

static const char *const hardware_aliases[] = { "h", NULL };

#ifdef BCCT_COMPILER
#include "lib/perf_compile.h"

extern const struct provider bcct_provider_hardware;

static const struct perf_name names[] = {
#define PERF_HARDWARE
#define PERF_EVENT(name, alias, config, count) { name, alias, count },
#include "lib/perf_events.h"
#undef PERF_EVENT
#undef PERF_HARDWARE
	{ NULL, NULL, 0 },
};

static int hardware_parse(struct check *k, struct node *spec)
{
	return probe_parse_counter(k, spec, &bcct_provider_hardware, names);
}

const struct provider bcct_provider_hardware = {
	.name = "hardware",
	.aliases = hardware_aliases,
	.syntax = "hardware:EVENT[:COUNT]",
	.section = "perf_event",
	.parse = hardware_parse,
	.doc = "Runs at every so many events of the processor (cpu-cycles, cache-misses and "
	       "others), on every CPU.",
	.example = "hardware:cache-misses:10000 < @[comm] = count() > "
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
#define PERF_HARDWARE
#define PERF_EVENT(name, alias, config, count) { name, config },
#include "lib/perf_events.h"
#undef PERF_EVENT
#undef PERF_HARDWARE
};

static int hardware_event(struct rt *rt, const struct attach_info *at,
			  struct perf_event_attr *attr)
{
	size_t i;

	(void)rt;
	attr->type = PERF_TYPE_HARDWARE;
	attr->sample_period = at->offset;
	for (i = 0; i < sizeof(events) / sizeof(*events); i++) {
		if (strcmp(events[i].name, at->target) != 0)
			continue;
		attr->config = events[i].config;
		return 0;
	}
	return -ENOENT;
}

static int hardware_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			   unsigned n, unsigned *failed)
{
	return perf_attach(rt, p, points, n, failed, hardware_event);
}

static const char *hardware_reason(int err)
{
	return err == -ENOENT || err == -EOPNOTSUPP || err == -ENODEV
		       ? "this machine has no such counter (virtual machines often have none)"
		       : NULL;
}

static int hardware_list(struct rt *rt, const char *pattern, bool args,
			 void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = {
#define PERF_HARDWARE
#define PERF_EVENT(name, alias, config, count) "hardware:" name ":",
#include "lib/perf_events.h"
#undef PERF_EVENT
#undef PERF_HARDWARE
		NULL
	};

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_hardware = {
	.name = "hardware",
	.aliases = hardware_aliases,
	.attach = hardware_attach,
	.list = hardware_list,
	.reason = hardware_reason,
};
#endif
