/*
 * The AST of both grammars. Nodes are owned by the compilation's arena; lists
 * are chained through next. The check fills in type and the resolved pointers;
 * after it this is waist 1, the typed AST. Nothing here knows LLVM or libbpf.
 */
#ifndef PARSER_AST_H
#define PARSER_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/manifest.h"
#include "base/source.h"
#include "types/type.h"

enum node_kind {
#define NODE(id, name) N_##id,
#include "parser/node_kinds.h"
#undef NODE
	N_COUNT,
};

enum op {
	OP_NONE,
	/* binary, also of compound assignments */
	OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD,
	OP_BAND, OP_BOR, OP_XOR, OP_SHL, OP_SHR,
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,
	OP_LAND, OP_LOR,
	/* unary */
	OP_NEG, OP_NOT, OP_BNOT, OP_DEREF, OP_ADDR,
	/* increments; N_INCDEC */
	OP_INC, OP_DEC,
};

struct builtin;
struct aggregation;
struct provider;
struct provider_var;

/* A $variable: one per name and clause (block scope comes with let). */
struct var {
	const char *name; /* "$x" */
	const struct type *type; /* widest of all assignments; NULL before the first */
	struct loc loc;   /* first assignment */
	unsigned index;   /* dense, per clause */
	void *storage;    /* the code generator's */
};

/* A map of the program, over all its uses. */
struct map {
	const char *name;           /* "@x", "@" */
	const struct type *key;     /* NULL: unkeyed; several keys: TY_TUPLE */
	const struct type *value;   /* NULL until first assigned; TY_AGG for aggregations */
	unsigned nkeys;
	bool assigned, keyed_known;
	bool swap;                  /* cleared or zeroed after print: see map_info.swap */
	struct loc loc;             /* first use */
	struct loc value_loc;       /* where the value type came from */
	unsigned index;             /* into the manifest's maps */
	struct map *next;
};

struct node {
	enum node_kind kind;
	struct loc loc;
	struct node *next;       /* in a list of arguments, keys, statements, clauses */
	const struct type *type; /* set by the check */
	union {
		struct { uint64_t value; bool is_unsigned; } num;     /* NUM */
		struct { const char *text; uint32_t len; } str;       /* STR, escapes resolved */
		struct { const char *name;                           /* IDENT: builtin variable … */
			 const struct builtin *builtin;               /* … or of the provider: */
			 const struct provider_var *pvar;
			 uint32_t arg; } ident;                       /* pvar's argument index */
		struct { const char *name; struct var *var; } var;    /* VAR: "$x" */
		struct { const char *name; struct node *keys;         /* MAP: "@x"[keys] */
			 bool keyed; struct map *map; } map;
		struct { unsigned index; bool count; } pos;           /* POSITIONAL: $1, $# */
		struct { const char *name; struct node *args; unsigned nargs;
			 const struct builtin *builtin;
			 const struct aggregation *agg;
			 struct loc name_loc;
			 void *data; } call;                          /* CALL; data: the unit's */
		struct { enum op op; struct node *operand; } unary;   /* UNARY */
		struct { enum op op; bool prefix; struct node *operand; } incdec;
		struct { enum op op; struct node *left, *right; struct loc op_loc; } binary;
		struct { struct node *cond, *yes, *no; } ternary;     /* yes NULL: a ?: b */
		struct { struct node *to, *operand; } cast;           /* to: TYPENAME */
		struct { struct node *object; const char *name;       /* FIELD: a.b, a->b, a.0 */
			 struct loc name_loc; bool arrow;
			 struct member member;
			 const struct provider_var *pvar;             /* object is `args` */
			 uint32_t arg; } field;                       /* pvar's argument index */
		struct { struct node *object, *index; } index;
		struct { struct node *elems; unsigned n; } tuple;
		struct { struct node *operand; } size_of;             /* TYPENAME or expression */
		struct { const char *name; enum type_kind tag; /* TYPENAME; tag NONE: plain name */
			 unsigned stars; bool is_array; uint64_t count; } tname;
		struct { struct node *expr; } expr;                   /* EXPR */
		struct { enum op op; struct node *target, *value;     /* ASSIGN; op NONE: plain */
			 struct loc op_loc; } assign;
		struct { struct node *cond, *then, *otherwise; } cond; /* IF */
		struct { struct node *stmts; } block;                 /* BLOCK */
		struct { const char *text;                            /* SPEC, as written */
			 const struct provider *provider;
			 struct attach_info attach; } spec;
		struct { struct node *specs, *pred, *body; bool angle;
			 struct var **vars; unsigned nvars;
			 const struct provider *provider;             /* set by the check */
			 unsigned index; } clause;
		struct { struct node *clauses; struct map *maps; unsigned nmaps; } program;
	};
};

const char *node_kind_name(enum node_kind k);
const char *op_text(enum op op); /* "+", "&&", … */
struct node *node_new(struct arena *a, enum node_kind kind, struct loc loc);
/* Deep copy (without resolved pointers' targets); used when a clause becomes several programs. */
struct node *node_clone(struct arena *a, const struct node *n);
/* Appends to a list and returns its head. */
struct node *node_append(struct node *list, struct node *n);
unsigned node_count(const struct node *list);
/* S-expression dump, one node per line, types shown when set (-d ast). */
struct buf;
void node_dump(struct buf *out, const struct node *n);

#endif
