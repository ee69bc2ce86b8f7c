/*
 * Events of the trace file system at run time: which there are, links to them,
 * lists with fields. Called by the tracepoint provider.
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

#include "base/tpformat.h"
#include "lib/probe_rt.h"

#define NAME_MAX_BYTES 128
#define PATH_BYTES (96 + 2 * NAME_MAX_BYTES)

/* "category:event" taken apart, each with its end. */
struct event_name {
	char category[NAME_MAX_BYTES];
	const char *event;
};

static bool split(const char *target, struct event_name *out)
{
	const char *colon = strchr(target, ':');

	if (!colon || (size_t)(colon - target) >= sizeof(out->category) ||
	    strlen(colon) >= NAME_MAX_BYTES)
		return false;
	snprintf(out->category, sizeof(out->category), "%.*s", (int)(colon - target), target);
	out->event = colon + 1;
	return true;
}

/* The names in a folder, sorted; the caller frees them. -errno, or their number. */
static int folders(const char *path, struct dirent ***list)
{
	int n = scandir(path, list, NULL, alphasort);

	return n < 0 ? -errno : n;
}

static bool is_name(const struct dirent *e)
{
	return e->d_type == DT_DIR && e->d_name[0] != '.' && strlen(e->d_name) < NAME_MAX_BYTES;
}

static int each_event(const char *category, const char *pattern,
		      void (*each)(void *user, const char *category, const char *event), void *user)
{
	struct dirent **list;
	char path[PATH_BYTES];
	int i, n;

	snprintf(path, sizeof(path), "%s/events/%s", tracefs_path(), category);
	n = folders(path, &list);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		if (is_name(list[i]) && rt_wildcard(pattern, list[i]->d_name))
			each(user, category, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return 0;
}

/* Calls each for all events that match, in the order of their names. */
static int each_match(const struct event_name *name,
		      void (*each)(void *user, const char *category, const char *event), void *user)
{
	struct dirent **list;
	char path[PATH_BYTES];
	int i, n, err = 0, e;

	if (!tracefs_path())
		return -ENOENT;
	if (!rt_has_wildcard(name->category))
		return each_event(name->category, name->event, each, user);
	snprintf(path, sizeof(path), "%s/events", tracefs_path());
	n = folders(path, &list);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		if (is_name(list[i]) && rt_wildcard(name->category, list[i]->d_name)) {
			e = each_event(list[i]->d_name, name->event, each, user);
			err = e == -EACCES || e == -EPERM ? e : err;
		}
		free(list[i]);
	}
	free(list);
	return err;
}

/* ---- expansion and attaching -------------------------------------------- */

struct expansion {
	struct rt *rt;
	struct rt_program *p;
	const struct attach_info *at;
};

/* What is listed with the events and can only be used by the kernel's own tools. */
static bool is_event(const char *category, const char *event)
{
	char path[PATH_BYTES];

	if (strcmp(category, "ftrace") == 0)
		return false;
	snprintf(path, sizeof(path), "%s/events/%s/%s/id", tracefs_path(), category, event);
	return access(path, F_OK) == 0;
}

static void add_match(void *user, const char *category, const char *event)
{
	struct expansion *x = user;
	char full[2 * NAME_MAX_BYTES + 32], target[2 * NAME_MAX_BYTES];

	if (!is_event(category, event))
		return;
	snprintf(target, sizeof(target), "%s:%s", category, event);
	snprintf(full, sizeof(full), "tracepoint:%s", target);
	rt_add_point(x->rt, x->p, x->at, target, NULL, full);
}

int probe_event_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	struct expansion x = { rt, p, at };
	struct event_name name;
	char path[PATH_BYTES];

	if (!split(at->target, &name) || !tracefs_path())
		return -ENOENT;
	if (rt_has_wildcard(at->target))
		return each_match(&name, add_match, &x);
	snprintf(path, sizeof(path), "%s/events/%s/%s", tracefs_path(), name.category, name.event);
	if (access(path, F_OK))
		return -errno;
	rt_add_point(rt, p, at, at->target, NULL, at->full);
	return 0;
}

/* libbpf would look for the event below its own idea of where the file system is. */
struct bpf_link *probe_event_link(struct rt *rt, struct rt_program *p, const char *category,
				  const char *event, uint64_t cookie)
{
	LIBBPF_OPTS(bpf_perf_event_opts, opts, .bpf_cookie = rt_feature(rt, FEAT_COOKIE) ? cookie
											: 0);
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	struct bpf_link *link;
	char path[PATH_BYTES], *id;
	int fd, err;

	snprintf(path, sizeof(path), "%s/events/%s/%s/id", tracefs_path(), category, event);
	id = tpformat_read(path, NULL);
	if (!id)
		return NULL;
	attr.config = strtoull(id, NULL, 10);
	free(id);
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return NULL;
	link = bpf_program__attach_perf_event_opts(p->prog, fd, &opts);
	if (!link) {
		err = errno;
		close(fd);
		errno = err;
	}
	return link;
}

static struct bpf_link *attach_one(struct rt *rt, struct rt_program *p,
				   const struct rt_point *point, const void *arg)
{
	struct event_name name;

	(void)arg;
	if (!split(point->target, &name)) {
		errno = ENOENT;
		return NULL;
	}
	return probe_event_link(rt, p, name.category, name.event, point->cookie);
}

int probe_event_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed)
{
	int err = probe_attach_each(rt, p, points, n, failed, attach_one, NULL);

	/* access is refused when the program reads a field that this event does not have */
	return err == -EACCES ? -EINVAL : err;
}

/* ---- near names, lists -------------------------------------------------- */

static void near_event(void *user, const char *category, const char *event)
{
	char full[2 * NAME_MAX_BYTES];

	snprintf(full, sizeof(full), "%s:%s", category, event);
	probe_near_try(user, full);
}

char *probe_event_near(struct rt *rt, const struct attach_info *at)
{
	struct probe_near n = { .word = at->target };
	struct event_name all = { .category = "*", .event = "*" };

	(void)rt;
	if (!rt_has_wildcard(at->target))
		each_match(&all, near_event, &n);
	return n.best;
}

struct listing {
	bool args;
	void (*each)(void *user, const char *text);
	void *user;
};

/* "    const char * filename" for each field, as the kernel spells them. */
static void list_fields(struct listing *l, const char *category, const char *event)
{
	char path[PATH_BYTES], line[256], *text;
	const char *p, *semi;

	snprintf(path, sizeof(path), "%s/events/%s/%s/format", tracefs_path(), category, event);
	text = tpformat_read(path, NULL);
	for (p = text; p && (p = strstr(p, "field:")); p = semi) {
		p += strlen("field:");
		semi = strchrnul(p, ';');
		snprintf(line, sizeof(line), "    %.*s", (int)(semi - p), p);
		if (!strstr(line, " common_"))
			l->each(l->user, line);
	}
	free(text);
}

static void list_event(void *user, const char *category, const char *event)
{
	struct listing *l = user;
	char text[2 * NAME_MAX_BYTES + 32];

	if (strcmp(category, "ftrace") == 0)
		return;
	snprintf(text, sizeof(text), "tracepoint:%s:%s", category, event);
	l->each(l->user, text);
	if (l->args)
		list_fields(l, category, event);
}

int probe_event_list(struct rt *rt, const char *pattern, bool args,
		     void (*each)(void *user, const char *text), void *user)
{
	struct listing l = { args, each, user };
	struct event_name name = { .category = "*" };

	(void)rt;
	pattern = probe_pattern("tracepoint", pattern);
	if (!split(pattern, &name))
		name.event = pattern;
	return each_match(&name, list_event, &l);
}
