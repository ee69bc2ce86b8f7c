/*
 * Looking ahead in the source text without tokens: what stands at the top
 * level, and what follows a '>' or a predicate's '/'. Called by scan.c.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "parser/preamble.h"
#include "parser/unit.h"

static int byte_at(const struct parser *p, uint32_t at)
{
	return at < p->len ? (unsigned char)p->text[at] : -1;
}

static bool is_word(int c)
{
	return c == '_' || (c > 0 && c < 128 && isalnum(c));
}

static bool is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool text_is(const struct parser *p, struct loc loc, const char *word)
{
	return strlen(word) == loc.length && !memcmp(p->text + loc.offset, word, loc.length);
}

static uint32_t skip_line(const struct parser *p, uint32_t at)
{
	const char *end = memchr(p->text + at, '\n', p->len - at);

	return end ? (uint32_t)(end - p->text) : p->len;
}

uint32_t text_skip_blank(const struct parser *p, uint32_t at)
{
	while (at < p->len) {
		const char *end;

		if (is_blank(byte_at(p, at))) {
			at++;
		} else if (p->text[at] == '/' && byte_at(p, at + 1) == '/') {
			at = skip_line(p, at);
		} else if (p->text[at] == '/' && byte_at(p, at + 1) == '*') {
			end = at + 2 < p->len ? memmem(p->text + at + 2, p->len - at - 2, "*/", 2)
					      : NULL;
			if (!end)
				return at;
			at = (uint32_t)(end + 2 - p->text);
		} else {
			break;
		}
	}
	return at;
}

uint32_t text_word(const struct parser *p, uint32_t at)
{
	while (is_word(byte_at(p, at)))
		at++;
	return at;
}

static bool word_is(const struct parser *p, uint32_t from, uint32_t to, const char *word)
{
	return strlen(word) == to - from && !memcmp(p->text + from, word, to - from);
}

/* Is this BEGIN or END, in any case? */
static bool is_special(const struct parser *p, uint32_t from, uint32_t to)
{
	return (to - from == 5 && !strncasecmp(p->text + from, "begin", 5)) ||
		(to - from == 3 && !strncasecmp(p->text + from, "end", 3));
}

static bool opens_body(int c)
{
	return c == '{' || c == '<' || c == '/' || c == ',';
}

/* Skips "name=" before a probe. */
static uint32_t skip_label(const struct parser *p, uint32_t at)
{
	uint32_t end = text_word(p, at);

	if (end > at && byte_at(p, end) == '=' && is_word(byte_at(p, end + 1)))
		return end + 1;
	return at;
}

/* End of a provider's name, which may hold wildcards. */
static uint32_t skip_provider(const struct parser *p, uint32_t at)
{
	while (is_word(byte_at(p, at)) || byte_at(p, at) == '*')
		at++;
	return at;
}

static bool starts_probe(const struct parser *p, uint32_t at)
{
	uint32_t end;
	int next;

	at = skip_label(p, at);
	end = skip_provider(p, at);
	if (end == at || isdigit(byte_at(p, at)))
		return false;
	next = byte_at(p, end + 1);
	if (byte_at(p, end) == ':')
		return next >= 0 && !is_blank(next) && next != ':';
	return is_special(p, at, end) && opens_body(byte_at(p, text_skip_blank(p, end)));
}

static const struct {
	const char *word;
	enum top_kind kind;
} top_words[] = {
	{ "config", TOP_CONFIG },
	{ "import", TOP_IMPORT },
	{ "macro", TOP_MACRO },
	{ "let", TOP_LET },
	{ "fn", TOP_FN },
	{ "struct", TOP_STRUCT },
	{ "union", TOP_STRUCT },
	{ "enum", TOP_STRUCT },
	{ "typedef", TOP_STRUCT },
};

static bool is_macro_name(const struct parser *p, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (islower((unsigned char)p->text[i]))
			return false;
	return to - from > 3;
}

static bool is_c_word(const struct parser *p, uint32_t from, uint32_t to)
{
	static const char *const words[] = { "int", "unsigned", "signed", "void", "char", "long",
		"short", "bool", "static", "extern", "const", "inline", "volatile", "u8", "u16",
		"u32", "u64", "s8", "s16", "s32", "s64", "__always_inline", "register" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word_is(p, from, to, words[i]))
			return true;
	return false;
}

/* Words that begin a declaration with a parenthesis. */
static bool is_c_call(const struct parser *p, uint32_t from, uint32_t to)
{
	return word_is(p, from, to, "_Static_assert") || word_is(p, from, to, "static_assert") ||
		word_is(p, from, to, "__attribute__") || word_is(p, from, to, "typeof");
}

/* After a type's name: "foo", "*foo(", "* foo;" as in declarations, not "* b" as in products. */
static bool declares(const struct parser *p, uint32_t end)
{
	uint32_t at = text_skip_blank(p, end), name;
	bool blank = at > end, starred = false;
	int c;

	while (byte_at(p, at) == '*') {
		starred = true;
		at++;
	}
	name = text_skip_blank(p, at);
	c = byte_at(p, name);
	if (!is_word(c) || isdigit(c) || starts_probe(p, name))
		return false;
	if (!starred)
		return blank;
	c = byte_at(p, text_skip_blank(p, text_word(p, name)));
	return blank != (name > at) && c > 0 && strchr("(;=[,", c);
}

