/*
 * The preprocessor of BPF C: text to a token list with macros expanded. Every
 * token knows where in the source the user wrote it, and through which macros
 * it came. Called by c_parse(); nothing here knows the grammar.
 */
#ifndef PARSER_C_CPP_H
#define PARSER_C_CPP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "parser/c/c.h"
#include "types/script.h"

enum cpp_kind {
	CPP_END,
	CPP_IDENT,
	CPP_NUMBER,
	CPP_STRING,
	CPP_CHAR,
	CPP_PUNCT,
	CPP_OTHER,  /* a byte or quote that no token starts with */
	CPP_UNROLL, /* #pragma unroll; text is its count or "" */
	CPP_LEAVE,  /* inside only: the end of an included file */
	CPP_BLANK,  /* inside only: an empty operand of ## */
};

/* The names that may not be expanded in a token any more. */
struct cpp_hide {
	const char *name;
	const struct cpp_hide *next;
};

struct cpp_token {
	uint8_t kind; /* enum cpp_kind */
	bool space;   /* blanks before it */
	bool bol;     /* first of its line */
	uint32_t len;
	const char *text; /* spelling, NUL-terminated; identifiers are interned */
	struct loc loc;
	uint32_t expansion; /* 1 + index into cpp.expansions; 0: written there */
	const struct cpp_hide *hide;
	struct cpp_token *next;
};

/* One use of a macro. */
struct cpp_expansion {
	const char *name;
	struct loc site, definition;
	uint32_t parent; /* the expansion that the use itself came from */
};

struct cpp;

struct cpp_macro {
	const char *name;
	struct loc loc;
	bool function, variadic, defined;
	bool header; /* of a header that libclang read */
	const char *va_name; /* "__VA_ARGS__" or the name before "..." */
	const char **params; /* interned */
	unsigned nparams;
	struct cpp_token *body;
	/* made at each use: __LINE__ … */
	struct cpp_token *(*make)(struct cpp *p, const struct cpp_token *use);
};

struct cpp_cond {
	struct loc loc;
	bool taken, seen_else;
};

struct cpp_dir { /* a file being read */
	int file;
	size_t conds;
};

struct cpp {
	struct compile *c;
	struct arena *arena;
	const struct c_options *opt;
	struct strmap names;  /* interned identifiers */
	struct strmap macros; /* struct cpp_macro */
	struct strmap once;   /* files with #pragma once */
	VEC(struct cpp_expansion) expansions;
	VEC(struct cpp_cond) conds;
	VEC(struct cpp_dir) files;
	struct cpp_token *out, **tail;
	uint32_t made;       /* tokens so far, against the limit */
	unsigned depth;      /* of arguments in arguments */
	unsigned counter;    /* __COUNTER__ */
	unsigned main_file;
	unsigned own_file;   /* of the built-in macros */
	unsigned braces;     /* that are open in the tokens so far */
	const struct cpp_token *last; /* that was given out */
	bool stopped;        /* a limit was reached: the rest is not read */
	bool in_condition;   /* of #if, where constants of kernel headers are macros */
	bool no_more_config;
	char *config;        /* the kernel's configuration, once it was needed */
	struct strmap config_set;
};

#define CPP_MAX_TOKENS 400000
#define CPP_MAX_INCLUDES 40
#define CPP_MAX_NESTING 100
#define C_MAX_NESTING 300 /* of nodes in each other */

/*
 * Preprocesses a registered file, after the built-in definitions and those of
 * opt. Returns the tokens, ended by CPP_END. p stays valid for its expansions
 * until cpp_free().
 */
struct cpp_token *cpp_run(struct cpp *p, struct compile *c, int file, const struct c_options *opt);
/* In steps, for parser/preamble.c: nothing defined yet; then what is built in and of opt. */
void cpp_open(struct cpp *p, struct compile *c, int file, const struct c_options *opt);
void cpp_prelude(struct cpp *p);
void cpp_free(struct cpp *p);
/* The text of the expanded tokens, for tests and -E. */
struct buf;
void cpp_print(struct buf *out, const struct cpp_token *list);
/* A note per macro that a token came through; nothing for expansion 0. */
void cpp_notes(const struct cpp *p, uint32_t expansion);

/* ---- between the files of the preprocessor ---- */

#define cpp_error(p, tok, tag, ...)                                                                \
	do {                                                                                       \
		diag_error(&(p)->c->diags, tag, (tok)->loc, __VA_ARGS__);                          \
		cpp_notes(p, (tok)->expansion);                                                    \
	} while (0)

/* The tokens of a file, ended by CPP_END. */
struct cpp_token *cpp_tokenize(struct cpp *p, int file);
const char *cpp_intern(struct cpp *p, const char *text, size_t len);
struct cpp_token *cpp_token_new(struct cpp *p, enum cpp_kind kind, const char *text, size_t len,
				const struct cpp_token *like);
struct cpp_token *cpp_token_copy(struct cpp *p, const struct cpp_token *t);
bool cpp_is(const struct cpp_token *t, const char *punct);
bool cpp_is_word(const struct cpp_token *t, const char *word);

struct cpp_macro *cpp_macro_find(struct cpp *p, const char *name);
struct cpp_macro *cpp_macro_new(struct cpp *p, const char *name, struct loc loc);
/* "#define …" behind the word; the line is a list of its own. */
void cpp_define(struct cpp *p, struct cpp_token *line);
/* Expands *t when it is a macro's name; *t is then what stands there instead. */
bool cpp_expand(struct cpp *p, struct cpp_token **t);
/* Expands a whole list. */
struct cpp_token *cpp_expand_list(struct cpp *p, struct cpp_token *list);
/* The condition of #if and #elif. */
bool cpp_condition(struct cpp *p, const struct cpp_token *directive, struct cpp_token *line);
/* The file of an #include: its number, 0 for one that needs no text, or -1 (reported). */
int cpp_find_include(struct cpp *p, const struct cpp_token *at, const char *name, bool quoted);
/* A macro of a header that libclang reads, or NULL. */
struct cpp_macro *cpp_header_macro(struct cpp *p, const char *name);
/* A CONFIG_ name of the kernel's configuration: its value, or NULL when it is not set. */
const char *cpp_config(struct cpp *p, const char *name);
/* __LINE__, LINUX_VERSION_CODE and others that are made when used. */
void cpp_builtins(struct cpp *p);

/* The text that every unit begins with. */
extern const char *const c_compat_text[]; /* parts, ended by NULL */
/* The value, as text, of a constant that scripts take from kernel headers; or NULL. */
const char *c_constant(const char *name);
/* Definitions of structs that BCC brings along. */
extern const char *const c_compat_types[];

#endif
