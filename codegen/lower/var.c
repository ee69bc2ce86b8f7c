/*
 * $variables: a scalar is an 8-byte stack slot that the optimiser turns into a
 * register, anything else stands in memory for the whole clause, zero-padded.
 */
#include "codegen/lower/internal.h"
#include "parser/check/internal.h"

/*
 * Scalars beyond this many stand in scratch: variables in use across a helper
 * call are spilled to the stack, of which there is little.
 */
#define REGISTER_VARS 16

/* Is the variable's first assignment a statement that always runs? */
static bool surely_assigned(const struct node *clause, const struct var *v)
{
	const struct node *s = clause->clause.body;

	if (s && s->kind == N_BLOCK)
		s = s->block.stmts;
	for (; s; s = s->next) {
		if (s->kind == N_RETURN)
			return false;
		if (s->kind != N_ASSIGN || s->assign.target->kind != N_VAR)
			continue;
		const struct node *t = s->assign.target;
		if (t->var.var == v)
			return t->loc.file == v->loc.file && t->loc.offset == v->loc.offset;
	}
	return false;
}

static void var_begin(struct lower *l, const struct node *clause, struct var *v)
{
	struct lower_var *s = arena_new_of(l->arena, struct lower_var);

	v->storage = s;
	if (l->own->loops) { /* where the functions of loop bodies find them too */
		uint32_t size = v->type && type_in_memory(v->type) ? v->type->size : 8;

		s->at = lower_scratch_reserve(l, (size + 7) & ~7u);
		ir_zero(l->ir, lower_scratch_at(l, s->at), size);
		return;
	}
	if (!v->type || !type_in_memory(v->type)) {
		s->ptr = v->index < REGISTER_VARS ? ir_alloca(l->ir, 8, 8)
						  : lower_scratch_new(l, 8);
		ir_store(l->ir, s->ptr, ir_const(l->ir, 0), 8);
		return;
	}
	s->ptr = lower_slot_new(l, v->type->size);
	if (!surely_assigned(clause, v))
		ir_zero(l->ir, s->ptr, v->type->size);
}

void lower_vars_begin(struct lower *l, const struct node *clause)
{
	for (unsigned i = 0; i < clause->clause.nvars; i++)
		var_begin(l, clause, clause->clause.vars[i]);
}

ir_val lower_var_ptr(struct lower *l, const struct node *n)
{
	struct lower_var *s = n->var.var ? n->var.var->storage : NULL;

	if (s)
		return s->ptr ? s->ptr : lower_scratch_at(l, s->at);
	lower_internal(l, n, "a variable of another clause");
	return lower_temp(l, n->type && n->type->size ? n->type->size : 8, true);
}

static bool names(void *user, const struct node *n, unsigned depth)
{
	(void)depth;
	return n->kind == N_VAR && n->var.var == user;
}

/* May the value be made of the variable, other than by a copy? Then it is built beside it. */
static bool made_of(const struct node *value, struct var *v)
{
	switch (value->kind) {
	case N_STR: case N_VAR: case N_IDENT: return false;
	default: return check_walk(value, 0, names, v);
	}
}

static void assign_memory(struct lower *l, const struct node *target, const struct node *value)
{
	const struct type *t = target->var.var->type;
	ir_val p = lower_var_ptr(l, target);

	if (!made_of(value, target->var.var)) {
		lower_build(l, value, t, p, PAD_ZERO);
		return;
	}
	ir_val temp = lower_temp(l, t->size, false);
	lower_build(l, value, t, temp, PAD_ZERO);
	ir_copy(l->ir, p, temp, t->size);
}

static ir_val fit(struct lower *l, ir_val v, const struct type *t)
{
	if (t && type_is_integer(t) && t->size < 8)
		return ir_ext(l->ir, v, t->size, t->is_signed);
	return v;
}

void lower_var_assign(struct lower *l, const struct node *a)
{
	const struct node *target = a->assign.target, *value = a->assign.value;
	const struct type *t = target->var.var ? target->var.var->type : NULL;

	if (t && type_in_memory(t)) {
		assign_memory(l, target, value);
		return;
	}
	ir_val p = lower_var_ptr(l, target);
	ir_val v = lower_expr(l, value);
	if (a->assign.op != OP_NONE)
		v = lower_arith(l, a->assign.op, target, ir_load(l->ir, p, 8, false), value, v, t,
			a->loc);
	ir_store(l->ir, p, fit(l, v, t), 8);
}

ir_val lower_var_incdec(struct lower *l, const struct node *n)
{
	const struct node *target = n->incdec.operand;
	const struct type *t = target->var.var ? target->var.var->type : NULL;
	uint64_t step = lower_pointer_scale(t);
	ir_val p = lower_var_ptr(l, target);
	ir_val old = ir_load(l->ir, p, 8, false);
	ir_val new = fit(l, ir_bin(l->ir, n->incdec.op == OP_INC ? IR_ADD : IR_SUB, old,
				    ir_const(l->ir, step)), t);

	ir_store(l->ir, p, new, 8);
	return n->incdec.prefix ? new : old;
}
