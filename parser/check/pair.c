/*
 * print(@m) followed by clear(@m): marked as a pair, so that the rows that are
 * printed are exactly those that are removed. Runs on a checked program.
 */
#include <string.h>

#include "parser/check/internal.h"

#define LOOK_BACK 32 /* statements between a print and its clear */

/* The map whose whole the call takes as its first argument, if the unit has the flag. */
static struct map *whole_map(const struct node *call, unsigned flag)
{
	const struct node *map;

	if (call->kind != N_CALL || !call->call.builtin || !(call->call.builtin->flags & flag))
		return NULL;
	map = call->call.args;
	if (!map || map->kind != N_MAP || map->map.keyed)
		return NULL;
	/* delete(@m, key) */
	return map->next && call->call.builtin->flags & BUILTIN_EMPTY ? NULL : map->map.map;
}

static struct node *call_of(struct node *stmt)
{
	return stmt->kind == N_EXPR && stmt->expr.expr->kind == N_CALL ? stmt->expr.expr : NULL;
}

/* Does a statement between the two forbid the pair: it may leave, or uses the rows too. */
static bool hinders(void *user, const struct node *n, unsigned depth)
{
	const struct map *m = user;

	(void)depth;
	if (n->kind == N_RETURN)
		return true;
	if (n->kind == N_CALL && n->call.builtin && (n->call.builtin->flags & BUILTIN_LEAVE))
		return true;
	return whole_map(n, BUILTIN_PRINT | BUILTIN_EMPTY) == m;
}

static void pair_with(struct node **stmts, unsigned at, struct node *empty, struct map *m)
{
	unsigned i;

	for (i = at; i > 0 && at - i < LOOK_BACK; i--) {
		struct node *call = call_of(stmts[i - 1]);

		if (call && whole_map(call, BUILTIN_PRINT) == m && !call->call.data) {
			call->call.data = strcmp(empty->call.name, "zero") == 0 ? CALL_TAKE_ZERO
										: CALL_TAKE;
			empty->call.data = CALL_TAKEN;
			return;
		}
		if (check_walk(stmts[i - 1], 0, hinders, m))
			return;
	}
}

static void pair_list(struct check *k, struct node *list);

static void pair_inside(struct check *k, struct node *n)
{
	if (n->kind == N_BLOCK) {
		pair_list(k, n->block.stmts);
	} else if (n->kind == N_EXPR && n->expr.expr->kind == N_BLOCKEXPR) {
		pair_list(k, n->expr.expr->blockexpr.stmts);
	} else if (n->kind == N_IF) {
		pair_list(k, n->cond.then);
		pair_list(k, n->cond.otherwise);
	} else if (n->kind == N_FOR) {
		pair_list(k, n->each.body);
	} else if (n->kind == N_WHILE) {
		pair_list(k, n->loop.body);
	} else if (n->kind == N_UNROLL) {
		pair_list(k, n->unroll.body);
	}
}

static void pair_list(struct check *k, struct node *list)
{
	unsigned i = 0, count = node_count(list);
	struct node **stmts = arena_alloc(k->arena, (count + 1) * sizeof(*stmts)), *n;

	for (n = list; n; n = n->next, i++) {
		struct node *call = call_of(n);
		struct map *m = call ? whole_map(call, BUILTIN_EMPTY) : NULL;

		stmts[i] = n;
		if (m)
			pair_with(stmts, i, call, m);
		pair_inside(k, n);
	}
}

/* Integers that clauses count in. */
static bool mark_summed(void *user, const struct node *n, unsigned depth)
{
	const struct node *target = n->kind == N_INCDEC ? n->incdec.operand :
				    n->kind == N_ASSIGN && n->assign.op != OP_NONE
					    ? n->assign.target : NULL;

	(void)user, (void)depth;
	if (target && target->kind == N_MAP)
		target->map.map->summed = true;
	return false;
}

/*
 * Aggregations and counters that are emptied while probes run are reached through a
 * switch. Other maps are not: what is assigned to them is not a part of a total.
 */
static bool mark_swap(void *user, const struct node *n, unsigned depth)
{
	struct map *m = whole_map(n, BUILTIN_EMPTY);

	(void)user, (void)depth;
	if (!m || !m->value)
		return false;
	if (m->value->kind == TY_AGG ||
	    (m->summed && !m->c && (m->decl == MAP_UNDECLARED || m->decl == MAP_HASH)))
		m->swap = true;
	return false;
}

void check_pairs(struct check *k, struct node *program)
{
	struct node *clause;

	check_walk(program, 0, mark_summed, NULL);
	check_walk(program, 0, mark_swap, NULL);
	for (clause = program->program.clauses; clause; clause = clause->next)
		pair_list(k, clause->clause.body);
}
