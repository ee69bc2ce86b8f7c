/*
 * Shared by the runtime halves in lib/provider/: attaching one by one, near
 * names, fixed lists.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "lib/probe_rt.h"

bool probe_error_is_final(int err)
{
	return err == -EPERM || err == -EMFILE || err == -ENFILE || err == -ENOMEM ||
	       err == -EINTR;
}

void probe_warn_refused(struct rt *rt, const struct rt_point *point, unsigned refused, unsigned n,
			int err)
{
	char hint[160];

	snprintf(hint, sizeof(hint), "the first is '%s' (%s)", point->full,
		 err == -EACCES ? "it lacks an argument that the clause uses" : strerror(-err));
	rt_diag(rt, DIAG_WARNING, TAG_ATTACH, point->at->loc, hint,
		"the kernel refused %u of the %u places that match '%s'", refused, n,
		point->at->full);
}

int probe_attach_each(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		      unsigned n, unsigned *failed,
		      struct bpf_link *(*one)(struct rt *rt, struct rt_program *p,
					      const struct rt_point *point, const void *arg),
		      const void *arg)
{
	unsigned refused = 0, first = 0, i;
	int first_err = 0;

	for (i = 0; i < n; i++) {
		struct bpf_link *link = one(rt, p, &points[i], arg);
		int err = link ? 0 : -errno;

		if (!err) {
			rt_add_link(rt, link);
			continue;
		}
		if (!rt_has_wildcard(points[i].at->target) || probe_error_is_final(err)) {
			*failed = i;
			return err;
		}
		if (!refused++) {
			first = i;
			first_err = err;
		}
	}
	if (refused)
		probe_warn_refused(rt, &points[first], refused, n, first_err);
	return 0;
}

void probe_near_try(struct probe_near *n, const char *name)
{
	struct nearest near = nearest_init(n->word);

	if (n->best) {
		near.best = n->best;
		near.distance = n->distance;
	}
	nearest_try(&near, name);
	if (near.best != name)
		return;
	free(n->best);
	n->best = strdup(name);
	n->distance = near.distance;
}

const char *probe_pattern(const char *provider, const char *pattern)
{
	size_t n = strlen(provider);

	if (strncmp(pattern, provider, n) == 0 && pattern[n] == ':')
		return pattern + n + 1;
	return pattern;
}

int probe_list_fixed(const char *pattern, const char *const *texts,
		     void (*each)(void *user, const char *text), void *user)
{
	for (; *texts; texts++) {
		const char *colon = strchr(*texts, ':');

		if (rt_wildcard(pattern, *texts) || (colon && rt_wildcard(pattern, colon + 1)))
			each(user, *texts);
	}
	return 0;
}
