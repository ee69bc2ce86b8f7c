/*
 * Expressions of BPF C. Integers are i64, extended by their type; structs, arrays
 * and __int128 are handled by address.
 */
#include "codegen/c/internal.h"

#define MAX_DEPTH 400

bool cg_in_memory(const struct type *t)
{
	switch (t->kind) {
	case TY_STRUCT:
	case TY_UNION:
	case TY_ARRAY:
	case TY_STRING:
	case TY_TUPLE:
	case TY_RECORD:
	case TY_BUFFER: return true;
	case TY_INT: return t->size > 8;
	default: return false;
	}
}

static bool is_unsigned(const struct type *t)
{
	return t->kind == TY_PTR || !t->is_signed;
}

/* Cuts a result to the width of its type. */
static ir_val fit(struct cg *g, ir_val v, const struct type *t)
{
	if (type_is_integer(t) && t->size && t->size < 8)
		return ir_ext(g->ir, v, t->size, t->is_signed);
	return v;
}

/* ---- operators ----------------------------------------------------------- */

static ir_val add_pointer(struct cg *g, const struct type *t, ir_val p, ir_val n, bool minus)
{
	uint64_t size = t->elem && t->elem->size ? t->elem->size : 1;

	n = ir_bin(g->ir, IR_MUL, n, ir_const(g->ir, size));
	if (minus)
		n = ir_bin(g->ir, IR_SUB, ir_const(g->ir, 0), n);
	if (t->space == SP_STACK && size < 8)
		n = ir_index(g->ir, n);
	return ir_is_ptr(g->ir, p) ? ir_offset_v(g->ir, p, n) : ir_bin(g->ir, IR_ADD, p, n);
}

static ir_val arith(struct cg *g, const struct node *n, enum op op, const struct type *t, ir_val a,
		    ir_val b)
{
	bool u = is_unsigned(t);
	enum ir_op o;
	uint64_t by;

	if (cg_in_memory(t))
		return cg_wide_binary(g, n, op, t, a, b);
	if (t->kind == TY_PTR)
		return add_pointer(g, t, a, b, op == OP_SUB);
	switch (op) {
	case OP_ADD: o = IR_ADD; break;
	case OP_SUB: o = IR_SUB; break;
	case OP_MUL: o = IR_MUL; break;
	case OP_DIV: o = u ? IR_UDIV : IR_SDIV; break;
	case OP_MOD: o = u ? IR_UREM : IR_SREM; break;
	case OP_BAND: o = IR_AND; break;
	case OP_BOR: o = IR_OR; break;
	case OP_XOR: o = IR_XOR; break;
	case OP_SHL: o = IR_SHL; break;
	default: o = u ? IR_LSHR : IR_ASHR; break;
	}
	/* x / 0 is 0 and x % 0 is x, as BPF's instructions have it: LLVM must not see the zero */
	if ((op == OP_DIV || op == OP_MOD) && !(ir_const_value(g->ir, b, &by) && by))
		b = ir_opaque(g->ir, b);
	return fit(g, ir_bin(g->ir, o, a, b), t);
}

static ir_val pointer_difference(struct cg *g, const struct node *n)
{
	const struct type *t = n->binary.left->type;
	uint64_t size = t->elem && t->elem->size ? t->elem->size : 1;
	ir_val a = ir_ptr_to_int(g->ir, cg_expr(g, n->binary.left));
	ir_val b = ir_ptr_to_int(g->ir, cg_expr(g, n->binary.right));

	a = ir_bin(g->ir, IR_SUB, a, b);
	return size == 1 ? a : ir_bin(g->ir, IR_SDIV, a, ir_const(g->ir, size));
}

static ir_val compare(struct cg *g, const struct node *n)
{
	static const enum ir_cmp as_signed[] = {
		[OP_EQ] = IR_EQ,  [OP_NE] = IR_NE,  [OP_LT] = IR_SLT,
		[OP_LE] = IR_SLE, [OP_GT] = IR_SGT, [OP_GE] = IR_SGE,
	};
	static const enum ir_cmp as_unsigned[] = {
		[OP_EQ] = IR_EQ,  [OP_NE] = IR_NE,  [OP_LT] = IR_ULT,
		[OP_LE] = IR_ULE, [OP_GT] = IR_UGT, [OP_GE] = IR_UGE,
	};
	const struct type *t = n->binary.left->type;
	enum op op = n->binary.op;
	ir_val a = cg_expr(g, n->binary.left), b = cg_expr(g, n->binary.right);

	if (cg_in_memory(t)) /* __int128 */
		return cg_wide_compare(g, is_unsigned(t) ? as_unsigned[op] : as_signed[op],
				       as_unsigned[op], a, b);
	return ir_icmp(g->ir, is_unsigned(t) ? as_unsigned[op] : as_signed[op], a, b);
}

