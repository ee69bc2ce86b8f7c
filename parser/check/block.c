/*
 * Expressions made of statements: { …; value }, and if with a value in each arm.
 */
#include "parser/check/internal.h"

static void check_result(struct check *k, struct node *n, bool effect)
{
	struct node *result = n->blockexpr.result;

	n->type = effect ? type_none(k->types) : check_poison();
	if (!result && !effect) {
		if (n->blockexpr.fn) {
			check_error(k, n, TYPE, "function '%s' returns nothing",
				    n->blockexpr.fn->macro.name);
			return;
		}
		check_error(k, n, TYPE, "this block has no value");
		check_hint(k, "its last line has a value when it does not end with ';'");
	} else if (result && effect && n->expansion && result->kind != N_CALL &&
		   result->kind != N_BLOCKEXPR && result->kind != N_IF) {
		check_expr(k, result); /* a macro's value need not be used */
	} else if (result && effect) {
		check_effect(k, result);
	} else if (result) {
		check_expr(k, result);
		n->type = result->type;
	}
}

void check_block_expr(struct check *k, struct node *n, bool effect)
{
	struct scope s;

	check_scope_enter(k, &s, NULL);
	check_stmts(k, n->blockexpr.stmts);
	check_result(k, n, effect);
	check_scope_leave(k);
}

/* An arm: a BLOCKEXPR, or a further IF. */
static void check_arm(struct check *k, struct node *n, bool effect)
{
	if (n->kind == N_IF)
		check_if_expr(k, n, effect);
	else if (effect)
		check_effect(k, n);
	else
		check_expr(k, n);
}

/* A value that does not hang on types, which may still grow. */
static bool is_settled(const struct node *n)
{
	switch (n->kind) {
	case N_NUM: case N_POSITIONAL: return true;
	case N_UNARY: return is_settled(n->unary.operand);
	case N_BINARY: return is_settled(n->binary.left) && is_settled(n->binary.right);
	default: return false;
	}
}

bool check_comptime(struct check *k, struct node *n)
{
	struct node *next = n->next, *live;
	int64_t value = 0;

	check_cond(k, n->cond.cond, "if");
	if (!k->settled && !k->final && !is_settled(n->cond.cond))
		return false;
	if (!check_const(k, n->cond.cond, &value)) {
		if (!check_poisoned(n->cond.cond->type))
			check_error(k, n->cond.cond, NOT_CONSTANT,
				    "the condition of 'if comptime' must be known when the program "
				    "is compiled");
		return false;
	}
	live = value ? n->cond.then : n->cond.otherwise;
	if (live)
		*n = *live;
	else
		*n = (struct node){.kind = N_BLOCK, .loc = n->loc};
	n->next = next;
	k->changed |= !k->final;
	return true;
}

void check_if_expr(struct check *k, struct node *n, bool effect)
{
	struct node *then = n->cond.then, *otherwise = n->cond.otherwise;
	const struct type *joined;
	bool before;

	if (n->cond.comptime) {
		n->type = check_poison();
		if (check_comptime(k, n) && n->kind == N_BLOCK)
			check_block(k, n);
		else if (n->kind != N_IF || !n->cond.comptime)
			check_arm(k, n, effect);
		return;
	}
	check_cond(k, n->cond.cond, "if");
	before = check_arm_enter(k, n->cond.cond, true);
	check_arm(k, then, effect);
	k->dead = before;
	check_arm_enter(k, n->cond.cond, false);
	if (otherwise)
		check_arm(k, otherwise, effect);
	k->dead = before;
	n->type = effect ? type_none(k->types) : check_poison();
	if (effect)
		return;
	if (!otherwise) {
		check_error(k, n, TYPE, "an 'if' whose value is used needs an 'else'");
		return;
	}
	if (check_poisoned(then->type) || check_poisoned(otherwise->type))
		return;
	joined = check_join_arms(k, then, otherwise);
	if (joined && joined->kind != TY_NONE) {
		n->type = joined;
		return;
	}
	check_error(k, n, TYPE, "the arms of 'if' have different types: %s and %s",
		    check_print(k, then->type), check_print(k, otherwise->type));
}
