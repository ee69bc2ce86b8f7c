/*
 * Values made of several: tuples and records. And what is known of types at
 * compile time: sizeof, offsetof.
 */
#include <string.h>

#include "parser/check/internal.h"

static bool too_large(struct check *k, const struct node *n, uint64_t size)
{
	if (size <= CHECK_MAX_VALUE_BYTES)
		return false;
	check_error(k, n, TOO_LARGE, "a tuple of more than %d bytes", CHECK_MAX_VALUE_BYTES);
	return true;
}

/* The stored type of an element; NULL when its error was reported. */
static const struct type *element(struct check *k, struct node *e, uint64_t *size)
{
	const struct type *t;

	check_expr(k, e);
	if (check_poisoned(e->type))
		return NULL;
	t = check_stored(k, e->type);
	*size += t->size;
	return t;
}

/* Objects do not describe values that are nested deeper. */
#define VALUE_MAX_DEPTH 16

static unsigned height_of(const struct type *t)
{
	unsigned height = 0;

	if (t->kind != TY_TUPLE && t->kind != TY_RECORD)
		return 0;
	for (uint32_t i = 0; i < t->nmembers; i++) {
		unsigned h = height_of(t->members[i].type);

		height = h > height ? h : height;
	}
	return height + 1;
}

/* What is in it is not nested deeper, so this does not go far. */
static bool too_deep(struct check *k, const struct node *n, const struct type *t)
{
	if (height_of(t) <= VALUE_MAX_DEPTH)
		return false;
	check_error(k, n, TOO_DEEP, "tuples and records nested more than %d deep", VALUE_MAX_DEPTH);
	return true;
}

void check_tuple(struct check *k, struct node *n)
{
	unsigned i = 0, count = node_count(n->tuple.elems);
	const struct type **elems = arena_alloc(k->arena, (count + 1) * sizeof(*elems));
	uint64_t size = 0;
	bool ok = true;
	struct node *e;

	for (e = n->tuple.elems; e; e = e->next) {
		elems[i] = element(k, e, &size);
		ok &= elems[i++] != NULL;
	}
	n->type = check_poison();
	if (ok && !too_large(k, n, size))
		n->type = type_tuple(k->types, elems, count);
	if (too_deep(k, n, n->type))
		n->type = check_poison();
}

static bool named_twice(struct check *k, const struct node *n, const struct node *item)
{
	const struct node *other;

	for (other = n->record.items; other != item; other = other->next)
		if (strcmp(other->item.name, item->item.name) == 0)
			break;
	if (other == item)
		return false;
	check_error(k, item, DUPLICATE, "'%s' is in the record twice", item->item.name);
	return true;
}

void check_record(struct check *k, struct node *n)
{
	unsigned i = 0, count = node_count(n->record.items);
	struct member *members = arena_alloc(k->arena, (count + 1) * sizeof(*members));
	uint64_t size = 0;
	bool ok = true;
	struct node *e;

	for (e = n->record.items; e; e = e->next, i++) {
		members[i] = (struct member){.name = e->item.name};
		members[i].type = element(k, e->item.value, &size);
		e->type = members[i].type ? members[i].type : check_poison();
		ok &= members[i].type && !named_twice(k, n, e);
	}
	n->type = check_poison();
	if (ok && !too_large(k, n, size))
		n->type = type_record(k->types, members, count);
	if (too_deep(k, n, n->type))
		n->type = check_poison();
}

/* sizeof(name) parses as an expression even if the name is a type. */
static bool name_is_type(struct check *k, struct node *operand)
{
	const char *name = operand->ident.name;
	const struct type *t;
	uint32_t number;

	if (operand->kind != N_IDENT || builtin_find(name) ||
	    check_pvar_find(k->clause->clause.provider, name, &number))
		return false;
	t = type_by_name(k->types, name);
	if (t)
		operand->type = t;
	return t != NULL;
}

/* A type, or an expression that is not evaluated. */
static const struct type *type_of(struct check *k, struct node *operand)
{
	if (operand->kind == N_TYPENAME)
		return check_typename(k, operand);
	if (!name_is_type(k, operand))
		check_place(k, operand);
	return operand->type;
}

const struct type *check_measured(struct check *k, const struct node *operand, const struct type *t)
{
	if (check_poisoned(t) || operand->kind == N_TYPENAME || operand->kind == N_IDENT)
		return t;
	return check_narrow(k, operand);
}

void check_sizeof(struct check *k, struct node *n)
{
	struct node *operand = n->size_of.operand;
	const struct type *t = type_of(k, operand);

	t = check_measured(k, operand, t);
	n->type = type_int(k->types, 8, false);
	if (check_poisoned(t))
		n->type = check_poison();
	else if (!t->size)
		check_error(k, operand, TYPE, "%s has no size", check_print(k, t));
	else if (k->final)
		check_become_num(k, n, t->size, n->type);
}

/* a[3] in a path: an element of an array. */
static bool step_to_element(struct check *k, const struct node *step, const struct type *t,
			    struct member *m)
{
	if (t->kind != TY_ARRAY || (t->count && step->num.value >= t->count) ||
	    step->num.value > UINT32_MAX / (t->elem->size + 1)) {
		check_error(k, step, RANGE, "%s has no element %llu", check_print(k, t),
			    (unsigned long long)step->num.value);
		return false;
	}
	*m = (struct member){.type = t->elem};
	m->offset = (uint32_t)step->num.value * t->elem->size;
	return true;
}

static bool step_into(struct check *k, const struct node *step, const struct type *t,
		      struct member *m)
{
	const char *near;

	if (step->kind == N_NUM)
		return step_to_element(k, step, t, m);
	if (t->kind != TY_STRUCT && t->kind != TY_UNION && t->kind != TY_RECORD) {
		check_error(k, step, TYPE, "%s has no member '%s'", check_print(k, t),
			    step->ident.name);
		return false;
	}
	if (!type_member(k->types, t, step->ident.name, m)) {
		near = type_near_member(k->types, t, step->ident.name);
		check_error(k, step, UNKNOWN_FIELD, "%s has no member '%s'", check_print(k, t),
			    step->ident.name);
		if (near)
			check_hint(k, "did you mean '%s'?", near);
		return false;
	}
	if (!m->bit_size)
		return true;
	check_error(k, step, TYPE, "a bit-field has no offset");
	return false;
}

void check_offsetof(struct check *k, struct node *n)
{
	const struct type *t = type_of(k, n->offset_of.of);
	struct member m = {0};
	uint64_t offset = 0;
	struct node *step;

	n->type = check_poison();
	if (check_poisoned(t))
		return;
	if (t->kind == TY_PTR && n->offset_of.of->kind != N_TYPENAME)
		t = t->elem;
	for (step = n->offset_of.path; step; step = step->next) {
		if (!step_into(k, step, t, &m))
			return;
		offset += m.offset;
		t = m.type;
	}
	n->type = type_int(k->types, 8, false);
	if (k->final || k->settled)
		check_become_num(k, n, offset, n->type);
}
