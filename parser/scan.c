/*
 * From text to tokens: the layer between flex and the grammar that knows where
 * in a program it stands (probe specification, predicate, action) and which
 * brackets are open, so that '/', '<' and '>' get their meaning here and the
 * grammar needs no feedback to the scanner. The stream it makes is well-formed
 * at clause level: specs, an optional predicate, one closed action.
 * scan_top.c reads what stands around predicates and actions.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/preamble.h"
#include "parser/probe.tab.h"
#include "parser/scan.h"

#define HINT_PARENS "write the comparison in parentheses: (a > b)"

static struct loc here(const struct parser *p, uint32_t at, uint32_t length)
{
	return parser_loc(p, at, at + length);
}

/* Appends a token; at the limit the text is taken to end there. */
uint32_t scan_push(struct parser *p, int kind, struct loc loc)
{
	struct token t = { kind, NO_MATCH, loc };

	if (p->tokens.n == PARSER_MAX_TOKENS) {
		parser_error(p, TAG_TOO_LARGE, loc, NULL, "a program of more than %u tokens",
			PARSER_MAX_TOKENS);
		parser_quiet(p, loc.offset, p->len + 1);
		p->at = p->len;
	}
	vec_push(&p->tokens, t);
	return (uint32_t)p->tokens.n - 1;
}

/* Pushes what closes the token at open; in this order, as pushing may move the tokens. */
static void push_close(struct parser *p, uint32_t open, int kind, struct loc loc)
{
	uint32_t close = scan_push(p, kind, loc);

	p->tokens.v[open].match = close;
}

struct token scan_token(struct parser *p, enum lex_mode mode)
{
	struct token t = { 0, NO_MATCH, { 0 } };

	if (p->has_back) {
		p->has_back = false;
		return p->back;
	}
	if (p->pending_at < p->pending.n)
		return p->pending.v[p->pending_at++];
	p->mode = mode;
	t.kind = scan_lex(&t.loc, p->lex);
	if (!t.kind) {
		p->at = p->len;
		t.loc = here(p, p->len, 0);
	}
	return t;
}

void scan_back(struct parser *p, struct token t)
{
	p->back = t;
	p->has_back = true;
}

/* Keywords, except after '.' and '->', where every word is a field's name. */
int scan_keyword(const struct parser *p, struct loc loc)
{
	static const struct {
		const char *word;
		int kind;
	} words[] = {
		{ "if", T_IF },
		{ "else", T_ELSE },
		{ "sizeof", T_SIZEOF },
		{ "offsetof", T_OFFSETOF },
		{ "typeof", T_TYPEOF },
		{ "return", T_RETURN },
		{ "let", T_LET },
		{ "while", T_WHILE },
		{ "for", T_FOR },
		{ "unroll", T_UNROLL },
		{ "break", T_BREAK },
		{ "continue", T_CONTINUE },
		{ "struct", T_TAG },
		{ "union", T_TAG },
		{ "enum", T_TAG },
	};
	int last = p->tokens.n ? p->tokens.v[p->tokens.n - 1].kind : 0;

	if (last == '.' || last == T_ARROW)
		return T_IDENT;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_is(p, loc, words[i].word))
			return words[i].kind;
	return T_IDENT;
}

/* ---- brackets ---- */

void scan_open_bracket(struct parser *p, char kind, uint32_t token)
{
	struct bracket b = { kind, token };

	vec_push(&p->brackets, b);
}

/* Takes brackets off the stack down to n; tokens[closer] closes the lowest of them. */
static void close_brackets(struct parser *p, size_t n, uint32_t closer)
{
	while (p->brackets.n > n) {
		struct bracket b = p->brackets.v[--p->brackets.n];

		/* those left open end before the closer of an outer one */
		p->tokens.v[b.token].match = p->brackets.n == n ? closer : closer - 1;
		if (p->brackets.n == n)
			p->tokens.v[closer].match = b.token;
	}
}

/* The position of the innermost open bracket of a kind above floor, or -1. */
static long find_bracket(const struct parser *p, char kind, size_t floor)
{
	for (size_t i = p->brackets.n; i-- > floor;) {
		if (p->brackets.v[i].kind == kind)
			return (long)i;
		if (p->brackets.v[i].kind == '{')
			break;
	}
	return -1;
}

