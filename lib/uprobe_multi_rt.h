/*
 * One link from a program to many places in a file, which Linux has since 6.6. libbpf 1.1
 * does not know it: the system call itself.
 */
#ifndef LIB_UPROBE_MULTI_RT_H
#define LIB_UPROBE_MULTI_RT_H

#include "lib/rt.h"

#define ATTACH_UPROBE_MULTI 48 /* BPF_TRACE_UPROBE_MULTI */

/* union bpf_attr's member link_create, as far as it is about this. */
struct uprobe_multi_attr {
	uint32_t prog_fd, target_fd, attach_type, flags;
	uint64_t path, offsets, ref_ctr_offsets, cookies;
	uint32_t cnt, multi_flags, pid, pad;
};

/* A descriptor, or -errno. */
int uprobe_multi_link(const struct uprobe_multi_attr *attr);

/* Before loading: prepares a program for such links where they help; see struct provider_rt. */
int uprobe_multi_prepare(struct rt *rt, struct rt_program *p, unsigned npoints);
bool uprobe_multi_prepared(const struct rt_program *p);

struct uprobe_site {
	const char *path;
	uint64_t offset, cookie;
};
/* Links the program to sites of one file. 0 or -errno. */
int uprobe_multi_attach(struct rt *rt, struct rt_program *p, const struct uprobe_site *sites,
			unsigned n, bool ret);

#endif
