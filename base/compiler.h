/*
 * The seam between the runtime and the compiler. The runtime reaches the
 * compiler only through this table, so a runner can be built without one. The
 * compile usually happens in a child process: request in, bytes out.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/diag.h"
#include "include/bcct.h"

struct compiler_request {
	const char *name, *text;
	size_t len;
	const char *stage; /* NULL: object; else "ast", "plan", "ir", "asm" */
	bool unsafe, keep_warnings;
	int pid;
	const char *no_features; /* kernel features not to use; NULL: none */
	const char *const *params;
	size_t nparams;
	const char *const *includes;
	size_t nincludes;
	const char *const *headers;
	size_t nheaders;
	const char *const *defines;  /* -D */
	size_t ndefines;
};

struct compiler {
	/*
	 * Compiles into out (object image or dump text). Diagnostics are appended
	 * to diags in the form of compiler_diags_read. 0 or -errno.
	 */
	int (*compile)(const struct compiler_request *rq, struct buf *out, struct buf *diags);
	/* Calls each for every unit's documentation. */
	void (*units)(void (*each)(void *user, const struct bcct_unit *u), void *user);
	const char *version; /* of LLVM */
};

/* The compiler of this build; NULL in a runner. */
const struct compiler *compiler_get(void);

/* One diagnostic as it crosses the process boundary. */
struct diag_record {
	enum diag_level level;
	const char *tag, *message, *hint, *file, *rendered, *rendered_color;
	unsigned line, column, end_line, end_column;
};
void diag_records_write(struct buf *out, const struct diags *d);
/* Calls each for every record; 0 or -EPROTO on damage. */
int diag_records_read(const void *data, size_t len,
		      void (*each)(void *user, const struct diag_record *d), void *user);

#endif
