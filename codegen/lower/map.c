/*
 * Maps: keys, lookups, assignments, counting, aggregations. A map with keys is
 * a hash; one without is an array of one entry, { u64 set; value } or, for an
 * aggregation, the per-CPU value itself. Maps that are taken away by user space
 * while probes run are reached through an outer array.
 */
#include <string.h>

#include "codegen/lower/internal.h"

static bool is_agg(const struct map *m)
{
	return m->value && m->value->kind == TY_AGG;
}

static int map_index(const struct map *m)
{
	return (int)m->index;
}

struct map_info *lower_map_info(struct lower *l, const struct map *m)
{
	return &l->m->maps.v[m->index];
}

/*
 * Directly, or map = *bpf_map_lookup_elem(&outer, &zero); if (!map) return 0;
 * the outer array always has a map while programs run.
 */
ir_val lower_map_ptr(struct lower *l, const struct map *m, struct loc loc)
{
	const struct map_info *info = lower_map_info(l, m);
	struct ir *ir = l->ir;
	ir_val p = ir_map_ptr(ir, info->symbol);

	if (!info->swap)
		return p;
	lower_loc(l, loc);
	p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, p, lower_index_key(l, 0));
	ir_block missing = ir_block_new(ir, ""), found = ir_block_new(ir, "");
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), missing, found);
	ir_at(ir, missing);
	lower_bail(l);
	ir_br(ir, found);
	ir_at(ir, found);
	return p;
}

/* ---- keys -------------------------------------------------------------- */

/* A key that stands in memory already, with every byte defined. */
static bool is_resident(const struct node *key, const struct type *as)
{
	return key->kind == N_VAR && key->type == as && type_in_memory(as);
}

/* An index into an array: what does not fit 32 bits is past its end, not another element. */
static ir_val array_key(struct lower *l, const struct node *key)
{
	ir_val i = lower_expr(l, key), p = lower_temp(l, 8, false), most;

	most = ir_const(l->ir, UINT32_MAX);
	i = ir_select(l->ir, ir_icmp(l->ir, IR_UGT, i, most), most, i);
	ir_store(l->ir, p, i, 8);
	return p;
}

ir_val lower_map_key(struct lower *l, const struct node *map)
{
	const struct map *m = map->map.map;
	const struct node *keys = map->map.keys;

	if (!m->key)
		return lower_index_key(l, 0);
	if (plan_is_array(m))
		return array_key(l, keys);
	if (!keys->next && is_resident(keys, m->key))
		return lower_var_ptr(l, keys);
	if (m->c)
		return lower_c_value(l, keys, m->key);
	ir_val p = lower_temp(l, m->key->size, false);
	if (!keys->next) {
		lower_build(l, keys, m->key, p, PAD_ZERO);
		return p;
	}
	/* several keys are the elements of a tuple */
	struct node tuple = { .kind = N_TUPLE, .loc = map->loc, .type = m->key };
	tuple.tuple.elems = map->map.keys;
	tuple.tuple.n = node_count(keys);
	lower_build(l, &tuple, m->key, p, PAD_ZERO);
	return p;
}

/* ---- lookups ----------------------------------------------------------- */

static ir_val look_up(struct lower *l, const struct node *n, ir_val map, ir_val key)
{
	ir_val p = IR_CALL_PTR(l->ir, BPF_FUNC_map_lookup_elem, map, key);

	if (n->map.map->key || is_agg(n->map.map))
		return p;
	/* step over the set word: p ? p + 8 : NULL */
	struct ir *ir = l->ir;
	ir_block some = ir_block_new(ir, ""), done = ir_block_new(ir, ""), from = ir_here(ir);
	ir_cond(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), done, some);
	ir_at(ir, some);
	ir_val value = ir_offset(ir, p, 8);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_phi(ir, value, some, ir_null(ir), from);
}

ir_val lower_map_lookup(struct lower *l, const struct node *n)
{
	ir_val key = lower_map_key(l, n);
	ir_val map = lower_map_ptr(l, n->map.map, n->loc);

	return look_up(l, n, map, key);
}

struct found {
	ir_block yes, no, done;
};

