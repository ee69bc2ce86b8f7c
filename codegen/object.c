/*
 * From the checked program to an object: plans the maps, lowers every clause to
 * a program, writes the manifest, emits. Called by the compiler's driver.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "codegen/c/internal.h"
#include "codegen/lower/internal.h"

static void add_sources(struct manifest *m, const struct sources *s)
{
	for (unsigned i = 1; i <= s->n; i++) {
		const struct source *f = &s->file[i];
		struct source_info info = { f->name, f->text, f->len };
		vec_apush(m->arena, &m->sources, info);
	}
}

static struct manifest *manifest_new(struct compile *c)
{
	struct manifest *m = arena_new_of(c->arena, struct manifest);

	m->arena = c->arena;
	m->options = c->options;
	add_sources(m, &c->sources);
	return m;
}

/* Does closing the links take so long that another process does it? */
static bool many_links(const struct lower *l, const struct program_info *p)
{
	for (size_t i = 0; i < p->attach.n; i++) {
		const struct attach_info *at = &p->attach.v[i];

		if ((at->target && strpbrk(at->target, "*?[")) ||
		    (at->module && strpbrk(at->module, "*?[")))
			return true;
	}
	return l->nspecs >= LINKS_MANY;
}

/* "p0_kprobe": unique, and short enough to be the kernel's name of the program too. */
static void add_program(struct lower *l, const struct node *clause)
{
	const struct provider *p = clause->clause.provider;
	struct program_info info = { .loc = clause->loc };

	info.symbol = arena_printf(l->m->arena, "p%u_%s", l->program, p->name);
	info.name = arena_printf(l->m->arena, "%.15s", info.symbol);
	for (const struct node *s = clause->clause.specs; s; s = s->next)
		vec_apush(l->m->arena, &info.attach, s->spec.attach);
	info.stops = many_links(l, &info);
	vec_apush(l->m->arena, &l->m->programs, info);
	l->m->needs |= p->needs;
}

static void lower_program(struct lower *l, const struct node *clause)
{
	struct lower_own own = { .error_program = l->own->error_program };

	memcpy(own.internal, l->own->internal, sizeof(own.internal));
	*l->own = own;
	l->clause = clause;
	l->program = l->m->programs.n;
	l->scratch = NULL;
	l->scratch_used = 0;
	l->depth = 0;
	add_program(l, clause);
	lower_loc(l, clause->loc);
	ir_function_begin(l->ir, l->m->programs.v[l->program].symbol,
		clause->clause.provider->section);
	lower_clause(l, clause);
	ir_function_end(l->ir);
	plan_scratch_size(l);
}

/* Does any value of this shape need the kernel's symbols to be printed? */
static bool needs_ksyms(const struct schema *s, unsigned depth)
{
	if (!s || depth > COMPILE_MAX_DEPTH)
		return false;
	if (s->kind == SC_KSYM || s->kind == SC_KSTACK)
		return true;
	for (uint32_t i = 0; i < s->nfields; i++)
		if (s->kind != SC_ENUM && needs_ksyms(s->fields[i], depth + 1))
			return true;
	return false;
}

static void find_needs(struct manifest *m)
{
	for (size_t i = 0; i < m->actions.n; i++)
		m->need_ksyms |= needs_ksyms(m->actions.v[i].payload, 0);
	for (size_t i = 0; i < m->maps.n; i++) {
		const struct map_info *map = &m->maps.v[i];
		m->need_ksyms |= needs_ksyms(map->key, 0) || needs_ksyms(map->value, 0);
		if (map->role == MAPR_RING)
			m->needs |= NEEDS(RINGBUF);
	}
}

/* C of which nothing is loaded: functions that take no context. */
static bool has_functions(const struct node *program)
{
	for (const struct node *n = program->program.cunits; n; n = n->next)
		if (n->cunit.unit->programs)
			return true;
	return false;
}

/* The whole program in l->ir and l->m. 0 or -EINVAL with diagnostics. */
static int build(struct lower *l, struct compile *c, struct node *program)
{
	l->c = c;
	l->arena = c->arena;
	l->own = arena_new_of(c->arena, struct lower_own);
	l->m = manifest_new(c);
	l->ir = ir_new(c->arena, &c->diags);
	if (!l->ir)
		return -EINVAL;
	ir_license(l->ir, c->options.text[OPT_LICENSE]);
	ir_lines(l->ir, l->m);
	plan_maps(l, program);
	for (const struct node *n = program->program.clauses; n; n = n->next)
		for (const struct node *s = n->clause.specs; n->kind == N_CLAUSE && s; s = s->next)
			l->nspecs++;
	for (const struct node *n = program->program.clauses; n; n = n->next)
		if (n->kind == N_CLAUSE && n->clause.provider)
			lower_program(l, n);
	for (const struct node *n = program->program.cunits; n; n = n->next)
		cg_unit(l, n->cunit.unit);
	if (!l->m->programs.n && !has_functions(program) && !c->diags.errors) {
		diag_error(&c->diags, SYNTAX, LOC_NONE,
			   "the program has no clause: nothing to run");
		diag_hint(&c->diags,
			  "a clause is a probe and an action: kprobe:vfs_read < @ = count() >");
	}
	plan_finish(l);
	find_needs(l->m);
	return c->diags.errors ? -EINVAL : 0;
}

int codegen_object(struct compile *c, struct node *program, struct buf *out)
{
	struct lower l = { 0 };
	struct buf manifest = { 0 };
	void *at;
	int err = build(&l, c, program);

	if (!err) {
		manifest_write(l.m, &manifest);
		ir_section(l.ir, MANIFEST_SECTION, manifest.data, manifest.len);
		err = ir_emit_object(l.ir, out);
		at = err ? NULL : memmem(out->data, out->len, manifest.data, manifest.len);
		if (at)
			manifest_stamp(out->data, out->len, at);
	}
	buf_free(&manifest);
	ir_free(l.ir);
	return err;
}

int codegen_dump(struct compile *c, struct node *program, const char *stage, struct buf *out)
{
	struct lower l = { 0 };
	int err = build(&l, c, program);

	if (l.ir)
		ir_verify(l.ir);
	if (!err && !strcmp(stage, "plan")) {
		manifest_dump(l.m, out);
	} else if (!err && (!strcmp(stage, "ir") || !strcmp(stage, "codegen"))) {
		err = *stage == 'i' ? ir_optimize(l.ir) : 0;
		if (!err)
			ir_emit_text(l.ir, out);
	} else if (!err) {
		err = ir_emit_asm(l.ir, out);
	}
	ir_free(l.ir);
	return err;
}
