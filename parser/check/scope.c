/*
 * Scopes of $variables. A variable belongs to the block where it is first
 * assigned or declared; inside, it hides one of the same name outside only when
 * it is declared by let. Used by everything in the check that names a variable.
 *
 * A name of a block that has ended may still be used (programs written when a
 * variable lived in the whole clause do), as long as it does not get out of a loop.
 */
#include <string.h>

#include "parser/check/internal.h"

void check_scope_enter(struct check *k, struct scope *s, struct node *loop)
{
	*s = (struct scope){.up = checker_of(k)->scope, .loop = loop};
	checker_of(k)->scope = s;
}

void check_scope_leave(struct check *k)
{
	struct checker *c = checker_of(k);
	struct scope_var *v, *next;

	for (v = c->scope->vars; v; v = next) {
		next = v->next;
		v->next = c->closed;
		c->closed = v;
	}
	c->scope = c->scope->up;
}

struct node *check_innermost_loop(struct check *k, bool any)
{
	const struct scope *s;

	for (s = checker_of(k)->scope; s; s = s->up)
		if (s->loop && (any || s->loop->kind != N_UNROLL))
			return s->loop;
		else if (s->fn && any)
			break;
	return NULL;
}

static void capture(struct check *k, struct node *loop, struct var *v, bool written)
{
	struct capture **list = loop->kind == N_FOR ? &loop->each.captures : &loop->loop.captures;
	struct capture *c;

	for (c = *list; c; c = c->next)
		if (c->var == v)
			break;
	if (!c) {
		c = arena_new_of(k->arena, struct capture);
		c->var = v;
		c->next = *list;
		*list = c;
	}
	c->written |= written;
}

static struct check_var *in_list(const struct scope_var *list, const char *name)
{
	for (; list; list = list->next)
		if (strcmp(list->v->var.name, name) == 0)
			return list->v;
	return NULL;
}

/* Every loop between the use and the variable's scope captures it. */
static struct check_var *find_visible(struct check *k, const char *name, bool written)
{
	struct scope *s, *inner;
	struct check_var *v = NULL;

	for (s = checker_of(k)->scope; s && !v; s = s->up)
		v = in_list(s->vars, name);
	if (!v)
		return NULL;
	for (inner = checker_of(k)->scope; !in_list(inner->vars, name); inner = inner->up)
		if (inner->loop && inner->loop->kind != N_UNROLL)
			capture(k, inner->loop, &v->var, written);
	return v;
}

static struct check_var *find_closed(struct check *k, const char *name)
{
	struct node *loop = check_innermost_loop(k, false);
	const struct scope_var *s;

	for (s = checker_of(k)->closed; s; s = s->next)
		if (s->v->var.home == loop && !s->v->let && !s->v->constant &&
		    strcmp(s->v->var.name, name) == 0)
			return s->v;
	return NULL;
}

struct check_var *check_var_find(struct check *k, const char *name, bool written)
{
	struct check_var *v = find_visible(k, name, written);

	return v ? v : find_closed(k, name);
}

static void list_in_scope(struct check *k, struct check_var *v)
{
	struct scope_var *s = arena_new_of(k->arena, struct scope_var);

	s->v = v;
	s->next = checker_of(k)->scope->vars;
	checker_of(k)->scope->vars = s;
}

static struct check_var *new_var(struct check *k, const char *name, struct loc loc)
{
	struct node *clause = k->clause;
	unsigned n = clause->clause.nvars;
	struct check_var *v;
	struct var **grown;

	if ((n & (n - 1)) == 0) { /* full at every power of two */
		grown = arena_alloc(k->arena, (n ? 2 * n : 1) * sizeof(*grown));
		if (n)
			memcpy(grown, clause->clause.vars, n * sizeof(*grown));
		clause->clause.vars = grown;
	}
	v = arena_new_of(k->arena, struct check_var);
	v->var.name = name;
	v->var.loc = loc;
	v->var.index = n;
	v->var.home = check_innermost_loop(k, false);
	clause->clause.vars[n] = &v->var;
	clause->clause.nvars = n + 1;
	return v;
}

static bool same_place(struct loc a, struct loc b)
{
	return a.file == b.file && a.offset == b.offset && a.length == b.length;
}

struct check_var *check_var_declare(struct check *k, struct node *target)
{
	struct var *own = target->var.var;
	struct check_var *v;

	if (own && same_place(own->loc, target->loc) && strcmp(own->name, target->var.name) == 0)
		v = (struct check_var *)own;
	else
		v = new_var(k, target->var.name, target->loc);
	target->var.var = &v->var;
	list_in_scope(k, v);
	return v;
}

void check_var_hides(struct check *k, const struct node *target)
{
	const char *name = target->var.name;
	const struct check_var *here = in_list(checker_of(k)->scope->vars, name), *other = here;
	const struct scope *s;

	for (s = checker_of(k)->scope->up; s && !other; s = s->up)
		other = in_list(s->vars, name);
	if (here && here->let)
		check_error(k, target, DUPLICATE, "'%s' is declared twice",
			    check_plain_name(k, name));
	else if (other)
		diag_warn(&k->c->diags, SHADOW, target->loc, "'%s' hides another '%s'",
			  check_plain_name(k, name), check_plain_name(k, name));
	else
		return;
	diag_add(&k->c->diags, DIAG_NOTE, here && here->let ? TAG_DUPLICATE : TAG_SHADOW,
		 other->var.loc, "the other one");
}

struct check_var *check_var_assigned(struct check *k, struct node *target, bool *revived)
{
	struct var *own = target->var.var;
	struct check_var *v = find_visible(k, target->var.name, true);

	*revived = false;
	if (v || (own && same_place(own->loc, target->loc)))
		return v ? v : check_var_declare(k, target);
	v = find_closed(k, target->var.name);
	if (!v)
		return check_var_declare(k, target);
	*revived = true;
	list_in_scope(k, v);
	return v;
}

static void suggest(struct check *k, const char *name)
{
	struct nearest near = nearest_init(name);
	const struct scope_var *v;
	const struct scope *s;

	for (s = checker_of(k)->scope; s; s = s->up)
		for (v = s->vars; v; v = v->next)
			if (!strchr(v->v->var.name, '\'')) /* not those of functions and macros */
				nearest_try(&near, v->v->var.name);
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
}

void check_variable(struct check *k, struct node *n)
{
	struct check_var *v = check_var_find(k, n->var.name, false);

	n->type = check_poison();
	if (v) {
		v->used = true;
		n->var.var = &v->var;
		if (v->value.type)
			n->type = v->value.type;
		return;
	}
	check_error(k, n, UNKNOWN_VARIABLE, "'%s' is used before it is assigned",
		    check_plain_name(k, n->var.name));
	suggest(k, n->var.name);
}
