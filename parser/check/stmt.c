/*
 * Statements.
 */
#include "parser/check/internal.h"

static bool has_effect(const struct node *n)
{
	return n->kind == N_CALL || n->kind == N_INCDEC ||
	       (n->kind == N_TERNARY && n->ternary.yes && has_effect(n->ternary.yes) &&
		has_effect(n->ternary.no));
}

/* An expression for what it does: its value is dropped. */
void check_effect(struct check *k, struct node *n)
{
	if (n->kind == N_CALL) {
		check_call(k, n, true);
		return;
	}
	if (n->kind == N_TERNARY && has_effect(n)) {
		k->depth++;
		check_ternary(k, n, true);
		k->depth--;
		return;
	}
	check_expr(k, n);
	if (!check_poisoned(n->type) && !has_effect(n))
		diag_warn(&k->c->diags, UNUSED_VALUE, n->loc, "this value is not used");
}

static void assign_variable(struct check *k, struct node *n)
{
	struct node *target = n->assign.target, *value = n->assign.value;
	const struct type *t, *old = NULL;
	struct check_var *v;

	if (n->assign.op != OP_NONE) {
		check_variable(k, target);
		old = target->type;
	}
	check_expr(k, value);
	t = value->type;
	if (n->assign.op != OP_NONE)
		t = check_arith(k, n, n->assign.op, old, t);
	v = check_var_find(k, target->var.name, true);
	if (!v->var.loc.file)
		v->var.loc = target->loc;
	v->assigned = true;
	target->var.var = &v->var;
	target->type = v->value.type ? v->value.type : check_poison();
	if (check_poisoned(t))
		return;
	if (t->kind == TY_NONE || t->size > CHECK_MAX_VALUE_BYTES) {
		check_error(k, value, TOO_LARGE, "a value of more than %d bytes",
			    CHECK_MAX_VALUE_BYTES);
		return;
	}
	t = check_stored(k, t);
	if (check_grow(k, &v->value, t, check_rank(k, value))) {
		target->type = v->var.type = v->value.type;
		return;
	}
	check_error(k, n, TYPE, "'%s' holds %s, it cannot hold %s", v->var.name,
		    check_print_place(k, v->value.type), check_print_place(k, t));
	diag_add(&k->c->diags, DIAG_NOTE, TAG_TYPE, v->var.loc, "the first assignment");
}

static void check_assign(struct check *k, struct node *n)
{
	const struct aggregation *agg = check_agg_of(n->assign.value);

	switch (n->assign.target->kind) {
	case N_VAR:
		assign_variable(k, n);
		break;
	case N_MAP:
		if (agg && n->assign.op == OP_NONE)
			check_map_agg(k, n, agg);
		else
			check_map_assign(k, n);
		break;
	default:
		check_expr(k, n->assign.target);
		check_expr(k, n->assign.value);
		check_error(k, n->assign.target, ASSIGN,
			    "only variables ($x) and maps (@x) can be assigned");
	}
}

static void check_stmt(struct check *k, struct node *n)
{
	k->stmt = n;
	switch (n->kind) {
	case N_EXPR: check_effect(k, n->expr.expr); break;
	case N_ASSIGN: check_assign(k, n); break;
	case N_IF:
		check_cond(k, n->cond.cond, "if");
		check_stmts(k, n->cond.then);
		check_stmts(k, n->cond.otherwise);
		break;
	case N_BLOCK: check_stmts(k, n->block.stmts); break;
	case N_RETURN: break;
	default:
		check_error(k, n, INTERNAL, "a %s where a statement is expected",
			    node_kind_name(n->kind));
	}
}

void check_stmts(struct check *k, struct node *list)
{
	if (k->depth >= 2 * COMPILE_MAX_DEPTH) {
		check_error(k, list, TOO_DEEP, "nested deeper than %d", COMPILE_MAX_DEPTH);
		return;
	}
	k->depth++;
	for (; list; list = list->next)
		check_stmt(k, list);
	k->depth--;
}
