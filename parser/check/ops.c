/*
 * Operators: which operands go together and what they make. Integers are 64
 * bits wide in expressions; a result is unsigned when an operand is uint64.
 */
#include <string.h>

#include "parser/check/internal.h"

bool check_is_condition(const struct type *t)
{
	return type_is_integer(t) || t->kind == TY_PTR;
}

/* uint64; narrower unsigned integers fit in int64. */
static bool is_wide_unsigned(const struct type *t)
{
	return t->kind == TY_INT && t->size == 8 && !t->is_signed;
}

static const struct type *mismatch(struct check *k, const struct node *at, enum op op,
				   const struct type *left, const struct type *right)
{
	struct loc loc = at->loc;

	if (at->kind == N_BINARY && at->binary.op_loc.file)
		loc = at->binary.op_loc;
	diag_error(&k->c->diags, TYPE, loc, "'%s' cannot be applied to %s and %s", op_text(op),
		   check_print(k, left), check_print(k, right));
	return check_poison();
}

static const struct type *pointer_arith(struct check *k, const struct node *at, enum op op,
					const struct type *left, const struct type *right)
{
	if (left->kind == TY_PTR && right->kind == TY_PTR)
		return op == OP_SUB ? type_int(k->types, 8, true)
				    : mismatch(k, at, op, left, right);
	if (left->kind == TY_PTR && type_is_integer(right) && (op == OP_ADD || op == OP_SUB))
		return left;
	if (right->kind == TY_PTR && type_is_integer(left) && op == OP_ADD)
		return right;
	if (op >= OP_BAND && op <= OP_SHR && (type_is_integer(left) || type_is_integer(right)))
		return type_int(k->types, 8, false); /* masking the bits of an address */
	return mismatch(k, at, op, left, right);
}

/* The type of left op right for an arithmetic operator; poison when it was reported. */
const struct type *check_arith(struct check *k, const struct node *at, enum op op,
			       const struct type *left, const struct type *right)
{
	if (check_poisoned(left) || check_poisoned(right))
		return check_poison();
	if (left->kind == TY_PTR || right->kind == TY_PTR)
		return pointer_arith(k, at, op, left, right);
	if (!type_is_integer(left) || !type_is_integer(right))
		return mismatch(k, at, op, left, right);
	if (op == OP_SUB)
		return type_int(k->types, 8, true); /* what is wanted of a difference */
	if (op == OP_SHL || op == OP_SHR)
		return type_int(k->types, 8, !is_wide_unsigned(left));
	return type_int(k->types, 8, !is_wide_unsigned(left) && !is_wide_unsigned(right));
}

/* Is the sign of an integer known from where it comes, not from how it was computed? */
static bool surely_signed(struct check *k, const struct node *n)
{
	if (n->type->kind != TY_INT || !n->type->is_signed)
		return false;
	switch (n->kind) {
	case N_VAR:
		return n->var.var && (((struct check_var *)n->var.var)->fixed ||
				      ((struct check_var *)n->var.var)->value.rank == RANK_SIGNED);
	case N_FIELD: case N_CAST: case N_IDENT:
		return check_rank(k, n) == RANK_SIGNED;
	default:
		return false;
	}
}

/* -1 < x is false for an unsigned x of 64 bits: where that makes a difference, it is said. */
static void check_signs(struct check *k, const struct node *n)
{
	const struct node *a = n->binary.left, *b = n->binary.right;
	struct loc loc = n->binary.op_loc.file ? n->binary.op_loc : n->loc;
	int64_t value;

	if (check_poisoned(a->type) || check_poisoned(b->type))
		return;
	if ((!is_wide_unsigned(a->type) || !surely_signed(k, b)) &&
	    (!is_wide_unsigned(b->type) || !surely_signed(k, a)))
		return;
	if (check_const(k, a, &value) || check_const(k, b, &value))
		return;
	diag_warn(&k->c->diags, SIGNS, loc, "'%s' of %s and %s: both are taken as unsigned",
		  op_text(n->binary.op), check_print(k, a->type), check_print(k, b->type));
	check_hint(k, "a cast says what is meant: (int64)… or (uint64)…");
}

static void check_shift(struct check *k, const struct node *n)
{
	int64_t bits;

	if ((n->binary.op == OP_SHL || n->binary.op == OP_SHR) &&
	    check_const(k, n->binary.right, &bits) && (bits < 0 || bits > 63))
		check_error(k, n->binary.right, RANGE, "a shift by %lld is not between 0 and 63",
			    (long long)bits);
}

/*
 * probe == "kprobe:f": the text is known when the clause has a single attach
 * point. False when neither side is one of these.
 */
