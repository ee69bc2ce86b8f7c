/*
 * C in a program of clauses: what stands outside of clauses, their settings and
 * macros is given to the front end of BPF C. Its types and constants are then
 * found by name (types/defined.h); functions and maps are in program.cunits.
 */
#include "parser/c/c.h"
#include "parser/check/internal.h"
#include "parser/preamble.h"

#define MAIN_FILE 1 /* the program itself comes first of all sources */

typedef VEC(struct c_range) ranges;

/* Everything in a file that is not C, which stands in the order of the text. */
static void other_text(struct check *k, const struct node *program, unsigned file, ranges *r)
{
	struct c_range one = {0};
	const struct node *n;

	for (n = program->program.toplevel; n; n = n->next) {
		if (n->kind != N_CTEXT || n->loc.file != file)
			continue;
		one.length = n->loc.offset - one.offset;
		if (one.length)
			vec_apush(k->arena, r, one);
		one.offset = n->loc.offset + n->loc.length;
	}
	one.length = k->c->sources.file[file].len - one.offset;
	if (one.length)
		vec_apush(k->arena, r, one);
}

/* ---- what clauses name ---- */

static bool note_name(void *user, const struct node *n, unsigned depth)
{
	struct checker *s = user;

	(void)depth;
	if (n->kind == N_CALL)
		strmap_put(&s->c_calls, n->call.name, s);
	else if (n->kind == N_MAP && n->map.name[1])
		strmap_put(&s->c_names, n->map.name + 1, s);
	return false;
}

static void note_names(struct checker *s, const struct node *program)
{
	const struct node *n;

	check_walk(program, 0, note_name, s);
	for (n = program->program.toplevel; n; n = n->next) {
		if (n->kind == N_MACRO)
			check_walk(n->macro.body, 0, note_name, s);
		else if (n->kind == N_MAPDECL)
			strmap_put(&s->c_names, n->mapdecl.name + 1, s);
	}
}

static bool is_called(void *user, const char *name)
{
	return strmap_get(&((struct checker *)user)->c_calls, name) != NULL;
}

/* The map that C means by a name that only clauses have. */
static struct c_map *find_map(void *user, const char *name)
{
	struct checker *s = user;
	struct c_map *m = strmap_get(&s->c_maps, name);

	if (m || !strmap_get(&s->c_names, name))
		return m;
	m = arena_new_of(s->k.arena, struct c_map);
	m->name = arena_strdup(s->k.arena, name);
	m->kind = C_CLAUSE;
	strmap_put(&s->c_maps, m->name, m);
	return m;
}

void check_c_file(struct check *k, struct node *program, unsigned file, const struct node *mixed)
{
	struct c_options opt;
	struct node *unit;
	ranges r = {0};

	preamble_options(k->c, &opt);
	if (file == MAIN_FILE) {
		opt.headers = k->c->headers;
		opt.nheaders = k->c->nheaders;
	}
	if (mixed)
		other_text(k, mixed, file, &r);
	opt.skip = r.v;
	opt.nskip = (unsigned)r.n;
	unit = c_parse(k->c, (int)file, &opt);
	if (!k->c->diags.errors) {
		note_names(checker_of(k), program);
		unit->cunit.unit->is_called = is_called;
		unit->cunit.unit->find_map = find_map;
		unit->cunit.unit->user = k;
		c_check(k->c, unit);
	}
	program->program.cunits = node_append(program->program.cunits, unit);
}

void check_c_text(struct check *k, struct node *program)
{
	bool done[SOURCE_MAX_FILES + 1] = {false};
	const struct node *n;

	if (k->c->nheaders) {
		done[MAIN_FILE] = true;
		check_c_file(k, program, MAIN_FILE, program);
	}
	for (n = program->program.toplevel; n && !k->c->diags.errors; n = n->next) {
		if (n->kind != N_CTEXT || !n->ctext.declares || done[n->loc.file])
			continue;
		done[n->loc.file] = true;
		check_c_file(k, program, n->loc.file, program);
	}
}
