/*
 * Programs that name their function or event before they are loaded: fentry,
 * fexit and raw tracepoints at run time.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/tpformat.h"
#include "lib/bpfprog_rt.h"
#include "lib/probe_rt.h"

int probe_trace_prepare(struct rt *rt, struct rt_program *p, unsigned npoints)
{
	const struct attach_info *at = &p->info->attach.v[0];
	int fd;

	/* the compiler gave each function its program */
	if (npoints != 1)
		return -E2BIG;
	if (!bpfprog_meant(at))
		return bpf_program__set_attach_target(p->prog, 0, at->target);
	fd = bpfprog_find(at);
	if (fd < 0)
		return fd;
	rt_keep_fd(rt, fd); /* libbpf asks for it when it loads */
	return bpf_program__set_attach_target(p->prog, fd, at->target);
}

int probe_trace_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	int fd;

	if (!bpfprog_meant(at))
		return probe_function_expand(rt, p, at);
	fd = bpfprog_find(at);
	if (fd == -EEXIST) {
		rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc,
			"bcct -l 'fentry:bpf:*' lists them: name its number, too",
			"there are several BPF programs '%s'", at->target);
		return -ECANCELED;
	}
	if (fd < 0)
		return fd;
	close(fd);
	rt_add_point(rt, p, at, at->target, at->module, at->full);
	return 0;
}

struct listing {
	const char *provider;
	void (*each)(void *user, const char *text);
	void *user;
};

static void list_program(void *user, unsigned id, const char *name)
{
	struct listing *l = user;
	char text[400];

	snprintf(text, sizeof(text), "%s:bpf:%u:%.255s", l->provider, id, name);
	l->each(l->user, text);
}

int probe_trace_list(struct rt *rt, const char *provider, const char *pattern, bool args,
		     void (*each)(void *user, const char *text), void *user)
{
	struct listing l = { provider, each, user };
	const char *rest = probe_pattern(provider, pattern);

	if (strncmp(rest, PROBE_BPF ":", strlen(PROBE_BPF) + 1) != 0)
		return probe_function_list(rt, provider, pattern, args, each, user);
	rest += strlen(PROBE_BPF) + 1;
	if (strchr(rest, ':'))
		rest = strchr(rest, ':') + 1;
	bpfprog_each(rest, list_program, &l);
	return 0;
}

const char *probe_trace_reason(int err)
{
	switch (-err) {
	case 524: /* ENOTSUPP, the kernel's own */
		return "this kernel cannot trace a function with such arguments this way; try a "
		       "kprobe";
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
