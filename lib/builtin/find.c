/*
 * find(@m, key, $out): looks a key up and keeps its value; a shorthand, taken apart here.
 * Used by the check.
 */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static struct node *find_word(struct check *k, const struct node *at, const char *name)
{
	struct node *n = node_new(k->arena, N_IDENT, at->loc);

	n->ident.name = name;
	return n;
}

/* has_key(@m, key) */
static struct node *find_test(struct check *k, const struct node *call)
{
	struct node *n = node_new(k->arena, N_CALL, call->loc);

	n->call.name = "has_key";
	n->call.name_loc = call->call.name_loc;
	n->call.args = node_clone(k->arena, call->call.args);
	n->call.args->next = node_clone(k->arena, call->call.args->next);
	n->call.args->next->next = NULL;
	n->call.nargs = 2;
	return n;
}

/* has_key(@m, key) ? { $out = @m[key]; true } : false */
static void find_rewrite(struct check *k, struct node *call)
{
	struct node *map = call->call.args, *key = map ? map->next : NULL;
	struct node *out = key ? key->next : NULL, *set, *block, *test;

	if (call->call.nargs != 3 || map->kind != N_MAP || map->map.keyed || out->kind != N_VAR) {
		check_error(k, call, ASSIGN, "find() takes a map, a key and a variable");
		check_hint(k, "find(@m, key, $value)");
		return;
	}
	test = find_test(k, call);
	set = node_new(k->arena, N_ASSIGN, call->loc);
	map->next = key->next = NULL;
	map->map.keys = key;
	map->map.keyed = true;
	set->assign.target = out;
	set->assign.value = map;
	set->assign.op_loc = call->loc;
	block = node_new(k->arena, N_BLOCKEXPR, call->loc);
	block->blockexpr.stmts = set;
	block->blockexpr.result = find_word(k, call, "true");
	call->kind = N_TERNARY;
	call->ternary.cond = test;
	call->ternary.yes = block;
	call->ternary.no = find_word(k, call, "false");
}

const struct builtin bcct_builtin_find = {
	.name = "find",
	.prototype = "find(map m, key k, any out) -",
	.flags = BUILTIN_CALL,
	.rewrite = find_rewrite,
	.doc = "Looks a key up: true when it is there, and its value is in the variable "
	       "then.",
	.example = "BEGIN { @[1] = 5; let $v = 0; if (find(@, 1, $v)) { printf(\"%d\\n\", $v) "
	           "} clear(@); exit() }",
	.expect = "5\n",
};
#endif
