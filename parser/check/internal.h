/*
 * What the files of the check share among themselves. Units see check.h only.
 */
#ifndef PARSER_CHECK_INTERNAL_H
#define PARSER_CHECK_INTERNAL_H

#include "base/strmap.h"
#include "base/vec.h"
#include "parser/check/check.h"

#define CHECK_MAX_KEYS 64
#define CHECK_MAX_KEY_BYTES 32768
#define CHECK_MAX_VALUE_BYTES 65536
#define CHECK_MAX_FORMAT_ARGS 127
#define CHECK_MAX_PARAMS 8

/*
 * How much is known about the sign of an integer that is stored: constants
 * do not decide it, anything signed does. A zero may still be a null pointer.
 */
enum rank { RANK_NULL, RANK_FREE, RANK_UNSIGNED, RANK_SIGNED };

/* A type that grows as assignments are seen. */
struct grown {
	const struct type *type; /* NULL: nothing assigned yet */
	enum rank rank;
	/* narrow.c: the smallest type; of positive literals, which have no sign, the largest */
	const struct type *narrow, *sized;
	uint64_t most;
	bool has_literal;
};

struct check_map_state {
	struct map map; /* first: check_map hands out its address */
	struct grown value;  /* of plain maps */
	struct grown operand; /* of aggregations: their sign follows it */
	struct grown keys[CHECK_MAX_KEYS];
	bool told;           /* that it is never assigned */
};

struct check_var {
	struct var var; /* first: clause.vars points to it */
	struct grown value;
	bool let;      /* declared: not known outside its block */
	bool used;
	bool fixed;    /* declared with a type */
	bool constant; /* a loop's own variable: cannot be assigned */
	const struct node *fn; /* the parameter or result of this FN */
};

/* A variable that can be named, in the scope that lists it. */
struct scope_var {
	struct check_var *v;
	struct scope_var *next;
};

/* A block. */
struct scope {
	struct scope *up;
	struct scope_var *vars;
	struct node *loop; /* FOR, WHILE or UNROLL whose body it is */
	bool fn;           /* a function's body: loops outside are not its own */
};

/* A use of a macro; node.expansion of what came of it is 1 + its number. */
struct macro_use {
	struct loc loc;
	uint32_t inner; /* further uses on the way to the text, in the same form */
};

/* struct check with what units need not see. */
struct checker {
	struct check k;
	struct node *program;
	struct strmap maps;       /* name -> struct check_map_state */
	struct map *last_map;
	bool bad_spec;            /* the clause has a probe that could not be parsed: stay silent */
	struct scope *scope;      /* innermost */
	struct scope_var *closed; /* variables of the clause's blocks that have ended */
	VEC(struct macro_use) macro_uses;
	struct strmap declared;   /* name -> struct map with decl and max_entries */
	/* what clauses name, for C: functions that are called, maps; and those that C uses */
	struct strmap c_calls, c_names, c_maps;
};

static inline struct checker *checker_of(struct check *k)
{
	return (struct checker *)k;
}

static inline struct check_map_state *map_state(struct map *m)
{
	return (struct check_map_state *)m;
}

/* walk.c: calls each for n and all below, stops when it returns true. depth starts at 0. */
typedef bool check_visit(void *user, const struct node *n, unsigned depth);
bool check_walk(const struct node *n, unsigned depth, check_visit *each, void *user);

/* split.c: providers of all probes; clauses become programs of one provider each. */
void check_split(struct check *k, struct node *program);
bool check_has_wildcard(const char *s);

/* Lists of children of a node; those that are not there are NULL. Returns their number. */
#define CHECK_MAX_CHILDREN 4
unsigned check_children(struct node *n, struct node **heads[CHECK_MAX_CHILDREN]);

/* scope.c */
void check_scope_enter(struct check *k, struct scope *s, struct node *loop);
void check_scope_leave(struct check *k);
/* The variable that a name means, or NULL; written: the use changes it. */
struct check_var *check_var_find(struct check *k, const char *name, bool written);
/* The variable that an assignment to target means or makes; *revived: of a block that ended. */
struct check_var *check_var_assigned(struct check *k, struct node *target, bool *revived);
/* The variable that target declares in the innermost scope: the same one in each pass. */
struct check_var *check_var_declare(struct check *k, struct node *target);
/* let target: is there one of that name, here (an error) or outside (a warning)? */
void check_var_hides(struct check *k, const struct node *target);
void check_variable(struct check *k, struct node *n);
struct node *check_innermost_loop(struct check *k, bool any); /* not any: no UNROLL */

