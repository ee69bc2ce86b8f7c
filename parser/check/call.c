/*
 * Calls: arguments against the unit's prototype, then the unit's own check. A
 * unit never sees an argument whose error was already reported.
 */
#include <string.h>

#include "parser/check/internal.h"

static bool wrong_kind(struct check *k, struct node *call, struct node *arg, unsigned i,
		       enum param_kind kind)
{
	if (arg->type && arg->type->kind != TY_NONE)
		check_error(k, arg, TYPE, "argument %u of '%s' must be %s, not %s", i + 1,
			    call->call.name, proto_kind_text(kind), check_print(k, arg->type));
	else
		check_error(k, arg, TYPE, "argument %u of '%s' must be %s", i + 1,
			    call->call.name, proto_kind_text(kind));
	return false;
}

static bool not_constant(struct check *k, struct node *call, struct node *arg, unsigned i,
			 enum param_kind kind)
{
	check_error(k, arg, NOT_CONSTANT, "argument %u of '%s' must be %s", i + 1,
		    call->call.name, proto_kind_text(kind));
	return false;
}

static bool arg_map(struct check *k, struct node *call, struct node *arg, unsigned i,
		    enum param_kind kind)
{
	arg->type = arg->kind == N_MAP ? NULL : arg->type;
	if (arg->kind != N_MAP) {
		check_expr(k, arg);
		return check_poisoned(arg->type) ? false : wrong_kind(k, call, arg, i, kind);
	}
	check_map_arg(k, arg);
	if (kind == PK_MAP && arg->map.keyed) {
		check_error(k, arg, MAP_KEY, "'%s' takes a whole map, without keys",
			    call->call.name);
		return false;
	}
	return !check_poisoned(arg->type);
}

static bool arg_type(struct check *k, struct node *call, struct node *arg, unsigned i)
{
	if (arg->kind == N_TYPENAME)
		return !check_poisoned(check_typename(k, arg));
	if (arg->kind == N_IDENT) {
		arg->type = type_by_name(k->types, arg->ident.name);
		if (arg->type)
			return true;
	}
	return wrong_kind(k, call, arg, i, PK_TYPE);
}

/* $1 + n, where a string is wanted: the parameter from byte n on. False when it is reported. */
static bool arg_param_part(struct check *k, struct node *arg)
{
	struct node *param = arg->binary.left;
	const char *text;
	int64_t n;

	if (arg->kind != N_BINARY || arg->binary.op != OP_ADD ||
	    (param->kind != N_POSITIONAL && param->kind != N_STR) ||
	    !check_const(k, arg->binary.right, &n))
		return true;
	if (param->kind == N_POSITIONAL)
		check_positional(k, param, true);
	if (param->kind != N_STR)
		return true;
	text = param->str.text;
	if (n < 0 || (uint64_t)n > strlen(text)) {
		check_error(k, arg->binary.right, RANGE, "the parameter has %zu characters",
			    strlen(text));
		arg->type = check_poison();
		return k->final ? false : true;
	}
	check_become_str(k, arg, text + n);
	return true;
}

static bool arg_ptr(struct check *k, struct node *call, struct node *arg, unsigned i)
{
	if (arg->kind == N_POSITIONAL)
		check_positional(k, arg, true);
	else if (!arg_param_part(k, arg))
		return false;
	check_place(k, arg);
	if (check_poisoned(arg->type))
		return false;
	check_as_array(k, arg);
	if (arg->type->kind == TY_ARRAY)
		check_wrap_addr(k, arg);
	if (arg->type->kind == TY_PTR || type_is_integer(arg->type) || arg->kind == N_STR)
		return true;
	wrong_kind(k, call, arg, i, PK_PTR);
	if (arg->type->kind == TY_STRING)
		check_hint(k, "it is a string already");
	return false;
}

static bool arg_string(struct check *k, struct node *call, struct node *arg, unsigned i,
		       enum param_kind kind)
{
	if (arg->kind == N_POSITIONAL)
		check_positional(k, arg, true);
	check_expr(k, arg);
	if (check_poisoned(arg->type))
		return false;
	if (arg->type->kind != TY_STRING && kind == PK_STRING &&
	    (check_which_text(k, arg) || check_which_unknown(k, arg)))
		return arg->kind == N_STR;
	if (arg->type->kind != TY_STRING) {
		wrong_kind(k, call, arg, i, kind);
		if (arg->type->kind == TY_PTR && kind == PK_STRING)
			check_hint(k, "str(…) makes a string of a pointer");
		return false;
	}
	return kind != PK_STRLIT || arg->kind == N_STR || not_constant(k, call, arg, i, kind);
}

