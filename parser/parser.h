/*
 * What the files of the probe-language parser share: the token stream that
 * scan.c makes of the source text, and the state of the grammar that reads it.
 * Private to parser/; everybody else calls parse_program() of compile.h.
 */
#ifndef PARSER_PARSER_H
#define PARSER_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "parser/compile.h"

#define PARSER_MAX_TOKENS 2000000u /* of one program; bounds the memory a hostile text takes */
#define PARSER_MAX_ERRORS 64

#define NO_MATCH UINT32_MAX

struct token {
	int kind;	/* a T_ constant of the grammar */
	uint32_t match; /* opener: index of the last token inside or the closer; closer: opener */
	struct loc loc;
};

/* An open bracket while scanning; kind '?' is an action whose opener is missing. */
struct bracket {
	char kind;
	uint32_t token;
};

/* One use of a macro of the preamble: what it became stands behind the source in parser.text. */
struct expansion {
	uint32_t from;	 /* where that begins; it goes on to the next one's */
	struct loc site; /* what the user wrote */
	const char *macro;
	struct loc definition;
};

struct pending_error {
	enum diag_tag tag;
	struct loc loc;
	const char *message, *hint;
	struct expansion expansion; /* of a macro: the definition is told too */
};

struct byte_range {
	uint32_t from, to;
};

enum lex_mode {
	LEX_TOP,
	LEX_CODE
};

struct parser {
	struct compile *c;
	struct arena *arena;
	unsigned file;
	const char *text; /* the source, and behind its NUL what macros became */
	uint32_t len;     /* of the source */
	struct preamble *preamble; /* NULL: the program has none */
	VEC(struct expansion) expansions;

	/* scanning: flex has consumed up to lexed, the next token starts at or after at */
	void *lex;
	uint32_t lexed, at;
	enum lex_mode mode;
	bool has_back;
	struct token back; /* one token of push-back */
	VEC(struct token) pending; /* of a macro; come before those of the text */
	size_t pending_at;
	VEC(struct token) tokens;
	VEC(struct bracket) brackets;
	uint32_t statement; /* index of the first token of the current statement */
	uint32_t reported;  /* bits of enum top_kind already reported */
	bool nul_reported;
	VEC(uint32_t) declarations; /* offsets where C declares something, in order */
	size_t declared;            /* how many of them are in nodes */

	/* syntax errors in these ranges follow from one already reported */
	VEC(struct byte_range) quiet;
	VEC(struct pending_error) errors;

	/* parsing */
	bool parsing, recovering, semicolon, too_deep;
	bool fn_head; /* between "fn" and the body: types follow the colons */
	uint32_t pos;  /* next token */
	uint32_t last; /* the token handed to the grammar last */
	struct node *program, *last_clause, *last_item;
};

/* ---- parse.c: errors; sorted by place and handed on when parsing has ended ---- */

