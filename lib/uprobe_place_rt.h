/* May a breakpoint be put where a uprobe with an offset or an address asks for it? */
#ifndef LIB_UPROBE_PLACE_RT_H
#define LIB_UPROBE_PLACE_RT_H

#include "lib/rt.h"

/*
 * at names offset bytes in function of the file, or with function "" an address. 0, or
 * -ECANCELED, reported: no instruction is known to start there. Not asked with --unsafe.
 */
int uprobe_place_check(struct rt *rt, const struct attach_info *at, const char *path,
		       const char *function);

#endif
