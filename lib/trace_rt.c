/*
 * Programs that name their function or event before they are loaded: fentry,
 * fexit and raw tracepoints at run time.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/tpformat.h"
#include "lib/probe_rt.h"

int probe_trace_prepare(struct rt *rt, struct rt_program *p, unsigned npoints)
{
	(void)rt;
	/* the compiler gave each function its program */
	if (npoints != 1)
		return -E2BIG;
	return bpf_program__set_attach_target(p->prog, 0, p->info->attach.v[0].target);
}

const char *probe_trace_reason(int err)
{
	switch (-err) {
	case ESRCH:
	case ENOENT:
		return "the kernel's BTF does not describe that function";
	case EBUSY:
		return "the kernel cannot trace that function this way; try a kprobe";
	default:
		return NULL;
	}
}

static struct bpf_link *attach_trace(struct rt *rt, struct rt_program *p,
				     const struct rt_point *point, const void *arg)
{
	(void)rt;
	(void)point;
	(void)arg;
	return bpf_program__attach_trace(p->prog);
}

int probe_trace_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed)
{
	return probe_attach_each(rt, p, points, n, failed, attach_trace, NULL);
}
