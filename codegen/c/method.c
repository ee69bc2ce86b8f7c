/*
 * Methods of BPF C's maps. Events of perf_submit and ringbuf_output go through
 * bcct's own ring buffer, as records whose fields the manifest describes.
 */
#include <errno.h>
#include <string.h>

#include "codegen/c/internal.h"

#define PACKET_ROOM 1514 /* bytes of a packet in an event */

static const struct node *arg(const struct node *call, unsigned i)
{
	const struct node *a = call->ccall.args;

	while (a && i--)
		a = a->next;
	return a;
}

/* Bytes behind a pointer as helpers want keys and leaves: on the stack or in a map. */
ir_val cg_bytes(struct cg *g, const struct node *n, const struct type *t)
{
	struct cg_place p;

	cg_pointer(g, n, &p);
	if (!p.addr || p.space == SP_KERNEL || p.space == SP_USER || p.space == SP_ANY) {
		p.space = p.space == SP_CTX ? SP_KERNEL : p.space;
		ir_val temp = lower_temp(g->l, t->size, false);

		lower_read(g->l, p.space == SP_USER ? SP_USER : SP_KERNEL, cg_address(g, &p), temp,
			   t->size, n->loc);
		return temp;
	}
	return p.addr;
}

/* A key or amount given by value, in memory. */
static ir_val value_of(struct cg *g, const struct node *n, const struct type *t)
{
	ir_val temp = lower_temp(g->l, t->size ? t->size : 8, false);

	cg_init(g, temp, t, n);
	return temp;
}

static ir_val lookup(struct cg *g, const struct c_map *m, ir_val key)
{
	return IR_CALL_PTR(g->ir, BPF_FUNC_map_lookup_elem, cg_map(g, m), key);
}

/* Counts what a map had no room for, or an array no such index. cond NULL: it was lost. */
static void lost(struct cg *g, const struct c_map *m, ir_val cond, struct loc loc)
{
	bool array = m->kind == C_ARRAY || m->kind == C_PERCPU_ARRAY;
	enum loss_reason why = array ? LOSS_INDEX : LOSS_MAP_FULL;
	int map = (int)(cg_map_info(g, m) - g->l->m->maps.v);

	if (cond)
		lower_fail_if(g->l, cond, why, loc, map);
	else
		lower_fail(g->l, why, loc, map);
}

static ir_val put(struct cg *g, const struct c_map *m, ir_val key, ir_val leaf, unsigned flags)
{
	return IR_CALL(g->ir, BPF_FUNC_map_update_elem, cg_map(g, m), key, leaf,
		       ir_const(g->ir, flags));
}

static ir_val update(struct cg *g, const struct c_map *m, ir_val key, ir_val leaf, unsigned flags,
		     struct loc loc)
{
	ir_val rc = put(g, m, key, leaf, flags), error = rc;

	/* a key that is there already is what an insertion asks about */
	if (flags == BPF_NOEXIST)
		error = ir_select(
			g->ir, ir_icmp(g->ir, IR_EQ, rc, ir_const(g->ir, (uint64_t)-EEXIST)),
			ir_const(g->ir, 0), rc);
	lost(g, m, ir_icmp(g->ir, IR_SLT, error, ir_const(g->ir, 0)), loc);
	return rc;
}

/*
 * leaf = lookup;
 * if (!leaf) { insert; leaf = lookup; if (!leaf) { count; if (or_return) return 0; } }
 */
static ir_val lookup_or_init(struct cg *g, const struct node *n, bool or_return)
{
	const struct c_map *m = n->ccall.map;
	ir_val key = cg_bytes(g, arg(n, 0), m->key), first, second;
	ir_block miss = ir_block_new(g->ir, ""), done = ir_block_new(g->ir, ""), from, again;

	first = lookup(g, m, key);
	from = ir_here(g->ir);
	ir_cond(g->ir, ir_truth(g->ir, first), done, miss);
	ir_at(g->ir, miss);
	put(g, m, key, cg_bytes(g, arg(n, 1), m->leaf), BPF_NOEXIST);
	second = lookup(g, m, key);
	lost(g, m, ir_icmp(g->ir, IR_EQ, second, ir_null(g->ir)), n->loc);
	if (or_return) {
		ir_block out = ir_block_new(g->ir, ""), on = ir_block_new(g->ir, "");

		ir_cond(g->ir, ir_truth(g->ir, second), on, out);
		ir_at(g->ir, out);
		cg_return_zero(g);
		ir_br(g->ir, on);
		ir_at(g->ir, on);
	}
	again = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	return ir_phi(g->ir, first, from, second, again);
}

