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

/* What the nodes of BPF C refer to; all in parser/c/c.h. */
struct c_var;
struct c_map;
struct c_func;
struct c_helper;
struct c_label;
struct c_unit;

/* A $variable: one per name and scope; several of a clause may have the same name. */
struct var {
	const char *name; /* "$x" */
	const struct type *type; /* widest of all assignments; NULL before the first */
	struct loc loc;   /* first assignment */
	unsigned index;   /* dense, per clause */
	const struct node *home; /* the FOR or WHILE whose body it belongs to; NULL: the clause */
	void *storage;    /* the code generator's */
};

/*
 * A variable from outside a loop's body that the body uses: FOR and WHILE, for
 * bodies that are lowered as functions of their own. In nested loops each lists its own.
 */
struct capture {
	struct var *var;
	bool written; /* by the body */
	struct capture *next;
};

/* What a map declaration asks for: let @m = lruhash(100). */
enum map_decl {
	MAP_UNDECLARED,
	MAP_HASH, MAP_LRUHASH, MAP_PERCPUHASH, MAP_PERCPULRUHASH,
	MAP_ARRAY, MAP_PERCPUARRAY,
};

/* A map of the program, over all its uses. */
struct map {
	const char *name;           /* "@x", "@" */
	const struct type *key;     /* NULL: unkeyed; several keys: TY_TUPLE */
	const struct type *value;   /* NULL until first assigned; TY_AGG for aggregations */
	unsigned nkeys;
	bool assigned, keyed_known;
	bool summed;                /* an integer that clauses add to: @x++, @x += n */
	bool swap;                  /* cleared or zeroed after print: see map_info.swap */
	enum map_decl decl;         /* kind that was declared */
	uint32_t max_entries;       /* declared; 0: the option's */
	struct loc loc;             /* first use */
	struct loc value_loc;       /* where the value type came from */
	struct c_map *c;            /* declared in BPF C: key and value as there; or NULL */
	unsigned index;             /* into the manifest's maps */
	struct map *next;
};

