/*
 * The preprocessor's main loop: directives, conditionals, included files. The
 * tokens of all files form one list, which is expanded from the front.
 * Called by c_parse().
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parser/c/cpp.h"

static struct cpp_token *skip_line(struct cpp_token *t)
{
	while (t->kind != CPP_END && t->kind != CPP_LEAVE && !t->bol)
		t = t->next;
	return t;
}

/* Cuts the rest of a directive's line off as a list of its own; *rest is what follows it. */
static struct cpp_token *cut_line(struct cpp *p, struct cpp_token *t, struct cpp_token **rest)
{
	struct cpp_token *head = NULL, **tail = &head;

	while (t->kind != CPP_END && t->kind != CPP_LEAVE && !t->bol) {
		*tail = t;
		tail = &t->next;
		t = t->next;
	}
	*rest = t;
	*tail = cpp_token_new(p, CPP_END, "", 0, t);
	(*tail)->bol = true;
	return head;
}

void cpp_notes(const struct cpp *p, uint32_t expansion)
{
	unsigned i;

	for (i = 0; expansion && expansion <= p->expansions.n && i < 4; i++) {
		const struct cpp_expansion *e = &p->expansions.v[expansion - 1];

		if (e->definition.file == p->main_file && !p->c->diags.dropped)
			diag_add(&p->c->diags, DIAG_NOTE, TAG_PREPROCESSOR, e->definition,
				 "expanded from macro '%s'", e->name);
		expansion = e->parent;
	}
}

/* ---- conditionals ------------------------------------------------------- */

static bool starts_group(const struct cpp_token *t)
{
	return cpp_is_word(t, "if") || cpp_is_word(t, "ifdef") || cpp_is_word(t, "ifndef");
}

/* From inside a group that is left out to the "#" of the directive that ends it. */
static struct cpp_token *skip_group(struct cpp_token *t)
{
	unsigned depth = 0;

	for (; t->kind != CPP_END && t->kind != CPP_LEAVE; t = t->next) {
		const struct cpp_token *word = t->next;

		if (!t->bol || !cpp_is(t, "#") || word->bol)
			continue;
		if (starts_group(word))
			depth++;
		else if (!depth && (cpp_is_word(word, "else") || cpp_is_word(word, "elif") ||
				    cpp_is_word(word, "endif")))
			return t;
		else if (cpp_is_word(word, "endif"))
			depth--;
	}
	return t;
}

static struct cpp_token *open_group(struct cpp *p, struct cpp_token *word, bool value,
				    struct cpp_token *rest)
{
	struct cpp_cond cond = {word->loc, value, false};

	if (p->conds.n >= COMPILE_MAX_DEPTH) {
		cpp_error(p, word, TOO_DEEP, "#%s nested more than %d deep", word->text,
			  COMPILE_MAX_DEPTH);
		p->stopped = true;
	}
	vec_push(&p->conds, cond);
	return value ? rest : skip_group(rest);
}

static struct cpp_token *do_if(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);
	bool value;

	if (cpp_is_word(word, "if")) {
		value = cpp_condition(p, word, line);
	} else {
		if (line->kind != CPP_IDENT)
			cpp_error(p, word, PREPROCESSOR, "#%s without a name", word->text);
		value = line->kind == CPP_IDENT && cpp_macro_find(p, line->text);
		if (cpp_is_word(word, "ifndef"))
			value = !value;
	}
	return open_group(p, word, value, rest);
}

static bool in_group(struct cpp *p, const struct cpp_token *word)
{
	if (p->conds.n > p->files.v[p->files.n - 1].conds)
		return true;
	cpp_error(p, word, PREPROCESSOR, "#%s without #if", word->text);
	return false;
}

static struct cpp_token *do_else(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);
	struct cpp_cond *cond;
	bool value;

	if (!in_group(p, word))
		return rest;
	cond = &p->conds.v[p->conds.n - 1];
	if (cond->seen_else)
		cpp_error(p, word, PREPROCESSOR, "#%s behind #else", word->text);
	if (cpp_is_word(word, "else")) {
		cond->seen_else = true;
		value = !cond->taken;
	} else {
		value = !cond->taken && cpp_condition(p, word, line);
	}
	if (value)
		p->conds.v[p->conds.n - 1].taken = true;
	return value ? rest : skip_group(rest);
}