/* A comparison with a constant. */
static bool is_bound(const struct node *n)
{
	return n->kind == N_BINARY && n->binary.op >= OP_EQ && n->binary.op <= OP_GE &&
	       (n->binary.left->kind == N_NUM || n->binary.right->kind == N_NUM);
}

/*
 * One of two bounds. LLVM makes x == 0 of x < 1, of whose failure an older verifier does not
 * learn that x is 1 at least: the 1 is hidden.
 */
static ir_val bound(struct cg *g, const struct node *n)
{
	const struct type *t = n->binary.left->type;
	enum op op = n->binary.op;
	uint64_t with = n->binary.right->kind == N_NUM ? n->binary.right->num.value : 2;

	if (t->kind != TY_INT || !is_unsigned(t) || cg_in_memory(t) ||
	    !((with == 1 && (op == OP_LT || op == OP_GE)) ||
	      (with == 0 && (op == OP_GT || op == OP_LE))))
		return cg_cond(g, n);
	return ir_icmp(g->ir, op == OP_LT || op == OP_LE ? IR_ULT : IR_UGE,
		       cg_expr(g, n->binary.left), ir_opaque(g->ir, ir_const(g->ir, 1)));
}

static ir_val short_circuit(struct cg *g, const struct node *n)
{
	bool bounds = is_bound(n->binary.left) && is_bound(n->binary.right);
	bool is_and = n->binary.op == OP_LAND;
	ir_block right = ir_block_new(g->ir, ""), done = ir_block_new(g->ir, "");
	ir_val a = bounds ? bound(g, n->binary.left) : cg_cond(g, n->binary.left), b;
	ir_block a_end, b_end;

	/*
	 * x >= 1 && x < 4 must stay two comparisons: LLVM would make x - 1 < 3 of them, which
	 * tells the verifier nothing of x.
	 */
	if (is_bound(n->binary.right))
		a = ir_apart(g->ir, a);
	a_end = ir_here(g->ir);

	if (is_and)
		ir_cond(g->ir, a, right, done);
	else
		ir_cond(g->ir, a, done, right);
	ir_at(g->ir, right);
	b = bounds ? bound(g, n->binary.right) : cg_cond(g, n->binary.right);
	b_end = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	return ir_phi(g->ir, ir_truth(g->ir, ir_const(g->ir, !is_and)), a_end, b, b_end);
}

static ir_val truth(struct cg *g, ir_val v, const struct type *t)
{
	if (cg_in_memory(t))
		v = ir_bin(g->ir, IR_OR, cg_wide_half(g, v, 0), cg_wide_half(g, v, 1));
	return ir_truth(g->ir, v);
}

ir_val cg_cond(struct cg *g, const struct node *n)
{
	if (n->kind == N_BINARY && (n->binary.op == OP_LAND || n->binary.op == OP_LOR))
		return short_circuit(g, n);
	if (n->kind == N_BINARY && n->binary.op >= OP_EQ && n->binary.op <= OP_GE)
		return compare(g, n);
	if (n->kind == N_UNARY && n->unary.op == OP_NOT)
		return ir_icmp(g->ir, IR_EQ, ir_bool(g->ir, cg_cond(g, n->unary.operand)),
			       ir_const(g->ir, 0));
	if (n->kind == N_CAST && !n->cast.to && n->type->kind == TY_BOOL)
		return cg_cond(g, n->cast.operand);
	return truth(g, cg_expr(g, n), n->type);
}

static ir_val binary(struct cg *g, const struct node *n)
{
	enum op op = n->binary.op;
	ir_val a, b;

	if (op == OP_LAND || op == OP_LOR || (op >= OP_EQ && op <= OP_GE))
		return ir_bool(g->ir, cg_cond(g, n));
	if (op == OP_SUB && n->binary.left->type->kind == TY_PTR &&
	    n->binary.right->type->kind == TY_PTR)
		return pointer_difference(g, n);
	a = cg_expr(g, n->binary.left);
	b = cg_expr(g, n->binary.right);
	return arith(g, n, op, n->type, a, b);
}

