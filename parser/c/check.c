/*
 * The check of a unit of BPF C: declarations in the order of the text, then the
 * programs, and with them what they call. Called by the compiler's driver.
 */
#include <errno.h>
#include <string.h>

#include "parser/c/check.h"

static void set_up(struct cc *k, struct compile *c, struct c_unit *u)
{
	memset(k, 0, sizeof(*k));
	k->c = c;
	k->arena = c->arena;
	k->types = c->types;
	k->unit = u;
	k->none = type_none(c->types);
	k->boolean = type_bool(c->types);
	k->i8 = type_int(c->types, 1, true);
	k->i32 = type_int(c->types, 4, true);
	k->u32 = type_int(c->types, 4, false);
	k->i64 = type_int(c->types, 8, true);
	k->u64 = type_int(c->types, 8, false);
	/* the type of what was reported already: only its address matters */
	k->poison = type_script(c->types, TY_ENUM, "?");
	cc_scope_push(k);
	k->file_scope = k->scope;
}

static void check_item(struct cc *k, struct node *n)
{
	int64_t v;

	switch (n->kind) {
	case N_CDECLS: cc_declaration(k, n); break;
	case N_CMAPDECL: cc_map(k, n); break;
	case N_CFUNC: cc_function(k, n); break;
	case N_CASSERT:
		if (cc_constant(k, &n->expr.expr, &v, "a static assertion") && !v)
			cc_error(k, n, NOT_CONSTANT, "the static assertion does not hold");
		break;
	default: break;
	}
}

/* The tree shows what was checked: of an inlined function its first instance. */
static void show_checked(struct node *items)
{
	struct node *i;

	for (i = items; i; i = i->next) {
		const struct c_func *f = i->kind == N_CFUNC ? i->cfunc.func : NULL;

		if (f && f->instances)
			f = f->instances;
		if (f && f->body)
			i->cfunc.body = f->body;
	}
}

int c_check(struct compile *c, struct node *unit)
{
	struct node *i;
	struct cc k;

	set_up(&k, c, unit->cunit.unit);
	cc_predeclare(&k, unit->cunit.items);
	for (i = unit->cunit.items; i; i = i->next)
		check_item(&k, i);
	cc_programs(&k);
	cc_unused(&k, unit->cunit.items);
	show_checked(unit->cunit.items);
	cc_publish(&k);
	cc_scope_pop(&k);
	return c->diags.errors ? -EINVAL : 0;
}
