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
	for (size_t i = 0; i + 1 < points->n; i++) {
		if (strcmp(points->v[i].full, last->full) != 0)
			continue;
		last->cookie = points->v[i].cookie + ((uint64_t)(points->n - 1 - i) << COOKIE_SITE);
		break;
	}
}

static void expand_missing(struct rt *rt, const struct provider_rt *pv,
			   const struct attach_info *at, enum diag_level level)
{
	char *near = pv->near ? pv->near(rt, at) : NULL, hint[300];

	if (near)
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near);
	if (rt_has_wildcard(at->full))
		rt_diag(rt, level, TAG_NO_SUCH_FUNCTION, at->loc, near ? hint : NULL,
			"nothing matches '%s'", at->full);
	else
		rt_diag(rt, level, TAG_NO_SUCH_FUNCTION, at->loc, near ? hint : NULL,
			"there is no '%s' to probe", at->full);
	free(near);
}

/* 0 when the program can go on without this attach point. */
static int expand_failed(struct rt *rt, const struct provider_rt *pv, const struct attach_info *at,
			 int err)
{
	int64_t missing = rt->m->options.v[OPT_MISSING_PROBES];

	if (err == -ENOENT) {
		if (missing == MISSING_IGNORE)
			return 0;
		expand_missing(rt, pv, at, missing == MISSING_WARN ? DIAG_WARNING : DIAG_ERROR);
		return missing == MISSING_WARN ? 0 : err;
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
	return err ? expand_failed(rt, pv, at, err) : 0;
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
	if (rt->npoints > (uint64_t)max) {
		rt_diag(rt, DIAG_ERROR, TAG_TOO_LARGE, LOC_NONE,
			"narrow the wildcard, or set BCCT_MAX_PROBES to a larger number",
			"the program would attach to more than %lld places", (long long)max);
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
