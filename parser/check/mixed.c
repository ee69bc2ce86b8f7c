/*
 * Clauses and BPF C in one program: calls of C functions, and maps that C declares.
 * What a script defines itself goes before builtins of the same name.
 */
#include <string.h>

#include "parser/c/c.h"
#include "parser/check/internal.h"

static struct c_unit *unit_with(struct check *k, const char *function)
{
	const struct node *n;

	for (n = checker_of(k)->program->program.cunits; n; n = n->next)
		if (c_function_named(n->cunit.unit, function))
			return n->cunit.unit;
	return NULL;
}

bool check_c_named(struct check *k, const char *function)
{
	return unit_with(k, function) != NULL;
}

void check_c_near(struct check *k, struct nearest *near)
{
	const struct node *n;
	unsigned i;

	for (n = checker_of(k)->program->program.cunits; n; n = n->next)
		for (i = 0; i < n->cunit.unit->nnames; i++)
			if (c_function_named(n->cunit.unit, n->cunit.unit->names[i].name))
				nearest_try(near, n->cunit.unit->names[i].name);
}

/* ---- values ------------------------------------------------------------- */

static bool is_struct(const struct type *t)
{
	return t->kind == TY_STRUCT || t->kind == TY_UNION;
}

/* Equal, wherever they and what they point to lie. */
static bool same(const struct type *a, const struct type *b)
{
	if (a->kind != b->kind || a->size != b->size)
		return false;
	if (is_struct(a))
		return a->btf_id == b->btf_id && a->name && b->name && !strcmp(a->name, b->name);
	return a->kind == TY_PTR ? same(a->elem, b->elem) : c_same_type(a, b);
}

/* char, unsigned char and void may stand for each other behind a pointer. */
static bool is_bytes(const struct type *t)
{
	return t->kind == TY_NONE || (t->kind == TY_INT && t->size == 1) || t->kind == TY_STRING ||
	       (t->kind == TY_ARRAY && t->elem->size == 1);
}

static bool fits_members(struct check *k, const struct type *from, const struct type *to)
{
	const struct member *f, *t;
	uint32_t nf = type_members(k->types, from, &f), nt = type_members(k->types, to, &t), i;

	for (i = 0; i < nf && nf == nt; i++)
		if ((f[i].name && t[i].name && strcmp(f[i].name, t[i].name) != 0) ||
		    t[i].bit_size || !check_c_fits(k, f[i].type, t[i].type))
			return false;
	return nf == nt;
}

bool check_c_fits(struct check *k, const struct type *from, const struct type *to)
{
	if (same(from, to))
		return true;
	if (type_is_integer(to))
		return type_is_integer(from) || (from->kind == TY_PTR && to->size == 8);
	if (to->kind == TY_PTR)
		return from->kind == TY_PTR || (type_is_integer(from) && from->size == 8);
	if (to->kind == TY_STRING)
		return from->kind == TY_STRING;
	if (is_struct(to))
		return (from->kind == TY_TUPLE || from->kind == TY_RECORD) &&
		       fits_members(k, from, to);
	return false;
}

static const char *print_c(struct check *k, const struct type *t)
{
	return t->kind == TY_PTR ? arena_printf(k->arena, "'%s'", check_print(k, t))
				 : check_print(k, t);
}

/* ---- calls -------------------------------------------------------------- */

/* Programs see memory as the probe does that calls. */
static unsigned program_kind(const struct provider *p)
{
	if (!strcmp(p->section, "tracepoint"))
		return C_PROG_TRACEPOINT;
	if (!strncmp(p->section, "raw_tp", 6))
		return C_PROG_RAW_TRACEPOINT;
	if (!strcmp(p->section, "perf_event"))
		return C_PROG_PERF_EVENT;
	if (!strncmp(p->section, "fentry", 6) || !strncmp(p->section, "fexit", 5) ||
	    !strncmp(p->section, "iter", 4))
		return C_PROG_TRACING;
	return C_PROG_KPROBE;
}

static enum space plain_space(const struct check *k)
{
	const struct provider *p = k->clause->clause.provider;

	return p && p->user_memory ? SP_USER : SP_KERNEL;
}

/* Where an argument points that the function takes as a pointer. */
static enum space arg_space(const struct check *k, const struct node *arg)
{
	const struct type *t = arg->type;
	const struct node *of;

