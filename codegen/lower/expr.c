/*
 * Expressions: the walk over all kinds. Scalars are i64 (or a pointer the
 * verifier knows), values in memory their address.
 */
#include "codegen/lower/internal.h"

/* Something the check should not have let through; the user sees a message, never a crash. */
void lower_internal(struct lower *l, const struct node *n, const char *what)
{
	diag_error(&l->c->diags, INTERNAL, n->loc, "no code for %s", what);
}

void lower_not_yet(struct lower *l, const struct node *n, const char *what)
{
	diag_error(&l->c->diags, NOT_YET, n->loc, "%s is not supported", what);
}

bool lower_deeper(struct lower *l, const struct node *n)
{
	if (++l->depth <= COMPILE_MAX_HEIGHT * 2)
		return true;
	diag_error(&l->c->diags, TOO_DEEP, n->loc, "this is nested too deeply");
	l->depth--;
	return false;
}

/* ---- truth ------------------------------------------------------------- */

/* a && b, a || b: b is evaluated only when a does not decide. */
static ir_val short_circuit(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	bool is_and = n->binary.op == OP_LAND;
	ir_block right = ir_block_new(ir, ""), done = ir_block_new(ir, "");
	ir_val a = lower_cond(l, n->binary.left);
	ir_block a_end = ir_here(ir);

	if (is_and)
		ir_cond(ir, a, right, done);
	else
		ir_cond(ir, a, done, right);
	ir_at(ir, right);
	ir_val b = lower_cond(l, n->binary.right);
	ir_block b_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_phi(ir, ir_truth(ir, ir_const(ir, !is_and)), a_end, b, b_end);
}

ir_val lower_cond(struct lower *l, const struct node *n)
{
	ir_val v;

	if (!lower_deeper(l, n))
		return ir_truth(l->ir, ir_const(l->ir, 0));
	if (n->kind == N_BINARY && (n->binary.op == OP_LAND || n->binary.op == OP_LOR))
		v = short_circuit(l, n);
	else if (n->kind == N_BINARY && n->binary.op >= OP_EQ && n->binary.op <= OP_GE)
		v = lower_compare(l, n);
	else if (n->kind == N_UNARY && n->unary.op == OP_NOT)
		v = ir_icmp(l->ir, IR_EQ, ir_bool(l->ir, lower_cond(l, n->unary.operand)),
			ir_const(l->ir, 0));
	else
		v = ir_truth(l->ir, lower_expr(l, n));
	l->depth--;
	return v;
}

/* ---- kinds ------------------------------------------------------------- */

static ir_val in_memory(struct lower *l, const struct node *n)
{
	if (n->kind == N_VAR)
		return lower_var_ptr(l, n);
	ir_val p = lower_temp(l, n->type->size, false);
	/* whoever takes the address may look at every byte */
	lower_build(l, n, n->type, p, PAD_ZERO);
	return p;
}

static ir_val unit_value(struct lower *l, const struct node *n, const struct builtin *b)
{
	l->m->needs |= b->needs;
	if (!b->lower) {
		lower_internal(l, n, b->name);
		return NULL;
	}
	return b->lower(l, n);
}

static ir_val ident(struct lower *l, const struct node *n)
{
	if (n->ident.builtin)
		return unit_value(l, n, n->ident.builtin);
	if (n->ident.pvar && n->ident.pvar->lower)
		return n->ident.pvar->lower(l, n, n->ident.arg);
	lower_internal(l, n, n->ident.name);
	return NULL;
}

static ir_val call(struct lower *l, const struct node *n)
{
	if (n->call.cfunc)
		return cg_clause_call(l, n);
	if (n->call.builtin)
		return unit_value(l, n, n->call.builtin);
	lower_internal(l, n, n->call.name);
	return NULL;
}

/*
 * Of the program's own memory the address becomes a number whose alignment the optimiser
 * does not know: it would add to it by '|', which the verifier does not want on pointers.
 */
static ir_val address(struct ir *ir, const struct lower_place *p)
{
	if (p->space != SP_STACK && p->space != SP_MAP)
		return p->addr;
	return ir_opaque(ir, ir_ptr_to_int(ir, p->addr));
}

static ir_val unary(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	struct lower_place p;
	ir_val v;

	switch (n->unary.op) {
	case OP_NEG:
		v = ir_bin(ir, IR_SUB, ir_const(ir, 0), lower_expr(l, n->unary.operand));
		break;
	case OP_BNOT:
		v = ir_bin(ir, IR_XOR, lower_expr(l, n->unary.operand), ir_const(ir, ~0ull));
		break;
	case OP_NOT: return ir_bool(ir, lower_cond(l, n));
	case OP_DEREF: return lower_access(l, n);
	case OP_ADDR:
		if (lower_place(l, n->unary.operand, &p))
			return address(ir, &p);
		lower_not_yet(l, n, "the address of this");
		return ir_const(ir, 0);
	default: lower_internal(l, n, "an operator"); return ir_const(ir, 0);
	}
	if (type_is_integer(n->type) && n->type->size < 8)
		v = ir_ext(ir, v, n->type->size, n->type->is_signed);
	return v;
}

