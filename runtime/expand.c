/*
 * From attach points as written to the places that exist on this kernel: calls
 * the providers' expand before anything is loaded, and reports what is missing.
 */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

enum { MISSING_IGNORE, MISSING_WARN, MISSING_ERROR };

const struct provider_rt *program_provider(const struct rt_program *p)
{
	return p->info->attach.n ? provider_rt_find(p->info->attach.v[0].provider) : NULL;
}

void rt_add_point(struct rt *rt, struct rt_program *p, const struct attach_info *at,
		  const char *target, const char *module, const char *full)
{
	rt_points *points = &rt->progs[p->index].points;
	struct rt_point point = {.at = at};
	const struct provider_rt *pv = provider_rt_find(at->provider);

	rt->filtered = rt->probe_filter && pv && !pv->begin && !pv->end &&
		       regexec(rt->probe_filter, full ? full : at->full, 0, NULL, 0);
	if (rt->filtered)
		return;
	rt->npoints++;
	if (rt->npoints > (uint64_t)rt->m->options.v[OPT_MAX_PROBES])
		return; /* counted, and reported once all are */
	point.target = target ? arena_strdup(rt->arena, target) : NULL;
	point.module = module ? arena_strdup(rt->arena, module) : NULL;
	point.full = arena_strdup(rt->arena, full ? full : at->full);
	point.cookie = (uint64_t)p->index << 32 | points->n;
	vec_push(points, point);
}

void rt_point_data(struct rt *rt, struct rt_program *p, const void *data, size_t size)
{
	rt_points *points = &rt->progs[p->index].points;
	struct rt_point *last;

	if (!points->n || rt->filtered || rt->npoints > (uint64_t)rt->m->options.v[OPT_MAX_PROBES])
		return;
	last = &points->v[points->n - 1];
	last->data = memcpy(arena_alloc(rt->arena, size), data, size);
}

void rt_point_same(struct rt *rt, struct rt_program *p)
{
	rt_points *points = &rt->progs[p->index].points;
	struct rt_point *last;

	if (!points->n || rt->filtered || rt->npoints > (uint64_t)rt->m->options.v[OPT_MAX_PROBES])
		return;
	last = &points->v[points->n - 1];
	for (size_t i = 0; i + 1 < points->n; i++) {
		if (strcmp(points->v[i].full, last->full) != 0)
			continue;
		last->cookie = points->v[i].cookie + ((uint64_t)(points->n - 1 - i) << COOKIE_SITE);
		break;
	}
}

/* "kprobe vfs_x" for "kprobe:vfs_x". */
static void words_of(const struct attach_info *at, char *text, size_t size)
{
	char *colon;

	snprintf(text, size, "%s", at->full);
	colon = strchr(text, ':');
	if (colon)
		*colon = ' ';
}

static void report_missing(struct rt *rt, const struct attach_info *at, enum diag_level level)
{
	const struct provider_rt *pv = provider_rt_find(at->provider);
	char *near = pv->near ? pv->near(rt, at) : NULL, hint[300], words[600];

	if (near)
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near);
	words_of(at, words, sizeof(words));
	if (rt_has_wildcard(at->full))
		rt_diag(rt, level, TAG_NO_SUCH_FUNCTION, at->loc, near ? hint : NULL,
			"No matches for %s.", words);
	else
		rt_diag(rt, level, TAG_NO_SUCH_FUNCTION, at->loc,
			near ? hint : "there is no such function or event in this kernel or file",
			MISSING_TEXT "%s", at->full, level == DIAG_ERROR ? MISSING_ADVICE : "");
	free(near);
}

/* One of the attach points that a probe type with a wildcard stands for was found. */
static bool found_elsewhere(const struct rt *rt, const struct attach_info *at)
{
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		const rt_points *points = &rt->progs[i].points;

		for (size_t k = 0; k < points->n; k++)
			if (!memcmp(&points->v[k].at->loc, &at->loc, sizeof(at->loc)))
				return true;
	}
	return false;
}

/* After all were looked for: what is missing. 0 when the program can go on without it. */
static int expand_missing(struct rt *rt)
{
	int64_t missing = rt->m->options.v[OPT_MISSING_PROBES];
	int err = 0;

	for (size_t i = 0; i < rt->missing.n && missing != MISSING_IGNORE; i++) {
		const struct attach_info *at = rt->missing.v[i];

		if (found_elsewhere(rt, at))
			continue;
		report_missing(rt, at, missing == MISSING_WARN ? DIAG_WARNING : DIAG_ERROR);
		if (missing != MISSING_WARN)
			err = -ENOENT;
		/* of the types that a wildcard stands for only the first is told */
		while (i + 1 < rt->missing.n &&
		       !memcmp(&rt->missing.v[i + 1]->loc, &at->loc, sizeof(at->loc)))
			i++;
	}
	vec_free(&rt->missing);
	return err;
}