	if (t->kind != TY_PTR)
		return type_is_integer(t) ? plain_space(k) : SP_STACK;
	if (t->space == SP_VALUE)
		return plain_space(k);
	if (t->space != SP_STACK && t->space != SP_MAP)
		return t->space;
	/* one that went through a variable is only good for helpers */
	if (arg->kind != N_UNARY || arg->unary.op != OP_ADDR)
		return SP_KERNEL;
	for (of = arg->unary.operand; of->kind == N_FIELD && !of->field.arrow;)
		of = of->field.object;
	return of->kind == N_VAR ? SP_STACK
	       : arg->unary.operand->kind == N_MAP ? SP_MAP : SP_KERNEL;
}

static bool pointer_fits(const struct type *from, const struct type *to)
{
	if (same(from->elem, to->elem) || from->elem->kind == TY_NONE || to->elem->kind == TY_NONE)
		return true;
	return (is_bytes(from->elem) && is_bytes(to->elem)) ||
	       (type_is_integer(from->elem) && type_is_integer(to->elem) &&
		from->elem->size == to->elem->size);
}

/* What stands in memory is given by its address. */
static bool memory_fits(const struct type *from, const struct type *to)
{
	if (from->kind == TY_STRING)
		return is_bytes(to->elem);
	if (from->kind == TY_ARRAY)
		return to->elem->kind == TY_NONE || same(from->elem, to->elem);
	return is_struct(from) && (to->elem->kind == TY_NONE || same(from, to->elem));
}

static bool arg_fits(struct check *k, const struct node *arg, const struct type *to)
{
	const struct type *from = arg->type;

	if (to->kind == TY_PTR && from->kind == TY_PTR)
		return pointer_fits(from, to);
	if (to->kind == TY_PTR && type_in_memory(from))
		return memory_fits(from, to);
	if (to->kind == TY_PTR)
		return type_is_integer(from) && (from->size == 8 || arg->kind == N_NUM);
	if (to->kind == TY_INT && to->size > 8)
		return false;
	return is_struct(to) || type_is_integer(to) ? check_c_fits(k, from, to) : false;
}

static bool one_arg(struct check *k, struct node *call, struct node *arg, unsigned i,
		    const struct c_var *param, const struct type **out)
{
	check_place(k, arg);
	if (check_poisoned(arg->type))
		return false;
	if (arg->type->kind == TY_ARRAY && param->type->kind == TY_PTR)
		check_wrap_addr(k, arg);
	if (!arg_fits(k, arg, param->type)) {
		check_error(k, arg, TYPE, "argument %u of '%s' is %s, not %s", i + 1,
			    call->call.name, print_c(k, param->type), print_c(k, arg->type));
		if (arg->type->kind == TY_PTR && type_is_integer(param->type))
			check_hint(k, "cast it: (uint64)…");
		return false;
	}
	*out = param->type->kind == TY_PTR
		       ? type_ptr(k->types, param->type->elem, arg_space(k, arg))
		       : param->type;
	return true;
}

/* Is the first argument the context of a probe whose arguments have numbers? */
static bool is_context(struct check *k, const struct node *arg)
{
	uint32_t number;

	return arg && arg->kind == N_IDENT && !strcmp(arg->ident.name, "ctx") &&
	       check_pvar_find(k->clause->clause.provider, "arg0", &number);
}

/* f(ctx) of f(ctx, a, b): a and b are the probe's arguments, as when BCC attaches f. */
static void add_probe_args(struct check *k, struct node *call, const struct c_func *f)
{
	unsigned i;

	if (call->call.nargs != 1 || f->nparams < 2 || !is_context(k, call->call.args))
		return;
	for (i = 1; i < f->nparams; i++) {
		struct node *arg = node_new(k->arena, N_IDENT, call->loc);

		arg->ident.name = arena_printf(k->arena, "arg%u", i - 1);
		call->call.args = node_append(call->call.args, arg);
		call->call.nargs++;
	}
}

static bool count_fits(struct check *k, struct node *call, const struct c_func *f)
{
	if (call->call.nargs == f->nparams)
		return true;
	check_error(k, call, ARG_COUNT, "'%s' takes %u argument%s, not %u", f->name, f->nparams,
		    f->nparams == 1 ? "" : "s", call->call.nargs);
	if (f->loc.file)
		diag_add(&k->c->diags, DIAG_NOTE, TAG_ARG_COUNT, f->loc, "the function");
	return false;
}

