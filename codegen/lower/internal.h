/*
 * What the files of codegen/lower/ and codegen/ share. Units and everybody else
 * see codegen/lower.h only.
 */
#ifndef CODEGEN_LOWER_INTERNAL_H
#define CODEGEN_LOWER_INTERNAL_H

#include "codegen/lower.h"

/* Values up to this size may live on the BPF stack, as long as STACK_BUDGET lasts. */
#define STACK_VALUE 64
/* Of 512 bytes; the rest is for the registers that the back end spills. */
#define STACK_BUDGET 320
#define SCRATCH_LIMIT 1048576 /* of a program, for each CPU */
#define TASK_LIMIT 57344 /* the same where it belongs to a task: the kernel's limit, rounded */
#define PERCPU_LIMIT 32768    /* the largest per-CPU allocation of the kernel */
#define EVENT_LIMIT 131072  /* half of the smallest ring buffer */

/* Memory for values of one statement; used again by later statements. */
struct lower_slot {
	ir_val ptr;
	uint32_t size;
	unsigned depth; /* of the statement that uses it; 0: free */
};

/* A place where code that the whole rest of a program needs can still be put. */
struct lower_gap {
	ir_block at, next;
};

/* A loop around the code that is being lowered. */
struct lower_loop {
	bool callback;         /* the body is a function; else the blocks are where to go */
	ir_block leave, again; /* break, continue */
	struct lower_loop *outer;
};

/* A function's body around the code that is being lowered. */
struct lower_fn {
	uint32_t id;
	unsigned callbacks; /* how many loops' functions it is in */
	ir_block end;
	struct lower_fn *outer;
};

struct lower_own {
	VEC(struct lower_slot) slots;
	uint32_t stack_used;
	uint32_t scratch_peak;
	uint32_t scratch_map;    /* 1 + its place in the manifest */
	unsigned stmt_depth;
	struct lower_gap gap[2]; /* before the predicate and before the body … */
	unsigned gap_now;        /* … where scratch is looked up when it is first needed */
	ir_val record;           /* the event under construction, or NULL */
	ir_val read_slot;        /* 8 bytes that scalars are read into */
	ir_val key_slot;         /* 4 bytes: index into an array map */
	ir_val agg_slot;         /* see aggregate.c */
	struct lower_loop *loop; /* innermost, or NULL */
	struct lower_fn *fn;     /* likewise */
	bool loops;              /* the clause has loops: its variables stand in scratch */
	bool left;               /* a loop body leaves the clause or a function … */
	uint32_t leave_at;       /* … after setting this word of scratch: 1, or 1 + its id */
	unsigned callbacks;      /* functions of loop bodies that are open */
	unsigned error_program;  /* 1 + program for which TOO_LARGE was reported */
	bool internal[MAPR_CONFIG + 1]; /* internal maps that are in the manifest */
};

/* What a variable is while its clause is lowered: var.storage. */
struct lower_var {
	ir_val ptr;  /* NULL: it stands in scratch */
	uint32_t at; /* there */
};

/* How memory is prepared for a value whose every byte counts. */
enum lower_pad {
	PAD_NONE,   /* bytes past the value's end do not matter */
	PAD_ZERO,   /* they have to become zero */
	PAD_ZEROED, /* they are zero already */
};

/* A thing in memory: a dereferenced pointer, a member, an array element. */
struct lower_place {
	ir_val addr;
	enum space space;
	bool own; /* the program's own memory, read by a helper: zeroes where it is not */
};

/* expr.c */
void lower_internal(struct lower *l, const struct node *n, const char *what);
void lower_not_yet(struct lower *l, const struct node *n, const char *what);
bool lower_deeper(struct lower *l, const struct node *n); /* false: too deep, reported */

/* arith.c */
ir_val lower_arith(struct lower *l, enum op op, const struct node *left, ir_val a,
		   const struct node *right, ir_val b, const struct type *result, struct loc loc);
ir_val lower_compare(struct lower *l, const struct node *n); /* i1 */
uint64_t lower_pointer_scale(const struct type *t);

/* string.c */
ir_val lower_string_equal(struct lower *l, const struct node *a, const struct node *b); /* i1 */

