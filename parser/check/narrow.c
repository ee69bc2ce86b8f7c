/*
 * The types that the language gives integers. Variables, maps and expressions keep them in 8
 * bytes; what sizeof, comparisons of typeof, typeinfo and bswap tell is the smallest type of a
 * literal, and of a variable or map the smallest that holds all that is assigned.
 */
#include <string.h>

#include "parser/check/internal.h"

static uint32_t bytes_for(uint64_t most, bool is_signed)
{
	uint32_t size = 1;

	while (size < 8 && most >> (8 * size - is_signed))
		size *= 2;
	return size;
}

/* Made of literals only: n is what it comes to. */
static bool is_literal(const struct node *n, unsigned depth)
{
	switch (n->kind) {
	case N_NUM:
		return n->type && n->type->kind == TY_INT;
	case N_UNARY:
		return (n->unary.op == OP_NEG || n->unary.op == OP_BNOT) && depth < 32 &&
		       is_literal(n->unary.operand, depth + 1);
	case N_BINARY:
		return n->binary.op >= OP_ADD && n->binary.op <= OP_SHR && depth < 32 && n->type &&
		       n->type->kind == TY_INT && is_literal(n->binary.left, depth + 1) &&
		       is_literal(n->binary.right, depth + 1);
	default:
		return false;
	}
}

static const struct type *literal(struct check *k, const struct node *n, int64_t value)
{
	bool is_unsigned = n->kind == N_NUM && (n->num.is_unsigned || value < 0);
	uint64_t most = value < 0 && !is_unsigned ? ~(uint64_t)value : (uint64_t)value;

	return type_int(k->types, bytes_for(most, !is_unsigned), !is_unsigned);
}

static const struct type *of_parts(struct check *k, const struct node *n)
{
	bool record = n->kind == N_RECORD;
	uint32_t count = record ? n->record.n : n->tuple.n, i = 0;
	const struct type **elems = arena_alloc(k->arena, (count + 1) * sizeof(*elems));
	struct member *m = arena_alloc(k->arena, (count + 1) * sizeof(*m));
	const struct node *e = record ? n->record.items : n->tuple.elems;

	for (; e && i < count; e = e->next, i++) {
		elems[i] = check_narrow(k, record ? e->item.value : e);
		m[i] = (struct member){.name = record ? e->item.name : NULL, .type = elems[i]};
		if (check_poisoned(elems[i]))
			return n->type;
	}
	return record ? type_record(k->types, m, i) : type_tuple(k->types, elems, i);
}

static const struct type *of_member(struct check *k, const struct node *n)
{
	const struct type *object;
	struct member m;

	if (n->field.pvar || check_poisoned(n->field.object->type) ||
	    (n->field.object->type->kind != TY_TUPLE && n->field.object->type->kind != TY_RECORD))
		return n->type;
	object = check_narrow(k, n->field.object);
	return type_member(k->types, object, n->field.name, &m) ? m.type : n->type;
}

/* A stored type with the sizes that are known of it; as long as they belong together. */
static const struct type *of_stored(const struct grown *g, const struct type *type)
{
	if (!g->narrow || !g->type || g->type->kind != type->kind)
		return type;
	return g->narrow;
}

const struct type *check_narrow(struct check *k, const struct node *n)
{
	const struct check_var *v;
	int64_t value;

	if (check_poisoned(n->type))
		return n->type;
	if (is_literal(n, 0) && check_const(k, n, &value))
		return literal(k, n, value);
	switch (n->kind) {
	case N_TUPLE: case N_RECORD:
		return of_parts(k, n);
	case N_FIELD:
		return of_member(k, n);
	case N_VAR:
		v = (const struct check_var *)n->var.var;
		return v ? of_stored(&v->value, n->type) : n->type;
	case N_MAP:
		return n->map.map ? of_stored(&map_state(n->map.map)->value, n->type) : n->type;
	case N_BLOCKEXPR:
		return n->blockexpr.result ? check_narrow(k, n->blockexpr.result) : n->type;
	case N_TERNARY:
		if (!n->ternary.yes || check_poisoned(n->ternary.yes->type))
			return n->type;
		return check_narrow_join(k, check_narrow(k, n->ternary.yes),
					 check_narrow(k, n->ternary.no));
	default:
		return n->type;
	}
}

/* The smaller of what holds both: an unsigned one needs more bits to become signed. */
static const struct type *join_ints(struct check *k, const struct type *a, const struct type *b)
{
	uint32_t size = a->size > b->size ? a->size : b->size;
	const struct type *u = a->is_signed ? b : a, *s = a->is_signed ? a : b;

	if (a->is_signed != b->is_signed && u->size >= s->size)
		size = u->size < 8 ? 2 * u->size : 8;
	return type_int(k->types, size, a->is_signed || b->is_signed);
}

const struct type *check_narrow_join(struct check *k, const struct type *a, const struct type *b)
{
	const struct member *other;
	struct member *m;
	uint32_t i;

	if (a->kind == TY_INT && b->kind == TY_INT)
		return join_ints(k, a, b);
	if (a->kind != b->kind || (a->kind != TY_TUPLE && a->kind != TY_RECORD) ||
	    a->nmembers != b->nmembers)
		return check_unify(k, a, b);
	m = arena_alloc(k->arena, (a->nmembers + 1) * sizeof(*m));
	for (i = 0; i < a->nmembers; i++) {
		m[i] = a->members[i];
		other = type_named_member(b, m[i].name, i);
		m[i].type = other ? check_narrow_join(k, m[i].type, other->type) : NULL;
		if (!m[i].type)
			return NULL;
	}
	if (a->kind == TY_RECORD)
		return type_record(k->types, m, a->nmembers);
	const struct type **elems = arena_alloc(k->arena, (i + 1) * sizeof(*elems));
	for (i = 0; i < a->nmembers; i++)
		elems[i] = m[i].type;
	return type_tuple(k->types, elems, i);
}

/* Positive literals take the sign of what else is assigned. */
static const struct type *with_literals(struct check *k, const struct grown *g)
{
	const struct type *t = g->sized;
	uint32_t size;

	if (!g->has_literal)
		return t;
	size = bytes_for(g->most, !t || t->is_signed);
	if (t && t->size > size)
		size = t->size;
	return type_int(k->types, size, !t || t->is_signed);
}

void check_grow_narrow(struct check *k, struct grown *g, const struct node *value,
		       const struct type *t, enum rank rank)
{
	const struct type *narrow = value ? check_narrow(k, value) : t, *before = g->narrow;
	int64_t c;

	if (check_poisoned(narrow) || k->final) /* sizeof() and the like are literals by then */
		return;
	if (value && is_literal(value, 0) && rank <= RANK_FREE && check_const(k, value, &c)) {
		g->has_literal = true;
		if ((uint64_t)c > g->most)
			g->most = (uint64_t)c;
	} else {
		g->sized = g->sized ? check_narrow_join(k, g->sized, narrow) : narrow;
	}
	g->narrow = g->has_literal && (!g->sized || g->sized->kind == TY_INT)
			    ? with_literals(k, g) : g->sized;
	if (g->narrow != before)
		k->changed = true;
}
