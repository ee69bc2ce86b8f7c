/*
 * Operators on integers and pointers. Everything is computed in 64 bits; an
 * operation is unsigned when an operand is a 64-bit unsigned integer or a
 * pointer, which is the rule of the check.
 */
#include "codegen/lower/internal.h"

static bool wide_unsigned(const struct type *t)
{
	return t && (t->kind == TY_PTR || (t->kind == TY_INT && t->size == 8 && !t->is_signed));
}

static bool is_pointer(const struct node *n)
{
	return n->type && n->type->kind == TY_PTR;
}

uint64_t lower_pointer_scale(const struct type *t)
{
	return t && t->kind == TY_PTR && t->elem && t->elem->size ? t->elem->size : 1;
}

static bool is_shift(enum op op)
{
	return op == OP_SHL || op == OP_SHR;
}

/*
 *	r = b ? a / b : 1;
 * and a zero is counted.
 */
static ir_val divide(struct lower *l, enum ir_op op, ir_val a, ir_val b, struct loc loc)
{
	struct ir *ir = l->ir;
	uint64_t constant;

	if (ir_const_value(ir, b, &constant) && constant)
		return ir_bin(ir, op, a, b);
	ir_block zero = ir_block_new(ir, ""), fine = ir_block_new(ir, "");
	ir_block done = ir_block_new(ir, "");
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, b, ir_const(ir, 0)), zero, fine);
	ir_at(ir, zero);
	lower_fail(l, LOSS_DIVIDE, loc, -1);
	ir_block zero_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, fine);
	ir_val r = ir_bin(ir, op, a, b);
	ir_block fine_end = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_phi(ir, r, fine_end, ir_const(ir, 1), zero_end);
}

/* p + i moves by elements, p - q counts them. */
static ir_val pointer_arith(struct lower *l, enum op op, const struct node *left, ir_val a,
			    const struct node *right, ir_val b)
{
	struct ir *ir = l->ir;
	ir_val scale;

	if (is_pointer(left) && is_pointer(right)) {
		scale = ir_const(ir, lower_pointer_scale(left->type));
		return ir_bin(ir, IR_SDIV, ir_bin(ir, IR_SUB, a, b), scale);
	}
	if (is_pointer(left)) {
		scale = ir_const(ir, lower_pointer_scale(left->type));
		b = ir_bin(ir, IR_MUL, b, scale);
	} else {
		scale = ir_const(ir, lower_pointer_scale(right->type));
		a = ir_bin(ir, IR_MUL, a, scale);
	}
	/* a pointer that the verifier knows has to stay one */
	if (op == OP_ADD && ir_is_ptr(ir, a))
		return ir_offset_v(ir, a, b);
	return ir_bin(ir, op == OP_ADD ? IR_ADD : IR_SUB, a, b);
}

ir_val lower_arith(struct lower *l, enum op op, const struct node *left, ir_val a,
		   const struct node *right, ir_val b, const struct type *result, struct loc loc)
{
	struct ir *ir = l->ir;
	bool is_signed = !wide_unsigned(left->type) && !wide_unsigned(right->type);
	ir_val r = NULL;

	if ((op == OP_ADD || op == OP_SUB) && (is_pointer(left) || is_pointer(right)))
		return pointer_arith(l, op, left, a, right, b);
	if (is_shift(op))
		is_signed = !wide_unsigned(left->type);
	switch (op) {
	case OP_ADD: r = ir_bin(ir, IR_ADD, a, b); break;
	case OP_SUB: r = ir_bin(ir, IR_SUB, a, b); break;
	case OP_MUL: r = ir_bin(ir, IR_MUL, a, b); break;
	case OP_DIV: r = divide(l, is_signed ? IR_SDIV : IR_UDIV, a, b, loc); break;
	case OP_MOD: r = divide(l, is_signed ? IR_SREM : IR_UREM, a, b, loc); break;
	case OP_BAND: r = ir_bin(ir, IR_AND, a, b); break;
	case OP_BOR: r = ir_bin(ir, IR_OR, a, b); break;
	case OP_XOR: r = ir_bin(ir, IR_XOR, a, b); break;
	case OP_SHL: r = ir_bin(ir, IR_SHL, a, b); break;
	case OP_SHR: r = ir_bin(ir, is_signed ? IR_ASHR : IR_LSHR, a, b); break;
	default:
		lower_internal(l, left, "an operator");
		return a;
	}
	if (result && type_is_integer(result) && result->size < 8)
		r = ir_ext(ir, r, result->size, result->is_signed);
	return r;
}

ir_val lower_compare(struct lower *l, const struct node *n)
{
	static const enum ir_cmp as_signed[] = {
		[OP_EQ] = IR_EQ, [OP_NE] = IR_NE, [OP_LT] = IR_SLT,
		[OP_LE] = IR_SLE, [OP_GT] = IR_SGT, [OP_GE] = IR_SGE,
	};
	static const enum ir_cmp as_unsigned[] = {
		[OP_EQ] = IR_EQ, [OP_NE] = IR_NE, [OP_LT] = IR_ULT,
		[OP_LE] = IR_ULE, [OP_GT] = IR_UGT, [OP_GE] = IR_UGE,
	};
	const struct node *a = n->binary.left, *b = n->binary.right;
	enum op op = n->binary.op;

	if (a->type && b->type && a->type->kind == TY_STRING && b->type->kind == TY_STRING) {
		ir_val equal = lower_string_equal(l, a, b);
		if (op == OP_EQ)
			return equal;
		return ir_icmp(l->ir, IR_EQ, ir_bool(l->ir, equal), ir_const(l->ir, 0));
	}
	ir_val va = lower_expr(l, a), vb = lower_expr(l, b);
	lower_loc(l, n->loc);
	bool is_unsigned = wide_unsigned(a->type) || wide_unsigned(b->type);
	return ir_icmp(l->ir, is_unsigned ? as_unsigned[op] : as_signed[op], va, vb);
}