static bool compare_which(struct check *k, struct node *n)
{
	struct node *a = n->binary.left, *b = n->binary.right;
	bool equal;

	if (b->kind == N_STR && check_which_unknown(k, a))
		n->type = check_poison();
	else if (a->kind == N_STR && check_which_unknown(k, b))
		n->type = check_poison();
	if (check_poisoned(n->type))
		return true;
	if (a->kind != N_STR || b->kind != N_STR)
		return false;
	equal = a->str.len == b->str.len && memcmp(a->str.text, b->str.text, a->str.len) == 0;
	check_become_num(k, n, equal == (n->binary.op == OP_EQ), type_bool(k->types));
	return true;
}

static bool may_compare(enum op op, const struct type *a, const struct type *b)
{
	bool equality = op == OP_EQ || op == OP_NE;

	if (type_is_integer(a) && type_is_integer(b))
		return true;
	if (a->kind == TY_PTR || b->kind == TY_PTR)
		return (a->kind == TY_PTR || type_is_integer(a)) &&
		       (b->kind == TY_PTR || type_is_integer(b));
	return equality && a->kind == TY_STRING && b->kind == TY_STRING;
}

static bool is_name(const struct type *t)
{
	return t->kind == TY_PROBE || t->kind == TY_KSYM || t->kind == TY_USYM;
}

/* A parameter beside a string is a string, even if it looks like a number. */
static void check_operands(struct check *k, struct node *a, struct node *b)
{
	if (a->kind == N_POSITIONAL && b->kind != N_POSITIONAL) {
		check_expr(k, b);
		if (b->type->kind == TY_STRING || is_name(b->type))
			check_positional(k, a, true);
		else
			check_expr(k, a);
		return;
	}
	check_expr(k, a);
	if (b->kind == N_POSITIONAL && (a->type->kind == TY_STRING || is_name(a->type)))
		check_positional(k, b, true);
	else
		check_expr(k, b);
}

static const struct type *compared_type(struct check *k, struct node *n)
{
	const struct type *t = check_typename(k, n);

	if (!check_poisoned(t) && n->tname.of && n->tname.of->kind != N_TYPENAME &&
	    !n->tname.stars && !n->tname.dims)
		t = check_narrow(k, n->tname.of);
	return check_poisoned(t) || t->kind == TY_PTR
		       ? t : type_with_space(k->types, t, SP_VALUE);
}

/* typeof(a) == typeof(b): known once types have settled. */
static void compare_types(struct check *k, struct node *n)
{
	const struct type *a = compared_type(k, n->binary.left);
	const struct type *b = compared_type(k, n->binary.right);
	bool equal = a == b;

	n->type = type_bool(k->types);
	if (check_poisoned(a) || check_poisoned(b))
		n->type = check_poison();
	else if (a->kind == TY_PTR && b->kind == TY_PTR)
		equal = a->elem == b->elem;
	if ((k->settled || k->final) && !check_poisoned(n->type))
		check_become_num(k, n, equal == (n->binary.op == OP_EQ), n->type);
}

static void check_comparison(struct check *k, struct node *n)
{
	struct node *a = n->binary.left, *b = n->binary.right;
	enum op op = n->binary.op;

	if (a->kind == N_TYPENAME && b->kind == N_TYPENAME) {
		compare_types(k, n);
		return;
	}
	check_operands(k, a, b);
	n->type = type_bool(k->types);
	if (check_poisoned(a->type) || check_poisoned(b->type)) {
		n->type = check_poison();
		return;
	}
	if (op == OP_EQ || op == OP_NE) {
		check_which_beside(k, a, b);
		check_which_beside(k, b, a);
		if (b->type->kind == TY_STRING)
			check_which_text(k, a);
		if (a->type->kind == TY_STRING)
			check_which_text(k, b);
		if (compare_which(k, n))
			return;
	}
	if (may_compare(op, a->type, b->type) ||
	    ((op == OP_EQ || op == OP_NE) && check_equal_parts(k, n)))
		return;
	n->type = mismatch(k, n, op, a->type, b->type);
	if (a->type->kind == TY_PTR && b->type->kind == TY_STRING)
		check_hint(k, "str(…) makes a string of a pointer");
	else if (b->type->kind == TY_PTR && a->type->kind == TY_STRING)
		check_hint(k, "str(…) makes a string of a pointer");
}

void check_binary(struct check *k, struct node *n)
{
	enum op op = n->binary.op;

	switch (op) {
	case OP_LAND: case OP_LOR:
		check_cond(k, n->binary.left, op_text(op));
		check_cond(k, n->binary.right, op_text(op));
		n->type = type_bool(k->types);
		break;
	case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE:
		check_comparison(k, n);
		if (op > OP_NE && n->kind == N_BINARY)
			check_signs(k, n);
		break;
	default:
		check_expr(k, n->binary.left);
		check_expr(k, n->binary.right);
		n->type = check_arith(k, n, op, n->binary.left->type, n->binary.right->type);
		check_shift(k, n);
		if (op == OP_DIV || op == OP_MOD)
			check_signs(k, n);
	}
}
