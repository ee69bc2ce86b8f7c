/*
 * tail: functions of BPF C that are called through a BPF_PROG_ARRAY. What scripts for BCC do by
 * hand, the name tail__ARRAY__SLOT does: the program is put into that slot.
 */
#ifdef BCCT_RUNTIME
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/probe_rt.h"

static int put(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	const char *colon = strrchr(at->target, ':');
	char array[64];
	uint32_t slot;
	int fd, prog = bpf_program__fd(p->prog);

	snprintf(array, sizeof(array), "%.*s", (int)(colon - at->target), at->target);
	slot = (uint32_t)strtoul(colon + 1, NULL, 10);
	fd = rt_map_fd(rt, array);
	if (fd < 0)
		return -ENOENT;
	return bpf_map_update_elem(fd, &slot, &prog, BPF_ANY) ? -errno : 0;
}

static const char *tail_reason(int err)
{
	return err == -EINVAL ? "the array is for programs of another type" : NULL;
}

static int tail_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed)
{
	for (unsigned i = 0; i < n; i++) {
		int err = strrchr(points[i].at->target, ':') ? put(rt, p, points[i].at) : -EINVAL;

		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

const struct provider_rt bcct_provider_rt_tail = {
	.name = "tail",
	.attach = tail_attach,
	.reason = tail_reason,
};
#endif
