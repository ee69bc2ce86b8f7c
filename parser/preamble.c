/*
 * The C preamble of a program: conditionals, and the macros that its clauses
 * use. The table of macros and the conditions are those of BPF C (parser/c/cpp.h);
 * the text of declarations is left to the C front end. Called by scan.c.
 */
#include "parser/preamble.h"

#include <string.h>

#include "base/buf.h"
#include "parser/c/cpp.h"
#include "parser/c/cpp_lex.h"
#include "parser/unit.h"

#define MAX_CONDITIONS COMPILE_MAX_DEPTH

struct preamble {
	struct cpp cpp;
	struct c_options opt;
	bool prelude; /* what is built in is defined */
	VEC(struct cpp_cond) conds;
	struct buf text; /* the source and behind it what macros became */
};

/* What is being read: the program, or a file that it includes. */
struct text {
	const char *s;
	uint32_t len;
	unsigned file;
};

static const char *const defines[] = { "BPFTRACE_HAVE_BTF", "BCCT_HAVE_BTF" };

void preamble_options(const struct compile *c, struct c_options *opt)
{
	unsigned n = sizeof(defines) / sizeof(defines[0]);
	const char **all = arena_alloc(c->arena, (n + c->ndefines) * sizeof(*all));

	memcpy(all, defines, sizeof(defines));
	if (c->ndefines)
		memcpy(all + n, c->defines, c->ndefines * sizeof(*all));
	*opt = (struct c_options){
		.defines = all,
		.ndefines = n + c->ndefines,
		.dirs = c->includes,
		.ndirs = c->nincludes,
	};
}

static struct preamble *preamble_open(struct parser *p)
{
	struct preamble *pre = p->preamble;
	struct cpp_dir dir = { (int)p->file, 0 };

	if (pre)
		return pre;
	pre = p->preamble = arena_new_of(p->arena, struct preamble);
	preamble_options(p->c, &pre->opt);
	cpp_open(&pre->cpp, p->c, (int)p->file, &pre->opt);
	vec_push(&pre->cpp.files, dir);
	return pre;
}

/*
 * What is built in is much text, and few scripts need it: it is read when a
 * condition asks for it. What the program defined by then stays.
 */
static void need_prelude(struct preamble *pre)
{
	struct strmap *macros = &pre->cpp.macros;
	VEC(struct strmap_entry) own = { 0 };
	VEC(struct cpp_dir) files = { 0 };

	if (pre->prelude)
		return;
	pre->prelude = true;
	for (size_t i = 0; i < pre->cpp.files.n; i++)
		vec_push(&files, pre->cpp.files.v[i]);
	for (size_t i = 0; i < macros->n; i++)
		vec_push(&own, macros->entries[i]);
	cpp_prelude(&pre->cpp); /* leaves all files */
	for (size_t i = 0; i < files.n; i++)
		vec_push(&pre->cpp.files, files.v[i]);
	for (size_t i = 0; i < own.n; i++)
		strmap_put(macros, own.v[i].key, own.v[i].value);
	vec_free(&own);
	vec_free(&files);
}

/* Is the name that of a macro, for #ifdef? */
static bool is_defined(struct preamble *pre, const char *name)
{
	for (size_t i = 0; i < sizeof(defines) / sizeof(defines[0]); i++)
		if (!pre->prelude && !strcmp(defines[i], name) &&
			!strmap_get(&pre->cpp.macros, name))
			return true;
	if (!strmap_get(&pre->cpp.macros, name))
		need_prelude(pre);
	return cpp_macro_find(&pre->cpp, name) != NULL;
}

void preamble_close(struct parser *p)
{
	struct preamble *pre = p->preamble;

	if (!pre)
		return;
	for (size_t i = 0; i < pre->conds.n; i++)
		parser_error(p, TAG_UNCLOSED, pre->conds.v[i].loc, NULL,
			"this condition has no #endif");
	vec_free(&pre->conds);
	cpp_free(&pre->cpp);
}

void preamble_free(struct parser *p)
{
	if (p->preamble)
		buf_free(&p->preamble->text);
	vec_free(&p->expansions);
}

/* ---- lines ---- */

static uint32_t line_end(const struct text *t, uint32_t at)
{
	const char *nl = memchr(t->s + at, '\n', t->len - at);

	return nl ? (uint32_t)(nl - t->s) : t->len;
}