static void add(struct cg *g, const struct type *t, ir_val p, ir_val amount, bool atomic)
{
	if (atomic && (t->size == 8 || t->size == 4))
		ir_atomic_add_size(g->ir, p, amount, t->size);
	else
		ir_store(g->ir, p,
			 ir_bin(g->ir, IR_ADD, ir_load(g->ir, p, t->size, false), amount), t->size);
}

/*
 * p = lookup(key); if (p) *p += n; else if it is a plain hash: insert n, or add after all.
 * What is left is counted: a full hash, an index behind an array's end.
 */
static ir_val increment(struct cg *g, const struct node *n, bool atomic)
{
	const struct c_map *m = n->ccall.map;
	ir_val key = value_of(g, arg(n, 0), m->key), p, leaf, rc;
	ir_val amount = arg(n, 1) ? cg_expr(g, arg(n, 1)) : ir_const(g->ir, 1);
	ir_block hit = ir_block_new(g->ir, ""), miss = ir_block_new(g->ir, "");
	ir_block done = ir_block_new(g->ir, "");

	p = lookup(g, m, key);
	ir_cond(g->ir, ir_truth(g->ir, p), hit, miss);
	ir_at(g->ir, hit);
	add(g, m->leaf, p, amount, atomic);
	ir_br(g->ir, done);
	ir_at(g->ir, miss);
	if (m->kind == C_HASH) {
		ir_block late = ir_block_new(g->ir, ""), found = ir_block_new(g->ir, "");
		ir_block full = ir_block_new(g->ir, "");

		leaf = lower_temp(g->l, m->leaf->size, false);
		ir_store(g->ir, leaf, amount, m->leaf->size);
		rc = put(g, m, key, leaf, BPF_NOEXIST);
		/* another CPU may have been faster: its value is added to, nothing is lost */
		ir_cond(g->ir, ir_icmp(g->ir, IR_EQ, rc, ir_const(g->ir, 0)), done, late);
		ir_at(g->ir, late);
		p = lookup(g, m, key);
		ir_cond(g->ir, ir_truth(g->ir, p), found, full);
		ir_at(g->ir, found);
		add(g, m->leaf, p, amount, atomic);
		ir_br(g->ir, done);
		ir_at(g->ir, full);
	}
	lost(g, m, NULL, n->loc);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	return ir_const(g->ir, 0);
}

/* ---- events -------------------------------------------------------------- */

/* The struct that this call sends, or what another told of the map. */
static const struct type *event_type(const struct node *n, const struct c_map *m)
{
	while (n->kind == N_CAST && n->cast.operand->type &&
	       n->cast.operand->type->kind == TY_PTR)
		n = n->cast.operand;
	return n->type->kind == TY_PTR && n->type->elem->kind == TY_STRUCT ? n->type->elem
									   : m->event;
}

static struct schema *event_schema(struct cg *g, const struct type *event, uint32_t size)
{
	struct arena *a = g->l->m->arena;
	struct schema *s = event ? type_schema(g->l->c->types, a, event) : NULL;

	if (s && s->size <= size)
		return s;
	s = schema_new(a, SC_ARRAY, size); /* nothing is known of the bytes */
	s->count = size;
	s->nfields = 1;
	s->fields = arena_alloc(a, sizeof(*s->fields));
	s->fields[0] = schema_new(a, SC_INT, 1);
	return s;
}

/* The records of a map that are of this type; a packet's is made once for each call. */
static unsigned event_action(struct cg *g, const struct c_map *m, struct loc loc,
			     const struct type *event, struct schema *s, uint32_t size)
{
	struct manifest *man = g->l->m;
	struct cg_record record = {m, event, size, 0};
	struct schema *tuple;

	for (size_t i = 0; i < g->records.n && event; i++)
		if (g->records.v[i].map == m && g->records.v[i].type == event &&
		    g->records.v[i].size == size)
			return g->records.v[i].action;
	tuple = schema_new(man->arena, SC_TUPLE, size);
	tuple->nfields = 1;
	tuple->fields = arena_alloc(man->arena, sizeof(*tuple->fields));
	tuple->fields[0] = s;
	record.action = lower_action(g->l, "c_event", loc, m->name, NULL, tuple);
	vec_apush(g->l->arena, &g->records, record);
	return record.action;
}

