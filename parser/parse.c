/*
 * parse_program() of compile.h: scans and parses one source, and hands the
 * errors of both in the order of the text to the compilation's diagnostics.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "parser/parser.h"
#include "parser/preamble.h"
#include "parser/probe.tab.h"

struct loc parser_loc(const struct parser *p, uint32_t from, uint32_t to)
{
	struct loc loc = { p->file, from, to > from ? to - from : 0 };

	return loc;
}

bool parser_is_expanded(const struct parser *p, struct loc loc)
{
	return loc.offset > p->len;
}

/* The use of a macro that a byte behind the source came from; expansions are in order. */
static const struct expansion *find_expansion(const struct parser *p, uint32_t offset)
{
	size_t low = 0, high = p->expansions.n;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (p->expansions.v[middle].from <= offset)
			low = middle;
		else
			high = middle;
	}
	return high ? &p->expansions.v[low] : NULL;
}

struct loc parser_site(const struct parser *p, struct loc loc)
{
	const struct expansion *e;

	if (!parser_is_expanded(p, loc))
		return loc;
	e = find_expansion(p, loc.offset);
	return e ? e->site : loc;
}

struct loc parser_span(const struct parser *p, struct loc a, struct loc b)
{
	if (!a.length)
		return b;
	if (!b.length)
		return a;
	if (parser_is_expanded(p, a) || parser_is_expanded(p, b)) {
		a = parser_site(p, a);
		b = parser_site(p, b);
	}
	if (b.offset + b.length > a.offset)
		a.length = b.offset + b.length - a.offset;
	return a;
}

struct node *parser_node(struct parser *p, enum node_kind kind, struct loc loc)
{
	return node_new(p->arena, kind, parser_site(p, loc));
}

void parser_quiet(struct parser *p, uint32_t from, uint32_t to)
{
	struct byte_range r = { from, to };

	vec_push(&p->quiet, r);
}

bool parser_is_quiet(const struct parser *p, uint32_t offset)
{
	if (p->errors.n >= PARSER_MAX_ERRORS)
		return true;
	offset = parser_site(p, (struct loc){ p->file, offset, 0 }).offset;
	for (size_t i = 0; i < p->quiet.n; i++)
		if (offset >= p->quiet.v[i].from && offset < p->quiet.v[i].to)
			return true;
	return false;
}

void parser_error(
	struct parser *p, enum diag_tag tag, struct loc loc, const char *hint, const char *fmt, ...)
{
	struct pending_error e = { tag, parser_site(p, loc), NULL, hint, { 0 } };
	va_list ap;

	if (p->expansions.n && parser_is_expanded(p, loc))
		e.expansion = *find_expansion(p, loc.offset);
	loc = e.loc;

	if (p->errors.n >= PARSER_MAX_ERRORS || (p->parsing && parser_is_quiet(p, loc.offset)))
		return; /* the diagnostics hold no more than that anyway */
	va_start(ap, fmt);
	e.message = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	vec_push(&p->errors, e);
}

const char *parser_token_text(struct parser *p, const struct token *t)
{
	char text[40];
	uint32_t n = 0;

	if (!t->kind)
		return "the end of the text";
	if (!t->loc.length)
		return "the end of the action";
	while (n < t->loc.length && n < sizeof(text) - 8) {
		unsigned bytes = utf8_length(p->text + t->loc.offset + n, t->loc.length - n);

		if (!bytes)
			break;
		memcpy(text + n, p->text + t->loc.offset + n, bytes);
		if (bytes == 1 && ((unsigned char)text[n] < ' ' || text[n] == 0x7f))
			text[n] = '?';
		n += bytes;
	}
	return arena_printf(p->arena, "'%.*s%s'", (int)n, text, n < t->loc.length ? "…" : "");
}

/* Few and nearly in order: insertion keeps equal ones in the order they were found. */
static void sort_errors(struct pending_error *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct pending_error e = v[i];
		size_t k = i;

		for (; k && v[k - 1].loc.offset > e.loc.offset; k--)
			v[k] = v[k - 1];
		v[k] = e;
	}
}

static void hand_on_errors(struct parser *p)
{
	struct diags *d = &p->c->diags;

	sort_errors(p->errors.v, p->errors.n);
	for (size_t i = 0; i < p->errors.n; i++) {
		const struct pending_error *e = &p->errors.v[i];
		const struct diag *last = d->last;

		/* a second error at the same place follows from the first */
		if (i && e[-1].loc.offset == e->loc.offset)
			continue;
		diag_add(d, DIAG_ERROR, e->tag, e->loc, "%s", e->message);
		if (e->hint && d->last != last)
			diag_hint(d, "%s", e->hint);
		if (e->expansion.macro && d->last != last)
			diag_add(d, DIAG_NOTE, TAG_PREPROCESSOR, e->expansion.definition,
				"expanded from macro '%s'", e->expansion.macro);
	}
}

void compile_missing_header(struct compile *c, struct loc loc, const char *name)
{
	struct missing_header *m, **end = &c->missing;

	/* the preamble and the C front end both read the directive */
	for (; *end; end = &(*end)->next)
		if (!strcmp((*end)->name, name))
			return;
	m = arena_new_of(c->arena, struct missing_header);
	m->loc = loc;
	m->name = arena_strdup(c->arena, name);
	*end = m;
}

struct node *parse_program(struct compile *c, int file)
{
	struct parser p = { .c = c, .arena = c->arena, .file = (unsigned)file };
	struct loc loc = { (unsigned)file, 0, 0 };
	const struct source *src = sources_get(&c->sources, (struct loc){ (unsigned)file, 0, 1 });

	if (!src)
		return NULL;
	p.text = src->text;
	p.len = src->len;
	loc.length = src->len;
	p.program = node_new(p.arena, N_PROGRAM, loc);
	if (scan_open(&p, p.text, p.len))
		abort(); /* out of memory, as in the arena */
	if (file == 1 && c->nheaders)
		preamble_headers(&p);
	scan_all(&p);
	scan_close(&p);
	p.parsing = true;
	probe_parse(&p);
	hand_on_errors(&p);
	preamble_free(&p);
	vec_free(&p.pending);
	vec_free(&p.declarations);
	vec_free(&p.tokens);
	vec_free(&p.brackets);
	vec_free(&p.quiet);
	vec_free(&p.errors);
	return p.program;
}
