/* What the files of codegen/c/ share. */
#ifndef CODEGEN_C_INTERNAL_H
#define CODEGEN_C_INTERNAL_H

#include "codegen/lower/internal.h"
#include "parser/c/c.h"

/* A function that is being inlined, or the program itself. */
struct cg_frame {
	const struct c_func *func;
	ir_block done;  /* where its returns go; NULL for the program */
	ir_val result;  /* memory for the value, or NULL */
	struct cg_frame *outer;
};

struct cg_jumps {
	ir_block leave, again; /* break, continue; NULL where there is none */
	struct cg_jumps *outer;
};

/* The marks of the switches around a statement. */
struct cg_case {
	const struct node *mark;
	ir_block block;
};

/* The records of a map that hold this type. */
struct cg_record {
	const struct c_map *map;
	const struct type *type;
	uint32_t size;
	unsigned action;
};

struct cg {
	struct lower *l;
	struct ir *ir;
	struct c_unit *unit;
	const struct c_func *program;
	struct cg_frame *frame;
	struct cg_jumps *jumps;
	VEC(struct cg_case) cases;
	VEC(struct cg_record) records;
	unsigned depth;
	bool no_usdt; /* told that arguments of USDT probes are not read */
};

/*
 * Something in memory. In the context the offset is kept apart from the pointer:
 * the verifier takes loads at constant offsets only.
 */
struct cg_place {
	ir_val addr; /* NULL in the context */
	enum space space;
	uint64_t offset; /* of a place in the context */
};

/* What a variable is: c_var.data. */
struct cg_var {
	ir_val ptr;
	bool is_ctx;         /* it always holds the context */
	const void *program; /* that ptr belongs to */
	ir_val strings;      /* of a global: the literals that its pointers mean, or NULL */
	uint32_t strings_size; /* a power of two */
};

/* expr.c: a scalar's value, or the address of what is in memory. */
ir_val cg_expr(struct cg *g, const struct node *n);
ir_val cg_cond(struct cg *g, const struct node *n); /* i1 */
bool cg_in_memory(const struct type *t);

/* wide.c: __int128, by address */
ir_val cg_wide_half(struct cg *g, ir_val p, unsigned i);
ir_val cg_wide_from(struct cg *g, ir_val v, bool is_signed);
ir_val cg_wide_binary(struct cg *g, const struct node *n, enum op op, const struct type *t,
		      ir_val a, ir_val b);
ir_val cg_wide_unary(struct cg *g, enum op op, ir_val a);
/* low: what the lower halves decide when the upper ones are equal. i1. */
ir_val cg_wide_compare(struct cg *g, enum ir_cmp op, enum ir_cmp low, ir_val a, ir_val b);

/* place.c */
bool cg_place(struct cg *g, const struct node *lvalue, struct cg_place *out);
void cg_pointer(struct cg *g, const struct node *pointer, struct cg_place *out);
ir_val cg_address(struct cg *g, const struct cg_place *p);
ir_val cg_load(struct cg *g, const struct cg_place *p, const struct type *t, struct loc loc);
ir_val cg_load_bits(struct cg *g, const struct cg_place *p, const struct member *m,
		    struct loc loc);
void cg_store(struct cg *g, const struct cg_place *p, const struct type *t, ir_val v);
void cg_store_bits(struct cg *g, const struct cg_place *p, const struct member *m, ir_val v);
/* Pointers to literals in variables at file scope: what a load of n gave, as an address. */
ir_val cg_load_string(struct cg *g, const struct node *n, ir_val v);
void cg_refuse_strings(struct cg *g, const struct node *n);
struct cg_var *cg_var(struct cg *g, struct c_var *v);
/* New variables for a call of an inlined function. */
void cg_vars_begin(struct cg *g, const struct c_func *f);
/* Initialises memory from a value of type t or an initialiser. */
void cg_init(struct cg *g, ir_val dst, const struct type *t, const struct node *init);

/* call.c, method.c */
ir_val cg_call(struct cg *g, const struct node *n);
ir_val cg_builtin(struct cg *g, const struct node *n);
ir_val cg_method(struct cg *g, const struct node *n);
ir_val cg_map(struct cg *g, const struct c_map *m);
/* The bytes behind a pointer where helpers can read them. */
ir_val cg_bytes(struct cg *g, const struct node *pointer, const struct type *t);
ir_val cg_clause_method(struct cg *g, const struct node *n); /* clausemap.c */

/* packet.c */
bool cg_is_packet(const struct node *lvalue); /* a member of a packet struct */
ir_val cg_packet_load(struct cg *g, const struct node *member);
void cg_packet_store(struct cg *g, const struct node *member, ir_val v);
ir_val cg_packet_bytes(struct cg *g, ir_val at, unsigned bytes);
ir_val cg_packet_call(struct cg *g, const struct node *n);
ir_val cg_checksum(struct cg *g, const struct node *n);

/* stmt.c */
struct cg_arg {
	ir_val value; /* the address of what is in memory */
	bool is_ctx;  /* the context itself */
};
void cg_stmts(struct cg *g, const struct node *n);
ir_val cg_inline(struct cg *g, const struct node *call);
ir_val cg_inline_values(struct cg *g, const struct c_func *f, const struct cg_arg *args,
			struct loc loc);
/* Leaves the function that is being lowered with the value 0. */
void cg_return_zero(struct cg *g);
ir_val cg_statement_value(struct cg *g, const struct node *n);

/* unit.c */
void cg_unit(struct lower *l, struct c_unit *u);
/* clause.c: the state of the module's C */
struct cg *cg_get(struct lower *l);
/* The manifest's entry of a map; made when first used. */
struct map_info *cg_map_info(struct cg *g, const struct c_map *m);

#endif