/* perf_submit(ctx, data, size), ringbuf_output(data, size, flags): a copy into the ring. */
static ir_val send(struct cg *g, const struct node *n, unsigned data)
{
	const struct c_map *m = n->ccall.map;
	struct lower_event e;
	const struct type *event = event_type(arg(n, data), m);
	unsigned action;
	uint64_t size;
	ir_val payload, from;

	if (!ir_const_value(g->ir, cg_expr(g, arg(n, data + 1)), &size))
		size = m->event ? m->event->size : 8;
	if (!size || size > 65536) {
		lower_not_yet(g->l, n, "an event of this size");
		return ir_const(g->ir, 0);
	}
	from = cg_bytes(g, arg(n, data), &(struct type){.size = (uint32_t)size});
	action = event_action(g, m, n->loc, event, event_schema(g, event, (uint32_t)size),
			      (uint32_t)size);
	payload = lower_event_begin(g->l, action, n->loc, (uint32_t)size, &e);
	ir_copy(g->ir, payload, from, (uint32_t)size);
	lower_event_end(g->l, &e);
	return ir_const(g->ir, 0);
}

/* The event's record with the packet as its last member. */
static struct schema *with_packet(struct cg *g, const struct schema *s, uint32_t at)
{
	struct arena *a = g->l->m->arena;
	struct schema *all = schema_new(a, SC_RECORD, at + 4 + PACKET_ROOM), *packet, *data;
	bool record = s->kind == SC_RECORD;
	uint32_t n = record ? s->nfields : 1;

	packet = schema_new(a, SC_BUFFER, 4 + PACKET_ROOM);
	packet->name = "packet";
	packet->offset = at;
	data = schema_new(a, s->kind, s->size);
	*data = *s;
	data->name = "data";
	all->nfields = n + 1;
	all->fields = arena_alloc(a, (n + 1) * sizeof(*all->fields));
	for (uint32_t i = 0; i < n; i++)
		all->fields[i] = record ? s->fields[i] : data;
	all->fields[n] = packet;
	return all;
}

/*
 * perf_submit_skb(ctx, length, data, size): data, and as much of the packet as there is room.
 *	e->length = 0;
 *	last = n - 1;		// kept apart, so that the verifier knows n > 0
 *	if (last < ROOM && !bpf_skb_load_bytes(ctx, 0, e->bytes, last + 1))
 *		e->length = last + 1;
 */
static ir_val send_packet(struct cg *g, const struct node *n)
{
	const struct c_map *m = n->ccall.map;
	ir_block load = ir_block_new(g->ir, ""), done = ir_block_new(g->ir, "");
	ir_val payload, from, len, max = ir_const(g->ir, PACKET_ROOM), rc;
	struct lower_event e;
	uint64_t size;
	uint32_t at;

	if (!ir_const_value(g->ir, cg_expr(g, arg(n, 3)), &size) || !size || size > 65536) {
		lower_not_yet(g->l, n, "an event of this size");
		return ir_const(g->ir, 0);
	}
	at = ((uint32_t)size + 3) & ~3u;
	from = cg_bytes(g, arg(n, 2), &(struct type){.size = (uint32_t)size});
	len = cg_expr(g, arg(n, 1));
	len = ir_select(g->ir, ir_icmp(g->ir, IR_UGT, len, max), max, len);
	len = ir_opaque(g->ir, ir_bin(g->ir, IR_SUB, len, ir_const(g->ir, 1)));
	payload = lower_event_begin(
		g->l, event_action(g, m, n->loc, NULL,
				   with_packet(g, event_schema(g, m->event, (uint32_t)size), at),
				   at + 4 + PACKET_ROOM),
		n->loc, at + 4 + PACKET_ROOM, &e);
	ir_copy(g->ir, payload, from, (uint32_t)size);
	ir_store(g->ir, ir_offset(g->ir, payload, at), ir_const(g->ir, 0), 4);
	ir_cond(g->ir, ir_icmp(g->ir, IR_ULT, len, max), load, done);
	ir_at(g->ir, load);
	len = ir_bin(g->ir, IR_ADD, len, ir_const(g->ir, 1));
	rc = IR_CALL(g->ir, g->program->program == C_PROG_XDP ? BPF_FUNC_xdp_load_bytes
							      : BPF_FUNC_skb_load_bytes,
		     ir_ctx(g->ir), ir_const(g->ir, 0), ir_offset(g->ir, payload, at + 4), len);
	ir_store(g->ir, ir_offset(g->ir, payload, at),
		 ir_select(g->ir, ir_icmp(g->ir, IR_EQ, rc, ir_const(g->ir, 0)), len,
			   ir_const(g->ir, 0)), 4);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	lower_event_end(g->l, &e);
	return ir_const(g->ir, 0);
}

