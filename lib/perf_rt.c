/*
 * Opens perf events and links programs to them.
 */
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/perf_rt.h"

/* Opens the event of a point for one CPU or thread and links the program. 0 or -errno. */
static int attach_one(struct rt *rt, struct rt_program *p, const struct rt_point *point,
		      struct perf_event_attr *attr, int pid, int cpu)
{
	LIBBPF_OPTS(bpf_perf_event_opts, opts);
	struct bpf_link *link;
	long fd;

	fd = syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (rt_feature(rt, FEAT_COOKIE))
		opts.bpf_cookie = point->cookie;
	link = bpf_program__attach_perf_event_opts(p->prog, (int)fd, &opts);
	if (!link) {
		int err = -errno;

		close((int)fd);
		return err;
	}
	rt_add_link(rt, link);
	return 0;
}

static int begin(struct rt *rt, const struct rt_point *point, perf_event_of event,
		 struct perf_event_attr *attr)
{
	memset(attr, 0, sizeof(*attr));
	attr->size = sizeof(*attr);
	return event(rt, point->at, attr);
}

static int attach_cpus(struct rt *rt, struct rt_program *p, const struct rt_point *point,
		       perf_event_of event)
{
	int cpus = libbpf_num_possible_cpus(), cpu, err, first = -ENODEV;
	struct perf_event_attr attr;

	err = begin(rt, point, event, &attr);
	if (err)
		return err;
	for (cpu = 0; cpu < cpus; cpu++) {
		err = attach_one(rt, p, point, &attr, -1, cpu);
		if (!err)
			first = 0;
		else if (err != -ENODEV) /* the CPU is not online */
			return err;
	}
	return first;
}

int perf_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points, unsigned n,
		unsigned *failed, perf_event_of event)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		int err = attach_cpus(rt, p, &points[i], event);

		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

static int attach_threads(struct rt *rt, struct rt_program *p, const struct rt_point *point,
			  perf_event_of event, int pid)
{
	struct perf_event_attr attr;
	struct dirent *e;
	char path[64];
	int err = begin(rt, point, event, &attr);
	bool any = false;
	DIR *dir;

	if (err)
		return err;
	attr.inherit = 1;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (!err && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		err = attach_one(rt, p, point, &attr, atoi(e->d_name), -1);
		if (err == -ESRCH) /* it has just ended */
			err = 0;
		else
			any = true;
	}
	closedir(dir);
	return err ? err : any ? 0 : -ESRCH;
}

int perf_attach_process(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			unsigned n, unsigned *failed, perf_event_of event, int pid)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		int err = attach_threads(rt, p, &points[i], event, pid);

		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}