static bool all_args(struct check *k, struct node *call, const struct c_func *f,
		     const struct type **types)
{
	struct node *arg, *next;
	unsigned i = 0;
	bool ok = true;

	for (arg = call->call.args; arg; arg = next, i++) {
		next = arg->next;
		ok &= one_arg(k, call, arg, i, f->params[i], &types[i]);
	}
	return ok;
}

bool check_c_call(struct check *k, struct node *n, bool effect)
{
	struct c_unit *u = unit_with(k, n->call.name);
	const struct c_func *f = u ? c_function_named(u, n->call.name) : NULL;
	const struct provider *p = k->clause->clause.provider;
	struct c_caller by = {n->call.name_loc.file ? n->call.name_loc : n->loc, 0,
			      plain_space(k), k->final};
	const struct type **types;

	if (!f)
		return false;
	n->type = check_poison();
	n->call.builtin = NULL;
	n->call.agg = NULL;
	if (!p)
		return true; /* its probe type is unknown, which was said */
	by.program = program_kind(p);
	add_probe_args(k, n, f);
	types = arena_alloc(k->arena, (n->call.nargs + 1) * sizeof(*types));
	if (!count_fits(k, n, f) || !all_args(k, n, f, types))
		return true;
	n->call.cfunc = c_function(k->c, u, n->call.name, types, n->call.nargs, &by);
	if (!n->call.cfunc)
		return true;
	n->type = n->call.cfunc->ret;
	if (n->type->kind == TY_NONE && !effect) {
		check_error(k, n, TYPE, "'%s' has no value", f->name);
		n->type = check_poison();
	}
	return true;
}

/* ---- maps --------------------------------------------------------------- */

struct c_map *check_c_map(struct check *k, const char *name)
{
	const struct node *n;
	struct c_map *m;

	for (n = checker_of(k)->program->program.cunits; n; n = n->next) {
		m = name[0] == '@' && name[1] ? c_map_named(n->cunit.unit, name + 1) : NULL;
		if (m)
			return m;
	}
	return NULL;
}

static bool has_entries(const struct c_map *m)
{
	switch (m->kind) {
	case C_HASH: case C_ARRAY: case C_PERCPU_HASH: case C_PERCPU_ARRAY: case C_LRU_HASH:
	case C_LRU_PERCPU_HASH: case C_LPM_TRIE: return true;
	default: return false;
	}
}

bool check_c_usable(struct check *k, const struct node *at, const struct map *m)
{
	if (has_entries(m->c))
		return true;
	check_error(k, at, MAP_TYPE, "'%s' has no entries that a clause could use", m->name);
	diag_add(&k->c->diags, DIAG_NOTE, TAG_MAP_TYPE, m->c->loc, "it is declared here");
	return false;
}

void check_c_declare(struct check *k, struct map *m)
{
	const struct c_map *c = m->c;

	m->loc = m->value_loc = c->loc;
	m->assigned = m->keyed_known = true;
	m->nkeys = 1;
	m->key = m->value = type_int(k->types, 8, false);
	if (!has_entries(c))
		return;
	m->key = type_with_space(k->types, c->key, SP_VALUE);
	m->value = type_with_space(k->types, c->leaf, SP_VALUE);
	if (c->kind == C_ARRAY)
		m->decl = MAP_ARRAY;
	else if (c->kind == C_PERCPU_ARRAY)
		m->decl = MAP_PERCPUARRAY;
}

/* Does a literal tuple or record, or a value, make one of type to? */
static bool value_fits(struct check *k, const struct node *n, const struct type *to)
{
	const struct node *e = n->kind == N_TUPLE ? n->tuple.elems : n->record.items;
	const struct member *m;
	uint32_t count, i;

	if (!is_struct(to) || (n->kind != N_TUPLE && n->kind != N_RECORD))
		return check_c_fits(k, n->type, to);
	count = type_members(k->types, to, &m);
	for (i = 0; e && i < count; e = e->next, i++) {
		const struct node *v = n->kind == N_TUPLE ? e : e->item.value;

		if ((n->kind == N_RECORD && (!m[i].name || strcmp(e->item.name, m[i].name))) ||
		    m[i].bit_size || !value_fits(k, v, m[i].type))
			return false;
	}
	return !e && i == count;
}

