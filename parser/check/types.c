/*
 * Types in the check: what is stored for a value, and how stored types grow
 * with further assignments.
 */
#include <string.h>

#include "parser/check/internal.h"

const struct type *check_poison(void)
{
	static const struct type poison = {.kind = TY_NONE, .name = "error"};

	return &poison;
}

/* The type in words; pointers say where they point when that is not the kernel. */
const char *check_print_place(struct check *k, const struct type *t)
{
	const char *text = check_print(k, t);

	return t && t->kind == TY_PTR && t->space == SP_USER
		       ? arena_printf(k->arena, "a user pointer (%s)", text)
		       : text;
}

bool check_poisoned(const struct type *t)
{
	return !t || t == check_poison();
}

const char *check_print(struct check *k, const struct type *t)
{
	return check_poisoned(t) ? "unknown" : type_print(k->arena, t);
}

/* char[N], but not uint8[N]. */
bool check_is_chars(const struct type *t)
{
	return t->kind == TY_ARRAY && t->count && t->elem->kind == TY_INT && t->elem->size == 1 &&
	       t->elem->is_signed;
}

/* The type of what is read from memory in a space: pointers found there point into it too. */
const struct type *check_loaded(struct check *k, const struct type *t, enum space space)
{
	switch (t->kind) {
	case TY_PTR:
		if (t->space == SP_USER || space == SP_USER)
			return type_with_space(k->types, t, SP_USER);
		return type_with_space(k->types, t, SP_KERNEL);
	case TY_ARRAY:
		if (space == SP_USER && t->elem->kind == TY_PTR && t->elem->space != SP_USER)
			t = type_array(k->types, check_loaded(k, t->elem, space), t->count);
		return type_with_space(k->types, t, space);
	case TY_STRUCT: case TY_UNION: case TY_STRING: case TY_TUPLE:
	case TY_RECORD: case TY_BUFFER:
		return type_with_space(k->types, t, space);
	default:
		return t;
	}
}

static const struct type *stored_tuple(struct check *k, const struct type *t)
{
	const struct type **elems = arena_alloc(k->arena, t->nmembers * sizeof(*elems));
	uint32_t i;

	for (i = 0; i < t->nmembers; i++)
		elems[i] = check_stored(k, t->members[i].type);
	return type_tuple(k->types, elems, t->nmembers);
}

/* The type of a map value, key or variable that holds a value of type t: integers are 8 bytes. */
const struct type *check_stored(struct check *k, const struct type *t)
{
	switch (t->kind) {
	case TY_INT:
		return type_int(k->types, 8, t->is_signed);
	case TY_STRING:
		return type_string(k->types, t->size);
	case TY_TUPLE:
		return stored_tuple(k, t);
	case TY_STRUCT: case TY_UNION: case TY_ARRAY: case TY_RECORD: case TY_BUFFER:
		return type_with_space(k->types, t, SP_VALUE);
	default:
		return t;
	}
}

static const struct type *unify_pointers(struct check *k, const struct type *a,
					 const struct type *b)
{
	const struct type *elem = a->elem;

	if (a->elem != b->elem) {
		if (a->elem->kind == TY_NONE)
			elem = b->elem;
		else if (b->elem->kind != TY_NONE)
			return NULL;
	}
	if (a->space == b->space)
		return type_ptr(k->types, elem, a->space);
	if (a->space == SP_USER || b->space == SP_USER)
		return NULL;
	return type_ptr(k->types, elem, SP_KERNEL);
}

static const struct type *unify_tuples(struct check *k, const struct type *a,
				       const struct type *b)
{
	const struct type **elems;
	uint32_t i;

	if (a->nmembers != b->nmembers)
		return NULL;
	elems = arena_alloc(k->arena, a->nmembers * sizeof(*elems));
	for (i = 0; i < a->nmembers; i++) {
		elems[i] = check_unify(k, a->members[i].type, b->members[i].type);
		if (!elems[i])
			return NULL;
	}
	return type_tuple(k->types, elems, a->nmembers);
}

/* Members go by their names; the order is that of the first. */
static const struct type *unify_records(struct check *k, const struct type *a,
					const struct type *b)
{
	const struct member *other;
	struct member *m;
	uint32_t i;

	if (a->nmembers != b->nmembers)
		return NULL;
	m = arena_alloc(k->arena, (a->nmembers + 1) * sizeof(*m));
	for (i = 0; i < a->nmembers; i++) {
		m[i] = a->members[i];
		other = type_named_member(b, m[i].name, i);
		m[i].type = other ? check_unify(k, m[i].type, other->type) : NULL;
		if (!m[i].type)
			return NULL;
	}
	return type_record(k->types, m, a->nmembers);
}

/* The smallest type that holds values of both stored types; NULL when there is none. */
const struct type *check_unify(struct check *k, const struct type *a, const struct type *b)
{
	if (a == b || check_poisoned(b))
		return a;
	if (check_poisoned(a))
		return b;
	if (type_is_integer(a) && type_is_integer(b))
		return type_int(k->types, 8,
				!((a->kind == TY_INT && !a->is_signed) ||
				  (b->kind == TY_INT && !b->is_signed)) ||
				(a->kind == TY_INT && a->is_signed) ||
				(b->kind == TY_INT && b->is_signed));
	if (a->kind != b->kind)
		return NULL;
	switch (a->kind) {
	case TY_STRING:
		return type_string(k->types, a->size > b->size ? a->size : b->size);
	case TY_BUFFER:
		return type_buffer(k->types, a->size > b->size ? a->size : b->size);
	case TY_TUPLE:
		return unify_tuples(k, a, b);
	case TY_RECORD:
		return unify_records(k, a, b);
	case TY_PTR:
		return unify_pointers(k, a, b);
	case TY_KSTACK: case TY_USTACK:
		if (a->params[0] != b->params[0])
			return NULL;
		return a->count > b->count ? a : b;
	case TY_STRUCT: case TY_UNION: case TY_ARRAY: case TY_AGG: case TY_ENUM:
		return NULL;
	default:
		return a;
	}
}

/* How much the value of an expression says about the sign of what it is stored in. */
enum rank check_rank(struct check *k, const struct node *n)
{
	int64_t value;

	if (n->type->kind != TY_INT)
		return RANK_FREE;
	if (n->type->is_signed && check_const(k, n, &value)) {
		if (value == 0)
			return RANK_NULL;
		if (value > 0)
			return RANK_FREE;
	}
	return n->type->is_signed ? RANK_SIGNED : RANK_UNSIGNED;
}

/*
 * Lets g hold values of the stored type t too. False when they do not go
 * together; g is unchanged then.
 */
bool check_grow(struct check *k, struct grown *g, const struct type *t, enum rank rank)
{
	const struct type *joined;

	if (!g->type) {
		joined = t;
	} else if (g->type->kind == TY_PTR && t->kind == TY_INT && rank == RANK_NULL) {
		return true;
	} else if (t->kind == TY_PTR && g->type->kind == TY_INT && g->rank == RANK_NULL) {
		joined = t;
	} else {
		joined = check_unify(k, g->type, t);
		if (!joined)
			return false;
	}
	if (rank > g->rank || !g->type)
		g->rank = rank;
	if (joined->kind == TY_INT)
		joined = type_int(k->types, 8, g->rank != RANK_UNSIGNED);
	if (joined != g->type) {
		g->type = joined;
		k->changed = true;
	}
	return true;
}