/* Goes on in yes with the address of the value, in no without. */
static ir_val find(struct lower *l, const struct node *n, struct found *f)
{
	struct ir *ir = l->ir;
	ir_val key = lower_map_key(l, n);
	ir_val map = lower_map_ptr(l, n->map.map, n->loc);
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, map, key);

	f->yes = ir_block_new(ir, "");
	f->no = ir_block_new(ir, "");
	f->done = ir_block_new(ir, "");
	ir_cond(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), f->no, f->yes);
	ir_at(ir, f->no);
	if (l->c->keep_warnings && n->map.map->key)
		lower_fail(l, LOSS_LOOKUP, n->loc, map_index(n->map.map));
	f->no = ir_here(ir);
	ir_at(ir, f->yes);
	return n->map.map->key || is_agg(n->map.map) ? p : ir_offset(ir, p, 8);
}

/* A scalar value, or 0 when the key is not there. */
ir_val lower_map_read(struct lower *l, const struct node *n)
{
	const struct type *t = n->map.map->value;
	struct ir *ir = l->ir;
	struct found f;

	if (is_agg(n->map.map)) {
		ir_val key = lower_map_key(l, n);
		return lower_agg_read(l, n->map.map, key, n->loc);
	}
	ir_val p = find(l, n, &f);
	ir_val v = ir_load(ir, p, t->size, t->is_signed);
	ir_block yes = ir_here(ir);
	ir_br(ir, f.done);
	ir_at(ir, f.no);
	ir_br(ir, f.done);
	ir_at(ir, f.done);
	return ir_phi(ir, v, yes, ir_const(ir, 0), f.no);
}

ir_val lower_map_address(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	struct found f;
	/* opaque: else the optimiser takes the pointer that may be null for both ways */
	ir_val p = ir_opaque(ir, ir_ptr_to_int(ir, find(l, n, &f)));
	ir_block yes = ir_here(ir);

	ir_br(ir, f.done);
	ir_at(ir, f.no);
	ir_br(ir, f.done);
	ir_at(ir, f.done);
	return ir_phi(ir, p, yes, ir_const(ir, 0), f.no);
}

void lower_map_read_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			 enum lower_pad pad)
{
	struct found f;

	ir_val p = find(l, n, &f);
	lower_convert(l, p, n->map.map->value, as, dst, pad);
	ir_br(l->ir, f.done);
	ir_at(l->ir, f.no);
	ir_zero(l->ir, dst, as->size);
	ir_br(l->ir, f.done);
	ir_at(l->ir, f.done);
}

/* Why there is no place for a key. */
static enum loss_reason no_room(const struct map *m)
{
	return plan_is_array(m) ? LOSS_INDEX : LOSS_MAP_FULL;
}

/* ---- inserting --------------------------------------------------------- */

/* size zero bytes to insert: on the stack, or the zero map when there are many. */
static ir_val zero_bytes(struct lower *l, uint32_t size)
{
	if (size <= STACK_VALUE)
		return lower_temp(l, size, true);
	if (size > l->zero_max)
		l->zero_max = size;
	return IR_CALL_PTR(l->ir, BPF_FUNC_map_lookup_elem,
		plan_internal(l, MAPR_ZERO), lower_index_key(l, 0));
}

/* The address of a value that was inserted if need be; ended by have_end. */
struct have {
	ir_block failed, done;
};

/*
 *	p = bpf_map_lookup_elem(map, key);
 *	if (!p) {
 *		bpf_map_update_elem(map, key, zeroes, BPF_NOEXIST);
 *		p = bpf_map_lookup_elem(map, key);
 *	}
 *	if (p) { … } else lost++;
 * Another CPU may insert in between: then its value is found.
 */
