/*
 * delete(@m, key), delete(@m[key]), delete(@m): removes a key, or resets a map
 * without keys. Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void delete_check(struct check *k, struct node *call)
{
	const struct node *map = call->call.args;

	if (!k->final || map->map.keyed || !map->map.map->nkeys)
		return;
	check_error(k, map, MAP_KEY, "delete() needs a key of '%s'", map->map.name);
	check_hint(k, "clear(%s) removes all keys", map->map.name);
}

/* A program reaches only its own CPU's part of an aggregation: the runtime resets it. */
static ir_val delete_aggregation(struct lower *l, const struct node *call)
{
	int64_t params[4] = { call->call.args->map.map->index };

	lower_event_args(l, "clear", call, NULL, NULL, params);
	return ir_const(l->ir, 1);
}

static ir_val delete_lower(struct lower *l, const struct node *call)
{
	const struct node *map = call->call.args;
	const struct map *m = map->map.map;
	ir_val was;

	if (call->call.data == CALL_TAKEN) /* by the print() before it */
		return ir_const(l->ir, 1);
	if (!map->map.keyed && m->value && m->value->kind == TY_AGG)
		return delete_aggregation(l, call);
	was = ir_bool(l->ir, lower_map_delete(l, map));
	if (call->call.unused) /* who asks for the result knows */
		lower_fail_if(l, ir_icmp(l->ir, IR_EQ, was, ir_const(l->ir, 0)), LOSS_DELETE,
			      call->loc, (int)m->index);
	return was;
}

const struct builtin bcct_builtin_delete = {
	.name = "delete",
	.prototype = "delete(mapkey m[, key k]) bool",
	.flags = BUILTIN_CALL | BUILTIN_EMPTY,
	.check = delete_check,
	.lower = delete_lower,
	.doc = "Removes a key from a map, or resets a map that has none. True when it was there.",
	.example = "BEGIN < @[1] = 1; @[2] = 2; delete(@, 1); print(@); clear(@); exit() >",
	.expect = "@[2]: 2\n",
};
#endif
