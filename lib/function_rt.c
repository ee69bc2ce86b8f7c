/*
 * Probes on kernel functions at run time: which functions a pattern means, one
 * link for all of them where the kernel can, one link each where it cannot.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strmap.h"
#include "base/arch.h"
#include "lib/probe_rt.h"

#define FUNCTION_MAX 256 /* bytes of a function's name in what follows */

static bool is_syscall(const struct attach_info *at)
{
	return at->module && strcmp(at->module, PROBE_SYSCALL) == 0;
}

/* The kernel itself, by its module's name. */
static bool in_kernel(const char *module)
{
	return !strcmp(module, "vmlinux");
}

/* ---- expansion ---------------------------------------------------------- */

struct expansion {
	struct rt *rt;
	struct rt_program *p;
	const struct attach_info *at;
	struct strmap seen; /* static functions of one name in several files */
};

static bool seen_before(struct expansion *x, const char *name)
{
	char *key;

	if (strmap_get(&x->seen, name))
		return true;
	key = strdup(name);
	if (key)
		strmap_put(&x->seen, key, key);
	return false;
}

static int add_match(void *user, const char *name, const char *module)
{
	struct expansion *x = user;
	const struct attach_info *at = x->at;
	char full[FUNCTION_MAX + 96];

	if (strlen(name) >= FUNCTION_MAX || seen_before(x, name) ||
	    (at->module && !rt_wildcard(at->module, module ? module : "vmlinux")))
		return 0;
	if (at->module && module)
		snprintf(full, sizeof(full), "%s:%.64s:%s", at->provider, module, name);
	else
		snprintf(full, sizeof(full), "%s:%s", at->provider, name);
	rt_add_point(x->rt, x->p, at, name, at->module ? module : NULL, full);
	return 0;
}

static int add_syscall(void *user, const char *name, const char *function)
{
	struct expansion *x = user;
	char full[FUNCTION_MAX + 96];

	/* kprobe:sys_NAME, or syscall:NAME where such probes have no events */
	snprintf(full, sizeof(full), "%.*s:%s%s", (int)strcspn(x->at->full, ":"), x->at->full,
		 strstr(x->at->full, ":sys_") ? "sys_" : "", name);
	rt_add_point(x->rt, x->p, x->at, function, NULL, full);
	return 0;
}

/* ---- system calls by the names of their functions ----------------------- */

struct syscalls {
	struct rt *rt;
	const char *prefix; /* being looked for */
	struct strmap *seen;
	int (*each)(void *user, const char *name, const char *function);
	void *user;
};

static int try_syscall(void *user, const char *name, const char *module)
{
	struct syscalls *s = user;
	char function[FUNCTION_MAX + 32];

	(void)module;
	if (strlen(name) >= FUNCTION_MAX)
		return 0;
	name += strlen(s->prefix);
	snprintf(function, sizeof(function), ARCH_SYSCALL_PREFIX "%s", name);
	if (strmap_get(s->seen, name))
		return 0;
	/* asking takes a while: only for the few that come under another name */
	if (strcmp(s->prefix, ARCH_SYSCALL_PREFIX) != 0 && !rt_kernel_has(s->rt, function))
		return 0;
	name = strdup(name);
	if (!name)
		return 0;
	strmap_put(s->seen, name, (void *)name);
	return s->each(s->user, name, function);
}

static void free_names(struct strmap *seen)
{
	size_t i;

	for (i = 0; i < seen->n; i++)
		free(seen->entries[i].value);
	strmap_free(seen);
}

static int each_syscall(struct rt *rt, const char *pattern,
			int (*each)(void *user, const char *name, const char *function), void *user)
{
	static const char *const prefixes[] = ARCH_SYSCALL_NAMES;
	struct strmap seen = { 0 };
	struct syscalls s = { .rt = rt, .seen = &seen, .each = each, .user = user };
	char functions[FUNCTION_MAX + 32];
	int err = 0;
	size_t i;

	for (i = 0; err >= 0 && i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		s.prefix = prefixes[i];
		snprintf(functions, sizeof(functions), "%s%s", s.prefix, pattern);
		err = rt_kernel_functions(rt, functions, try_syscall, &s);
	}
	free_names(&seen);
	return err < 0 ? err : 0;
}

static int expand_pattern(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	struct expansion x = { .rt = rt, .p = p, .at = at };
	int err;

	/* sys_NAME is a system call, and what follows relies on it: nothing else is matched */
	if (is_syscall(at))
		return each_syscall(rt, at->target + 4, add_syscall, &x);
	err = rt_kernel_functions(rt, at->target, add_match, &x);
	free_names(&x.seen);
	return err < 0 ? err : 0;
}

