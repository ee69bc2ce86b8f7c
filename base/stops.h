/*
 * Which programs look at CONFIG_STOP: those that may have so many attach points
 * that closing their links takes long. The compiler and the runtime must agree.
 */
#ifndef BASE_STOPS_H
#define BASE_STOPS_H

#include <string.h>

#include "base/manifest.h"

#define STOPS_MANY 16 /* attach points; fewer are closed faster than anything else is done */

static inline bool program_stops(const struct program_info *p)
{
	size_t i;

	for (i = 0; i < p->attach.n; i++) {
		const struct attach_info *at = &p->attach.v[i];

		if ((at->target && strpbrk(at->target, "*?[")) ||
		    (at->module && strpbrk(at->module, "*?[")))
			return true;
	}
	return p->attach.n >= STOPS_MANY;
}

#endif
