/*
 * Values that live in memory (strings, tuples, stacks) are built where they are
 * wanted: in a key, a map value, a ring buffer record.
 */
#include <string.h>

#include "codegen/lower/internal.h"

static bool same_layout(const struct type *a, const struct type *b)
{
	if (a->kind != b->kind || a->size != b->size || a->nmembers != b->nmembers)
		return false;
	if (a->kind != TY_TUPLE && a->kind != TY_RECORD)
		return true;
	for (uint32_t i = 0; i < a->nmembers; i++) {
		const struct member *other = type_named_member(b, a->members[i].name, i);

		if (!other || a->members[i].offset != other->offset ||
		    !same_layout(a->members[i].type, other->type))
			return false;
	}
	return true;
}

/* Are all bytes of the type defined once every member is stored? */
static bool has_holes(const struct type *t)
{
	uint32_t end = 0;

	if (t->kind != TY_TUPLE && t->kind != TY_RECORD)
		return type_in_memory(t);
	for (uint32_t i = 0; i < t->nmembers; i++) {
		if (t->members[i].offset != end || has_holes(t->members[i].type))
			return true;
		end += t->members[i].type->size;
	}
	return end != t->size;
}

static enum lower_pad zero_first(struct lower *l, ir_val dst, uint32_t size, enum lower_pad pad)
{
	if (pad != PAD_ZERO)
		return pad;
	ir_zero(l->ir, dst, size);
	return PAD_ZEROED;
}

/* ---- copies ------------------------------------------------------------ */

static void convert_string(struct lower *l, ir_val src, uint32_t from, ir_val dst, uint32_t to,
			   enum lower_pad pad)
{
	if (from > to) {
		ir_copy(l->ir, dst, src, to);
		ir_store(l->ir, ir_offset(l->ir, dst, to - 1), ir_const(l->ir, 0), 1);
		return;
	}
	ir_copy(l->ir, dst, src, from);
	if (pad == PAD_ZERO && from < to)
		ir_zero(l->ir, ir_offset(l->ir, dst, from), to - from);
}

void lower_convert(struct lower *l, ir_val src, const struct type *from, const struct type *as,
		   ir_val dst, enum lower_pad pad)
{
	if (from->kind == TY_STRING && as->kind == TY_STRING) {
		convert_string(l, src, from->size, dst, as->size, pad);
		return;
	}
	if ((as->kind != TY_TUPLE && as->kind != TY_RECORD) || same_layout(from, as)) {
		uint32_t n = from->size < as->size ? from->size : as->size;
		ir_copy(l->ir, dst, src, n);
		if (pad == PAD_ZERO && n < as->size)
			ir_zero(l->ir, ir_offset(l->ir, dst, n), as->size - n);
		return;
	}
	if (has_holes(as))
		pad = zero_first(l, dst, as->size, pad);
	for (uint32_t i = 0; i < as->nmembers && i < from->nmembers; i++) {
		const struct member *t = &as->members[i];
		const struct member *f = type_named_member(from, t->name, i);
		if (!f)
			continue; /* the check has seen to it */
		ir_val at = ir_offset(l->ir, src, f->offset), to = ir_offset(l->ir, dst, t->offset);
		if (type_in_memory(t->type)) {
			lower_convert(l, at, f->type, t->type, to, pad);
			continue;
		}
		ir_val v = ir_load(l->ir, at, f->type->size, f->type->is_signed);
		ir_store(l->ir, to, v, t->type->size);
	}
}

/* ---- building ---------------------------------------------------------- */

static void build_literal(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			  enum lower_pad pad)
{
	uint32_t len = n->str.len < as->size ? n->str.len : as->size - 1;

	ir_store_bytes(l->ir, dst, n->str.text, len, pad == PAD_ZERO ? as->size : len + 1);
}

static void build_tuple(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			enum lower_pad pad)
{
	uint32_t i = 0;

	if (has_holes(as))
		pad = zero_first(l, dst, as->size, pad);
	for (const struct node *e = n->tuple.elems; e && i < as->nmembers; e = e->next, i++)
		lower_build(l, e, as->members[i].type,
			ir_offset(l->ir, dst, as->members[i].offset), pad);
}

static void build_record(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			 enum lower_pad pad)
{
	uint32_t i = 0;

	if (has_holes(as))
		pad = zero_first(l, dst, as->size, pad);
	for (const struct node *e = n->record.items; e && i < as->nmembers; e = e->next, i++) {
		const struct member *m = type_named_member(as, e->item.name, i);

		if (m)
			lower_build(l, e->item.value, m->type, ir_offset(l->ir, dst, m->offset),
				    pad);
	}
}