/* loop.c */
void check_while(struct check *k, struct node *n);
void check_for(struct check *k, struct node *n);
void check_unroll(struct check *k, struct node *n);
void check_jump(struct check *k, struct node *n); /* BREAK, CONTINUE */

/* let.c: declarations and assignments of variables */
void check_let(struct check *k, struct node *n);
void check_assign_variable(struct check *k, struct node *n);
/* Lets v hold the value of a node; false: reported. */
bool check_var_put(struct check *k, struct check_var *v, const struct node *at,
		   const struct node *value, const struct type *t);

void check_var_count(struct check *k, struct node *n);

/* block.c: expressions made of statements */
void check_block_expr(struct check *k, struct node *n, bool effect);
void check_if_expr(struct check *k, struct node *n, bool effect);
/* if comptime: n becomes the arm that is the program; false when that is not known (yet). */
bool check_comptime(struct check *k, struct node *n);

/* stmt.c */
void check_block(struct check *k, struct node *n); /* a BLOCK: a scope */
void check_stmts(struct check *k, struct node *list);
void check_effect(struct check *k, struct node *n); /* an expression whose value is dropped */

/*
 * What an arm of a condition needs around its check: while a constant condition rules it
 * out, k->dead is set. Returns what to put back.
 */
static inline bool check_arm_enter(struct check *k, const struct node *cond, bool arm)
{
	bool before = k->dead;
	int64_t value;

	if (check_const(k, cond, &value) && (value != 0) != arm)
		k->dead = true;
	return before;
}

/* expr.c: check_place leaves arrays and structs as what they are, in memory. */
void check_place(struct check *k, struct node *n);
void check_cond(struct check *k, struct node *n, const char *where);
void check_ternary(struct check *k, struct node *n, bool effect);
/* The common type of both arms; NULL when there is none. */
const struct type *check_join_arms(struct check *k, const struct node *a, const struct node *b);

/* compound.c: tuples, records, sizeof, offsetof */
void check_tuple(struct check *k, struct node *n);
void check_record(struct check *k, struct node *n);
void check_sizeof(struct check *k, struct node *n);
/* The type whose size sizeof gives, of an operand that was checked and has the type t. */
const struct type *check_measured(struct check *k, const struct node *operand,
				  const struct type *t);
void check_offsetof(struct check *k, struct node *n);

/* ops.c */
void check_binary(struct check *k, struct node *n);
const struct type *check_arith(struct check *k, const struct node *at, enum op op,
			       const struct type *left, const struct type *right);
bool check_is_condition(const struct type *t);

/* equal.c */
bool check_equal_parts(struct check *k, struct node *n);

/* access.c */
void check_field(struct check *k, struct node *n);
void check_index(struct check *k, struct node *n);
void check_deref(struct check *k, struct node *n);
void check_addr(struct check *k, struct node *n);
/* A string that lies in kernel or user memory, seen as the array of char that it is. */
void check_as_array(struct check *k, struct node *n);
/* Puts &n in n's place; its type is a pointer to the elements. */
void check_wrap_addr(struct check *k, struct node *n);

/* cast.c */
void check_cast(struct check *k, struct node *n);

/* names.c */
void check_ident(struct check *k, struct node *n);
void check_positional(struct check *k, struct node *n, bool as_string);
bool check_positional_number(struct check *k, const struct node *n, uint64_t *value,
			     bool *is_unsigned);
/* exit; for exit(); — n becomes the call and is checked; false when it is no such name. */
bool check_bare_call(struct check *k, struct node *n, bool effect);
const struct provider_var *check_pvar_find(const struct provider *p, const char *name,
					   uint32_t *number);

/* call.c */
void check_call(struct check *k, struct node *n, bool effect);
bool check_args(struct check *k, struct node *call, const char *prototype);
/* The aggregation that an assigned value calls, or NULL. */
const struct aggregation *check_agg_of(struct check *k, const struct node *value);

/* proto.c */
enum param_kind {
	PK_INT, PK_STRING, PK_STRLIT, PK_INTLIT, PK_PTR, PK_MAP, PK_MAPKEY, PK_KEY, PK_WORD,
	PK_ANY, PK_TYPE, PK_COUNT,
};
struct proto {
	struct {
		enum param_kind kind;
		bool optional;
	} param[CHECK_MAX_PARAMS];
	unsigned n, required;
	bool rest;      /* "...": any number of further values */
	char result[32];
};
bool proto_parse(const char *text, struct proto *p);
const char *proto_kind_text(enum param_kind kind); /* "an integer" */
/* NULL for "-". */
const struct type *proto_result(struct check *k, const struct proto *p);

