/*
 * Syntax errors in words. The grammar (probe.y) tells which tokens it expected;
 * here that becomes one sentence and a hint for the usual slips.
 */
#include "parser/syntax.h"

#include <stdio.h>
#include <string.h>

#include "parser/probe.tab.h"

struct report {
	struct parser *p;
	const int *expected;
	int n;
	struct token token, before, next; /* the unexpected one and its neighbours */
};

static bool expects(const struct report *r, int kind)
{
	for (int i = 0; i < r->n; i++)
		if (r->expected[i] == kind)
			return true;
	return false;
}

static bool is_word(const struct report *r, struct token t, const char *word)
{
	return t.kind == T_IDENT && text_is(r->p, t.loc, word);
}

/* Did an operand end before the unexpected token? */
static bool after_operand(const struct report *r)
{
	return expects(r, T_EQ);
}

/* "an expression", "',' or ')'", "';'"; operators are left out. */
static const char *expected_text(const struct report *r)
{
	static const struct {
		int kind;
		const char *text;
	} marks[] = {
		{ ',', "','" },
		{ ')', "')'" },
		{ ']', "']'" },
		{ ':', "':'" },
		{ ';', "';'" },
		{ '{', "'{'" },
		{ T_PRED_CLOSE, "'/'" },
		{ T_ELSE, "'else'" },
		{ T_STRING, "a string" },
	};
	const char *found[8];
	unsigned n = 0;

	if (expects(r, T_IF) && !expects(r, T_IDENT))
		return "'if' or '{'"; /* after else */
	if (expects(r, T_IDENT) && expects(r, T_IF))
		return "a statement";
	if (expects(r, '{') && expects(r, T_IF))
		return "'if' or '{'";
	if (expects(r, T_IDENT) && !expects(r, '('))
		return expects(r, T_NUMBER) && expects(r, T_STRING) ? "a number, a string or a word"
			: expects(r, T_VAR)			    ? "a parameter"
			: expects(r, '=') || r->before.kind == T_MACRO ||
				r->before.kind == T_FN
			? "a name"
								     : "a field's name";
	if (expects(r, T_IDENT))
		return "an expression";
	if (expects(r, T_VAR))
		return "a $variable";
	if (expects(r, T_TYPE))
		return "a type";
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (expects(r, marks[i].kind))
			found[n++] = marks[i].text;
	if (!n)
		return expects(r, '=') ? "'='" : expects(r, '(') ? "'('" : NULL;
	if (n == 1)
		return found[0];
	return arena_printf(r->p->arena, "%s or %s", found[0], found[1]);
}

/* The first token of the statement that the unexpected one stands in. */
static struct token statement_start(const struct report *r)
{
	const struct parser *p = r->p;
	uint32_t at = p->last < p->tokens.n ? p->last : (uint32_t)p->tokens.n - 1;

	for (; at; at--) {
		int before = p->tokens.v[at - 1].kind;

		if (before == ';' || before == '{' || before == '}' || before == T_OPEN)
			break;
	}
	return p->tokens.v[at];
}

static bool is_loop(struct token t)
{
	return t.kind == T_WHILE || t.kind == T_FOR || t.kind == T_UNROLL;
}

/* Words of other languages at the start of a statement. */
static const char *foreign_hint(const struct report *r, struct token start)
{
	static const char *const types[] = { "int", "unsigned", "long", "char", "short", "bool",
		"u8", "u16", "u32", "u64", "s32", "s64", "uint64", "int64", "uint32", "int32",
		"uint8", "var", "auto", "const", "void" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_word(r, start, types[i]) &&
			(r->token.kind == T_IDENT || r->token.kind == T_VAR))
			return "variables are declared like this: let $x : uint64 = 5";
	if (is_word(r, start, "switch"))
		return "there is no 'switch'; write if (…) { … } else if (…) { … }";
	if (is_word(r, start, "do"))
		return "there is no 'do'; write while (…) { … }";
	return NULL;
}

/* The block of "elif (…) {", which reads as a call up to there. */
static bool is_elif(const struct report *r)
{
	const struct parser *p = r->p;
	struct token t;

	if (r->before.kind != ')' || r->before.match == NO_MATCH || !r->before.match)
		return false;
	t = p->tokens.v[r->before.match - 1];
	return is_word(r, t, "elif") || is_word(r, t, "elsif") || is_word(r, t, "elseif");
}

