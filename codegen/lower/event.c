/*
 * Records for user space: events in the ring buffer, the actions they name, and
 * the counters of what was lost.
 */
#include <string.h>

#include "codegen/lower/internal.h"
#include "parser/check/internal.h"

void lower_loc(struct lower *l, struct loc loc)
{
	size_t i = l->m->lines.n;

	if (!loc.file)
		return;
	/* neighbours mostly repeat each other; a full search would be quadratic */
	for (size_t tries = 0; i-- > 0 && tries < 16; tries++) {
		const struct loc *o = &l->m->lines.v[i];
		if (o->file == loc.file && o->offset == loc.offset && o->length == loc.length) {
			ir_line(l->ir, i + 1);
			return;
		}
	}
	vec_apush(l->m->arena, &l->m->lines, loc);
	ir_line(l->ir, l->m->lines.n);
}

/* ---- losses ------------------------------------------------------------ */

/* The number of a site; the sites of a hash are chained, since a program may have thousands. */
static uint32_t site_index(struct lower *l, enum loss_reason why, struct loc loc, int map)
{
	struct site_info site = { why, loc, map };
	uint32_t *head = &l->site_head[(loc.offset + why) % LOWER_SITE_HASH];

	for (uint32_t i = *head; i; i = l->site_next.v[i - 1]) {
		const struct site_info *o = &l->m->sites.v[i - 1];
		if (o->reason == why && o->map == map && o->loc.file == loc.file &&
		    o->loc.offset == loc.offset && o->loc.length == loc.length)
			return i - 1;
	}
	vec_apush(l->m->arena, &l->m->sites, site);
	vec_apush(l->m->arena, &l->site_next, *head);
	*head = l->m->sites.n;
	return *head - 1;
}

/*
 * One function of the object counts, since there are many sites:
 *	static long bcct_lost(u64 site)
 *	{
 *		u64 *n = bpf_map_lookup_elem(&bcct_losses, &site);
 *		if (n)
 *			*n += 1;
 *		return 0;
 *	}
 */
static ir_val lost_function(struct lower *l, ir_val losses)
{
	struct ir *ir = l->ir;
	struct ir_saved saved;
	ir_val fn = ir_callback_begin(ir, "lost", 1, 0, &saved), key = ir_alloca(ir, 4, 4), p;
	ir_block count = ir_block_new(ir, ""), done = ir_block_new(ir, "");

	ir_store(ir, key, ir_arg(ir, 0), 4);
	p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, losses, key);
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), done, count);
	ir_at(ir, count);
	ir_store(ir, p, ir_bin(ir, IR_ADD, ir_load(ir, p, 8, false), ir_const(ir, 1)), 8);
	ir_br(ir, done);
	ir_at(ir, done);
	ir_return(ir, 0);
	ir_callback_end(ir, &saved);
	return fn;
}

void lower_fail(struct lower *l, enum loss_reason why, struct loc loc, int map)
{
	ir_val losses = plan_internal(l, MAPR_LOSS);

	if (!l->lost)
		l->lost = lost_function(l, losses);
	ir_call_static(l->ir, l->lost, ir_const(l->ir, site_index(l, why, loc, map)));
}

void lower_fail_if(struct lower *l, ir_val cond, enum loss_reason why, struct loc loc, int map)
{
	ir_block failed = ir_block_new(l->ir, ""), done = ir_block_new(l->ir, "");

	ir_cond_unlikely(l->ir, cond, failed, done);
	ir_at(l->ir, failed);
	lower_fail(l, why, loc, map);
	ir_br(l->ir, done);
	ir_at(l->ir, done);
}

/* A read helper failed; said with -k only. */
void lower_fail_read(struct lower *l, ir_val cond, enum space space, bool string, struct loc loc)
{
	bool value = space == SP_VALUE && l->clause && l->clause->clause.provider->user_memory;
	bool user = space == SP_USER || value;

	if (l->c->keep_warnings)
		lower_fail_if(l, cond, string ? (user ? LOSS_READ_USER_STR : LOSS_READ_KERNEL_STR)
					      : (user ? LOSS_READ_USER : LOSS_READ_FAULT), loc, -1);
}