static void build_ternary(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			  enum lower_pad pad)
{
	ir_block yes = ir_block_new(l->ir, ""), no = ir_block_new(l->ir, "");
	ir_block done = ir_block_new(l->ir, "");

	ir_cond(l->ir, lower_cond(l, n->ternary.cond), yes, no);
	ir_at(l->ir, yes);
	if (n->ternary.yes)
		lower_build(l, n->ternary.yes, as, dst, pad);
	else
		lower_not_yet(l, n, "'?:' without a middle operand on this type");
	ir_br(l->ir, done);
	ir_at(l->ir, no);
	lower_build(l, n->ternary.no, as, dst, pad);
	ir_br(l->ir, done);
	ir_at(l->ir, done);
}

static void build_block(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			enum lower_pad pad)
{
	lower_stmts(l, n->blockexpr.stmts);
	if (n->blockexpr.result)
		lower_build(l, n->blockexpr.result, as, dst, pad);
}

static void build_if(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		     enum lower_pad pad)
{
	ir_block yes = ir_block_new(l->ir, ""), no = ir_block_new(l->ir, "");
	ir_block done = ir_block_new(l->ir, "");

	ir_cond(l->ir, lower_cond(l, n->cond.cond), yes, no);
	ir_at(l->ir, yes);
	lower_build(l, n->cond.then, as, dst, pad);
	ir_br(l->ir, done);
	ir_at(l->ir, no);
	if (n->cond.otherwise)
		lower_build(l, n->cond.otherwise, as, dst, pad);
	ir_br(l->ir, done);
	ir_at(l->ir, done);
}

/* A unit's value: built in place when it fits, else beside and cut. */
static void build_unit(struct lower *l, const struct node *n, const struct builtin *b,
		       const struct type *as, ir_val dst, enum lower_pad pad)
{
	l->m->needs |= b->needs;
	if (!b->lower_into) {
		lower_internal(l, n, b->name);
		return;
	}
	if (n->type->size <= as->size) {
		zero_first(l, dst, as->size, pad);
		b->lower_into(l, n, dst, n->type->size);
		return;
	}
	ir_val temp = lower_temp(l, n->type->size, pad != PAD_NONE);
	b->lower_into(l, n, temp, n->type->size);
	lower_convert(l, temp, n->type, as, dst, pad);
}

/* The address of a value that stands in BPF memory already, complete and padded; or NULL. */
static ir_val resident(struct lower *l, const struct node *n)
{
	return n->kind == N_VAR ? lower_var_ptr(l, n) : NULL;
}

static void build_memory(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
			 enum lower_pad pad)
{
	switch (n->kind) {
	case N_STR: build_literal(l, n, as, dst, pad); return;
	case N_TUPLE: build_tuple(l, n, as, dst, pad); return;
	case N_RECORD: build_record(l, n, as, dst, pad); return;
	case N_TERNARY: build_ternary(l, n, as, dst, pad); return;
	case N_BLOCKEXPR: build_block(l, n, as, dst, pad); return;
	case N_IF: build_if(l, n, as, dst, pad); return;
	case N_VAR: lower_convert(l, resident(l, n), n->type, as, dst, pad); return;
	case N_MAP: lower_map_read_into(l, n, as, dst, pad); return;
	case N_CALL:
		if (n->call.cfunc) {
			lower_convert(l, cg_clause_call(l, n), n->type, as, dst, pad);
			return;
		}
		if (!n->call.builtin)
			break;
		build_unit(l, n, n->call.builtin, as, dst, pad);
		return;
	case N_IDENT:
		if (n->ident.builtin) {
			build_unit(l, n, n->ident.builtin, as, dst, pad);
			return;
		}
		lower_access_into(l, n, as, dst, pad);
		return;
	case N_FIELD:
	case N_INDEX:
	case N_UNARY: lower_access_into(l, n, as, dst, pad); return;
	case N_CAST: lower_cast_into(l, n, as, dst, pad); return;
	default: break;
	}
	lower_internal(l, n, "a value in memory");
}

void lower_build(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		 enum lower_pad pad)
{
	if (!n->type || !lower_deeper(l, n))
		return;
	lower_loc(l, n->loc);
	if (!type_in_memory(n->type)) {
		if (type_in_memory(as)) /* the only scalar that becomes memory: 0 */
			ir_zero(l->ir, dst, as->size);
		else
			ir_store(l->ir, dst, lower_expr(l, n), as->size);
	} else if (n->type->kind == TY_AGG || !type_in_memory(as)) {
		ir_store(l->ir, dst, lower_expr(l, n), as->size);
	} else {
		build_memory(l, n, as, dst, pad);
	}
	l->depth--;
}

void lower_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst, bool pad)
{
	lower_build(l, n, as, dst, pad ? PAD_ZERO : PAD_NONE);
}
