/* What the two files of the token layer share. */
#ifndef PARSER_SCAN_H
#define PARSER_SCAN_H

#include "parser/parser.h"

#define HINT_ACTION "a probe is followed by its action: kprobe:vfs_read < … > or { … }"

/* Appends a token and returns its index. */
uint32_t scan_push(struct parser *p, int kind, struct loc loc);
/* The next token of the text (or of a macro), 0 at its end; one can be given back. */
struct token scan_token(struct parser *p, enum lex_mode mode);
/* T_IDENT, or which keyword the word is. */
int scan_keyword(const struct parser *p, struct loc loc);
void scan_back(struct parser *p, struct token t);

void scan_open_bracket(struct parser *p, char kind, uint32_t token);
/* Closes all brackets; loc is what closes the action. */
void scan_end_action(struct parser *p, struct loc loc);
/* Tokens of an action whose opener is on the bracket stack, up to its end. */
void scan_body(struct parser *p);
/* An action without its opening bracket: reported, and read up to whichever end comes first. */
void scan_body_without_opener(struct parser *p, uint32_t at);
/* After the opening '/'; true when the action is to come. */
bool scan_predicate(struct parser *p, uint32_t open);

#endif
