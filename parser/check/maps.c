/*
 * Maps: their keys and values over all uses in the program. Types grow over
 * the passes; what does not go together is said in the last one.
 */
#include <string.h>

#include "parser/check/internal.h"

struct map *check_map(struct check *k, struct node *n)
{
	struct checker *s = checker_of(k);
	struct check_map_state *st = strmap_get(&s->maps, n->map.name);
	const struct map *declared;

	if (!st) {
		st = arena_new_of(k->arena, struct check_map_state);
		declared = strmap_get(&s->declared, n->map.name);
		if (declared) {
			st->map.decl = declared->decl;
			st->map.max_entries = declared->max_entries;
		}
		st->map.name = n->map.name;
		st->map.loc = n->loc;
		st->map.c = check_c_map(k, n->map.name);
		if (st->map.c)
			check_c_declare(k, &st->map);
		strmap_put(&s->maps, st->map.name, st);
		if (s->last_map)
			s->last_map->next = &st->map;
		else
			s->program->program.maps = &st->map;
		s->last_map = &st->map;
		st->map.index = s->program->program.nmaps++;
	}
	if (st->map.c && k->final && !st->told)
		st->told = !check_c_usable(k, n, &st->map);
	n->map.map = &st->map;
	return &st->map;
}

static void note(struct check *k, enum diag_tag tag, struct loc loc, const char *text)
{
	if (loc.file)
		diag_add(&k->c->diags, DIAG_NOTE, tag, loc, "%s", text);
}

static const char *keys_text(struct check *k, unsigned n)
{
	if (n == 0)
		return "no keys";
	return n == 1 ? "1 key" : arena_printf(k->arena, "%u keys", n);
}

/* The number of keys must be the same everywhere. */
static bool check_shape(struct check *k, struct node *n, struct map *m, unsigned count)
{
	if (!m->keyed_known) {
		m->keyed_known = true;
		m->nkeys = count;
		m->loc = n->loc;
		return true;
	}
	if (m->nkeys == count)
		return true;
	check_error(k, n, MAP_KEY, "'%s' has %s here and %s elsewhere", m->name,
		    keys_text(k, count), keys_text(k, m->nkeys));
	note(k, TAG_MAP_KEY, m->loc, "the other use");
	return false;
}

static bool may_be_key(const struct type *t)
{
	switch (t->kind) {
	case TY_NONE: case TY_UNION: case TY_FUNC: case TY_AGG:
		return false;
	default:
		return true;
	}
}

/* A value of a key's type at a place of the key. */
static void grow_key(struct check *k, struct check_map_state *st, const struct node *key,
		     unsigned i, const struct type *t, enum rank rank)
{
	if (check_grow(k, &st->keys[i], t, rank))
		return;
	check_error(k, key, MAP_TYPE, "key %u of '%s' is %s here and %s elsewhere", i + 1,
		    st->map.name, check_print(k, t), check_print(k, st->keys[i].type));
	note(k, TAG_MAP_TYPE, st->map.loc, "the other use");
}

static void one_key(struct check *k, struct check_map_state *st, const struct node *key,
		    unsigned i)
{
	if (check_poisoned(key->type))
		return;
	if (may_be_key(key->type))
		grow_key(k, st, key, i, check_stored(k, key->type), check_rank(k, key));
	else
		check_error(k, key, MAP_TYPE, "%s cannot be a key", check_print(k, key->type));
}

/* @m[$t], where $t is (a, b), is @m[a, b]. */
static void tuple_key(struct check *k, struct check_map_state *st, const struct node *key)
{
	const struct type *t = check_stored(k, key->type), *part;
	enum rank rank;
	unsigned i;

	for (i = 0; i < t->nmembers; i++) {
		part = t->members[i].type;
		rank = part->kind != TY_INT ? RANK_FREE
		       : part->is_signed    ? RANK_SIGNED
					    : RANK_UNSIGNED;
		grow_key(k, st, key, i, part, rank);
	}
}

/* The map's key type, once all parts are known. */
static void join_keys(struct check *k, struct check_map_state *st, const struct node *n)
{
	const struct type *parts[CHECK_MAX_KEYS];
	uint64_t size = 0;
	unsigned i;

	for (i = 0; i < st->map.nkeys; i++) {
		parts[i] = st->keys[i].type;
		if (!parts[i])
			return;
		size += parts[i]->size;
	}
	if (size > CHECK_MAX_KEY_BYTES) {
		check_error(k, n, TOO_LARGE, "the keys of '%s' have %llu bytes, more than %d",
			    st->map.name, (unsigned long long)size, CHECK_MAX_KEY_BYTES);
		return;
	}
	st->map.key = i == 1 ? parts[0] : type_tuple(k->types, parts, i);
}

static unsigned check_keys(struct check *k, struct node *keys)
{
	unsigned n = 0;

	for (; keys; keys = keys->next, n++)
		check_expr(k, keys);
	return n;
}

