/*
 * Operators of BPF C: arithmetic, comparison, logic, assignment. Operands are
 * given the type that C computes in. Called by expr.c.
 */
#include <string.h>

#include "parser/c/check.h"

static void poison(struct cc *k, struct node *n)
{
	n->type = k->poison;
}

static const char *sign(enum op op)
{
	return op_text(op);
}

static void no_operands(struct cc *k, struct node *n, enum op op, const struct type *a,
			const struct type *b)
{
	if (b)
		cc_error(k, n, TYPE, "'%s' between %s and %s", sign(op), cc_type(k, a),
			 cc_type(k, b));
	else
		cc_error(k, n, TYPE, "'%s' of %s", sign(op), cc_type(k, a));
	poison(k, n);
}

/* ---- binary ------------------------------------------------------------- */

/* pointer + integer, pointer - integer, pointer - pointer; false when it is none of these. */
static bool pointer_arithmetic(struct cc *k, struct node *n)
{
	struct node **l = &n->binary.left, **r = &n->binary.right, *swap;
	const struct type *a = (*l)->type, *b = (*r)->type;

	if (n->binary.op == OP_ADD && cc_is_arith(a) && b->kind == TY_PTR) {
		swap = *l;
		*l = *r;
		*r = swap;
		a = (*l)->type;
		b = (*r)->type;
	}
	if (a->kind != TY_PTR || (n->binary.op != OP_ADD && n->binary.op != OP_SUB))
		return false;
	if (a->elem->kind != TY_NONE && a->elem->kind != TY_FUNC && !cc_complete(k, a->elem)) {
		cc_error(k, n, UNKNOWN_TYPE, "the size of %s is not known", cc_type(k, a->elem));
		poison(k, n);
		return true;
	}
	if (cc_is_arith(b)) {
		cc_cast(k, r, b->is_signed || b->size < 4 ? k->i64 : k->u64);
		n->type = a;
		return true;
	}
	if (b->kind != TY_PTR || n->binary.op != OP_SUB)
		return false;
	n->type = k->i64;
	return true;
}

static bool is_comparison(enum op op)
{
	return op >= OP_EQ && op <= OP_GE;
}

static void comparison(struct cc *k, struct node *n)
{
	struct node **l = &n->binary.left, **r = &n->binary.right;
	const struct type *a = (*l)->type, *b = (*r)->type, *t;

	n->type = k->i32;
	if (cc_is_arith(a) && cc_is_arith(b)) {
		t = cc_common(k, a, b);
		cc_cast(k, l, t);
		cc_cast(k, r, t);
		return;
	}
	if (!cc_is_scalar(a) || !cc_is_scalar(b)) {
		no_operands(k, n, n->binary.op, a, b);
		return;
	}
	/* pointers as they are; an integer beside one becomes a pointer */
	if (a->kind != TY_PTR)
		cc_convert(k, l, b, "an operand");
	else if (b->kind != TY_PTR)
		cc_convert(k, r, a, "an operand");
}

static void binary(struct cc *k, struct node *n)
{
	struct node **l = &n->binary.left, **r = &n->binary.right;
	const struct type *a, *b, *t;

	cc_value(k, l);
	cc_value(k, r);
	a = (*l)->type;
	b = (*r)->type;
	if (cc_bad(k, a) || cc_bad(k, b)) {
		poison(k, n);
		return;
	}
	if (is_comparison(n->binary.op)) {
		comparison(k, n);
	} else if (n->binary.op == OP_LAND || n->binary.op == OP_LOR) {
		n->type = k->i32;
		if (!cc_is_scalar(a) || !cc_is_scalar(b))
			no_operands(k, n, n->binary.op, a, b);
	} else if (a->kind == TY_PTR || b->kind == TY_PTR) {
		if (!pointer_arithmetic(k, n))
			no_operands(k, n, n->binary.op, a, b);
	} else if (!cc_is_arith(a) || !cc_is_arith(b)) {
		no_operands(k, n, n->binary.op, a, b);
	} else if (n->binary.op == OP_SHL || n->binary.op == OP_SHR) {
		n->type = cc_promoted(k, a);
		cc_cast(k, l, n->type);
		cc_cast(k, r, cc_promoted(k, b));
	} else {
		n->type = t = cc_common(k, a, b);
		cc_cast(k, l, t);
		cc_cast(k, r, t);
	}
	if (n->binary.op == OP_DIV || n->binary.op == OP_MOD)
		if ((*r)->kind == N_NUM && !(*r)->num.value && !cc_bad(k, n->type))
			cc_warn(k, n, RANGE, "a division by zero");
	cc_fold(k, n);
}