static ir_val binary(struct lower *l, const struct node *n)
{
	enum op op = n->binary.op;

	if (op == OP_LAND || op == OP_LOR || (op >= OP_EQ && op <= OP_GE))
		return ir_bool(l->ir, lower_cond(l, n));
	ir_val a = lower_expr(l, n->binary.left), b = lower_expr(l, n->binary.right);
	lower_loc(l, n->loc);
	return lower_arith(l, op, n->binary.left, a, n->binary.right, b, n->type, n->loc);
}

/* a ? b : c, and a ?: c with a evaluated once. */
static ir_val ternary(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	ir_block yes = ir_block_new(ir, ""), no = ir_block_new(ir, "");
	ir_block done = ir_block_new(ir, "");
	ir_val a = NULL;

	if (n->ternary.yes) {
		ir_cond(ir, lower_cond(l, n->ternary.cond), yes, no);
	} else {
		a = lower_expr(l, n->ternary.cond);
		ir_cond(ir, ir_truth(ir, a), yes, no);
	}
	ir_at(ir, yes);
	if (n->ternary.yes)
		a = lower_expr(l, n->ternary.yes);
	ir_block yes_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, no);
	ir_val b = lower_expr(l, n->ternary.no);
	ir_block no_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return n->type->kind == TY_NONE ? NULL : ir_phi(ir, a, yes_end, b, no_end);
}

/* { statements; value } */
static ir_val block_value(struct lower *l, const struct node *n)
{
	lower_stmts(l, n->blockexpr.stmts);
	return n->blockexpr.result ? lower_expr(l, n->blockexpr.result) : NULL;
}

/* if as an expression: its arms are blocks with a value */
static ir_val if_value(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	ir_block yes = ir_block_new(ir, ""), no = ir_block_new(ir, "");
	ir_block done = ir_block_new(ir, ""), yes_end, no_end;
	ir_val a, b;

	ir_cond(ir, lower_cond(l, n->cond.cond), yes, no);
	ir_at(ir, yes);
	a = lower_expr(l, n->cond.then);
	yes_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, no);
	b = lower_expr(l, n->cond.otherwise);
	no_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return n->type->kind == TY_NONE ? NULL : ir_phi(ir, a, yes_end, b, no_end);
}

static ir_val incdec(struct lower *l, const struct node *n)
{
	switch (n->incdec.operand->kind) {
	case N_MAP: return lower_map_incdec(l, n);
	case N_VAR: return lower_var_incdec(l, n);
	default: lower_internal(l, n, "counting this"); return NULL;
	}
}

static uint32_t size_of(const struct type *t)
{
	return t ? t->size : 0;
}

static ir_val scalar(struct lower *l, const struct node *n)
{
	switch (n->kind) {
	case N_NUM: return ir_const(l->ir, n->num.value);
	case N_IDENT: return ident(l, n);
	case N_VAR:
		return ir_load(l->ir, lower_var_ptr(l, n), 8, false);
	case N_MAP: return lower_map_read(l, n);
	case N_CALL: return call(l, n);
	case N_UNARY: return unary(l, n);
	case N_INCDEC: return incdec(l, n);
	case N_BINARY: return binary(l, n);
	case N_TERNARY: return ternary(l, n);
	case N_CAST: return lower_cast(l, n);
	case N_BLOCKEXPR: return block_value(l, n);
	case N_IF: return if_value(l, n);
	case N_FIELD:
	case N_INDEX: return lower_access(l, n);
	case N_SIZEOF: return ir_const(l->ir, size_of(n->size_of.operand->type));
	default: lower_internal(l, n, node_kind_name(n->kind)); return NULL;
	}
}

ir_val lower_expr(struct lower *l, const struct node *n)
{
	ir_val v = NULL;

	if (!n || !n->type) {
		if (n)
			lower_internal(l, n, "an expression without a type");
		return ir_const(l->ir, 0);
	}
	if (!lower_deeper(l, n))
		return ir_const(l->ir, 0);
	lower_loc(l, n->loc);
	if (type_in_memory(n->type) && n->type->kind != TY_AGG)
		v = in_memory(l, n);
	else
		v = scalar(l, n);
	l->depth--;
	if (!v && n->type->kind != TY_NONE)
		v = ir_const(l->ir, 0);
	return v;
}