/* The end of a directive: its line may be continued by backslashes. */
static uint32_t directive_end(const struct text *t, uint32_t at)
{
	for (;;) {
		uint32_t end = line_end(t, at), last = end;

		while (last > at && (t->s[last - 1] == '\r' || t->s[last - 1] == ' '))
			last--;
		if (end >= t->len || last == at || t->s[last - 1] != '\\')
			return end;
		at = end + 1;
	}
}

/* A copy in which continued lines are one, every byte in its place; malloc'ed. */
static void copy_line(struct buf *b, const struct text *t, uint32_t from, uint32_t to)
{
	buf_put(b, t->s + from, to - from);
	for (size_t i = 0; i < b->len; i++) {
		size_t k = i + 1;

		if (!b->data[i])
			b->data[i] = ' ';
		if (b->data[i] != '\\')
			continue;
		while (k < b->len && (b->data[k] == ' ' || b->data[k] == '\r'))
			k++;
		if (k < b->len && b->data[k] == '\n')
			b->data[i] = b->data[k] = ' ';
	}
}

/* The tokens of a part of the text; with an end token that may be the last of a line. */
static struct cpp_token *tokens_of(
	struct parser *p, const struct text *t, uint32_t from, uint32_t to)
{
	struct cpp *cpp = &preamble_open(p)->cpp;
	struct cpp_lexer l = { 0 };
	struct cpp_token *head = NULL, **tail = &head;
	struct buf b = { 0 };
	int kind = CPP_END;

	copy_line(&b, t, from, to);
	buf_u8(&b, '\0');
	if (!cpp_lexer_open(&l, (const char *)b.data, to - from)) {
		while (!cpp->stopped && (kind = cpp_flex(l.flex)) != CPP_END && !l.unclosed) {
			struct cpp_token *n = cpp_token_new(cpp, (enum cpp_kind)kind,
				(const char *)b.data + l.start, l.end - l.start, NULL);

			n->loc.file = t->file & 0xff;
			n->loc.offset = (from + l.start) & SOURCE_MAX_BYTES;
			n->loc.length = l.end - l.start;
			n->space = l.space || l.bol;
			l.space = l.bol = false;
			*tail = n;
			tail = &n->next;
		}
	}
	cpp_lexer_close(&l);
	buf_free(&b);
	*tail = cpp_token_new(cpp, CPP_END, "", 0, NULL);
	(*tail)->loc.file = t->file & 0xff;
	(*tail)->loc.offset = to & SOURCE_MAX_BYTES;
	(*tail)->bol = true;
	return head;
}

/* ---- what is left out ---- */

static uint32_t skip_quoted(const struct text *t, uint32_t at)
{
	char quote = t->s[at++];

	while (at < t->len && t->s[at] != quote && t->s[at] != '\n')
		at += t->s[at] == '\\' ? 2 : 1;
	return at < t->len ? at + (t->s[at] == quote) : t->len;
}

static uint32_t skip_comment(const struct text *t, uint32_t at)
{
	const char *end;

	if (t->s[at + 1] == '/')
		return line_end(t, at);
	end = memmem(t->s + at + 2, t->len - at - 2, "*/", 2);
	return end ? (uint32_t)(end + 2 - t->s) : t->len;
}

/* The next '#' that starts a line, from the beginning of a line on; the end of the text: none. */
static uint32_t next_directive(const struct text *t, uint32_t at)
{
	bool first = true;

	while (at < t->len) {
		char c = t->s[at], next = at + 1 < t->len ? t->s[at + 1] : 0;

		if (c == '#' && first)
			return at;
		if (c == '\n')
			first = true;
		else if (c != ' ' && c != '\t' && c != '\r' && c != '/')
			first = false;
		if (c == '/' && (next == '/' || next == '*')) {
			at = skip_comment(t, at);
			continue;
		}
		if (c == '"' || c == '\'') {
			at = skip_quoted(t, at);
			continue;
		}
		at++;
	}
	return t->len;
}

static uint32_t blanks(const struct text *t, uint32_t at)
{
	while (at < t->len && (t->s[at] == ' ' || t->s[at] == '\t'))
		at++;
	return at;
}

