/*
 * The preprocessor's tokens as the grammar sees them: keywords, literals, the
 * heads of BCC's macros as one token each, and names told from names of types.
 * Called by the parser that bison makes of parser/c.y.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/c/parse.h"
#include "types/defined.h"
#include "parser/c.tab.h"

const char c_is_type = 1, c_is_other = 2;

/* ---- scopes ------------------------------------------------------------- */

void c_scope_push(struct c_parser *p)
{
	struct strmap *m = arena_new_of(p->arena, struct strmap);

	vec_push(&p->scopes, m);
}

void c_scope_pop(struct c_parser *p)
{
	if (p->scopes.n > 1)
		strmap_free(p->scopes.v[--p->scopes.n]);
}

void c_declare_name(struct c_parser *p, const char *name, bool is_typedef)
{
	const char *what = is_typedef ? &c_is_type : &c_is_other;

	if (name)
		strmap_put(p->scopes.v[p->scopes.n - 1], name, (void *)(uintptr_t)what);
}

void c_declare(struct c_parser *p, const struct node *decl, bool is_typedef)
{
	if (decl)
		c_declare_name(p, decl->cdecl.name, is_typedef);
}

/* &c_is_type, &c_is_other, or NULL for a name that the text does not declare. */
static const char *lookup(const struct c_parser *p, const char *name)
{
	size_t i;

	for (i = p->scopes.n; i-- > 0;) {
		const char *found = strmap_get(p->scopes.v[i], name);

		if (found)
			return found;
	}
	return NULL;
}

/* ---- words -------------------------------------------------------------- */

static const struct {
	const char *text;
	int token;
	unsigned value;
} words[] = {
	{"void", C_WORD, CW_VOID},
	{"char", C_WORD, CW_CHAR},
	{"short", C_WORD, CW_SHORT},
	{"int", C_WORD, CW_INT},
	{"long", C_WORD, CW_LONG},
	{"signed", C_WORD, CW_SIGNED},
	{"__signed__", C_WORD, CW_SIGNED},
	{"unsigned", C_WORD, CW_UNSIGNED},
	{"float", C_WORD, CW_FLOAT},
	{"double", C_WORD, CW_DOUBLE},
	{"_Bool", C_WORD, CW_BOOL},
	{"__int128", C_WORD, CW_INT128},
	{"__int128_t", C_WORD, CW_INT128},
	{"__uint128_t", C_WORD, CW_INT128 | CW_UNSIGNED},
	{"typedef", C_STORAGE, CF_TYPEDEF},
	{"static", C_STORAGE, CF_STATIC},
	{"extern", C_STORAGE, CF_EXTERN},
	{"inline", C_STORAGE, CF_INLINE},
	{"register", C_STORAGE, 0},
	{"auto", C_STORAGE, 0},
	{"const", C_QUAL, CF_CONST},
	{"__const", C_QUAL, CF_CONST},
	{"volatile", C_QUAL, CF_VOLATILE},
	{"__volatile__", C_QUAL, CF_VOLATILE},
	{"__volatile", C_QUAL, CF_VOLATILE},
	{"restrict", C_QUAL, 0},
	{"__restrict", C_QUAL, 0},
	{"__restrict__", C_QUAL, 0},
	{"__user", C_QUAL, CF_USER},
	{"__bcct_packet", C_ATTR, CF_PACKET | CF_PACKED},
	{"struct", C_TAG, TY_STRUCT},
	{"union", C_TAG, TY_UNION},
	{"enum", C_ENUM, 0},
	{"if", C_IF, 0},
	{"else", C_ELSE, 0},
	{"while", C_WHILE, 0},
	{"do", C_DO, 0},
	{"for", C_FOR, 0},
	{"switch", C_SWITCH, 0},
	{"case", C_CASE, 0},
	{"default", C_DEFAULT, 0},
	{"break", C_BREAK, 0},
	{"continue", C_CONTINUE, 0},
	{"goto", C_GOTO, 0},
	{"return", C_RETURN, 0},
	{"sizeof", C_SIZEOF, 0},
	{"_Alignof", C_ALIGNOF, 0},
	{"__alignof__", C_ALIGNOF, 0},
	{"alignof", C_ALIGNOF, 0},
	{"__builtin_offsetof", C_OFFSETOF, 0},
	{"typeof", C_TYPEOF, 0},
	{"__typeof__", C_TYPEOF, 0},
	{"__typeof", C_TYPEOF, 0},
	{"asm", C_ASM, 0},
	{"__asm__", C_ASM, 0},
	{"__asm", C_ASM, 0},
	{"_Static_assert", C_STATIC_ASSERT, 0},
	{"static_assert", C_STATIC_ASSERT, 0},
};

