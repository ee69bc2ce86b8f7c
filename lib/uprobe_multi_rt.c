/* Links to many places of a file; see uprobe_multi_rt.h. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/uprobe_multi_rt.h"

#define FLAG_RETURN 1u

int uprobe_multi_link(const struct uprobe_multi_attr *attr)
{
	int fd = (int)syscall(SYS_bpf, BPF_LINK_CREATE, attr, sizeof(*attr));

	return fd < 0 ? -errno : fd;
}

int uprobe_multi_prepare(struct rt *rt, struct rt_program *p, unsigned npoints)
{
	if (npoints < 2 || !rt_feature(rt, FEAT_UPROBE_MULTI) ||
	    (rt_pid(rt) > 0 && !rt_feature(rt, FEAT_UPROBE_MULTI_PID)))
		return 0;
	return bpf_program__set_expected_attach_type(p->prog,
						     (enum bpf_attach_type)ATTACH_UPROBE_MULTI);
}

bool uprobe_multi_prepared(const struct rt_program *p)
{
	return (int)bpf_program__expected_attach_type(p->prog) == ATTACH_UPROBE_MULTI;
}

int uprobe_multi_attach(struct rt *rt, struct rt_program *p, const struct uprobe_site *sites,
			unsigned n, bool ret)
{
	uint64_t *offsets = malloc(2 * n * sizeof(*offsets));
	struct uprobe_multi_attr attr = {
		.prog_fd = (uint32_t)bpf_program__fd(p->prog),
		.attach_type = ATTACH_UPROBE_MULTI,
		.path = (uintptr_t)sites[0].path,
		.offsets = (uintptr_t)offsets,
		.cookies = (uintptr_t)(offsets + n),
		.cnt = n,
		.multi_flags = ret ? FLAG_RETURN : 0,
		.pid = rt_pid(rt) > 0 ? (uint32_t)rt_pid(rt) : 0,
	};
	int fd;

	if (!offsets)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++) {
		offsets[i] = sites[i].offset;
		offsets[n + i] = sites[i].cookie;
	}
	fd = uprobe_multi_link(&attr);
	free(offsets);
	if (fd < 0)
		return fd;
	rt_add_link_fd(rt, fd);
	return 0;
}