static struct cpp_token *do_endif(struct cpp *p, struct cpp_token *word)
{
	if (in_group(p, word))
		p->conds.n--;
	return skip_line(word->next);
}

/* ---- included files ----------------------------------------------------- */

static void enter(struct cpp *p, int file)
{
	struct cpp_dir d = {file, p->conds.n};

	vec_push(&p->files, d);
}

/* At the end of a file: what it left open, and back to the one that included it. */
static void leave(struct cpp *p)
{
	struct cpp_dir *d = &p->files.v[p->files.n - 1];

	while (p->conds.n > d->conds) {
		p->conds.n--;
		if (!p->stopped)
			diag_error(&p->c->diags, UNCLOSED, p->conds.v[p->conds.n].loc,
				   "this condition has no #endif");
	}
	p->files.n--;
}

/* The tokens of a file, CPP_LEAVE at their end, before rest. */
static struct cpp_token *splice_file(struct cpp *p, int file, struct cpp_token *rest)
{
	struct cpp_token *list = cpp_tokenize(p, file), *t;

	for (t = list; t->kind != CPP_END; t = t->next)
		;
	if (rest) {
		t->kind = CPP_LEAVE;
		t->next = rest;
	}
	enter(p, file);
	return list;
}

/* The file name of an #include, or NULL. */
static char *include_name(struct cpp *p, struct cpp_token *line, bool *quoted)
{
	struct cpp_token *t, *last = NULL;
	struct buf b = {0};
	char *name;

	if (line->kind == CPP_IDENT) {
		for (t = line; t->next->kind != CPP_END; t = t->next)
			;
		t->next = NULL;
		line = cpp_expand_list(p, line);
		if (!line)
			return NULL;
		for (last = line; last->next; last = last->next)
			;
		last->next = cpp_token_new(p, CPP_END, "", 0, last);
	}
	*quoted = line->kind == CPP_STRING;
	if (*quoted)
		return arena_strndup(p->arena, line->text + 1, line->len - 2);
	if (!cpp_is(line, "<"))
		return NULL;
	for (t = line->next; t->kind != CPP_END && !cpp_is(t, ">"); t = t->next)
		buf_put(&b, t->text, t->len);
	name = t->kind == CPP_END || !b.len ? NULL : arena_strndup(p->arena, (char *)b.data, b.len);
	buf_free(&b);
	return name;
}

static struct cpp_token *do_include(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);
	bool quoted;
	char *name = include_name(p, line, &quoted);
	struct cpp_token at = *word;
	int file;

	if (!name) {
		cpp_error(p, word, PREPROCESSOR, "#include is followed by \"FILE\" or <FILE>");
		return rest;
	}
	if (line->loc.file == word->loc.file)
		at.loc = loc_join(line->loc,
				  rest->loc.offset > line->loc.offset ? line->loc : word->loc);
	if (p->files.n >= CPP_MAX_INCLUDES) {
		cpp_error(p, word, TOO_DEEP, "files include each other more than %d deep",
			  CPP_MAX_INCLUDES);
		p->stopped = true;
		return rest;
	}
	file = cpp_find_include(p, &at, name, quoted);
	return file > 0 ? splice_file(p, file, rest) : rest;
}

/* ---- other directives --------------------------------------------------- */

static struct cpp_token *do_define(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);

	cpp_define(p, line);
	return rest;
}

static struct cpp_token *do_undef(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);

	if (line->kind != CPP_IDENT)
		cpp_error(p, word, PREPROCESSOR, "#undef without a name");
	else
		cpp_macro_new(p, line->text, line->loc)->defined = false;
	return rest;
}

/* The text of a line as it is written. */
static const char *line_text(struct cpp *p, const struct cpp_token *line)
{
	struct buf b = {0};
	const char *s;

	cpp_print(&b, line);
	s = arena_strndup(p->arena, b.data ? (char *)b.data : "", b.len);
	buf_free(&b);
	return s;
}

static struct cpp_token *do_message(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);
	const char *text = line_text(p, line);

	if (cpp_is_word(word, "error"))
		cpp_error(p, word, PREPROCESSOR, "#error %s", text);
	else
		diag_warn(&p->c->diags, PREPROCESSOR, word->loc, "#warning %s", text);
	return rest;
}

