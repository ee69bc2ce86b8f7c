/* The C preamble: conditionals, and the macros that clauses use. */
#ifndef PARSER_PREAMBLE_H
#define PARSER_PREAMBLE_H

#include "parser/parser.h"

struct c_options;

/* What is defined for every program, and where headers are; the C front end is given the same. */
void preamble_options(const struct compile *c, struct c_options *opt);

/* The headers of --include, before the text. */
void preamble_headers(struct parser *p);
/* Reads the directive at '#'; returns where the text goes on, behind groups left out. */
uint32_t preamble_directive(struct parser *p, uint32_t at);
/*
 * When a word of the program is the name of a macro: appends what it became to
 * p->text as [*from, *to); *end is where the program goes on behind the macro's use.
 */
bool preamble_expand(
	struct parser *p, struct loc name, uint32_t *end, uint32_t *from, uint32_t *to);
/* At the end of the text: reports conditions that are left open. */
void preamble_close(struct parser *p);
void preamble_free(struct parser *p);

#endif
