/*
 * Macros of the probe language. A use becomes a copy of the body: names of
 * parameters are replaced by what was given for them, the body's own variables
 * get names that nobody can write. Runs before the clauses are split.
 */
#include <string.h>

#include "parser/check/internal.h"

#define MAX_EXPANSIONS 10000
#define MAX_NODES 200000

/* The macros that the text being expanded came from. */
struct use {
	const struct node *macro;
	const struct use *up;
	unsigned depth;
};

struct expander {
	struct check *k;
	struct strmap macros;  /* name -> first MACRO node */
	unsigned uses, nodes;
	bool stopped;
};

struct overload {
	struct node *macro;
	bool used;
	struct overload *next;
};

/* One use: parameters and what was given for them. */
struct binding {
	struct expander *e;
	const struct node *params, *args;
	unsigned number;
};

static void expand(struct expander *e, struct node *n, const struct use *use, unsigned depth);

/* ---- substitution ---- */

static const struct node *given(const struct binding *b, enum node_kind kind, const char *name)
{
	const struct node *p = b->params, *a = b->args;

	for (; p && a; p = p->next, a = a->next) {
		const char *param = p->kind == N_VAR   ? p->var.name
				    : p->kind == N_MAP ? p->map.name
						       : p->ident.name;
		if (p->kind == kind && strcmp(param, name) == 0)
			return a;
	}
	return NULL;
}

static bool count_node(void *user, const struct node *n, unsigned depth)
{
	struct expander *e = user;

	(void)n, (void)depth;
	return ++e->nodes > MAX_NODES;
}

/* An identifier that is a parameter becomes the expression. */
static bool put_argument(const struct binding *b, struct node *n)
{
	const struct node *arg;
	struct node *next = n->next;

	if (n->kind != N_IDENT)
		return false;
	arg = given(b, N_IDENT, n->ident.name);
	if (!arg)
		return false;
	check_walk(arg, 0, count_node, b->e);
	if (b->e->nodes > MAX_NODES)
		return true; /* reported at the next use */
	*n = *node_clone(b->e->k->arena, arg);
	n->next = next;
	return true;
}

static void put_type(const struct binding *b, struct node *n)
{
	const struct node *arg;
	struct node *copy;
	unsigned stars = n->tname.stars;

	arg = n->tname.tag == TY_NONE && n->tname.name ? given(b, N_IDENT, n->tname.name) : NULL;
	if (!arg)
		return;
	if (arg->kind == N_IDENT) {
		n->tname.name = arg->ident.name;
	} else if (arg->kind == N_TYPENAME && !n->tname.is_array) {
		copy = node_clone(b->e->k->arena, arg);
		n->tname = copy->tname;
		n->tname.stars += stars;
	}
}

/* Macros are hygienic: what they use of the program is given to them. */
static void foreign_map(const struct binding *b, const struct node *n)
{
	check_error(b->e->k, n, UNKNOWN_MAP, "'%s' is not a parameter of the macro", n->map.name);
	check_hint(b->e->k, "macro name(%s) { … } is given a map, as in name(@other)",
		   n->map.name);
}

static void put_names(const struct binding *b, struct node *n)
{
	const struct node *arg;

	if (n->kind == N_VAR) {
		arg = given(b, N_VAR, n->var.name);
		n->var.name = arg ? arg->var.name
				  : arena_printf(b->e->k->arena, "%s'%u", n->var.name, b->number);
		n->var.var = NULL;
	} else if (n->kind == N_MAP) {
		arg = given(b, N_MAP, n->map.name);
		if (arg)
			n->map.name = arg->map.name;
		else
			foreign_map(b, n);
	} else if (n->kind == N_TYPENAME) {
		put_type(b, n);
	}
}

static void substitute(const struct binding *b, struct node *n)
{
	struct node **c[CHECK_MAX_CHILDREN], *child;
	unsigned i, count;

	b->e->nodes++;
	if (put_argument(b, n))
		return;
	put_names(b, n);
	count = check_children(n, c);
	for (i = 0; i < count; i++)
		for (child = *c[i]; child; child = child->next)
			substitute(b, child);
}

/* ---- choosing ---- */

static bool fits(const struct node *param, const struct node *arg)
{
	switch (param->kind) {
	case N_VAR: return arg->kind == N_VAR;
	case N_MAP: return arg->kind == N_MAP && !arg->map.keyed;
	default: return true;
	}
}

static bool matches(const struct node *macro, const struct node *args)
{
	const struct node *p = macro->macro.params;

	for (; p && args; p = p->next, args = args->next)
		if (!fits(p, args))
			return false;
	return !p && !args;
}

static const struct node *choose(struct expander *e, const char *name, const struct node *args)
{
	struct overload *o = strmap_get(&e->macros, name);

	for (; o; o = o->next)
		if (matches(o->macro, args))
			break;
	if (!o)
		return NULL;
	o->used = true;
	return o->macro;
}

