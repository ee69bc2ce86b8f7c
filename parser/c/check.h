/*
 * What the files of the check of BPF C share.
 */
#ifndef PARSER_C_CHECK_H
#define PARSER_C_CHECK_H

#include "base/vec.h"
#include "parser/c/parse.h"
#include "types/script.h"

enum c_sym_kind { SYM_VAR, SYM_TYPEDEF, SYM_ENUM, SYM_FUNC, SYM_MAP };

struct c_sym {
	enum c_sym_kind kind;
	struct loc loc;
	union {
		struct c_var *var;
		struct c_func *func;
		struct c_map *map;
		struct { const struct type *type; const char *spelling; } def;
		struct { int64_t value; const struct type *type, *of; } num; /* of: the enum */
	};
};

struct c_scope {
	struct strmap names; /* struct c_sym */
	struct strmap tags;  /* struct type */
	struct c_scope *up;
};

/* What is remembered of a local from one pass over a function to the next. */
struct c_memo {
	enum space space, carries;
	bool space_known, carries_known;
};

struct cc {
	struct compile *c;
	struct arena *arena;
	struct types *types;
	struct c_unit *unit;
	struct c_scope *scope, *file_scope;
	struct c_func *func; /* being checked; NULL at file scope */
	VEC(struct c_memo) memo;
	unsigned order;      /* locals so far in this pass */
	bool changed;        /* a local's space grew after it was used */
	unsigned loops, switches, unevaluated, depth;
	unsigned reading;    /* an address that is taken now is only read through */
	struct node *switch_node;
	struct loc place;    /* of the specifier whose type is looked for */
	enum space ret_space;
	bool ret_space_known;
	const struct type *poison, *i8, *i32, *u32, *i64, *u64, *none, *boolean;
};

#define cc_error(k, n, tag, ...)                                                                   \
	do {                                                                                       \
		diag_error(&(k)->c->diags, tag, (n)->loc, __VA_ARGS__);                            \
		c_notes((k)->c, (k)->unit, n);                                                     \
	} while (0)
#define cc_warn(k, n, tag, ...)                                                                    \
	do {                                                                                       \
		diag_warn(&(k)->c->diags, tag, (n)->loc, __VA_ARGS__);                             \
		c_notes((k)->c, (k)->unit, n);                                                     \
	} while (0)
#define cc_hint(k, ...) diag_hint(&(k)->c->diags, __VA_ARGS__)
#define cc_type(k, t) cc_type_text(k, t)

/* scope.c */
void cc_scope_push(struct cc *k);
void cc_scope_pop(struct cc *k);
struct c_sym *cc_find(struct cc *k, const char *name);
/* NULL when the name is taken in this scope by something else (reported). */
struct c_sym *cc_declare(struct cc *k, enum c_sym_kind kind, const char *name, struct loc loc);
const char *cc_near_name(struct cc *k, const char *name);
struct c_var *cc_var_new(struct cc *k, const char *name, const struct type *type,
			 enum c_storage storage, struct loc loc);
/* A pointer of space s goes into the variable; an integer that carries one. */
void cc_var_store(struct cc *k, struct c_var *v, enum space s);
enum space cc_join(enum space a, enum space b);

/* type.c */
const struct type *cc_spec_type(struct cc *k, struct node *spec);
const struct type *cc_derived(struct cc *k, const struct type *base, struct node *derive,
			      const struct node *spec, const struct node *stop);
const struct type *cc_type_name_type(struct cc *k, struct node *ctype);
const char *cc_spelling(struct cc *k, const struct node *spec, const struct node *derive);
const struct type *cc_tag(struct cc *k, enum type_kind kind, const char *name);
void cc_predeclare(struct cc *k, struct node *items);
bool cc_complete(struct cc *k, const struct type *t);
const char *cc_type_text(struct cc *k, const struct type *t);
const struct type *cc_tracepoint(struct cc *k, const char *name, struct loc loc);
bool cc_member(struct cc *k, const struct type *t, const char *name, struct member *out);

/* convert.c */
bool cc_bad(const struct cc *k, const struct type *t);
bool cc_is_array(const struct type *t);
bool cc_is_arith(const struct type *t);
bool cc_is_scalar(const struct type *t);
bool cc_is_null(const struct node *n);
const struct type *cc_elem(struct cc *k, const struct type *t);
bool cc_same(const struct type *a, const struct type *b);
const struct type *cc_promoted(struct cc *k, const struct type *t);
const struct type *cc_common(struct cc *k, const struct type *a, const struct type *b);
const struct type *cc_ptr(struct cc *k, const struct type *elem, enum space s);
enum space cc_lvalue_space(const struct cc *k, const struct node *n);
enum space cc_provenance(struct cc *k, const struct node *n, bool *known);
bool cc_is_lvalue(const struct node *n);
/* Puts a cast around *n without a question; constants are converted in place. */
void cc_cast(struct cc *k, struct node **n, const struct type *to);
/* As an assignment to type to would; what names the place in messages. */
void cc_convert(struct cc *k, struct node **n, const struct type *to, const char *what);
void cc_decay(struct cc *k, struct node **n);
void cc_become_num(struct cc *k, struct node *n, uint64_t value, const struct type *t);
uint64_t cc_wrap_value(uint64_t v, const struct type *t);

/* fold.c */
bool cc_const(const struct node *n, int64_t *out);
void cc_fold(struct cc *k, struct node *n);
/* Checks a constant expression; false when it is none (reported). */
bool cc_constant(struct cc *k, struct node **n, int64_t *out, const char *what);

/* expr.c */
void cc_expr(struct cc *k, struct node **n);  /* as an lvalue where it is one */
void cc_value(struct cc *k, struct node **n); /* arrays become pointers */
void cc_cond(struct cc *k, struct node **n);  /* a scalar that is tested */
void cc_store(struct cc *k, const struct node *target, const struct node *value);
void cc_operator(struct cc *k, struct node **at);
void cc_assignment(struct cc *k, struct node **at);

/* init.c */
/* Checks and flattens an initialiser; returns the type, completed for arrays without a size. */
const struct type *cc_init(struct cc *k, const struct type *t, struct node **init);

/* call.c, method.c, builtin.c */
void cc_call(struct cc *k, struct node **at);
bool cc_method(struct cc *k, struct node *n);
int cc_builtin_find(const char *name);
void cc_builtin(struct cc *k, struct node **at, enum c_builtin id);
const struct c_helper *cc_helper(const char *name);
void cc_helper_call(struct cc *k, struct node *n, const struct c_helper *h);
const char *cc_helper_near(const char *name);
bool cc_count(struct cc *k, const struct node *n, unsigned least, unsigned most, const char *name);

/* map.c */
void cc_map(struct cc *k, struct node *n);

/* stmt.c */
void cc_stmt(struct cc *k, struct node **n);
void cc_block(struct cc *k, struct node *stmts);
void cc_declaration(struct cc *k, struct node *n);

/* func.c */
void cc_function(struct cc *k, struct node *n);
void cc_programs(struct cc *k);
void cc_unused(struct cc *k, struct node *items);
/* The instance of an inlined function for arguments of these spaces; NULL when reported. */
struct c_func *cc_instance(struct cc *k, struct c_func *f, struct node *call);
/* attach.c */
void cc_attach(struct cc *k, struct c_func *f, const struct node *n);

/* publish.c: types and constants of the file scope, for clauses. */
void cc_publish(struct cc *k);

#endif
