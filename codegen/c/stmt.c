/* Statements of BPF C, and calls of functions, which are inlined. */
#include "codegen/c/internal.h"
#include "parser/c/parse.h"

static void stmt(struct cg *g, const struct node *n);

void cg_stmts(struct cg *g, const struct node *n)
{
	for (; n; n = n->next)
		stmt(g, n);
}

/* ---- functions ----------------------------------------------------------- */

static void give_back(struct cg *g, const struct node *n)
{
	struct cg_frame *f = g->frame;
	const struct node *e = n->expr.expr;
	struct cg_place p = {.addr = f->result, .space = SP_STACK};

	if (!f->done) {
		if (e)
			ir_return_value(g->ir, cg_expr(g, e));
		else
			ir_return(g->ir, 0);
		return;
	}
	if (e && f->result)
		cg_store(g, &p, f->func->ret, cg_expr(g, e));
	else if (e)
		cg_expr(g, e);
	ir_br(g->ir, f->done);
	ir_at(g->ir, ir_block_new(g->ir, ""));
}

void cg_return_zero(struct cg *g)
{
	struct cg_frame *f = g->frame;

	if (!f || !f->done) {
		ir_return(g->ir, 0);
		return;
	}
	if (f->result)
		ir_zero(g->ir, f->result, f->func->ret->size ? f->func->ret->size : 8);
	ir_br(g->ir, f->done);
	ir_at(g->ir, ir_block_new(g->ir, ""));
}

/* A parameter that is always the context stays one: loads from it need constant offsets. */
static void set_param(struct cg *g, struct c_var *v, const struct cg_arg *arg)
{
	struct cg_var *d = cg_var(g, v);
	struct cg_place p = {.addr = d->ptr, .space = SP_STACK};
	ir_val value = arg->value;

	d->is_ctx = arg->is_ctx;
	if (type_is_integer(v->type) && v->type->size < 8)
		value = ir_ext(g->ir, value, v->type->size, v->type->is_signed);
	cg_store(g, &p, v->type, value);
}

ir_val cg_inline_values(struct cg *g, const struct c_func *f, const struct cg_arg *args,
			struct loc loc)
{
	struct cg_frame frame = {.func = f, .outer = g->frame, .done = ir_block_new(g->ir, "")};
	struct cg_jumps *jumps = g->jumps;
	const struct type *ret = f->ret;
	struct cg_place p = {.space = SP_STACK};

	if (ret->kind != TY_NONE)
		frame.result = ir_alloca(g->ir, ret->size ? (ret->size + 7) & ~7u : 8, 8);
	if (ret->kind != TY_NONE && !cg_in_memory(ret))
		ir_zero(g->ir, frame.result, 8); /* where no return is met */
	cg_vars_begin(g, f);
	for (unsigned i = 0; i < f->nparams; i++)
		set_param(g, f->params[i], &args[i]);
	for (struct c_label *l = f->labels; l; l = l->next)
		l->data = ir_block_new(g->ir, "");
	g->frame = &frame;
	g->jumps = NULL;
	cg_stmts(g, f->body);
	g->frame = frame.outer;
	g->jumps = jumps;
	ir_br(g->ir, frame.done);
	ir_at(g->ir, frame.done);
	lower_loc(g->l, loc);
	p.addr = frame.result;
	return frame.result ? cg_load(g, &p, ret, loc) : ir_const(g->ir, 0);
}

ir_val cg_inline(struct cg *g, const struct node *call)
{
	const struct c_func *f = call->ccall.func;
	struct cg_arg *args = arena_alloc(g->l->arena, (f->nparams + 1) * sizeof(*args));
	const struct node *arg = call->ccall.args;
	unsigned depth = 0;

	for (const struct cg_frame *o = g->frame; o; o = o->outer)
		depth++;
	if (!f->body || depth > 60) {
		lower_internal(g->l, call, "this call");
		return ir_const(g->ir, 0);
	}
	/* all of them before the first parameter is set: they may call the function, too */
	for (unsigned i = 0; i < f->nparams && arg; i++, arg = arg->next) {
		struct cg_place from;

		if (arg->type && arg->type->kind == TY_PTR && arg->type->space == SP_CTX) {
			cg_pointer(g, arg, &from);
			args[i].is_ctx = !from.addr && !from.offset;
		}
		args[i].value = cg_expr(g, arg);
	}
	return cg_inline_values(g, f, args, call->loc);
}