/* ---- unary -------------------------------------------------------------- */

static void unary(struct cc *k, struct node **at)
{
	struct node *n = *at;
	const struct type *t;

	cc_value(k, &n->unary.operand);
	t = n->unary.operand->type;
	if (cc_bad(k, t)) {
		poison(k, n);
		return;
	}
	if (n->unary.op == OP_NOT) {
		n->type = k->i32;
		if (!cc_is_scalar(t))
			no_operands(k, n, n->unary.op, t, NULL);
	} else if (!cc_is_arith(t)) {
		no_operands(k, n, n->unary.op, t, NULL);
	} else {
		n->type = cc_promoted(k, t);
		cc_cast(k, &n->unary.operand, n->type);
		if (n->unary.op == OP_NONE) { /* + */
			struct node *next = n->next;

			*at = n->unary.operand;
			(*at)->next = next;
			return;
		}
	}
	cc_fold(k, n);
}

/* What an assignment writes to; false when it cannot be (reported). */
static bool writable(struct cc *k, const struct node *n, const struct node *target)
{
	const struct node *i = target;

	if (cc_bad(k, target->type))
		return false;
	if (!cc_is_lvalue(target) || target->kind == N_STR || cc_is_array(target->type)) {
		cc_error(k, n, ASSIGN, "this cannot be assigned to");
		return false;
	}
	while (i->kind == N_FIELD && !i->field.arrow)
		i = i->field.object;
	if (i->kind == N_CVAR && i->cvar.var->is_const) {
		cc_error(k, n, ASSIGN, "'%s' is constant", i->cvar.var->name);
		return false;
	}
	return true;
}

static void incdec(struct cc *k, struct node *n)
{
	const struct type *t;

	cc_expr(k, &n->incdec.operand);
	t = n->incdec.operand->type;
	if (!writable(k, n, n->incdec.operand)) {
		poison(k, n);
		return;
	}
	n->type = t;
	if (!cc_is_scalar(t))
		no_operands(k, n, n->incdec.op, t, NULL);
}

/* ---- ternary ------------------------------------------------------------ */

static void ternary_pointers(struct cc *k, struct node *n, struct node **y, struct node **o)
{
	const struct type *a = (*y)->type, *b = (*o)->type, *elem;
	enum space s;

	if (a->kind != TY_PTR || cc_is_null(*y)) {
		cc_convert(k, y, b->kind == TY_PTR ? b : a, "an operand");
		n->type = (*y)->type;
		if (b->kind == TY_PTR) {
			n->type = cc_ptr(k,
					 a->kind == TY_PTR && b->elem->kind == TY_NONE ? a->elem
										       : b->elem,
					 b->space);
			cc_cast(k, y, n->type);
			cc_cast(k, o, n->type);
		}
		return;
	}
	if (b->kind != TY_PTR || cc_is_null(*o)) {
		cc_convert(k, o, a, "an operand");
		n->type = a;
		cc_cast(k, o, a);
		return;
	}
	elem = a->elem->kind == TY_NONE ? b->elem : a->elem;
	s = cc_join(a->space, b->space);
	if (!cc_same(a, b) && a->elem->kind != TY_NONE && b->elem->kind != TY_NONE)
		cc_warn(k, n, CONVERSION, "one of two pointers of different types, %s and %s",
			cc_type(k, a), cc_type(k, b));
	n->type = cc_ptr(k, elem, s);
	cc_cast(k, y, n->type);
	cc_cast(k, o, n->type);
}

