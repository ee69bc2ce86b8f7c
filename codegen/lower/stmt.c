/*
 * Statements and clauses. A clause is one program: the process filter, the
 * predicate, the body.
 */
#include <string.h>

#include "codegen/lower/internal.h"

static void assign(struct lower *l, const struct node *n)
{
	switch (n->assign.target->kind) {
	case N_MAP: lower_map_assign(l, n); break;
	case N_VAR: lower_var_assign(l, n); break;
	default: lower_internal(l, n, "this assignment");
	}
}

/* let $x; makes a zero each time it is reached, let $x = e; is an assignment. */
static void let(struct lower *l, const struct node *n)
{
	const struct node *t = n->let.target;
	const struct type *type = t->var.var ? t->var.var->type : NULL;
	struct node a = { .kind = N_ASSIGN, .loc = n->loc };

	if (n->let.value) {
		a.assign.target = n->let.target;
		a.assign.value = n->let.value;
		assign(l, &a);
	} else if (type) {
		ir_zero(l->ir, lower_var_ptr(l, t), type_in_memory(type) ? type->size : 8);
	}
}

static void if_stmt(struct lower *l, const struct node *n)
{
	ir_block yes = ir_block_new(l->ir, ""), done = ir_block_new(l->ir, "");
	ir_block no = n->cond.otherwise ? ir_block_new(l->ir, "") : done;

	ir_cond(l->ir, lower_cond(l, n->cond.cond), yes, no);
	ir_at(l->ir, yes);
	lower_stmts(l, n->cond.then);
	ir_br(l->ir, done);
	if (n->cond.otherwise) {
		ir_at(l->ir, no);
		lower_stmts(l, n->cond.otherwise);
		ir_br(l->ir, done);
	}
	ir_at(l->ir, done);
}

static void stmt(struct lower *l, const struct node *n)
{
	uint32_t mark;

	if (!lower_deeper(l, n))
		return;
	lower_stmt_begin(l, &mark);
	lower_loc(l, n->loc);
	switch (n->kind) {
	case N_EXPR:
		lower_expr(l, n->expr.expr);
		break;
	case N_ASSIGN: assign(l, n); break;
	case N_IF: if_stmt(l, n); break;
	case N_BLOCK: lower_stmts(l, n->block.stmts); break;
	case N_LET: let(l, n); break;
	case N_WHILE: lower_while(l, n); break;
	case N_FOR: lower_for(l, n); break;
	case N_UNROLL: lower_unroll(l, n); break;
	case N_BREAK:
	case N_CONTINUE: lower_jump(l, n); break;
	case N_FNBODY: lower_fn_body(l, n); break;
	case N_RETURN:
		if (n->ret.fn)
			lower_fn_return(l, n);
		else
			lower_leave(l);
		break;
	default: lower_expr(l, n);
	}
	lower_stmt_end(l, mark);
	l->depth--;
}

void lower_stmts(struct lower *l, const struct node *n)
{
	for (; n; n = n->next)
		stmt(l, n);
}

/*
 *	pid = config[CONFIG_PID];
 *	if (pid && pid != bpf_get_current_pid_tgid() >> 32)
 *		return 0;
 */
static void filter_process(struct lower *l)
{
	struct ir *ir = l->ir;
	ir_val pid = lower_config(l, CONFIG_PID);
	ir_val own = ir_bin(ir, IR_LSHR,
		ir_helper(ir, BPF_FUNC_get_current_pid_tgid, 0, NULL), ir_const(ir, 32));
	ir_val other = ir_bool(ir, ir_icmp(ir, IR_NE, pid, own));
	ir_block skip = ir_block_new(ir, ""), go = ir_block_new(ir, "");

	other = ir_bin(ir, IR_AND, other, ir_bool(ir, ir_truth(ir, pid)));
	ir_cond(ir, ir_truth(ir, other), skip, go);
	ir_at(ir, skip);
	ir_return(ir, 0);
	ir_br(ir, go);
	ir_at(ir, go);
}

/*
 *	if (config[CONFIG_STOP])
 *		return 0;
 */
static void leave_when_stopped(struct lower *l)
{
	struct ir *ir = l->ir;
	ir_block stopped = ir_block_new(ir, ""), go = ir_block_new(ir, "");

	ir_cond_unlikely(ir, ir_truth(ir, lower_config(l, CONFIG_STOP)), stopped, go);
	ir_at(ir, stopped);
	ir_return(ir, 0);
	ir_br(ir, go);
	ir_at(ir, go);
}

static void predicate(struct lower *l, const struct node *pred)
{
	struct ir *ir = l->ir;
	ir_block no = ir_block_new(ir, ""), go = ir_block_new(ir, "");
	uint32_t mark;

	lower_stmt_begin(l, &mark);
	ir_cond(ir, lower_cond(l, pred), go, no);
	lower_stmt_end(l, mark);
	ir_at(ir, no);
	ir_return(ir, 0);
	ir_br(ir, go);
	ir_at(ir, go);
}

void lower_clause(struct lower *l, const struct node *clause)
{
	struct lower_own *o = l->own;

	o->gap[0] = lower_gap_open(l);
	if (l->m->programs.v[l->program].stops)
		leave_when_stopped(l);
	if (clause->clause.provider->prologue)
		clause->clause.provider->prologue(l, clause);
	if (l->c->pid && !clause->clause.provider->in_tracer)
		filter_process(l);
	if (clause->clause.pred)
		predicate(l, clause->clause.pred);
	/* scratch that only the body needs is looked up after the predicate */
	o->gap[1] = lower_gap_open(l);
	o->gap_now = 1;
	o->loops = lower_has_loops(clause->clause.body);
	o->left = false;
	if (o->loops)
		o->leave_at = lower_scratch_reserve(l, 8);
	lower_vars_begin(l, clause);
	lower_stmts(l, clause->clause.body);
	lower_gap_close(l, &o->gap[1]);
	lower_gap_close(l, &o->gap[0]);
}
