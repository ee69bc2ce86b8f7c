/*
 * Arithmetic of __int128, by halves of 64 bits: BPF has no wider registers, and no
 * library to call. Values stand in memory, low half first. Called by expr.c.
 */
#include "codegen/c/internal.h"

struct wide {
	ir_val lo, hi;
};

ir_val cg_wide_half(struct cg *g, ir_val p, unsigned i)
{
	return ir_load(g->ir, i ? ir_offset(g->ir, p, 8) : p, 8, false);
}

static struct wide halves(struct cg *g, ir_val p)
{
	return (struct wide){cg_wide_half(g, p, 0), cg_wide_half(g, p, 1)};
}

static ir_val stored(struct cg *g, struct wide w)
{
	ir_val p = lower_temp(g->l, 16, false);

	ir_store(g->ir, p, w.lo, 8);
	ir_store(g->ir, ir_offset(g->ir, p, 8), w.hi, 8);
	return p;
}

ir_val cg_wide_from(struct cg *g, ir_val v, bool is_signed)
{
	struct wide w = {v, ir_const(g->ir, 0)};

	if (ir_is_ptr(g->ir, v))
		w.lo = ir_ptr_to_int(g->ir, v);
	if (is_signed)
		w.hi = ir_bin(g->ir, IR_ASHR, w.lo, ir_const(g->ir, 63));
	return stored(g, w);
}

static ir_val less(struct cg *g, ir_val a, ir_val b)
{
	return ir_bool(g->ir, ir_icmp(g->ir, IR_ULT, a, b));
}

static struct wide add(struct cg *g, struct wide a, struct wide b, bool minus)
{
	enum ir_op op = minus ? IR_SUB : IR_ADD;
	struct wide w = {.lo = ir_bin(g->ir, op, a.lo, b.lo)};
	ir_val carry = minus ? less(g, a.lo, b.lo) : less(g, w.lo, a.lo);

	w.hi = ir_bin(g->ir, op, ir_bin(g->ir, op, a.hi, b.hi), carry);
	return w;
}

/* The upper half of a product of 64-bit numbers, from products of their halves. */
static ir_val upper_product(struct cg *g, ir_val a, ir_val b)
{
	ir_val low = ir_const(g->ir, 0xffffffff), by = ir_const(g->ir, 32);
	ir_val a0 = ir_bin(g->ir, IR_AND, a, low), a1 = ir_bin(g->ir, IR_LSHR, a, by);
	ir_val b0 = ir_bin(g->ir, IR_AND, b, low), b1 = ir_bin(g->ir, IR_LSHR, b, by);
	ir_val m = ir_bin(g->ir, IR_LSHR, ir_bin(g->ir, IR_MUL, a0, b0), by);
	ir_val n = ir_bin(g->ir, IR_ADD, ir_bin(g->ir, IR_MUL, a1, b0), m);

	m = ir_bin(g->ir, IR_ADD, ir_bin(g->ir, IR_MUL, a0, b1), ir_bin(g->ir, IR_AND, n, low));
	return ir_bin(g->ir, IR_ADD, ir_bin(g->ir, IR_MUL, a1, b1),
		      ir_bin(g->ir, IR_ADD, ir_bin(g->ir, IR_LSHR, n, by),
			     ir_bin(g->ir, IR_LSHR, m, by)));
}

static struct wide multiply(struct cg *g, struct wide a, struct wide b)
{
	ir_val cross = ir_bin(g->ir, IR_ADD, ir_bin(g->ir, IR_MUL, a.lo, b.hi),
			      ir_bin(g->ir, IR_MUL, a.hi, b.lo));

	return (struct wide){ir_bin(g->ir, IR_MUL, a.lo, b.lo),
			     ir_bin(g->ir, IR_ADD, upper_product(g, a.lo, b.lo), cross)};
}

