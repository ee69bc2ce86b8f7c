/*
 * What stands outside of clauses: settings, declarations of maps, imports.
 * Runs before anything else is checked.
 */
#include <stdio.h>
#include <string.h>

#include "parser/check/internal.h"

/* ---- config = { … } ---- */

static const char *setting_text(struct check *k, const struct node *value)
{
	switch (value->kind) {
	case N_NUM: return arena_printf(k->arena, "%llu", (unsigned long long)value->num.value);
	case N_STR: return value->str.text;
	case N_IDENT: return value->ident.name;
	default: return NULL;
	}
}

static void unknown_setting(struct check *k, const struct node *n)
{
	struct nearest near = nearest_init(n->setting.name);
	int i;

	check_error(k, n, UNKNOWN_NAME, "there is no setting '%s'", n->setting.name);
	for (i = 0; i < OPT_COUNT; i++)
		nearest_try(&near, option_name(i));
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
}

static void check_setting(struct check *k, const struct node *n)
{
	int id = option_find(n->setting.name);
	const char *text = setting_text(k, n->setting.value);

	if (id < 0) {
		unknown_setting(k, n);
		return;
	}
	if (text && option_set(&k->c->options, id, text) == 0)
		return;
	check_error(k, n->setting.value, RANGE, "'%s' is no value for '%s'", text ? text : "this",
		    n->setting.name);
	check_hint(k, "%s: %s", option_name(id), option_about(id));
}

/* Settings go before the probes, in one block. */
static void check_config_place(struct check *k, const struct node *config)
{
	const struct node *program = checker_of(k)->program, *n;

	for (n = program->program.toplevel; n && n != config; n = n->next) {
		if (n->kind != N_CONFIG || n->loc.file != config->loc.file)
			continue;
		check_error(k, config, DUPLICATE, "there are settings already");
		diag_add(&k->c->diags, DIAG_NOTE, TAG_DUPLICATE, n->loc, "the other ones");
		return;
	}
	for (n = program->program.clauses; n; n = n->next) {
		if (n->loc.file != config->loc.file || n->loc.offset > config->loc.offset)
			continue;
		check_error(k, config, SYNTAX, "settings stand before the probes");
		return;
	}
}

static void check_config(struct check *k, const struct node *config)
{
	const struct node *n, *other;
	const char *bad;

	check_config_place(k, config);
	for (n = config->config.settings; n; n = n->next) {
		for (other = config->config.settings; other != n; other = other->next)
			if (option_find(other->setting.name) == option_find(n->setting.name) &&
			    option_find(n->setting.name) >= 0)
				diag_warn(&k->c->diags, DUPLICATE, n->loc, "'%s' is set twice",
					  n->setting.name);
		check_setting(k, n);
	}
	options_from_env(&k->c->options, &bad); /* wins; a bad one was reported at the start */
}

void check_unstable(struct check *k, const struct node *n, enum option id, const char *what)
{
	int64_t level = k->c->options.v[id]; /* 0 error, 1 warn, 2 enable */

	if (level == 0) {
		check_error(k, n, NOT_YET, "%s is switched off", what);
		check_hint(k, "config = { %s = enable }", option_name(id));
	} else if (level == 1) {
		diag_warn(&k->c->diags, NOT_YET, n->loc, "%s is unstable: it may change", what);
		check_hint(k, "config = { %s = enable } is silent", option_name(id));
	}
}

/* ---- let @m = hash(100) ---- */

static const struct {
	const char *name;
	enum map_decl decl;
} map_kinds[] = {
	{"hash", MAP_HASH}, {"lruhash", MAP_LRUHASH}, {"percpuhash", MAP_PERCPUHASH},
	{"percpulruhash", MAP_PERCPULRUHASH}, {"array", MAP_ARRAY},
	{"percpuarray", MAP_PERCPUARRAY},
};

#define NKINDS (sizeof(map_kinds) / sizeof(map_kinds[0]))

static bool is_array(enum map_decl decl)
{
	return decl == MAP_ARRAY || decl == MAP_PERCPUARRAY;
}

static void unknown_kind(struct check *k, const struct node *n)
{
	struct nearest near = nearest_init(n->mapdecl.kind);
	unsigned i;

	check_error(k, n, UNKNOWN_NAME, "there is no kind of map '%s'", n->mapdecl.kind);
	for (i = 0; i < NKINDS; i++)
		nearest_try(&near, map_kinds[i].name);
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
	else
		check_hint(k, "hash, lruhash, percpuhash, percpulruhash, array, percpuarray");
}

static bool declared_size(struct check *k, const struct node *n, int64_t *size)
{
	*size = 1;
	if (!n->mapdecl.size)
		return true;
	if (!check_const(k, n->mapdecl.size, size)) {
		check_error(k, n->mapdecl.size, NOT_CONSTANT, "the size of a map must be constant");
		return false;
	}
	if (*size >= 1 && *size <= 1 << 24)
		return true;
	check_error(k, n->mapdecl.size, RANGE, "a map has 1 to %d entries, not %lld", 1 << 24,
		    (long long)*size);
	return false;
}

static void declare_map(struct check *k, struct node *n)
{
	struct checker *c = checker_of(k);
	struct map m = {0};
	struct map *kept;
	int64_t size;
	unsigned i;

	for (i = 0; i < NKINDS && strcmp(map_kinds[i].name, n->mapdecl.kind) != 0; i++)
		;
	if (i == NKINDS) {
		unknown_kind(k, n);
		return;
	}
	if (!declared_size(k, n, &size))
		return;
	if (strmap_get(&c->declared, n->mapdecl.name)) {
		check_error(k, n, DUPLICATE, "'%s' is declared twice", n->mapdecl.name);
		return;
	}
	m.decl = map_kinds[i].decl;
	m.max_entries = (uint32_t)size;
	m.loc = n->loc;
	kept = arena_new_of(k->arena, struct map);
	*kept = m;
	strmap_put(&c->declared, n->mapdecl.name, kept);
}

/* After the passes: does what the program does with the map suit its kind? */
void check_declared_map(struct check *k, const struct map *m)
{
	if (!is_array(m->decl) || !m->assigned)
		return;
	if (m->value && m->value->kind == TY_AGG)
		diag_error(&k->c->diags, MAP_TYPE, m->loc,
			   "'%s' holds %s(): an aggregation cannot be in an array", m->name,
			   m->value->name);
	else if (m->nkeys > 1 || (m->key && !type_is_integer(m->key)))
		diag_error(&k->c->diags, MAP_KEY, m->loc,
			   "'%s' is an array: its key must be one integer", m->name);
}

void check_toplevel(struct check *k, struct node *program)
{
	struct node *n;

	check_imports(k, program);
	for (n = program->program.toplevel; n; n = n->next) {
		if (n->kind == N_CONFIG)
			check_config(k, n);
		else if (n->kind == N_MAPDECL)
			declare_map(k, n);
	}
	for (n = program->program.toplevel; n; n = n->next) {
		if (n->kind == N_IMPORT)
			check_unstable(k, n, OPT_UNSTABLE_IMPORT, "import");
		else if (n->kind == N_MACRO)
			check_unstable(k, n, OPT_UNSTABLE_MACRO, "macro");
		else if (n->kind == N_MAPDECL)
			check_unstable(k, n, OPT_UNSTABLE_MAP_DECL, "the declaration of a map");
	}
}
