/*
 * Loops. while and for become functions that bpf_loop and bpf_for_each_map_elem
 * call: the verifier looks at such a body once, however often it runs. A clause
 * with loops keeps its variables in scratch, where all its functions find them;
 * the context is handed over in a stack slot. unroll repeats its body.
 */
#include "codegen/lower/internal.h"
#include "parser/check/internal.h"

#define MAX_TURNS (1u << 23) /* BPF_MAX_LOOPS of the kernel */

struct body {
	struct ir_saved saved;
	struct lower_own outer;
	ir_val scratch, fn, ctx;
	struct lower_loop loop;
};

static bool is_loop(void *user, const struct node *n, unsigned depth)
{
	(void)user, (void)depth;
	return n->kind == N_WHILE || n->kind == N_FOR;
}

bool lower_has_loops(const struct node *n)
{
	for (; n; n = n->next)
		if (check_walk(n, 0, is_loop, NULL))
			return true;
	return false;
}

/* ---- the function of a body -------------------------------------------- */

/* Code built from here to body_end is the callback's; its last argument is the context's slot. */
static void body_begin(struct lower *l, struct body *b, unsigned nargs, unsigned pointers)
{
	struct lower_own *o = l->own;

	if (!o->callbacks)
		ir_store(l->ir, lower_scratch_at(l, o->leave_at), ir_const(l->ir, 0), 8);
	b->ctx = ir_alloca(l->ir, 8, 8);
	ir_store(l->ir, b->ctx, ir_ctx(l->ir), 8);
	b->outer = *o;
	b->scratch = l->scratch;
	b->loop = (struct lower_loop){ .callback = true, .outer = o->loop };
	l->scratch = NULL;
	o->slots.v = NULL;
	o->slots.n = o->slots.cap = 0;
	o->key_slot = o->agg_slot = o->read_slot = o->record = NULL;
	o->loop = &b->loop;
	o->callbacks++;
	b->fn = ir_callback_begin(l->ir, "loop", nargs, pointers, &b->saved);
	ir_set_ctx(l->ir, ir_load_ptr(l->ir, ir_arg(l->ir, nargs - 1)));
	o->gap[0] = lower_gap_open(l);
	o->gap_now = 0;
}

static void body_end(struct lower *l, struct body *b)
{
	struct lower_own *o = l->own, inner;

	lower_gap_close(l, &o->gap[0]);
	ir_callback_end(l->ir, &b->saved);
	inner = *o;
	*o = b->outer;
	/* what belongs to the whole program goes on; frames share the 512 bytes of stack */
	o->stack_used = inner.stack_used;
	o->scratch_peak = inner.scratch_peak;
	o->scratch_map = inner.scratch_map;
	o->left = inner.left;
	o->error_program = inner.error_program;
	for (unsigned i = 0; i < sizeof(o->internal) / sizeof(*o->internal); i++)
		o->internal[i] = inner.internal[i];
	l->scratch = b->scratch;
}

/* bpf_loop(turns, body, &ctx, 0) */
static ir_val turn(struct lower *l, const struct body *b, ir_val turns)
{
	l->m->needs |= NEEDS(BPF_LOOP);
	return IR_CALL(l->ir, BPF_FUNC_loop, turns, b->fn, b->ctx, ir_const(l->ir, 0));
}

/* ---- kinds of loops ---------------------------------------------------- */

/*
 *	turns = bpf_loop(MAX_TURNS, { if (!cond) return 1; body; return 0; });
 *	if (turns == MAX_TURNS) count a loss;
 */
void lower_while(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	struct body b;
	ir_val turns;

	body_begin(l, &b, 2, 2);
	ir_block go = ir_block_new(ir, ""), stop = ir_block_new(ir, "");
	ir_cond(ir, lower_cond(l, n->loop.cond), go, stop);
	ir_at(ir, stop);
	ir_return(ir, 1);
	ir_br(ir, go);
	ir_at(ir, go);
	lower_stmts(l, n->loop.body);
	body_end(l, &b);
	turns = turn(l, &b, ir_const(ir, MAX_TURNS));
	lower_fail_if(l, ir_icmp(ir, IR_EQ, turns, ir_const(ir, MAX_TURNS)), LOSS_LOOP, n->loc, -1);
	lower_leave_too(l);
}

/*
 *	bpf_loop(to > from ? to - from : 0, { $i = from + index; body; return 0; });
 */