static int word(const char *text, unsigned *value)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (words[i].text[0] != text[0] || strcmp(words[i].text, text) != 0)
			continue;
		*value = words[i].value;
		return words[i].token;
	}
	return 0;
}

static const struct {
	char text[4];
	int token;
} puncts[] = {
	{"...", C_ELLIPSIS}, {"->", C_ARROW},	{"++", C_INC},	  {"--", C_DEC},
	{"<<", C_SHL},	     {">>", C_SHR},	{"<=", C_LE},	  {">=", C_GE},
	{"==", C_EQ},	     {"!=", C_NE},	{"&&", C_LAND},	  {"||", C_LOR},
	{"+=", C_ADD_EQ},    {"-=", C_SUB_EQ},	{"*=", C_MUL_EQ}, {"/=", C_DIV_EQ},
	{"%=", C_MOD_EQ},    {"&=", C_AND_EQ},	{"|=", C_OR_EQ},  {"^=", C_XOR_EQ},
	{"<<=", C_SHL_EQ},   {">>=", C_SHR_EQ},
};

static int punct(const char *text)
{
	size_t i;

	if (!text[1])
		return (unsigned char)text[0];
	for (i = 0; i < sizeof(puncts) / sizeof(*puncts); i++)
		if (strcmp(puncts[i].text, text) == 0)
			return puncts[i].token;
	return C_BAD;
}

static const char *const map_macros[] = {
	"HASH",
	"HISTOGRAM",
	"ARRAY",
	"PERCPU_ARRAY",
	"PERCPU_HASH",
	"PERF_OUTPUT",
	"PERF_ARRAY",
	"RINGBUF_OUTPUT",
	"STACK_TRACE",
	"STACK_TRACE_BUILDID",
	"TABLE",
	"TABLE_PUBLIC",
	"TABLE_SHARED",
	"TABLE_PINNED",
	"TABLE_PINNED7",
	"F_TABLE",
	"PROG_ARRAY",
	"CGROUP_ARRAY",
	"LPM_TRIE",
	"LRU_HASH",
	"LRU_PERCPU_HASH",
	"QUEUE",
	"STACK",
	"QUEUESTACK",
	"DEVMAP",
	"CPUMAP",
	"XSKMAP",
	"SOCKMAP",
	"SOCKHASH",
	"ARRAY_OF_MAPS",
	"HASH_OF_MAPS",
	"SK_STORAGE",
	"INODE_STORAGE",
	"TASK_STORAGE",
	"CGROUP_STORAGE",
	"PERCPU_CGROUP_STORAGE",
};

/* BCC's macros that declare a map, at the top level. */
static bool is_map_macro(const char *text)
{
	size_t i;

	if (strncmp(text, "BPF_", 4) != 0)
		return false;
	for (i = 0; i < sizeof(map_macros) / sizeof(*map_macros); i++)
		if (strcmp(map_macros[i], text + 4) == 0)
			return true;
	return false;
}

