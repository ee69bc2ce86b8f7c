/*
 * The runtime instance behind a handle, and what the files of runtime/ offer
 * each other. Units under lib/ see only lib/rt.h.
 */
#ifndef RUNTIME_RT_INTERNAL_H
#define RUNTIME_RT_INTERNAL_H

#include <regex.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "lib/rt.h"
#include "runtime/handle.h"
#include "runtime/ring.h"

struct bpf_map;
struct bpf_object;
struct ksyms;
struct usyms;

typedef VEC(struct rt_point) rt_points;

/* A program, where it goes, and its timer when it has one. */
struct rt_prog {
	struct rt_program p;
	rt_points points; /* cookie: program index << 32 | place in here */
	size_t links_from, links_to; /* in rt->links: its own */
	enum rt_trial trial;
	bool begin, end;  /* its provider runs it once instead of attaching it */
};

struct rt_map {
	const struct map_info *info;
	struct bpf_map *map;
	int fd;        /* what is read: the map, or the inner map of a swap map */
	int outer;     /* swap: the array of maps, else -1 */
	uint32_t type; /* of fd: enum bpf_map_type */
	uint32_t flags, size; /* size: bytes of a ring buffer */
};

struct rt_timer {
	int fd;
	struct rt_program *program;
	bool signal;      /* a signal's descriptor, not a clock's */
	uint64_t period_ns;
	uint64_t skipped; /* ticks that the loop came too late for */
};

/* A clause that handles records of BPF C; size 0: of any size. */
struct rt_handler {
	struct rt_program *program;
	const char *map;
	uint32_t size;
};

/* What holds a program to its place: libbpf's, or only a descriptor. */
struct rt_link {
	struct bpf_link *link; /* or NULL */
	int fd;
};

/* A file that the program writes. */
struct rt_file {
	char *path;
	int fd;
};

/* One site's losses: summed over the CPUs at the last look, and reported so far. */
struct rt_loss {
	uint64_t seen;
};

enum { PROBE_UNKNOWN, PROBE_YES, PROBE_NO };

struct rt {
	struct bcct *b;
	struct arena *arena; /* everything that lives as long as the object */
	struct manifest *m;  /* NULL before an object is open */
	struct sources sources;
	struct bpf_object *obj;
	char *verifier_log;    /* while loading: the kernel's log of a rejected program */
	struct buf libbpf_log; /* what libbpf said since the last operation began */

	struct rt_prog *progs; /* m->programs.n of them */
	struct rt_map *maps;   /* m->maps.n of them */
	VEC(struct rt_link) links;
	VEC(struct rt_timer) timers;
	VEC(struct rt_handler) handlers;
	VEC(int) kept; /* descriptors that are closed with the handle */
	VEC(int) iters; /* links that are still to be read; see iter.c */
	unsigned npoints; /* attach points of all programs */
	const regex_t *probe_filter; /* while attach points are looked up; or NULL */
	bool filtered; /* it left out the point that was added last */
	VEC(const struct attach_info *) missing; /* while expanding: what was not found */
	int ncpus;        /* possible CPUs: values in a per-CPU read */

	struct ring ring;
	struct buf held; /* records of BEGIN, kept until the probes are attached */
	int epoll_fd, stop_fd, loss_fd, pid_fd;
	pid_t child;      /* of -c, 0 when there is none (left) */
	int child_go;     /* write end: releases the child */
	int child_error;  /* read end: errno of a failed exec */
	bool loaded, attached, finished;
	bool ready;       /* loading succeeded */
	bool exiting;     /* bcct_poll returns 1 from now on */
	bool cut;         /* a stop ended a command: those that wait are not run */
	unsigned not_run; /* how many those are */
	bool can_exit;    /* the program calls exit(), and has not yet */
	bool exit_set;    /* exit(N) was called */
	int exit_status;

	struct rt_sink sink; /* where rt_emit goes instead of the callback; see rt_redirect */
	struct rt_sink capture; /* in place of the callback: output of tests */
	struct rt_loss *losses; /* m->sites.n of them */
	uint64_t missed_kprobe, missed_recursion;
	uint8_t features[FEAT_COUNT];
	struct ksyms *ksyms;
	struct usyms *usyms; /* see usyms.h */
	VEC(struct rt_file) files; /* see rt_file() */
	int trace_fd;          /* the kernel's trace pipe, or -1 */
	struct buf trace_text; /* a line of it that is not complete */
};

/* ---- handle.c ---------------------------------------------------------- */

/* "1:5-9", with the file's name before it when it has one; "" without a location. */
void rt_loc_text(const struct rt *rt, struct loc loc, char *text, size_t size);
/* Fills file, line, column and end of an event; false without a location. */
bool rt_locate(const struct rt *rt, struct loc loc, struct bcct_event *e);

/* ---- object.c ---------------------------------------------------------- */

