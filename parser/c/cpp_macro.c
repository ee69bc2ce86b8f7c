/*
 * Macros: definition, and expansion by Dave Prosser's algorithm: each token
 * carries the names that may not be expanded in it any more, so that expansion
 * ends whatever the macros say. Called by cpp.c and for conditions.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parser/c/cpp.h"

#define CPP_MAX_PARAMS 64

struct arg {
	struct cpp_token *raw, *expanded; /* lists without an end token */
	bool is_expanded;
};

bool cpp_is(const struct cpp_token *t, const char *punct)
{
	return t->kind == CPP_PUNCT && strcmp(t->text, punct) == 0;
}

bool cpp_is_word(const struct cpp_token *t, const char *word)
{
	return t->kind == CPP_IDENT && strcmp(t->text, word) == 0;
}

/* ---- the table ---------------------------------------------------------- */

/* A macro that stands for one token; not kept. */
static struct cpp_macro *value_macro(struct cpp *p, const char *name, const char *value)
{
	struct cpp_macro *m;

	if (!value)
		return NULL;
	m = arena_new_of(p->arena, struct cpp_macro);
	m->name = name;
	m->defined = true;
	m->body = cpp_token_new(p, *value == '"' ? CPP_STRING : CPP_NUMBER, value, strlen(value),
				NULL);
	return m;
}

struct cpp_macro *cpp_macro_find(struct cpp *p, const char *name)
{
	struct cpp_macro *m = strmap_get(&p->macros, name);

	if (!m && strncmp(name, "CONFIG_", 7) == 0)
		return value_macro(p, name, cpp_config(p, name));
	if (!m && p->in_condition && c_constant(name))
		return value_macro(p, name, c_constant(name));
	if (!m)
		m = cpp_header_macro(p, name);
	return m && m->defined ? m : NULL;
}

struct cpp_macro *cpp_macro_new(struct cpp *p, const char *name, struct loc loc)
{
	struct cpp_macro *m = arena_new_of(p->arena, struct cpp_macro);

	m->name = cpp_intern(p, name, strlen(name));
	m->loc = loc;
	m->defined = true;
	strmap_put(&p->macros, m->name, m);
	return m;
}

/* ---- #define ------------------------------------------------------------ */

/* "(a, b, ...)" from behind the parenthesis; the token behind it, or NULL when reported. */
static struct cpp_token *parse_params(struct cpp *p, struct cpp_macro *m, struct cpp_token *t)
{
	const char *names[CPP_MAX_PARAMS];

	while (!cpp_is(t, ")")) {
		if (cpp_is(t, "...")) {
			m->variadic = true;
			m->va_name = cpp_intern(p, "__VA_ARGS__", 11);
			t = t->next;
		} else if (t->kind == CPP_IDENT && cpp_is(t->next, "...")) {
			m->variadic = true;
			m->va_name = t->text;
			t = t->next->next;
		} else if (t->kind == CPP_IDENT && m->nparams < CPP_MAX_PARAMS) {
			names[m->nparams++] = t->text;
			t = t->next;
			if (cpp_is(t, ",") && !cpp_is(t->next, ")")) {
				t = t->next;
				continue;
			}
		}
		if (!cpp_is(t, ")")) {
			cpp_error(p, t, PREPROCESSOR, "expected a parameter's name, ',' or ')'");
			return NULL;
		}
	}
	m->params = arena_alloc(p->arena, (m->nparams + 1) * sizeof(*m->params));
	if (m->nparams)
		memcpy(m->params, names, m->nparams * sizeof(*names));
	return t->next;
}

static bool same_body(const struct cpp_macro *a, const struct cpp_macro *b)
{
	const struct cpp_token *x = a->body, *y = b->body;
	unsigned i;

	if (a->function != b->function || a->variadic != b->variadic || a->nparams != b->nparams)
		return false;
	for (i = 0; i < a->nparams; i++)
		if (a->params[i] != b->params[i])
			return false;
	for (; x && y; x = x->next, y = y->next)
		if (x->kind != y->kind || strcmp(x->text, y->text) != 0)
			return false;
	return !x && !y;
}