/* The function of a system call: also under the names that the kernel has for old ones. */
static int expand_syscall(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	static const char *const prefixes[] = { ARCH_SYSCALL_PREFIX, ARCH_SYSCALL_PREFIX "new" };
	char name[FUNCTION_MAX + 32];
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		snprintf(name, sizeof(name), "%s%s", prefixes[i], at->target + 4);
		if (!rt_kernel_has(rt, name))
			continue;
		rt_add_point(rt, p, at, name, NULL, at->full);
		return 0;
	}
	snprintf(name, sizeof(name), ARCH_SYSCALL_PREFIX "%s64", at->target + 4);
	if (!rt_kernel_has(rt, name))
		return -ENOENT;
	rt_add_point(rt, p, at, name, NULL, at->full);
	return 0;
}

static bool module_loaded(const char *module)
{
	char path[FUNCTION_MAX];

	snprintf(path, sizeof(path), "/sys/module/%.200s", module);
	return !access(path, F_OK);
}

/* -ENOENT, or the error when the function is there, but elsewhere. */
static int no_module(struct rt *rt, const struct attach_info *at)
{
	if (rt_manifest(rt)->options.v[OPT_MISSING_PROBES] != 2)
		return -ENOENT;
	rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc, "lsmod lists those that are loaded",
		"cannot probe '%s': there is no module '%s'", at->full, at->module);
	return -ECANCELED;
}

/* kprobe:0x…: attach_info.offset is the address then. */
static bool is_address(const char *target)
{
	return target[0] >= '0' && target[0] <= '9';
}

int probe_function_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	if (rt_has_wildcard(at->target) || (at->module && rt_has_wildcard(at->module)))
		return expand_pattern(rt, p, at);
	if (is_syscall(at))
		return expand_syscall(rt, p, at);
	if (!is_address(at->target) && !rt_kernel_has(rt, at->target))
		return -ENOENT;
	if (at->module && !in_kernel(at->module) && !module_loaded(at->module))
		return no_module(rt, at);
	rt_add_point(rt, p, at, at->target, at->module, at->full);
	return 0;
}

/* ---- attaching ---------------------------------------------------------- */

int probe_function_prepare(struct rt *rt, struct rt_program *p, unsigned npoints)
{
	size_t i;

	if (npoints < 2)
		return 0;
	/*
	 * One link for many knows neither offsets nor modules. A pattern in a module
	 * is still attached by names, as hundreds of links would take long to close:
	 * module prefixes make it unlikely that another function is meant.
	 */
	for (i = 0; i < p->info->attach.n; i++) {
		const struct attach_info *at = &p->info->attach.v[i];

		if (at->offset ||
		    (at->module && !is_syscall(at) && !rt_has_wildcard(at->target)))
			return 0;
	}
	if (!rt_feature(rt, FEAT_KPROBE_MULTI))
		return 0;
	return bpf_program__set_expected_attach_type(p->prog, BPF_TRACE_KPROBE_MULTI);
}

struct multi {
	struct rt *rt;
	struct rt_program *p;
	const struct rt_point *points; /* all of them: failed counts from here */
	const char **syms;
	__u64 *cookies;
	bool ret;
	unsigned refused, first;
	int err; /* of the first that was refused */
};

static int multi_link(struct multi *m, unsigned from, unsigned n)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = m->syms + from, .cnt = n,
		    .cookies = m->cookies + from, .retprobe = m->ret);
	struct bpf_link *link = bpf_program__attach_kprobe_multi_opts(m->p->prog, NULL, &opts);

	if (!link)
		return -errno;
	rt_add_link(m->rt, link);
	return 0;
}

/*
 * The kernel takes all or none and does not say which one it minds. Halving
 * finds it with few links; the depth is the logarithm of n.
 */
static int multi_attach(struct multi *m, unsigned from, unsigned n, unsigned *failed)
{
	int err = multi_link(m, from, n);

	if (!err)
		return 0;
	if (n > 1 && !probe_error_is_final(err)) {
		err = multi_attach(m, from, n / 2, failed);
		return err ? err : multi_attach(m, from + n / 2, n - n / 2, failed);
	}
	if (!rt_has_wildcard(m->points[from].at->target) || probe_error_is_final(err)) {
		*failed = from;
		return err;
	}
	if (!m->refused++) {
		m->first = from;
		m->err = err;
	}
	return 0;
}

static int attach_multi(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			unsigned n, unsigned *failed, bool ret)
{
	struct multi m = { .rt = rt, .p = p, .points = points, .ret = ret };
	int err = -ENOMEM;
	unsigned i;

	m.syms = malloc(n * sizeof(*m.syms));
	m.cookies = malloc(n * sizeof(*m.cookies));
	if (!m.syms || !m.cookies)
		goto out;
	for (i = 0; i < n; i++) {
		m.syms[i] = points[i].target;
		m.cookies[i] = points[i].cookie;
	}
	err = multi_attach(&m, 0, n, failed);
	if (!err && m.refused)
		probe_warn_refused(rt, &points[m.first], m.refused, n, m.err);
out:
	free(m.syms);
	free(m.cookies);
	return err;
}