void parser_error(struct parser *p, enum diag_tag tag, struct loc loc, const char *hint,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Nothing more is reported between the two offsets once the grammar runs. */
void parser_quiet(struct parser *p, uint32_t from, uint32_t to);
bool parser_is_quiet(const struct parser *p, uint32_t offset);
struct loc parser_loc(const struct parser *p, uint32_t from, uint32_t to);
/* Where in the source it stands: for what came from a macro, the use of the macro. */
struct loc parser_site(const struct parser *p, struct loc loc);
bool parser_is_expanded(const struct parser *p, struct loc loc);
/* From the start of a to the end of b. */
struct loc parser_span(const struct parser *p, struct loc a, struct loc b);
/* A node; its location is in the source. */
struct node *parser_node(struct parser *p, enum node_kind kind, struct loc loc);
/* A token as a message shows it: "'printf'", "the end of the text"; owned by the arena. */
const char *parser_token_text(struct parser *p, const struct token *t);

/* ---- scan.c: text to tokens ---- */

/* Fills p->tokens, ended by an end-of-text token; actions and predicates in it are closed. */
void scan_all(struct parser *p);
/* probe.l: one raw token, its location in *loc; 0 at the end. */
int scan_lex(struct loc *loc, void *scanner);
int scan_open(struct parser *p, const char *text, uint32_t len);
void scan_close(struct parser *p);

/* ---- text.c: looking ahead in the text without tokens ---- */

/* What stands at the top level. */
enum top_kind {
	TOP_JUNK,
	TOP_CLAUSE,
	TOP_DIRECTIVE,
	TOP_CONFIG,
	TOP_IMPORT,
	TOP_MACRO,
	TOP_LET,
	TOP_FN,
	TOP_STRUCT,
	TOP_C,
};

/* Skips blanks and comments; stops at a comment that is never closed. */
uint32_t text_skip_blank(const struct parser *p, uint32_t at);
uint32_t text_word(const struct parser *p, uint32_t at); /* end of the identifier at at */
enum top_kind text_classify(const struct parser *p, uint32_t at);
/* Does a probe, a directive or a C declaration start here for certain? */
bool text_starts_item(const struct parser *p, uint32_t at);
/* Does a line that starts here begin a clause of a known provider? */
bool text_starts_known_probe(const struct parser *p, uint32_t at);
/* Where a declaration or a function ends; directives in it are read. */
uint32_t text_skip_item(struct parser *p, uint32_t at, enum top_kind kind);
/* After junk: the next place where an item may start. */
uint32_t text_skip_junk(const struct parser *p, uint32_t at);
bool text_is(const struct parser *p, struct loc loc, const char *word);

/* ---- literal.c: tokens to literal nodes; errors give a harmless node ---- */

struct node *literal_number(struct parser *p, struct loc loc);
struct node *literal_string(struct parser *p, struct loc loc);
struct node *literal_positional(struct parser *p, struct loc loc);
char *literal_name(struct parser *p, struct loc loc);

/* ---- typename.c ---- */

/*
 * When tokens from open (a parenthesis) on are "(type)" in a place where that
 * is a cast, or after sizeof, gives the N_TYPENAME node and sets *end behind it.
 */
struct node *typename_cast(struct parser *p, uint32_t open, bool after_sizeof, uint32_t *end);
/* A tagged or integer type as an argument: "struct foo *". */
struct node *typename_argument(struct parser *p, uint32_t at, uint32_t *end);
/* Where nothing but a type can stand. */
struct node *typename_plain(struct parser *p, uint32_t at, uint32_t *end);
/* Is the parenthesis at open that of the cast "(typeof(x) …)"? */
bool typename_is_typeof_cast(struct parser *p, uint32_t open);

/* ---- feed.c: the token stream as the grammar sees it ---- */

/* A node under construction. */
struct expr {
	struct node *node;
	unsigned depth;	 /* levels of its tree, where a + b + c and else-if chains are one */
	unsigned height; /* all levels */
};
struct list {
	struct node *head, *tail;
	unsigned n, depth, height;
	bool valued; /* statements: the last is an expression without ';' */
};
/* To the next token; sets *node for literals and types. */
int feed_next(struct parser *p, struct node **node, struct loc *loc);
/* A syntax error was reported: skip to where the statement may end. */
void feed_recover(struct parser *p);

/* ---- build.c: nodes, limited in depth ---- */

struct expr build_leaf(struct parser *p, enum node_kind kind, struct loc loc);
struct expr build_binary(struct parser *p, enum op op, struct expr l, struct loc op_loc,
	struct expr r, struct loc loc);
struct expr build_unary(struct parser *p, enum op op, struct expr e, struct loc loc);
struct expr build_incdec(struct parser *p, enum op op, bool prefix, struct expr e, struct loc loc);
struct expr build_ternary(
	struct parser *p, struct expr c, struct expr y, struct expr n, struct loc loc);
struct expr build_field(
	struct parser *p, struct expr e, struct loc name, bool arrow, struct loc loc);
struct expr build_index(struct parser *p, struct expr e, struct expr i, struct loc loc);
struct expr build_call(struct parser *p, struct loc name, struct list args, struct loc loc);
struct expr build_map(
	struct parser *p, struct loc name, struct list keys, bool keyed, struct loc loc);
struct expr build_tuple(struct parser *p, struct expr first, struct list rest, struct loc loc);
struct expr build_item(struct parser *p, struct loc name, struct expr value, struct loc loc);
struct expr build_record(struct parser *p, struct list items, struct loc loc);
struct expr build_cast(struct parser *p, struct expr to, struct expr e, struct loc loc);
struct expr build_sizeof(struct parser *p, struct expr e, struct loc loc);
struct expr build_offsetof(struct parser *p, struct expr of, struct list path, struct loc loc);
/* typeof(e) and typeof(type), with what follows it in a type. */
struct expr build_typeof(struct parser *p, struct expr e, struct loc loc);
struct expr build_pointer(struct parser *p, struct expr type, struct loc loc);
struct expr build_array(struct parser *p, struct expr type, struct node *count, struct loc loc);
struct expr build_concat(struct parser *p, struct expr a, struct node *b, struct loc loc);
/* { stmts; result } as an expression, and as an arm of an if that is one. */
struct expr build_block_expr(struct parser *p, struct list stmts, struct loc loc);

/* ---- build_stmt.c: statements and the top level ---- */

struct expr build_statement(struct parser *p, struct expr e, struct loc loc);
struct expr build_assign(struct parser *p, struct expr target, enum op op, struct loc op_loc,
	struct expr value, struct loc loc);
struct expr build_if(
	struct parser *p, enum op comptime, struct expr c, struct expr then,
	struct expr otherwise, struct loc loc);
struct expr build_block(struct parser *p, struct list stmts, struct loc loc);
struct expr build_return(struct parser *p, struct expr value, struct loc loc);
struct expr build_jump(struct parser *p, enum node_kind kind, struct loc loc);
struct expr build_let(struct parser *p, struct loc name, struct expr to, struct expr value,
	struct loc loc);
struct expr build_while(struct parser *p, struct expr cond, struct expr body, struct loc loc);
struct range {
	struct expr from, to; /* to.node NULL: one expression */
};
struct expr build_unroll(struct parser *p, struct range r, struct expr body, struct loc loc);
struct expr build_for(struct parser *p, struct loc name, struct range r, struct expr body,
	struct loc loc);
struct expr build_setting(struct parser *p, struct loc name, struct expr value, struct loc loc);
void build_config(struct parser *p, struct list settings, struct loc loc);
void build_import(struct parser *p, struct node *path, struct loc loc);
void build_macro(struct parser *p, struct loc name, struct list params, struct list stmts,
	struct loc body, struct loc loc);
void build_fn(struct parser *p, struct loc name, struct list params, struct expr result,
	struct list stmts, struct loc body, struct loc loc);
void build_mapdecl(struct parser *p, struct loc name, struct loc kind, struct list args,
	struct loc loc);
void build_ctext(struct parser *p, struct loc loc);
struct node *build_spec(struct parser *p, struct loc loc);
void build_clause(struct parser *p, struct list specs, struct expr pred, struct expr body,
	struct loc open, struct loc loc);
struct list list_add(struct list l, struct expr e);

/* ---- between build.c and build_stmt.c ---- */

/* The levels of a node that is about to be built, from those of its children. */
struct expr build_over(struct expr a, struct expr b);
struct expr build_over_list(struct list l);
/* A node over what build_over() gave; too high a tree is reported and replaced by a leaf. */
struct expr build_node(struct parser *p, struct node *n, struct expr children);
/* Only variables and maps can be assigned; reports what cannot. */
bool build_is_target(struct parser *p, const struct node *n);
/* (a = b) where a truth value is wanted: reported. */
void build_condition(struct parser *p, struct expr e);

#endif
