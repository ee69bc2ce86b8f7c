/*
 * Programs on perf events at run time: one event for each CPU or thread. Called
 * by the run-time halves of profile, software, hardware and watchpoint.
 */
#ifndef LIB_PERF_RT_H
#define LIB_PERF_RT_H

#include "lib/probe_rt.h"

struct perf_event_attr;

/* Says what to open for an attach point. 0 or -errno. */
typedef int (*perf_event_of)(struct rt *rt, const struct attach_info *at,
			     struct perf_event_attr *attr);

/* Attaches each point on every CPU; *failed as in struct provider_rt. */
int perf_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points, unsigned n,
		unsigned *failed, perf_event_of event);
/* The same to every thread of a process, and those it will start. */
int perf_attach_process(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			unsigned n, unsigned *failed, perf_event_of event, int pid);

#endif
