/*
 * Leaving: return in a clause and in a function's body, also out of loops, whose
 * bodies are functions of their own in BPF. Those set a word in scratch and end; what
 * called them looks at it.
 */
#include "codegen/lower/internal.h"

static void set_leave(struct lower *l, uint64_t value)
{
	ir_store(l->ir, lower_scratch_at(l, l->own->leave_at), ir_const(l->ir, value), 8);
}

void lower_leave(struct lower *l)
{
	struct lower_own *o = l->own;

	if (o->callbacks) {
		o->left = true;
		set_leave(l, 1);
	}
	ir_return(l->ir, o->callbacks ? 1 : 0);
}

void lower_fn_body(struct lower *l, const struct node *n)
{
	struct lower_own *o = l->own;
	struct lower_fn fn = {n->fnbody.id, o->callbacks, ir_block_new(l->ir, ""), o->fn};
	struct lower_loop *loop = o->loop;

	o->fn = &fn;
	o->loop = NULL;
	lower_stmts(l, n->fnbody.stmts);
	ir_br(l->ir, fn.end);
	ir_at(l->ir, fn.end);
	o->fn = fn.outer;
	o->loop = loop;
}

void lower_fn_return(struct lower *l, const struct node *n)
{
	struct lower_own *o = l->own;
	const struct lower_fn *fn;

	if (n->ret.value)
		lower_var_assign(l, n->ret.value);
	for (fn = o->fn; fn && fn->id != n->ret.id; fn = fn->outer)
		;
	if (!fn) {
		lower_internal(l, n, "a return out of a function");
	} else if (fn->callbacks == o->callbacks) {
		ir_br(l->ir, fn->end);
		ir_at(l->ir, ir_block_new(l->ir, ""));
	} else {
		o->left = true;
		set_leave(l, 1 + (uint64_t)fn->id);
		ir_return(l->ir, 1);
	}
}

/*
 *	if (left) {
 *		if (left == 1 + id of a function around the loop) { left = 0; goto its end; }
 *		return;
 *	}
 */
void lower_leave_too(struct lower *l)
{
	struct ir *ir = l->ir;
	struct lower_own *o = l->own;
	const struct lower_fn *fn;
	ir_block out, on, own, others;
	ir_val left;

	if (!o->left)
		return;
	out = ir_block_new(ir, "");
	on = ir_block_new(ir, "");
	left = ir_load(ir, lower_scratch_at(l, o->leave_at), 8, false);
	ir_cond_unlikely(ir, ir_truth(ir, left), out, on);
	ir_at(ir, out);
	for (fn = o->fn; fn && fn->callbacks == o->callbacks; fn = fn->outer) {
		own = ir_block_new(ir, "");
		others = ir_block_new(ir, "");
		ir_cond(ir, ir_icmp(ir, IR_EQ, left, ir_const(ir, 1 + (uint64_t)fn->id)), own,
			others);
		ir_at(ir, own);
		set_leave(l, 0);
		ir_br(ir, fn->end);
		ir_at(ir, others);
	}
	ir_return(ir, o->callbacks ? 1 : 0);
	ir_br(ir, on);
	ir_at(ir, on);
}
