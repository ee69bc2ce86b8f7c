/*
 * bcct_list: finds the providers that a pattern names and lets them list.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

/* The part of a pattern before its first colon; "" and the whole as rest when there is none. */
static char *pattern_provider(const char *pattern, const char **rest)
{
	const char *colon = strchr(pattern, ':');

	*rest = colon ? colon + 1 : NULL;
	return strndup(pattern, colon ? (size_t)(colon - pattern) : strlen(pattern));
}

static bool provider_named(const struct provider_rt *pv, const char *name)
{
	if (rt_has_wildcard(name))
		return rt_wildcard(name, pv->name);
	for (const char *const *a = pv->aliases; a && *a; a++)
		if (!strcasecmp(name, *a))
			return true;
	return !strcasecmp(name, pv->name);
}

static bool is_provider(const char *name)
{
	for (const struct provider_rt *const *p = bcct_providers_rt; *p; p++)
		if (provider_named(*p, name))
			return true;
	return false;
}

/* A provider that cannot list says so where it was asked for by name. */
static void list_failed(struct bcct *b, const char *name, int err)
{
	if (err == -ENOENT)
		handle_diag(b, DIAG_ERROR, TAG_NO_TRACEFS, LOC_NONE,
			    "mount -t tracefs tracefs /sys/kernel/tracing",
			    "the trace file system is not mounted at /sys/kernel/tracing");
	else if (err == -EACCES || err == -EPERM)
		handle_diag(b, DIAG_ERROR, TAG_PRIVILEGE, LOC_NONE,
			    "run it as root, for instance with sudo",
			    "probes of type '%s' cannot be listed by this user", name);
	else
		handle_diag(b, DIAG_ERROR, TAG_IO, LOC_NONE, NULL,
			    "probes of type '%s' cannot be listed: %s", name, strerror(-err));
}

/* ---- in order ------------------------------------------------------------------- */

/* A probe and, behind newlines, the lines that are indented under it. */
typedef VEC(struct buf) blocks;

static void keep_line(void *user, const char *text)
{
	blocks *b = user;
	struct buf *last = b->n ? &b->v[b->n - 1] : NULL;
	struct buf new = {0};

	if (!last || text[0] != ' ') {
		vec_push(b, new);
		last = &b->v[b->n - 1];
	} else {
		last->data[last->len - 1] = '\n'; /* where it ended */
	}
	buf_put(last, text, strlen(text) + 1);
}

static int by_text(const void *a, const void *b)
{
	return strcmp((const char *)((const struct buf *)a)->data,
		      (const char *)((const struct buf *)b)->data);
}

/* What a provider lists, by name. */
static int list_sorted(struct bcct *b, const struct provider_rt *pv, const char *rest, bool verbose,
		       void (*each)(void *user, const char *text), void *user)
{
	blocks kept = {0};
	int err = pv->list(b->rt, rest, verbose, keep_line, &kept);
	char *line, *next;

	if (kept.n)
		qsort(kept.v, kept.n, sizeof(*kept.v), by_text);
	for (size_t i = 0; i < kept.n; i++) {
		for (line = (char *)kept.v[i].data; line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = 0;
			each(user, line);
		}
		buf_free(&kept.v[i]);
	}
	vec_free(&kept);
	return err;
}

struct listed {
	void (*each)(void *user, const char *text);
	void *user;
	unsigned n;
};

static void count_listed(void *user, const char *text)
{
	struct listed *l = user;

	l->n++;
	l->each(l->user, text);
}

/* An attach point with its arguments, as the provider lists it; at least its name. */
static void list_point(struct bcct *b, const struct rt_point *point, struct listed *l)
{
	const struct provider_rt *pv = provider_rt_find(point->at->provider);
	const char *colon = strchr(point->full, ':');
	unsigned before = l->n;

	if (pv->list && colon)
		pv->list(b->rt, colon + 1, true, count_listed, l);
	if (l->n == before)
		count_listed(l, point->full);
}

int bcct_list_program(struct bcct *b, bool verbose, void (*each)(void *user, const char *text),
		      void *user)
{
	struct listed l = {each, user, 0};
	struct rt *rt = b->rt;
	int err;

	if (!rt->m || rt->loaded)
		return -EINVAL;
	rt->loaded = true;
	rt->m->options.v[OPT_MISSING_PROBES] = 1; /* listed is what there is */
	err = object_open_bpf(rt);
	if (!err)
		err = expand_programs(rt);
	for (size_t i = 0; !err && i < rt->m->programs.n; i++) {
		const rt_points *points = &rt->progs[i].points;

		for (size_t k = 0; k < points->n; k++) {
			if (verbose)
				list_point(b, &points->v[k], &l);
			else
				count_listed(&l, points->v[k].full);
		}
	}
	return err;
}

int bcct_list(struct bcct *b, const char *pattern, bool verbose,
	      void (*each)(void *user, const char *text), void *user)
{
	const char *rest;
	char *name = pattern_provider(pattern && *pattern ? pattern : "*", &rest);
	unsigned matched = 0;
	int err = 0;

	if (!name)
		return -ENOMEM;
	if (pattern && list_is_type(pattern)) {
		free(name);
		err = list_types(pattern, verbose, each, user);
		if (err)
			handle_diag(b, DIAG_ERROR, TAG_NO_BTF, LOC_NONE, NULL,
				    "the kernel's types cannot be read: %s", strerror(-err));
		return err;
	}
	if (!rest && rt_has_wildcard(name) && !is_provider(name)) {
		rest = pattern; /* "*sleep*": whatever is called so */
		name[0] = '*';
		name[1] = '\0';
	}
	for (const struct provider_rt *const *p = bcct_providers_rt; *p; p++) {
		int e = 0;

		if (!provider_named(*p, name))
			continue;
		matched++;
		if ((*p)->list)
			e = list_sorted(b, *p, rest ? rest : "*", verbose, each, user);
		if (e && !err)
			err = e;
	}
	if (rt_has_wildcard(name) || (err == -ENOENT && rt_feature(b->rt, FEAT_TRACEFS)))
		err = 0; /* the others were listed; there is none of that name */
	if (err)
		list_failed(b, name, err);
	if (!matched) {
		handle_diag(b, DIAG_ERROR, TAG_UNKNOWN_PROBE, LOC_NONE,
			    "a pattern is TYPE:NAME, for instance 'kprobe:vfs_*'",
			    "there is no probe type '%s'", name);
		err = -EINVAL;
	}
	free(name);
	return err;
}
