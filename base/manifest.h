/*
 * The manifest: everything the runtime needs besides the BPF code itself. The
 * code generator writes it into the object's .bcct section, the runtime reads
 * it back; neither sees the other's headers.
 */
#ifndef BASE_MANIFEST_H
#define BASE_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/options.h"
#include "base/source.h"
#include "base/vec.h"

#define MANIFEST_MAGIC 0x74636362u /* "bcct" */
#define MANIFEST_VERSION 6
#define MANIFEST_SUM_AT 8 /* where the sum of the image is in it */
#define MANIFEST_SECTION ".bcct"

/* Shape of a value in memory: what a decoder needs to turn bytes into value events. */
enum schema_kind {
	SC_NONE,
	SC_BOOL,
	SC_INT,     /* size 1..8, is_signed */
	SC_POINTER, /* 8 bytes */
	SC_ENUM,    /* like INT; fields name the enumerators (offset holds the value) */
	SC_STRING,  /* size bytes, ends at the first NUL or at size; see STRING_CUT */
	SC_BUFFER,  /* u32 length, then up to size - 4 bytes */
	SC_KSYM,    /* 8-byte address */
	SC_USYM,    /* 8-byte address, u32 pid, u32 probe */
	SC_KSTACK,  /* u32 depth, u32 pad, then count 8-byte addresses; count is the limit */
	SC_USTACK,  /* like KSTACK with the pid in the pad */
	SC_PROBE,   /* 8-byte attach cookie: resolves to the attach point's full name */
	SC_TUPLE,   /* fields without names */
	SC_RECORD,  /* fields with names */
	SC_ARRAY,   /* count elements of fields[0] */
	SC_AGG,     /* an aggregation's value; name is the aggregation's, params its constants */
	SC_INET,
	SC_MAC,
	SC_TIMESTAMP, /* u64 nanoseconds, u64 enum timestamp_clock; how is the format */
	SC_NAMED,   /* 8-byte integer that prints as a text; how: by which table, see named_rt.h */
	SC_KIND_COUNT,
};

struct schema {
	enum schema_kind kind;
	bool is_signed;
	uint32_t size;   /* bytes, padding included */
	uint32_t offset; /* in the parent; an enumerator's value for fields of SC_ENUM */
	uint32_t count;
	const char *name; /* of the field, enumerator or aggregation; or NULL */
	const char *how;  /* format of a TIMESTAMP, table of a NAMED; or NULL */
	int64_t params[4];
	struct schema **fields;
	uint32_t nfields;
};

/* In place of the NUL in the last byte of a string: str() had to cut it there. */
#define STRING_CUT 0xff

/* params[0] of SC_KSTACK and SC_USTACK: how the frames are printed. */
enum stack_mode { STACK_BPFTRACE, STACK_PERF, STACK_RAW, STACK_BUILD_ID };
/* Bytes of a frame: an address, or the kernel's struct bpf_stack_build_id. */
#define STACK_FRAME(mode) ((mode) == STACK_BUILD_ID ? 32u : 8u)

/* Since when a timestamp's nanoseconds count; the kernel's clocks of these names. */
enum timestamp_clock { TIMESTAMP_BOOT, TIMESTAMP_MONOTONIC, TIMESTAMP_TAI };

enum map_role {
	MAPR_HASH,     /* plain keyed map, shared */
	MAPR_SCALAR,   /* plain unkeyed map: array of one entry: { u64 set; value } */
	MAPR_AGG_HASH, /* per-CPU hash of aggregation values */
	MAPR_AGG_SCALAR, /* per-CPU array of one aggregation value */
	MAPR_RING,     /* event ring buffer */
	MAPR_LOSS,     /* per-CPU array of u64, one per site */
	MAPR_SCRATCH,  /* a program's scratch, one entry per CPU */
	MAPR_ZERO,     /* zeroed bytes to insert values from */
	MAPR_NAMES,    /* hash: attach cookie to the function's name, POINT_NAME bytes */
	MAPR_USDT,     /* hash: attach cookie to struct usdt_arg[USDT_ARGS] */
	MAPR_CONFIG,   /* array of u64 set by the runtime before attach: see config_word */
	MAPR_C,        /* declared in BPF C: of kernel_type */
	MAPR_COUNT,
};

