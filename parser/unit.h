/*
 * The compile half of a unit under lib/: what a builtin, an aggregation or a
 * provider tells the check and the code generator. The generated registry
 * lists all of them; nothing else names a unit.
 */
#ifndef PARSER_UNIT_H
#define PARSER_UNIT_H

#include "base/features.h"
#include "parser/ast.h"

struct check;  /* parser/check/check.h */
struct lower;  /* codegen/lower.h */
typedef struct ir_value_ *ir_val; /* codegen/ir.h */

enum builtin_flags {
	BUILTIN_VAR = 1,       /* used as a bare name: pid */
	BUILTIN_CALL = 2,      /* called: str(…); both flags: kstack and kstack(…) */
	BUILTIN_STATEMENT = 4, /* has no value: printf(…) */
	BUILTIN_UNSAFE = 8,    /* needs --unsafe */
	BUILTIN_CONST = 16,    /* folded at compile time: the check replaces the node */
	BUILTIN_PRINT = 32,    /* print: its whole map may be taken, see CALL_TAKE in check.h */
	BUILTIN_EMPTY = 64,    /* clear, zero, delete: empties its map */
	BUILTIN_LEAVE = 128,   /* exit: nothing after it in the clause runs */
};

/*
 * Prototypes: "name(kind name, kind name[, kind name]) result". Kinds: int,
 * string, strlit (a literal), intlit (a constant), ptr (pointer or integer), map (a
 * map without keys), mapkey (a map with or without keys), key (a key of the
 * map before it: the check moves it into that node's map.keys, so the unit and
 * the code generator see @m[key]), word (a bare identifier, as it stands), any (a
 * value, or a whole map: then node->kind is N_MAP, not keyed), type. "..."
 * takes the rest. Result: none, bool, int8 … uint64, string, or "-" when
 * check() sets the type. Variables: "pid uint32". A positional parameter is
 * made a string where the kind is ptr, string or strlit, else what it looks like.
 * Arrays given as ptr arrive as N_UNARY OP_ADDR of the array, typed as a pointer.
 */
struct builtin {
	const char *name;
	const char *prototype;
	unsigned flags;
	uint32_t needs; /* NEEDS(x) | … */
	/*
	 * After the arguments were checked against the prototype: sets the type
	 * when the prototype does not, checks more, may rewrite *call in place.
	 * NULL when the prototype says all. Reports through diagnostics.
	 */
	void (*check)(struct check *k, struct node *call);
	/*
	 * Before the arguments are checked: puts something else than a call in its
	 * place, which is checked then. If it stays a call, its type was set. Or NULL.
	 */
	void (*rewrite)(struct check *k, struct node *call);
	/* Scalars: returns the value, an i64 or ptr. Statements: returns NULL. */
	ir_val (*lower)(struct lower *l, const struct node *call);
	/*
	 * In-memory results (strings, stacks): builds the value in size bytes at
	 * dst. Bytes past a string's NUL or a stack's last frame are left alone:
	 * where every byte counts (keys, map values) the caller zeroed dst before.
	 */
	void (*lower_into)(struct lower *l, const struct node *call, ir_val dst, uint32_t size);
	const char *doc;     /* one or two sentences for the manual */
	const char *example; /* a whole program that runs by itself and exits */
	const char *expect;  /* its exact stdout, or NULL when it varies */
};

struct aggregation {
	const char *name;
	const char *prototype; /* "count()", "hist(int n)" */
	/* Bytes of the per-CPU value for this call; may set params (such as lhist's bounds). */
	uint32_t (*check)(struct check *k, struct node *call, int64_t params[4]);
	/* Updates the per-CPU value at ptr in place (only this CPU writes it). */
	void (*update)(struct lower *l, const struct node *call, ir_val ptr);
	bool sign_follows; /* the result's sign is the operand's */
	/*
	 * Its value can be read in an expression: an N_MAP whose map's value is TY_AGG has
	 * the type int64 or uint64 then, and so has $kv.1 in a loop over the map.
	 */
	bool readable;
	/*
	 * For those: adds one CPU's value to acc, both in memory (acc is zeroed at first, and
	 * has at most two words); and what acc says in the end. t is the TY_AGG.
	 */
	void (*merge)(struct lower *l, const struct type *t, ir_val acc, ir_val value);
	ir_val (*read)(struct lower *l, const struct type *t, ir_val acc);
	const char *doc, *example, *expect;
};

/* A variable that only some providers have: arg0, retval, args, func … */
struct provider_var {
	const char *name; /* "retval"; "arg*" matches arg0, arg1, …; "args" gives fields */
	/* Type of the variable, NULL: reported; field is NAME of args.NAME, *arg is for lower. */
	const struct type *(*check)(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg);
	ir_val (*lower)(struct lower *l, const struct node *use, uint32_t arg);
	const char *doc;
};

struct provider {
	const char *name;
	const char *const *aliases; /* NULL-terminated, or NULL */
	const char *syntax;         /* "kprobe:FUNCTION[+OFFSET]" */
	uint32_t needs;
	const char *section; /* libbpf section prefix that sets the program type: "kprobe" */
	/*
	 * Splits spec->spec.text (after the provider's name) into spec->spec.attach.
	 * 0, or -EINVAL with a diagnostic. Must not need privilege or a kernel
	 * facility for specs without wildcards.
	 */
	int (*parse)(struct check *k, struct node *spec);
	/*
	 * args types differ per attach point: when a clause uses `args`, wildcards
	 * are expanded at compile time by this and the clause becomes one program
	 * per attach point. Calls add for each match; NULL: not supported.
	 */
	int (*expand)(struct check *k, const struct attach_info *at,
		      void (*add)(void *user, const char *target), void *user);
	const struct provider_var *vars; /* ends with a NULL name */
	bool single; /* each attach point is a program of its own */
	/* Emits what must run before the clause, its process filter included; or NULL. */
	void (*prologue)(struct lower *l, const struct node *clause);
	/* May a target without wildcards mean several places? NULL: none does. */
	bool (*several)(const char *target);
	bool user_memory; /* plain addresses in its clauses are the process's, not the kernel's */
	/*
	 * Does a pattern of probe types mean it (k*:vfs_read)? PATTERN_UNSURE: there may be more
	 * places than expand() knows. PATTERN_NAMED: not when the pattern is only "*".
	 */
	enum { PATTERN_NO, PATTERN_YES, PATTERN_UNSURE, PATTERN_NAMED } patterns;
	bool args_pointer; /* args is a pointer to a struct; args.NAME is a member of that */
	bool in_tracer; /* its programs run in the tracer itself: no process filter, no cookie */
	const char *doc, *example, *expect;
};

extern const struct builtin *const bcct_builtins[];
extern const struct aggregation *const bcct_aggregations[];
extern const struct provider *const bcct_providers[];

/* Lookup by name (providers: any case, aliases too). NULL when unknown. */
const struct builtin *builtin_find(const char *name);
const struct aggregation *aggregation_find(const char *name);
const struct provider *provider_find(const char *name, size_t len);

#endif