/* Reads the manifest of b->object. -EINVAL with a diagnostic. */
int object_open(struct rt *rt);
/* Opens the BPF part with libbpf; left until loading, when the image has to be trusted anyway. */
int object_open_bpf(struct rt *rt);
void object_close(struct rt *rt);
void object_drop_log(struct rt *rt); /* after loading: the verifier's log is not needed */
/* Points libbpf's messages of this thread at a buffer; NULL: nowhere. Returns the one before. */
struct buf *object_log_to(struct buf *log);
/* Also what libbpf says for debugging. */
void object_log_debug(bool on);

/* ---- features.c -------------------------------------------------------- */

/* Checks needs that a look at a file can decide; reports what is missing. 0 or -EOPNOTSUPP. */
/* Takes what the caller does not want to be used (no_features) as missing. */
int features_exclude(struct rt *rt);
int features_check_cheap(struct rt *rt);
/* After the failure err: reports needed features that the kernel lacks. Returns how many. */
unsigned features_explain(struct rt *rt, int err);
/* The kernel has what f stands for; not cached (rt_feature caches). */
bool feature_probe(enum feature f);

/* ---- privilege.c ------------------------------------------------------- */

/* Reports what keeps this process from using BPF. 0 when nothing is known to. */
int privilege_check(struct rt *rt);
/* Reports an EPERM or EACCES of the kernel: what names the operation. */
void privilege_explain(struct rt *rt, const char *what);

/* ---- load.c, expand.c, rtmaps.c ---------------------------------------- */

/* What bpftrace says of a probe that must be attached and cannot. */
#define MISSING_TEXT "Unable to attach probe: %s."
#define MISSING_ADVICE                                                                            \
	" If this is expected, set the 'missing_probes' config variable to 'warn'."

/* Fills rt->progs[].points and chooses what is loaded. */
int expand_programs(struct rt *rt);
const struct provider_rt *program_provider(const struct rt_program *p);
/* Sizes and inner maps, before bpf_object__load. */
int maps_prepare(struct rt *rt);
/* Descriptors of all maps, the configuration words; after bpf_object__load. */
int maps_ready(struct rt *rt);
void maps_free(struct rt *rt);
/* The first map of a role, or NULL. */
struct rt_map *maps_role(struct rt *rt, enum map_role role);
/* A new inner map for a swap map: a descriptor or -errno. */
int maps_new_inner(const struct rt_map *m);

/* ---- words.c ----------------------------------------------------------- */

/* Writes the manifest's words into the configuration map. 0 or -errno, reported. */
int words_configure(struct rt *rt, int map_fd);
/* True when exit() was called; its event may be lost. */
bool words_exit(struct rt *rt);
void words_exit_reset(struct rt *rt); /* as if it had not been called */

/* ---- files.c ----------------------------------------------------------- */

void files_close(struct rt *rt);

/* ---- detach.c ---------------------------------------------------------- */

void link_close(struct rt_link *l);
/* Destroys links from the end down to the first keep. */
void links_drop(struct rt *rt, size_t keep);

/* ---- iter.c ------------------------------------------------------------ */

/* Reads all iterators; the run is over then. */
void iters_run(struct rt *rt);

/* ---- trials.c ---------------------------------------------------------- */

/* The trials that the handle's mode asks for. */
enum rt_trial trials_wanted(const struct rt *rt);
/* Runs them; the run is over then. */
void trials_run(struct rt *rt);

/* ---- trim.c ------------------------------------------------------------ */

void memory_trim(void);

/* ---- loop.c ------------------------------------------------------------ */

int loop_init(struct rt *rt); /* descriptors that exist as long as the handle */
void loop_free(struct rt *rt);
int loop_watch(struct rt *rt, int fd, uint64_t what);
/* Opens the ring buffer of the loaded object. */
int loop_open_ring(struct rt *rt);
int loop_start_losses(struct rt *rt);
void loop_stop_timers(struct rt *rt);
/* Handles all records that are there now. */
void loop_drain(struct rt *rt);
/* Moves BEGIN's records to rt->held; true when one of them is exit(). */
bool loop_hold(struct rt *rt);
void loop_release(struct rt *rt); /* handles what was held */

/* Values of epoll data: what became readable. A timer is WATCH_TIMER + its index. */
enum { WATCH_STOP, WATCH_RING, WATCH_LOSS, WATCH_PID, WATCH_MMAPS, WATCH_TRACE, WATCH_TIMER };

/* ---- mapread.c --------------------------------------------------------- */

/* Rows of a map, merged over the CPUs: n times stride bytes, key first. */
struct rows {
	uint8_t *data;
	size_t n, cap;
	uint32_t key_size, value_at, value_size, stride;
};

void rows_init(struct rows *r, const struct map_info *info);
void rows_free(struct rows *r);
uint8_t *rows_add(struct rows *r); /* a zeroed row at the end, valid until the next */
#define rows_at(r, i) ((r)->data + (size_t)(i) * (r)->stride)
#define rows_value(r, row) ((row) + (r)->value_at)

