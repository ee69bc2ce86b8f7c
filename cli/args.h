/* Command-line options of bcct. Fills a plain structure; main.c acts on it. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "include/bcct.h"

enum args_mode {
	MODE_RUN,
	MODE_CHECK,   /* --check: compile only */
	MODE_EMIT,    /* --emit-object, --compile-only -o */
	MODE_DUMP,    /* -d STAGE */
	MODE_LIST,    /* -l */
	MODE_INFO,
	MODE_VERSION,
	MODE_HELP,
	MODE_UNITS,   /* --dump-units */
	MODE_FUNCTIONS, /* --traceable-functions */
};

enum args_buffering { BUFFER_AUTO, BUFFER_LINE, BUFFER_FULL, BUFFER_NONE };

#define ARGS_MAX_INCLUDES 32
#define ARGS_MAX_DEFINES 64

struct args {
	enum args_mode mode;
	const char *program;      /* -e text, or NULL */
	const char *file;         /* script, object or "-" */
	const char *output;       /* -o */
	const char *emit;         /* --emit-object */
	const char *emit_llvm;    /* --emit-llvm */
	const char *probe_filter, *no_features;
	char *joined;             /* what program points to, when there were several -e */
	const char *stage;        /* -d */
	const char *list;         /* -l pattern, or NULL */
	const char *format;       /* -f */
	const char *command;      /* -c */
	int pid;                  /* -p */
	bool quiet, unsafe, dry_run, keep_warnings, no_warnings, verbose_list;
	int verbose;
	enum bcct_mode trial;     /* --test, --bench */
	enum args_buffering buffering;
	char *const *params;      /* $1 … */
	size_t nparams;
	const char *includes[ARGS_MAX_INCLUDES]; /* -I */
	size_t nincludes;
	const char *headers[ARGS_MAX_INCLUDES]; /* --include */
	size_t nheaders;
	const char *defines[ARGS_MAX_DEFINES]; /* -D */
	size_t ndefines;
};

/*
 * 0 when a can be acted on. -1 after a usage error was explained on stderr.
 * Strings point into argv.
 */
int args_parse(struct args *a, int argc, char **argv);
extern const char args_help[];
/* Does -d ask for this stage, by its name or with all others? */
bool args_stage_is(const struct args *a, const char *name);

#endif