static ir_val unary(struct cg *g, const struct node *n)
{
	bool wide = cg_in_memory(n->type) && n->type->kind == TY_INT;
	struct cg_place p;

	if (wide && (n->unary.op == OP_NEG || n->unary.op == OP_BNOT))
		return cg_wide_unary(g, n->unary.op, cg_expr(g, n->unary.operand));
	switch (n->unary.op) {
	case OP_NEG:
		return fit(g, ir_bin(g->ir, IR_SUB, ir_const(g->ir, 0),
				     cg_expr(g, n->unary.operand)), n->type);
	case OP_BNOT:
		return fit(g, ir_bin(g->ir, IR_XOR, cg_expr(g, n->unary.operand),
				     ir_const(g->ir, ~0ull)), n->type);
	case OP_NOT: return ir_bool(g->ir, cg_cond(g, n));
	case OP_ADDR:
		cg_refuse_strings(g, n->unary.operand);
		cg_place(g, n->unary.operand, &p);
		return cg_address(g, &p);
	default: /* OP_DEREF */
		cg_place(g, n, &p);
		return cg_load(g, &p, n->type, n->loc);
	}
}

/* ---- conversions --------------------------------------------------------- */

static ir_val convert(struct cg *g, ir_val v, const struct type *from, const struct type *to)
{
	if (to->kind == TY_BOOL)
		return ir_bool(g->ir, truth(g, v, from));
	if (cg_in_memory(to))
		return cg_in_memory(from) ? v : cg_wide_from(g, v, from->is_signed);
	if (cg_in_memory(from) && from->kind == TY_INT)
		v = cg_wide_half(g, v, 0);
	if (type_is_integer(to) && ir_is_ptr(g->ir, v))
		v = ir_ptr_to_int(g->ir, v);
	return fit(g, v, to);
}

static ir_val cast(struct cg *g, const struct node *n)
{
	const struct node *from = n->cast.operand;
	struct cg_place p;

	if (n->type->kind == TY_NONE) {
		cg_expr(g, from);
		return ir_const(g->ir, 0);
	}
	if (n->type->kind == TY_PTR && from->type->kind != TY_PTR && cg_in_memory(from->type) &&
	    from->type->kind != TY_INT) {
		cg_refuse_strings(g, from);
		cg_place(g, from, &p);
		return cg_address(g, &p);
	}
	return convert(g, cg_expr(g, from), from->type, n->type);
}

/* ---- assignment ---------------------------------------------------------- */

struct target {
	const struct node *packet; /* the member of a packet that it is, or NULL */
	struct cg_place place;
	const struct member *bits; /* or NULL */
	const struct type *type;
};

static void target_of(struct cg *g, const struct node *n, struct target *t)
{
	cg_refuse_strings(g, n);
	t->packet = cg_is_packet(n) ? n : NULL;
	if (!t->packet)
		cg_place(g, n, &t->place);
	t->type = n->type;
	t->bits = n->kind == N_FIELD && n->field.member.bit_size ? &n->field.member : NULL;
}

static ir_val target_load(struct cg *g, const struct target *t, struct loc loc)
{
	if (t->packet)
		return cg_packet_load(g, t->packet);
	return t->bits ? cg_load_bits(g, &t->place, t->bits, loc)
		       : cg_load(g, &t->place, t->type, loc);
}

/* The value is what was stored: of a bit-field, what fits. */
static ir_val target_store(struct cg *g, const struct target *t, ir_val v)
{
	ir_val by;

	if (t->packet) {
		cg_packet_store(g, t->packet, v);
		return v;
	}
	if (!t->bits) {
		cg_store(g, &t->place, t->type, v);
		return v;
	}
	cg_store_bits(g, &t->place, t->bits, v);
	by = ir_const(g->ir, 64u - t->bits->bit_size);
	v = ir_bin(g->ir, IR_SHL, v, by);
	return ir_bin(g->ir, t->type->is_signed ? IR_ASHR : IR_LSHR, v, by);
}

static ir_val assign(struct cg *g, const struct node *n)
{
	const struct node *value = n->assign.value;
	enum op op = n->assign.op;
	const struct type *as;
	struct target t;
	ir_val v, old;

	if (op == OP_NONE) {
		v = cg_expr(g, value);
		target_of(g, n->assign.target, &t);
		return target_store(g, &t, v);
	}
	target_of(g, n->assign.target, &t);
	old = target_load(g, &t, n->loc);
	v = cg_expr(g, value);
	if (t.type->kind == TY_PTR) {
		v = add_pointer(g, t.type, old, v, op == OP_SUB);
	} else {
		as = op == OP_SHL || op == OP_SHR ? t.type : value->type;
		v = arith(g, n, op, as, convert(g, old, t.type, as), v);
		v = convert(g, v, as, t.type);
	}
	return target_store(g, &t, v);
}

