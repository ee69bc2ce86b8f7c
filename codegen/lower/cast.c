/*
 * Casts. Between numbers they cut and extend; the bytes of an array are a
 * number as the machine stores it, and the other way round.
 */
#include "codegen/lower/internal.h"

static bool in_register(const struct type *t)
{
	return !type_in_memory(t) || t->kind == TY_AGG;
}

/* The operand's bytes, with zeroes up to eight. */
static ir_val bytes_as_number(struct lower *l, const struct node *operand)
{
	ir_val word = lower_temp(l, 8, true);

	lower_build(l, operand, operand->type, word, PAD_NONE);
	return ir_load(l->ir, word, 8, false);
}

ir_val lower_cast(struct lower *l, const struct node *n)
{
	const struct type *from = n->cast.operand->type, *to = n->type;
	ir_val v;

	if (!from || (!in_register(from) && from->size > 8)) {
		lower_not_yet(l, n, "this cast");
		return ir_const(l->ir, 0);
	}
	v = in_register(from) ? lower_expr(l, n->cast.operand)
			      : bytes_as_number(l, n->cast.operand);
	if (to->kind == TY_BOOL)
		return ir_bool(l->ir, ir_truth(l->ir, v));
	if (type_is_integer(to))
		return ir_ext(l->ir, v, to->size, to->is_signed);
	return v;
}

static void array_of_number(struct lower *l, const struct node *operand, ir_val dst, uint32_t size)
{
	ir_val v = lower_expr(l, operand), word;

	if (size == 1 || size == 2 || size == 4 || size == 8) {
		ir_store(l->ir, dst, v, size);
		return;
	}
	word = lower_temp(l, 8, false);
	ir_store(l->ir, word, v, 8);
	ir_copy(l->ir, dst, word, size < 8 ? size : 8);
}

static void array_of_bytes(struct lower *l, const struct node *operand, ir_val dst, uint32_t size)
{
	uint32_t head = operand->type->kind == TY_BUFFER ? 4 : 0; /* its length */
	struct lower_place p;

	if (!lower_place(l, operand, &p)) {
		ir_zero(l->ir, dst, size);
		return;
	}
	lower_place_move(l, &p, head);
	lower_place_read(l, &p, dst, size, operand->loc);
}

void lower_cast_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		     enum lower_pad pad)
{
	const struct node *operand = n->cast.operand;

	if (n->type->kind != TY_ARRAY)
		lower_build(l, operand, as, dst, pad);
	else if (in_register(operand->type))
		array_of_number(l, operand, dst, as->size);
	else
		array_of_bytes(l, operand, dst, as->size);
}
