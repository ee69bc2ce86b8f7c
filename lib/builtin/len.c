/*
 * len(@m), len(kstack): how many keys a map has, how many frames a stack. Used by
 * the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

/* A map without keys is a value like others. */
static bool len_of_map(const struct node *n)
{
	return n->kind == N_MAP && !n->map.keyed && n->map.map->nkeys;
}

static void len_check(struct check *k, struct node *call)
{
	struct node *arg = check_arg(call, 0);

	call->type = type_int(k->types, 8, false);
	if (len_of_map(arg) || !k->final)
		return;
	if (arg->type->kind != TY_KSTACK && arg->type->kind != TY_USTACK) {
		check_error(k, arg, TYPE, "len() takes a map or a stack, not %s",
			    type_print(k->arena, arg->type));
		if (arg->kind == N_MAP && arg->map.keyed)
			check_hint(k, "for the number of keys give the map without one");
	}
}

static ir_val len_lower(struct lower *l, const struct node *call)
{
	const struct node *arg = call->call.args;

	if (len_of_map(arg))
		return lower_map_count(l, arg->map.map, call->loc);
	return ir_load(l->ir, lower_expr(l, arg), 4, false); /* its first word is the depth */
}

const struct builtin bcct_builtin_len = {
	.name = "len",
	.prototype = "len(any what) -",
	.flags = BUILTIN_CALL,
	.check = len_check,
	.lower = len_lower,
	.doc = "Number of keys of a map, or of frames of a stack.",
	.example = "BEGIN { @[1] = 1; @[2] = 1; printf(\"%d\\n\", len(@)); clear(@); exit() }",
	.expect = "2\n",
};
#endif
