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
	unsigned errors = k->c->diags.errors;

	if (n->kind == N_CALL) {
		check_call(k, n, true);
		return;
	}
	if (check_bare_call(k, n, true))
		return;
	if (n->kind == N_IF) {
		check_if_expr(k, n, true);
		return;
	}
	if (n->kind == N_BLOCKEXPR) {
		check_block_expr(k, n, true);
		check_macro_note(k, n, errors);
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

static void check_assign(struct check *k, struct node *n)
{
	const struct aggregation *agg = check_agg_of(k, n->assign.value);

	switch (n->assign.target->kind) {
	case N_VAR:
		check_assign_variable(k, n);
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

/* The parser makes one of "_ = value", too, which says that the value is not wanted. */
static void check_expr_stmt(struct check *k, struct node *n)
{
	struct node *e = n->expr.expr;

	if (e->loc.offset == n->loc.offset || has_effect(e) || e->kind == N_BLOCKEXPR)
		check_effect(k, e);
	else
		check_expr(k, e);
}

static void check_return(struct check *k, struct node *n)
{
	struct node *value = n->ret.value;

	if (n->ret.fn) {
		check_fn_return(k, n);
		return;
	}
	if (!value)
		return;
	check_expr(k, value);
	if (!check_poisoned(value->type) && !type_is_integer(value->type))
		check_error(k, value, TYPE, "a probe returns an integer, not %s",
			    check_print(k, value->type));
}

void check_block(struct check *k, struct node *n)
{
	struct scope s;

	check_scope_enter(k, &s, NULL);
	check_stmts(k, n->block.stmts);
	check_scope_leave(k);
}

static void check_stmt(struct check *k, struct node *n);

static void check_if(struct check *k, struct node *n)
{
	bool before;

	if (n->cond.comptime) {
		if (check_comptime(k, n))
			check_stmt(k, n);
		return;
	}
	if (n->cond.then && n->cond.then->kind == N_BLOCKEXPR) {
		check_if_expr(k, n, true);
		return;
	}
	check_cond(k, n->cond.cond, "if");
	before = check_arm_enter(k, n->cond.cond, true);
	check_stmts(k, n->cond.then);
	k->dead = before;
	check_arm_enter(k, n->cond.cond, false);
	check_stmts(k, n->cond.otherwise);
	k->dead = before;
}

static void check_stmt(struct check *k, struct node *n)
{
	k->stmt = n;
	switch (n->kind) {
	case N_EXPR: check_expr_stmt(k, n); break;
	case N_ASSIGN: check_assign(k, n); break;
	case N_LET: check_let(k, n); break;
	case N_IF: check_if(k, n); break;
	case N_BLOCK: check_block(k, n); break;
	case N_BLOCKEXPR: check_effect(k, n); break;
	case N_WHILE: check_while(k, n); break;
	case N_FOR: check_for(k, n); break;
	case N_UNROLL: check_unroll(k, n); break;
	case N_BREAK: case N_CONTINUE: check_jump(k, n); break;
	case N_RETURN: check_return(k, n); break;
	case N_FNBODY: check_fn_body(k, n); break;
	default:
		check_error(k, n, INTERNAL, "a %s where a statement is expected",
			    node_kind_name(n->kind));
	}
}

void check_stmts(struct check *k, struct node *list)
{
	if (k->depth >= COMPILE_MAX_HEIGHT) {
		check_error(k, list, TOO_DEEP, "nested deeper than %d", COMPILE_MAX_HEIGHT);
		return;
	}
	k->depth++;
	for (; list; list = list->next)
		check_stmt(k, list);
	k->depth--;
}