void lower_bail(struct lower *l)
{
	if (l->own->record)
		IR_CALL(l->ir, BPF_FUNC_ringbuf_discard, l->own->record, ir_const(l->ir, 0));
	ir_return(l->ir, 0);
}

/* ---- events ------------------------------------------------------------ */

unsigned lower_action(struct lower *l, const char *unit, struct loc loc, const char *text,
		      const int64_t params[4], struct schema *payload)
{
	struct action_info a = { .unit = unit, .loc = loc, .payload = payload };

	if (text)
		a.text = arena_strdup(l->m->arena, text);
	if (params)
		memcpy(a.params, params, sizeof(a.params));
	vec_apush(l->m->arena, &l->m->actions, a);
	return l->m->actions.n - 1;
}

ir_val lower_event_begin(struct lower *l, unsigned action, struct loc loc, uint32_t size,
			 struct lower_event *e)
{
	struct ir *ir = l->ir;
	ir_block full = ir_block_new(ir, ""), reserved = ir_block_new(ir, "");

	if (size > EVENT_LIMIT) {
		diag_error(&l->c->diags, TOO_LARGE, loc, "an event of %u bytes is too large", size);
		diag_hint(&l->c->diags, "use shorter strings: str(p, 64)");
		size = EVENT_LIMIT;
	}
	e->done = ir_block_new(ir, "");
	e->record = IR_CALL_PTR(ir, BPF_FUNC_ringbuf_reserve, plan_internal(l, MAPR_RING),
		ir_const(ir, sizeof(struct event_header) + size), ir_const(ir, 0));
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, e->record, ir_null(ir)), full, reserved);
	ir_at(ir, full);
	lower_fail(l, LOSS_RING_FULL, loc, -1);
	ir_br(ir, e->done);
	ir_at(ir, reserved);
	l->own->record = e->record;
	struct event_header h = { action, size };
	ir_store_bytes(ir, e->record, &h, sizeof(h), sizeof(h));
	return ir_offset(ir, e->record, sizeof(h));
}

void lower_event_end(struct lower *l, struct lower_event *e)
{
	IR_CALL(l->ir, BPF_FUNC_ringbuf_submit, e->record, ir_const(l->ir, 0));
	l->own->record = NULL;
	ir_br(l->ir, e->done);
	ir_at(l->ir, e->done);
}

void lower_event_output(struct lower *l, ir_val record, ir_val size, struct loc loc)
{
	ir_val r = IR_CALL(l->ir, BPF_FUNC_ringbuf_output, plan_internal(l, MAPR_RING), record,
		size, ir_const(l->ir, 0));

	l->m->needs |= NEEDS(RINGBUF);
	lower_fail_if(l, ir_icmp(l->ir, IR_SLT, r, ir_const(l->ir, 0)), LOSS_RING_FULL, loc, -1);
}

static bool has_effect(void *user, const struct node *n, unsigned depth)
{
	(void)user, (void)depth;
	return n->kind == N_BLOCKEXPR || n->kind == N_INCDEC ||
	       (n->kind == N_CALL && (n->call.cfunc || !strcmp(n->call.name, "delete")));
}

/*
 * What arguments do must not depend on room in the ring buffer, and events that they
 * send, or a return in them, must not meet a record under construction.
 */
static bool have_effects(const struct node *args)
{
	for (; args; args = args->next)
		if (check_walk(args, 0, has_effect, NULL))
			return true;
	return false;
}

static void build_args(struct lower *l, const struct node *args, const struct type *t, ir_val p)
{
	const struct member *m = t->members;

	for (; args; args = args->next, m++)
		lower_into(l, args, m->type, ir_offset(l->ir, p, m->offset), false);
}