/* A ';' ends what parentheses were left open before it in its block. */
static void drop_parens(struct parser *p, size_t floor)
{
	size_t n = p->brackets.n;
	uint32_t before = (uint32_t)p->tokens.n - 1;

	while (n > floor && p->brackets.v[n - 1].kind != '{')
		n--;
	while (p->brackets.n > n)
		p->tokens.v[p->brackets.v[--p->brackets.n].token].match = before;
}

/* The text ended (or the next clause began) with brackets open. */
static void report_unclosed(struct parser *p, uint32_t end)
{
	struct bracket b = p->brackets.v[p->brackets.n - 1];
	struct loc loc = p->tokens.v[b.token].loc;

	if (b.kind != '?' && !parser_is_quiet(p, end))
		parser_error(p, TAG_UNCLOSED, loc,
			p->brackets.n > 1	? NULL
				: b.kind == '<' ? "an action that '<' opens ends with '>'"
						: "an action that '{' opens ends with '}'",
			"this '%c' is never closed", b.kind);
	parser_quiet(p, loc.offset, end + 1);
}

void scan_end_action(struct parser *p, struct loc loc)
{
	close_brackets(p, 0, scan_push(p, T_CLOSE, loc));
}

/* ---- actions ---- */

static bool ends_operand(int kind)
{
	switch (kind) {
	case T_IDENT:
	case T_VAR:
	case T_MAP:
	case T_KEYED_MAP:
	case T_NUMBER:
	case T_STRING:
	case T_POSITIONAL:
	case T_INC:
	case T_DEC:
	case ')':
	case ']': return true;
	default: return false;
	}
}

static bool starts_operand(int c)
{
	return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		(c && strchr("\"$@(!~-*&+", c));
}

static bool in_head(const struct parser *p)
{
	const struct token *t;
	uint32_t at = p->statement;

	if (at < p->tokens.n && p->tokens.v[at].kind == T_ELSE)
		at++;
	if (at >= p->tokens.n)
		return false;
	t = &p->tokens.v[at];
	return t->kind == T_IF || t->kind == T_WHILE || t->kind == T_FOR || t->kind == T_UNROLL;
}

/*
 * A '>' at bracket depth 0 of an angle action closes it. When a comparison was
 * meant, because what follows cannot follow an action, that is reported and
 * the token becomes the operator, so that the rest is read as it was meant.
 */
static bool angle_closes(struct parser *p, struct token t)
{
	uint32_t next, end;

	if (parser_is_expanded(p, t.loc))
		return false;
	next = text_skip_blank(p, t.loc.offset + 1);
	if (next >= p->len || !starts_operand(p->text[next]) ||
		!ends_operand(p->tokens.v[p->tokens.n - 1].kind) || text_starts_item(p, next))
		return true;
	/* "> word {": the head of an if, or a probe without a provider */
	end = text_word(p, next);
	if (end > next && !in_head(p)) {
		end = text_skip_blank(p, end);
		if (end < p->len && p->text[end] == '{')
			return true;
	}
	parser_error(p, TAG_ANGLE_CLOSE, t.loc, HINT_PARENS,
		"a '>' outside of brackets closes an action that '<' opened");
	return false;
}

/* A '}': true when it closed the action. */
static bool close_brace(struct parser *p, struct token t)
{
	long i = find_bracket(p, '{', 1);
	char action = p->brackets.v[0].kind;
	uint32_t next;

	if (i >= 0) {
		close_brackets(p, (size_t)i, scan_push(p, '}', t.loc));
		return false;
	}
	next = parser_is_expanded(p, t.loc) ? p->len : text_skip_blank(p, t.loc.offset + 1);
	if (action == '<' && next < p->len && p->text[next] == '>') {
		scan_push(p, '}', t.loc); /* one too many: the grammar says so */
		return false;
	}
	if (action == '<')
		parser_error(p, TAG_SYNTAX, t.loc, "an action that '<' opens ends with '>'",
			"expected '>' before '}'");
	scan_end_action(p, t.loc);
	return true;
}

static void close_paren(struct parser *p, struct token t)
{
	long i = find_bracket(p, t.kind == ')' ? '(' : '[', p->brackets.n ? 1 : 0);
	uint32_t token = scan_push(p, t.kind, t.loc);

	if (i > 0)
		close_brackets(p, (size_t)i, token);
}

