/* The run-time printf: formats of the probe language over decoded values. */
#ifndef LIB_PRINTF_RT_H
#define LIB_PRINTF_RT_H

#include "lib/rt.h"

/*
 * Appends fmt with the fields of args (a tuple whose bytes are at data; NULL: no
 * arguments). What cannot be printed becomes "!{err}". rt may be NULL when no
 * argument is a symbol, a probe name or an aggregation.
 */
void printf_render(struct rt *rt, struct buf *out, const char *fmt, size_t len,
		   const struct schema *args, const uint8_t *data);

#endif
