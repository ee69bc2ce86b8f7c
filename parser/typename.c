/*
 * Types as they are written in casts and after sizeof. Whether "(x)" is a cast
 * is decided on the tokens, before the grammar sees them; what the name means
 * is the check's business. Called by feed.c.
 */
#include <string.h>

#include "parser/parser.h"
#include "parser/probe.tab.h"

#define TUPLE_DEPTH 16 /* tuples in tuples */

/* Words of C's integer types, which combine: "unsigned long int". */
struct c_int {
	unsigned chars, shorts, ints, longs, is_signed, is_unsigned, words;
};

static bool add_c_word(const struct parser *p, struct loc loc, struct c_int *c)
{
	const struct {
		const char *word;
		unsigned *count;
	} words[] = {
		{ "char", &c->chars },
		{ "short", &c->shorts },
		{ "int", &c->ints },
		{ "long", &c->longs },
		{ "signed", &c->is_signed },
		{ "unsigned", &c->is_unsigned },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!text_is(p, loc, words[i].word))
			continue;
		++*words[i].count;
		c->words++;
		return true;
	}
	return false;
}

/* The usual spelling of a combination, or NULL when C has none such. */
static const char *c_int_name(const struct c_int *c)
{
	bool u = c->is_unsigned;

	if (c->is_signed + c->is_unsigned > 1 || c->ints > 1 || c->chars + c->shorts > 1 ||
		c->longs > 2 || (c->longs && c->chars + c->shorts) || (c->chars && c->ints))
		return NULL;
	if (c->chars)
		return u ? "unsigned char" : c->is_signed ? "signed char" : "char";
	if (c->shorts)
		return u ? "unsigned short" : "short";
	if (c->longs == 1)
		return u ? "unsigned long" : "long";
	if (c->longs)
		return u ? "unsigned long long" : "long long";
	return u ? "unsigned int" : "int";
}

/* Names that are types whatever follows them. */
static bool is_integer_type(const struct parser *p, struct loc loc)
{
	static const char *const names[] = {
		"int8",
		"int16",
		"int32",
		"int64",
		"uint8",
		"uint16",
		"uint32",
		"uint64",
		"u8",
		"u16",
		"u32",
		"u64",
		"s8",
		"s16",
		"s32",
		"s64",
		"__u8",
		"__u16",
		"__u32",
		"__u64",
		"__s8",
		"__s16",
		"__s32",
		"__s64",
		"int8_t",
		"int16_t",
		"int32_t",
		"int64_t",
		"uint8_t",
		"uint16_t",
		"uint32_t",
		"uint64_t",
		"size_t",
		"ssize_t",
		"bool",
		"_Bool",
		"void",
		"uintptr_t",
		"intptr_t",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(p, loc, names[i]))
			return true;
	return false;
}

static const struct token *token_at(const struct parser *p, uint32_t at)
{
	return &p->tokens.v[at < p->tokens.n ? at : p->tokens.n - 1];
}

static bool is_qualifier(const struct parser *p, const struct token *t)
{
	return t->kind == T_IDENT &&
		(text_is(p, t->loc, "const") || text_is(p, t->loc, "volatile"));
}

static void skip_qualifiers(const struct parser *p, uint32_t *at)
{
	while (is_qualifier(p, token_at(p, *at)))
		++*at;
}

/* The name of a type without '*' and '[n]'. *sure: it can be nothing but a type. */
static struct node *read_name(struct parser *p, uint32_t *at, bool *sure)
{
	const struct token *t;
	struct node *n;
	struct c_int c = { 0 };
	struct loc first, loc;

	skip_qualifiers(p, at);
	t = token_at(p, *at);
	first = t->loc;
	n = parser_node(p, N_TYPENAME, first);
	*sure = true;
	if (t->kind == T_TAG) {
		n->tname.tag = text_is(p, t->loc, "struct") ? TY_STRUCT
			: text_is(p, t->loc, "union")	    ? TY_UNION
							    : TY_ENUM;
		t = token_at(p, ++*at);
	}
	if (t->kind != T_IDENT)
		return NULL;
	loc = t->loc;
	if (n->tname.tag == TY_NONE && add_c_word(p, loc, &c)) {
		while (add_c_word(p, token_at(p, ++*at)->loc, &c) ||
			is_qualifier(p, token_at(p, *at)))
			;
		n->tname.name = c_int_name(&c);
		loc = token_at(p, *at - 1)->loc;
		if (!n->tname.name)
			return NULL;
	} else {
		n->tname.name = literal_name(p, loc);
		*sure = n->tname.tag != TY_NONE || is_integer_type(p, loc);
		++*at;
	}
	n->loc = parser_site(p, parser_span(p, first, loc));
	skip_qualifiers(p, at);
	return n;
}