/* ---- statements ---------------------------------------------------------- */

static void declare(struct cg *g, const struct node *n)
{
	for (const struct node *d = n->cdecls.decls; d; d = d->next) {
		struct c_var *v = d->kind == N_CDECL ? d->cdecl.var : NULL;
		const struct node *init = d->kind == N_CDECL ? d->cdecl.init : NULL;

		if (!v || v->storage == C_GLOBAL)
			continue;
		if (init)
			cg_init(g, cg_var(g, v)->ptr, v->type, init);
		else if (!cg_in_memory(v->type)) /* the verifier wants a value */
			ir_zero(g->ir, cg_var(g, v)->ptr, v->type->size);
	}
}

static void if_else(struct cg *g, const struct node *n)
{
	ir_block yes = ir_block_new(g->ir, ""), done = ir_block_new(g->ir, "");
	ir_block no = n->cond.otherwise ? ir_block_new(g->ir, "") : done;

	ir_cond(g->ir, cg_cond(g, n->cond.cond), yes, no);
	ir_at(g->ir, yes);
	stmt(g, n->cond.then);
	ir_br(g->ir, done);
	if (n->cond.otherwise) {
		ir_at(g->ir, no);
		stmt(g, n->cond.otherwise);
		ir_br(g->ir, done);
	}
	ir_at(g->ir, done);
}

/* head: if (!cond) leave; body; again: step; goto head. */
static void loop(struct cg *g, const struct node *n)
{
	struct cg_jumps j = {.outer = g->jumps};
	ir_block head, body;

	if (n->cloop.init)
		stmt(g, n->cloop.init);
	head = ir_block_new(g->ir, "");
	body = ir_block_new(g->ir, "");
	j.leave = ir_block_new(g->ir, "");
	j.again = ir_block_new(g->ir, "");
	ir_br(g->ir, n->cloop.how == CL_DO ? body : head);
	ir_at(g->ir, head);
	if (n->cloop.cond)
		ir_cond(g->ir, cg_cond(g, n->cloop.cond), body, j.leave);
	else
		ir_br(g->ir, body);
	ir_at(g->ir, body);
	g->jumps = &j;
	if (n->cloop.body)
		stmt(g, n->cloop.body);
	g->jumps = j.outer;
	ir_br(g->ir, j.again);
	ir_at(g->ir, j.again);
	if (n->cloop.step)
		cg_expr(g, n->cloop.step);
	ir_again(g->ir, head, n->cloop.unroll);
	ir_at(g->ir, j.leave);
}

/* The marks of one switch, in order. */
static void find_marks(struct cg *g, const struct node *n)
{
	for (; n; n = n->next) {
		struct cg_case c = {n, NULL};

		switch (n->kind) {
		case N_CCASE:
			c.block = ir_block_new(g->ir, "");
			vec_apush(g->l->arena, &g->cases, c);
			break;
		case N_BLOCK: find_marks(g, n->block.stmts); break;
		case N_IF:
			find_marks(g, n->cond.then);
			if (n->cond.otherwise)
				find_marks(g, n->cond.otherwise);
			break;
		case N_CLOOP:
			if (n->cloop.body)
				find_marks(g, n->cloop.body);
			break;
		default: break;
		}
	}
}

static ir_val in_range(struct cg *g, ir_val v, const struct node *mark)
{
	ir_val low = ir_const(g->ir, (uint64_t)mark->ccase.low);

	if (mark->ccase.low == mark->ccase.high)
		return ir_icmp(g->ir, IR_EQ, v, low);
	return ir_icmp(g->ir, IR_ULE, ir_bin(g->ir, IR_SUB, v, low),
		       ir_const(g->ir, (uint64_t)mark->ccase.high - (uint64_t)mark->ccase.low));
}

