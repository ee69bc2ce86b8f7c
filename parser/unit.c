/*
 * Looking units up by name in the generated registry. Called by the check and
 * by whoever lists the units.
 */
#include <string.h>
#include <strings.h>

#include "parser/unit.h"

const struct builtin *builtin_find(const char *name)
{
	unsigned i;

	for (i = 0; bcct_builtins[i]; i++)
		if (strcmp(bcct_builtins[i]->name, name) == 0)
			return bcct_builtins[i];
	return NULL;
}

const struct aggregation *aggregation_find(const char *name)
{
	unsigned i;

	for (i = 0; bcct_aggregations[i]; i++)
		if (strcmp(bcct_aggregations[i]->name, name) == 0)
			return bcct_aggregations[i];
	return NULL;
}

static bool same_name(const char *unit, const char *name, size_t len, bool any_case)
{
	return (any_case ? strncasecmp(unit, name, len) : strncmp(unit, name, len)) == 0 &&
	       unit[len] == '\0';
}

static const struct provider *find_provider(const char *name, size_t len, bool any_case)
{
	const char *const *alias;
	unsigned i;

	for (i = 0; bcct_providers[i]; i++) {
		if (same_name(bcct_providers[i]->name, name, len, any_case))
			return bcct_providers[i];
		for (alias = bcct_providers[i]->aliases; alias && *alias; alias++)
			if (same_name(*alias, name, len, any_case))
				return bcct_providers[i];
	}
	return NULL;
}

/* u is uprobe and U is usdt; apart from that the case does not matter. */
const struct provider *provider_find(const char *name, size_t len)
{
	const struct provider *p = find_provider(name, len, false);

	return p ? p : find_provider(name, len, true);
}