/* An opening bracket; false when there are too many, which ends the program. */
static bool open_nested(struct parser *p, struct token t)
{
	if (p->brackets.n >= COMPILE_MAX_DEPTH) {
		parser_error(p, TAG_TOO_DEEP, t.loc, NULL, "brackets nested more than %d deep",
			COMPILE_MAX_DEPTH);
		parser_quiet(p, 0, p->len + 1);
		p->at = p->len;
		return false;
	}
	scan_open_bracket(p, (char)t.kind, scan_push(p, t.kind, t.loc));
	return true;
}

/* True when a clause starts at the beginning of a line: the action before it was left open. */
static bool at_next_clause(const struct parser *p)
{
	uint32_t at = text_skip_blank(p, p->at);

	return !p->has_back && p->pending_at >= p->pending.n && at && at < p->len &&
		p->text[at - 1] == '\n' && text_starts_known_probe(p, at);
}

/* Tokens of what a macro became, to come before those of the text behind its use. */
static void lex_expansion(struct parser *p, uint32_t from, uint32_t to)
{
	uint32_t lexed = p->lexed, at = p->at;
	void *scanner = p->lex;
	struct token t = { 0, NO_MATCH, { 0 } };

	p->pending.n = p->pending_at = 0;
	if (scan_open(p, p->text + from, to - from))
		abort(); /* out of memory, as in the arena */
	p->mode = LEX_CODE;
	p->lexed = p->at = from;
	while ((t.kind = scan_lex(&t.loc, p->lex)))
		vec_push(&p->pending, t);
	scan_close(p);
	p->lex = scanner;
	p->lexed = lexed;
	p->at = at;
}

/* A directive, or the use of a macro: true when it was one and the text goes on behind it. */
static bool preprocess(struct parser *p, struct token t)
{
	uint32_t end, from, to, line = t.loc.offset;

	if (parser_is_expanded(p, t.loc) || p->has_back)
		return false;
	if (t.kind == T_IDENT && p->preamble && preamble_expand(p, t.loc, &end, &from, &to)) {
		p->at = end;
		lex_expansion(p, from, to);
		return true;
	}
	if (t.kind != '#')
		return false;
	while (line && (p->text[line - 1] == ' ' || p->text[line - 1] == '\t'))
		line--;
	if (line && p->text[line - 1] != '\n')
		parser_error(p, TAG_LEX, t.loc, NULL, "unexpected '#'");
	else
		p->at = preamble_directive(p, t.loc.offset);
	return true;
}

/* The next token of an action or predicate; none at the end of the text or before a new clause. */
static struct token lex_code(struct parser *p)
{
	struct token t = { 0, NO_MATCH, { 0 } };

	do {
		if (at_next_clause(p)) {
			t.kind = 0;
			t.loc = here(p, text_skip_blank(p, p->at), 0);
			return t;
		}
		t = scan_token(p, LEX_CODE);
	} while (preprocess(p, t));
	if (t.kind == T_IDENT)
		t.kind = scan_keyword(p, t.loc);
	if (t.kind == '[' && p->tokens.n && p->tokens.v[p->tokens.n - 1].kind == T_MAP)
		p->tokens.v[p->tokens.n - 1].kind = T_KEYED_MAP;
	/* closers went with an open string: the rest of the clause is doubtful */
	if (t.kind == T_BAD_STRING && p->text[t.loc.offset] == '"')
		parser_quiet(p, t.loc.offset, p->len + 1);
	return t;
}

/* Tokens of an action whose opener is on the bracket stack, up to its end. */
void scan_body(struct parser *p)
{
	bool statement = true;

	for (;;) {
		struct token t = lex_code(p);

		if (statement)
			p->statement = (uint32_t)p->tokens.n;
		if (!t.kind) {
			report_unclosed(p, t.loc.offset);
			scan_end_action(p, here(p, t.loc.offset, 0));
			return;
		}
		statement = t.kind == ';' || t.kind == '{' || t.kind == '}';
		switch (t.kind) {
		case '(':
		case '[':
		case '{':
			if (!open_nested(p, t)) {
				scan_end_action(p, here(p, t.loc.offset, 0));
				return;
			}
			break;
		case ')':
		case ']': close_paren(p, t); break;
		case '}':
			if (close_brace(p, t))
				return;
			break;
		case ';':
			drop_parens(p, 1);
			scan_push(p, ';', t.loc);
			break;
		case '>':
			if (p->brackets.n == 1 && p->brackets.v[0].kind != '{' &&
				angle_closes(p, t)) {
				scan_end_action(p, t.loc);
				return;
			}
			/* fall through */
		default: scan_push(p, t.kind, t.loc);
		}
	}
}

