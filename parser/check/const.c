/*
 * Values known at compile time: evaluating them, and replacing nodes by them.
 * Folding for speed is the code generator's; here only what the language asks
 * to be constant.
 */
#include <string.h>

#include "parser/check/internal.h"

#define MAX_DEPTH COMPILE_MAX_HEIGHT

static bool eval(struct check *k, const struct node *n, unsigned depth, int64_t *out);

static bool eval_unary(struct check *k, const struct node *n, unsigned depth, int64_t *out)
{
	if (!eval(k, n->unary.operand, depth + 1, out))
		return false;
	switch (n->unary.op) {
	case OP_NEG: *out = (int64_t)(0 - (uint64_t)*out); return true;
	case OP_BNOT: *out = ~*out; return true;
	case OP_NOT: *out = !*out; return true;
	default: return false;
	}
}

static bool divide(enum op op, bool is_unsigned, int64_t a, int64_t b, int64_t *out)
{
	if (b == 0)
		return false; /* the program says 1 and counts it */
	if (is_unsigned)
		*out = (int64_t)(op == OP_DIV ? (uint64_t)a / (uint64_t)b
					      : (uint64_t)a % (uint64_t)b);
	else if (b == -1) /* INT64_MIN / -1 traps */
		*out = op == OP_DIV ? (int64_t)(0 - (uint64_t)a) : 0;
	else
		*out = op == OP_DIV ? a / b : a % b;
	return true;
}

static bool shift(enum op op, bool is_unsigned, int64_t a, int64_t b, int64_t *out)
{
	if (b < 0 || b > 63)
		return false;
	if (op == OP_SHL || is_unsigned)
		*out = (int64_t)(op == OP_SHL ? (uint64_t)a << b : (uint64_t)a >> b);
	else
		*out = a >> b;
	return true;
}

static bool compare(enum op op, bool is_unsigned, int64_t a, int64_t b, int64_t *out)
{
	bool less = is_unsigned ? (uint64_t)a < (uint64_t)b : a < b;

	switch (op) {
	case OP_EQ: *out = a == b; break;
	case OP_NE: *out = a != b; break;
	case OP_LT: *out = less; break;
	case OP_LE: *out = less || a == b; break;
	case OP_GT: *out = !less && a != b; break;
	case OP_GE: *out = !less; break;
	default: return false;
	}
	return true;
}

static bool wide_unsigned(const struct node *n)
{
	return n->type && n->type->kind == TY_INT && n->type->size == 8 && !n->type->is_signed;
}

static bool eval_binary(struct check *k, const struct node *n, unsigned depth, int64_t *out)
{
	bool is_unsigned = wide_unsigned(n->binary.left) || wide_unsigned(n->binary.right);
	enum op op = n->binary.op;
	int64_t a, b;

	if (!eval(k, n->binary.left, depth + 1, &a) || !eval(k, n->binary.right, depth + 1, &b))
		return false;
	switch (op) {
	case OP_ADD: *out = (int64_t)((uint64_t)a + (uint64_t)b); return true;
	case OP_SUB: *out = (int64_t)((uint64_t)a - (uint64_t)b); return true;
	case OP_MUL: *out = (int64_t)((uint64_t)a * (uint64_t)b); return true;
	case OP_DIV: case OP_MOD: return divide(op, is_unsigned, a, b, out);
	case OP_BAND: *out = a & b; return true;
	case OP_BOR: *out = a | b; return true;
	case OP_XOR: *out = a ^ b; return true;
	case OP_SHL: case OP_SHR: return shift(op, wide_unsigned(n->binary.left), a, b, out);
	case OP_LAND: *out = a && b; return true;
	case OP_LOR: *out = a || b; return true;
	default: return compare(op, is_unsigned, a, b, out);
	}
}

/* A cast to an integer type cuts and extends. */
static bool eval_cast(struct check *k, const struct node *n, unsigned depth, int64_t *out)
{
	unsigned bits;

	if (!n->type || n->type->kind != TY_INT || !n->type->size || n->type->size > 8 ||
	    !eval(k, n->cast.operand, depth + 1, out))
		return false;
	bits = 64 - 8 * n->type->size;
	if (n->type->is_signed)
		*out = (int64_t)((uint64_t)*out << bits) >> bits;
	else
		*out = (int64_t)((uint64_t)*out << bits >> bits);
	return true;
}

static bool eval(struct check *k, const struct node *n, unsigned depth, int64_t *out)
{
	const struct type *t;
	bool is_unsigned;

	if (depth > MAX_DEPTH)
		return false;
	switch (n->kind) {
	case N_NUM:
		*out = (int64_t)n->num.value;
		return true;
	case N_POSITIONAL:
		return check_positional_number(k, n, (uint64_t *)out, &is_unsigned);
	case N_UNARY: return eval_unary(k, n, depth, out);
	case N_BINARY: return eval_binary(k, n, depth, out);
	case N_CAST: return eval_cast(k, n, depth, out);
	case N_SIZEOF:
		t = check_measured(k, n->size_of.operand, n->size_of.operand->type);
		if (check_poisoned(t) || !t->size)
			return false;
		*out = t->size;
		return true;
	case N_TERNARY:
		if (!eval(k, n->ternary.cond, depth + 1, out))
			return false;
		if (*out && !n->ternary.yes)
			return true;
		return eval(k, *out ? n->ternary.yes : n->ternary.no, depth + 1, out);
	default:
		return false;
	}
}

bool check_const(struct check *k, const struct node *n, int64_t *out)
{
	return eval(k, n, 0, out);
}

void check_become_num(struct check *k, struct node *n, uint64_t value, const struct type *type)
{
	(void)k;
	n->kind = N_NUM;
	n->num.is_unsigned = type->kind == TY_INT && !type->is_signed;
	n->num.value = value;
	n->type = type;
}

void check_become_str(struct check *k, struct node *n, const char *text)
{
	size_t len = strlen(text);

	n->kind = N_STR;
	n->str.text = text;
	n->str.len = (uint32_t)len;
	n->type = type_string(k->types, (uint32_t)len + 1);
}
