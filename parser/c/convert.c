/*
 * Conversions of BPF C: promotion, the usual arithmetic conversions, what an
 * assignment may convert, arrays to pointers; and where pointers point to.
 */
#include <linux/bpf.h>
#include <string.h>

#include "parser/c/check.h"

bool cc_bad(const struct cc *k, const struct type *t)
{
	return !t || t == k->poison;
}

bool cc_is_array(const struct type *t)
{
	return t->kind == TY_ARRAY || t->kind == TY_STRING || t->kind == TY_BUFFER;
}

bool cc_is_arith(const struct type *t)
{
	return t->kind == TY_INT || t->kind == TY_BOOL || t->kind == TY_ENUM;
}

bool cc_is_scalar(const struct type *t)
{
	return cc_is_arith(t) || t->kind == TY_PTR;
}

bool cc_is_null(const struct node *n)
{
	while (n->kind == N_CAST && n->type && cc_is_scalar(n->type))
		n = n->cast.operand;
	return n->kind == N_NUM && !n->num.value;
}

const struct type *cc_elem(struct cc *k, const struct type *t)
{
	return t->kind == TY_STRING || t->kind == TY_BUFFER ? k->i8 : t->elem;
}

const struct type *cc_ptr(struct cc *k, const struct type *elem, enum space s)
{
	return type_ptr(k->types, elem, s);
}

/* The same type, wherever pointers in it point. */
bool cc_same(const struct type *a, const struct type *b)
{
	while (a->kind == TY_PTR && b->kind == TY_PTR) {
		a = a->elem;
		b = b->elem;
	}
	if (a->kind == TY_ARRAY && b->kind == TY_ARRAY)
		return a->count == b->count && cc_same(a->elem, b->elem);
	return a == b;
}

const struct type *cc_promoted(struct cc *k, const struct type *t)
{
	if (t->kind == TY_ENUM)
		return type_int(k->types, t->size < 4 ? 4 : t->size,
				t->size < 4 || t->is_signed || t->size == 8);
	if (t->kind == TY_BOOL || (t->kind == TY_INT && t->size < 4))
		return k->i32;
	return t;
}

const struct type *cc_common(struct cc *k, const struct type *a, const struct type *b)
{
	a = cc_promoted(k, a);
	b = cc_promoted(k, b);
	if (a->size != b->size)
		return a->size > b->size ? a : b;
	return a->is_signed ? b : a;
}

/* ---- places ------------------------------------------------------------- */

bool cc_is_lvalue(const struct node *n)
{
	switch (n->kind) {
	case N_CVAR:
	case N_INDEX:
	case N_CLITERAL:
	case N_STR: return true;
	case N_FIELD: return n->field.arrow || cc_is_lvalue(n->field.object);
	case N_UNARY: return n->unary.op == OP_DEREF;
	default: return false;
	}
}

enum space cc_lvalue_space(const struct cc *k, const struct node *n)
{
	switch (n->kind) {
	case N_CVAR: return n->cvar.var->storage == C_GLOBAL ? SP_MAP : SP_STACK;
	case N_FIELD:
		if (n->field.arrow)
			return n->field.object->type->space;
		return cc_lvalue_space(k, n->field.object);
	case N_INDEX: return n->index.object->type->space;
	case N_UNARY:
		if (n->unary.op == OP_DEREF)
			return n->unary.operand->type->space;
		return SP_STACK;
	default: return SP_STACK;
	}
}

static bool packet_field(const struct node *n)
{
	return n->kind == N_FIELD && n->field.arrow && n->field.object->type->kind == TY_PTR &&
	       n->field.object->type->space == SP_CTX &&
	       (strcmp(n->field.name, "data") == 0 || strcmp(n->field.name, "data_end") == 0 ||
		strcmp(n->field.name, "data_meta") == 0);
}

/* What an integer expression would point to as a pointer. */
enum space cc_provenance(struct cc *k, const struct node *n, bool *known)
{
	enum space a, b;
	bool other;

	*known = true;
	if (!n->type || cc_bad(k, n->type))
		return *known = false, SP_VALUE;
	if (n->type->kind == TY_PTR)
		return n->type->space;
	if (packet_field(n))
		return SP_PACKET;
	switch (n->kind) {
	case N_CAST: return cc_provenance(k, n->cast.operand, known);
	case N_ASSIGN: return cc_provenance(k, n->assign.value, known);
	case N_CCOMMA: return cc_provenance(k, n->binary.right, known);
	case N_CVAR:
		n->cvar.var->used = true;
		*known = n->cvar.var->carries_known;
		return n->cvar.var->carries;
	case N_CCALL:
		if (n->ccall.how == C_CALL_HELPER &&
		    n->ccall.helper->id == BPF_FUNC_get_current_task)
			return SP_KERNEL;
		break;
	case N_BINARY:
	case N_TERNARY:
		a = cc_provenance(k, n->kind == N_BINARY   ? n->binary.left
				     : n->ternary.yes ? n->ternary.yes
						      : n->ternary.cond,
				  known);
		b = cc_provenance(k, n->kind == N_BINARY ? n->binary.right : n->ternary.no, &other);
		if (*known && other)
			return cc_join(a, b);
		a = *known ? a : b;
		*known |= other;
		return a;
	default: break;
	}
	*known = false;
	return SP_VALUE;
}

