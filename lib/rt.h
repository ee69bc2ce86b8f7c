/*
 * The runtime half of the units under lib/, and what the runtime offers them.
 * Nothing here knows the compiler. struct rt is runtime/'s; units only pass it on.
 */
#ifndef LIB_RT_H
#define LIB_RT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/features.h"
#include "base/manifest.h"
#include "base/diag.h"
#include "include/bcct.h"

struct rt;
struct bpf_program; /* libbpf */
struct bpf_link;

/* ---- events ------------------------------------------------------------ */

/* Handles the ring buffer records of an asynchronous builtin. */
struct builtin_rt {
	const char *name;
	/* data has exactly a->payload->size bytes (len checked by the caller), not aligned. */
	void (*event)(struct rt *rt, const struct action_info *a, const uint8_t *data,
		      uint32_t len);
	/* Called instead of event when events are drained after exit; NULL: the same. */
};

/* Where value events go. */
void rt_emit(struct rt *rt, const struct bcct_event *e);
void rt_message(struct rt *rt, const char *unit, const char *text, size_t len);
/* The same, of one line: formats for people write the newline behind it. */
void rt_line(struct rt *rt, const char *unit, const char *text, size_t len);
/* The same, of what the script reports: the event has the place. */
void rt_message_at(struct rt *rt, struct loc loc, const char *unit, const char *text, size_t len);
/* Decodes bytes by schema into value events. data need not be aligned. */
void rt_emit_value(struct rt *rt, const struct schema *s, const uint8_t *data);
/*
 * Sends what rt_emit gets elsewhere (printf renders values into text with it);
 * emit NULL: to the handle's callback. Returns what was set before. Messages
 * and problems always go to the callback.
 */
struct rt_sink {
	void (*emit)(void *user, const struct bcct_event *e);
	void *user;
};
struct rt_sink rt_redirect(struct rt *rt, struct rt_sink to);
/* As rt_emit_value, into sink. rt may be NULL for values without symbols and aggregations. */
void rt_decode(struct rt *rt, const struct schema *s, const uint8_t *data, struct rt_sink sink);
/* Asks the loop to end; the first status wins. */
void rt_exit(struct rt *rt, int status);
/* Detaches the programs whose attach point is this one; false when there is none. */
bool rt_detach(struct rt *rt, const char *provider, uint64_t offset);
/*
 * A file that the program writes: made anew when it is first asked for in a run, and kept
 * open to the end. A descriptor, with *fresh telling that it is empty, or -errno.
 */
int rt_file(struct rt *rt, const char *path, bool *fresh);
/*
 * Runs a command by /bin/sh and waits for its end; its output becomes messages of the
 * unit. Its exit status, or -errno.
 */
