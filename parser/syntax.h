/* Syntax errors in words: what was expected, what was found, and a hint for the usual slips. */
#ifndef PARSER_SYNTAX_H
#define PARSER_SYNTAX_H

#include "parser/parser.h"

/* The token at p->last is none of those expected. */
void syntax_report(struct parser *p, const int *expected, int n);
/* The grammar's stack is full. */
void syntax_no_memory(struct parser *p, struct loc loc, const char *message);

#endif