static const struct {
	const char *text;
	unsigned names;
} probe_macros[] = {
	{"TRACEPOINT_PROBE", 2},
	{"RAW_TRACEPOINT_PROBE", 1},
	{"KFUNC_PROBE", 1},
	{"KRETFUNC_PROBE", 1},
	{"KMOD_RET", 1},
	{"LSM_PROBE", 1},
	{"BPF_ITER", 1},
	{"MODULE_KFUNC_PROBE", 2},
	{"MODULE_KRETFUNC_PROBE", 2},
};

/* BCC's macros that head a probe's function, and how many names they take. */
static unsigned probe_macro(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(probe_macros) / sizeof(*probe_macros); i++)
		if (strcmp(probe_macros[i].text, text) == 0)
			return probe_macros[i].names;
	return 0;
}

/* ---- names and types ---------------------------------------------------- */

static bool is_name(const struct cpp_token *t)
{
	unsigned value;

	if (t->kind != CPP_IDENT)
		return false;
	switch (word(t->text, &value)) {
	case 0:
	case C_QUAL: return true;
	default: return false;
	}
}

static bool next_is(const struct cpp_token *t, char c)
{
	return t->kind == CPP_PUNCT && t->text[0] == c && !t->text[1];
}

/* Names that only the kernel's BTF could know: is it used as a type's name would be? */
static bool used_as_type(const struct c_parser *p, const struct cpp_token *t)
{
	const struct cpp_token *next = t->next;
	bool listed = p->prev == '(' || p->prev == ',' || p->prev == C_QUAL;

	if (is_name(next))
		return p->prev != ')' && p->prev != C_IDENT && p->prev != ']';
	if (next_is(next, '*')) {
		next = next->next;
		while (next_is(next, '*'))
			next = next->next;
		/* "(type *)", "type *name", in places where a declaration may stand */
		return (listed || p->prev == ';' || p->prev == '{' || p->prev == '}' ||
			p->prev == C_STORAGE || !p->prev || p->prev == ')') &&
		       (is_name(next) || next_is(next, ')') || next_is(next, ','));
	}
	return listed && (next_is(next, ')') || (next_is(next, ',') && p->brackets.n == 1));
}

/* Directly within the braces of a struct, union or enum. */
static bool in_tag(const struct c_parser *p)
{
	return p->brackets.n && p->brackets.v[p->brackets.n - 1].tag;
}

static bool is_type(struct c_parser *p, const struct cpp_token *t)
{
	const char *found;

	if (p->prev == '.' || p->prev == C_ARROW || p->prev == C_GOTO || p->type_seen)
		return false;
	found = lookup(p, t->text);
	if (found)
		return found == &c_is_type;
	/* outside of a struct such names may be labels or variables that nobody declared */
	if (type_native(p->c->types, t->text))
		return in_tag(p) ||
		       (!next_is(t->next, '=') && !next_is(t->next, '.') && !next_is(t->next, ':'));
	if (!used_as_type(p, t))
		return false;
	/* two names beside each other are a declaration, even with a type that nobody knows */
	return types_defined(p->c->types, t->text) || type_typedef(p->c->types, t->text) ||
	       (is_name(t->next) &&
		(!p->prev || p->prev == ';' || p->prev == '{' || p->prev == '}' || p->prev == '('));
}

/* ---- tokens ------------------------------------------------------------- */

static struct c_place place_of(const struct cpp_token *t)
{
	return (struct c_place){t->loc, t->expansion};
}

static struct node *spec_node(struct c_parser *p, const struct cpp_token *t)
{
	return c_node(p, N_CSPEC, place_of(t));
}

static struct node *name_node(struct c_parser *p, const struct cpp_token *t)
{
	struct node *n = c_node(p, N_IDENT, place_of(t));

	n->ident.name = t->text;
	return n;
}

static bool ends(const struct cpp_token *t)
{
	return t->kind == CPP_END;
}

/* The token behind the parenthesis that closes the one at t. */
static struct cpp_token *behind_paren(struct cpp_token *t)
{
	unsigned depth = 0;

