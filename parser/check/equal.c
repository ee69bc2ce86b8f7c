/*
 * == and != of tuples, records and arrays: rewritten to comparisons of what is in
 * them, joined by && (for != under a !).
 */
#include <string.h>

#include "parser/check/internal.h"

#define MAX_PARTS 64

static uint32_t parts_of(const struct type *t)
{
	return t->kind == TY_ARRAY ? t->count : t->nmembers;
}

static bool same_shape(struct check *k, const struct type *a, const struct type *b)
{
	if (a->kind != b->kind || parts_of(a) != parts_of(b))
		return false;
	switch (a->kind) {
	case TY_TUPLE: return true; /* its elements are compared one by one */
	case TY_RECORD: return check_unify(k, a, b) != NULL; /* members go by their names */
	case TY_ARRAY: return type_is_integer(a->elem) && type_is_integer(b->elem);
	default: return false;
	}
}

/* May n be evaluated more than once? */
static bool is_plain(const struct node *n)
{
	const struct node *e;

	switch (n->kind) {
	case N_VAR: case N_NUM: case N_STR: return true;
	case N_FIELD: return n->field.pvar || is_plain(n->field.object);
	case N_INDEX: return is_plain(n->index.object) && is_plain(n->index.index);
	case N_UNARY: return is_plain(n->unary.operand);
	case N_CAST: return is_plain(n->cast.operand);
	case N_IDENT: return true;
	case N_MAP:
		for (e = n->map.keys; e; e = e->next)
			if (!is_plain(e))
				return false;
		return true;
	case N_TUPLE: case N_RECORD: return true; /* of each element only one use is made */
	default: return false;
	}
}

/* Element i of a value; of a record the one that has the name. */
static struct node *part(struct check *k, const struct node *n, const struct type *t, uint32_t i,
			 const char *name)
{
	const struct node *e = n->kind == N_TUPLE    ? n->tuple.elems
			       : n->kind == N_RECORD ? n->record.items
						     : NULL;
	uint32_t at = i;
	struct node *f;

	for (; e && (e->kind == N_ITEM ? strcmp(e->item.name, name) != 0 : at); at--)
		e = e->next;
	if (e)
		return node_clone(k->arena, e->kind == N_ITEM ? e->item.value : e);
	f = node_new(k->arena, t->kind == TY_ARRAY ? N_INDEX : N_FIELD, n->loc);
	if (t->kind == TY_ARRAY) {
		f->index.object = node_clone(k->arena, n);
		f->index.index = node_new(k->arena, N_NUM, n->loc);
		f->index.index->num.value = i;
		return f;
	}
	f->field.object = node_clone(k->arena, n);
	f->field.name = name ? name : arena_printf(k->arena, "%u", i);
	return f;
}

static struct node *binary(struct check *k, enum op op, struct node *a, struct node *b,
			   const struct node *at)
{
	struct node *n = node_new(k->arena, N_BINARY, at->loc);

	n->binary.op = op;
	n->binary.left = a;
	n->binary.right = b;
	n->binary.op_loc = at->binary.op_loc;
	return n;
}

/* n, an == or != of two such values, becomes what it means; false when it is none. */
bool check_equal_parts(struct check *k, struct node *n)
{
	struct node *a = n->binary.left, *b = n->binary.right, *all = NULL, *next = n->next, *one;
	bool equal = n->binary.op == OP_EQ;
	const char *name;
	uint32_t i;

	if (!same_shape(k, a->type, b->type) || !parts_of(a->type) ||
	    parts_of(a->type) > MAX_PARTS || !is_plain(a) || !is_plain(b))
		return false;
	for (i = 0; i < parts_of(a->type); i++) {
		name = a->type->kind == TY_RECORD ? a->type->members[i].name : NULL;
		one = binary(k, OP_EQ, part(k, a, a->type, i, name),
			     part(k, b, b->type, i, name), n);
		all = all ? binary(k, OP_LAND, all, one, n) : one;
	}
	if (!equal) {
		one = node_new(k->arena, N_UNARY, n->loc);
		one->unary.op = OP_NOT;
		one->unary.operand = all;
		all = one;
	}
	if (k->final)
		*n = *all;
	n->next = next;
	check_expr(k, k->final ? n : all);
	n->type = k->final ? n->type : all->type;
	return true;
}