struct node {
	enum node_kind kind;
	struct loc loc;
	uint32_t expansion;      /* C: which use of a macro it came from; 0: none */
	struct node *next;       /* in a list of arguments, keys, statements, clauses */
	const struct type *type; /* set by the check */
	union {
		struct { uint64_t value; bool is_unsigned;
			 bool log2; } num;                            /* NUM; C: a logarithm */
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
			 struct c_func *cfunc;                        /* a function of BPF C */
			 void *data;                                  /* CALL; data: the unit's */
			 bool unused; } call;                         /* a statement */
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
			 unsigned stars; bool is_array; uint64_t count;
			 /* of: typeof(of); dims: NUMs, outermost first */
			 struct node *of, *dims;
			 struct node *elems; } tname;                 /* of a tuple: TYPENAMEs */
		struct { struct node *expr; } expr;                   /* EXPR */
		struct { enum op op; struct node *target, *value;     /* ASSIGN; op NONE: plain */
			 struct loc op_loc; } assign;
		struct { struct node *cond, *then, *otherwise;        /* IF */
			 bool comptime; } cond;                       /* one arm is no program */
		/* BLOCK: a scope; valued: its last statement has no ';' */
		struct { struct node *stmts; bool valued; } block;

		/* the whole probe language */
		/* RECORD: (a=1, b=2) of ITEMs */
		struct { struct node *items; unsigned n; } record;
		struct { const char *name; struct node *value; } item; /* ITEM */
		/* OFFSETOF: TYPENAME or expression; path: IDENTs, a.b.c */
		struct { struct node *of, *path; } offset_of;
		/* BLOCKEXPR: { stmts; result }; as if-expression: IF whose arms are BLOCKEXPRs */
		struct { struct node *stmts, *result;
			 const struct node *fn; } blockexpr;          /* a use of the FN */
		/* LET: VAR; TYPENAME and value or NULL */
		struct { struct node *target, *to, *value;
			 const struct node *fn; } let;                /* of a use of the FN */
		struct { struct node *cond, *body;                    /* WHILE */
			 struct capture *captures; } loop;            /* set by the check */
		/* UNROLL; from NULL: 0; count: how often, or the end of from..count */
		struct { struct node *from, *count, *body; } unroll;
		/* FOR: VAR : MAP (to NULL), or VAR : from..to (half-open) */
		struct { struct node *target, *from, *to, *body;
			 struct var *var;
			 struct capture *captures; } each;            /* set by the check */
		/* RETURN; value or NULL; from a use of fn: value is an ASSIGN, id the FNBODY's */
		struct { struct node *value; const struct node *fn; uint32_t id; } ret;
		/* FNBODY: where the RETURNs with its id lead to the end */
		struct { struct node *stmts; uint32_t id; } fnbody;
		struct { struct node *settings; } config;             /* CONFIG of SETTINGs */
		/* value: NUM, STR or IDENT */
		struct { const char *name; struct node *value; } setting;
		struct { const char *path; } import;                  /* IMPORT */
		/* MACRO; params: VAR, MAP, IDENT; body: BLOCK or BLOCKEXPR.
		   FN; params: LETs; body: BLOCK; result: TYPENAME or NULL */
		struct { const char *name; struct node *params, *body, *result;
			 bool is_expr; } macro;
		/* MAPDECL: let @m = hash(100) */
		struct { const char *name, *kind; struct node *size; } mapdecl;
		/* CTEXT: preamble or BPF C, raw; declares: not only directives */
		struct { const char *text; uint32_t len; bool declares; } ctext;
		struct { const char *text;                            /* SPEC, as written */
			 const struct provider *provider;
			 struct attach_info attach; } spec;
		struct { struct node *specs, *pred, *body; bool angle;
			 bool trial;                                  /* only checked: see fn.c */
			 struct var **vars; unsigned nvars;
			 const struct provider *provider;             /* set by the check */
			 unsigned index; } clause;
		struct { struct node *clauses; struct map *maps; unsigned nmaps;
			 struct node *toplevel;            /* CONFIG, IMPORT, MACRO, FN,
							      MAPDECL and CTEXT in order */
			 struct node *cunits; } program;   /* CUNITs, of the check */

		/* BPF C: see parser/c/c.h for what the check leaves in these */
		struct { struct c_var *var; } cvar;                   /* CVAR */
		struct { struct c_map *map; } cmapref;                /* CMAPREF */
		struct { struct node *callee, *args; unsigned nargs;
			 unsigned how;                                /* enum c_call */
			 unsigned id;                                 /* of a builtin or method */
			 const struct c_helper *helper;
			 struct c_map *map; struct c_func *func; } ccall;
		struct { struct node *items; bool checked; } cinit;   /* CINIT */
		/* CITEM; path: IDENT and INDEX */
		struct { struct node *path, *value;
			 struct member place; } citem;                /* where the value goes */
		struct { struct node *to, *init; struct c_var *var; } cliteral;
		struct { struct node *to, *path; } coffsetof;
		struct { struct node *spec, *derive; } ctype;         /* CTYPE */
		/* CSPEC, see parser/c/parse.h */
		struct { unsigned words, flags; enum type_kind tag;
			 const char *name; struct node *members, *of, *align; bool defined; } cspec;
		/* CDERIVE: of what is before it */
		struct { unsigned how; bool user, variadic;
			 struct node *count, *params; } cderive;
		struct { const char *name; struct node *value; } cenumerator;
		struct { const char *name; struct node *derive, *init, *bits, *attr;
			 struct node *spec;                           /* of a parameter */
			 struct c_var *var; } cdecl;                  /* CDECL */
		struct { struct node *spec, *decls; } cdecls;         /* CDECLS */
		struct { unsigned how; int unroll;                    /* CLOOP: enum c_loop */
			 struct node *init, *cond, *step, *body; } cloop;
		struct { struct node *value, *body;
			 struct node *cases; } cswitch; /* checked cases, last first */
		/* CCASE: CASE from [... to] */
		struct { struct node *from, *to; bool is_default;
			 int64_t low, high; struct node *before; } ccase;
		struct { const char *name; struct c_label *label; } clabel; /* CLABEL, CGOTO */
		struct { const char *text; struct node *outputs, *inputs; } casm;
		struct { struct node *spec, *decl, *body;             /* CFUNC */
			 const char *macro; const char *names[2];     /* TRACEPOINT_PROBE(a, b) … */
			 struct c_func *func; } cfunc;
		struct { const char *macro; struct node *args;        /* CMAPDECL */
			 struct c_map *map; } cmapdecl;
		struct { struct node *items; struct c_unit *unit; } cunit;
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
/* The heads of the lists of children of a node as BPF C has them; returns their number. */
#define NODE_C_CHILDREN 4
unsigned node_c_children(struct node *n, struct node **heads[NODE_C_CHILDREN]);
/* What distinguishes a node of BPF C, for the dump. */
struct buf;
void node_c_head(struct buf *out, const struct node *n);
/* S-expression dump, one node per line, types shown when set (-d ast). */
void node_dump(struct buf *out, const struct node *n);

#endif