/* 0 when the others may be looked for. */
static int expand_failed(struct rt *rt, const struct attach_info *at, int err)
{
	if (err == -ENOENT) {
		vec_push(&rt->missing, at);
		return 0;
	}
	if (err == -ECANCELED)
		return err; /* the provider has told why */
	if (err == -EPERM || err == -EACCES)
		privilege_explain(rt, "looking up what can be probed");
	else
		rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc, NULL, "cannot look up '%s': %s",
			at->full, strerror(-err));
	return err;
}

static int expand_point(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	const struct provider_rt *pv = provider_rt_find(at->provider);
	size_t before = rt->progs[p->index].points.n;
	int err;

	if (!pv) {
		rt_diag(rt, DIAG_ERROR, TAG_UNKNOWN_PROBE, at->loc,
			"compile the program again with this version",
			"this build has no probe type '%s'", at->provider);
		return -EINVAL;
	}
	if (pv->begin || pv->end || !pv->expand) {
		rt_add_point(rt, p, at, at->target, at->module, at->full);
		return 0;
	}
	rt->filtered = false;
	err = pv->expand(rt, p, at);
	if (!err && rt->progs[p->index].points.n == before && !rt->filtered)
		err = -ENOENT;
	return err ? expand_failed(rt, at, err) : 0;
}

static int expand_program(struct rt *rt, struct rt_prog *p)
{
	const struct provider_rt *pv;
	int err = 0;

	for (size_t i = 0; i < p->p.info->attach.n; i++) {
		int e = expand_point(rt, &p->p, &p->p.info->attach.v[i]);

		err = err ? err : e;
		if (rt->npoints > (uint64_t)rt->m->options.v[OPT_MAX_PROBES])
			break;
	}
	if (err)
		return err;
	pv = program_provider(&p->p);
	if (!pv)
		return 0; /* attached by nobody: loaded for the verifier's verdict only */
	p->begin = pv->begin;
	p->end = pv->end;
	p->trial = pv->trial;
	if (pv->trial && pv->trial != trials_wanted(rt)) {
		rt->npoints -= (unsigned)p->points.n;
		p->points.n = 0;
	}
	p->p.skip = !p->points.n;
	return 0;
}

static int expand_each(struct rt *rt)
{
	int64_t max = rt->m->options.v[OPT_MAX_PROBES];
	bool by_hand = false;
	int err = 0;

	rt->npoints = 0;
	/* all of them, so that every missing name is reported at once */
	for (size_t i = 0; i < rt->m->programs.n && rt->npoints <= (uint64_t)max; i++) {
		int e = expand_program(rt, &rt->progs[i]);

		by_hand |= !rt->progs[i].p.info->attach.n;
		err = err ? err : e;
	}
	if (rt->npoints <= (uint64_t)max) {
		int e = expand_missing(rt);

		err = err ? err : e;
	}
	if (rt->npoints > (uint64_t)max) {
		rt_diag(rt, DIAG_ERROR, TAG_TOO_LARGE, LOC_NONE,
			"narrow the wildcard, or raise max_probes (BCCT_MAX_PROBES)",
			"Your program is trying to attach to more than %lld probes, which exceeds "
			"the current limit of %lld", (long long)max, (long long)max);
		return -E2BIG;
	}
	if (!err && !rt->npoints && !by_hand) {
		rt_diag(rt, DIAG_ERROR, TAG_ATTACH, LOC_NONE, NULL,
			"there is nothing to attach to");
		return -ENODATA;
	}
	return err;
}

int expand_programs(struct rt *rt)
{
	const char *text = rt->b->opt.probe_filter;
	regex_t filter;
	char why[128];
	int err;

	if (!text)
		return expand_each(rt);
	err = regcomp(&filter, text, REG_EXTENDED | REG_NOSUB);
	if (err) {
		regerror(err, &filter, why, sizeof(why));
		rt_diag(rt, DIAG_ERROR, TAG_USAGE, LOC_NONE, NULL,
			"'%s' is not a regular expression: %s", text, why);
		return -EINVAL;
	}
	rt->probe_filter = &filter;
	err = expand_each(rt);
	rt->probe_filter = NULL;
	regfree(&filter);
	return err;
}