static bool is_directive(const struct text *t, uint32_t hash, const char *word)
{
	uint32_t at = blanks(t, hash + 1);
	size_t n = strlen(word);

	return at + n <= t->len && !memcmp(t->s + at, word, n) &&
		(at + n == t->len || t->s[at + n] < '0' || t->s[at + n] == '<');
}

/* From behind a condition that does not hold to the '#' of the directive that ends the group. */
static uint32_t skip_group(const struct text *t, uint32_t at)
{
	unsigned depth = 0;

	while ((at = next_directive(t, at)) < t->len) {
		if (is_directive(t, at, "if") || is_directive(t, at, "ifdef") ||
			is_directive(t, at, "ifndef"))
			depth++;
		else if (is_directive(t, at, "endif") && depth)
			depth--;
		else if (!depth &&
			(is_directive(t, at, "endif") || is_directive(t, at, "else") ||
				is_directive(t, at, "elif")))
			return at;
		at = directive_end(t, at);
	}
	return t->len;
}

/* ---- directives ---- */

static uint32_t directive_at(struct parser *p, const struct text *t, uint32_t at);

static bool condition(struct parser *p, const struct cpp_token *word, struct cpp_token *line)
{
	struct cpp *cpp = &p->preamble->cpp;
	bool value;

	if (cpp_is_word(word, "if") || cpp_is_word(word, "elif")) {
		need_prelude(p->preamble);
		return cpp_condition(cpp, word, line);
	}
	if (line->kind != CPP_IDENT)
		parser_error(p, TAG_PREPROCESSOR, word->loc, NULL, "#%s without a name",
			word->text);
	value = line->kind == CPP_IDENT && is_defined(p->preamble, line->text);
	return value != cpp_is_word(word, "ifndef");
}

/* Behind #if and its kind at end. */
static uint32_t do_if(struct parser *p, const struct text *t, struct cpp_token *word, uint32_t end)
{
	struct preamble *pre = p->preamble;
	struct cpp_cond c = { word->loc, false, false };

	if (pre->conds.n >= MAX_CONDITIONS) {
		parser_error(p, TAG_TOO_DEEP, word->loc, NULL, "#%s nested more than %d deep",
			word->text, MAX_CONDITIONS);
		return t->len;
	}
	c.taken = condition(p, word, word->next);
	vec_push(&pre->conds, c);
	return c.taken ? end : skip_group(t, end);
}

static uint32_t do_else(
	struct parser *p, const struct text *t, struct cpp_token *word, uint32_t end)
{
	struct preamble *pre = p->preamble;
	struct cpp_cond *c;

	if (!pre->conds.n) {
		parser_error(p, TAG_PREPROCESSOR, word->loc, NULL, "#%s without #if", word->text);
		return end;
	}
	c = &pre->conds.v[pre->conds.n - 1];
	if (cpp_is_word(word, "endif")) {
		pre->conds.n--;
		return end;
	}
	if (c->seen_else)
		parser_error(
			p, TAG_PREPROCESSOR, word->loc, NULL, "#%s behind #else", word->text);
	c->seen_else |= cpp_is_word(word, "else");
	if (c->taken || (cpp_is_word(word, "elif") && !condition(p, word, word->next)))
		return skip_group(t, end);
	pre->conds.v[pre->conds.n - 1].taken = true;
	return end;
}

/* An included file of the user: its macros; its declarations are read by the C front end. */
static void read_file(struct parser *p, int file)
{
	const struct source *src = &p->c->sources.file[file];
	struct text t = { src->text, src->len, (unsigned)file };
	struct cpp *cpp = &p->preamble->cpp;
	struct cpp_dir dir = { file, 0 };
	size_t conds = p->preamble->conds.n;
	uint32_t at = 0;

	vec_push(&cpp->files, dir);
	while ((at = next_directive(&t, at)) < t.len)
		at = directive_at(p, &t, at);
	cpp->files.n--;
	if (p->preamble->conds.n > conds) /* the C front end says so */
		p->preamble->conds.n = conds;
}

/* The name behind #include, up to *end; NULL when it is none. */
static const char *include_name(struct parser *p, const struct text *t,
	const struct cpp_token *name, bool *quoted, uint32_t *end)
{
	uint32_t from = name->loc.offset, to = line_end(t, from);
	const char *close;

	*quoted = name->kind == CPP_STRING;
	*end = from + name->loc.length;
	if (*quoted)
		return name->len > 2 ? arena_strndup(p->arena, name->text + 1, name->len - 2)
				     : NULL;
	close = cpp_is(name, "<") ? memchr(t->s + from, '>', to - from) : NULL;
	if (!close || close == t->s + from + 1)
		return NULL;
	*end = (uint32_t)(close + 1 - t->s);
	return arena_strndup(p->arena, t->s + from + 1, *end - from - 2);
}

