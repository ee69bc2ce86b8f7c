/*
 * Integers that print as texts: error numbers, system calls, signals, users,
 * processes and control groups. Used by the decoder of values; the tables' names
 * come from the units in lib/builtin/ that make such values.
 */
#ifndef LIB_NAMED_RT_H
#define LIB_NAMED_RT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/manifest.h"

/*
 * Appends the text of v by a table: "strerror", "syscall", "signal", "user", "comm" (of
 * a process), "cgroup" or "cgroup:FILTER". Without an entry: the number.
 */
void named_text(struct buf *out, const char *table, uint64_t v);
/* The id of the cgroup2 group at a path, 0 when there is none. */
uint64_t named_cgroup_id(const char *path);
/* Nanoseconds since the epoch for a time of a clock. */
uint64_t timestamp_wall(uint64_t ns, enum timestamp_clock clock);

#endif
