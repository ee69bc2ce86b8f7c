/* Names of the kernel features; read by the compiler's needs and the runtime's probes. */
#include <stddef.h>
#include <string.h>

#include "base/features.h"

static const struct {
	const char *name, *since, *about;
} table[] = {
#define FEATURE(id, name, since, about) { name, since, about },
#include "base/features_table.h"
#undef FEATURE
};

const char *feature_name(enum feature f)
{
	return (unsigned)f < FEAT_COUNT ? table[f].name : "?";
}

const char *feature_since(enum feature f)
{
	return (unsigned)f < FEAT_COUNT ? table[f].since : "?";
}

const char *feature_about(enum feature f)
{
	return (unsigned)f < FEAT_COUNT ? table[f].about : "?";
}

bool feature_listed(const char *list, enum feature f)
{
	const char *name = feature_name(f);
	size_t n = strlen(name);

	for (; list && *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == n && !strncmp(list, name, n))
			return true;
	return false;
}