	for (; !ends(t); t = t->next) {
		if (next_is(t, '('))
			depth++;
		else if (next_is(t, ')') && --depth == 0)
			return t->next;
		if (!depth)
			return t;
	}
	return t;
}

/* __attribute__((…)): packed, aligned(n) and always_inline mean something. */
static struct node *attribute(struct c_parser *p, struct cpp_token *t)
{
	struct cpp_token *end = behind_paren(t->next), *i;
	struct node *n = spec_node(p, t);

	for (i = t->next; i != end && !ends(i); i = i->next) {
		if (cpp_is_word(i, "packed") || cpp_is_word(i, "__packed__")) {
			n->cspec.flags |= CF_PACKED;
		} else if (cpp_is_word(i, "always_inline") || cpp_is_word(i, "__always_inline__")) {
			n->cspec.flags |= CF_ALWAYS_INLINE;
		} else if (cpp_is_word(i, "deprecated") && next_is(i->next, '(') &&
			   i->next->next->kind == CPP_STRING &&
			   strcmp(i->next->next->text, "\"packet\"") == 0) {
			n->cspec.flags |= CF_PACKET | CF_PACKED;
		} else if (cpp_is_word(i, "aligned") || cpp_is_word(i, "__aligned__")) {
			if (next_is(i->next, '(') && i->next->next->kind == CPP_NUMBER) {
				n->cspec.align = c_number(p, i->next->next);
			} else {
				n->cspec.align = c_node(p, N_NUM, place_of(i));
				n->cspec.align->num.value = 16;
			}
		}
	}
	p->at = end;
	return n;
}

/* "TRACEPOINT_PROBE(a, b" as one token. */
static struct node *probe_head(struct c_parser *p, struct cpp_token *t, unsigned names)
{
	struct node *n = c_node(p, N_CFUNC, place_of(t));
	struct cpp_token *i = t->next->next;
	unsigned k;

	n->cfunc.macro = t->text;
	for (k = 0; k < names; k++) {
		if (k && next_is(i, ','))
			i = i->next;
		else if (k)
			break;
		if (i->kind != CPP_IDENT)
			break;
		n->cfunc.names[k] = i->text;
		i = i->next;
	}
	if (k < names)
		cpp_error(p->cpp, t, SYNTAX, "%s takes %u name%s before anything else", t->text,
			  names, names > 1 ? "s" : "");
	p->at = i;
	return n;
}

static void open_bracket(struct c_parser *p, const struct cpp_token *t, char kind)
{
	struct c_bracket b = {kind, kind == '{' && p->tag_seen, place_of(t).loc};

	if (p->brackets.n >= COMPILE_MAX_DEPTH) {
		cpp_error(p->cpp, t, TOO_DEEP, "brackets nested more than %d deep",
			  COMPILE_MAX_DEPTH);
		p->stopped = true;
		return;
	}
	vec_push(&p->brackets, b);
}

/* True when the bracket that closes here was that of a struct, union or enum. */
static bool close_bracket(struct c_parser *p)
{
	return p->brackets.n && p->brackets.v[--p->brackets.n].tag;
}

/* Keeps what is known of the place in a list of specifiers. */
static void note(struct c_parser *p, int token, bool closed_tag)
{
	switch (token) {
	case C_WORD:
	case C_TYPE_NAME: p->type_seen = true; break;
	case C_TAG:
	case C_ENUM:
		p->tag_seen = true;
		p->type_seen = true;
		break;
	case C_IDENT: break;
	case C_ATTR: break;
	case C_QUAL:
	case C_STORAGE:
	case '*': break;
	case '}': p->type_seen = closed_tag; break;
	default: p->type_seen = false; break;
	}
	if (token != C_TAG && token != C_ENUM && token != C_IDENT && token != C_TYPE_NAME &&
	    token != C_ATTR)
		p->tag_seen = false;
	if (token == C_IDENT && p->prev != C_TAG && p->prev != C_ENUM && p->prev != C_ATTR)
		p->type_seen = p->tag_seen = false;
	p->prev2 = p->prev;
	p->prev = token;
}