void check_map_keys(struct check *k, struct node *n)
{
	struct map *m = check_map(k, n);
	struct node *key;
	unsigned i = 0, count;
	bool tuple;

	if (m->c) {
		check_c_keys(k, n);
		return;
	}
	/* @m[(a, b)] is @m[a, b] */
	while (n->map.keys && !n->map.keys->next && n->map.keys->kind == N_TUPLE)
		n->map.keys = n->map.keys->tuple.elems;
	count = check_keys(k, n->map.keys);
	if (count > CHECK_MAX_KEYS) {
		check_error(k, n, TOO_LARGE, "a map has at most %d keys", CHECK_MAX_KEYS);
		return;
	}
	key = n->map.keys;
	if (count == 1 && check_poisoned(key->type))
		return; /* it may be a tuple */
	tuple = count == 1 && key->type->kind == TY_TUPLE &&
		key->type->nmembers <= CHECK_MAX_KEYS;
	if (!check_shape(k, n, m, tuple ? key->type->nmembers : count))
		return;
	if (tuple)
		tuple_key(k, map_state(m), key);
	else
		for (; key; key = key->next, i++)
			one_key(k, map_state(m), key, i);
	if (count)
		join_keys(k, map_state(m), n);
}

/* Said once per map: it is never assigned. */
static bool never_assigned(struct check *k, struct node *n, struct map *m)
{
	struct nearest near = nearest_init(m->name);
	struct map *other;

	if (m->assigned)
		return false;
	if (!k->final || map_state(m)->told)
		return true;
	map_state(m)->told = true;
	check_error(k, n, UNKNOWN_MAP, "'%s' is never assigned", m->name);
	for (other = checker_of(k)->program->program.maps; other; other = other->next)
		if (other->assigned)
			nearest_try(&near, other->name);
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
	return true;
}

void check_map_arg(struct check *k, struct node *n)
{
	struct map *m = check_map(k, n);

	if (n->map.keyed)
		check_map_keys(k, n);
	n->type = check_poison();
	if (!never_assigned(k, n, m) && m->value)
		n->type = m->value;
}

void check_map_read(struct check *k, struct node *n)
{
	struct map *m = check_map(k, n);

	check_map_keys(k, n);
	n->type = check_poison();
	if (never_assigned(k, n, m) || !m->value)
		return;
	if (m->value->kind != TY_AGG) {
		n->type = m->value;
		return;
	}
	if (m->value->agg->readable) {
		n->type = type_int(k->types, 8, m->value->is_signed);
		return;
	}
	check_error(k, n, TYPE, "'%s', a %s(), has no single value", m->name, m->value->name);
	check_hint(k, "print(%s) prints it", m->name);
}

static void other_value(struct check *k, struct node *n, struct map *m, const char *what)
{
	const char *has = m->value->kind == TY_AGG
				  ? arena_printf(k->arena, "%s()", m->value->name)
				  : check_print_place(k, m->value);

	check_error(k, n, MAP_TYPE, "'%s' holds %s elsewhere, it cannot hold %s", m->name, has,
		    what);
	note(k, TAG_MAP_TYPE, m->value_loc, "the other assignment");
}

/* A value of type t goes into the map. */
static void put_value(struct check *k, struct node *n, struct map *m, const struct type *t,
		      enum rank rank)
{
	struct check_map_state *st = map_state(m);

	if (t->kind == TY_PTR && t->space != SP_USER && t->space != SP_VALUE)
		t = type_with_space(k->types, t, SP_KERNEL); /* what the verifier knew is lost */
	t = check_stored(k, t);
	if (t->size > CHECK_MAX_VALUE_BYTES) {
		check_error(k, n, TOO_LARGE, "a value of %u bytes, more than %d", t->size,
			    CHECK_MAX_VALUE_BYTES);
		return;
	}
	if (m->value && m->value->kind == TY_AGG) {
		other_value(k, n, m, check_print_place(k, t));
		return;
	}
	if (!st->value.type)
		m->value_loc = n->loc;
	if (check_grow(k, &st->value, t, rank))
		m->value = st->value.type;
	else
		other_value(k, n, m, check_print_place(k, t));
}

void check_map_assign(struct check *k, struct node *n)
{
	struct node *target = n->assign.target, *value = n->assign.value;
	struct map *m = check_map(k, target);
	const struct type *t, *old;
	enum rank rank;

	check_map_keys(k, target);
	check_expr(k, value);
	m->assigned = true;
	target->type = m->value ? m->value : check_poison();
	if (check_poisoned(value->type))
		return;
	t = value->type;
	rank = check_rank(k, value);
	if (n->assign.op != OP_NONE) {
		old = m->value ? m->value : type_int(k->types, 8, true);
		if (old->kind == TY_AGG) {
			other_value(k, n, m, check_print_place(k, t));
			return;
		}
		t = check_arith(k, n, n->assign.op, old, t);
		if (check_poisoned(t))
			return;
	}
	if (m->c) {
		check_c_put(k, value, m, value);
		return;
	}
	put_value(k, n, m, t, rank);
	check_grow_narrow(k, &map_state(m)->value, n->assign.op == OP_NONE ? value : NULL,
			  check_stored(k, t), rank);
	if (m->value)
		target->type = m->value;
}