/*
 *	r = bpf_ringbuf_reserve(ring, 8 + size, 0);
 *	if (r) { r->action = …; r->size = size; r += 8; }
 */
static ir_val reserve(struct cg *g, const struct node *n)
{
	const struct c_map *m = n->ccall.map;
	ir_block got = ir_block_new(g->ir, ""), done = ir_block_new(g->ir, ""), from, filled;
	uint64_t size = 0;
	ir_val r, data;
	unsigned action;

	ir_const_value(g->ir, cg_expr(g, arg(n, 0)), &size);
	if (!size || size > 65536) {
		lower_not_yet(g->l, n, "a reservation of this size");
		return ir_null(g->ir);
	}
	action = event_action(g, m, n->loc, m->event, event_schema(g, m->event, (uint32_t)size),
			      (uint32_t)size);
	r = IR_CALL_PTR(g->ir, BPF_FUNC_ringbuf_reserve, plan_internal(g->l, MAPR_RING),
			ir_const(g->ir, size + sizeof(struct event_header)), ir_const(g->ir, 0));
	lower_fail_if(g->l, ir_icmp(g->ir, IR_EQ, r, ir_null(g->ir)), LOSS_RING_FULL, n->loc, -1);
	from = ir_here(g->ir);
	ir_cond(g->ir, ir_truth(g->ir, r), got, done);
	ir_at(g->ir, got);
	ir_store(g->ir, r, ir_const(g->ir, action), 4);
	ir_store(g->ir, ir_offset(g->ir, r, 4), ir_const(g->ir, size), 4);
	data = ir_offset(g->ir, r, sizeof(struct event_header));
	filled = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	ir_reserves(g->ir);
	/* a constant, so that LLVM sees that the program's own test of it is the same */
	return ir_phi(g->ir, ir_null(g->ir), from, data, filled);
}

static ir_val finish(struct cg *g, const struct node *n, int id)
{
	ir_val data = cg_expr(g, arg(n, 0));
	ir_val flags = arg(n, 1) ? cg_expr(g, arg(n, 1)) : ir_const(g->ir, 0);
	ir_val record = ir_offset(g->ir, data, (uint64_t)-(int64_t)sizeof(struct event_header));

	return IR_CALL(g->ir, id, record, flags);
}

/* ---- the others ---------------------------------------------------------- */

/* helper(map, arguments …), those behind the first from `first` on */
static ir_val plain(struct cg *g, const struct node *n, int id, unsigned first, bool ctx)
{
	ir_val args[5];
	unsigned count = 0;

	if (ctx)
		args[count++] = cg_expr(g, arg(n, 0));
	args[count++] = cg_map(g, n->ccall.map);
	for (const struct node *a = arg(n, first); a && count < 5; a = a->next)
		args[count++] = cg_expr(g, a);
	if (n->type->kind == TY_PTR)
		return ir_helper_ptr(g->ir, id, count, args);
	return ir_helper(g->ir, id, count, args);
}

static ir_val push(struct cg *g, const struct node *n)
{
	ir_val leaf = cg_bytes(g, arg(n, 0), n->ccall.map->leaf);
	ir_val flags = arg(n, 1) ? cg_expr(g, arg(n, 1)) : ir_const(g->ir, 0);
	ir_val rc = IR_CALL(g->ir, BPF_FUNC_map_push_elem, cg_map(g, n->ccall.map), leaf, flags);

	lost(g, n->ccall.map, ir_icmp(g->ir, IR_SLT, rc, ir_const(g->ir, 0)), n->loc);
	return rc;
}