static void emit(struct cpp *p, struct cpp_token *t)
{
	*p->tail = t;
	p->tail = &t->next;
	p->last = t;
	p->braces += cpp_is(t, "{");
	p->braces -= p->braces && cpp_is(t, "}");
}

/* A pragma: only unroll has a meaning for the grammar. */
static void pragma(struct cpp *p, const struct cpp_token *word, const struct cpp_token *line)
{
	const struct cpp_token *count = line;
	struct cpp_token *t;

	if (cpp_is_word(line, "once")) {
		strmap_put(&p->once, p->c->sources.file[p->files.v[p->files.n - 1].file].name, p);
		return;
	}
	if (cpp_is_word(line, "clang") && cpp_is_word(line->next, "loop"))
		count = line = line->next->next;
	if (!cpp_is_word(line, "unroll") && !cpp_is_word(line, "unroll_count"))
		return;
	while (count->kind != CPP_END && count->kind != CPP_NUMBER)
		count = count->next;
	t = cpp_token_new(p, CPP_UNROLL, count->text, count->len, word);
	t->loc = line->loc;
	emit(p, t);
}

static struct cpp_token *do_pragma(struct cpp *p, struct cpp_token *word)
{
	struct cpp_token *rest, *line = cut_line(p, word->next, &rest);

	pragma(p, word, line);
	return rest;
}

/* _Pragma("text"); the token behind it. */
static struct cpp_token *pragma_operator(struct cpp *p, struct cpp_token *t)
{
	struct cpp_token *s = t->next->next, *word, *end;

	if (!cpp_is(t->next, "(") || s->kind != CPP_STRING || !cpp_is(s->next, ")")) {
		cpp_error(p, t, PREPROCESSOR, "_Pragma is followed by (\"TEXT\")");
		return t->next;
	}
	/* only the first words matter */
	if (strstr(s->text, "unroll")) {
		word = cpp_token_new(p, CPP_IDENT, "unroll", 6, t);
		end = word->next = cpp_token_new(p, CPP_END, "", 0, t);
		if (strpbrk(s->text, "0123456789")) {
			const char *n = strpbrk(s->text, "0123456789");

			word->next = cpp_token_new(p, CPP_NUMBER, n, strspn(n, "0123456789"), t);
			word->next->next = end;
		}
		pragma(p, t, word);
	}
	return s->next->next;
}

static struct cpp_token *do_nothing(struct cpp *p, struct cpp_token *word)
{
	(void)p;
	return skip_line(word->next);
}

static struct cpp_token *directive(struct cpp *p, struct cpp_token *hash)
{
	static const struct {
		const char *name;
		struct cpp_token *(*run)(struct cpp *p, struct cpp_token *word);
	} all[] = {
		{"define", do_define}, {"undef", do_undef},	{"include", do_include},
		{"if", do_if},	       {"ifdef", do_if},	{"ifndef", do_if},
		{"elif", do_else},     {"else", do_else},	{"endif", do_endif},
		{"error", do_message}, {"warning", do_message}, {"pragma", do_pragma},
		{"line", do_nothing},  {"ident", do_nothing},	{"include_next", do_nothing},
	};
	struct cpp_token *word = hash->next;
	struct nearest near;
	size_t i;

	if (word->bol || word->kind == CPP_END || word->kind == CPP_LEAVE)
		return word;
	if (word->kind == CPP_NUMBER) /* a line marker */
		return skip_line(word->next);
	near = nearest_init(word->text);
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (strcmp(all[i].name, word->text) == 0)
			return all[i].run(p, word);
		nearest_try(&near, all[i].name);
	}
	cpp_error(p, word, PREPROCESSOR, "unknown directive #%s", word->text);
	if (near.best)
		diag_hint(&p->c->diags, "did you mean '#%s'?", near.best);
	return skip_line(word->next);
}

/* ---- running ------------------------------------------------------------ */

/*
 * A function of the program that is called like a macro of ours: "static int min(int a, int b)"
 * at file scope. The program's it is from then on.
 */