void cpp_define(struct cpp *p, struct cpp_token *t)
{
	struct cpp_token *name = t, **tail, *body = NULL;
	struct cpp_macro *old, *m;

	if (t->kind != CPP_IDENT) {
		cpp_error(p, t, PREPROCESSOR, "expected a macro's name");
		return;
	}
	if (strcmp(t->text, "defined") == 0) {
		cpp_error(p, t, PREPROCESSOR, "'defined' cannot be a macro");
		return;
	}
	m = arena_new_of(p->arena, struct cpp_macro);
	m->name = name->text;
	m->loc = name->loc;
	m->defined = true;
	t = t->next;
	if (cpp_is(t, "(") && !t->space) {
		m->function = true;
		t = parse_params(p, m, t->next);
		if (!t)
			return;
	}
	for (tail = &body; t->kind != CPP_END; t = t->next) {
		*tail = t;
		tail = &t->next;
	}
	*tail = NULL;
	m->body = body;
	if (body && (cpp_is(body, "##"))) {
		cpp_error(p, body, PREPROCESSOR, "'##' cannot stand at the beginning of a macro");
		return;
	}
	old = strmap_get(&p->macros, m->name);
	/* what a header would define again is the user's to change */
	if (old && old->defined && old->loc.file == p->main_file && !same_body(old, m))
		diag_warn(&p->c->diags, PREPROCESSOR, name->loc,
			  "'%s' is defined again, differently", m->name);
	strmap_put(&p->macros, m->name, m);
}

/* ---- hide sets ---------------------------------------------------------- */

static bool hidden(const struct cpp_hide *h, const char *name)
{
	for (; h; h = h->next)
		if (h->name == name)
			return true;
	return false;
}

static const struct cpp_hide *hide_add(struct cpp *p, const struct cpp_hide *h, const char *name)
{
	struct cpp_hide *n;

	if (hidden(h, name))
		return h;
	n = arena_new_of(p->arena, struct cpp_hide);
	n->name = name;
	n->next = h;
	return n;
}

static const struct cpp_hide *hide_union(struct cpp *p, const struct cpp_hide *a,
					 const struct cpp_hide *b)
{
	if (!a)
		return b;
	for (; b; b = b->next)
		a = hide_add(p, a, b->name);
	return a;
}

static const struct cpp_hide *hide_both(struct cpp *p, const struct cpp_hide *a,
					const struct cpp_hide *b)
{
	const struct cpp_hide *r = NULL;

	for (; a; a = a->next)
		if (hidden(b, a->name))
			r = hide_add(p, r, a->name);
	return r;
}

/* ---- operands ----------------------------------------------------------- */

static struct cpp_token *copy_list(struct cpp *p, const struct cpp_token *list)
{
	struct cpp_token *head = NULL, **tail = &head;

	for (; list && !p->stopped; list = list->next) {
		*tail = cpp_token_copy(p, list);
		tail = &(*tail)->next;
	}
	return head;
}

static struct cpp_token *stringize(struct cpp *p, const struct cpp_token *at,
				   const struct cpp_token *arg)
{
	struct cpp_token *t;
	struct buf b = {0};
	const char *s;

	buf_u8(&b, '"');
	for (; arg; arg = arg->next) {
		if (arg->space && b.len > 1)
			buf_u8(&b, ' ');
		for (s = arg->text; *s; s++) {
			if ((arg->kind == CPP_STRING || arg->kind == CPP_CHAR) &&
			    (*s == '"' || *s == '\\'))
				buf_u8(&b, '\\');
			buf_u8(&b, (uint8_t)*s);
		}
	}
	buf_u8(&b, '"');
	t = cpp_token_new(p, CPP_STRING, (const char *)b.data, b.len, at);
	buf_free(&b);
	return t;
}

static bool is_punct(const char *s)
{
	static const char *const all[] = {"...", "<<=", ">>=", "->", "++", "--", "<<", ">>",
					  "<=",	 ">=",	"==",  "!=", "&&", "||", "##", "+=",
					  "-=",	 "*=",	"/=",  "%=", "&=", "|=", "^="};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i], s) == 0)
			return true;
	return s[0] && !s[1] && strchr("-+*/%&|^<>=!~?:;,.(){}[]#", s[0]);
}