static void do_include(struct parser *p, const struct text *t, struct cpp_token *word)
{
	struct cpp *cpp = &p->preamble->cpp;
	struct cpp_token at = *word;
	const char *name;
	uint32_t end;
	bool quoted;
	int file;

	if (word->next->kind == CPP_IDENT)
		return; /* a macro: the C front end's business */
	name = include_name(p, t, word->next, &quoted, &end);
	if (!name) {
		parser_error(p, TAG_PREPROCESSOR, word->loc, NULL,
			"#include is followed by \"FILE\" or <FILE>");
		return;
	}
	if (cpp->files.n >= CPP_MAX_INCLUDES) {
		parser_error(p, TAG_TOO_DEEP, word->loc, NULL,
			"files include each other more than %d deep", CPP_MAX_INCLUDES);
		return;
	}
	at.loc.length = end - at.loc.offset;
	file = cpp_find_include(cpp, &at, name, quoted);
	if (file <= 0)
		return;
	if (t->file == p->file)
		vec_push(&p->declarations, word->loc.offset);
	read_file(p, file);
}

/* The directive at '#'; where the text goes on. */
static uint32_t directive_at(struct parser *p, const struct text *t, uint32_t at)
{
	uint32_t end = directive_end(t, at);
	struct cpp_token *list = tokens_of(p, t, at, end), *word = list->next;
	struct cpp *cpp = &p->preamble->cpp;

	if (list->kind == CPP_END || word->kind != CPP_IDENT || cpp->stopped)
		return end;
	if (cpp_is_word(word, "if") || cpp_is_word(word, "ifdef") || cpp_is_word(word, "ifndef"))
		return do_if(p, t, word, end);
	if (cpp_is_word(word, "else") || cpp_is_word(word, "elif") || cpp_is_word(word, "endif"))
		return do_else(p, t, word, end);
	if (cpp_is_word(word, "define")) {
		cpp_define(cpp, word->next);
	} else if (cpp_is_word(word, "undef")) {
		if (word->next->kind == CPP_IDENT)
			cpp_macro_new(cpp, word->next->text, word->next->loc)->defined = false;
	} else if (cpp_is_word(word, "include")) {
		do_include(p, t, word);
	} else if (cpp_is_word(word, "error") && t->file == p->file) {
		uint32_t from = blanks(t, word->loc.offset + word->loc.length);

		parser_error(p, TAG_PREPROCESSOR, word->loc, NULL, "#error %.*s",
			end - from > 200 ? 200 : (int)(end - from), t->s + from);
	} else if (!cpp_is_word(word, "pragma") && !cpp_is_word(word, "warning") &&
		!cpp_is_word(word, "error") && !cpp_is_word(word, "line")) {
		parser_error(p, TAG_PREPROCESSOR, word->loc, NULL, "unknown directive #%s",
			word->text);
	}
	return end;
}

uint32_t preamble_directive(struct parser *p, uint32_t at)
{
	struct text t = { p->text, p->len, p->file };
	uint32_t end = directive_at(p, &t, at);

	return end;
}

/* The headers of --include: their macros. */
void preamble_headers(struct parser *p)
{
	struct preamble *pre = preamble_open(p);
	struct cpp_dir dir = { 0 };

	for (unsigned i = 0; i < p->c->nheaders; i++) {
		const char *line =
			arena_printf(p->arena, "#include \"%s\"\n", p->c->headers[i]);
		struct text t = { line, (uint32_t)strlen(line), 0 };
		int file = sources_add(&p->c->sources, "<command line>", line, t.len);

		if (file < 0)
			return;
		t.file = (unsigned)file;
		dir.file = file;
		vec_push(&pre->cpp.files, dir);
		directive_at(p, &t, 0);
		pre->cpp.files.n--;
	}
}

/* ---- macros in clauses ---- */