static const char *kind_of(const struct node *macro)
{
	return macro->kind == N_FN ? "function" : "macro";
}

/* Is it a macro without parameters? */
static bool is_word(struct expander *e, const char *name)
{
	const struct node *macro = choose(e, name, NULL);

	return macro && macro->kind == N_MACRO;
}

static const char *param_name(const struct node *p)
{
	return p->kind == N_LET	  ? p->let.target->var.name
	       : p->kind == N_VAR ? p->var.name
	       : p->kind == N_MAP ? p->map.name
				  : p->ident.name;
}

static const char *signature(struct check *k, const struct node *macro)
{
	const char *text = arena_printf(k->arena, "%s(", macro->macro.name);
	const struct node *p;

	for (p = macro->macro.params; p; p = p->next)
		text = arena_printf(k->arena, "%s%s%s", text, param_name(p), p->next ? ", " : "");
	return arena_printf(k->arena, "%s)", text);
}

static void no_match(struct expander *e, const struct node *n, const char *name,
		     const struct node *args)
{
	const struct overload *o = strmap_get(&e->macros, name);
	unsigned want = node_count(o->macro->macro.params), have = node_count(args);

	if (want != have)
		check_error(e->k, n, ARG_COUNT, "%s '%s' takes %u argument%s, not %u",
			    kind_of(o->macro), name, want, want == 1 ? "" : "s", have);
	else
		check_error(e->k, n, TYPE, "macro '%s' wants a variable or a whole map here", name);
	check_hint(e->k, "%s", signature(e->k, o->macro));
}

/* ---- expansion ---- */

static bool may_expand(struct expander *e, const struct node *n, const struct node *macro,
		       const struct use *use)
{
	const struct use *u;

	for (u = use; u; u = u->up) {
		if (u->macro != macro)
			continue;
		check_error(e->k, n, RECURSION, "%s '%s' uses itself", kind_of(macro),
			    macro->macro.name);
		return false;
	}
	if (++e->uses <= MAX_EXPANSIONS && e->nodes <= MAX_NODES &&
	    (!use || use->depth < COMPILE_MAX_DEPTH / 4))
		return true;
	if (!e->stopped)
		check_error(e->k, n, TOO_LARGE, "the program uses macros too often");
	e->stopped = true;
	return false;
}

/* Remembers where a node comes from; inner: what it was marked with. */
static uint32_t mark(struct expander *e, struct loc loc, uint32_t inner)
{
	struct checker *c = checker_of(e->k);
	struct macro_use use = {loc, inner};

	vec_apush(e->k->arena, &c->macro_uses, use);
	return (uint32_t)c->macro_uses.n;
}

/* n becomes { body }; a body that is a single value becomes that. */
static void put_body(struct expander *e, struct node *n, const struct node *body)
{
	struct node *stmts, *result = NULL;
	struct loc loc = n->loc;

	if (body->kind == N_BLOCKEXPR) {
		stmts = body->blockexpr.stmts;
		result = body->blockexpr.result;
	} else {
		stmts = body->kind == N_BLOCK ? body->block.stmts : NULL;
		if (body->kind != N_BLOCK)
			result = (struct node *)(uintptr_t)body;
	}
	if (!stmts && result) {
		struct node *next = n->next;

		*n = *result;
		n->next = next;
		n->expansion = mark(e, loc, n->expansion);
		return;
	}
	n->kind = N_BLOCKEXPR;
	n->expansion = mark(e, loc, 0);
	n->blockexpr.stmts = stmts;
	n->blockexpr.result = result;
	n->blockexpr.fn = NULL;
}

/* A call of a function: its body is put in, once for each call. */
static void expand_fn(struct expander *e, struct node *n, const struct node *fn,
		      const struct use *use, unsigned depth)
{
	struct use inner = {fn, use, use ? use->depth + 1 : 0};
	unsigned errors = e->k->c->diags.errors;
	struct loc loc = n->loc;
	struct node *body;
	uint32_t id;

	if (!may_expand(e, n, fn, use))
		return;
	id = e->uses;
	body = check_fn_use(e->k, n, fn, id);
	n->expansion = mark(e, loc, 0);
	check_walk(body, 0, count_node, e);
	if (e->nodes > MAX_NODES && !may_expand(e, n, NULL, NULL))
		return;
	expand(e, body, &inner, depth + 1);
	check_fn_returns(e->k, body, fn, id);
	if (e->k->c->diags.errors > errors && !e->k->clause)
		diag_add(&e->k->c->diags, DIAG_NOTE, TAG_TYPE, loc, "expanded from here");
}