static ir_val have_keyed(struct lower *l, const struct node *n, uint32_t size, struct have *h)
{
	struct ir *ir = l->ir;
	ir_val key = lower_map_key(l, n), map = lower_map_ptr(l, n->map.map, n->loc);
	ir_block miss = ir_block_new(ir, ""), some = ir_block_new(ir, "");
	ir_block insert = ir_block_new(ir, ""), full = ir_block_new(ir, "");
	ir_val first = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, map, key);
	ir_block first_end = ir_here(ir);

	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, first, ir_null(ir)), miss, some);
	ir_at(ir, miss);
	ir_val zeroes = zero_bytes(l, size);
	if (size > STACK_VALUE)
		ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, zeroes, ir_null(ir)), full, insert);
	else
		ir_br(ir, insert);
	ir_at(ir, insert);
	IR_CALL(ir, BPF_FUNC_map_update_elem, map, key, zeroes, ir_const(ir, BPF_NOEXIST));
	ir_val second = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, map, key);
	ir_block second_end = ir_here(ir);
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, second, ir_null(ir)), full, some);
	ir_at(ir, full);
	lower_fail(l, no_room(n->map.map), n->loc, map_index(n->map.map));
	h->failed = ir_here(ir);
	ir_br(ir, h->done);
	ir_at(ir, some);
	return ir_phi(ir, first, first_end, second, second_end);
}

static ir_val have_begin(struct lower *l, const struct node *n, uint32_t size, struct have *h)
{
	struct ir *ir = l->ir;
	const struct map *m = n->map.map;

	h->done = ir_block_new(ir, "");
	if (m->key)
		return have_keyed(l, n, size, h);
	ir_val map = lower_map_ptr(l, m, n->loc);
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, map, lower_index_key(l, 0));
	ir_block some = ir_block_new(ir, "");
	h->failed = ir_here(ir);
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), h->done, some);
	ir_at(ir, some);
	if (is_agg(m))
		return p;
	ir_store(ir, p, ir_const(ir, 1), 8);
	return ir_offset(ir, p, 8);
}

static void have_end(struct lower *l, struct have *h)
{
	ir_br(l->ir, h->done);
	ir_at(l->ir, h->done);
}

/* Atomic: *value += delta on a shared map. The old value, 0 when there is no room for the key. */
static ir_val add_to(struct lower *l, const struct node *n, ir_val delta)
{
	struct ir *ir = l->ir;
	const struct type *t = n->map.map->value;
	uint32_t size = n->map.map->c ? t->size : 8;
	struct have h;
	ir_val p = have_begin(l, n, size, &h), old;
	if (size >= 4) {
		old = ir_atomic_add_size(ir, p, delta, size);
	} else { /* of these the kernel has no atomic one */
		old = ir_load(ir, p, size, t->is_signed);
		ir_store(ir, p, ir_bin(ir, IR_ADD, old, delta), size);
	}
	if (size < 8)
		old = ir_ext(ir, old, size, t->is_signed);
	ir_block end = ir_here(ir);

	have_end(l, &h);
	return ir_phi(ir, old, end, ir_const(ir, 0), h.failed);
}

/* ---- assignment -------------------------------------------------------- */

/* if (bpf_map_update_elem(map, key, value, BPF_ANY)) lost++; */
static void update(struct lower *l, const struct node *n, ir_val key, ir_val value)
{
	struct ir *ir = l->ir;
	ir_val map = lower_map_ptr(l, n->map.map, n->loc);
	ir_val rc = IR_CALL(ir, BPF_FUNC_map_update_elem, map, key, value, ir_const(ir, BPF_ANY));

	lower_fail_if(l, ir_icmp(ir, IR_NE, rc, ir_const(ir, 0)), no_room(n->map.map), n->loc,
		      map_index(n->map.map));
}

static void set_scalar(struct lower *l, const struct node *n, ir_val v)
{
	struct have h;
	ir_val p = have_begin(l, n, 8, &h);

	ir_store(l->ir, p, v, n->map.map->value->size);
	have_end(l, &h);
}

static void set_keyed(struct lower *l, const struct node *n, ir_val v)
{
	uint32_t size = n->map.map->value->size;
	ir_val temp = lower_temp(l, size, false);

	ir_store(l->ir, temp, v, size);
	update(l, n, lower_map_key(l, n), temp);
}

static void set_value(struct lower *l, const struct node *n, ir_val v)
{
	if (n->map.map->key)
		set_keyed(l, n, v);
	else
		set_scalar(l, n, v);
}

/* Strings, tuples, stacks: built beside the map, so that the expression may read the map. */
static void set_memory(struct lower *l, const struct node *n, const struct node *value)
{
	const struct type *t = n->map.map->value;
	ir_val temp = n->map.map->c ? lower_c_value(l, value, t) : lower_temp(l, t->size, false);
	struct have h;

	if (!n->map.map->c)
		lower_build(l, value, t, temp, PAD_ZERO);
	if (n->map.map->key) {
		update(l, n, lower_map_key(l, n), temp);
		return;
	}
	ir_val p = have_begin(l, n, t->size, &h);
	ir_copy(l->ir, p, temp, t->size);
	have_end(l, &h);
}

