/*
 * The token stream as the grammar sees it: literals become nodes, "(type)"
 * becomes one token, constructs of the full language that are not there yet
 * are reported and taken out, and after a syntax error whole groups of
 * brackets are skipped up to where the statement may end.
 */
#include <string.h>

#include "parser/parser.h"
#include "parser/probe.tab.h"

static struct token *at(struct parser *p, uint32_t i)
{
	return &p->tokens.v[i < p->tokens.n ? i : p->tokens.n - 1];
}

/* The index behind a bracket group, or behind the token. */
static uint32_t after(struct parser *p, uint32_t i)
{
	struct token *t = at(p, i);

	if (t->match == NO_MATCH || t->match < i)
		return i + 1;
	return t->match + 1;
}

static bool ends_statement(int kind)
{
	return !kind || kind == ';' || kind == '}' || kind == T_CLOSE || kind == T_PRED_CLOSE ||
		kind == T_SPEC;
}

static bool starts_statement(struct parser *p)
{
	int before = p->pos ? at(p, p->pos - 1)->kind : 0;

	return before == ';' || before == '{' || before == '}' || before == T_OPEN;
}

static void skip_to_end(struct parser *p)
{
	while (!ends_statement(at(p, p->pos)->kind) && at(p, p->pos)->kind != '{')
		p->pos = after(p, p->pos);
}

static void unsupported(struct parser *p, struct token *t)
{
	parser_error(
		p, TAG_NOT_YET, t->loc, NULL, "%s is not supported yet", parser_token_text(p, t));
}

/*
 * A statement that is not supported yet, at its first word: its head is
 * taken out, its block stays, so that errors in it are found.
 */
static bool skip_unsupported(struct parser *p)
{
	static const char *const loops[] = { "while", "for", "unroll" };
	struct token *t = at(p, p->pos), *next = at(p, p->pos + 1);

	if (t->kind == T_TAG) {
		unsupported(p, t);
		skip_to_end(p);
		if (at(p, p->pos)->kind == '{')
			p->pos = after(p, p->pos);
		return true;
	}
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		if (!text_is(p, t->loc, loops[i]))
			continue;
		unsupported(p, t);
		p->pos++;
		skip_to_end(p);
		return true;
	}
	if (text_is(p, t->loc, "let") && (next->kind == T_VAR || next->kind == T_MAP)) {
		unsupported(p, t);
		skip_to_end(p);
		return true;
	}
	if ((text_is(p, t->loc, "break") || text_is(p, t->loc, "continue")) &&
		ends_statement(next->kind)) {
		unsupported(p, t);
		p->pos++;
		return true;
	}
	return false;
}

/* While recovering: false when the token at p->pos may be given to the grammar. */
static bool skip_broken(struct parser *p)
{
	struct token *t = at(p, p->pos);

	if (ends_statement(t->kind)) {
		p->recovering = false;
		return false;
	}
	p->pos = after(p, p->pos);
	if (t->kind == '{' && t->match != NO_MATCH && at(p, p->pos)->kind != T_ELSE) {
		p->recovering = false;
		p->semicolon = true; /* a statement may follow a block without one */
	}
	return true;
}

void feed_recover(struct parser *p)
{
	struct token *t = at(p, p->last);

	/* what the grammar holds as its next token it deals with itself */
	if (p->semicolon || ends_statement(t->kind))
		return;
	p->recovering = true;
	if (t->kind == '{' || t->kind == '(' || t->kind == '[') {
		p->pos = p->last;
		skip_broken(p);
	}
}

static int give(struct parser *p, int kind, uint32_t end, struct loc *loc)
{
	struct loc from = at(p, p->pos)->loc, to = at(p, end - 1)->loc;

	*loc = parser_loc(p, from.offset, to.offset + to.length);
	p->last = p->pos;
	p->pos = end;
	return kind;
}

static int give_parenthesis(struct parser *p, struct node **node, struct loc *loc)
{
	bool after_sizeof = p->pos && at(p, p->pos - 1)->kind == T_SIZEOF;
	uint32_t end;

	*node = typename_cast(p, p->pos, after_sizeof, &end);
	if (*node)
		return give(p, after_sizeof ? T_SIZEOF_TYPE : T_CAST, end, loc);
	return give(p, '(', p->pos + 1, loc);
}

int feed_next(struct parser *p, struct node **node, struct loc *loc)
{
	struct token *t;
	uint32_t end;

	for (;;) {
		if (p->semicolon) {
			p->semicolon = false;
			p->last = UINT32_MAX;
			*loc = parser_loc(p, at(p, p->pos)->loc.offset, at(p, p->pos)->loc.offset);
			return ';';
		}
		if (p->recovering) {
			if (skip_broken(p))
				continue;
		} else if (starts_statement(p) && skip_unsupported(p)) {
			continue;
		}
		break;
	}
	t = at(p, p->pos);
	switch (t->kind) {
	case T_NUMBER: *node = literal_number(p, t->loc); break;
	case T_STRING: *node = literal_string(p, t->loc); break;
	case T_BAD_STRING: /* reported by the scanner */
		*node = node_new(p->arena, N_STR, t->loc);
		(*node)->str.text = "";
		return give(p, T_STRING, p->pos + 1, loc);
	case T_POSITIONAL: *node = literal_positional(p, t->loc); break;
	case T_IDENT:
	case T_TAG:
		*node = typename_argument(p, p->pos, &end);
		if (*node)
			return give(p, T_TYPE, end, loc);
		break;
	case '(': return give_parenthesis(p, node, loc);
	}
	return give(p, t->kind, t->kind ? p->pos + 1 : p->pos, loc);
}
