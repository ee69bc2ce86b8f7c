/*
 * Expressions: dispatch by kind, and the kinds that need few lines. Units call
 * check_expr; everything sets node.type, to poison where an error was said.
 */
#include <string.h>

#include "parser/check/internal.h"

static void check_num(struct check *k, struct node *n)
{
	if (!n->type || check_poisoned(n->type))
		n->type = type_int(k->types, 8,
				   !n->num.is_unsigned && n->num.value <= INT64_MAX);
}

static void check_string(struct check *k, struct node *n)
{
	if (n->str.len >= CHECK_MAX_VALUE_BYTES) {
		check_error(k, n, TOO_LARGE, "a string literal of more than %d bytes",
			    CHECK_MAX_VALUE_BYTES - 1);
		n->type = check_poison();
		return;
	}
	n->type = type_string(k->types, n->str.len + 1);
}

static void check_unary(struct check *k, struct node *n)
{
	struct node *operand = n->unary.operand;
	const struct type *t;

	switch (n->unary.op) {
	case OP_DEREF: check_deref(k, n); return;
	case OP_ADDR: check_addr(k, n); return;
	case OP_NOT:
		check_cond(k, operand, "!");
		n->type = type_bool(k->types);
		return;
	default: break;
	}
	check_expr(k, operand);
	t = operand->type;
	n->type = check_poison();
	if (check_poisoned(t))
		return;
	if (!type_is_integer(t)) {
		check_error(k, n, TYPE, "'%s' cannot be applied to %s", op_text(n->unary.op),
			    check_print(k, t));
		return;
	}
	n->type = type_int(k->types, 8,
			   n->unary.op == OP_NEG || t->kind != TY_INT || t->size < 8 ||
				   t->is_signed);
}

static void check_incdec(struct check *k, struct node *n)
{
	struct node *operand = n->incdec.operand;

	n->type = check_poison();
	if (operand->kind == N_MAP) {
		check_map_count(k, n);
		return;
	}
	check_expr(k, operand);
	if (operand->kind == N_VAR)
		check_var_count(k, operand);
	if (check_poisoned(operand->type))
		return;
	if (operand->kind == N_VAR && check_var_find(k, operand->var.name, true)->constant) {
		check_error(k, n, ASSIGN, "'%s' belongs to the loop, it cannot be changed",
			    check_plain_name(k, operand->var.name));
		return;
	}
	if (operand->kind != N_VAR) {
		check_error(k, n, ASSIGN, "only variables and maps can be changed by '%s'",
			    op_text(n->incdec.op));
		return;
	}
	if (!check_is_condition(operand->type)) {
		check_error(k, n, TYPE, "'%s' cannot be applied to %s", op_text(n->incdec.op),
			    check_print(k, operand->type));
		return;
	}
	n->type = operand->type;
	if (n->type->kind == TY_INT) /* what is counted is as wide as a number can be */
		check_grow_narrow(k, &((struct check_var *)operand->var.var)->value, NULL, n->type,
				  RANK_FREE);
}

/* The common type of both arms; NULL when there is none. */
const struct type *check_join_arms(struct check *k, const struct node *a, const struct node *b)
{
	struct grown g = {0};
	bool changed = k->changed, ok;

	if (type_is_integer(a->type) && type_is_integer(b->type)) {
		if (a->type == b->type && a->type->kind != TY_INT)
			return a->type;
		return check_arith(k, a, OP_ADD, a->type, b->type);
	}
	ok = check_grow(k, &g, check_stored(k, a->type), check_rank(k, a)) &&
	     check_grow(k, &g, check_stored(k, b->type), check_rank(k, b));
	k->changed = changed;
	return ok ? g.type : NULL;
}

void check_ternary(struct check *k, struct node *n, bool effect)
{
	struct node *yes = n->ternary.yes, *no = n->ternary.no;

	check_cond(k, n->ternary.cond, "?:");
	if (effect && yes) {
		check_effect(k, yes);
		check_effect(k, no);
		n->type = type_none(k->types);
		return;
	}
	if (!yes)
		yes = n->ternary.cond;
	else
		check_expr(k, yes);
	check_expr(k, no);
	n->type = check_poison();
	if (check_poisoned(yes->type) || check_poisoned(no->type))
		return;
	n->type = check_join_arms(k, yes, no);
	if (n->type)
		return;
	n->type = check_poison();
	check_error(k, n, TYPE, "the arms of '?:' have different types: %s and %s",
		    check_print(k, yes->type), check_print(k, no->type));
}

static void dispatch(struct check *k, struct node *n)
{
	switch (n->kind) {
	case N_NUM: check_num(k, n); break;
	case N_STR: check_string(k, n); break;
	case N_IDENT: check_ident(k, n); break;
	case N_VAR: check_variable(k, n); break;
	case N_MAP: check_map_read(k, n); break;
	case N_POSITIONAL: check_positional(k, n, false); break;
	case N_CALL: check_call(k, n, false); break;
	case N_UNARY: check_unary(k, n); break;
	case N_INCDEC: check_incdec(k, n); break;
	case N_BINARY: check_binary(k, n); break;
	case N_TERNARY: check_ternary(k, n, false); break;
	case N_CAST: check_cast(k, n); break;
	case N_FIELD: check_field(k, n); break;
	case N_INDEX: check_index(k, n); break;
	case N_TUPLE: check_tuple(k, n); break;
	case N_SIZEOF: check_sizeof(k, n); break;
	case N_RECORD: check_record(k, n); break;
	case N_OFFSETOF: check_offsetof(k, n); break;
	case N_BLOCKEXPR: check_block_expr(k, n, false); break;
	case N_IF: check_if_expr(k, n, false); break;
	case N_TYPENAME:
		check_error(k, n, TYPE, "a type where a value is expected");
		n->type = check_poison();
		break;
	default:
		check_error(k, n, INTERNAL, "a %s where a value is expected",
			    node_kind_name(n->kind));
		n->type = check_poison();
	}
}

void check_place(struct check *k, struct node *n)
{
	unsigned errors = k->c->diags.errors;

	if (k->depth >= COMPILE_MAX_HEIGHT) {
		check_error(k, n, TOO_DEEP, "nested deeper than %d", COMPILE_MAX_HEIGHT);
		n->type = check_poison();
		return;
	}
	k->depth++;
	dispatch(k, n);
	k->depth--;
	if (n->expansion)
		check_macro_note(k, n, errors);
}

void check_expr(struct check *k, struct node *n)
{
	check_place(k, n);
	if (!check_poisoned(n->type) && check_is_chars(n->type))
		n->type = type_with_space(k->types, type_string(k->types, n->type->count),
					  n->type->space);
}

void check_cond(struct check *k, struct node *n, const char *where)
{
	check_expr(k, n);
	if (check_poisoned(n->type) || check_is_condition(n->type))
		return;
	check_error(k, n, TYPE, "'%s' needs an integer or a pointer, not %s", where,
		    check_print(k, n->type));
	if (n->type->kind == TY_STRING)
		check_hint(k, "compare it: … == \"text\"");
}
