/*
 * Calls of C functions in clauses: the function is inlined where it is called, in
 * the program of the clause. Called by codegen/lower/.
 */
#include "codegen/c/internal.h"

struct cg *cg_get(struct lower *l)
{
	struct cg *g = l->cg;

	if (!g) {
		g = l->cg = arena_new_of(l->arena, struct cg);
		g->l = l;
		g->ir = l->ir;
	}
	return g;
}

/* &@m[key] as an argument: the value in the map, or null, as lookup() gives it. */
static ir_val argument(struct lower *l, const struct node *arg, const struct c_var *param)
{
	const struct node *of = arg->kind == N_UNARY && arg->unary.op == OP_ADDR
					? arg->unary.operand : NULL;

	if (of && of->kind == N_MAP && param->type->kind == TY_PTR)
		return lower_map_lookup(l, of);
	return lower_expr(l, arg);
}

ir_val cg_clause_call(struct lower *l, const struct node *n)
{
	const struct c_func *f = n->call.cfunc;
	struct c_func *self = arena_new_of(l->arena, struct c_func);
	struct cg_arg *args = arena_alloc(l->arena, (f->nparams + 1) * sizeof(*args));
	const struct node *arg = n->call.args;
	struct cg *g = cg_get(l), outer = *g;
	ir_val result;

	self->name = f->name;
	self->loc = n->loc;
	self->program = f->program;
	for (unsigned i = 0; i < f->nparams && arg; i++, arg = arg->next) {
		args[i].value = argument(l, arg, f->params[i]);
		args[i].is_ctx = arg->type->kind == TY_PTR && arg->type->space == SP_CTX;
	}
	g->program = self; /* what variables are is known for this call only */
	g->frame = NULL;
	g->jumps = NULL;
	result = cg_inline_values(g, f, args, n->loc);
	g->program = outer.program;
	g->frame = outer.frame;
	g->jumps = outer.jumps;
	return result;
}