static void select_case(struct cg *g, const struct node *n)
{
	struct cg_jumps j = {.outer = g->jumps, .leave = ir_block_new(g->ir, ""),
			     .again = g->jumps ? g->jumps->again : NULL};
	ir_val v = cg_expr(g, n->cswitch.value);
	size_t first = g->cases.n;
	ir_block other = j.leave;

	find_marks(g, n->cswitch.body);
	for (size_t i = first; i < g->cases.n; i++) {
		const struct node *mark = g->cases.v[i].mark;
		ir_block next;

		if (mark->ccase.is_default) {
			other = g->cases.v[i].block;
			continue;
		}
		next = ir_block_new(g->ir, "");
		ir_cond(g->ir, in_range(g, v, mark), g->cases.v[i].block, next);
		ir_at(g->ir, next);
	}
	ir_br(g->ir, other);
	ir_at(g->ir, ir_block_new(g->ir, ""));
	g->jumps = &j;
	stmt(g, n->cswitch.body);
	g->jumps = j.outer;
	g->cases.n = first;
	ir_br(g->ir, j.leave);
	ir_at(g->ir, j.leave);
}

static void mark(struct cg *g, const struct node *n)
{
	for (size_t i = g->cases.n; i--;) {
		if (g->cases.v[i].mark != n)
			continue;
		ir_br(g->ir, g->cases.v[i].block);
		ir_at(g->ir, g->cases.v[i].block);
		return;
	}
}

static void jump(struct cg *g, const struct node *n)
{
	ir_block to = NULL;

	if (n->kind == N_CGOTO)
		to = n->clabel.label->data;
	else if (g->jumps)
		to = n->kind == N_CBREAK ? g->jumps->leave : g->jumps->again;
	if (!to) {
		lower_internal(g->l, n, "this jump");
		return;
	}
	ir_br(g->ir, to);
	ir_at(g->ir, ir_block_new(g->ir, ""));
}

/* An output becomes something that the optimiser knows nothing of. */
static void barrier(struct cg *g, const struct node *n)
{
	const struct node *in = n->casm.inputs;

	for (const struct node *o = n->casm.outputs; o; o = o->next) {
		const struct node *to = o->citem.value;
		struct cg_place p;
		ir_val v;

		cg_place(g, to, &p);
		v = in ? cg_expr(g, in->citem.value) : cg_load(g, &p, to->type, n->loc);
		cg_store(g, &p, to->type, ir_opaque(g->ir, v));
		in = in ? in->next : NULL;
	}
}

static void kind(struct cg *g, const struct node *n)
{
	switch (n->kind) {
	case N_EXPR: cg_expr(g, n->expr.expr); break;
	case N_BLOCK: cg_stmts(g, n->block.stmts); break;
	case N_IF: if_else(g, n); break;
	case N_RETURN: give_back(g, n); break;
	case N_CDECLS: declare(g, n); break;
	case N_CLOOP: loop(g, n); break;
	case N_CSWITCH: select_case(g, n); break;
	case N_CCASE: mark(g, n); break;
	case N_CBREAK:
	case N_CCONTINUE:
	case N_CGOTO: jump(g, n); break;
	case N_CLABEL:
		ir_br(g->ir, n->clabel.label->data);
		ir_at(g->ir, n->clabel.label->data);
		break;
	case N_CASM: barrier(g, n); break;
	case N_CEMPTY:
	case N_CASSERT: break;
	default: cg_expr(g, n);
	}
}

static void stmt(struct cg *g, const struct node *n)
{
	uint32_t scratch;
	/* what a block declares lives as long as the program: only a simple statement's
	   temporaries are used again */
	bool simple = n->kind == N_EXPR || n->kind == N_RETURN;

	if (++g->depth > 400) {
		lower_internal(g->l, n, "nesting this deep");
		g->depth--;
		return;
	}
	if (simple)
		lower_stmt_begin(g->l, &scratch);
	lower_loc(g->l, n->loc);
	kind(g, n);
	if (simple)
		lower_stmt_end(g->l, scratch);
	g->depth--;
}

/* ({ ...; value; }) */
ir_val cg_statement_value(struct cg *g, const struct node *n)
{
	const struct node *s = n->block.stmts;

	for (; s && s->next; s = s->next)
		stmt(g, s);
	if (s && s->kind == N_EXPR && s->expr.expr)
		return cg_expr(g, s->expr.expr);
	if (s)
		stmt(g, s);
	return ir_const(g->ir, 0);
}