/* What kind of token a text is as a whole; CPP_OTHER when it is none. */
static enum cpp_kind kind_of(const char *s)
{
	size_t n = strlen(s), i;
	bool word = n > 0, number = n > 0;

	for (i = 0; i < n; i++) {
		bool alnum = (s[i] | 32) >= 'a' ? (s[i] | 32) <= 'z' : s[i] >= '0' && s[i] <= '9';

		alnum |= s[i] == '_';
		word &= alnum || s[i] == '$';
		number &= alnum || s[i] == '.' ||
			  ((s[i] == '+' || s[i] == '-') && i && strchr("eEpP", s[i - 1]));
	}
	if (number && ((s[0] >= '0' && s[0] <= '9') || (s[0] == '.' && s[1] >= '0' && s[1] <= '9')))
		return CPP_NUMBER;
	if (word && !(s[0] >= '0' && s[0] <= '9'))
		return CPP_IDENT;
	if (is_punct(s))
		return CPP_PUNCT;
	if (n > 2 && (s[0] == 'L' || s[0] == 'u' || s[0] == 'U') && s[n - 1] == s[1])
		return s[1] == '"' ? CPP_STRING : s[1] == '\'' ? CPP_CHAR : CPP_OTHER;
	return CPP_OTHER;
}

/* a ## b, into *a. */
static void paste(struct cpp *p, struct cpp_token *a, const struct cpp_token *b)
{
	enum cpp_kind kind;
	const char *text;
	size_t len;

	if (b->kind == CPP_BLANK)
		return;
	if (a->kind == CPP_BLANK) {
		bool space = a->space;

		*a = *b;
		a->space = space;
		a->next = NULL;
		return;
	}
	len = a->len + b->len;
	text = arena_printf(p->arena, "%s%s", a->text, b->text);
	kind = len <= 4096 ? kind_of(text) : CPP_OTHER;
	if (kind == CPP_OTHER) {
		cpp_error(p, a, PREPROCESSOR, "'%s' ## '%s' does not make one token", a->text,
			  b->text);
		return;
	}
	a->kind = kind;
	a->text = kind == CPP_IDENT || kind == CPP_PUNCT ? cpp_intern(p, text, len) : text;
	a->len = (uint32_t)len;
	a->hide = hide_both(p, a->hide, b->hide);
}

/* ---- substitution ------------------------------------------------------- */

struct use {
	const struct cpp_macro *m;
	struct arg *args; /* nparams, and one more for the variable ones */
	const struct cpp_token *name;
	uint32_t expansion;
	struct cpp_token *head, *last; /* the result so far */
};

static struct arg *arg_of(const struct use *u, const struct cpp_token *t)
{
	unsigned i;

	if (!u->m->function || t->kind != CPP_IDENT)
		return NULL;
	for (i = 0; i < u->m->nparams; i++)
		if (u->m->params[i] == t->text)
			return &u->args[i];
	return u->m->variadic && u->m->va_name == t->text ? &u->args[i] : NULL;
}

static struct cpp_token *expanded(struct cpp *p, struct arg *a)
{
	if (!a->is_expanded) {
		a->is_expanded = true;
		a->expanded = cpp_expand_list(p, copy_list(p, a->raw));
	}
	return a->expanded;
}

static void put(struct use *u, struct cpp_token *list)
{
	if (!list)
		return;
	if (u->last)
		u->last->next = list;
	else
		u->head = list;
	for (u->last = list; u->last->next; u->last = u->last->next)
		;
}

static struct cpp_token *body_token(struct cpp *p, const struct use *u, const struct cpp_token *t)
{
	struct cpp_token *n = cpp_token_copy(p, t);

	n->loc = u->name->loc;
	n->expansion = u->expansion;
	n->bol = false;
	return n;
}

/* A list of an argument as it goes into the result, spaced like the parameter. */
static struct cpp_token *arg_list(struct cpp *p, const struct use *u, const struct cpp_token *param,
				  const struct cpp_token *list, bool keep_empty)
{
	struct cpp_token *n = copy_list(p, list);

	if (!n && keep_empty) {
		n = body_token(p, u, param);
		n->kind = CPP_BLANK;
		n->text = "";
		n->len = 0;
	}
	if (n)
		n->space = param->space;
	return n;
}