static void ternary(struct cc *k, struct node *n)
{
	struct node **y = n->ternary.yes ? &n->ternary.yes : &n->ternary.cond, **o = &n->ternary.no;
	const struct type *a, *b, *cond;

	cc_cond(k, &n->ternary.cond);
	if (n->ternary.yes)
		cc_value(k, y);
	cc_value(k, o);
	a = (*y)->type;
	b = (*o)->type;
	cond = n->ternary.cond->type;
	if (cc_bad(k, a) || cc_bad(k, b) || cc_bad(k, cond)) {
		poison(k, n);
		return;
	}
	if (cc_is_arith(a) && cc_is_arith(b)) {
		n->type = cc_common(k, a, b);
		if (n->ternary.yes)
			cc_cast(k, y, n->type);
		cc_cast(k, o, n->type);
	} else if (a->kind == TY_NONE || b->kind == TY_NONE) {
		n->type = k->none;
	} else if (cc_is_scalar(a) && cc_is_scalar(b)) {
		ternary_pointers(k, n, y, o);
	} else if (cc_same(a, b)) {
		n->type = a;
	} else {
		cc_error(k, n, TYPE, "the two values of '?:' are %s and %s", cc_type(k, a),
			 cc_type(k, b));
		poison(k, n);
	}
	cc_fold(k, n);
}

/* ---- assignment --------------------------------------------------------- */

void cc_store(struct cc *k, const struct node *target, const struct node *value)
{
	bool known;
	enum space s;

	if (target->kind != N_CVAR || k->unevaluated || cc_bad(k, value->type))
		return;
	if (target->type->kind == TY_PTR) {
		if (value->type->kind == TY_PTR && !cc_is_null(value))
			cc_var_store(k, target->cvar.var, value->type->space);
	} else if (cc_is_arith(target->type) && target->type->size == 8) {
		s = cc_provenance(k, value, &known);
		if (known)
			cc_var_store(k, target->cvar.var, s);
	}
}

/* a += b: b gets the type that is computed in. */
static void compound(struct cc *k, struct node *n, const struct type *t)
{
	enum op op = n->assign.op;
	const struct type *v = n->assign.value->type;

	if (t->kind == TY_PTR && (op == OP_ADD || op == OP_SUB) && cc_is_arith(v)) {
		cc_cast(k, &n->assign.value, v->is_signed || v->size < 4 ? k->i64 : k->u64);
	} else if (!cc_is_arith(t) || !cc_is_arith(v)) {
		no_operands(k, n, op, t, v);
	} else if (op == OP_SHL || op == OP_SHR) {
		cc_cast(k, &n->assign.value, cc_promoted(k, v));
	} else {
		cc_cast(k, &n->assign.value, cc_common(k, t, v));
	}
}

void cc_assignment(struct cc *k, struct node **at)
{
	struct node *n = *at;
	const struct type *t;

	cc_expr(k, &n->assign.target);
	cc_value(k, &n->assign.value);
	t = n->assign.target->type;
	n->type = t;
	if (cc_bad(k, n->assign.value->type) || !writable(k, n, n->assign.target)) {
		poison(k, n);
		return;
	}
	if (n->assign.op != OP_NONE) {
		compound(k, n, t);
		return;
	}
	/* the declared type of a variable: where it points is what is stored */
	if (n->assign.target->kind == N_CVAR)
		t = n->assign.target->cvar.var->type;
	cc_convert(k, &n->assign.value, t, "a value");
	if (cc_bad(k, n->assign.value->type)) {
		poison(k, n);
		return;
	}
	cc_store(k, n->assign.target, n->assign.value);
	n->type = n->assign.value->type->kind == TY_PTR ? n->assign.value->type : n->type;
}

void cc_operator(struct cc *k, struct node **at)
{
	struct node *n = *at;

	switch (n->kind) {
	case N_BINARY: binary(k, n); break;
	case N_UNARY: unary(k, at); break;
	case N_INCDEC: incdec(k, n); break;
	case N_TERNARY: ternary(k, n); break;
	case N_CINIT:
		cc_error(k, n, SYNTAX, "a list in braces, where a value is needed");
		poison(k, n);
		break;
	default:
		if (!n->type)
			poison(k, n);
		break;
	}
}
