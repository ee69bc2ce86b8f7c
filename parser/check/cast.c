/*
 * Casts. The operand of one to a struct, an array or a pointer is a place: what
 * is read depends on the type it is given.
 */
#include "parser/check/internal.h"

static const struct type *bad_cast(struct check *k, struct node *n, const struct type *to,
				   const struct type *from)
{
	check_error(k, n, TYPE, "%s cannot be cast to %s", check_print(k, from),
		    check_print(k, to));
	return check_poison();
}

static const struct type *cast_pointer(struct check *k, struct node *n, const struct type *to,
				       const struct type *from)
{
	enum space space = SP_VALUE; /* of a number it is not known: str() tries both */

	if (from->kind == TY_PTR || from->kind == TY_ARRAY) {
		space = from->space;
	} else if (!type_is_integer(from)) {
		check_error(k, n, TYPE, "%s cannot be cast to a pointer", check_print(k, from));
		return check_poison();
	}
	if (from->kind == TY_ARRAY && space == SP_VALUE)
		return bad_cast(k, n, to, from);
	if (from->kind == TY_ARRAY)
		check_wrap_addr(k, n->cast.operand);
	return type_with_space(k->types, to, space);
}

/* The bytes of an array are an integer, as the machine stores it. */
static bool bytes_as_integer(const struct type *from)
{
	return from->kind == TY_ARRAY && from->size && from->size <= 8 &&
	       type_is_integer(from->elem);
}

static const struct type *cast_integer(struct check *k, struct node *n, const struct type *to,
				       const struct type *from)
{
	if (type_is_integer(from) || from->kind == TY_PTR || bytes_as_integer(from))
		return to;
	return bad_cast(k, n, to, from);
}

/* (uint8[8])e: the bytes of e, which is a number or stands in memory. */
static const struct type *cast_array(struct check *k, struct node *n, const struct type *to,
				     const struct type *from)
{
	uint32_t size = type_is_integer(from) || from->kind == TY_PTR ? 8 : from->size;

	if (from->kind == TY_INT && n->cast.operand->kind == N_CAST)
		size = from->size; /* (uint8[4])(uint32)e */
	if (!type_is_integer(from) && from->kind != TY_PTR && from->kind != TY_ARRAY &&
	    from->kind != TY_STRING && from->kind != TY_BUFFER && from->kind != TY_STRUCT &&
	    from->kind != TY_UNION)
		return bad_cast(k, n, to, from);
	if (!to->count)
		to = type_array(k->types, to->elem, size / to->elem->size);
	if (to->size && to->size <= size)
		return to;
	check_error(k, n, TYPE, "%s does not fill %s", check_print(k, from), check_print(k, to));
	return check_poison();
}

static const struct type *cast_string(struct check *k, struct node *n, const struct type *to,
				      const struct type *from)
{
	return from->kind == TY_STRING || check_is_chars(from) ? to : bad_cast(k, n, to, from);
}

static const struct type *cast_struct(struct check *k, struct node *n, const struct type *to,
				      const struct type *from)
{
	if (to->kind == from->kind && type_with_space(k->types, from, SP_VALUE) ==
					      type_with_space(k->types, to, SP_VALUE))
		return from;
	check_error(k, n->cast.to, TYPE, "a value cannot be cast to %s", check_print(k, to));
	check_hint(k, "cast to a pointer: (%s *)…", check_print(k, to));
	return check_poison();
}

/* Integers in tuples are kept in 8 bytes, whatever the tuple is called: the value stays. */
static const struct type *cast_tuple(struct check *k, struct node *n, const struct type *to,
				     const struct type *from)
{
	struct node *next = n->next;

	if (from->kind != TY_TUPLE || check_stored(k, to) != check_stored(k, from))
		return bad_cast(k, n, to, from);
	*n = *n->cast.operand;
	n->next = next;
	return from;
}

void check_cast(struct check *k, struct node *n)
{
	const struct type *to = check_typename(k, n->cast.to), *from;

	check_place(k, n->cast.operand);
	n->type = check_poison();
	if (check_poisoned(to) || check_poisoned(n->cast.operand->type))
		return;
	if (to->kind == TY_PTR)
		check_as_array(k, n->cast.operand);
	from = n->cast.operand->type;
	switch (to->kind) {
	case TY_PTR: n->type = cast_pointer(k, n, to, from); break;
	case TY_INT: case TY_BOOL: case TY_ENUM: n->type = cast_integer(k, n, to, from); break;
	case TY_ARRAY: n->type = cast_array(k, n, to, from); break;
	case TY_STRING: n->type = cast_string(k, n, to, from); break;
	case TY_STRUCT: case TY_UNION: n->type = cast_struct(k, n, to, from); break;
	case TY_TUPLE: n->type = cast_tuple(k, n, to, from); break;
	default:
		if (to == from)
			n->type = to;
		else
			bad_cast(k, n, to, from);
	}
}