/* An action without its opening bracket: reported, and read up to whichever end comes first. */
void scan_body_without_opener(struct parser *p, uint32_t at)
{
	scan_open_bracket(p, '?', scan_push(p, T_OPEN, here(p, at, 0)));
	scan_body(p);
}

/* ---- predicates ---- */

/* Turns the last division of an unfinished predicate into its end, if there is one. */
static bool split_predicate(struct parser *p, uint32_t open, uint32_t slash)
{
	struct token opener = { T_OPEN, NO_MATCH, { 0 } };
	struct token *v;

	if (!slash || slash + 1 >= p->tokens.n)
		return false;
	scan_push(p, 0, LOC_NONE); /* room for one */
	v = p->tokens.v;
	memmove(v + slash + 2, v + slash + 1, (p->tokens.n - slash - 2) * sizeof(*v));
	opener.loc = here(p, v[slash + 2].loc.offset, 0);
	v[slash + 1] = opener;
	v[slash].kind = T_PRED_CLOSE;
	v[slash].match = open;
	v[open].match = slash;
	for (size_t i = slash + 2; i < p->tokens.n; i++)
		if (v[i].match != NO_MATCH && v[i].match > slash)
			v[i].match++;
	if (!parser_is_quiet(p, v[slash + 2].loc.offset))
		parser_error(p, TAG_SYNTAX, v[slash + 2].loc, HINT_ACTION,
			"expected '{' or '<' before %s", parser_token_text(p, &v[slash + 2]));
	p->brackets.n = 0;
	scan_open_bracket(p, '?', slash + 1);
	return true;
}

/* The predicate ended with t, and not by a '/': what can be saved of its clause. */
static void fail_predicate(struct parser *p, uint32_t open, uint32_t slash, struct token t)
{
	struct loc loc = p->tokens.v[open].loc;

	drop_parens(p, 0);
	scan_back(p, t);
	if (split_predicate(p, open, slash)) {
		scan_body(p);
		return;
	}
	if (!parser_is_quiet(p, t.loc.offset))
		parser_error(p, TAG_UNCLOSED, loc, "a predicate ends with a '/' before its action",
			"this predicate is never closed");
	push_close(p, open, T_PRED_CLOSE, here(p, t.loc.offset, 0));
	scan_body_without_opener(p, t.loc.offset);
	parser_quiet(p, loc.offset, p->at + 1);
}

/* After the opening '/'; true when the action is to come. */
bool scan_predicate(struct parser *p, uint32_t open)
{
	uint32_t slash = 0, next;

	for (;;) {
		struct token t = lex_code(p);
		bool outside = !p->brackets.n;

		if (outside && t.kind == '/' && !parser_is_expanded(p, t.loc)) {
			next = text_skip_blank(p, t.loc.offset + 1);
			if (next < p->len && (p->text[next] == '{' || p->text[next] == '<')) {
				push_close(p, open, T_PRED_CLOSE, t.loc);
				return true;
			}
			slash = scan_push(p, '/', t.loc);
			continue;
		}
		if (t.kind == '{' &&
			!(slash && slash + 1 < p->tokens.n &&
				p->tokens.v[slash + 1].kind == T_IF)) {
			parser_error(p, TAG_SYNTAX, t.loc,
				"a predicate ends with a '/' before its action",
				"expected '/' before '{'");
			parser_quiet(p, p->tokens.v[open].loc.offset, t.loc.offset);
			p->brackets.n = 0;
			push_close(p, open, T_PRED_CLOSE, here(p, t.loc.offset, 0));
			scan_back(p, t);
			return true;
		}
		if (!t.kind || t.kind == ';' || t.kind == '}' || t.kind == '{') {
			fail_predicate(p, open, slash, t);
			return false;
		}
		if (t.kind == '(' || t.kind == '[') {
			open_nested(p, t); /* when that fails, the text ends */
		} else if (t.kind == ')' || t.kind == ']') {
			long i = find_bracket(p, t.kind == ')' ? '(' : '[', 0);
			uint32_t token = scan_push(p, t.kind, t.loc);

			if (i >= 0)
				close_brackets(p, (size_t)i, token);
		} else {
			scan_push(p, t.kind, t.loc);
		}
	}
}