/* maps.c */
/* A map as an argument: keys are checked, the value is not read. */
void check_map_arg(struct check *k, struct node *n);
void check_map_assign(struct check *k, struct node *assign);
void check_map_agg(struct check *k, struct node *assign, const struct aggregation *agg);
void check_map_count(struct check *k, struct node *incdec);
void check_map_finish(struct check *k, struct node *program);

/* types.c */
const struct type *check_stored(struct check *k, const struct type *t);
const struct type *check_unify(struct check *k, const struct type *a, const struct type *b);
enum rank check_rank(struct check *k, const struct node *n);
bool check_grow(struct check *k, struct grown *g, const struct type *t, enum rank rank);
/* narrow.c: g holds a value (a node; NULL: something of type t) too; what holds both types */
void check_grow_narrow(struct check *k, struct grown *g, const struct node *value,
		       const struct type *t, enum rank rank);
const struct type *check_narrow_join(struct check *k, const struct type *a, const struct type *b);
const struct type *check_loaded(struct check *k, const struct type *t, enum space space);
bool check_is_chars(const struct type *t);
const char *check_print(struct check *k, const struct type *t);
const char *check_print_place(struct check *k, const struct type *t);

/* toplevel.c: settings and declarations; import.c */
void check_toplevel(struct check *k, struct node *program);
void check_declared_map(struct check *k, const struct map *m);
void check_imports(struct check *k, struct node *program);

/* ctext.c; mixed: the program whose clauses are in the file, too, or NULL. */
void check_c_file(struct check *k, struct node *program, unsigned file, const struct node *mixed);
void check_c_text(struct check *k, struct node *program);

/*
 * mixed.c: what clauses use of BPF C. check_c_call: false when the name is no function of it.
 * check_c_*: for maps that are declared there.
 */
bool check_c_named(struct check *k, const char *function);
void check_c_near(struct check *k, struct nearest *near);
bool check_c_call(struct check *k, struct node *call, bool effect);
void check_c_declare(struct check *k, struct map *m);
bool check_c_usable(struct check *k, const struct node *at, const struct map *m);
void check_c_keys(struct check *k, struct node *map);
/* Can a value of type from be put where C has one of type to? */
bool check_c_fits(struct check *k, const struct type *from, const struct type *to);
/* C uses a map of a clause: key NULL: without one; value: what it puts there, or NULL. */
void check_c_use(struct check *k, const char *name, const struct type *key,
		 const struct type *value, const struct node *at);
/* Maps of clauses that C changes: what it puts there. After the clauses of each pass. */
void check_c_uses(struct check *k);
void check_c_put(struct check *k, struct node *at, struct map *m, const struct node *value);

/* macro.c; a note says where the macro was used whose text had an error since there were errors. */
void check_macros(struct check *k, struct node *program);
void check_macro_note(struct check *k, const struct node *n, unsigned errors);

/* fn.c: makes the call n a block with a copy of fn's body in it, whose FNBODY is given. */
struct node *check_fn_use(struct check *k, struct node *n, const struct node *fn, uint32_t id);
/* A clause that calls fn, for its check alone; NULL when there is no other clause. */
struct node *check_fn_trial(struct check *k, const struct node *fn, const struct node *clauses);
/* The RETURNs of the body become assignments to the result. */
void check_fn_returns(struct check *k, struct node *body, const struct node *fn, uint32_t id);
void check_fn_return(struct check *k, struct node *n); /* a RETURN of a function */
void check_fn_body(struct check *k, struct node *n);
/* What was given for a parameter, or the result, does not fit. */
void check_fn_misfit(struct check *k, const struct check_var *v, const struct node *value,
		     const struct type *t);
/* The name of a variable without what makes it unique. */
const char *check_plain_name(struct check *k, const char *name);

/* which.c: does a clause use `probe` or `func` as text? Makes one a string, if it is known. */
bool check_uses_which(const struct node *clause);
bool check_which_text(struct check *k, struct node *n);
/* The same beside a text that may be an older name of the probe. */
void check_which_beside(struct check *k, struct node *n, const struct node *text);
/* n is one that is not known: reports it. */
bool check_which_unknown(struct check *k, const struct node *n);

/* typename.c */
const struct type *check_typename(struct check *k, struct node *n);

/* pair.c: print(@m) … clear(@m), and maps that are emptied while probes run. */
void check_pairs(struct check *k, struct node *program);

#endif
