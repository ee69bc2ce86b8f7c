/*
 * One compilation: what the parser, the check and the code generator share.
 * Everything is reachable from here; there are no globals.
 */
#ifndef PARSER_COMPILE_H
#define PARSER_COMPILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/manifest.h"
#include "base/options.h"
#include "base/source.h"
#include "base/strmap.h"
#include "parser/ast.h"
#include "types/type.h"

#define COMPILE_MAX_DEPTH 200 /* nesting of expressions and blocks */
#define COMPILE_MAX_CHAIN 2000 /* operands of a + b + c …, arms of an if – else if – … */
/* No tree of the probe language is higher than this: walkers may recurse that deep. */
#define COMPILE_MAX_HEIGHT (COMPILE_MAX_CHAIN + 2 * COMPILE_MAX_DEPTH)

/* An #include of a file that is nowhere: said only when the program does not compile without it. */
struct missing_header {
	struct loc loc;
	const char *name;
	struct missing_header *next;
};

/* An option that the program asks for with getopt(). */
struct asked_option {
	const char *name, *value, *about; /* what its value is: "NUMBER", "TEXT" or NULL */
	const char *fallback;
	struct asked_option *next;
};

struct compile {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct options options;
	struct types *types;
	bool unsafe, keep_warnings;
	int pid;
	const char *no_features;   /* kernel features not to use, a list; NULL: none */
	const char *const *params; /* $1 … */
	unsigned nparams;
	const char *const *named;  /* "--name" and "--name=value", for getopt() */
	unsigned nnamed;
	bool *named_used;          /* of each: some getopt() asked for it */
	struct asked_option *asked; /* all that are asked for, in the text's order */
	const char *const *includes; /* -I directories */
	unsigned nincludes;
	const char *const *headers; /* --include */
	unsigned nheaders;
	/* headers: see parser/c/cpp_header.c */
	bool read_headers;     /* with libclang, also those that BTF replaces */
	bool unread_headers;   /* there was such a one, and it was not read */
	struct strmap *foreign;  /* paths of the user's headers that go to libclang */
	struct missing_header *missing;
	const char *const *defines;  /* -D macros */
	unsigned ndefines;
	struct node *program;
};

void compile_missing_header(struct compile *c, struct loc loc, const char *name);
/*
 * Parses one registered source into an N_PROGRAM node. Syntax errors go to
 * c->diags; NULL when nothing could be built, else what could be parsed.
 */
struct node *parse_program(struct compile *c, int file);
/*
 * Resolves names, infers types, splits clauses into programs (clauses of the
 * result have specs of one provider each). Returns 0 or -EINVAL with diagnostics.
 */
int check_program(struct compile *c, struct node *program);

#endif
