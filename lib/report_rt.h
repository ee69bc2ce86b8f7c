/* Messages that carry their place in the source, for errorf(), warnf() and assert(). */
#ifndef LIB_REPORT_RT_H
#define LIB_REPORT_RT_H

#include "lib/rt.h"

/* Sends the action's format and data as a message of the unit, with its place. */
void report_placed(struct rt *rt, const struct action_info *a, const char *unit,
		   const uint8_t *data);

#endif
