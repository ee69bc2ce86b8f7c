/*
 * Constants of BPF C: expressions whose operands are numbers become numbers as
 * soon as they are checked. Called by the rest of the check.
 */
#include <string.h>

#include "parser/c/check.h"

bool cc_const(const struct node *n, int64_t *out)
{
	if (n->kind != N_NUM)
		return false;
	*out = (int64_t)n->num.value;
	return true;
}

static bool divide(uint64_t a, uint64_t b, bool is_signed, bool rest, uint64_t *out)
{
	if (!b)
		return false;
	if (!is_signed)
		*out = rest ? a % b : a / b;
	else if (b == UINT64_MAX)
		*out = rest ? 0 : -a;
	else
		*out = (uint64_t)(rest ? (int64_t)a % (int64_t)b : (int64_t)a / (int64_t)b);
	return true;
}

static bool compare(enum op op, uint64_t a, uint64_t b, bool is_signed)
{
	bool less = is_signed ? (int64_t)a < (int64_t)b : a < b;

	switch (op) {
	case OP_EQ: return a == b;
	case OP_NE: return a != b;
	case OP_LT: return less;
	case OP_LE: return less || a == b;
	case OP_GT: return !less && a != b;
	default: return !less;
	}
}

/* Operands of one type, as the check leaves them; false when there is no value. */
static bool binary(enum op op, uint64_t a, uint64_t b, const struct type *t, uint64_t *out)
{
	unsigned bits = t->size * 8;

	switch (op) {
	case OP_ADD: *out = a + b; return true;
	case OP_SUB: *out = a - b; return true;
	case OP_MUL: *out = a * b; return true;
	case OP_DIV:
	case OP_MOD: return divide(a, b, t->is_signed, op == OP_MOD, out);
	case OP_BAND: *out = a & b; return true;
	case OP_BOR: *out = a | b; return true;
	case OP_XOR: *out = a ^ b; return true;
	case OP_SHL: *out = b < bits ? a << b : 0; return b < bits;
	case OP_SHR:
		*out = b >= bits ? 0 : t->is_signed ? (uint64_t)((int64_t)a >> b) : a >> b;
		return b < bits;
	case OP_LAND: *out = a && b; return true;
	case OP_LOR: *out = a || b; return true;
	default: *out = compare(op, a, b, t->is_signed); return true;
	}
}

static void fold_binary(struct cc *k, struct node *n)
{
	const struct node *l = n->binary.left, *r = n->binary.right;
	uint64_t v;

	/* what decides alone */
	if (n->binary.op == OP_LAND && l->kind == N_NUM && !l->num.value) {
		cc_become_num(k, n, 0, n->type);
		return;
	}
	if (n->binary.op == OP_LOR && l->kind == N_NUM && l->num.value) {
		cc_become_num(k, n, 1, n->type);
		return;
	}
	if (l->kind == N_NUM && r->kind == N_NUM && l->type->size <= 8 &&
	    binary(n->binary.op, l->num.value, r->num.value, l->type, &v))
		cc_become_num(k, n, v, n->type);
}

static void fold_unary(struct cc *k, struct node *n)
{
	uint64_t v = n->unary.operand->num.value;

	switch (n->unary.op) {
	case OP_NEG: v = -v; break;
	case OP_BNOT: v = ~v; break;
	case OP_NOT: v = !v; break;
	default: return;
	}
	cc_become_num(k, n, v, n->type);
}

void cc_fold(struct cc *k, struct node *n)
{
	struct node *next = n->next, *pick;

	if (cc_bad(k, n->type) || n->type->size > 8)
		return;
	switch (n->kind) {
	case N_BINARY: fold_binary(k, n); break;
	case N_UNARY:
		if (n->unary.operand->kind == N_NUM)
			fold_unary(k, n);
		break;
	case N_TERNARY:
		if (n->ternary.cond->kind != N_NUM || !n->ternary.yes)
			break;
		pick = n->ternary.cond->num.value ? n->ternary.yes : n->ternary.no;
		if (pick->kind == N_NUM)
			cc_become_num(k, n, pick->num.value, n->type);
		break;
	default: break;
	}
	n->next = next;
}

bool cc_constant(struct cc *k, struct node **n, int64_t *out, const char *what)
{
	cc_value(k, n);
	if (cc_bad(k, (*n)->type))
		return false;
	if (cc_const(*n, out))
		return true;
	cc_error(k, *n, NOT_CONSTANT, "%s must be known at compile time", what);
	return false;
}
