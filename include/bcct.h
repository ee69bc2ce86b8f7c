/*
 * bcct.h - the public C API of bcct: compile the tracing language and BPF C to
 * BPF, load, attach, and receive what the probes find as value events.
 *
 * The library never prints and keeps no process-wide state: several handles
 * may live in one process. Everything it has to say goes through callbacks.
 * Functions return 0 or a positive value on success and -errno on failure; the
 * detail of a failure was given to the diagnostic callback before they return.
 *
 * Structures that cross the boundary start with their size (set it to
 * sizeof), so that both sides may grow independently.
 */
#ifndef BCCT_H
#define BCCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BCCT_API __attribute__((visibility("default")))

struct bcct; /* opaque handle; not thread-safe: one thread at a time per handle */

/* ---- diagnostics ------------------------------------------------------- */

enum bcct_severity { BCCT_ERROR, BCCT_WARNING, BCCT_NOTE };

struct bcct_diag {
	size_t size;
	enum bcct_severity severity;
	const char *tag;     /* stable, e.g. "unknown-function" */
	const char *message; /* one sentence, no newline */
	const char *hint;    /* or NULL */
	const char *file;    /* NULL when there is no location; "" for one-liner text */
	unsigned line, column, end_line, end_column; /* 1-based, inclusive; 0 without location */
	const char *rendered; /* the whole diagnostic as text with source line and caret */
};

/* ---- value events ------------------------------------------------------ */

/*
 * What the probes produced, as a flat stream. Containers nest: MAP > ROW > KEY
 * and a value; a value is a scalar event or a bracketed group (TUPLE, ARRAY,
 * RECORD, HIST, STACK).
 */
enum bcct_event_kind {
	BCCT_EV_ATTACHED,    /* u: number of attached probes */
	BCCT_EV_MESSAGE,     /* name: "printf", "time", "cat", …; str/len: the text;
				file, line, column, end of "errorf" and "warnf" */
	BCCT_EV_VALUE_BEGIN, /* print(value); name: of an event of BPF C, else NULL */
	BCCT_EV_VALUE_END,
	BCCT_EV_MAP_BEGIN, /* name: "@x"; flags: BCCT_MAP_*; */
	BCCT_EV_MAP_END,
	BCCT_EV_ROW_BEGIN,
	BCCT_EV_ROW_END,
	BCCT_EV_KEY_BEGIN, /* absent for scalar maps; several keys: one TUPLE inside */
	BCCT_EV_KEY_END,
	BCCT_EV_TUPLE_BEGIN,
	BCCT_EV_TUPLE_END,
	BCCT_EV_ARRAY_BEGIN,
	BCCT_EV_ARRAY_END,
	BCCT_EV_RECORD_BEGIN,
	BCCT_EV_FIELD, /* name: of the field whose value follows */
	BCCT_EV_RECORD_END,
	BCCT_EV_INT,    /* i */
	BCCT_EV_UINT,   /* u */
	BCCT_EV_BOOL,   /* u: 0 or 1 */
	BCCT_EV_POINTER, /* u */
	BCCT_EV_ENUM,   /* i, name: enumerator or NULL */
	BCCT_EV_STRING, /* str/len; flags: BCCT_TRUNCATED */
	BCCT_EV_BUFFER, /* str/len: raw bytes */
	BCCT_EV_SYMBOL, /* name or NULL (unknown), u: address, i: offset; module in str */
	BCCT_EV_INET,   /* str/len: usual text form */
	BCCT_EV_MAC,    /* str/len: usual text form */
	BCCT_EV_TIMESTAMP, /* str/len: formatted */
	BCCT_EV_NONE,
	BCCT_EV_STATS, /* stats(): count in u, average in i, total in i2; avg() is INT or UINT */
	BCCT_EV_HIST_BEGIN, /* flags: BCCT_HIST_LINEAR; u: width of a linear one's buckets */
	BCCT_EV_BUCKET,     /* i: min, i2: max (inclusive), u: count; flags: BCCT_OPEN_* */
	BCCT_EV_HIST_END,
	BCCT_EV_STACK_BEGIN, /* flags: BCCT_STACK_PERF, … */
	BCCT_EV_FRAME,       /* u: address, name: symbol or NULL, i: offset, str: module or NULL;
				file, i2: line of source; BCCT_INLINED: i is not known */
	BCCT_EV_STACK_END,
	BCCT_EV_LOST,   /* str: reason; i: enum bcct_loss; u: since the last report; i2: total;
			   name: "1:5-9" or ""; helper, code, line, column, end, context */
	BCCT_EV_RUNTIME_ERROR, /* str: text; name: rendered location or "" */
	BCCT_EV_END,    /* nothing follows */
	BCCT_EV_SERIES_BEGIN, /* tseries(): u: nanoseconds of an interval; flags: BCCT_UNSIGNED */
	BCCT_EV_POINT,  /* u: start of the interval, ns since the epoch; i: value; BCCT_MISSING */
	BCCT_EV_SERIES_END,
	BCCT_EV_TEST,  /* name; u: ns it took; str: what it printed; i2: how many there are;
			  flags: BCCT_PASSED */
	BCCT_EV_BENCH, /* name; u: ns of one turn, i: turns; i2: how many there are */
};

