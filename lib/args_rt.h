/*
 * Reading the payload of an action: the arguments of an asynchronous call.
 * The action may come from a damaged object, so every field is checked.
 */
#ifndef LIB_ARGS_RT_H
#define LIB_ARGS_RT_H

#include "lib/rt.h"

/* Field i of the payload, or NULL; *at is where it lies in data. */
const struct schema *args_field(const struct action_info *a, unsigned i, const uint8_t *data,
				const uint8_t **at);
/* Field i as an integer, extended by its sign; fallback when there is no such integer. */
int64_t args_int(const struct action_info *a, unsigned i, const uint8_t *data, int64_t fallback);
/* The map in params[0]; -1 when there is none of that number. */
int args_map(struct rt *rt, const struct action_info *a);

#endif
