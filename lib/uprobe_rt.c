/*
 * Probes on functions of programs and libraries: finding the file and the
 * functions that a pattern means, and one link for each place.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "lib/demangle_rt.h"
#include "lib/elf_rt.h"
#include "lib/probe_rt.h"
#include "lib/uprobe_multi_rt.h"
#include "lib/uprobe_place_rt.h"
#include "lib/uprobe_rt.h"

#define NAME_LIMIT 1024

/* ---- expansion ---------------------------------------------------------- */

struct search {
	struct rt *rt;
	struct rt_program *p;
	const struct attach_info *at;
	const char *path;
	struct strmap seen; /* .symtab and .dynsym have many names in common */
	unsigned n;
	bool refused; /* and told */
};

static int add_function(void *user, const struct elf_function *f)
{
	struct search *s = user;
	char full[NAME_LIMIT + 4200], *key;
	uint64_t offset;

	if (strlen(f->name) >= NAME_LIMIT || !demangle_match(s->at->target, f->name) ||
	    strmap_get(&s->seen, f->name))
		return 0;
	if (s->at->offset && demangle_several(s->at->target) &&
	    uprobe_place_check(s->rt, s->at, s->path, f->name)) {
		s->refused = true;
		return 1;
	}
	key = strdup(f->name);
	if (!key)
		return -ENOMEM;
	strmap_put(&s->seen, key, key);
	/* the file as the user called it, when that says which one */
	snprintf(full, sizeof(full), "%s:%s:%s", s->at->provider,
		 rt_has_wildcard(s->at->module) ? s->path : s->at->module, f->name);
	rt_add_point(s->rt, s->p, s->at, f->name, s->path, s->at->offset ? s->at->full : full);
	offset = f->offset + s->at->offset;
	rt_point_data(s->rt, s->p, &offset, sizeof(offset));
	s->n++;
	return 0;
}

static void search_end(struct search *s)
{
	for (size_t i = 0; i < s->seen.n; i++)
		free(s->seen.entries[i].value);
	strmap_free(&s->seen);
}

static int search_file(struct rt *rt, struct rt_program *p, const struct attach_info *at,
		       const char *path, unsigned *n)
{
	struct search s = { .rt = rt, .p = p, .at = at, .path = path };
	int err = elf_functions(path, add_function, &s);

	*n += s.n;
	search_end(&s);
	return err;
}

/* A pattern for the file, too: each file that it means. */
static int search_files(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	unsigned n = 0;
	glob_t files;

	if (glob(at->module, 0, NULL, &files))
		return -ENOENT;
	for (size_t i = 0; i < files.gl_pathc; i++)
		search_file(rt, p, at, files.gl_pathv[i], &n);
	globfree(&files);
	return n ? 0 : -ENOENT;
}

static int no_file(struct rt *rt, const struct attach_info *at)
{
	rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc,
		strchr(at->module, '/') ? NULL : "give the path, or a name that is in $PATH or "
						 "among the system's libraries",
		"cannot find the binary '%s'", at->module);
	return -ECANCELED; /* reported */
}

int uprobe_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	struct search s = { .rt = rt, .p = p, .at = at };
	char *path;
	int err;

	if (rt_has_wildcard(at->module) && strchr(at->module, '/'))
		return search_files(rt, p, at);
	path = elf_find(at->module, rt_pid(rt));
	if (!path)
		return no_file(rt, at);
	s.path = path;
	if (!*at->target || at->offset) {
		err = uprobe_place_check(rt, at, path, at->target);
		if (err)
			goto out;
	}
	if (!*at->target) {
		struct elf_function f = { 0 };

		elf_function_find(path, NULL, at->offset, &f);
		rt_add_point(rt, p, at, f.name ? f.name : "", path, at->full);
		free((char *)f.name);
		err = 0;
	} else if (*at->target == '@') {
		err = uprobe_expand_line(rt, p, at, path);
	} else {
		err = elf_functions(path, add_function, &s);
		if (err)
			rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc, NULL, "cannot read '%s': %s",
				path, err == -ENOEXEC ? "it is no ELF file" : strerror(-err));
		err = err || s.refused ? -ECANCELED : s.n ? 0 : -ENOENT;
	}
out:
	search_end(&s);
	free(path);
	return err;
}

/* ---- attaching ---------------------------------------------------------- */

/* Functions and lines were found when they were expanded; what is left are addresses. */
static int place_of(const struct rt_point *point, uint64_t *offset)
{
	if (!point->data)
		return elf_file_offset(point->module, point->at->offset, offset);
	memcpy(offset, point->data, sizeof(*offset));
	return 0;
}

