/*
 * Loops. Bodies of FOR and WHILE may become functions of their own, so each
 * lists the variables that it uses from outside (see scope.c).
 */
#include "parser/check/internal.h"

static void check_body(struct check *k, struct node *loop, struct node *body)
{
	struct scope s;

	check_scope_enter(k, &s, loop);
	check_stmts(k, body);
	check_scope_leave(k);
}

void check_while(struct check *k, struct node *n)
{
	struct scope s;

	n->loop.captures = NULL;
	check_scope_enter(k, &s, n); /* the condition is evaluated in the loop */
	check_cond(k, n->loop.cond, "while");
	check_stmts(k, n->loop.body);
	check_scope_leave(k);
}

/* What $kv.1 is; poison when it was reported or is not known yet. */
static const struct type *value_of(struct check *k, struct node *n, const struct map *m)
{
	const struct type *t = m->value;

	if (check_poisoned(t) || t->kind != TY_AGG)
		return t ? t : check_poison();
	if (t->agg->readable)
		return type_int(k->types, 8, t->is_signed);
	check_error(k, n, TYPE, "the values of '%s', %s(), cannot be read by a loop", m->name,
		    t->name);
	check_hint(k, "print(%s) prints them", m->name);
	return check_poison();
}

static const struct type *element_of(struct check *k, struct node *map)
{
	const struct type *parts[2];
	struct map *m = check_map(k, map);

	check_map_arg(k, map);
	if (check_poisoned(map->type))
		return check_poison();
	if (map->map.keyed || (m->keyed_known && !m->nkeys)) {
		check_error(k, map, MAP_KEY, "a loop goes over a whole map with keys");
		return check_poison();
	}
	parts[0] = m->key;
	parts[1] = value_of(k, map, m);
	if (!parts[0] || check_poisoned(parts[1]))
		return check_poison();
	return type_tuple(k->types, parts, 2);
}

static bool bound(struct check *k, struct node *n)
{
	check_expr(k, n);
	if (check_poisoned(n->type))
		return false;
	if (type_is_integer(n->type))
		return true;
	check_error(k, n, TYPE, "a range goes over integers, not %s", check_print(k, n->type));
	return false;
}

static bool wide_unsigned(const struct type *t)
{
	return t->kind == TY_INT && t->size == 8 && !t->is_signed;
}

static const struct type *number_of(struct check *k, struct node *n)
{
	bool ok = bound(k, n->each.from);

	if (!bound(k, n->each.to) || !ok)
		return check_poison();
	return type_int(k->types, 8,
			!wide_unsigned(n->each.from->type) && !wide_unsigned(n->each.to->type));
}

void check_for(struct check *k, struct node *n)
{
	struct node *target = n->each.target;
	struct check_var *v;
	const struct type *t;
	struct scope s;

	n->each.captures = NULL;
	t = n->each.to ? number_of(k, n) : element_of(k, n->each.from);
	check_scope_enter(k, &s, n);
	v = check_var_declare(k, target);
	v->constant = true;
	if (!check_poisoned(t) && v->value.type != t) {
		v->value.type = v->var.type = t;
		k->changed = true;
	}
	target->type = v->value.type ? v->value.type : check_poison();
	n->each.var = &v->var;
	check_body(k, NULL, n->each.body);
	check_scope_leave(k);
}

#define UNROLL_MAX 100

static bool constant(struct check *k, struct node *n, int64_t *value)
{
	check_expr(k, n);
	if (check_poisoned(n->type))
		return false;
	if (!type_is_integer(n->type) || !check_const(k, n, value)) {
		check_error(k, n, NOT_CONSTANT, "unroll needs a constant number");
		return false;
	}
	return true;
}

/* The code generator sees a NUM as the count, and no from. */
void check_unroll(struct check *k, struct node *n)
{
	int64_t from = 0, count;
	bool ok = !n->unroll.from || constant(k, n->unroll.from, &from);

	if (constant(k, n->unroll.count, &count) && ok) {
		count -= from;
		if (count < 1 || count > UNROLL_MAX)
			check_error(k, n->unroll.count, RANGE,
				    "a body is unrolled 1 to %d times, not %lld", UNROLL_MAX,
				    (long long)count);
		if (k->final) {
			check_become_num(k, n->unroll.count, (uint64_t)count,
					 type_int(k->types, 8, true));
			n->unroll.from = NULL;
		}
	}
	check_body(k, n, n->unroll.body);
}

void check_jump(struct check *k, struct node *n)
{
	if (check_innermost_loop(k, true))
		return;
	check_error(k, n, NOT_AVAILABLE, "'%s' outside a loop",
		    n->kind == N_BREAK ? "break" : "continue");
}
