/*
 * The public handle: a deep copy of the caller's options, the compiled object,
 * and the runtime instance once it is loaded. Private to runtime/.
 */
#ifndef RUNTIME_HANDLE_H
#define RUNTIME_HANDLE_H

#include "base/buf.h"
#include "base/diag.h"
#include "include/bcct.h"

struct rt;

struct bcct {
	struct bcct_options opt; /* strings owned by the handle */
	struct buf object;       /* ELF image; empty before compile/open */
	bool compiled;           /* object was made by this handle */
	struct rt *rt;           /* created by the handle's constructor; lives as long as it */
};

/* Gives a diagnostic without location, or with one from the object's manifest, to the callback. */
void handle_diag(struct bcct *b, enum diag_level level, enum diag_tag tag, struct loc loc,
		 const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif
