/*
 * What the files of the C parser share: the state between the preprocessor's
 * tokens and the grammar in parser/c.y, and the functions that build nodes.
 */
#ifndef PARSER_C_PARSE_H
#define PARSER_C_PARSE_H

#include "parser/c/cpp.h"

/* Words of a type, one bit each; LONG twice is LONG2. */
enum c_word {
	CW_VOID = 1 << 0, CW_CHAR = 1 << 1, CW_SHORT = 1 << 2, CW_INT = 1 << 3, CW_LONG = 1 << 4,
	CW_LONG2 = 1 << 5, CW_SIGNED = 1 << 6, CW_UNSIGNED = 1 << 7, CW_FLOAT = 1 << 8,
	CW_DOUBLE = 1 << 9, CW_BOOL = 1 << 10, CW_INT128 = 1 << 11,
};

/* Flags of a specifier. */
enum c_flag {
	CF_TYPEDEF = 1 << 0, CF_STATIC = 1 << 1, CF_EXTERN = 1 << 2, CF_INLINE = 1 << 3,
	CF_CONST = 1 << 4, CF_VOLATILE = 1 << 5, CF_USER = 1 << 6, CF_PACKED = 1 << 7,
	CF_ALWAYS_INLINE = 1 << 8, CF_PACKET = 1 << 9, CF_TYPEOF = 1 << 10,
};

enum c_derive { CD_POINTER, CD_ARRAY, CD_FUNCTION };
enum c_loop { CL_FOR, CL_WHILE, CL_DO };

struct c_place { /* the grammar's locations */
	struct loc loc;
	uint32_t expansion;
};

struct c_list {
	struct node *head, *last;
};

struct c_bracket {
	char kind;
	bool tag; /* the braces of a struct, union or enum */
	struct loc loc;
};

struct c_parser {
	struct compile *c;
	struct arena *arena;
	struct cpp *cpp;
	struct cpp_token *at, *last; /* the next token; the one given last */
	VEC(struct strmap *) scopes; /* name -> &c_is_type or &c_is_other */
	VEC(struct c_bracket) brackets;
	struct node *unit;
	struct c_place end;
	int prev, prev2;   /* kinds given last */
	bool type_seen;    /* a type was given in this specifier list */
	bool in_typedef;
	bool tag_seen;     /* struct, union or enum was given, and perhaps its name */
	bool stopped;
	unsigned errors, depth;
};

extern const char c_is_type, c_is_other;

/* tokens.c: the next token for the grammar */
int c_token(struct c_parser *p, struct node **value, struct c_place *place);
void c_scope_push(struct c_parser *p);
void c_scope_pop(struct c_parser *p);
void c_declare(struct c_parser *p, const struct node *decl, bool is_typedef);
void c_declare_name(struct c_parser *p, const char *name, bool is_typedef);
/* What a syntax error's token is called, and the error itself. */
void c_syntax_error(struct c_parser *p, struct c_place place, const char *const *expected, int n);

/* literal.c */
struct node *c_number(struct c_parser *p, const struct cpp_token *t);
struct node *c_character(struct c_parser *p, const struct cpp_token *t);
/* Adjacent strings from t on; *end is the token behind them. */
struct node *c_string(struct c_parser *p, struct cpp_token *t, struct cpp_token **end);
/* An integer literal's text as a number node, typed as C says; false when it is none. */
bool c_number_text(struct compile *c, const char *text, struct node *out);

/* build.c */
struct node *c_node(struct c_parser *p, enum node_kind kind, struct c_place place);
struct node *c_unary(struct c_parser *p, enum op op, struct node *operand, struct c_place at);
struct node *c_binary(struct c_parser *p, enum op op, struct node *left, struct node *right,
		      struct c_place op_at, struct c_place at);
struct node *c_assign(struct c_parser *p, enum op op, struct node *target, struct node *value,
		      struct c_place op_at, struct c_place at);
struct node *c_ternary(struct c_parser *p, struct node *cond, struct node *yes, struct node *no,
		       struct c_place at);
struct node *c_incdec(struct c_parser *p, enum op op, bool prefix, struct node *operand,
		      struct c_place at);
struct node *c_field(struct c_parser *p, struct node *object, struct node *name, bool arrow,
		     struct c_place at);
struct node *c_index(struct c_parser *p, struct node *object, struct node *index,
		     struct c_place at);
struct node *c_call(struct c_parser *p, struct node *callee, struct c_list args, struct c_place at);
struct node *c_cast(struct c_parser *p, struct node *to, struct node *operand, struct c_place at);
struct node *c_wrap(struct c_parser *p, enum node_kind kind, struct node *operand,
		    struct c_place at);
struct node *c_spec_merge(struct c_parser *p, struct node *a, struct node *b, struct c_place at);
struct node *c_spec_tag(struct c_parser *p, struct node *keyword, struct node *attrs,
			struct node *name, bool defined, struct c_list members, struct c_place at);
struct node *c_derive(struct c_parser *p, enum c_derive how, struct node *decl,
		      struct c_place at);
struct node *c_declarator(struct c_parser *p, struct node *name, struct c_place at);
/* Prepends the pointers in front of a declarator. */
struct node *c_pointers(struct c_parser *p, struct c_list pointers, struct node *decl);
struct node *c_type_name(struct c_parser *p, struct node *spec, struct node *decl,
			 struct c_place at);
struct node *c_declaration(struct c_parser *p, struct node *spec, struct c_list decls,
			   struct c_place at);
struct node *c_member(struct c_parser *p, struct node *decl, struct node *bits, struct c_place at);
struct node *c_param(struct c_parser *p, struct node *spec, struct node *decl, struct c_place at);
struct node *c_loop_node(struct c_parser *p, enum c_loop how, struct node *init, struct node *cond,
			 struct node *step, struct node *body, struct c_place at);
struct node *c_if(struct c_parser *p, struct node *cond, struct node *then, struct node *otherwise,
		  struct c_place at);
struct node *c_block(struct c_parser *p, struct c_list stmts, struct c_place at);
struct node *c_func_node(struct c_parser *p, struct node *spec, struct node *decl,
			 struct node *body, struct c_place at);
struct c_list c_list_add(struct c_list list, struct node *n);
struct c_list c_list_join(struct c_list a, struct c_list b);
/* The parameters of a function's declarator, or NULL. */
struct node *c_params_of(const struct node *decl);

/* Structs that BCC brings along are text, too: an N_CUNIT of one definition. */
struct node *c_parse_builtin(struct compile *c, const char *text);
struct c_unit *c_unit_new(struct compile *c, const struct cpp *cpp, unsigned file);

/* for the dump */
const char *c_var_name(const struct c_var *v);
const char *c_map_name(const struct c_map *m);
void c_func_head(struct buf *out, const struct c_func *f);
void c_map_head(struct buf *out, const struct c_map *m);
void c_call_head(struct buf *out, const struct node *n);

#endif
