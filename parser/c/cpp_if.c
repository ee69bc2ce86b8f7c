/*
 * Conditions of #if and #elif: integer expressions over expanded tokens, in 64
 * bits, signed or unsigned as C says. Called by cpp.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parser/c/cpp.h"

struct value {
	uint64_t v;
	bool is_unsigned;
};

struct cond {
	struct cpp *p;
	const struct cpp_token *at, *directive;
	unsigned depth, skip; /* skip: operands that are not evaluated */
	bool failed;
};

static void fail(struct cond *c, const char *what)
{
	const struct cpp_token *at = c->at->kind == CPP_END ? c->directive : c->at;

	if (!c->failed)
		cpp_error(c->p, at, PREPROCESSOR, "%s in the condition of #%s%s%s%s", what,
			  c->directive->text, c->at->kind == CPP_END ? "" : " before '",
			  c->at->text, c->at->kind == CPP_END ? "" : "'");
	c->failed = true;
}

static struct value number(struct cond *c)
{
	struct value r = {0, false};
	const char *s = c->at->text;
	char *end;

	errno = 0;
	if (s[0] == '0' && (s[1] == 'b' || s[1] == 'B'))
		r.v = strtoull(s + 2, &end, 2);
	else
		r.v = strtoull(s, &end, 0);
	for (; *end; end++) {
		if (*end == 'u' || *end == 'U')
			r.is_unsigned = true;
		else if (*end != 'l' && *end != 'L')
			break;
	}
	if (*end || errno)
		fail(c, "a number that is not an integer");
	if (r.v > INT64_MAX)
		r.is_unsigned = true;
	c->at = c->at->next;
	return r;
}

static int escape(const char *s)
{
	static const char from[] = "abfnrtv0\\'\"?", to[] = "\a\b\f\n\r\t\v\0\\'\"?";
	const char *f;

	if (s[0] == 'x')
		return (int)strtoul(s + 1, NULL, 16);
	if (s[0] >= '0' && s[0] <= '7')
		return (int)strtoul(s, NULL, 8);
	f = strchr(from, s[0]);
	return f && s[0] ? to[f - from] : s[0];
}

static struct value character(struct cond *c)
{
	const char *s = strchr(c->at->text, '\'');
	struct value r = {0, false};

	if (s)
		r.v = (uint64_t)(int64_t)(s[1] == '\\' ? escape(s + 2) : s[1]);
	c->at = c->at->next;
	return r;
}

static struct value ternary(struct cond *c);

static struct value primary(struct cond *c)
{
	struct value r = {0, false};

	switch (c->at->kind) {
	case CPP_NUMBER: return number(c);
	case CPP_CHAR: return character(c);
	case CPP_IDENT: /* a name that is no macro */
		r.v = strcmp(c->at->text, "true") == 0;
		c->at = c->at->next;
		return r;
	default: break;
	}
	if (!cpp_is(c->at, "(")) {
		fail(c, "expected a value");
		return r;
	}
	c->at = c->at->next;
	r = ternary(c);
	if (!cpp_is(c->at, ")"))
		fail(c, "expected ')'");
	else
		c->at = c->at->next;
	return r;
}

static struct value unary(struct cond *c)
{
	const struct cpp_token *op = c->at;
	struct value r;

	if (!cpp_is(op, "-") && !cpp_is(op, "+") && !cpp_is(op, "!") && !cpp_is(op, "~"))
		return primary(c);
	if (c->depth++ > CPP_MAX_NESTING) {
		fail(c, "too many operators");
		return (struct value){0, false};
	}
	c->at = op->next;
	r = unary(c);
	c->depth--;
	switch (op->text[0]) {
	case '-': r.v = -r.v; break;
	case '~': r.v = ~r.v; break;
	case '!': r = (struct value){!r.v, false}; break;
	default: break;
	}
	return r;
}

