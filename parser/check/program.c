/*
 * The check of a program: clauses are split by probe type, then checked in
 * passes until the types of maps and variables have settled, and once more to
 * report. Called by the compiler's driver.
 */
#include <errno.h>

#include "parser/check/internal.h"

/* The parser limits the height of bodies; this is for trees that come from elsewhere. */
static bool too_deep(void *user, const struct node *n, unsigned depth)
{
	struct check *k = user;

	if (depth <= COMPILE_MAX_HEIGHT + 4)
		return false;
	check_error(k, n, TOO_DEEP, "nested deeper than %d", COMPILE_MAX_HEIGHT);
	return true;
}

static void check_clause(struct check *k, struct node *clause)
{
	const struct node *spec;
	struct scope scope;

	k->clause = clause;
	k->depth = 0;
	checker_of(k)->scope = NULL;
	checker_of(k)->closed = NULL;
	checker_of(k)->bad_spec = false;
	for (spec = clause->clause.specs; spec; spec = spec->next)
		if (!spec->spec.attach.provider)
			checker_of(k)->bad_spec = true;
	check_scope_enter(k, &scope, NULL);
	if (clause->clause.pred)
		check_cond(k, clause->clause.pred, "/ … /");
	check_stmts(k, clause->clause.body);
	check_scope_leave(k);
}

static void check_clauses(struct check *k, struct node *program)
{
	struct node *clause;

	k->changed = false;
	for (clause = program->program.clauses; clause; clause = clause->next)
		check_clause(k, clause);
	check_c_uses(k);
}

/* A map that only depends on itself, as in @n = @n + 1, is taken to hold integers. */
static bool guess_map(struct check *k, struct node *program)
{
	struct map *m;

	for (m = program->program.maps; m; m = m->next) {
		if (!m->assigned || m->value)
			continue;
		m->value = type_int(k->types, 8, true);
		map_state(m)->value = (struct grown){.type = m->value};
		return true;
	}
	return false;
}

/* Passes whose errors are thrown away: what they say may be due to types not yet known. */
static void settle(struct check *k, struct node *program)
{
	struct diags saved;
	unsigned pass = 0;
	bool clean;

	do {
		saved = k->c->diags;
		check_clauses(k, program);
		clean = k->c->diags.errors == saved.errors;
		k->c->diags = saved;
		if (saved.last)
			saved.last->next = NULL;
		k->growing |= pass >= 12;
		/* each pass settles at least one more map or variable */
	} while ((k->changed || (clean && guess_map(k, program))) &&
		 ++pass < 16 + 4 * program->program.nmaps && pass < 1000);
}

/* A variable whose type is still unknown though nothing was reported. */
static void unknown_variable(struct check *k, struct var *v)
{
	const struct check_var *state = (struct check_var *)v;

	if (state->let && !state->used) {
		diag_warn(&k->c->diags, UNUSED_VALUE, v->loc, "'%s' is never assigned",
			  check_plain_name(k, v->name));
		v->type = type_int(k->types, 8, true);
		return;
	}
	diag_error(&k->c->diags, TYPE, v->loc, "the type of '%s' cannot be told",
		   check_plain_name(k, v->name));
}

static void check_variables_known(struct check *k, struct node *program)
{
	struct node *clause;
	unsigned i;

	for (clause = program->program.clauses; clause; clause = clause->next)
		for (i = 0; i < clause->clause.nvars && !k->c->diags.errors; i++)
			if (!clause->clause.vars[i]->type && !clause->clause.trial)
				unknown_variable(k, clause->clause.vars[i]);
}

static bool is_block(void *user, const struct node *n, unsigned depth)
{
	(void)user, (void)depth;
	return n->kind == N_BLOCKEXPR;
}

/*
 * Predicates are lowered before there are variables. One with statements in it,
 * which comes of a macro, becomes an if around the body.
 */
static void move_predicates(struct check *k, struct node *program)
{
	struct node *clause, *test;

	for (clause = program->program.clauses; clause; clause = clause->next) {
		if (!clause->clause.pred || !check_walk(clause->clause.pred, 0, is_block, NULL))
			continue;
		test = node_new(k->arena, N_IF, clause->clause.pred->loc);
		test->cond.cond = clause->clause.pred;
		test->cond.then = clause->clause.body;
		clause->clause.body = node_new(k->arena, N_BLOCK, clause->clause.body->loc);
		clause->clause.body->block.stmts = test;
		clause->clause.pred = NULL;
	}
}

/* An 'if comptime' that could not be decided yet. */
static bool hangs_on_types(void *user, const struct node *n, unsigned depth)
{
	(void)user, (void)depth;
	return n->kind == N_IF && n->cond.comptime;
}

/* Clauses that were there to check functions with. */
static void drop_trials(struct node *program)
{
	struct node **at = &program->program.clauses;

	while (*at)
		if ((*at)->clause.trial)
			*at = (*at)->next;
		else
			at = &(*at)->next;
}

static int leave(struct checker *s)
{
	strmap_free(&s->maps);
	strmap_free(&s->declared);
	strmap_free(&s->c_calls);
	strmap_free(&s->c_names);
	strmap_free(&s->c_maps);
	return s->k.c->diags.errors ? -EINVAL : 0;
}

static void check_number(struct check *k, const struct node *program)
{
	unsigned n = node_count(program->program.clauses);
	int64_t most = k->c->options.v[OPT_MAX_BPF_PROGS];

	if ((int64_t)n <= most)
		return;
	diag_error(&k->c->diags, TOO_LARGE, LOC_NONE,
		   "Your program is trying to generate more than "
		   "%lld BPF programs, which exceeds the current limit of %lld",
		   (long long)most, (long long)most);
	check_hint(k, "max_bpf_progs of the config block or BPFTRACE_MAX_BPF_PROGS raises it");
}

int check_program(struct compile *c, struct node *program)
{
	struct checker s = {.program = program};
	struct check *k = &s.k;

	k->c = c;
	k->arena = c->arena;
	k->types = c->types;
	program->program.maps = NULL;
	program->program.nmaps = 0;
	if (check_walk(program, 0, too_deep, k))
		return -EINVAL;
	check_toplevel(k, program);
	check_c_text(k, program);
	check_macros(k, program);
	if (c->diags.errors || check_walk(program, 0, too_deep, k))
		return leave(&s); /* uses that are left would only be unknown names */
	move_predicates(k, program);
	check_split(k, program);
	settle(k, program);
	if (check_walk(program, 0, hangs_on_types, NULL)) {
		k->settled = true;
		settle(k, program);
	}
	k->final = true;
	check_clauses(k, program);
	if (k->changed && !c->diags.errors)
		diag_error(&c->diags, TYPE, LOC_NONE, "the types of the program do not settle");
	check_variables_known(k, program);
	check_map_finish(k, program);
	drop_trials(program);
	check_number(k, program);
	if (!c->diags.errors)
		check_pairs(k, program);
	return leave(&s);
}