/* What follows in brackets, and a body or ';' behind it, is passed over. */
static void skip_macro(struct c_parser *p, struct cpp_token *t)
{
	int open = 0;

	for (t = t->next; !ends(t); t = t->next) {
		open += next_is(t, '(') || next_is(t, '{');
		open -= next_is(t, ')') || next_is(t, '}');
		if (!open && !next_is(t->next, '{'))
			break;
	}
	if (!ends(t))
		t = t->next;
	p->at = next_is(t, ';') ? t->next : t;
}

/* BPF_HASHH(…): nothing else at the top level begins like this. */
static bool misspelt_macro(struct c_parser *p, struct cpp_token *t)
{
	size_t n = strlen(t->text), i;
	struct nearest near = nearest_init(t->text);

	if (probe_macro(t->text) || p->type_seen ||
	    !(strncmp(t->text, "BPF_", 4) == 0 || (n > 6 && !strcmp(t->text + n - 6, "_PROBE"))))
		return false;
	for (i = 0; i < sizeof(map_macros) / sizeof(*map_macros); i++)
		nearest_try(&near, arena_printf(p->arena, "BPF_%s", map_macros[i]));
	for (i = 0; i < sizeof(probe_macros) / sizeof(*probe_macros); i++)
		nearest_try(&near, probe_macros[i].text);
	cpp_error(p->cpp, t, UNKNOWN_FUNCTION, "unknown macro '%s'", t->text);
	if (near.best)
		diag_hint(&p->c->diags, "did you mean '%s'?", near.best);
	skip_macro(p, t);
	return true;
}

static int identifier(struct c_parser *p, struct cpp_token *t, struct node **value)
{
	bool top = p->brackets.n == 0, member = p->prev == '.' || p->prev == C_ARROW;
	unsigned v = 0, names;
	int token = member ? 0 : word(t->text, &v);

	if (strcmp(t->text, "__extension__") == 0)
		return 0;
	if (!member &&
	    (strcmp(t->text, "__attribute__") == 0 || strcmp(t->text, "__attribute") == 0)) {
		*value = attribute(p, t);
		return C_ATTR;
	}
	if (token == C_WORD || token == C_STORAGE || token == C_QUAL || token == C_ATTR ||
	    token == C_TAG) {
		*value = spec_node(p, t);
		if (token == C_WORD)
			(*value)->cspec.words = v;
		else if (token == C_TAG)
			(*value)->cspec.tag = (enum type_kind)v;
		else
			(*value)->cspec.flags = v;
		return token;
	}
	if (token)
		return token;
	if (top && next_is(t->next, '(') && is_map_macro(t->text)) {
		*value = c_node(p, N_CMAPDECL, place_of(t));
		(*value)->cmapdecl.macro = t->text;
		return C_MAP_MACRO;
	}
	if (top && next_is(t->next, '(') && misspelt_macro(p, t))
		return 0;
	names = top && next_is(t->next, '(') ? probe_macro(t->text) : 0;
	if (names) {
		*value = probe_head(p, t, names);
		open_bracket(p, t, '(');
		return C_PROBE_MACRO;
	}
	if (is_type(p, t)) {
		*value = spec_node(p, t);
		(*value)->cspec.name = t->text;
		return C_TYPE_NAME;
	}
	*value = name_node(p, t);
	return C_IDENT;
}

static int bad_token(struct c_parser *p, const struct cpp_token *t)
{
	if (t->text[0] == '"' || t->text[0] == '\'') {
		cpp_error(p->cpp, t, STRING, "this %s is never closed",
			  t->text[0] == '"' ? "string" : "character");
		p->stopped = true;
		return 0;
	}
	if ((unsigned char)t->text[0] < 0x20 || (unsigned char)t->text[0] >= 0x7f)
		cpp_error(p->cpp, t, LEX, "unexpected byte 0x%02x", (unsigned char)t->text[0]);
	else
		cpp_error(p->cpp, t, LEX, "unexpected '%s'", t->text);
	return -1;
}