static const struct {
	const char *text;
	unsigned level;
} operators[] = {
	{"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
	{"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
	{">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10},
};

static unsigned level_of(const struct cpp_token *t)
{
	size_t i;

	for (i = 0; t->kind == CPP_PUNCT && i < sizeof(operators) / sizeof(*operators); i++)
		if (strcmp(operators[i].text, t->text) == 0)
			return operators[i].level;
	return 0;
}

static bool less(struct value a, struct value b)
{
	return a.is_unsigned || b.is_unsigned ? a.v < b.v : (int64_t)a.v < (int64_t)b.v;
}

static struct value divide(struct cond *c, struct value a, struct value b, bool rest)
{
	bool is_unsigned = a.is_unsigned || b.is_unsigned;

	if (!b.v) {
		if (!c->skip)
			fail(c, "a division by zero");
		return (struct value){0, false};
	}
	if (is_unsigned)
		return (struct value){rest ? a.v % b.v : a.v / b.v, true};
	if (b.v == UINT64_MAX)
		return (struct value){rest ? 0 : -a.v, false};
	return (struct value){
		(uint64_t)(rest ? (int64_t)a.v % (int64_t)b.v : (int64_t)a.v / (int64_t)b.v),
		false};
}

static struct value shift_right(struct value a, uint64_t by)
{
	if (a.is_unsigned)
		return (struct value){a.v >> by, true};
	return (struct value){(uint64_t)((int64_t)a.v >> by), false};
}

static struct value apply(struct cond *c, const char *op, struct value a, struct value b)
{
	bool u = a.is_unsigned || b.is_unsigned;

	switch (op[0]) {
	case '|': return (struct value){op[1] ? a.v || b.v : (a.v | b.v), op[1] ? false : u};
	case '&': return (struct value){op[1] ? a.v && b.v : (a.v & b.v), op[1] ? false : u};
	case '^': return (struct value){a.v ^ b.v, u};
	case '=': return (struct value){a.v == b.v, false};
	case '!': return (struct value){a.v != b.v, false};
	case '<':
		if (op[1] == '<')
			return (struct value){a.v << (b.v & 63), a.is_unsigned};
		return (struct value){op[1] ? !less(b, a) : less(a, b), false};
	case '>':
		if (op[1] == '>')
			return shift_right(a, b.v & 63);
		return (struct value){op[1] ? !less(a, b) : less(b, a), false};
	case '+': return (struct value){a.v + b.v, u};
	case '-': return (struct value){a.v - b.v, u};
	case '*': return (struct value){a.v * b.v, u};
	default: return divide(c, a, b, op[0] == '%');
	}
}

static struct value binary(struct cond *c, unsigned level)
{
	struct value a = unary(c);
	unsigned l;

	while (!c->failed && (l = level_of(c->at)) >= level) {
		const char *op = c->at->text;
		bool known = (l == 1 && a.v) || (l == 2 && !a.v);
		struct value b;

		c->at = c->at->next;
		c->skip += known;
		b = binary(c, l + 1);
		c->skip -= known;
		a = apply(c, op, a, b);
	}
	return a;
}

static struct value ternary(struct cond *c)
{
	struct value cond, yes, no;

	if (c->depth++ > CPP_MAX_NESTING) {
		fail(c, "too many parentheses");
		return (struct value){0, false};
	}
	cond = binary(c, 1);
	if (cpp_is(c->at, "?") && !c->failed) {
		c->at = c->at->next;
		c->skip += !cond.v;
		yes = ternary(c);
		c->skip -= !cond.v;
		if (!cpp_is(c->at, ":")) {
			fail(c, "expected ':'");
		} else {
			c->at = c->at->next;
			c->skip += !!cond.v;
			no = ternary(c);
			c->skip -= !!cond.v;
			yes.is_unsigned |= no.is_unsigned;
			cond = (struct value){cond.v ? yes.v : no.v, yes.is_unsigned};
		}
	}
	c->depth--;
	return cond;
}

/* defined X, defined(X), __has_include(<x>): before anything is expanded. */
static void replace_defined(struct cpp *p, struct cpp_token *line)
{
	struct cpp_token *t, *name, *end;
	unsigned depth;

	for (t = line; t->kind != CPP_END; t = t->next) {
		bool include = cpp_is_word(t, "__has_include"), value;

		if (!include && !cpp_is_word(t, "defined"))
			continue;
		name = cpp_is(t->next, "(") ? t->next->next : t->next;
		if (include) {
			for (end = t->next, depth = 0; end->kind != CPP_END; end = end->next) {
				depth += cpp_is(end, "(");
				if (cpp_is(end, ")") && --depth == 0)
					break;
			}
			value = true;
		} else if (name->kind != CPP_IDENT) {
			cpp_error(p, t, PREPROCESSOR, "expected a name behind 'defined'");
			value = false;
			end = t;
		} else {
			value = cpp_macro_find(p, name->text) != NULL;
			end = name == t->next ? name : name->next;
			if (name != t->next && !cpp_is(end, ")")) {
				cpp_error(p, t, PREPROCESSOR, "expected ')' behind 'defined(%s'",
					  name->text);
				end = name;
			}
		}
		t->kind = CPP_NUMBER;
		t->text = value ? "1" : "0";
		t->len = 1;
		t->next = end->kind == CPP_END ? end : end->next;
	}
}

bool cpp_condition(struct cpp *p, const struct cpp_token *directive, struct cpp_token *line)
{
	struct cpp_token end = {.kind = CPP_END, .text = ""}, *t;
	struct cond c = {.p = p, .directive = directive};
	struct value v;

	replace_defined(p, line);
	if (line->kind == CPP_END) {
		cpp_error(p, directive, PREPROCESSOR, "#%s without a condition", directive->text);
		return false;
	}
	for (t = line; t->next->kind != CPP_END; t = t->next)
		;
	t->next = NULL;
	p->in_condition = true;
	line = cpp_expand_list(p, line);
	p->in_condition = false;
	if (!line)
		line = &end;
	for (t = line; t->next; t = t->next)
		;
	if (t != &end)
		t->next = &end;
	c.at = line;
	v = ternary(&c);
	if (!c.failed && c.at->kind != CPP_END)
		fail(&c, "a missing operator");
	return !c.failed && v.v;
}