static void wrong(struct check *k, const struct node *at, const struct map *m, const char *what,
		  const struct type *is, const char *given)
{
	check_error(k, at, MAP_TYPE, "the %s of '%s' is %s, not %s", what, m->name, print_c(k, is),
		    given);
	diag_add(&k->c->diags, DIAG_NOTE, TAG_MAP_TYPE, m->c->loc, "it is declared here");
}

/* @m[a, b] is @m[(a, b)]: members of the struct that is the key. */
void check_c_keys(struct check *k, struct node *n)
{
	struct map *m = n->map.map;
	struct node *key = n->map.keys, *tuple;

	if (key && key->next) {
		tuple = node_new(k->arena, N_TUPLE, n->loc);
		tuple->tuple.elems = key;
		tuple->tuple.n = node_count(key);
		n->map.keys = key = tuple;
	}
	if (!key) {
		check_error(k, n, MAP_KEY, "'%s' has a key", m->name);
		diag_add(&k->c->diags, DIAG_NOTE, TAG_MAP_KEY, m->c->loc, "it is declared here");
		return;
	}
	check_expr(k, key);
	if (!check_poisoned(key->type) && !value_fits(k, key, m->key))
		wrong(k, key, m, "key", m->key, check_print(k, key->type));
}

void check_c_put(struct check *k, struct node *at, struct map *m, const struct node *value)
{
	if (!value_fits(k, value, m->value))
		wrong(k, at, m, "value", m->value, check_print(k, value->type));
}

/* ---- clauses' maps in C -------------------------------------------------- */

/* What C puts into the map, with the key as its first argument or without one. */
static const struct type *value_put(struct check *k, const struct c_use *u, bool keyed)
{
	const struct type *t = keyed ? u->value : u->key;

	switch (u->method) {
	case C_M_INCREMENT:
	case C_M_ATOMIC_INCREMENT: return type_int(k->types, 8, true);
	case C_M_UPDATE:
	case C_M_INSERT:
	case C_M_LOOKUP_OR_INIT:
	case C_M_LOOKUP_OR_TRY_INIT: break;
	default: return NULL;
	}
	return t && t->kind == TY_PTR ? t->elem : NULL;
}

static bool takes_value(unsigned method)
{
	return method != C_M_LOOKUP && method != C_M_DELETE;
}

/* An aggregation takes what increment() gives it; other methods see its value. */
static void aggregation_use(struct check *k, const struct map *m, const struct c_use *u,
			    const struct node *at)
{
	if (u->method == C_M_INCREMENT || u->method == C_M_ATOMIC_INCREMENT ||
	    u->method == C_M_DELETE || (u->method == C_M_LOOKUP && m->value->size == 8))
		return;
	check_error(k, at, MAP_TYPE, "'%s' holds %s(): '%s' does not go with it", m->name,
		    m->value->name, c_method_name((enum c_method)u->method));
	check_hint(k, "increment(key, n) gives it n");
}

static void one_use(struct check *k, const struct c_map *c, const struct c_use *u)
{
	struct node at = {.kind = N_MAP, .loc = u->loc};
	bool by_value = u->method == C_M_INCREMENT || u->method == C_M_ATOMIC_INCREMENT;
	const struct type *key = u->key;
	bool keyed;

	at.map.name = arena_printf(k->arena, "@%s", c->name);
	keyed = !check_map(k, &at)->keyed_known || at.map.map->nkeys;
	if (u->nargs == (by_value || !takes_value(u->method) ? 0u : 1u))
		keyed = false;
	if (keyed && !by_value)
		key = key && key->kind == TY_PTR ? key->elem : NULL;
	if (keyed && (!key || !key->size)) {
		check_error(k, &at, MAP_KEY, "the key of '%s' has no type here", at.map.name);
		return;
	}
	check_c_use(k, at.map.name, keyed ? key : NULL, value_put(k, u, keyed), &at);
	if (k->final && at.map.map->value && at.map.map->value->kind == TY_AGG)
		aggregation_use(k, at.map.map, u, &at);
}

void check_c_uses(struct check *k)
{
	const struct strmap *maps = &checker_of(k)->c_maps;
	const struct c_use *u;
	size_t i;

	for (i = 0; i < maps->n; i++) {
		struct c_map *c = maps->entries[i].value;
		struct node at = {.kind = N_MAP};

		for (u = c->uses; u; u = u->next)
			one_use(k, c, u);
		at.map.name = arena_printf(k->arena, "@%s", c->name);
		c->clause = check_map(k, &at);
	}
}