/* The operand behind "##", joined with the last token of the result. */
static const struct cpp_token *put_pasted(struct cpp *p, struct use *u, const struct cpp_token *t)
{
	struct arg *a = arg_of(u, t);
	struct cpp_token *list;

	if (a)
		list = arg_list(p, u, t, a->raw, true);
	else
		list = body_token(p, u, t);
	if (!list || !u->last)
		return t->next;
	paste(p, u->last, list);
	put(u, list->next);
	return t->next;
}

/* ", ## __VA_ARGS__": the comma goes when there are no arguments; true when it was that. */
static bool put_comma(struct cpp *p, struct use *u, const struct cpp_token *t)
{
	const struct cpp_token *va = t->next->next;
	struct arg *a = va ? arg_of(u, va) : NULL;

	if (!cpp_is(t, ",") || !a || !u->m->variadic || a != &u->args[u->m->nparams])
		return false;
	if (a->raw) {
		put(u, body_token(p, u, t));
		put(u, arg_list(p, u, va, expanded(p, a), false));
	}
	return true;
}

/* __VA_OPT__(text), which stays when there are arguments: its end, or NULL when it is not closed.
 */
static const struct cpp_token *va_opt_end(const struct cpp_token *t)
{
	unsigned depth = 0;

	for (t = t->next; t; t = t->next) {
		if (cpp_is(t, "("))
			depth++;
		else if (cpp_is(t, ")") && --depth == 0)
			return t;
		if (!depth)
			return NULL;
	}
	return NULL;
}

static void substitute_until(struct cpp *p, struct use *u, const struct cpp_token *t,
			     const struct cpp_token *end)
{
	while (t && t != end && !p->stopped) {
		const struct cpp_token *next = t->next, *close;
		struct arg *a = arg_of(u, t);

		if (u->m->function && cpp_is(t, "#") && next && arg_of(u, next)) {
			struct cpp_token *s = stringize(p, t, arg_of(u, next)->raw);

			put(u, body_token(p, u, s));
			t = next->next;
		} else if (cpp_is(t, "##") && u->last && next) {
			t = put_pasted(p, u, next);
		} else if (next && cpp_is(next, "##") && put_comma(p, u, t)) {
			t = next->next->next;
		} else if (u->m->variadic && cpp_is_word(t, "__VA_OPT__") &&
			   (close = va_opt_end(t))) {
			if (u->args[u->m->nparams].raw)
				substitute_until(p, u, next->next, close);
			t = close->next;
		} else {
			bool pasted = next && cpp_is(next, "##");

			if (a)
				put(u, arg_list(p, u, t, pasted ? a->raw : expanded(p, a), pasted));
			else
				put(u, body_token(p, u, t));
			t = next;
		}
	}
}

static struct cpp_token *drop_blanks(struct cpp_token *list)
{
	struct cpp_token **at = &list;

	while (*at) {
		if ((*at)->kind == CPP_BLANK)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	return list;
}

/* ---- arguments ---------------------------------------------------------- */

struct args {
	struct arg *v;
	unsigned n;
	struct cpp_token *close; /* the ')' */
};

static bool wrong_count(struct cpp *p, const struct cpp_macro *m, const struct cpp_token *name,
			unsigned n, bool more)
{
	if (!more && (n == m->nparams || (m->variadic && n >= m->nparams)))
		return false;
	cpp_error(p, name, ARG_COUNT, "macro '%s' takes %s%u argument%s, not %u", m->name,
		  m->variadic ? "at least " : "", m->nparams, m->nparams == 1 ? "" : "s", n);
	return true;
}

/* Takes the arguments behind a macro's name apart; false when they are wrong (reported). */
static bool collect(struct cpp *p, const struct cpp_macro *m, struct cpp_token *name,
		    struct args *out)
{
	struct cpp_token *t = name->next->next, **tail;
	unsigned depth = 0, n = 0;
	bool more = false;

