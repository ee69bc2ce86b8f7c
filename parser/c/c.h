/*
 * BPF C: from text to a typed AST. The compiler calls c_parse() and c_check();
 * the code generator reads what the check leaves, as described at the end.
 */
#ifndef PARSER_C_C_H
#define PARSER_C_C_H

#include "parser/compile.h"

/* A part of the text that is not C (a clause): read as blanks. */
struct c_range {
	uint32_t offset, length;
};

struct c_options {
	const char *const *defines; /* "NAME=VALUE" or "NAME" */
	unsigned ndefines;
	const char *const *dirs; /* of -I */
	unsigned ndirs;
	const struct c_range *skip;
	unsigned nskip;
};

/*
 * Preprocesses and parses one registered source into an N_CUNIT node; opt may be
 * NULL. Errors go to c->diags; NULL when nothing could be built.
 */
struct node *c_parse(struct compile *c, int file, const struct c_options *opt);

#endif