static struct bpf_link *attach_one(struct rt *rt, struct rt_program *p,
				   const struct rt_point *point, const void *arg)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .retprobe = *(const bool *)arg,
		    .bpf_cookie = point->cookie);
	int pid = rt_pid(rt), err;
	struct bpf_link *link;
	uint64_t offset;

	err = place_of(point, &offset);
	if (err) {
		errno = -err;
		return NULL;
	}
	link = bpf_program__attach_uprobe_opts(p->prog, pid > 0 ? pid : -1, point->module, offset,
					       &opts);
	return link;
}

/* Many places, a link for each file; where a file's are refused, for each place of it. */
static int attach_multi(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			unsigned n, unsigned *failed, bool ret)
{
	struct uprobe_site *sites = malloc(n * sizeof(*sites));
	unsigned refused = 0, first = 0;
	int err = sites ? 0 : -ENOMEM, first_err = 0;

	for (unsigned i = 0; i < n && !err; i++) {
		sites[i] = (struct uprobe_site){ points[i].module, 0, points[i].cookie };
		err = place_of(&points[i], &sites[i].offset);
		*failed = i;
	}
	for (unsigned i = 0, k; i < n && !err; i = k) {
		for (k = i + 1; k < n && !strcmp(points[k].module, points[i].module);)
			k++;
		if (!uprobe_multi_attach(rt, p, &sites[i], k - i, ret))
			continue;
		for (; i < k && !err; i++) {
			int e = uprobe_multi_attach(rt, p, &sites[i], 1, ret);

			if (e && (!rt_has_wildcard(points[i].at->target) ||
				  probe_error_is_final(e))) {
				*failed = i;
				err = e;
			} else if (e && !refused++) {
				first = i;
				first_err = e;
			}
		}
	}
	if (!err && refused)
		probe_warn_refused(rt, &points[first], refused, n, first_err);
	free(sites);
	return err;
}

int uprobe_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points, unsigned n,
		  unsigned *failed, bool ret)
{
	if (uprobe_multi_prepared(p))
		return attach_multi(rt, p, points, n, failed, ret);
	return probe_attach_each(rt, p, points, n, failed, attach_one, &ret);
}

/* ---- names -------------------------------------------------------------- */

static int try_near(void *user, const struct elf_function *f)
{
	probe_near_try(user, f->name);
	return 0;
}

char *uprobe_near(struct rt *rt, const struct attach_info *at)
{
	struct probe_near n = { .word = at->target };
	char *path = elf_find(at->module, rt_pid(rt));

	if (path)
		elf_functions(path, try_near, &n);
	free(path);
	return n.best;
}

struct listing {
	const char *provider, *path, *pattern;
	struct strmap seen;
	void (*each)(void *user, const char *text);
	void *user;
};

static int list_function(void *user, const struct elf_function *f)
{
	struct listing *l = user;
	char text[NAME_LIMIT + 4200], *key;

	if (!demangle_match(l->pattern, f->name) || strmap_get(&l->seen, f->name))
		return 0;
	key = strdup(f->name);
	if (!key)
		return -ENOMEM;
	strmap_put(&l->seen, key, key);
	snprintf(text, sizeof(text), "%s:%s:%s", l->provider, l->path, f->name);
	l->each(l->user, text);
	return 0;
}

static const char *without_quotes(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++)
		if (*text != '"')
			out[n++] = *text;
	out[n] = 0;
	return out;
}

/* Without a binary there is nothing to list: every file of the system would be one. */
int uprobe_list(struct rt *rt, const char *provider, const char *pattern,
		void (*each)(void *user, const char *text), void *user)
{
	struct listing l = { .provider = provider, .each = each, .user = user };
	const char *rest = probe_pattern(provider, pattern), *colon = strchr(rest, ':');
	char *name, *path, target[NAME_LIMIT];

	if (!colon)
		return 0;
	name = strndup(rest, (size_t)(colon - rest));
	path = name ? elf_find(name, rt_pid(rt)) : NULL;
	free(name);
	if (!path)
		return 0;
	l.path = path;
	l.pattern = without_quotes(colon + 1, target, sizeof(target));
	elf_functions(path, list_function, &l);
	for (size_t i = 0; i < l.seen.n; i++)
		free(l.seen.entries[i].value);
	strmap_free(&l.seen);
	free(path);
	return 0;
}