/* "int foo", "static …", "BPF_HASH(": TOP_C; "config = {" and the like: their kind. */
static enum top_kind classify_declaration(const struct parser *p, uint32_t at)
{
	uint32_t end = text_word(p, at);
	int c = byte_at(p, text_skip_blank(p, end));

	if (end == at || isdigit(byte_at(p, at)))
		return TOP_JUNK;
	for (size_t i = 0; i < sizeof(top_words) / sizeof(top_words[0]); i++) {
		if (!word_is(p, at, end, top_words[i].word))
			continue;
		if (is_word(c) || (c > 0 && strchr("={\"@", c)))
			return top_words[i].kind;
	}
	if (c == '(' && (is_macro_name(p, at, end) || is_c_call(p, at, end)))
		return TOP_C;
	if (is_c_word(p, at, end) && (c == '*' || is_word(c)))
		return TOP_C;
	return declares(p, end) ? TOP_C : TOP_JUNK;
}

bool text_starts_item(const struct parser *p, uint32_t at)
{
	return byte_at(p, at) == '#' || starts_probe(p, at) ||
		classify_declaration(p, at) != TOP_JUNK;
}

bool text_starts_known_probe(const struct parser *p, uint32_t at)
{
	uint32_t end;

	if (!starts_probe(p, at))
		return false;
	at = skip_label(p, at);
	end = text_word(p, at);
	return provider_find(p->text + at, end - at) != NULL;
}

enum top_kind text_classify(const struct parser *p, uint32_t at)
{
	enum top_kind kind;
	uint32_t end;
	int c = byte_at(p, at);

	if (c == '#')
		return TOP_DIRECTIVE;
	if (starts_probe(p, at))
		return TOP_CLAUSE;
	kind = classify_declaration(p, at);
	if (kind != TOP_JUNK)
		return kind;
	/* a mistyped or incomplete probe is a clause still: the check says what is wrong with it */
	end = skip_provider(p, skip_label(p, at));
	if (end == at || isdigit(c))
		return c == '$' ? TOP_CLAUSE : TOP_JUNK;
	if (byte_at(p, end) == ':')
		return TOP_CLAUSE;
	c = byte_at(p, text_skip_blank(p, end));
	return c < 0 || opens_body(c) ? TOP_CLAUSE : TOP_JUNK;
}

static uint32_t skip_quoted(const struct parser *p, uint32_t at)
{
	char quote = p->text[at++];

	while (at < p->len && p->text[at] != quote && p->text[at] != '\n')
		at += p->text[at] == '\\' ? 2 : 1;
	return at < p->len ? at + 1 : p->len;
}

/* Are there only blanks before it on its line? */
static bool line_starts(const struct parser *p, uint32_t at)
{
	while (at && (p->text[at - 1] == ' ' || p->text[at - 1] == '\t'))
		at--;
	return !at || p->text[at - 1] == '\n';
}

/* Behind a '}' at depth 0 that is no function's end: does the declaration go on? */
static bool goes_on(const struct parser *p, uint32_t at)
{
	int c = byte_at(p, at);

	if (c == ';' || c == '*' || c == '[' || c == ',' ||
		word_is(p, at, text_word(p, at), "__attribute__"))
		return true;
	return is_word(c) && !text_starts_item(p, at);
}

uint32_t text_skip_item(struct parser *p, uint32_t at, enum top_kind kind)
{
	unsigned depth = 0;
	bool function = kind != TOP_STRUCT && kind != TOP_C; /* the '}' of '{' ends it */
	char before = 0;

	while ((at = text_skip_blank(p, at)) < p->len) {
		char c = p->text[at];

		if (c == '"' || c == '\'') {
			at = skip_quoted(p, at);
			before = c;
			continue;
		}
		if (c == '#' && line_starts(p, at)) {
			at = preamble_directive(p, at);
			continue;
		}
		at++;
		if (c == '{' && !depth)
			function |= before == ')';
		if (c == '{' || c == '(' || c == '[')
			depth++;
		if ((c == '}' || c == ')' || c == ']') && depth)
			depth--;
		before = c;
		if (depth || (c != ';' && c != '}'))
			continue;
		if (c == '}' && !function && goes_on(p, text_skip_blank(p, at)))
			continue;
		if (c == '}' && byte_at(p, text_skip_blank(p, at)) == ';')
			at = text_skip_blank(p, at) + 1;
		return at;
	}
	return p->len;
}

uint32_t text_skip_junk(const struct parser *p, uint32_t at)
{
	while (at < p->len) {
		at = skip_line(p, at);
		while (at < p->len && is_blank(byte_at(p, at)))
			at++;
		if (at < p->len && text_starts_item(p, at))
			return at;
	}
	return p->len;
}
