/*
 * Methods of C on maps of clauses: keys and values are brought into the clause's
 * layout, and what happens then is what a clause's own statement would do.
 */
#include "codegen/c/internal.h"
#include "parser/check/check.h"

/* A value that stands in memory, as a clause's expression. */
static struct node *value_node(struct cg *g, ir_val ptr, const struct type *t, struct loc loc)
{
	struct node *n = node_new(g->l->arena, N_VAR, loc);
	struct lower_var *s = arena_new_of(g->l->arena, struct lower_var);

	n->type = t;
	n->var.name = "$";
	n->var.var = arena_new_of(g->l->arena, struct var);
	n->var.var->name = n->var.name;
	n->var.var->type = t;
	n->var.var->storage = s;
	s->ptr = ptr;
	return n;
}

static struct node *number_node(struct cg *g, ir_val v, struct loc loc)
{
	ir_val p = lower_temp(g->l, 8, false);

	ir_store(g->ir, p, v, 8);
	return value_node(g, p, type_int(g->l->c->types, 8, true), loc);
}

/* The value of C's type from at src, converted to what the map holds. */
static struct node *converted(struct cg *g, ir_val src, const struct type *from,
			      const struct type *as, struct loc loc)
{
	uint32_t size = as->size < 8 ? 8 : as->size;
	ir_val p = lower_temp(g->l, size, true);

	lower_c_convert(g->l, src, from, as, p);
	if (!type_in_memory(as)) /* variables of clauses have 8 bytes */
		ir_store(g->ir, p, ir_load(g->ir, p, as->size, as->is_signed), 8);
	return value_node(g, p, as, loc);
}

/* The argument's bytes and their type: a pointer's, or the value's own. */
static ir_val argument(struct cg *g, const struct node *arg, const struct type **type)
{
	const struct node *inner = arg;
	ir_val p;

	if (arg->type->kind == TY_PTR) {
		while (inner->kind == N_CAST && inner->type->elem->kind == TY_NONE &&
		       inner->cast.operand->type->kind == TY_PTR)
			inner = inner->cast.operand;
		*type = inner->type->elem;
		return cg_bytes(g, arg, *type);
	}
	*type = arg->type;
	if (cg_in_memory(arg->type))
		return cg_expr(g, arg);
	p = lower_temp(g->l, 8, false);
	ir_store(g->ir, p, cg_expr(g, arg), arg->type->size);
	return p;
}

static struct node *keys_of(struct cg *g, const struct map *m, const struct node *arg)
{
	const struct type *t;
	const struct member *from;
	struct node *keys = NULL;
	ir_val p = argument(g, arg, &t);

	if (m->nkeys < 2 && t->kind != TY_STRUCT)
		return converted(g, p, t, m->key, arg->loc);
	if (type_members(g->l->c->types, t, &from) < m->nkeys) {
		lower_internal(g->l, arg, "this key");
		return NULL;
	}
	for (unsigned i = 0; i < m->nkeys; i++) {
		const struct type *as = m->nkeys < 2 ? m->key : m->key->members[i].type;

		keys = node_append(keys, converted(g, ir_offset(g->ir, p, from[i].offset),
						   from[i].type, as, arg->loc));
	}
	return keys;
}

/* target = value, target += value, or target = aggregation(value) */
static void put(struct cg *g, struct node *target, struct node *value, enum op op)
{
	struct node assign = {.kind = N_ASSIGN, .loc = target->loc}, *call;
	const struct type *t = target->map.map->value;

	assign.assign.op = op;
	assign.assign.target = target;
	assign.assign.value = value;
	if (t->kind == TY_AGG) {
		call = node_new(g->l->arena, N_CALL, target->loc);
		call->type = t;
		call->call.name = t->agg->name;
		call->call.agg = t->agg;
		call->call.args = value;
		call->call.nargs = 1;
		assign.assign.value = call;
	}
	lower_map_assign(g->l, &assign);
}

/* p = lookup(key); if (!p) { put; p = lookup(key) } */
static ir_val have(struct cg *g, struct node *target, struct node *value, bool again)
{
	ir_block miss = ir_block_new(g->ir, ""), done = ir_block_new(g->ir, ""), from, end;
	ir_val first = lower_map_lookup(g->l, target), second = first;

	from = ir_here(g->ir);
	ir_cond(g->ir, ir_truth(g->ir, first), done, miss);
	ir_at(g->ir, miss);
	put(g, target, value, OP_NONE);
	if (again)
		second = lower_map_lookup(g->l, target);
	end = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	return again ? ir_phi(g->ir, first, from, second, end) : ir_const(g->ir, 0);
}

ir_val cg_clause_method(struct cg *g, const struct node *n)
{
	struct map *m = n->ccall.map->clause;
	struct node target = {.kind = N_MAP, .loc = n->loc}, *value = NULL;
	enum c_method id = (enum c_method)n->ccall.id;
	const struct node *arg = n->ccall.args;
	const struct type *t;
	ir_val p;

	if (!m || !m->value) {
		lower_internal(g->l, n, "this map");
		return ir_const(g->ir, 0);
	}
	target.map.name = m->name;
	target.map.map = m;
	target.type = m->value;
	if (m->key && arg) {
		target.map.keyed = true;
		target.map.keys = keys_of(g, m, arg);
		arg = arg->next;
	}
	if (id == C_M_INCREMENT || id == C_M_ATOMIC_INCREMENT) {
		value = number_node(g, arg ? cg_expr(g, arg) : ir_const(g->ir, 1), n->loc);
		put(g, &target, value, OP_ADD);
		return ir_const(g->ir, 0);
	}
	if (arg && id != C_M_LOOKUP && id != C_M_DELETE) {
		p = argument(g, arg, &t);
		value = converted(g, p, t, m->value, n->loc);
	}
	switch (id) {
	case C_M_LOOKUP: return lower_map_lookup(g->l, &target);
	case C_M_DELETE:
		return ir_select(g->ir, lower_map_delete(g->l, &target), ir_const(g->ir, 0),
				 ir_const(g->ir, (uint64_t)-2)); /* -ENOENT */
	case C_M_UPDATE:
		put(g, &target, value, OP_NONE);
		return ir_const(g->ir, 0);
	case C_M_INSERT: return have(g, &target, value, false);
	default: return have(g, &target, value, true);
	}
}
