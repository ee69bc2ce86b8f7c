/*
 * C in a program of clauses: what stands outside of clauses, their settings and
 * macros is given to the front end of BPF C. Its types and constants are then
 * found by name (types/defined.h); functions and maps are in program.cunits.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/c/c.h"
#include "parser/check/internal.h"
#include "parser/preamble.h"

typedef VEC(struct c_range) ranges;

static void add_range(struct check *k, ranges *r, struct loc loc, unsigned file)
{
	struct c_range one = {loc.offset, loc.length};

	if (loc.file == file && loc.length)
		vec_apush(k->arena, r, one);
}

static int by_offset(const void *a, const void *b)
{
	const struct c_range *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Everything in a file that is not C. */
static void other_text(struct check *k, const struct node *program, unsigned file, ranges *r)
{
	const struct source *src = sources_get(&k->c->sources, (struct loc){file, 0, 1});
	const struct node *n;

	if (src && strncmp(src->text, "#!", 2) == 0)
		add_range(k, r, (struct loc){file, 0, (uint32_t)strcspn(src->text, "\n")}, file);
	for (n = program->program.clauses; n; n = n->next)
		add_range(k, r, n->loc, file);
	for (n = program->program.toplevel; n; n = n->next)
		if (n->kind != N_CTEXT)
			add_range(k, r, n->loc, file);
	if (r->n)
		qsort(r->v, r->n, sizeof(*r->v), by_offset);
}

static void check_file(struct check *k, struct node *program, unsigned file)
{
	struct c_options opt;
	struct node *unit;
	ranges r = {0};

	preamble_options(k->c, &opt);
	other_text(k, program, file, &r);
	opt.skip = r.v;
	opt.nskip = (unsigned)r.n;
	unit = c_parse(k->c, (int)file, &opt);
	if (!k->c->diags.errors)
		c_check(k->c, unit);
	program->program.cunits = node_append(program->program.cunits, unit);
}

void check_c_text(struct check *k, struct node *program)
{
	bool done[SOURCE_MAX_FILES + 1] = {false};
	const struct node *n;

	for (n = program->program.toplevel; n && !k->c->diags.errors; n = n->next) {
		if (n->kind != N_CTEXT || done[n->loc.file])
			continue;
		done[n->loc.file] = true;
		check_file(k, program, n->loc.file);
	}
}