/* A word of the language's own: what a header makes of it does not count. */
static bool is_language(const char *name)
{
	static const char *const words[] = { "true", "false", "bool", "if", "else", "for", "while",
		"unroll", "let", "return", "break", "continue", "sizeof", "offsetof", "typeof",
		"struct", "union", "enum", "args", "retval" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], name))
			return true;
	return builtin_find(name) || aggregation_find(name);
}

static struct cpp_macro *user_macro(struct parser *p, struct loc loc)
{
	struct preamble *pre = p->preamble;
	char name[128];
	struct cpp_macro *m;

	if (!pre || loc.length >= sizeof(name) || pre->cpp.stopped)
		return NULL;
	memcpy(name, p->text + loc.offset, loc.length);
	name[loc.length] = '\0';
	m = strmap_get(&pre->cpp.macros, name);
	if (!m && !is_language(name))
		m = cpp_header_macro(&pre->cpp, name);
	if (!m || !m->defined || m->make)
		return NULL;
	if (m->header)
		return is_language(name) ? NULL : m;
	/* names in angle brackets: what is built in is for C only */
	return p->c->sources.file[m->loc.file].name[0] == '<' ? NULL : m;
}

/* Behind the parenthesis that closes the one at open; 0 when there is none. */
static uint32_t close_of(const struct text *t, uint32_t open)
{
	uint32_t at = open;
	unsigned depth = 0;

	while (at < t->len) {
		char c = t->s[at];

		if (c == '"') {
			at = skip_quoted(t, at);
			continue;
		}
		if (c == '/' && at + 1 < t->len && (t->s[at + 1] == '/' || t->s[at + 1] == '*')) {
			at = skip_comment(t, at);
			continue;
		}
		at++;
		if (c == '(')
			depth++;
		if (c == ')' && !--depth)
			return at;
	}
	return 0;
}

/* Must a blank stand between two tokens, so that they are not read as one? */
static bool must_part(const struct cpp_token *a, const struct cpp_token *b)
{
	bool word = a->kind == CPP_IDENT || a->kind == CPP_NUMBER;

	if (a->kind == CPP_PUNCT && b->kind == CPP_PUNCT)
		return !cpp_is(a, ".") || !cpp_is(b, ".");
	return word && (b->kind == CPP_IDENT || b->kind == CPP_NUMBER);
}

/* Appends what a macro became to the text; false when there is too much. */
static bool append(struct parser *p, const struct cpp_token *list)
{
	struct buf *b = &p->preamble->text;
	const struct cpp_token *last = NULL;

	if (!b->len)
		buf_put(b, p->text, p->len + 1); /* with its NUL */
	for (; list && list->kind != CPP_END; last = list, list = list->next) {
		if (last && (list->space || must_part(last, list)))
			buf_u8(b, ' ');
		buf_put(b, list->text, list->len);
	}
	buf_u8(b, '\n');
	p->text = (const char *)b->data;
	return b->len <= SOURCE_MAX_BYTES;
}

bool preamble_expand(
	struct parser *p, struct loc name, uint32_t *end, uint32_t *from, uint32_t *to)
{
	struct text t = { p->text, p->len, p->file };
	struct cpp_macro *m = user_macro(p, name);
	struct expansion e = { 0 };
	struct cpp_token *list, *last;
	uint32_t open;

	*end = name.offset + name.length;
	if (!m)
		return false;
	if (m->function) {
		open = text_skip_blank(p, *end);
		if (open >= p->len || p->text[open] != '(')
			return false;
		*end = close_of(&t, open);
		if (!*end)
			return false;
	}
	list = tokens_of(p, &t, name.offset, *end);
	for (last = list; last->next && last->next->kind != CPP_END; last = last->next)
		;
	last->next = NULL; /* the list without its end */
	list = cpp_expand_list(&p->preamble->cpp, list);
	e.from = p->preamble->text.len ? (uint32_t)p->preamble->text.len : p->len + 1;
	e.site = parser_loc(p, name.offset, *end);
	e.macro = m->name;
	e.definition = m->loc;
	if (!append(p, list)) {
		parser_error(p, TAG_TOO_LARGE, e.site, NULL,
			"the program is longer than %u bytes when its macros are expanded",
			SOURCE_MAX_BYTES);
		p->preamble->cpp.stopped = true;
		p->preamble->text.len = e.from;
		return false;
	}
	vec_push(&p->expansions, e);
	*from = e.from;
	*to = (uint32_t)p->preamble->text.len;
	return true;
}