/* ---- casts -------------------------------------------------------------- */

uint64_t cc_wrap_value(uint64_t v, const struct type *t)
{
	unsigned bits = t->size * 8;

	if (t->kind == TY_BOOL)
		return v != 0;
	if (bits >= 64 || !bits)
		return v;
	v &= (1ull << bits) - 1;
	if (t->is_signed && v >> (bits - 1))
		v |= ~0ull << bits;
	return v;
}

void cc_become_num(struct cc *k, struct node *n, uint64_t value, const struct type *t)
{
	n->kind = N_NUM;
	memset(&n->num, 0, sizeof(n->num));
	n->num.value = cc_wrap_value(value, t);
	n->num.is_unsigned = t->kind == TY_INT && !t->is_signed;
	n->type = t;
	(void)k;
}

void cc_cast(struct cc *k, struct node **at, const struct type *to)
{
	struct node *n = *at, *cast;

	if (n->type == to)
		return;
	if (n->kind == N_NUM && cc_is_arith(to) && to->size <= 8) {
		cc_become_num(k, n, n->num.value, to);
		return;
	}
	cast = node_new(k->arena, N_CAST, n->loc);
	cast->expansion = n->expansion;
	cast->cast.operand = n;
	cast->type = to;
	cast->next = n->next;
	n->next = NULL;
	*at = cast;
}

void cc_decay(struct cc *k, struct node **at)
{
	struct node *n = *at;

	if (cc_bad(k, n->type) || !cc_is_array(n->type))
		return;
	if (n->kind == N_CVAR)
		n->cvar.var->address_taken = true;
	cc_cast(k, at, cc_ptr(k, cc_elem(k, n->type), cc_lvalue_space(k, n)));
}

static bool near_ints(const struct type *a, const struct type *b)
{
	return cc_is_arith(a) && cc_is_arith(b) && a->size == b->size;
}

/* A struct that the script defines under the name of one of the kernel's stands for it. */
static bool same_tag(const struct type *a, const struct type *b)
{
	return a->kind == b->kind && (a->kind == TY_STRUCT || a->kind == TY_UNION) && a->name &&
	       b->name && strcmp(a->name, b->name) == 0;
}

/* Pointers: the value keeps where it points to, unless the place says so itself. */
static void convert_pointer(struct cc *k, struct node **at, const struct type *to, const char *what)
{
	struct node *n = *at;
	const struct type *from = n->type;
	enum space s = to->space == SP_USER && from->space == SP_ANY ? SP_USER : from->space;

	if (!cc_same(from->elem, to->elem) && from->elem->kind != TY_NONE &&
	    to->elem->kind != TY_NONE && from->elem->kind != TY_FUNC && !cc_is_null(n) &&
	    !near_ints(from->elem, to->elem) && !same_tag(from->elem, to->elem))
		cc_warn(k, n, CONVERSION, "%s of type %s is made of %s", what, cc_type(k, to),
			cc_type(k, from));
	if (s == SP_TRUSTED && !cc_same(from->elem, to->elem) && to->elem->kind != TY_NONE)
		s = SP_KERNEL;
	if (from->elem != to->elem || s != from->space)
		cc_cast(k, at, cc_ptr(k, to->elem, s));
}

static void integer_to_pointer(struct cc *k, struct node **at, const struct type *to,
			       const char *what)
{
	bool known;
	enum space s = cc_provenance(k, *at, &known);

	if (!cc_is_null(*at))
		cc_warn(k, *at, CONVERSION, "%s of type %s is made of an integer without a cast",
			what, cc_type(k, to));
	if (!known)
		s = to->space ? to->space : k->func ? k->func->unknown : SP_ANY;
	cc_cast(k, at, type_int(k->types, 8, (*at)->type->is_signed));
	cc_cast(k, at, cc_ptr(k, to->elem, s));
}

void cc_convert(struct cc *k, struct node **at, const struct type *to, const char *what)
{
	struct node *n = *at;
	const struct type *from = n->type;

	if (cc_bad(k, from) || cc_bad(k, to) || from == to)
		return;
	if (cc_is_arith(to) && cc_is_arith(from)) {
		cc_cast(k, at, to);
	} else if (to->kind == TY_PTR && from->kind == TY_PTR) {
		convert_pointer(k, at, to, what);
	} else if (to->kind == TY_PTR && cc_is_arith(from)) {
		integer_to_pointer(k, at, to, what);
	} else if (to->kind == TY_BOOL && from->kind == TY_PTR) {
		cc_cast(k, at, to);
	} else if (cc_is_arith(to) && from->kind == TY_PTR) {
		cc_warn(k, n, CONVERSION, "%s of type %s is made of a pointer without a cast", what,
			cc_type(k, to));
		cc_cast(k, at, to);
	} else if (!cc_same(from, to)) {
		cc_error(k, n, TYPE, "%s of type %s cannot be made of %s", what, cc_type(k, to),
			 cc_type(k, from));
		n->type = k->poison;
	}
}
