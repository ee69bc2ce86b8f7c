/*
 * Scopes and variables of BPF C, and what is known of where pointers point.
 * Called by the rest of the check.
 */
#include <string.h>

#include "parser/c/check.h"

void cc_scope_push(struct cc *k)
{
	struct c_scope *s = arena_new_of(k->arena, struct c_scope);

	s->up = k->scope;
	k->scope = s;
}

void cc_scope_pop(struct cc *k)
{
	struct c_scope *s = k->scope;

	k->scope = s->up;
	strmap_free(&s->names);
	strmap_free(&s->tags);
}

struct c_sym *cc_find(struct cc *k, const char *name)
{
	struct c_scope *s;
	struct c_sym *sym;

	for (s = k->scope; s; s = s->up) {
		sym = strmap_get(&s->names, name);
		if (sym)
			return sym;
	}
	return NULL;
}

struct c_sym *cc_declare(struct cc *k, enum c_sym_kind kind, const char *name, struct loc loc)
{
	struct c_sym *old = strmap_get(&k->scope->names, name), *sym;

	if (old && (kind == SYM_FUNC || kind == SYM_TYPEDEF) && old->kind == kind)
		return old;
	if (old) {
		diag_error(&k->c->diags, DUPLICATE, loc, "'%s' is declared twice", name);
		return NULL;
	}
	sym = arena_new_of(k->arena, struct c_sym);
	sym->kind = kind;
	sym->loc = loc;
	strmap_put(&k->scope->names, name, sym);
	return sym;
}

const char *cc_near_name(struct cc *k, const char *name)
{
	struct nearest n = nearest_init(name);
	struct c_scope *s;
	size_t i;

	for (s = k->scope; s; s = s->up)
		for (i = 0; i < s->names.n; i++)
			nearest_try(&n, s->names.entries[i].key);
	return n.best;
}

struct c_var *cc_var_new(struct cc *k, const char *name, const struct type *type,
			 enum c_storage storage, struct loc loc)
{
	struct c_var *v = arena_new_of(k->arena, struct c_var);
	struct c_memo none = {0};

	v->name = name;
	v->type = type;
	v->storage = storage;
	v->loc = loc;
	v->address_taken = type_in_memory(type);
	if (storage == C_GLOBAL) {
		v->index = k->unit->nglobals++;
		v->next = k->unit->globals;
		k->unit->globals = v;
		return v;
	}
	v->index = k->func->nvars++;
	v->next = k->func->vars;
	k->func->vars = v;
	v->order = k->order++;
	if (v->order == k->memo.n)
		vec_push(&k->memo, none);
	v->space = k->memo.v[v->order].space;
	v->space_known = k->memo.v[v->order].space_known;
	v->carries = k->memo.v[v->order].carries;
	v->carries_known = k->memo.v[v->order].carries_known;
	return v;
}

static bool is_plain(enum space s)
{
	return s == SP_STACK || s == SP_MAP;
}

enum space cc_join(enum space a, enum space b)
{
	if (a == b)
		return a;
	if (is_plain(a) && is_plain(b))
		return SP_MAP;
	/* stack and map values are kernel memory, too: a probe read reaches them */
	if ((a == SP_KERNEL && (is_plain(b) || b == SP_TRUSTED)) ||
	    (b == SP_KERNEL && (is_plain(a) || a == SP_TRUSTED)))
		return SP_KERNEL;
	return SP_ANY;
}

void cc_var_store(struct cc *k, struct c_var *v, enum space s)
{
	bool pointer = v->type->kind == TY_PTR;
	enum space *space = pointer ? &v->space : &v->carries, joined;
	bool *known = pointer ? &v->space_known : &v->carries_known;

	if (v->storage == C_GLOBAL)
		return;
	joined = *known ? cc_join(*space, s) : s;
	if (*known && joined == *space)
		return;
	if (v->used)
		k->changed = true;
	*space = joined;
	*known = true;
	if (pointer) {
		k->memo.v[v->order].space = joined;
		k->memo.v[v->order].space_known = true;
	} else {
		k->memo.v[v->order].carries = joined;
		k->memo.v[v->order].carries_known = true;
	}
}
