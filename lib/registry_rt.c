/* Lookups in the generated registry of the units' runtime halves; decode and runtime call them. */
#include <string.h>

#include "lib/rt.h"

const struct builtin_rt *builtin_rt_find(const char *name)
{
	for (const struct builtin_rt *const *u = bcct_builtins_rt; name && *u; u++)
		if (!strcmp((*u)->name, name))
			return *u;
	return NULL;
}

const struct aggregation_rt *aggregation_rt_find(const char *name)
{
	for (const struct aggregation_rt *const *u = bcct_aggregations_rt; name && *u; u++)
		if (!strcmp((*u)->name, name))
			return *u;
	return NULL;
}

const struct provider_rt *provider_rt_find(const char *name)
{
	for (const struct provider_rt *const *u = bcct_providers_rt; name && *u; u++)
		if (!strcmp((*u)->name, name))
			return *u;
	return NULL;
}

const struct output *output_find(const char *name)
{
	for (const struct output *const *u = bcct_outputs; name && *u; u++)
		if (!strcmp((*u)->name, name))
			return *u;
	return NULL;
}