static bool arg_int(struct check *k, struct node *call, struct node *arg, unsigned i,
		    enum param_kind kind)
{
	int64_t value;

	check_expr(k, arg);
	if (check_poisoned(arg->type))
		return false;
	if (!type_is_integer(arg->type)) {
		wrong_kind(k, call, arg, i, kind);
		if (arg->type->kind == TY_PTR)
			check_hint(k, "cast it: (uint64)…");
		return false;
	}
	if (kind != PK_INTLIT)
		return true;
	if (!check_const(k, arg, &value))
		return not_constant(k, call, arg, i, kind);
	if (arg->kind != N_NUM && k->final)
		check_become_num(k, arg, (uint64_t)value, arg->type);
	return true;
}

static bool check_one(struct check *k, struct node *call, struct node *arg, unsigned i,
		      enum param_kind kind)
{
	switch (kind) {
	case PK_INT: case PK_INTLIT: return arg_int(k, call, arg, i, kind);
	case PK_STRING: case PK_STRLIT: return arg_string(k, call, arg, i, kind);
	case PK_PTR: return arg_ptr(k, call, arg, i);
	case PK_MAP: case PK_MAPKEY: return arg_map(k, call, arg, i, kind);
	case PK_TYPE: return arg_type(k, call, arg, i);
	case PK_WORD:
		arg->type = type_none(k->types);
		return arg->kind == N_IDENT || wrong_kind(k, call, arg, i, kind);
	default:
		break;
	}
	if (arg->kind == N_MAP)
		check_map_arg(k, arg);
	else
		check_expr(k, arg);
	return !check_poisoned(arg->type);
}

/* f(@m, key): the key goes into the map node. */
static bool move_key(struct check *k, struct node *call, const struct proto *p)
{
	struct node *map = call->call.args, *key = map ? map->next : NULL;

	if (p->n < 2 || p->param[1].kind != PK_KEY || !key || map->kind != N_MAP)
		return true;
	if (map->map.keyed) {
		check_error(k, key, MAP_KEY, "'%s' is given a key twice", call->call.name);
		return false;
	}
	map->next = key->next;
	key->next = NULL;
	map->map.keyed = true;
	map->map.keys = key;
	call->call.nargs--;
	return true;
}

static const char *plural(struct check *k, unsigned n)
{
	return n == 1 ? "1 argument" : arena_printf(k->arena, "%u arguments", n);
}

static bool check_count(struct check *k, struct node *call, const struct proto *p,
			const char *prototype)
{
	bool keyed = p->n > 1 && p->param[1].kind == PK_KEY && call->call.args &&
		     call->call.args->kind == N_MAP && call->call.args->map.keyed;
	unsigned n = node_count(call->call.args) + keyed;
	const char *name = call->call.name;

	if (n >= p->required && (n <= p->n || p->rest))
		return true;
	if (p->required == p->n && !p->rest)
		check_error(k, call, ARG_COUNT, "'%s' takes %s, not %u", name, plural(k, p->n), n);
	else if (n < p->required)
		check_error(k, call, ARG_COUNT, "'%s' takes at least %s, not %u", name,
			    plural(k, p->required), n);
	else
		check_error(k, call, ARG_COUNT, "'%s' takes at most %s, not %u", name,
			    plural(k, p->n), n);
	check_hint(k, "%.*s", (int)(strcspn(prototype, ")") + 1), prototype);
	return false;
}

/* Every argument is checked, also after an error. False when there was one. */
bool check_args(struct check *k, struct node *call, const char *prototype)
{
	struct node *arg, *next;
	unsigned i = 0, number = 0;
	struct proto p;
	bool ok;

	if (!proto_parse(prototype, &p)) {
		check_error(k, call, INTERNAL, "bad prototype of '%s'", call->call.name);
		return false;
	}
	ok = move_key(k, call, &p) && check_count(k, call, &p, prototype);
	for (arg = call->call.args; arg; arg = next, number++) {
		next = arg->next;
		while (i < p.n && (p.param[i].kind == PK_KEY ||
				   (p.param[i].kind == PK_WORD && p.param[i].optional &&
				    arg->kind != N_IDENT)))
			i++;
		ok &= check_one(k, call, arg, number, i < p.n ? p.param[i].kind : PK_ANY);
		i++;
	}
	return ok;
}