static void expand_use(struct expander *e, struct node *n, const char *name, struct node *args,
		       const struct use *use, unsigned depth)
{
	const struct node *macro = choose(e, name, args);
	struct use inner = {macro, use, use ? use->depth + 1 : 0};
	struct binding b = {e, NULL, args, 0};
	unsigned errors = e->k->c->diags.errors;
	struct loc loc = n->loc;
	struct node *body;

	if (!macro) {
		no_match(e, n, name, args);
		return;
	}
	if (macro->kind == N_FN) {
		expand_fn(e, n, macro, use, depth);
		return;
	}
	if (!macro->macro.body || !may_expand(e, n, macro, use))
		return;
	b.params = macro->macro.params;
	b.number = e->uses;
	body = node_clone(e->k->arena, macro->macro.body);
	substitute(&b, body);
	if (e->nodes > MAX_NODES && !may_expand(e, n, NULL, NULL))
		return;
	expand(e, body, &inner, depth + 1);
	put_body(e, n, body);
	if (e->k->c->diags.errors > errors)
		diag_add(&e->k->c->diags, DIAG_NOTE, TAG_TYPE, loc, "expanded from here");
}

static void expand_list(struct expander *e, struct node *list, const struct use *use,
			unsigned depth)
{
	for (; list; list = list->next)
		expand(e, list, use, depth);
}

/* Arguments first: they belong to the text around the use. */
static void expand(struct expander *e, struct node *n, const struct use *use, unsigned depth)
{
	struct node **c[CHECK_MAX_CHILDREN];
	unsigned i, count;

	if (depth > COMPILE_MAX_HEIGHT)
		return; /* reported by the check itself */
	count = check_children(n, c);
	for (i = 0; i < count; i++)
		expand_list(e, *c[i], use, depth + 1);
	if (n->kind == N_CALL && strmap_get(&e->macros, n->call.name))
		expand_use(e, n, n->call.name, n->call.args, use, depth);
	else if (n->kind == N_IDENT && is_word(e, n->ident.name))
		expand_use(e, n, n->ident.name, NULL, use, depth);
}

/* ---- definitions ---- */

static bool same_parameters(const struct node *a, const struct node *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (a->kind != b->kind)
			return false;
	return !a && !b;
}

static void define(struct expander *e, struct node *macro)
{
	struct overload *o = arena_new_of(e->k->arena, struct overload), *other;
	struct node *p, *q;

	for (p = macro->macro.params; p; p = p->next)
		for (q = p->next; q; q = q->next)
			if (!strcmp(param_name(p), param_name(q)))
				check_error(e->k, q, DUPLICATE, "parameter '%s' is there twice",
					    param_name(q));
	other = strmap_get(&e->macros, macro->macro.name);
	for (o->next = other; other; other = other->next) {
		if (macro->kind == N_MACRO && other->macro->kind == N_MACRO &&
		    !same_parameters(other->macro->macro.params, macro->macro.params))
			continue;
		check_error(e->k, macro, DUPLICATE, "%s '%s' is defined twice", kind_of(macro),
			    macro->macro.name);
		diag_add(&e->k->c->diags, DIAG_NOTE, TAG_DUPLICATE, other->macro->loc,
			 "the first definition");
		return;
	}
	o->macro = macro;
	strmap_put(&e->macros, macro->macro.name, o);
}

/* Mistakes in a function are told, whether it is called or not. */
static void try_unused(struct expander *e, struct node *program, const struct node *fn)
{
	const struct overload *o = strmap_get(&e->macros, fn->macro.name);
	struct node *clause;

	if (!o || o->used)
		return;
	clause = check_fn_trial(e->k, fn, program->program.clauses);
	if (!clause)
		return;
	e->k->clause = clause;
	expand(e, clause, NULL, 0);
	e->k->clause = NULL;
	program->program.clauses = node_append(program->program.clauses, clause);
}

void check_macros(struct check *k, struct node *program)
{
	struct expander e = {.k = k};
	struct node *n;

	for (n = program->program.toplevel; n; n = n->next)
		if (n->kind == N_MACRO || n->kind == N_FN)
			define(&e, n);
	if (e.macros.n)
		expand_list(&e, program->program.clauses, NULL, 0);
	for (n = program->program.toplevel; n && !k->c->diags.errors; n = n->next)
		if (n->kind == N_FN)
			try_unused(&e, program, n);
	strmap_free(&e.macros);
}

static void note_uses(struct check *k, uint32_t i, unsigned depth)
{
	const struct macro_use *u;

	if (!i || depth > COMPILE_MAX_DEPTH)
		return;
	u = &checker_of(k)->macro_uses.v[i - 1];
	note_uses(k, u->inner, depth + 1);
	diag_add(&k->c->diags, DIAG_NOTE, TAG_TYPE, u->loc, "expanded from here");
}

void check_macro_note(struct check *k, const struct node *n, unsigned errors)
{
	if (k->final && k->c->diags.errors > errors && !k->c->diags.dropped &&
	    !k->clause->clause.trial)
		note_uses(k, n->expansion, 0);
}
