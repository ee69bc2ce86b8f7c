/*
 * BPF C: from text to a typed AST. The compiler calls c_parse() and c_check();
 * the code generator reads what the check leaves. What that is stands at the
 * end of this file.
 */
#ifndef PARSER_C_C_H
#define PARSER_C_C_H

#include "base/strmap.h"
#include "parser/compile.h"

/* ---- entry points ------------------------------------------------------- */

/* A part of the text that is not C (a clause): read as blanks. */
struct c_range {
	uint32_t offset, length;
};

struct c_options {
	const char *const *defines; /* "NAME=VALUE" or "NAME" */
	unsigned ndefines;
	const char *const *dirs; /* of -I */
	unsigned ndirs;
	const struct c_range *skip;
	unsigned nskip;
};

/*
 * Preprocesses and parses one registered source into an N_CUNIT node; opt may be
 * NULL. Errors go to c->diags; never NULL.
 */
struct node *c_parse(struct compile *c, int file, const struct c_options *opt);
/* Resolves names and types. 0, or -EINVAL with diagnostics. */
int c_check(struct compile *c, struct node *unit);
/* A note per macro that node came through, behind a diagnostic about it. */
void c_notes(struct compile *c, const struct c_unit *u, const struct node *node);

/* ---- what the nodes refer to -------------------------------------------- */

enum c_storage {
	C_LOCAL,
	C_PARAM,  /* of a function; param is its position */
	C_GLOBAL, /* at file scope, or static in a function */
};

struct c_var {
	const char *name; /* of compound literals: NULL */
	const struct type *type;
	enum c_storage storage;
	struct loc loc;
	unsigned index;      /* dense, per function; of C_GLOBAL: per unit */
	unsigned param;
	bool is_const;       /* C_GLOBAL: never written */
	bool address_taken;  /* or an array, struct or union: needs memory */
	struct node *init;   /* C_GLOBAL: the checked initialiser, or NULL (zeroes) */
	void *data;          /* the code generator's */
	struct c_var *next;  /* of the function or unit */
	/* the check's own */
	enum space space, carries;
	bool space_known, carries_known, used;
	unsigned order;
};

struct c_label {
	const char *name;
	struct loc loc;
	bool defined, used;
	void *data; /* the code generator's */
	struct c_label *next;
};

enum c_map_kind {
	C_HASH, C_ARRAY, C_PROG_ARRAY, C_PERF_EVENT_ARRAY, C_PERCPU_HASH, C_PERCPU_ARRAY,
	C_STACK_TRACE, C_CGROUP_ARRAY, C_LRU_HASH, C_LRU_PERCPU_HASH, C_LPM_TRIE, C_ARRAY_OF_MAPS,
	C_HASH_OF_MAPS, C_DEVMAP, C_SOCKMAP, C_CPUMAP, C_XSKMAP, C_SOCKHASH, C_CGROUP_STORAGE,
	C_PERCPU_CGROUP_STORAGE, C_QUEUE, C_STACK, C_SK_STORAGE, C_RINGBUF, C_INODE_STORAGE,
	C_TASK_STORAGE,
	C_EXTERN, /* of another program: BPF_TABLE("extern", …) */
	C_CLAUSE, /* of the probe language: @name */
};

enum c_sharing { C_PRIVATE, C_PUBLIC, C_SHARED };

struct c_map {
	const char *name;
	enum c_map_kind kind;
	unsigned bpf_type;             /* enum bpf_map_type; 0 for EXTERN and CLAUSE */
	const struct type *key, *leaf; /* NULL: none (ring buffer, key of a queue) */
	const char *key_spelling, *leaf_spelling;
	uint64_t entries;              /* PERF_EVENT_ARRAY: 0, one per possible CPU; RINGBUF: bytes */
	unsigned flags;                /* BPF_F_… */
	bool histogram;                /* BPF_HISTOGRAM */
	bool perf_output, buildid;     /* BPF_PERF_OUTPUT; BPF_STACK_TRACE_BUILDID */
	enum c_sharing sharing;
	const char *pin;               /* path, or NULL */
	const char *inner;             /* ARRAY_OF_MAPS, HASH_OF_MAPS: name of a map like the inner ones */
	const struct type *event;      /* what perf_submit, ringbuf_output or _submit send; or NULL */
	struct map *clause;            /* CLAUSE */
	struct loc loc;
	unsigned index;
	void *data;                    /* the code generator's */
	struct c_map *next;
};