int rt_command(struct rt *rt, const char *unit, const char *command);
const struct manifest *rt_manifest(const struct rt *rt);
/* A run-time problem at a source location, reported in every output format. */
void rt_problem(struct rt *rt, struct loc loc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* An error or warning of load and attach, to the handle's diagnostic callback; hint may be NULL. */
void rt_diag(struct rt *rt, enum diag_level level, enum diag_tag tag, struct loc loc,
	     const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
int rt_pid(const struct rt *rt); /* process to trace (-p or -c), 0: all */
bool rt_unsafe(const struct rt *rt); /* --unsafe */

/* ---- maps -------------------------------------------------------------- */

/*
 * Prints a map; top 0: all, div 0: 1. Print and clear, or print and zero, in one
 * step lose nothing: TAKE_ROWS takes the rows out, TAKE_VALUES leaves their keys.
 */
enum map_take { TAKE_NOTHING, TAKE_ROWS, TAKE_VALUES };
void rt_map_print(struct rt *rt, unsigned map, uint64_t top, uint64_t div, enum map_take take);
/* Prints one entry as it is now; key has the bytes of the map's key. */
void rt_map_print_key(struct rt *rt, unsigned map, const uint8_t *key, uint32_t size);
/* The descriptor of a map that BPF C declares by this name; -1: there is none. */
int rt_map_fd(struct rt *rt, const char *name);
void rt_map_clear(struct rt *rt, unsigned map); /* removes all keys */
void rt_map_zero(struct rt *rt, unsigned map);  /* keeps keys, zeroes values */

/* ---- symbols ----------------------------------------------------------- */

struct rt_symbol {
	const char *name, *module; /* NULL: unknown; valid until the next call */
	uint64_t offset;
};
bool rt_ksym(struct rt *rt, uint64_t addr, struct rt_symbol *out);
/* The same for an address of a process. */
bool rt_usym(struct rt *rt, uint32_t pid, uint64_t addr, struct rt_symbol *out);
/*
 * Where in the source an address of a process comes from, as source_lines_find() has it;
 * caller: the address is where a call returns to, and the call is meant. 0: not known.
 */
struct source_place;
unsigned rt_usym_lines(struct rt *rt, uint32_t pid, uint64_t addr, bool caller,
		       const struct source_place **out);
/* name as the user wants to see it: of C++ and Rust demangled; valid until the next call. */
const char *rt_plain_name(struct rt *rt, const char *name);
/* The attach point's full text for a cookie, or NULL. */
const char *rt_probe_name(struct rt *rt, uint64_t cookie);

/* ---- aggregations ------------------------------------------------------ */

struct aggregation_rt {
	const char *name;
	/* Adds one CPU's value into acc (zeroed at first); s->params are the constants. */
	void (*merge)(void *acc, const void *value, const struct schema *s);
	/* Order of rows: <0, 0, >0, ascending. */
	int (*compare)(const void *a, const void *b, const struct schema *s);
	/* Emits the value (INT, STATS, HIST …); div divides (1: unchanged). */
	void (*emit)(struct rt *rt, const void *value, const struct schema *s, uint64_t div);
};

/* ---- providers --------------------------------------------------------- */

/* One loaded program and where it is to be attached. */
struct rt_program {
	const struct program_info *info;
	struct bpf_program *prog;
	unsigned index;
	bool skip; /* nothing to attach to: not loaded */
};

/* One attach point after wildcard expansion. */
struct rt_point {
	const struct attach_info *at;
	const char *target; /* concrete function or event */
	const char *module;
	const char *full;   /* "kprobe:vfs_read" */
	uint64_t cookie;
	const void *data; /* of rt_point_data(), or NULL */
};

struct provider_rt {
	const char *name;
	const char *const *aliases; /* NULL-terminated, or NULL */
	/*
	 * Calls rt_add_point for every concrete attach point of at, checking that
	 * it exists. 0, or -ENOENT when there is none (the caller reports, with the
	 * near names that near() offers), or another -errno.
	 */
	int (*expand)(struct rt *rt, struct rt_program *p, const struct attach_info *at);
	/*
	 * Attaches a program to n points, in one go where the kernel can. Hands
	 * each link to rt_add_link. 0 or -errno; *failed is the point that failed.
	 */
	int (*attach)(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		      unsigned n, unsigned *failed);
	/* Before load: sets program type or expected attach type by what was expanded; or NULL. */
	int (*prepare)(struct rt *rt, struct rt_program *p, unsigned npoints);
	/* Lists what matches (for -l); args: with argument types (-lv). */
	int (*list)(struct rt *rt, const char *pattern, bool args,
		    void (*each)(void *user, const char *text), void *user);
	/* Why attaching failed, when the error's number misleads; may return NULL. */
	const char *(*reason)(int err);
	/* The name nearest to a target that does not exist (malloc'ed), or NULL. */
	char *(*near)(struct rt *rt, const struct attach_info *at);
	bool begin, end; /* run once at the start or the end instead of attaching */
	enum rt_trial { TRIAL_NONE, TRIAL_TEST, TRIAL_BENCH } trial; /* run when asked for */
};

void rt_add_point(struct rt *rt, struct rt_program *p, const struct attach_info *at,
		  const char *target, const char *module, const char *full);
/* Keeps a copy of what the provider has to know of the point that was added last. */
void rt_point_data(struct rt *rt, struct rt_program *p, const void *data, size_t size);
/* The point that was added last may be one more place of an earlier one: `probe` is the same. */
void rt_point_same(struct rt *rt, struct rt_program *p);
void rt_add_link(struct rt *rt, struct bpf_link *link);
/* The same for a link that libbpf did not make. */
void rt_add_link_fd(struct rt *rt, int fd);
void rt_keep_fd(struct rt *rt, int fd); /* closes it with the handle */
/* Runs a program once in this process (BPF_PROG_TEST_RUN). */
int rt_run_program(struct rt *rt, struct rt_program *p);
/* Runs p for records of BPF C that were sent through the map and have that size. */
void rt_add_handler(struct rt *rt, struct rt_program *p, const char *map, uint32_t size);
/* Runs what handles a record; false: nothing does. */
bool rt_handle_record(struct rt *rt, const char *map, const uint8_t *data, uint32_t size);
/* Runs p every period_ns from the event loop. */
int rt_add_timer(struct rt *rt, struct rt_program *p, uint64_t period_ns);
/* Runs p when this process receives a signal; it stays blocked from then on. */
int rt_add_signal(struct rt *rt, struct rt_program *p, int signo);
/* Reads an iterator's link once everything is attached; the run ends after that. */
int rt_add_iter(struct rt *rt, int link_fd);
bool rt_feature(struct rt *rt, enum feature f); /* probed once, lazily */
/* Shell-style match with * ? and [class]. */
bool rt_wildcard(const char *pattern, const char *text);
bool rt_has_wildcard(const char *text);
/* Kernel functions that can be probed, matching a pattern; each returns non-zero to stop. */
int rt_kernel_functions(struct rt *rt, const char *pattern,
			int (*each)(void *user, const char *name, const char *module), void *user);
/* True when kallsyms has this text symbol. */
bool rt_kernel_has(struct rt *rt, const char *name);

/* ---- output formats ---------------------------------------------------- */

/*
 * A format writes what the program found. In text, losses and run-time errors
 * do not belong into that: the command line shows ATTACHED, LOST and
 * RUNTIME_ERROR itself on standard error, and text.c ignores them. Formats for
 * machines write them into the stream.
 */
struct output {
	const char *name; /* "text" */
	void *(*begin)(struct buf *out);
	/* Appends to out; the caller writes it. */
	void (*event)(void *state, struct buf *out, const struct bcct_event *e);
	void (*end)(void *state);
	const char *doc;
};

extern const struct builtin_rt *const bcct_builtins_rt[];
extern const struct aggregation_rt *const bcct_aggregations_rt[];
extern const struct provider_rt *const bcct_providers_rt[];
extern const struct output *const bcct_outputs[];

const struct builtin_rt *builtin_rt_find(const char *name);
const struct aggregation_rt *aggregation_rt_find(const char *name);
const struct provider_rt *provider_rt_find(const char *name);
const struct output *output_find(const char *name);

#endif