static void check_args_only(struct check *k, struct node *call)
{
	struct node *arg;

	for (arg = call->call.args; arg; arg = arg->next) {
		if (arg->kind == N_MAP)
			check_map_arg(k, arg);
		else
			check_expr(k, arg);
	}
}

static void unknown_function(struct check *k, struct node *call, const struct builtin *b)
{
	struct loc loc = call->call.name_loc.file ? call->call.name_loc : call->loc;
	struct nearest near = nearest_init(call->call.name);
	uint32_t number;
	unsigned i;

	if (b || check_pvar_find(k->clause->clause.provider, call->call.name, &number)) {
		diag_error(&k->c->diags, UNKNOWN_FUNCTION, loc,
			   "'%s' is a variable, not a function", call->call.name);
		check_hint(k, "write it without ()");
		return;
	}
	diag_error(&k->c->diags, UNKNOWN_FUNCTION, loc, "unknown function '%s'", call->call.name);
	for (i = 0; bcct_builtins[i]; i++)
		if (bcct_builtins[i]->flags & BUILTIN_CALL)
			nearest_try(&near, bcct_builtins[i]->name);
	for (i = 0; bcct_aggregations[i]; i++)
		nearest_try(&near, bcct_aggregations[i]->name);
	check_c_near(k, &near);
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
}

static void misplaced_agg(struct check *k, struct node *call, const struct aggregation *agg)
{
	check_args(k, call, agg->prototype);
	check_error(k, call, AGG_PLACE, "'%s' must be assigned directly to a map", agg->name);
	check_hint(k, "@ = %s(…)", agg->name);
}

const struct aggregation *check_agg_of(struct check *k, const struct node *value)
{
	return value->kind == N_CALL && !check_c_named(k, value->call.name)
		       ? aggregation_find(value->call.name) : NULL;
}

static void call_builtin(struct check *k, struct node *n, const struct builtin *b, bool effect)
{
	const struct type *result;
	struct proto p;
	bool ok;

	n->call.builtin = b;
	n->call.unused = effect;
	ok = check_args(k, n, b->prototype);
	result = proto_parse(b->prototype, &p) ? proto_result(k, &p) : NULL;
	if (!effect && (b->flags & BUILTIN_STATEMENT)) {
		check_error(k, n, TYPE, "'%s' has no value", b->name);
		return;
	}
	if ((b->flags & BUILTIN_UNSAFE) && !k->c->unsafe) {
		check_error(k, n, UNSAFE, "'%s' changes the system and needs --unsafe", b->name);
		return;
	}
	if (!ok) {
		if (result)
			n->type = result;
		return;
	}
	n->type = result;
	if (b->check)
		b->check(k, n);
	if (!n->type || (n->type->kind == TY_NONE && !effect))
		n->type = check_poison();
}

/* cpu() is cpu: every variable may be called, without arguments. */
static bool call_variable(struct check *k, struct node *n, const struct builtin *b)
{
	const char *name = n->call.name;
	uint32_t number;

	if (n->call.args ||
	    (!b && !check_pvar_find(k->clause->clause.provider, name, &number)))
		return false;
	memset(&n->ident, 0, sizeof(n->ident));
	n->kind = N_IDENT;
	n->ident.name = name;
	check_expr(k, n);
	return true;
}

/* effect: the call is a statement, its value is not used. */
void check_call(struct check *k, struct node *n, bool effect)
{
	const struct builtin *b = builtin_find(n->call.name);
	const struct aggregation *agg;

	n->type = check_poison();
	if (check_c_call(k, n, effect))
		return;
	if (b && b->rewrite) {
		b->rewrite(k, n);
		if (n->kind != N_CALL && effect)
			check_effect(k, n);
		else if (n->kind != N_CALL)
			check_expr(k, n);
		return;
	}
	if (b && (b->flags & BUILTIN_CALL)) {
		call_builtin(k, n, b, effect);
		return;
	}
	if (call_variable(k, n, b))
		return;
	agg = aggregation_find(n->call.name);
	if (agg) {
		misplaced_agg(k, n, agg);
		return;
	}
	unknown_function(k, n, b);
	check_args_only(k, n);
}

struct node *check_arg(const struct node *call, unsigned i)
{
	struct node *arg = call->call.args;

	while (arg && i--)
		arg = arg->next;
	return arg;
}