/* @m++ on a plain map of integers. */
void check_map_count(struct check *k, struct node *n)
{
	struct node *operand = n->incdec.operand;
	struct map *m = check_map(k, operand);

	check_map_keys(k, operand);
	m->assigned = true;
	n->type = operand->type = check_poison();
	if (m->value && (m->value->kind == TY_AGG || m->value->kind == TY_PTR ||
			 (m->c && m->value->kind != TY_INT)))
		other_value(k, n, m, "a counter");
	else if (m->c)
		n->type = m->value;
	else
		put_value(k, n, m, type_int(k->types, 8, true), RANK_FREE);
	if (m->value && m->value->kind == TY_INT)
		check_grow_narrow(k, &map_state(m)->value, NULL, m->value, RANK_FREE);
	if (m->value && m->value->kind == TY_INT)
		n->type = operand->type = m->value;
}

/* The operand of an aggregation as it is kept: int64 or uint64. */
static const struct type *operand_type(struct check *k, struct check_map_state *st,
				       const struct node *call, const struct aggregation *agg)
{
	const struct node *arg = call->call.args;

	if (!agg->sign_follows || !arg || !type_is_integer(arg->type))
		return type_int(k->types, 8, false);
	check_grow(k, &st->operand, check_stored(k, arg->type), check_rank(k, arg));
	return st->operand.type->kind == TY_INT ? st->operand.type : type_int(k->types, 8, false);
}

static void put_agg(struct check *k, struct node *n, struct map *m, const struct aggregation *agg)
{
	struct node *call = n->assign.value;
	int64_t params[4] = {0};
	uint32_t size = 8;

	if (agg->check)
		size = agg->check(k, call, params);
	if (!size)
		return; /* reported */
	if (m->value && m->value->kind == TY_AGG && m->value->agg == agg &&
	    memcmp(m->value->params, params, sizeof(params)) != 0) {
		check_error(k, n, MAP_TYPE, "'%s' holds %s() with other constants elsewhere",
			    m->name, agg->name);
		note(k, TAG_MAP_TYPE, m->value_loc, "the other assignment");
		return;
	}
	if (m->c || (m->value && m->value->agg != agg)) {
		other_value(k, n, m, arena_printf(k->arena, "%s()", agg->name));
		return;
	}
	if (!m->value)
		m->value_loc = n->loc;
	m->value = type_agg(k->types, agg, agg->name,
			    operand_type(k, map_state(m), call, agg), size, params);
}

void check_map_agg(struct check *k, struct node *n, const struct aggregation *agg)
{
	struct node *target = n->assign.target, *call = n->assign.value;
	struct map *m = check_map(k, target);
	const struct type *before;

	check_map_keys(k, target);
	m->assigned = true;
	call->call.agg = agg;
	call->type = target->type = check_poison();
	before = m->value;
	if (check_args(k, call, agg->prototype))
		put_agg(k, n, m, agg);
	if (m->value != before)
		k->changed = true;
	if (m->value)
		call->type = target->type = m->value;
}

/* The members of a struct that C gives as a key are the map's keys. */
static void c_keys(struct check *k, const struct node *at, struct map *m, const struct type *t)
{
	const struct member *members;
	uint32_t n = 1, i;

	if (t->kind == TY_STRUCT)
		n = type_members(k->types, t, &members);
	if (!check_shape(k, (struct node *)(uintptr_t)at, m, n))
		return;
	for (i = 0; i < n && i < CHECK_MAX_KEYS; i++) {
		const struct type *part = t->kind == TY_STRUCT ? members[i].type : t;

		grow_key(k, map_state(m), at, i, check_stored(k, part),
			 part->kind == TY_INT && part->is_signed ? RANK_SIGNED : RANK_UNSIGNED);
	}
	join_keys(k, map_state(m), at);
}

void check_c_use(struct check *k, const char *name, const struct type *key,
		 const struct type *value, const struct node *at)
{
	struct node use = {.kind = N_MAP, .loc = at->loc};
	struct map *m;

	use.map.name = name;
	m = check_map(k, &use);
	if (key)
		c_keys(k, at, m, key);
	else
		check_shape(k, &use, m, 0);
	if (!value)
		return;
	m->assigned = true;
	if (m->value && m->value->kind == TY_AGG)
		return;
	put_value(k, (struct node *)(uintptr_t)at, m, value,
		  value->kind != TY_INT ? RANK_FREE
		  : value->is_signed	? RANK_SIGNED : RANK_UNSIGNED);
}

/* What is still unknown after the last pass, if nothing else was wrong. */
void check_map_finish(struct check *k, struct node *program)
{
	struct map *m;

	for (m = program->program.maps; m && !k->c->diags.errors; m = m->next) {
		check_declared_map(k, m);
		if (m->assigned && (!m->value || (m->nkeys && !m->key)))
			diag_error(&k->c->diags, TYPE, m->loc, "the type of '%s' cannot be told",
				   m->name);
	}
}