ir_val cg_method(struct cg *g, const struct node *n)
{
	const struct c_map *m = n->ccall.map;
	enum c_method id = (enum c_method)n->ccall.id;

	if (m->kind == C_CLAUSE)
		return cg_clause_method(g, n);
	switch (id) {
	case C_M_LOOKUP: return lookup(g, m, cg_bytes(g, arg(n, 0), m->key));
	case C_M_LOOKUP_OR_INIT: return lookup_or_init(g, n, true);
	case C_M_LOOKUP_OR_TRY_INIT: return lookup_or_init(g, n, false);
	case C_M_UPDATE:
	case C_M_INSERT: {
		ir_val key = cg_bytes(g, arg(n, 0), m->key);

		return update(g, m, key, cg_bytes(g, arg(n, 1), m->leaf),
			      id == C_M_INSERT ? BPF_NOEXIST : BPF_ANY, n->loc);
	}
	case C_M_DELETE:
		return IR_CALL(g->ir, BPF_FUNC_map_delete_elem, cg_map(g, m),
			       cg_bytes(g, arg(n, 0), m->key));
	case C_M_INCREMENT: return increment(g, n, false);
	case C_M_ATOMIC_INCREMENT: return increment(g, n, true);
	case C_M_CALL: return plain(g, n, BPF_FUNC_tail_call, 1, true);
	case C_M_GET_STACKID: return plain(g, n, BPF_FUNC_get_stackid, 1, true);
	case C_M_PERF_SUBMIT: return send(g, n, 1);
	case C_M_PERF_SUBMIT_SKB: return send_packet(g, n);
	case C_M_RINGBUF_QUERY:
		return IR_CALL(g->ir, BPF_FUNC_ringbuf_query, plan_internal(g->l, MAPR_RING),
			       cg_expr(g, arg(n, 0)));
	case C_M_PERF_COUNTER_VALUE:
		return plain(g, n, BPF_FUNC_perf_event_read_value, 0, false);
	case C_M_MSG_REDIRECT_MAP: return plain(g, n, BPF_FUNC_msg_redirect_map, 1, true);
	case C_M_MSG_REDIRECT_HASH: return plain(g, n, BPF_FUNC_msg_redirect_hash, 1, true);
	case C_M_SK_REDIRECT_MAP: return plain(g, n, BPF_FUNC_sk_redirect_map, 1, true);
	case C_M_SK_REDIRECT_HASH: return plain(g, n, BPF_FUNC_sk_redirect_hash, 1, true);
	case C_M_GET_LOCAL_STORAGE: return plain(g, n, BPF_FUNC_get_local_storage, 0, false);
	case C_M_RINGBUF_OUTPUT: return send(g, n, 0);
	case C_M_RINGBUF_RESERVE: return reserve(g, n);
	case C_M_RINGBUF_SUBMIT: return finish(g, n, BPF_FUNC_ringbuf_submit);
	case C_M_RINGBUF_DISCARD: return finish(g, n, BPF_FUNC_ringbuf_discard);
	case C_M_PERF_READ: return plain(g, n, BPF_FUNC_perf_event_read, 0, false);
	case C_M_CHECK_CURRENT_TASK:
		return plain(g, n, BPF_FUNC_current_task_under_cgroup, 0, false);
	case C_M_PUSH: return push(g, n);
	case C_M_POP: return plain(g, n, BPF_FUNC_map_pop_elem, 0, false);
	case C_M_PEEK: return plain(g, n, BPF_FUNC_map_peek_elem, 0, false);
	case C_M_REDIRECT_MAP: return plain(g, n, BPF_FUNC_redirect_map, 0, false);
	case C_M_SOCK_MAP_UPDATE: return plain(g, n, BPF_FUNC_sock_map_update, 1, true);
	case C_M_SOCK_HASH_UPDATE: return plain(g, n, BPF_FUNC_sock_hash_update, 1, true);
	case C_M_SK_STORAGE_GET: return plain(g, n, BPF_FUNC_sk_storage_get, 0, false);
	case C_M_SK_STORAGE_DELETE: return plain(g, n, BPF_FUNC_sk_storage_delete, 0, false);
	case C_M_INODE_STORAGE_GET: return plain(g, n, BPF_FUNC_inode_storage_get, 0, false);
	case C_M_INODE_STORAGE_DELETE: return plain(g, n, BPF_FUNC_inode_storage_delete, 0, false);
	case C_M_TASK_STORAGE_GET: return plain(g, n, BPF_FUNC_task_storage_get, 0, false);
	case C_M_TASK_STORAGE_DELETE: return plain(g, n, BPF_FUNC_task_storage_delete, 0, false);
	default:
		lower_not_yet(g->l, n, arena_printf(g->l->arena, "'%s'", c_method_name(id)));
		return ir_const(g->ir, 0);
	}
}
