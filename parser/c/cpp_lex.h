/*
 * The lexer of preprocessing tokens: what parser/c.l and parser/c/cpp_lex.c share.
 */
#ifndef PARSER_C_CPP_LEX_H
#define PARSER_C_CPP_LEX_H

#include "parser/c/cpp.h"

struct cpp_lexer {
	void *flex;
	uint32_t start, end; /* of the token just read, in the spliced text */
	bool space, bol;     /* before the token that is being read */
	bool unclosed;       /* a comment that never ends */
};

int cpp_lexer_open(struct cpp_lexer *l, const char *text, uint32_t len);
void cpp_lexer_close(struct cpp_lexer *l);
/* The next token's kind; its text is [start, end). */
int cpp_flex(void *scanner);

#endif