static bool takes_name(struct cpp *p, const struct cpp_token *t)
{
	struct cpp_macro *m;

	if (t->kind != CPP_IDENT || t->text[0] < 'a' || t->text[0] > 'z' || p->braces ||
	    !p->last || !cpp_is(t->next, "(") ||
	    (p->last->kind != CPP_IDENT && !cpp_is(p->last, "*")))
		return false;
	m = strmap_get(&p->macros, t->text);
	if (!m || !m->defined || !m->body || m->loc.file != p->own_file)
		return false;
	m->defined = false;
	return true;
}

/* Reads tokens up to CPP_END into p->out. */
static void run(struct cpp *p, struct cpp_token *t)
{
	while (t->kind != CPP_END && !p->stopped) {
		if (t->kind == CPP_LEAVE) {
			leave(p);
			t = t->next;
		} else if (t->bol && cpp_is(t, "#")) {
			t = directive(p, t);
		} else if (cpp_is_word(t, "_Pragma")) {
			t = pragma_operator(p, t);
		} else if (takes_name(p, t) || !cpp_expand(p, &t)) {
			struct cpp_token *next = t->next;

			emit(p, t);
			t = next;
		}
	}
	while (p->files.n)
		leave(p);
}

/* Text that is not the user's file: definitions only. */
static void run_text(struct cpp *p, const char *name, const char *text, size_t len)
{
	int file = sources_add(&p->c->sources, name, text, len);

	if (!p->own_file && file > 0)
		p->own_file = (unsigned)file;
	if (file > 0)
		run(p, splice_file(p, file, NULL));
}

static void define_option(struct buf *b, const char *def)
{
	const char *value = strchr(def, '=');

	if (value)
		buf_printf(b, "#define %.*s %s\n", (int)(value - def), def, value + 1);
	else
		buf_printf(b, "#define %s 1\n", def);
}

void cpp_prelude(struct cpp *p)
{
	struct buf b = {0};
	unsigned i;

	for (i = 0; c_compat_text[i]; i++)
		buf_put(&b, c_compat_text[i], strlen(c_compat_text[i]));
	run_text(p, "<built-in>", (const char *)b.data, b.len);
	b.len = 0;
	for (i = 0; p->opt && i < p->opt->ndefines; i++)
		define_option(&b, p->opt->defines[i]);
	for (i = 0; p->opt && i < p->opt->nheaders; i++)
		buf_printf(&b, "#include \"%s\"\n", p->opt->headers[i]);
	if (b.len)
		run_text(p, "<command line>", (const char *)b.data, b.len);
	buf_free(&b);
}

void cpp_open(struct cpp *p, struct compile *c, int file, const struct c_options *opt)
{
	memset(p, 0, sizeof(*p));
	p->c = c;
	p->arena = c->arena;
	p->opt = opt;
	p->main_file = (unsigned)file;
	p->tail = &p->out;
	cpp_builtins(p);
}

struct cpp_token *cpp_run(struct cpp *p, struct compile *c, int file, const struct c_options *opt)
{
	struct cpp_token *end;

	cpp_open(p, c, file, opt);
	cpp_prelude(p);
	run(p, splice_file(p, file, NULL));
	end = cpp_token_new(p, CPP_END, "", 0, NULL);
	end->loc.file = (unsigned)file & 0xff;
	end->loc.offset = c->sources.file[file].len & SOURCE_MAX_BYTES;
	emit(p, end);
	return p->out;
}

void cpp_free(struct cpp *p)
{
	strmap_free(&p->names);
	strmap_free(&p->macros);
	strmap_free(&p->once);
	strmap_free(&p->config_set);
	vec_free(&p->expansions);
	vec_free(&p->conds);
	vec_free(&p->files);
	free(p->config);
	p->config = NULL;
}

void cpp_print(struct buf *out, const struct cpp_token *list)
{
	const struct cpp_token *t;

	for (t = list; t && t->kind != CPP_END; t = t->next) {
		if (t != list && t->bol)
			buf_u8(out, '\n');
		else if (t != list && t->space)
			buf_u8(out, ' ');
		if (t->kind == CPP_UNROLL)
			buf_printf(out, "#pragma unroll ");
		buf_put(out, t->text, t->len);
	}
}