/* "[4][2]": the sizes of an array, outermost first; a size left out is 0. */
static void read_dims(struct parser *p, uint32_t *at, struct node *n)
{
	struct node **tail = &n->tname.dims;

	while (token_at(p, *at)->kind == '[') {
		const struct token *t = token_at(p, *at + 1);
		bool empty = t->kind == ']' && !n->tname.is_array;

		if (!empty && (t->kind != T_NUMBER || token_at(p, *at + 2)->kind != ']'))
			return;
		*tail = empty ? parser_node(p, N_NUM, t->loc) : literal_number(p, t->loc);
		if (!n->tname.is_array)
			n->tname.count = (*tail)->num.value;
		n->tname.is_array = true;
		tail = &(*tail)->next;
		*at += empty ? 2 : 3;
	}
}

static struct node *read_type(struct parser *p, uint32_t *at, bool *sure, unsigned depth);

/* "(int8, string[4])", a tuple; one of a single element needs its comma. */
static struct node *read_tuple(struct parser *p, uint32_t *at, bool *sure, unsigned depth)
{
	struct node *n = parser_node(p, N_TYPENAME, token_at(p, *at)->loc), *e = NULL;
	bool comma = false, one_sure;

	*sure = false;
	n->tname.name = "tuple";
	do {
		++*at;
		if (comma && token_at(p, *at)->kind == ')')
			break;
		e = depth < TUPLE_DEPTH ? read_type(p, at, &one_sure, depth + 1) : NULL;
		if (!e)
			return NULL;
		*sure |= one_sure;
		n->tname.elems = node_append(n->tname.elems, e);
		comma |= token_at(p, *at)->kind == ',';
	} while (token_at(p, *at)->kind == ',');
	if (token_at(p, *at)->kind != ')' || !comma)
		return NULL;
	++*at;
	return n;
}

static struct node *read_type(struct parser *p, uint32_t *at, bool *sure, unsigned depth)
{
	struct loc first = token_at(p, *at)->loc;
	struct node *n = token_at(p, *at)->kind == '(' ? read_tuple(p, at, sure, depth)
						       : read_name(p, at, sure);

	if (!n)
		return NULL;
	for (; token_at(p, *at)->kind == '*'; skip_qualifiers(p, at)) {
		n->tname.stars++;
		++*at;
	}
	read_dims(p, at, n);
	n->loc = parser_site(p, parser_span(p, first, token_at(p, *at - 1)->loc));
	return n;
}

/* After "(name)": something that starts an operand and cannot continue an expression. */
static bool operand_follows(int kind)
{
	switch (kind) {
	case T_IDENT:
	case T_NUMBER:
	case T_STRING:
	case T_VAR:
	case T_MAP:
	case T_KEYED_MAP:
	case T_POSITIONAL:
	case T_SIZEOF:
	case '!':
	case '~':
	case '(': return true;
	default: return false;
	}
}

struct node *typename_cast(struct parser *p, uint32_t open, bool after_sizeof, uint32_t *end)
{
	uint32_t at = open + 1;
	int first = token_at(p, at)->kind;
	int before = open ? token_at(p, open - 1)->kind : 0;
	struct node *n;
	bool sure;

	if (first != T_IDENT && first != T_TAG && first != '(')
		return NULL;
	if (before == T_IDENT || before == T_TYPEOF || before == T_OFFSETOF)
		return NULL;
	n = read_type(p, &at, &sure, 0);
	if (!n || token_at(p, at)->kind != ')')
		return NULL;
	if (n->tname.elems && !sure)
		return NULL; /* rather a tuple of values */
	/* "(x *)" closes with no operand after '*': nothing but a type */
	if (n->tname.stars)
		sure = true;
	if (!sure &&
		(after_sizeof || before == T_IF || !operand_follows(token_at(p, at + 1)->kind)))
		return NULL;
	*end = at + 1;
	return n;
}

struct node *typename_argument(struct parser *p, uint32_t at, uint32_t *end)
{
	int before = at ? token_at(p, at - 1)->kind : 0;
	struct node *n;
	bool sure;

	if (before != '(' && before != ',')
		return NULL;
	n = read_type(p, &at, &sure, 0);
	if (!n || (!sure && !n->tname.stars) ||
		(token_at(p, at)->kind != ',' && token_at(p, at)->kind != ')'))
		return NULL;
	*end = at;
	return n;
}

struct node *typename_plain(struct parser *p, uint32_t at, uint32_t *end)
{
	int first = token_at(p, at)->kind;
	struct node *n;
	bool sure;

	if (first != T_IDENT && first != T_TAG && first != '(')
		return NULL;
	n = read_type(p, &at, &sure, 0);
	*end = at;
	return n;
}

bool typename_is_typeof_cast(struct parser *p, uint32_t open)
{
	const struct token *t = token_at(p, open + 2);
	uint32_t at;

	if (token_at(p, open + 1)->kind != T_TYPEOF || t->kind != '(' || t->match == NO_MATCH ||
		(open && token_at(p, open - 1)->kind == T_IDENT))
		return false;
	for (at = t->match + 1; token_at(p, at)->kind == '*';)
		at++;
	while (token_at(p, at)->kind == '[' && token_at(p, at)->match != NO_MATCH)
		at = token_at(p, at)->match + 1;
	return token_at(p, at)->kind == ')';
}