static void for_range(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	uint32_t at = lower_scratch_reserve(l, 8);
	ir_val from = lower_expr(l, n->each.from), to = lower_expr(l, n->each.to), turns, over;
	struct body b;

	ir_store(ir, lower_scratch_at(l, at), from, 8);
	turns = ir_select(ir, ir_icmp(ir, IR_SGT, to, from), ir_bin(ir, IR_SUB, to, from),
			  ir_const(ir, 0));
	over = ir_icmp(ir, IR_UGT, turns, ir_const(ir, MAX_TURNS));
	lower_fail_if(l, over, LOSS_LOOP, n->loc, -1);
	turns = ir_select(ir, over, ir_const(ir, MAX_TURNS), turns);
	body_begin(l, &b, 2, 2);
	from = ir_load(ir, lower_scratch_at(l, at), 8, false);
	ir_store(ir, lower_var_ptr(l, n->each.target),
		 ir_bin(ir, IR_ADD, from, ir_arg(ir, 0)), 8);
	lower_stmts(l, n->each.body);
	body_end(l, &b);
	turn(l, &b, turns);
	lower_leave_too(l);
}

/* A key or value as it stands in a map, into a member of $kv. */
static void take_element(struct lower *l, ir_val src, const struct type *from, ir_val kv,
			 const struct member *to)
{
	ir_val dst = ir_offset(l->ir, kv, to->offset);

	if (type_in_memory(to->type))
		lower_convert(l, src, from, to->type, dst, PAD_ZERO);
	else
		ir_store(l->ir, dst, ir_load(l->ir, src, from->size, from->is_signed),
			 to->type->size);
}

/*
 *	bpf_for_each_map_elem(map, { $kv = (*key, *value); body; return 0; }, &ctx, 0);
 */
static void for_map(struct lower *l, const struct node *n)
{
	const struct map *m = n->each.from->map.map;
	const struct type *t = n->each.target->var.var ? n->each.target->var.var->type : NULL;
	struct ir *ir = l->ir;
	struct body b;
	ir_val kv;

	if (!m || !m->key || !t || t->nmembers != 2) {
		lower_internal(l, n, "this loop");
		return;
	}
	l->m->needs |= NEEDS(FOR_EACH);
	ir_val map = lower_map_ptr(l, m, n->loc);
	body_begin(l, &b, 4, 15);
	kv = lower_var_ptr(l, n->each.target);
	take_element(l, ir_arg(ir, 1), plan_is_array(m) ? type_int(l->c->types, 4, false) : m->key,
		     kv, &t->members[0]);
	if (m->value->kind == TY_AGG) /* the value at hand is this CPU's */
		ir_store(ir, ir_offset(ir, kv, t->members[1].offset),
			 lower_agg_read(l, m, ir_arg(ir, 1), n->loc), 8);
	else
		take_element(l, ir_arg(ir, 2), m->value, kv, &t->members[1]);
	lower_stmts(l, n->each.body);
	body_end(l, &b);
	IR_CALL(ir, BPF_FUNC_for_each_map_elem, map, b.fn, b.ctx, ir_const(ir, 0));
	lower_leave_too(l);
}

void lower_for(struct lower *l, const struct node *n)
{
	if (n->each.to)
		for_range(l, n);
	else
		for_map(l, n);
}

void lower_unroll(struct lower *l, const struct node *n)
{
	struct lower_loop loop = { .outer = l->own->loop, .leave = ir_block_new(l->ir, "") };
	uint64_t from = 0, to = 0;

	if ((n->unroll.from && !ir_const_value(l->ir, lower_expr(l, n->unroll.from), &from)) ||
	    !ir_const_value(l->ir, lower_expr(l, n->unroll.count), &to))
		lower_internal(l, n, "this unroll");
	l->own->loop = &loop;
	for (; from < to; from++) {
		loop.again = ir_block_new(l->ir, "");
		lower_stmts(l, n->unroll.body);
		ir_br(l->ir, loop.again);
		ir_at(l->ir, loop.again);
	}
	ir_br(l->ir, loop.leave);
	ir_at(l->ir, loop.leave);
	l->own->loop = loop.outer;
}

void lower_jump(struct lower *l, const struct node *n)
{
	const struct lower_loop *loop = l->own->loop;
	bool leave = n->kind == N_BREAK;

	if (!loop) {
		lower_internal(l, n, "a jump outside a loop");
	} else if (loop->callback) {
		ir_return(l->ir, leave);
	} else {
		ir_br(l->ir, leave ? loop->leave : loop->again);
		ir_at(l->ir, ir_block_new(l->ir, ""));
	}
}