	out->v = arena_alloc(p->arena, (m->nparams + 2) * sizeof(*out->v));
	tail = &out->v[0].raw;
	for (;; t = t->next) {
		if (t->kind == CPP_END || t->kind == CPP_LEAVE) {
			cpp_error(p, name, UNCLOSED, "the arguments of macro '%s' are never closed",
				  m->name);
			return false;
		}
		if (!depth && cpp_is(t, ")"))
			break;
		if (!depth && cpp_is(t, ",") && !(m->variadic && n >= m->nparams)) {
			if (n < m->nparams)
				n++;
			else
				more = true;
			if (n <= m->nparams)
				tail = &out->v[n].raw;
			continue;
		}
		if (cpp_is(t, "("))
			depth++;
		else if (cpp_is(t, ")"))
			depth--;
		*tail = cpp_token_copy(p, t);
		(*tail)->bol = false;
		(*tail)->space |= t->bol;
		tail = &(*tail)->next;
	}
	out->close = t;
	/* n commas make n + 1 arguments, but none in "()" of a macro without parameters */
	if (m->nparams || m->variadic || n || out->v[0].raw)
		n++;
	if (m->variadic && n == m->nparams + 1 && !m->nparams && !out->v[0].raw)
		n = 0;
	return !wrong_count(p, m, name, n, more);
}

/* ---- expansion ---------------------------------------------------------- */

static uint32_t record(struct cpp *p, const struct cpp_macro *m, const struct cpp_token *name)
{
	struct cpp_expansion e = {m->name, name->loc, m->loc, name->expansion};

	vec_push(&p->expansions, e);
	return (uint32_t)p->expansions.n;
}

static void finish(struct cpp *p, struct use *u, const struct cpp_hide *hide, struct cpp_token **t,
		   struct cpp_token *rest)
{
	struct cpp_token *i, *last = NULL;

	u->head = drop_blanks(u->head);
	for (i = u->head; i; last = i, i = i->next)
		i->hide = hide_union(p, i->hide, hide);
	if (u->head) {
		u->head->space = u->name->space;
		u->head->bol = false;
		last->next = rest;
	}
	*t = u->head ? u->head : rest;
}

bool cpp_expand(struct cpp *p, struct cpp_token **t)
{
	struct cpp_token *name = *t;
	struct use u = {.name = name};
	struct args args = {0};
	struct cpp_macro *m;

	if (name->kind != CPP_IDENT || hidden(name->hide, name->text) || p->stopped)
		return false;
	m = cpp_macro_find(p, name->text);
	if (!m)
		return false;
	u.m = m;
	if (m->make) {
		put(&u, m->make(p, name));
		finish(p, &u, name->hide, t, name->next);
		return true;
	}
	if (!m->function) {
		u.expansion = record(p, m, name);
		substitute_until(p, &u, m->body, NULL);
		finish(p, &u, hide_add(p, name->hide, m->name), t, name->next);
		return true;
	}
	if (!cpp_is(name->next, "(") || !collect(p, m, name, &args))
		return false;
	u.args = args.v;
	u.expansion = record(p, m, name);
	substitute_until(p, &u, m->body, NULL);
	finish(p, &u, hide_add(p, hide_both(p, name->hide, args.close->hide), m->name), t,
	       args.close->next);
	return true;
}

struct cpp_token *cpp_expand_list(struct cpp *p, struct cpp_token *list)
{
	struct cpp_token *head = NULL, **tail = &head, end = {.kind = CPP_END}, *t;

	if (p->depth >= CPP_MAX_NESTING) {
		if (!p->stopped && list)
			cpp_error(p, list, TOO_DEEP, "macro arguments nested more than %d deep",
				  CPP_MAX_NESTING);
		p->stopped = true;
		return list;
	}
	p->depth++;
	for (t = list; t && t->next; t = t->next)
		;
	if (t)
		t->next = &end;
	for (t = list; t && t->kind != CPP_END;) {
		if (!cpp_expand(p, &t)) {
			*tail = t;
			tail = &t->next;
			t = t->next;
		}
	}
	*tail = NULL;
	p->depth--;
	return head;
}