static const char *hint_for(const struct report *r)
{
	struct token t = r->token, b = r->before, start = statement_start(r);
	const char *foreign = foreign_hint(r, start);

	if (foreign)
		return foreign;
	if ((t.kind == T_GE || t.kind == '>' || t.kind == '<') && b.kind == '=')
		return "the comparisons are < <= > >= == !=";
	if (t.kind == '=' &&
		(b.kind == T_EQ || b.kind == T_NE || r->next.kind == '<' || r->next.kind == '>'))
		return "the comparisons are < <= > >= == !=";
	if (t.kind == '=' && after_operand(r))
		return expects(r, ';') ? "'=' assigns, once in a statement; '==' compares"
				       : "'==' compares, '=' assigns";
	if (is_word(r, t, "and") || is_word(r, b, "and"))
		return "the logical operators are && || and !";
	if (is_word(r, t, "or") || is_word(r, b, "or") || is_word(r, b, "not"))
		return "the logical operators are && || and !";
	if (t.kind == T_RANGE)
		return "a range stands in for ($i : 0..10) and unroll (0..10)";
	if (expects(r, T_ELSE) && r->n == 1)
		return "an 'if' that gives a value needs an 'else'";
	if (b.kind == T_LET)
		return "let $x = 5;";
	if (start.kind == T_FOR && !expects(r, '{') && (expects(r, T_VAR) || expects(r, ':')) &&
		!expects(r, T_IDENT) && !after_operand(r))
		return "for ($kv : @map) { … } or for ($i : 0..10) { … }";
	if (t.kind == '{' && is_elif(r))
		return "write 'else if'";
	if (t.kind == '{' && expects(r, ';'))
		return "a block belongs to 'if (…)' or 'else', or stands alone as a statement";
	if (is_word(r, t, "then"))
		return "the block of an 'if' stands in braces";
	if (t.kind == T_BAD_STRING || t.kind == T_STRING)
		return expects(r, ',') ? "arguments are separated by commas" : NULL;
	if (b.kind == T_IF || (expects(r, '{') && !expects(r, ';')))
		return is_loop(start) ? "the block of a loop stands in braces"
				      : "the block of an 'if' stands in braces";
	if (expects(r, ';') && after_operand(r))
		return "statements are separated by ';'";
	return NULL;
}

/* Errors that have a sentence of their own. */
static bool report_special(const struct report *r)
{
	struct parser *p = r->p;
	struct token t = r->token;

	if (t.kind == T_CLOSE && t.loc.length && p->text[t.loc.offset] == '>' && after_operand(r)) {
		parser_error(p, TAG_ANGLE_CLOSE, t.loc,
			"write the comparison in parentheses: (a > b)",
			"a '>' outside of brackets closes an action that '<' opened");
		return true;
	}
	if ((t.kind == ')' || t.kind == ']' || t.kind == '}') && t.match == NO_MATCH) {
		parser_error(p, TAG_SYNTAX, t.loc, NULL, "'%c' closes nothing", t.kind);
		return true;
	}
	if (t.kind == T_ELSE && expects(r, T_IF)) {
		parser_error(p, TAG_SYNTAX, t.loc, "'else' follows the '}' of an 'if'",
			"'else' without 'if'");
		return true;
	}
	return false;
}

/* The head of a C-style loop, "for (i = 0; …": one thing to say up to its block. */
static void quiet_head(const struct report *r)
{
	struct parser *p = r->p;
	struct token start = statement_start(r);

	if (start.kind != T_FOR || start.loc.offset > p->len || r->token.loc.offset > p->len)
		return;
	for (uint32_t at = p->last; at < p->tokens.n; at++) {
		int kind = p->tokens.v[at].kind;

		if (kind == '}' || kind == T_CLOSE || kind == T_SPEC)
			return;
		if (kind != '{')
			continue;
		parser_quiet(p, r->token.loc.offset + 1, p->tokens.v[at].loc.offset + 1);
		return;
	}
}

void syntax_report(struct parser *p, const int *expected, int n)
{
	struct report r = { p, expected, n, { 0 }, { 0 }, { 0 } };
	uint32_t at = p->last < p->tokens.n ? p->last : (uint32_t)p->tokens.n - 1;
	const char *want, *got;

	r.token = p->tokens.v[at];
	if (at)
		r.before = p->tokens.v[at - 1];
	if (at + 1 < p->tokens.n)
		r.next = p->tokens.v[at + 1];
	if (report_special(&r))
		return;
	quiet_head(&r);
	got = parser_token_text(p, &r.token);
	want = expected_text(&r);
	if (want)
		parser_error(p, TAG_SYNTAX, r.token.loc, hint_for(&r), "expected %s before %s",
			want, got);
	else
		parser_error(p, TAG_SYNTAX, r.token.loc, hint_for(&r), "unexpected %s", got);
}

void syntax_no_memory(struct parser *p, struct loc loc, const char *message)
{
	(void)message; /* the only one there is: the stack has reached its limit */
	parser_error(p, TAG_TOO_DEEP, loc, NULL, "nested more than %d deep", COMPILE_MAX_DEPTH);
}