static void set_agg(struct lower *l, const struct node *n, const struct node *call)
{
	const struct aggregation *agg = call->kind == N_CALL ? call->call.agg : NULL;
	struct have h;

	if (!agg) {
		lower_internal(l, call, "this assignment to an aggregation");
		return;
	}
	ir_val p = have_begin(l, n, n->map.map->value->size, &h);
	agg->update(l, call, p);
	have_end(l, &h);
}

static bool adds_atomically(const struct node *assign)
{
	const struct type *t = assign->assign.target->map.map->value;
	enum op op = assign->assign.op;

	return (op == OP_ADD || op == OP_SUB) && t->kind == TY_INT && t->size == 8;
}

static void assign_compound(struct lower *l, const struct node *a)
{
	const struct node *target = a->assign.target, *value = a->assign.value;
	ir_val v;

	if (adds_atomically(a)) {
		v = lower_expr(l, value);
		if (a->assign.op == OP_SUB)
			v = ir_bin(l->ir, IR_SUB, ir_const(l->ir, 0), v);
		add_to(l, target, v);
		return;
	}
	ir_val old = lower_map_read(l, target);
	v = lower_expr(l, value);
	set_value(l, target, lower_arith(l, a->assign.op, target, old, value, v,
				     target->map.map->value, a->loc));
}

void lower_map_assign(struct lower *l, const struct node *a)
{
	const struct node *target = a->assign.target;
	const struct map *m = target->map.map;

	if (!m || !m->value)
		lower_internal(l, target, "a map without a type");
	else if (is_agg(m))
		set_agg(l, target, a->assign.value);
	else if (a->assign.op != OP_NONE)
		assign_compound(l, a);
	else if (type_in_memory(m->value))
		set_memory(l, target, a->assign.value);
	else
		set_value(l, target, lower_expr(l, a->assign.value));
}

ir_val lower_map_incdec(struct lower *l, const struct node *n)
{
	const struct node *target = n->incdec.operand;
	const struct type *t = target->map.map ? target->map.map->value : NULL;

	if (!t || type_in_memory(t)) {
		lower_internal(l, n, "counting this map");
		return ir_const(l->ir, 0);
	}
	uint64_t step = lower_pointer_scale(t);
	ir_val delta = ir_const(l->ir, n->incdec.op == OP_INC ? step : -step);
	ir_val old = add_to(l, target, delta);
	return n->incdec.prefix ? ir_bin(l->ir, IR_ADD, old, delta) : old;
}

/* ---- removing ---------------------------------------------------------- */

ir_val lower_map_delete(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	ir_val key = lower_map_key(l, n), map = lower_map_ptr(l, n->map.map, n->loc);

	if (plan_is_array(n->map.map)) { /* whose elements are always there */
		ir_val zero = lower_temp(l, n->map.map->value->size, true);
		ir_val rc = IR_CALL(ir, BPF_FUNC_map_update_elem, map, key, zero,
			ir_const(ir, BPF_EXIST));
		return ir_icmp(ir, IR_EQ, rc, ir_const(ir, 0));
	}
	if (n->map.map->key) {
		ir_val rc = IR_CALL(ir, BPF_FUNC_map_delete_elem, map, key);
		return ir_icmp(ir, IR_EQ, rc, ir_const(ir, 0));
	}
	/* if (p) { was = p->set; p->set = 0; p->value = 0; } */
	uint32_t size = n->map.map->value ? n->map.map->value->size : 8;
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, map, key);
	ir_block some = ir_block_new(ir, ""), done = ir_block_new(ir, ""), from = ir_here(ir);
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), done, some);
	ir_at(ir, some);
	ir_val was = is_agg(n->map.map) ? ir_const(ir, 1) : ir_load(ir, p, 8, false);
	ir_zero(ir, p, is_agg(n->map.map) ? size : 8 + size);
	ir_block end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_truth(ir, ir_phi(ir, was, end, ir_const(ir, 0), from));
}