/* Reads all rows of what m->fd is; take: removes them. 0 or -errno. */
int map_read(struct rt *rt, const struct rt_map *m, int fd, bool take, struct rows *r);
int map_read_key(struct rt *rt, const struct rt_map *m, const uint8_t *key, struct rows *r);
/*
 * Replaces a swap map's inner map; returns the old one's descriptor (quiescent) or -errno.
 * zeroed: a scalar that was set is so in the new one, as 0; keys are the caller's.
 */
int map_swap(struct rt_map *m, bool zeroed);
/* Writes zeroes under every key of r. */
int map_zero_keys(struct rt *rt, const struct rt_map *m, const struct rows *r);
bool map_is_percpu(const struct map_info *info);
bool map_is_array(const struct map_info *info); /* declared so, with an index as its key */
bool map_is_user(const struct map_info *info);

/* ---- rowsort.c --------------------------------------------------------- */

/* Sorts as documented: integers and aggregations by value, the rest by key; ties by key. */
void rows_sort(struct rows *r, const struct map_info *info);
/* Compares two encoded values by their schema. */
int schema_compare(const struct schema *s, const uint8_t *a, const uint8_t *b);

/* ---- mapprint.c -------------------------------------------------------- */

void map_print_all(struct rt *rt); /* at the end: non-empty maps in name order */

/* ---- cmaps.c ----------------------------------------------------------- */

/* A map of BPF C that is shown at the end. */
bool cmap_is_printed(const struct map_info *info);
bool cmap_is_plain(const struct map_info *info); /* rows like those of a clause's map */
void cmap_print(struct rt *rt, const struct rt_map *m, bool explicit); /* by print() */

/* ---- tracepipe.c ------------------------------------------------------- */

/* Opens the trace pipe for programs that write there; warns when that fails. */
int tracepipe_open(struct rt *rt);
void tracepipe_read(struct rt *rt); /* shows what is there, not waiting */
void tracepipe_end(struct rt *rt);  /* the same at the end of the run */
void tracepipe_close(struct rt *rt);

/* ---- losses.c ---------------------------------------------------------- */

void losses_report(struct rt *rt); /* what is new since the last report */
/* Reads the kernel's own counts of probe hits it skipped; before links are gone. */
void losses_missed(struct rt *rt);
void losses_report_missed(struct rt *rt); /* reports them, at the end */
const char *loss_reason_text(enum loss_reason why);

/* ---- list_types.c ------------------------------------------------------ */

bool list_is_type(const char *pattern); /* "struct foo" */
int list_types(const char *pattern, bool verbose, void (*each)(void *user, const char *text),
	       void *user);

/* ---- ksyms.c ----------------------------------------------------------- */

void ksyms_free(struct ksyms *k);
/* From the text of /proc/kallsyms. */
struct ksyms *ksyms_parse(FILE *f);
bool ksyms_find(const struct ksyms *k, uint64_t addr, struct rt_symbol *out);
size_t ksyms_bytes(const struct ksyms *k);

struct kallsyms_entry {
	uint64_t addr;
	char kind;
	const char *name, *module; /* module NULL: the kernel itself */
};
/* Takes a line of kallsyms apart, in place. */
bool kallsyms_line(char *line, struct kallsyms_entry *e);
bool kallsyms_is_text(char kind);

/* ---- kfuncs.c ---------------------------------------------------------- */

/* Calls each for functions of a list in the form of available_filter_functions. */
int kfuncs_from_filter(FILE *f, const char *pattern,
		       int (*each)(void *user, const char *name, const char *module), void *user);
/* The same from kallsyms text. */
int kfuncs_from_kallsyms(FILE *f, const char *pattern, const struct strmap *blacklist,
			 int (*each)(void *user, const char *name, const char *module),
			 void *user);

/* ---- verifier.c -------------------------------------------------------- */

struct verdict {
	int insn;            /* that failed, or -1 */
	const char *reason;  /* in words; points into a table or into text */
	const char *hint;    /* or NULL */
	char text[200];      /* the verifier's own last sentence */
};
/* Reads a verifier log. */
struct verdict verifier_parse(const char *log);
/* Reports the rejection that the logs tell of; false when there is none. */
bool verifier_explain(struct rt *rt, int err);

/* ---- lineinfo.c -------------------------------------------------------- */

/* Line number of an instruction of a program in an ELF image, 0 when unknown. */
unsigned lineinfo_find(const void *elf, size_t len, const char *symbol, int insn);
/* The contents of a section; NULL when there is none. The image must stay. */
const void *elf_section(const void *image, size_t len, const char *name, size_t *size);

/* ---- child.c ----------------------------------------------------------- */

int child_start(struct rt *rt);   /* forks the -c command, stopped; or looks at -p's process */
int child_release(struct rt *rt); /* lets it run */
void child_end(struct rt *rt);    /* ends it if it still runs */
void child_reap(struct rt *rt);   /* after its pidfd became readable */

#endif
