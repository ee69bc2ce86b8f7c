/*
 * Lowering: typed AST -> ir.h. Units call these from their lower functions.
 * Values: scalars are i64 (or ptr for context, stack and map pointers); values
 * for which type_in_memory() holds are handled by address, and are preferably
 * built in place with lower_into (ring buffer record, key, map value).
 */
#ifndef CODEGEN_LOWER_H
#define CODEGEN_LOWER_H

#include <linux/bpf.h>

#include "base/manifest.h"
#include "codegen/ir.h"
#include "parser/compile.h"
#include "parser/unit.h"

#define LOWER_SITE_HASH 256

struct lower {
	struct compile *c;
	struct arena *arena;
	struct ir *ir;
	struct manifest *m;        /* grows while lowering */
	const struct node *clause; /* being lowered */
	unsigned program;          /* its index in the manifest */
	uint32_t scratch_used;     /* bytes of this program's scratch so far */
	uint32_t zero_max;         /* bytes of the zero map */
	ir_val scratch;            /* pointer to this program's scratch, or NULL before use */
	uint32_t site_head[LOWER_SITE_HASH]; /* 1 + a site of this hash … */
	VEC(uint32_t) site_next;             /* … and of each site 1 + the next */
	ir_val lost;               /* the function that counts losses, or NULL before use */
	unsigned depth;
	unsigned nspecs;           /* attach points of all clauses, as written or expanded */
	struct lower_own *own;     /* codegen/lower/'s own */
	struct cg *cg;             /* codegen/c/'s own */
};

/* Lowers an expression: i64/ptr for scalars, the address for in-memory values. */
ir_val lower_expr(struct lower *l, const struct node *n);
/* As a truth value (i1). Strings and in-memory values are not allowed. */
ir_val lower_cond(struct lower *l, const struct node *n);
/*
 * Writes the expression, converted to type as, to dst: exactly as->size bytes,
 * strings zero-padded when pad (keys need every byte defined; events do not).
 */
void lower_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		bool pad);
/* Zeroed or undefined memory: BPF stack when small, else per-CPU scratch. */
ir_val lower_temp(struct lower *l, uint32_t size, bool zero);
/* A struct loc as a line number for ir_line; sets it too. */
void lower_loc(struct lower *l, struct loc loc);

/* Counts a failure at run time if cond (i1) holds: adds 1 to the site's per-CPU counter. */
void lower_fail_if(struct lower *l, ir_val cond, enum loss_reason why, struct loc loc, int map);
void lower_fail_read(struct lower *l, ir_val cond, enum space space, bool string, struct loc loc);
void lower_fail(struct lower *l, enum loss_reason why, struct loc loc, int map);

/* Leaves the clause at once, out of loop bodies too: return, exit(). */
void lower_leave(struct lower *l);

/* Registers an action; returns its index. text is copied. payload may be NULL. */
unsigned lower_action(struct lower *l, const char *unit, struct loc loc, const char *text,
		      const int64_t params[4], struct schema *payload);
/*
 * Reserves an event of the action with size payload bytes. Code built between
 * begin and end runs only when the reservation succeeded; a failure is counted.
 *	struct lower_event e;
 *	ir_val p = lower_event_begin(l, action, loc, size, &e);
 *	... fill p ...
 *	lower_event_end(l, &e);
 */
struct lower_event {
	ir_val record;
	ir_block done;
};
ir_val lower_event_begin(struct lower *l, unsigned action, struct loc loc, uint32_t size,
			 struct lower_event *e);
void lower_event_end(struct lower *l, struct lower_event *e);
/*
 * Sends a record that was built elsewhere: struct event_header and what follows, size
 * bytes in all (an i64 whose bounds the verifier knows). A failure is counted.
 */
void lower_event_output(struct lower *l, ir_val record, ir_val size, struct loc loc);
/* The whole of an asynchronous call: payload is the tuple of the arguments from first on. */
void lower_event_args(struct lower *l, const char *unit, const struct node *call,
		      const struct node *first, const char *text, const int64_t params[4]);

/* Maps. */
struct map_info *lower_map_info(struct lower *l, const struct map *m);
/* For helper calls; a map that is swapped is looked up, and the program left when it is missing. */
ir_val lower_map_ptr(struct lower *l, const struct map *m, struct loc loc);
/* The encoded key of a map node, in memory. */
ir_val lower_map_key(struct lower *l, const struct node *map);
/* Address of the value or null; nothing is inserted. Maps without keys: never null, set or not. */
ir_val lower_map_lookup(struct lower *l, const struct node *map);
/* Number of keys. */
ir_val lower_map_count(struct lower *l, const struct map *m, struct loc loc);
/* Removes a key, or unsets a map without keys; i1: it was there. */
ir_val lower_map_delete(struct lower *l, const struct node *map);

/* Reads size bytes at a kernel or user address into dst; a failure zeroes dst and is counted. */
void lower_read(struct lower *l, enum space space, ir_val addr, ir_val dst, uint32_t size,
		struct loc loc);
/*
 * Another task may run the program on the same CPU before it is through: one of a user
 * program's probe. What is kept per CPU is not its own then.
 */
bool plan_is_preempted(const struct lower *l);
/* Leaves the program: gives an event under construction back and returns 0. */
void lower_bail(struct lower *l);
/* Attach cookie of the running probe: program index << 32 | number of the attach point. */
ir_val lower_cookie(struct lower *l);

/*
 * What the runtime left in a map of the role for the running attach point; the
 * program is left where there is nothing.
 */
ir_val lower_point(struct lower *l, enum map_role role);

/* A word of the config map (read only here; the runtime wrote it). */
ir_val lower_config(struct lower *l, enum config_word word);
/* Writes a word of it. */
void lower_config_set(struct lower *l, enum config_word word, ir_val v);
/* A value that the runtime finds out before the program runs; name as word_kind says. */
ir_val lower_word(struct lower *l, enum word_kind kind, const char *name, struct loc loc);

/* Compiles the checked program to an object. 0 or -EINVAL with diagnostics. */
int codegen_object(struct compile *c, struct node *program, struct buf *out);
/* stage: "plan", "ir" or "asm" as text. */
int codegen_dump(struct compile *c, struct node *program, const char *stage, struct buf *out);

#endif