/*
 * An attach cookie is the program's index << 32 | the number of the attach point.
 * Above this bit further places of the same probe (usdt) are told apart.
 */
#define COOKIE_SITE 48

#define POINT_NAME 128 /* bytes of a name in MAPR_NAMES, filled up with zeroes */
#define USDT_ARGS 12

/*
 * Where a USDT probe's argument is, at one place in one file:
 *	v = value + by[0] * register reg[0] + by[1] * register reg[1];
 *	if (deref) v = *(u64 *)v;
 *	v = v << shift >> shift, with or without sign
 * Registers are offsets in struct pt_regs.
 */
struct usdt_arg {
	uint64_t value, by[2];
	uint32_t reg[2], deref, shift, is_signed, pad;
};

/*
 * Words of the config map, written by the runtime after load.
 * START_NS is the value nsecs had when tracing began (elapsed). EXIT is the
 * program's: exit() leaves CONFIG_EXIT_SET and its status there, in case the
 * event finds no room. STOP makes programs with many attach points do nothing, at
 * the end of a run. Behind these come the manifest's own words.
 */
enum config_word { CONFIG_START_NS, CONFIG_PID, CONFIG_EXIT, CONFIG_STOP, CONFIG_WORDS };
#define CONFIG_EXIT_SET (1ULL << 32)

/* What only the machine that runs the object knows; resolved before the program runs. */
enum word_kind {
	WORD_KSYM,       /* address of the kernel symbol name */
	WORD_CGROUP,     /* id of the cgroup at the path name */
	WORD_NCPUS,      /* CPUs that are online */
	WORD_CPID,       /* process of -c, or 0 */
	WORD_HAS_CPID,   /* 1 with -c */
	WORD_PIDNS_DEV,  /* the tracer's PID namespace: device … */
	WORD_PIDNS_INO,  /* … and inode */
	WORD_TAI_OFFSET, /* nanoseconds from the boot clock to TAI */
	WORD_KIND_COUNT,
};

struct word_info {
	enum word_kind kind;
	const char *name; /* or NULL */
	struct loc loc;
};

/* What the slots of a map that was declared as a histogram in BPF C count. */
enum map_hist { MAP_HIST_NONE, MAP_HIST_LOG2, MAP_HIST_LINEAR };

struct map_info {
	const char *name;    /* as the user wrote it: "@x", "@"; or internal: ".ring" */
	const char *symbol;  /* name in the object's .maps section */
	enum map_role role;
	uint32_t max_entries;
	uint32_t nkeys;      /* 0 for unkeyed maps; > 1: key is SC_TUPLE */
	struct schema *key;  /* NULL when unkeyed or internal */
	struct schema *value;
	/*
	 * swap: the program reaches the map through an array-of-maps (symbol is
	 * the outer one), so that print() + clear() can take the whole map out
	 * from under running probes without losing an update.
	 */
	bool swap;
	uint32_t key_size, value_size; /* bytes in the (inner) kernel map */
	uint32_t kernel_type;  /* enum bpf_map_type; 0: what the role implies */
	uint32_t kernel_flags; /* BPF_F_… */
	uint32_t hist;         /* MAPR_C: enum map_hist */
	const char *pin;       /* MAPR_C: path in a BPF file system that keeps it; "" or NULL */
	const struct map_info *inner; /* the compiler's own: what the maps in it look like */
	struct loc loc;
};

struct action_info {
	const char *unit;   /* builtin unit that handles the event: "printf", "print", … */
	struct loc loc;
	const char *text;   /* format string or other constant text; or NULL */
	int64_t params[4];  /* unit-specific constants (map index, flags, …) */
	struct schema *payload; /* SC_TUPLE of the arguments; or NULL */
};