static struct bpf_link *attach_one(struct rt *rt, struct rt_program *p,
				   const struct rt_point *point, const void *arg)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .retprobe = arg != NULL, .offset = point->at->offset);
	char name[FUNCTION_MAX + 72];

	if (rt_feature(rt, FEAT_COOKIE))
		opts.bpf_cookie = point->cookie;
	if (is_address(point->target))
		return bpf_program__attach_kprobe_opts(p->prog, NULL, &opts);
	if (!point->module || rt_has_wildcard(point->module) || in_kernel(point->module))
		return bpf_program__attach_kprobe_opts(p->prog, point->target, &opts);
	snprintf(name, sizeof(name), "%.64s:%s", point->module, point->target);
	return bpf_program__attach_kprobe_opts(p->prog, name, &opts);
}

int probe_function_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			  unsigned n, unsigned *failed, bool ret)
{
	/* loaded for many: the kernel takes no other kind of link then */
	if (bpf_program__expected_attach_type(p->prog) == BPF_TRACE_KPROBE_MULTI)
		return attach_multi(rt, p, points, n, failed, ret);
	return probe_attach_each(rt, p, points, n, failed, attach_one, ret ? "" : NULL);
}

/* ---- near names, lists -------------------------------------------------- */

static int near_function(void *user, const char *name, const char *module)
{
	static const char *const prefixes[] = ARCH_SYSCALL_NAMES;
	struct probe_near *n = user;
	size_t i;

	(void)module;
	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t len = strlen(prefixes[i]);

		if (strncmp(name, prefixes[i], len) == 0) {
			name += len - 4; /* as sys_NAME */
			break;
		}
	}
	probe_near_try(n, name);
	return 0;
}

/* Only functions that were found are attached, so "not there" is said of the ones it can trace. */
const char *probe_function_reason(int err)
{
	if (err != -ENOENT && err != -ESRCH)
		return NULL;
	return "the kernel has that function but cannot trace it: it is inline or notrace";
}

char *probe_function_near(struct rt *rt, const struct attach_info *at)
{
	struct probe_near n = { .word = at->target };

	if (!rt_has_wildcard(at->target))
		rt_kernel_functions(rt, "*", near_function, &n);
	return n.best;
}

struct listing {
	const char *provider, *pattern, *module;
	struct probe_protos *protos;
	bool verbose;
	bool btf;       /* only functions that BTF describes, all with their module */
	bool args, ret; /* what a probe has of a function */
	void (*each)(void *user, const char *text);
	void *user;
};

static int list_function(void *user, const char *name, const char *module)
{
	struct listing *l = user;
	char text[FUNCTION_MAX + 96];

	if (l->module && !rt_wildcard(l->module, module ? module : "vmlinux"))
		return 0;
	if (l->btf && !probe_protos_have(l->protos, name, module))
		return 0;
	if (l->btf || (l->module && module))
		snprintf(text, sizeof(text), "%s:%.64s:%.255s", l->provider,
			 module ? module : "vmlinux", name);
	else
		snprintf(text, sizeof(text), "%s:%.255s", l->provider, name);
	l->each(l->user, text);
	if (!l->verbose)
		return 0;
	if (l->protos && l->args)
		probe_protos_list(l->protos, name, module, false, 0, l->each,
				  l->user);
	if (l->protos && l->ret)
		probe_protos_list(l->protos, name, module, true, 0, l->each,
				  l->user);
	return 0;
}

static int list_syscall(void *user, const char *name, const char *function)
{
	struct listing *l = user;
	char text[FUNCTION_MAX + 96];

	(void)function;
	snprintf(text, sizeof(text), "%s:sys_%.255s", l->provider, name);
	l->each(l->user, text);
	return 0;
}

int probe_function_list(struct rt *rt, const char *provider, const char *pattern, bool args,
			void (*each)(void *user, const char *text), void *user)
{
	struct listing l = { .provider = provider, .each = each, .user = user };
	char buf[FUNCTION_MAX + 64], *colon;
	int err;

	snprintf(buf, sizeof(buf), "%s", probe_pattern(provider, pattern));
	l.pattern = buf;
	colon = strchr(buf, ':');
	if (colon) {
		*colon = 0;
		l.module = buf;
		l.pattern = colon + 1;
	}
	l.args = strcmp(provider, "kretprobe") != 0;
	l.ret = !l.args || strcmp(provider, "fexit") == 0;
	l.btf = provider[0] == 'f';
	l.verbose = args;
	l.protos = args || l.btf ? probe_protos_open() : NULL;
	if (l.btf && !l.protos)
		return 0; /* nothing that such probes could be put on */
	err = rt_kernel_functions(rt, l.pattern, list_function, &l);
	if (err >= 0 && !l.module && strncmp(l.pattern, "sys_", 4) == 0)
		err = each_syscall(rt, l.pattern + 4, list_syscall, &l);
	probe_protos_close(l.protos);
	return err < 0 ? err : 0;
}
