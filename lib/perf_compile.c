/*
 * Specs of the probes on perf's counters. Called by the compile halves of
 * software and hardware.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "lib/perf_compile.h"

static int unknown_event(struct check *k, struct node *spec, const struct provider *p,
			 const struct perf_name *names, const char *event)
{
	struct nearest near = nearest_init(event);
	const char *list = "";

	for (; names->name; names++) {
		nearest_try(&near, names->name);
		if (*names->alias)
			nearest_try(&near, names->alias);
		list = arena_printf(k->arena, "%s%s%s", list, *list ? ", " : "", names->name);
	}
	return probe_bad(k, spec,
			 near.best ? arena_printf(k->arena, "did you mean '%s'?", near.best)
				   : arena_printf(k->arena, "there are %s", list),
			 "there is no %s event '%s'", p->name, event);
}

/* Decimal digits only, above zero. */
static bool parse_count(const char *text, uint64_t *count)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*count = strtoull(text, &end, 10);
	return !errno && !*end && *count && *count <= INT64_MAX;
}

int probe_parse_counter(struct check *k, struct node *spec, const struct provider *p,
			const struct perf_name *names)
{
	char *rest = probe_spec_unquoted(k, spec), *event, *colon;
	const struct perf_name *n = names;
	uint64_t count = 0;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec, arena_printf(k->arena, "write %s", p->syntax),
				 "%s needs the name of an event", p->name);
	event = arena_strdup(k->arena, rest);
	colon = strchr(event, ':');
	if (colon)
		*colon++ = 0;
	while (n->name && strcmp(n->name, event) != 0 && strcmp(n->alias, event) != 0)
		n++;
	if (!n->name)
		return unknown_event(k, spec, p, names, event);
	if (colon && !parse_count(colon, &count))
		return probe_bad(k, spec, NULL, "'%s' is not a number of events", colon);
	probe_set_attach(k, spec, p, n->name, rest);
	spec->spec.attach.offset = colon ? count : n->count;
	return 0;
}
