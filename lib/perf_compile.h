/*
 * Specs of the probes on perf's counters: software and hardware.
 */
#ifndef LIB_PERF_COMPILE_H
#define LIB_PERF_COMPILE_H

#include "lib/probe_compile.h"

struct perf_name {
	const char *name, *alias;
	uint64_t count;
};

/* "EVENT[:COUNT]"; names ends with a NULL name. 0, or -EINVAL: reported. */
int probe_parse_counter(struct check *k, struct node *spec, const struct provider *p,
			const struct perf_name *names);

#endif
