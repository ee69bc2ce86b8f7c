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

/* What c_function() looks names up in later. */
static void keep_names(struct cc *k)
{
	const struct strmap *names = &k->file_scope->names, *tags = &k->file_scope->tags;
	struct c_name *n = arena_alloc(k->arena, (names->n + tags->n + 1) * sizeof(*n));
	size_t i;

	k->unit->names = n;
	for (i = 0; i < names->n; i++)
		*n++ = (struct c_name){names->entries[i].key, names->entries[i].value, NULL};
	for (i = 0; i < tags->n; i++)
		*n++ = (struct c_name){tags->entries[i].key, NULL, tags->entries[i].value};
	k->unit->nnames = (unsigned)(names->n + tags->n);
}

static struct c_sym *name_of(const struct c_unit *u, const char *name, enum c_sym_kind kind)
{
	for (unsigned i = 0; i < u->nnames; i++)
		if (u->names[i].sym && u->names[i].sym->kind == kind &&
		    strcmp(u->names[i].name, name) == 0)
			return u->names[i].sym;
	return NULL;
}

const struct c_func *c_function_named(const struct c_unit *u, const char *name)
{
	const struct c_sym *sym = name_of(u, name, SYM_FUNC);

	return sym ? sym->func : NULL;
}

struct c_map *c_map_named(const struct c_unit *u, const char *name)
{
	const struct c_sym *sym = name_of(u, name, SYM_MAP);

	return sym && sym->map->kind != C_CLAUSE ? sym->map : NULL;
}

bool c_same_type(const struct type *a, const struct type *b)
{
	return cc_same(a, b);
}

struct c_func *c_function(struct compile *c, struct c_unit *u, const char *name,
			  const struct type *const *args, unsigned nargs,
			  const struct c_caller *by)
{
	struct c_func caller = {.program = (enum c_program)by->program, .unknown = by->unknown};
	struct node call = {.kind = N_CCALL, .loc = by->loc}, **tail = &call.ccall.args;
	struct c_func *f = NULL;
	struct c_sym *sym;
	struct cc k;
	unsigned i;

	set_up(&k, c, u);
	u->pass = by->final ? 0 : ++u->npasses;
	for (i = 0; i < u->nnames; i++)
		strmap_put(u->names[i].sym ? &k.scope->names : &k.scope->tags, u->names[i].name,
			   u->names[i].sym ? (void *)u->names[i].sym
					   : (void *)(uintptr_t)u->names[i].tag);
	sym = cc_find(&k, name);
	for (i = 0; i < nargs; i++) {
		*tail = node_new(c->arena, N_IDENT, by->loc);
		(*tail)->type = args[i];
		tail = &(*tail)->next;
	}
	call.ccall.nargs = nargs;
	k.func = &caller;
	if (sym && sym->kind == SYM_FUNC &&
	    cc_count(&k, &call, sym->func->nparams, sym->func->nparams, name))
		f = cc_instance(&k, sym->func, &call);
	u->pass = 0;
	cc_scope_pop(&k);
	return f;
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
	keep_names(&k);
	cc_scope_pop(&k);
	return c->diags.errors ? -EINVAL : 0;
}
