/*
 * The token stream as the grammar sees it: literals become nodes, "(type)"
 * becomes one token, '{' and 'if' where a value is wanted are told from those of
 * statements, and after a syntax error whole groups of
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
		kind == T_SPEC || kind == T_OPEN;
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

/* A type defined in an action, at its first word: reported and taken out. */
static bool skip_definition(struct parser *p)
{
	struct token *t = at(p, p->pos);

	if (t->kind != T_TAG)
		return false;
	parser_error(p, TAG_SYNTAX, t->loc, NULL, "%s: types are declared before the probes",
		parser_token_text(p, t));
	skip_to_end(p);
	if (at(p, p->pos)->kind == '{')
		p->pos = after(p, p->pos);
	return true;
}

/* After this token an operand comes, so that '{' and 'if' are values. */
static bool wants_operand(int kind)
{
	switch (kind) {
	case '=':
	case T_ADD_EQ:
	case T_SUB_EQ:
	case T_MUL_EQ:
	case T_DIV_EQ:
	case T_MOD_EQ:
	case T_AND_EQ:
	case T_OR_EQ:
	case T_XOR_EQ:
	case T_SHL_EQ:
	case T_SHR_EQ:
	case T_SHL:
	case T_SHR:
	case T_LE:
	case T_GE:
	case T_EQ:
	case T_NE:
	case T_LAND:
	case T_LOR:
	case T_RETURN:
	case T_RANGE:
	case T_PRED_OPEN:
	case '+':
	case '-':
	case '*':
	case '/':
	case '%':
	case '&':
	case '|':
	case '^':
	case '<':
	case '>':
	case '!':
	case '~':
	case '?':
	case ':':
	case ',':
	case '(':
	case '[': return true;
	default: return false;
	}
}

/* "comptime" before an operand says what is done anyway, but for that of an if. */
static bool skip_comptime(struct parser *p)
{
	struct token *t = at(p, p->pos);

	if (t->kind != T_IDENT || !text_is(p, t->loc, "comptime") ||
		(p->pos && at(p, p->pos - 1)->kind == T_IF))
		return false;
	switch (at(p, p->pos + 1)->kind) {
	case T_IDENT:
	case T_VAR:
	case T_MAP:
	case T_KEYED_MAP:
	case T_NUMBER:
	case T_STRING:
	case T_SIZEOF:
	case T_OFFSETOF:
	case T_TYPEOF:
	case T_IF:
	case T_FOR:
	case T_UNROLL:
	case '!':
	case '{':
	case '(': p->pos++; return true;
	default: return false;
	}
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

	*loc = end == p->pos + 1 ? from : parser_span(p, from, to);
	if (kind == T_FN || kind == T_OPEN)
		p->fn_head = kind == T_FN;
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
	if (typename_is_typeof_cast(p, p->pos))
		return give(p, after_sizeof ? T_TYPEOF_SIZE : T_TYPEOF_CAST, p->pos + 1, loc);
	return give(p, '(', p->pos + 1, loc);
}

/* Is this the bracket that ends typeof(...)? */
static bool ends_typeof(struct parser *p, uint32_t i)
{
	uint32_t open = at(p, i)->match;

	return at(p, i)->kind == ')' && open != NO_MATCH && open && open < i &&
		at(p, open - 1)->kind == T_TYPEOF;
}

/* Is this the type of "let $x : type", or one in the head of a function? */
static bool wants_type(struct parser *p)
{
	if (p->fn_head && p->pos && at(p, p->pos - 1)->kind == ':')
		return true;
	if (p->pos > 1 && (at(p, p->pos - 1)->kind == T_EQ || at(p, p->pos - 1)->kind == T_NE))
		return ends_typeof(p, p->pos - 2);
	return p->pos > 2 && at(p, p->pos - 1)->kind == ':' && at(p, p->pos - 2)->kind == T_VAR &&
		at(p, p->pos - 3)->kind == T_LET;
}

int feed_next(struct parser *p, struct node **node, struct loc *loc)
{
	int before;

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
		} else if ((starts_statement(p) && skip_definition(p)) || skip_comptime(p)) {
			continue;
		}
		break;
	}
	t = at(p, p->pos);
	before = p->pos ? at(p, p->pos - 1)->kind : 0;
	switch (t->kind) {
	case '{':
	case T_IF:
		if (wants_operand(before))
			return give(
				p, t->kind == '{' ? T_BRACE_VALUE : T_IF_VALUE, p->pos + 1, loc);
		break;
	case T_NUMBER: *node = literal_number(p, t->loc); break;
	case T_STRING: *node = literal_string(p, t->loc); break;
	case T_BAD_STRING: /* reported by the scanner */
		*node = parser_node(p, N_STR, t->loc);
		(*node)->str.text = "";
		return give(p, T_STRING, p->pos + 1, loc);
	case T_POSITIONAL: *node = literal_positional(p, t->loc); break;
	case T_IDENT:
	case T_TAG:
		*node = wants_type(p) ? typename_plain(p, p->pos, &end)
				      : typename_argument(p, p->pos, &end);
		if (*node)
			return give(p, T_TYPE, end, loc);
		if (before == T_IF && text_is(p, t->loc, "comptime"))
			return give(p, T_COMPTIME, p->pos + 1, loc);
		break;
	case '(':
		*node = wants_type(p) ? typename_plain(p, p->pos, &end) : NULL;
		if (*node)
			return give(p, T_TYPE, end, loc);
		return give_parenthesis(p, node, loc);
	}
	return give(p, t->kind, t->kind ? p->pos + 1 : p->pos, loc);
}