void lower_event_args(struct lower *l, const char *unit, const struct node *call,
		      const struct node *first, const char *text, const int64_t params[4])
{
	unsigned n = node_count(first), i = 0;
	const struct type **types = arena_alloc(l->arena, (n + 1) * sizeof(*types));
	struct lower_event e;

	for (const struct node *a = first; a; a = a->next)
		types[i++] = a->type ? a->type : type_int(l->c->types, 8, true);
	const struct type *t = type_tuple(l->c->types, types, n);
	struct schema *payload = type_schema(l->c->types, l->m->arena, t);
	unsigned action = lower_action(l, unit, call->loc, text, params, payload);
	ir_val before = NULL, p;

	if (have_effects(first)) {
		before = lower_temp(l, t->size, true);
		build_args(l, first, t, before);
		lower_loc(l, call->loc);
	}
	p = lower_event_begin(l, action, call->loc, t->size, &e);
	if (before)
		ir_copy(l->ir, p, before, t->size);
	else
		build_args(l, first, t, p);
	lower_loc(l, call->loc);
	lower_event_end(l, &e);
}

/* ---- words from outside ------------------------------------------------ */

static ir_val config_load(struct lower *l, uint32_t word)
{
	struct ir *ir = l->ir;
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, plan_internal(l, MAPR_CONFIG),
		lower_index_key(l, word));
	ir_block some = ir_block_new(ir, ""), done = ir_block_new(ir, ""), from = ir_here(ir);

	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), done, some);
	ir_at(ir, some);
	ir_val v = ir_load(ir, p, 8, false);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_phi(ir, v, some, ir_const(ir, 0), from);
}

ir_val lower_config(struct lower *l, enum config_word word)
{
	return config_load(l, word);
}

void lower_config_set(struct lower *l, enum config_word word, ir_val v)
{
	struct ir *ir = l->ir;
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, plan_internal(l, MAPR_CONFIG),
		lower_index_key(l, word));
	ir_block some = ir_block_new(ir, ""), done = ir_block_new(ir, "");

	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), done, some);
	ir_at(ir, some);
	ir_store(ir, p, v, 8);
	ir_br(ir, done);
	ir_at(ir, done);
}

ir_val lower_word(struct lower *l, enum word_kind kind, const char *name, struct loc loc)
{
	struct word_info w = { kind, name ? arena_strdup(l->m->arena, name) : NULL, loc };

	for (size_t i = 0; i < l->m->words.n; i++) {
		const struct word_info *o = &l->m->words.v[i];
		if (o->kind == kind && (!name || !strcmp(name, o->name)))
			return config_load(l, CONFIG_WORDS + (uint32_t)i);
	}
	vec_apush(l->m->arena, &l->m->words, w);
	return config_load(l, CONFIG_WORDS + (uint32_t)l->m->words.n - 1);
}

static bool has_wildcard(const char *s)
{
	return s && strpbrk(s, "*?[");
}

/* The attach point's number is known when the clause has just one. */
static bool single_attach(const struct node *clause)
{
	const struct node *s = clause->clause.specs;

	return s && !s->next && !has_wildcard(s->spec.attach.target) &&
	       !has_wildcard(s->spec.attach.module) &&
	       !(s->spec.provider->several && s->spec.provider->several(s->spec.attach.target));
}

ir_val lower_cookie(struct lower *l)
{
	const struct node *clause = l->clause;

	if (single_attach(clause) || clause->clause.provider->in_tracer)
		return ir_const(l->ir, (uint64_t)l->program << 32);
	l->m->needs |= NEEDS(COOKIE);
	ir_val v = IR_CALL(l->ir, BPF_FUNC_get_attach_cookie, ir_ctx(l->ir));
	if (strcmp(clause->clause.provider->name, "usdt") != 0)
		return v;
	return ir_bin(l->ir, IR_AND, v, ir_const(l->ir, (1ULL << COOKIE_SITE) - 1));
}

ir_val lower_point(struct lower *l, enum map_role role)
{
	struct ir *ir = l->ir;
	ir_val key = lower_temp(l, 8, false), p;
	ir_block none = ir_block_new(ir, ""), some = ir_block_new(ir, "");

	l->m->needs |= NEEDS(COOKIE);
	ir_store(ir, key, IR_CALL(ir, BPF_FUNC_get_attach_cookie, ir_ctx(ir)), 8);
	p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, plan_internal(l, role), key);
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), none, some);
	ir_at(ir, none);
	lower_bail(l);
	ir_br(ir, some);
	ir_at(ir, some);
	return p;
}