/* What failed, of a LOST event; OTHER: str says it. */
enum bcct_loss {
	BCCT_LOSS_OTHER,
	BCCT_LOSS_MAP_FULL,   /* a key could not be inserted */
	BCCT_LOSS_NO_DELETE,  /* there was no such key to delete */
	BCCT_LOSS_NO_LOOKUP,  /* or to look up */
	BCCT_LOSS_READ,       /* memory could not be read */
	BCCT_LOSS_DIVIDE,     /* division by zero */
};

#define BCCT_MAP_KEYED 1u      /* rows have keys */
#define BCCT_MAP_EXPLICIT 2u   /* from print(@m), not from the end of the run */
#define BCCT_MAP_MULTIKEY 4u   /* keys are tuples written without parentheses */
#define BCCT_TRUNCATED 8u      /* a string was cut at max_strlen */
#define BCCT_HIST_LINEAR 16u
#define BCCT_OPEN_LOW 32u      /* bucket has no lower bound */
#define BCCT_OPEN_HIGH 64u     /* bucket has no upper bound */
#define BCCT_STACK_PERF 128u
#define BCCT_STACK_RAW 256u
#define BCCT_USER_STACK 512u
#define BCCT_AVERAGE 1024u    /* INT or UINT: an average (formats for machines set it apart) */
#define BCCT_LOST_EVENT 2048u /* LOST: whole events, not updates of a map or parts of a value */
#define BCCT_MISSING 4096u    /* POINT: nothing happened in the interval */
#define BCCT_UNSIGNED 8192u   /* SERIES_BEGIN, STATS, BUCKET: the values are unsigned */
#define BCCT_INLINED 16384u    /* FRAME: a function that is inlined in that of the next frame */
#define BCCT_STACK_BUILD_ID 32768u /* FRAME: str/len: build id in hex, u: offset in the file */
#define BCCT_LINE 65536u      /* MESSAGE: a line, its newline is not in the text */
#define BCCT_PASSED 131072u    /* TEST: it did */

struct bcct_event {
	size_t size;
	enum bcct_event_kind kind;
	uint32_t flags;
	int64_t i, i2;
	uint64_t u;
	const char *name;
	const char *str;
	size_t len; /* bytes in str */
	/* of LOST events */
	const char *helper;  /* the kernel's function that failed, or NULL */
	int code;            /* what it returned */
	const char *file;    /* where: "stdin" for a program without one, or NULL; also of FRAME */
	unsigned line, column, end_line, end_column; /* from 1; the end is behind the text */
	const char *context; /* the line there, and marks under the text, or NULL */
};

/* ---- handles ----------------------------------------------------------- */

enum bcct_mode {
	BCCT_TRACE,
	BCCT_TEST,  /* run the test: probes once, then end */
	BCCT_BENCH, /* measure the bench: probes, then end */
};

struct bcct_options {
	size_t size;
	void *user; /* passed to the callbacks */
	void (*diag)(void *user, const struct bcct_diag *d);
	void (*event)(void *user, const struct bcct_event *e);
	bool unsafe;               /* allow functions that change the system */
	bool same_process;         /* compile in this process instead of a child */
	bool color;                /* colour in bcct_diag.rendered */
	bool keep_warnings;        /* report lookups of missing keys and failed reads too (-k) */
	int verbose;               /* 1: verifier logs and more in diagnostics */
	int pid;                   /* > 0: trace only this process (-p) */
	const char *command;       /* run this and trace it (-c); split at spaces, no shell */
	const char *const *params; /* $1, $2, … */
	size_t nparams;
	const char *const *includes; /* directories of imported scripts and headers (-I) */
	size_t nincludes;
	const char *const *headers; /* read before the program, as by #include (--include) */
	size_t nheaders;
	bool dry_run;              /* attach and stop there: BEGIN and the command do not run */
	bool libbpf_log;           /* what libbpf says while loading, as notes */
	bool verifier_log;         /* and the kernel's verifier of each program */
	const char *probe_filter;  /* only probes that match this regular expression */
	const char *no_features;   /* kernel features not to use, by name, "kprobe_multi,..." */
	const char *const *defines;  /* macros of C texts: "NAME" or "NAME=VALUE" (-D) */
	size_t ndefines;
	enum bcct_mode mode;       /* what is done with the program */
};

