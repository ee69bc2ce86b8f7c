/*
 * Probes on system calls at run time: the events syscalls:sys_enter_NAME and
 * sys_exit_NAME of the trace file system, one program with a link for each.
 */
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/tpformat.h"
#include "lib/probe_rt.h"

#define NAME_MAX_BYTES 128

/* Calls each for every system call that has events, in the order of their names. */
static int each_syscall(const char *prefix, void (*each)(void *user, const char *name), void *user)
{
	const char *root = tracefs_path();
	size_t n = strlen(prefix);
	struct dirent **list;
	char path[96];
	int i, count;

	if (!root)
		return -ENOENT;
	snprintf(path, sizeof(path), "%s/events/syscalls", root);
	count = scandir(path, &list, NULL, alphasort);
	if (count < 0)
		return -errno;
	for (i = 0; i < count; i++) {
		if (strncmp(list[i]->d_name, prefix, n) == 0)
			each(user, list[i]->d_name + n);
		free(list[i]);
	}
	free(list);
	return 0;
}

static int event_exists(const char *prefix, const char *name)
{
	const char *root = tracefs_path();
	char path[96 + NAME_MAX_BYTES];

	if (!root)
		return -ENOENT;
	snprintf(path, sizeof(path), "%s/events/syscalls/%s%s", root, prefix, name);
	return access(path, F_OK) ? -errno : 0;
}

struct expansion {
	struct rt *rt;
	struct rt_program *p;
	const struct attach_info *at;
};

static void add_match(void *user, const char *name)
{
	struct expansion *x = user;
	char full[NAME_MAX_BYTES + 32];

	if (!rt_wildcard(x->at->target, name))
		return;
	snprintf(full, sizeof(full), "%s:%s", x->at->provider, name);
	rt_add_point(x->rt, x->p, x->at, name, NULL, full);
}

int probe_syscall_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at,
			 const char *prefix)
{
	/* what people call stat is newstat to the kernel, sendfile is sendfile64 */
	static const struct {
		const char *before, *after;
	} forms[] = { { "", "" }, { "new", "" }, { "", "64" } };
	char name[NAME_MAX_BYTES];
	int err = -ENOENT;
	size_t i;

	if (rt_has_wildcard(at->target)) {
		struct expansion x = { rt, p, at };

		return each_syscall(prefix, add_match, &x);
	}
	for (i = 0; err == -ENOENT && i < sizeof(forms) / sizeof(*forms); i++) {
		snprintf(name, sizeof(name), "%s%s%s", forms[i].before, at->target, forms[i].after);
		err = event_exists(prefix, name);
		if (!err)
			rt_add_point(rt, p, at, name, NULL, at->full);
	}
	return err;
}

static struct bpf_link *attach_one(struct rt *rt, struct rt_program *p,
				   const struct rt_point *point, const void *arg)
{
	char event[NAME_MAX_BYTES + 16];

	snprintf(event, sizeof(event), "%s%s", (const char *)arg, point->target);
	return probe_event_link(rt, p, "syscalls", event, point->cookie);
}

int probe_syscall_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			 unsigned n, unsigned *failed, const char *prefix)
{
	int err = probe_attach_each(rt, p, points, n, failed, attach_one, prefix);

	/*
	 * A program that could be loaded may be attached, too: access is refused
	 * because it reads an argument which this system call does not have.
	 */
	return err == -EACCES ? -EINVAL : err;
}

static void near_name(void *user, const char *name)
{
	probe_near_try(user, name);
}

char *probe_syscall_near(struct rt *rt, const struct attach_info *at)
{
	struct probe_near n = { .word = at->target };

	(void)rt;
	if (!rt_has_wildcard(at->target))
		each_syscall("sys_enter_", near_name, &n);
	return n.best;
}

struct listing {
	const char *provider, *prefix, *pattern;
	bool args;
	void (*each)(void *user, const char *text);
	void *user;
};

/* "    const char * filename" for each field, the call's number left out. */
static void list_args(struct listing *l, const char *name)
{
	char path[128 + NAME_MAX_BYTES], line[256], *text;
	struct tp_line f;
	const char *pos;

	snprintf(path, sizeof(path), "%s/events/syscalls/%s%s/format", tracefs_path(), l->prefix,
		 name);
	text = tpformat_read(path, NULL);
	for (pos = text; text && tpformat_next(&pos, &f);) {
		if (f.common || f.offset < 16)
			continue;
		snprintf(line, sizeof(line), "    %.*s %.*s", (int)f.decl_len, f.decl,
			 (int)f.name_len, f.name);
		l->each(l->user, line);
	}
	free(text);
}

static void list_name(void *user, const char *name)
{
	struct listing *l = user;
	char text[NAME_MAX_BYTES + 32];

	if (!rt_wildcard(l->pattern, name))
		return;
	snprintf(text, sizeof(text), "%s:%s", l->provider, name);
	l->each(l->user, text);
	if (l->args)
		list_args(l, name);
}

int probe_syscall_list(struct rt *rt, const char *provider, const char *prefix,
		       const char *pattern, bool args,
		       void (*each)(void *user, const char *text), void *user)
{
	struct listing l = { provider, prefix, probe_pattern(provider, pattern), args, each, user };

	(void)rt;
	return each_syscall(prefix, list_name, &l);
}
