/*
 * Kernel features that a program may need. The names are here because both the
 * compiler (what a construct needs) and the runtime (what the kernel has) use
 * them; probing is the runtime's.
 */
#ifndef BASE_FEATURES_H
#define BASE_FEATURES_H

#include <stdbool.h>

enum feature {
#define FEATURE(id, name, since, about) FEAT_##id,
#include "base/features_table.h"
#undef FEATURE
	FEAT_COUNT,
};

#define NEEDS(id) (1u << FEAT_##id)

const char *feature_name(enum feature f);
const char *feature_since(enum feature f); /* kernel version that brought it */
const char *feature_about(enum feature f);

/* Named in a list with commas (--no-feature: as if it were not there); NULL is an empty one. */
bool feature_listed(const char *list, enum feature f);

#endif