/* A new handle, or NULL without memory. Strings in o are copied. */
BCCT_API struct bcct *bcct_new(const struct bcct_options *o);
/* Detaches, unloads and frees everything; NULL is fine. */
BCCT_API void bcct_free(struct bcct *b);

/* Compiles a program. name is used in diagnostics: a path, "stdin" or "". Needs no privilege. */
BCCT_API int bcct_compile(struct bcct *b, const char *name, const char *text, size_t len);
/*
 * Writes what a compile stage produced to fd as text: "ast", "plan", "codegen", "ir", "asm";
 * or "options", those that the program asks for with getopt().
 */
BCCT_API int bcct_dump(struct bcct *b, const char *name, const char *text, size_t len,
		       const char *stage, int fd);
/* The compiled object (an ELF image, valid until the handle is freed). */
BCCT_API int bcct_object(struct bcct *b, const void **data, size_t *len);
/* Uses an object that was compiled before. The image is copied. */
BCCT_API int bcct_open_object(struct bcct *b, const void *data, size_t len);

/* Creates maps and programs in the kernel (needs privilege). */
BCCT_API int bcct_load(struct bcct *b);
/* Runs BEGIN, attaches all probes, releases the command. Emits BCCT_EV_ATTACHED. */
BCCT_API int bcct_attach(struct bcct *b);
/* A descriptor that polls readable when bcct_poll has something to do. */
BCCT_API int bcct_fd(const struct bcct *b);
/*
 * Handles what is there, waiting up to timeout_ms (-1: until something comes).
 * Returns 1 when the program is over (exit(), the command ended, bcct_stop), 0
 * when not, -errno on failure.
 */
BCCT_API int bcct_poll(struct bcct *b, int timeout_ms);
/* Makes bcct_poll return 1 soon. May be called from a signal handler or another thread. */
BCCT_API void bcct_stop(struct bcct *b);
/* Detaches, runs END, drains events, prints maps and losses. maps: print maps too. */
BCCT_API int bcct_finish(struct bcct *b, bool maps);
/* The status of exit(N), 0 without one. */
BCCT_API int bcct_exit_status(const struct bcct *b);

/* Calls each(user, text) for every probe that matches a pattern such as "kprobe:vfs_*". */
BCCT_API int bcct_list(struct bcct *b, const char *pattern, bool verbose,
		       void (*each)(void *user, const char *text), void *user);
/* The probes of the program that was compiled or opened, patterns expanded; it cannot be run. */
BCCT_API int bcct_list_program(struct bcct *b, bool verbose,
			       void (*each)(void *user, const char *text), void *user);
/* Kernel features found and versions, one "name: value" line each. */
BCCT_API int bcct_info(struct bcct *b, void (*each)(void *user, const char *text), void *user);

/* Documentation of a builtin, aggregation or provider; strings live as long as the library. */
struct bcct_unit {
	size_t size;
	const char *kind;    /* "builtin", "aggregation", "provider" */
	const char *name;
	const char *synopsis; /* prototype or probe syntax */
	const char *doc;
	const char *example; /* a whole program, or NULL */
	const char *expect;  /* its exact output, or NULL when it varies */
};
/* Calls each for every unit of this build; -ENOTSUP in a build without the compiler. */
BCCT_API int bcct_units(void (*each)(void *user, const struct bcct_unit *u), void *user);

/* ---- output formats: ready-made consumers of the value events ----------- */

struct bcct_printer;
/* format: "text", …; writes to fd, buffered; NULL when there is no such format. */
BCCT_API struct bcct_printer *bcct_printer_new(const char *format, int fd);
BCCT_API void bcct_printer_event(struct bcct_printer *p, const struct bcct_event *e);
/* Writes out what is buffered. 0 or -errno of the first write that failed (-EPIPE, -ENOSPC …). */
BCCT_API int bcct_printer_flush(struct bcct_printer *p);
BCCT_API void bcct_printer_free(struct bcct_printer *p);

BCCT_API const char *bcct_version(void);

#ifdef __cplusplus
}
#endif

#endif