/* Why something can be lost or fail at a site. */
enum loss_reason {
	LOSS_RING_FULL,   /* bpf_ringbuf_reserve failed: an event is lost */
	LOSS_MAP_FULL,    /* a key could not be inserted */
	LOSS_READ_FAULT,  /* memory could not be read (reported with keep_warnings only) */
	LOSS_DIVIDE,      /* division or modulo by zero: 1 is used */
	LOSS_STRING,      /* a string was cut */
	LOSS_DELETE,      /* delete of a key that does not exist */
	LOSS_LOOKUP,      /* lookup of a key that does not exist (keep_warnings only) */
	LOSS_STACK,       /* a stack could not be walked */
	LOSS_LOOP,        /* a loop was ended by the limit on its turns */
	LOSS_SCRATCH,     /* scratch memory not available: the probe did nothing */
	/* as LOSS_READ_FAULT, which is probe_read_kernel's */
	LOSS_READ_USER, LOSS_READ_KERNEL_STR, LOSS_READ_USER_STR,
	LOSS_INDEX,       /* the key of an array is past its end */
	LOSS_REASON_COUNT,
};

struct site_info {
	enum loss_reason reason;
	struct loc loc;
	int32_t map; /* index into maps, or -1 */
};

/* An attach point as written, after constants were filled in; wildcards are expanded at attach. */
struct attach_info {
	const char *provider; /* unit name: "kprobe" */
	const char *target;   /* function, event, "s" …; provider-specific */
	const char *module;   /* module, path, category …; or NULL */
	uint64_t offset;      /* function offset, or period (interval: nanoseconds) */
	const char *full;     /* canonical text: "kprobe:vfs_read" */
	struct loc loc;
	bool matched; /* one of those that the compiler found for a pattern: it may fail */
};

/* module of fentry and fexit on a BPF program: "bpf" or "bpf:ID" */
#define PROBE_BPF "bpf"

/* Links that are closed faster than anything else is done about them: fewer than these. */
#define LINKS_MANY 16

struct program_info {
	const char *symbol;  /* function in the object */
	const char *name;    /* what the kernel shows, up to 15 characters */
	VEC(struct attach_info) attach;
	struct loc loc;
	bool stops; /* looks at CONFIG_STOP: one of so many links that closing them takes long */
};

struct source_info {
	const char *name, *text;
	uint32_t len;
};

struct manifest {
	struct arena *arena;
	uint32_t needs; /* bits: enum feature (base/features.h) */
	struct options options;
	VEC(struct program_info) programs;
	VEC(struct map_info) maps;
	VEC(struct action_info) actions;
	VEC(struct site_info) sites;
	VEC(struct loc) lines;          /* line N of the BPF line info is lines.v[N - 1] */
	VEC(struct word_info) words;    /* word i is config word CONFIG_WORDS + i */
	VEC(struct source_info) sources; /* file N is sources.v[N - 1] */
	bool need_ksyms;                /* something resolves kernel addresses */
};

struct schema *schema_new(struct arena *a, enum schema_kind kind, uint32_t size);
void manifest_write(const struct manifest *m, struct buf *out);
/*
 * The manifest holds a sum over the image that it lies in, so that an image with a wrong byte is
 * refused before anything trusts it. It guards against damage, not against forgery.
 */
void manifest_stamp(void *image, size_t len, void *manifest);
bool manifest_intact(const void *image, size_t len, const void *manifest);
/* Reads and validates; everything is owned by the arena. NULL with *why set on damage. */
struct manifest *manifest_read(struct arena *a, const void *data, size_t len, const char **why);
/* A readable listing (-d plan). */
void manifest_dump(const struct manifest *m, struct buf *out);
/* Registers the manifest's sources in *s so that its locs can be rendered. */
int manifest_sources(const struct manifest *m, struct sources *s);

/* Header of every ring buffer record; the payload follows it. */
struct event_header {
	uint32_t action; /* index into actions */
	uint32_t size;   /* bytes of payload */
};

#endif