enum c_call {
	C_CALL_FUNCTION, /* func: inline it; see below */
	C_CALL_HELPER,   /* helper: of the kernel, by its number */
	C_CALL_METHOD,   /* map, id: enum c_method */
	C_CALL_BUILTIN,  /* id: enum c_builtin */
};

enum c_method {
#define METHOD(id, name) C_M_##id,
#include "parser/c/methods.h"
#undef METHOD
	C_METHOD_COUNT,
};

enum c_builtin {
#define BUILTIN(id, name) C_B_##id,
#include "parser/c/builtins.h"
#undef BUILTIN
	C_BUILTIN_COUNT,
};

struct c_helper {
	unsigned id; /* enum bpf_func_id */
	const char *name; /* without "bpf_" */
	const char *ret, *args; /* C types; '|' between arguments; "map": a map */
};

/* How a program is attached, as far as its name or macro says. */
enum c_attach {
	C_ATTACH_NONE, /* by hand: program type from the type of its context */
	C_ATTACH_KPROBE, C_ATTACH_KRETPROBE, C_ATTACH_TRACEPOINT, C_ATTACH_RAW_TRACEPOINT,
	C_ATTACH_KFUNC, C_ATTACH_KRETFUNC, C_ATTACH_KMOD_RET, C_ATTACH_LSM, C_ATTACH_ITER,
	C_ATTACH_SYSCALL, /* syscall__NAME */
};

/* What kind of program the context's type makes it. */
enum c_program {
	C_PROG_KPROBE, /* struct pt_regs, void: kprobe, kretprobe, uprobe, uretprobe, USDT */
	C_PROG_TRACEPOINT, C_PROG_RAW_TRACEPOINT, C_PROG_PERF_EVENT, C_PROG_SKB, C_PROG_XDP,
	C_PROG_TRACING, /* KFUNC and the like: context is an array of u64 */
	C_PROG_LSM, C_PROG_OTHER,
};

/* Where the parameters behind the first come from. */
enum c_params {
	C_PARAMS_NONE,
	C_PARAMS_REGS,    /* registers of the function's arguments, in the context */
	C_PARAMS_SYSCALL, /* registers in the struct pt_regs that the first argument points to */
	C_PARAMS_CTX,     /* param i is ((u64 *)ctx)[i], for all of them */
	C_PARAMS_CALL,    /* an inlined function: the call's arguments */
};

struct c_func {
	const char *name;
	const struct type *ret;      /* NONE: void */
	struct c_var **params;
	unsigned nparams;
	struct c_var *vars;          /* all locals and parameters */
	unsigned nvars;
	struct c_label *labels;
	struct node *body;           /* N_BLOCK; NULL: only declared */
	bool is_program;
	bool is_static, is_inline;
	enum c_attach attach;
	enum c_program program;
	enum c_params how;
	struct c_var *ctx;           /* the context's variable; NULL when it is not used */
	const char *module, *target; /* KPROBE: the function; TRACEPOINT: category and event … */
	enum space unknown;          /* how a pointer is read of which nothing is known */
	struct loc loc;
	unsigned index;
	void *data;                  /* the code generator's */
	struct c_func *next;
	/* the check's own */
	struct node *source;         /* N_CFUNC as parsed */
	struct c_func *origin, *instances, *next_instance;
	enum space *arg_spaces;
	bool checking, checked, called;
	enum space ret_space;
};

struct c_unit {
	struct c_func *programs; /* chained through next, in the order of the text */
	struct c_func *inlines;  /* instances of functions that are inlined */
	struct c_map *maps;
	struct c_var *globals;
	unsigned nprograms, nmaps, nglobals;
	const char *license;     /* "GPL" unless the text defines BPF_LICENSE */
	/* the use of macros, for c_notes() */
	const struct cpp_expansion *expansions;
	uint32_t nexpansions;
	unsigned file;
	void *symbols; /* the check's file scope */
};

const char *c_method_name(enum c_method m);
const char *c_builtin_name(enum c_builtin b);

#endif