/* One token; 0 at the end, -1 for one that gives nothing. */
static int next_token(struct c_parser *p, struct node **value)
{
	struct cpp_token *t = p->at;
	bool closed_tag = false;
	int token;

	p->last = t;
	if (ends(t) || p->stopped)
		return 0;
	p->at = t->next;
	switch (t->kind) {
	case CPP_IDENT:
		token = identifier(p, t, value);
		if (!token)
			return -1;
		break;
	case CPP_NUMBER:
		*value = c_number(p, t);
		token = C_NUMBER;
		break;
	case CPP_CHAR:
		*value = c_character(p, t);
		token = C_NUMBER;
		break;
	case CPP_STRING:
		*value = c_string(p, t, &p->at);
		token = C_STRING;
		break;
	case CPP_UNROLL:
		*value = c_node(p, N_NUM, place_of(t));
		(*value)->num.value = strtoul(t->text, NULL, 0);
		token = C_UNROLL;
		break;
	case CPP_PUNCT:
		token = punct(t->text);
		if (token == '(' || token == '[' || token == '{')
			open_bracket(p, t, (char)token);
		else if (token == ')' || token == ']' || token == '}')
			closed_tag = close_bracket(p);
		if (p->stopped)
			return 0;
		break;
	default: return bad_token(p, t);
	}
	note(p, token, closed_tag);
	return token;
}

int c_token(struct c_parser *p, struct node **value, struct c_place *place)
{
	int token;

	do {
		*value = NULL;
		token = next_token(p, value);
	} while (token < 0);
	*place = place_of(p->last);
	/* a name in the list of an enum is never a type's */
	if (*value && token != C_UNROLL)
		(*value)->expansion = place->expansion;
	if (!token)
		*place = p->end;
	return token;
}

static const char *token_text(const struct c_parser *p)
{
	const struct cpp_token *t = p->last;

	if (ends(t))
		return "the end of the text";
	if (t->len > 40)
		return arena_printf(p->arena, "'%.40s…'", t->text);
	return arena_printf(p->arena, "'%s'", t->text);
}

void c_syntax_error(struct c_parser *p, struct c_place place, const char *const *expected, int n)
{
	char list[200] = "";
	int i;

	if (p->stopped || ++p->errors > 20)
		return;
	if (ends(p->last) && p->brackets.n) {
		const struct c_bracket *b = &p->brackets.v[p->brackets.n - 1];

		diag_error(&p->c->diags, UNCLOSED, b->loc, "this '%c' is never closed", b->kind);
		return;
	}
	/* where many things could stand, a missing ';' is the likeliest fault */
	for (i = 0; i < n && n > 4; i++) {
		if (strcmp(expected[i], "';'") == 0) {
			expected += i;
			n = 1;
		}
	}
	for (i = 0; i < n && n <= 4; i++) {
		bool word = expected[i][0] >= 'a' && expected[i][0] <= 'z';

		if (strlen(list) + strlen(expected[i]) + 12 > sizeof(list))
			break;
		strcat(list, i == 0 ? "expected " : i == n - 1 ? " or " : ", ");
		/* tokens without a name of their own are shown as they are written */
		strcat(list, word || expected[i][0] == '\'' ? "" : "'");
		strcat(list, expected[i]);
		strcat(list, word || expected[i][0] == '\'' ? "" : "'");
	}
	if (*list)
		diag_error(&p->c->diags, SYNTAX, place.loc, "%s before %s", list, token_text(p));
	else
		diag_error(&p->c->diags, SYNTAX, place.loc, "unexpected %s", token_text(p));
	cpp_notes(p->cpp, place.expansion);
}