/* into.c */
void lower_build(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		 enum lower_pad pad);
/* Copies a complete, zero-padded value from BPF memory, converting string sizes. */
void lower_convert(struct lower *l, ir_val src, const struct type *from, const struct type *as,
		   ir_val dst, enum lower_pad pad);

/* record.c: a value as C lays it out, every byte defined, in memory */
/* From memory, where it has the layout of its own type, to dst, which is zeroed. */
void lower_c_convert(struct lower *l, ir_val src, const struct type *from, const struct type *as,
		     ir_val dst);
ir_val lower_c_value(struct lower *l, const struct node *n, const struct type *as);

/* access.c */
bool lower_place(struct lower *l, const struct node *n, struct lower_place *out);
void lower_place_move(struct lower *l, struct lower_place *p, uint64_t bytes);
void lower_place_read(struct lower *l, const struct lower_place *p, ir_val dst, uint32_t size,
		      struct loc loc);
ir_val lower_access(struct lower *l, const struct node *n); /* scalars: the value */
/* Reads the place into dst; strings end with a NUL. */
void lower_access_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		       enum lower_pad pad);

/* cast.c */
ir_val lower_cast(struct lower *l, const struct node *n);
void lower_cast_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		     enum lower_pad pad);

/* memory.c */
ir_val lower_slot_new(struct lower *l, uint32_t size); /* for the whole program */
ir_val lower_scratch_new(struct lower *l, uint32_t size);
uint32_t lower_scratch_reserve(struct lower *l, uint32_t size); /* its offset */
ir_val lower_scratch_at(struct lower *l, uint32_t at); /* in whatever function is built */
ir_val lower_index_key(struct lower *l, uint32_t index);
void lower_stmt_begin(struct lower *l, uint32_t *scratch_mark);
void lower_stmt_end(struct lower *l, uint32_t scratch_mark);
struct lower_gap lower_gap_open(struct lower *l);
void lower_gap_close(struct lower *l, struct lower_gap *g);

/* map.c */
ir_val lower_map_read(struct lower *l, const struct node *n);
void lower_map_read_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			 enum lower_pad pad);
void lower_map_assign(struct lower *l, const struct node *assign);
/* The address of the value as a number; 0 where there is none. */
ir_val lower_map_address(struct lower *l, const struct node *n);
ir_val lower_map_incdec(struct lower *l, const struct node *n);

/* var.c */
void lower_vars_begin(struct lower *l, const struct node *clause);
ir_val lower_var_ptr(struct lower *l, const struct node *n);
void lower_var_assign(struct lower *l, const struct node *assign);
ir_val lower_var_incdec(struct lower *l, const struct node *n);

/* loop.c */
bool lower_has_loops(const struct node *n);
void lower_while(struct lower *l, const struct node *n);
void lower_for(struct lower *l, const struct node *n);
void lower_unroll(struct lower *l, const struct node *n);
void lower_jump(struct lower *l, const struct node *n); /* break, continue */

/* fn.c */
void lower_fn_body(struct lower *l, const struct node *n);
void lower_fn_return(struct lower *l, const struct node *n);
/* After a loop: was it left for the end of a function or of the clause? */
void lower_leave_too(struct lower *l);

/* stmt.c */
void lower_stmts(struct lower *l, const struct node *n);
void lower_clause(struct lower *l, const struct node *clause);

/* aggregate.c: the value over all CPUs; key as in the map's kernel map */
ir_val lower_agg_read(struct lower *l, const struct map *m, ir_val key, struct loc loc);

ir_val lower_loop_slot(struct lower *l); /* 32 bytes of stack for a callback's use */

/* codegen/c/clause.c: a call of a C function; the value, or its address when it is in memory */
ir_val cg_clause_call(struct lower *l, const struct node *n);

/* codegen/c/unit.c: the manifest's entry of a map of C */
struct map_info cg_map_new(struct lower *l, const struct c_map *m);

/* codegen/plan.c */
bool plan_is_array(const struct map *m); /* declared so */
void plan_maps(struct lower *l, const struct node *program);
/* The internal map of a role for helper calls; in the manifest from its first use on. */
ir_val plan_internal(struct lower *l, enum map_role role);
/* The program's own scratch map, whose size is known when the program is lowered. */
ir_val plan_scratch(struct lower *l);
void plan_scratch_size(struct lower *l);
void plan_finish(struct lower *l);

#endif