/* Shifts by 0 to 127. What one half gives the other is shifted in two steps: never by 64. */
static struct wide shift(struct cg *g, struct wide a, ir_val count, bool left, bool is_signed)
{
	ir_val n = ir_bin(g->ir, IR_AND, count, ir_const(g->ir, 63)), one = ir_const(g->ir, 1);
	ir_val rest = ir_bin(g->ir, IR_SUB, ir_const(g->ir, 63), n), cross, moved, fill;
	ir_val far = ir_icmp(g->ir, IR_NE, ir_bin(g->ir, IR_AND, count, ir_const(g->ir, 64)),
			     ir_const(g->ir, 0));

	if (left) {
		cross = ir_bin(g->ir, IR_LSHR, ir_bin(g->ir, IR_LSHR, a.lo, one), rest);
		moved = ir_bin(g->ir, IR_SHL, a.lo, n);
		cross = ir_bin(g->ir, IR_OR, ir_bin(g->ir, IR_SHL, a.hi, n), cross);
		return (struct wide){ir_select(g->ir, far, ir_const(g->ir, 0), moved),
				     ir_select(g->ir, far, moved, cross)};
	}
	cross = ir_bin(g->ir, IR_SHL, ir_bin(g->ir, IR_SHL, a.hi, one), rest);
	moved = ir_bin(g->ir, is_signed ? IR_ASHR : IR_LSHR, a.hi, n);
	cross = ir_bin(g->ir, IR_OR, ir_bin(g->ir, IR_LSHR, a.lo, n), cross);
	fill = is_signed ? ir_bin(g->ir, IR_ASHR, a.hi, ir_const(g->ir, 63))
			 : ir_const(g->ir, 0);
	return (struct wide){ir_select(g->ir, far, moved, cross),
			     ir_select(g->ir, far, fill, moved)};
}

ir_val cg_wide_binary(struct cg *g, const struct node *n, enum op op, const struct type *t,
		      ir_val a, ir_val b)
{
	struct wide x = halves(g, a), y;
	enum ir_op o;

	if (op == OP_SHL || op == OP_SHR)
		return stored(g, shift(g, x, b, op == OP_SHL, t->is_signed));
	y = halves(g, b);
	switch (op) {
	case OP_ADD:
	case OP_SUB: return stored(g, add(g, x, y, op == OP_SUB));
	case OP_MUL: return stored(g, multiply(g, x, y));
	case OP_BAND: o = IR_AND; break;
	case OP_BOR: o = IR_OR; break;
	case OP_XOR: o = IR_XOR; break;
	default: lower_not_yet(g->l, n, "division of __int128"); return a;
	}
	return stored(g, (struct wide){ir_bin(g->ir, o, x.lo, y.lo),
				       ir_bin(g->ir, o, x.hi, y.hi)});
}

ir_val cg_wide_unary(struct cg *g, enum op op, ir_val a)
{
	struct wide x = halves(g, a), zero = {ir_const(g->ir, 0), ir_const(g->ir, 0)};
	ir_val ones = ir_const(g->ir, ~0ull);

	if (op == OP_NEG)
		return stored(g, add(g, zero, x, true));
	return stored(g, (struct wide){ir_bin(g->ir, IR_XOR, x.lo, ones),
				       ir_bin(g->ir, IR_XOR, x.hi, ones)});
}

/* i1. The upper halves decide, and when they are equal the lower ones, without sign. */
ir_val cg_wide_compare(struct cg *g, enum ir_cmp op, enum ir_cmp low, ir_val a, ir_val b)
{
	struct wide x = halves(g, a), y = halves(g, b);
	ir_val lo = ir_bin(g->ir, IR_XOR, x.lo, y.lo), hi = ir_bin(g->ir, IR_XOR, x.hi, y.hi);

	if (op == IR_EQ || op == IR_NE)
		return ir_icmp(g->ir, op, ir_bin(g->ir, IR_OR, lo, hi), ir_const(g->ir, 0));
	lo = ir_bool(g->ir, ir_icmp(g->ir, low, x.lo, y.lo));
	hi = ir_bool(g->ir, ir_icmp(g->ir, op, x.hi, y.hi));
	return ir_truth(g->ir, ir_select(g->ir, ir_icmp(g->ir, IR_EQ, x.hi, y.hi), lo, hi));
}