/* What is read in place changes when the place does. */
static ir_val wide_copy(struct cg *g, ir_val p)
{
	ir_val to = lower_temp(g->l, 16, false);

	ir_copy(g->ir, to, p, 16);
	return to;
}

static ir_val incdec(struct cg *g, const struct node *n)
{
	bool minus = n->incdec.op == OP_DEC;
	struct target t;
	ir_val old, v;

	target_of(g, n->incdec.operand, &t);
	old = target_load(g, &t, n->loc);
	if (t.type->kind == TY_PTR)
		v = add_pointer(g, t.type, old, ir_const(g->ir, 1), minus);
	else if (cg_in_memory(t.type))
		v = cg_wide_binary(g, n, minus ? OP_SUB : OP_ADD, t.type, old = wide_copy(g, old),
				   cg_wide_from(g, ir_const(g->ir, 1), false));
	else
		v = fit(g, ir_bin(g->ir, minus ? IR_SUB : IR_ADD, old, ir_const(g->ir, 1)), t.type);
	v = target_store(g, &t, v);
	return n->incdec.prefix ? v : old;
}

/* ---- the rest ------------------------------------------------------------ */

static ir_val ternary(struct cg *g, const struct node *n)
{
	ir_block yes = ir_block_new(g->ir, ""), no = ir_block_new(g->ir, "");
	ir_block done = ir_block_new(g->ir, ""), yes_end, no_end;
	ir_val a = NULL, b;

	if (n->ternary.yes) {
		ir_cond(g->ir, cg_cond(g, n->ternary.cond), yes, no);
	} else {
		a = cg_expr(g, n->ternary.cond);
		ir_cond(g->ir, truth(g, a, n->ternary.cond->type), yes, no);
	}
	ir_at(g->ir, yes);
	a = n->ternary.yes ? cg_expr(g, n->ternary.yes)
			   : convert(g, a, n->ternary.cond->type, n->type);
	yes_end = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, no);
	b = cg_expr(g, n->ternary.no);
	no_end = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	if (n->type->kind == TY_NONE)
		return ir_const(g->ir, 0);
	return ir_phi(g->ir, a, yes_end, b, no_end);
}

static ir_val lvalue(struct cg *g, const struct node *n)
{
	struct cg_place p;

	/* the context is a pointer that is never loaded from anywhere */
	if (n->kind == N_CVAR && n->cvar.var == g->program->ctx)
		return ir_ctx(g->ir);
	if (cg_is_packet(n))
		return cg_packet_load(g, n);
	cg_place(g, n, &p);
	if (n->kind == N_FIELD && n->field.member.bit_size)
		return cg_load_bits(g, &p, &n->field.member, n->loc);
	if (cg_in_memory(n->type))
		cg_refuse_strings(g, n);
	return cg_load_string(g, n, cg_load(g, &p, n->type, n->loc));
}

static ir_val expr(struct cg *g, const struct node *n)
{
	switch (n->kind) {
	case N_NUM:
		return cg_in_memory(n->type) ? cg_wide_from(g, ir_const(g->ir, n->num.value),
							    n->type->is_signed)
					     : ir_const(g->ir, n->num.value);
	case N_CVAR:
	case N_FIELD:
	case N_INDEX:
	case N_CLITERAL:
	case N_STR: return lvalue(g, n);
	case N_UNARY: return unary(g, n);
	case N_BINARY: return binary(g, n);
	case N_ASSIGN: return assign(g, n);
	case N_INCDEC: return incdec(g, n);
	case N_TERNARY: return ternary(g, n);
	case N_CAST: return cast(g, n);
	case N_CCOMMA:
		cg_expr(g, n->binary.left);
		return cg_expr(g, n->binary.right);
	case N_CSTMTEXPR: return cg_statement_value(g, n);
	case N_CMAPREF: return cg_map(g, n->cmapref.map);
	case N_CCALL: return cg_call(g, n);
	default: lower_internal(g->l, n, node_kind_name(n->kind)); return ir_const(g->ir, 0);
	}
}

ir_val cg_expr(struct cg *g, const struct node *n)
{
	ir_val v;

	if (!n->type || ++g->depth > MAX_DEPTH) {
		lower_internal(g->l, n, n->type ? "nesting this deep" : "an untyped expression");
		g->depth -= n->type != NULL;
		return ir_const(g->ir, 0);
	}
	lower_loc(g->l, n->loc);
	v = expr(g, n);
	g->depth--;
	return v ? v : ir_const(g->ir, 0);
}
