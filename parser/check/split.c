/*
 * Probes of clauses: the provider of each, parameters filled in, and clauses
 * split so that each has probes of one provider, or a single attach point
 * where the types of `args` depend on it. Each becomes one BPF program.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/strmap.h"
#include "parser/check/internal.h"

bool check_has_wildcard(const char *s)
{
	return s && strpbrk(s, "*?[") != NULL;
}

/* Puts the values of $1 … into a probe's text. */
static const char *fill_in(struct check *k, struct node *spec)
{
	const char *text = spec->spec.text, *p, *dollar;
	char *out = NULL;

	for (p = text; (dollar = strchr(p, '$')) != NULL;) {
		const char *digits = dollar + 1, *value;
		unsigned n = 0;

		if (!isdigit((unsigned char)*digits)) {
			p = digits;
			continue;
		}
		while (isdigit((unsigned char)*digits) && n < 100000)
			n = n * 10 + (unsigned)(*digits++ - '0');
		if (n < 1 || n > k->c->nparams) {
			check_error(k, spec, POSITIONAL, "the probe needs positional parameter $%u",
				    n);
			check_hint(k, "give it after the program");
			return NULL;
		}
		value = k->c->params[n - 1];
		out = arena_printf(k->arena, "%.*s%s%s", (int)(dollar - text), text, value, digits);
		p = out + (dollar - text) + strlen(value);
		text = out;
	}
	return text;
}

static void unknown_provider(struct check *k, struct node *spec, size_t len)
{
	char *name = arena_strndup(k->arena, spec->spec.text, len), *p;
	const char *const *alias;
	struct nearest near;
	unsigned i;

	check_error(k, spec, UNKNOWN_PROBE, "unknown probe type '%s'", name);
	for (p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	near = nearest_init(name);
	for (i = 0; bcct_providers[i]; i++) {
		nearest_try(&near, bcct_providers[i]->name);
		for (alias = bcct_providers[i]->aliases; alias && *alias; alias++)
			if (strlen(*alias) > 2)
				nearest_try(&near, *alias);
	}
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
}

/* Fills in spec.provider and spec.attach; attach.provider stays NULL after an error. */
static void resolve_spec(struct check *k, struct node *spec)
{
	struct attach_info *at = &spec->spec.attach;
	const char *text;
	unsigned errors;
	size_t len;

	memset(at, 0, sizeof(*at));
	text = fill_in(k, spec);
	if (!text)
		return;
	spec->spec.text = text;
	len = strcspn(text, ":");
	spec->spec.provider = provider_find(text, len);
	if (!spec->spec.provider) {
		unknown_provider(k, spec, len);
		return;
	}
	errors = k->c->diags.errors;
	if (spec->spec.provider->parse(k, spec) != 0) {
		if (k->c->diags.errors == errors)
			check_error(k, spec, BAD_PROBE, "bad probe '%s'; it is written %s", text,
				    spec->spec.provider->syntax);
		return;
	}
	at->provider = spec->spec.provider->name;
	at->loc = spec->loc;
	if (!at->full)
		at->full = text;
}

static bool is_args(void *user, const struct node *n, unsigned depth)
{
	(void)user, (void)depth;
	return n->kind == N_IDENT && strcmp(n->ident.name, "args") == 0;
}

/* Do types or constants in the clause depend on the attach point? */
static bool is_typed(const struct node *clause, const struct provider *p)
{
	uint32_t number;

	return (check_pvar_find(p, "args", &number) && check_walk(clause, 0, is_args, NULL)) ||
	       check_uses_which(clause);
}

struct expansion {
	struct check *k;
	const struct node *spec;
	struct node *specs;
	struct node **end;
	int64_t n;
};

static void add_expanded(void *user, const char *target)
{
	struct expansion *e = user;
	const struct attach_info *at = &e->spec->spec.attach;
	struct arena *a = e->k->arena;
	size_t full = strlen(at->full), pattern = strlen(at->target);
	struct node *spec;

	if (++e->n > e->k->c->options.v[OPT_MAX_PROBES])
		return;
	spec = node_new(a, N_SPEC, e->spec->loc);
	/* the pattern is the end of the full text */
	spec->spec.text = arena_printf(a, "%.*s%s", (int)(full < pattern ? 0 : full - pattern),
				       at->full, target);
	/* unless it is the sys_open* of "syscall:open*": see probe_parse_syscall() */
	if (!strncmp(at->full, "sys", 3) && !strncmp(at->target, "sys_", 4))
		spec->spec.text = arena_printf(a, "%.*s:%s", (int)strcspn(at->full, ":"),
					       at->full, target + 4);
	resolve_spec(e->k, spec);
	spec->spec.attach.matched = true;
	*e->end = spec;
	e->end = &spec->next;
}

/* The specs that a wildcard stands for; the spec itself when there is nothing to do. */
static struct node *expand(struct check *k, struct node *spec)
{
	const struct provider *p = spec->spec.provider;
	const struct attach_info *at = &spec->spec.attach;
	struct expansion e = {k, spec, NULL, NULL, 0};
	unsigned errors = k->c->diags.errors;
	int err;

	if (!at->provider || !p->expand ||
	    (!check_has_wildcard(at->target) && !check_has_wildcard(at->module)))
		return spec;
	e.end = &e.specs;
	err = p->expand(k, at, add_expanded, &e);
	if (e.n > k->c->options.v[OPT_MAX_PROBES]) {
		check_error(k, spec, TOO_LARGE,
			    "'%s' matches %lld probes, max_probes allows %lld; each needs its own "
			    "program because 'args' is used", at->full, (long long)e.n,
			    (long long)k->c->options.v[OPT_MAX_PROBES]);
	} else if (!e.specs && k->c->diags.errors == errors) {
		const char *colon = strchr(at->full, ':');

		check_error(k, spec, NO_SUCH_FUNCTION, "No matches for %s %s.%s", at->provider,
			    colon ? colon + 1 : "",
			    err < 0 ? " What can be probed is not known here." : "");
	}
	if (!e.specs)
		spec->spec.attach.provider = NULL; /* what depends on it stays silent */
	return e.specs ? e.specs : spec;
}

struct split {
	struct check *k;
	struct node *first, **end; /* resulting clauses */
	unsigned n;
};

/* One resulting clause. The first takes the original's body, further ones a copy. */
static void emit(struct split *s, struct node *clause, const struct node *copy,
		 struct node *specs, const struct provider *p, bool *used)
{
	struct node *out = *used ? node_clone(s->k->arena, copy) : clause;

	*used = true;
	out->next = NULL;
	out->clause.specs = specs;
	out->clause.provider = p;
	out->clause.vars = NULL;
	out->clause.nvars = 0;
	out->clause.index = s->n++;
	*s->end = out;
	s->end = &out->next;
}

/* Takes the specs of a provider out of *list. */
static struct node *take_specs(struct node **list, const struct provider *p)
{
	struct node *taken = NULL, **end = &taken, *spec;

	while ((spec = *list) != NULL) {
		if (spec->spec.provider != p) {
			list = &spec->next;
			continue;
		}
		*list = spec->next;
		spec->next = NULL;
		*end = spec;
		end = &spec->next;
	}
	return taken;
}

static void emit_typed(struct split *s, struct node *clause, const struct node *copy,
		       struct node *specs, const struct provider *p, bool *used)
{
	struct node *spec, *next, *one, *one_next;

	for (spec = specs; spec; spec = next) {
		next = spec->next;
		spec->next = NULL;
		for (one = expand(s->k, spec); one; one = one_next) {
			one_next = one->next;
			one->next = NULL;
			emit(s, clause, copy, one, p, used);
		}
	}
}

/* What a bare pattern of probe types may mean: places in the kernel, or in a file with a path. */
static bool type_matches(const struct check *k, const struct provider *p, const char *type,
			 const char *rest)
{
	bool user = strchr(rest, '/') || k->c->pid > 0;

	if (!p->patterns || (p->patterns == PATTERN_NAMED && strcmp(type, "*") == 0))
		return false;
	return p->user_memory == user && fnmatch(type, p->name, FNM_CASEFOLD) == 0;
}

static void count_match(void *user, const char *target)
{
	(void)target;
	++*(unsigned *)user;
}

/* False when the compiler knows what can be probed, and this is not it. */
static bool may_exist(struct check *k, const struct node *spec)
{
	const struct provider *p = spec->spec.provider;
	unsigned n = 0;

	return !p->expand || p->patterns == PATTERN_UNSURE ||
	       p->expand(k, &spec->spec.attach, count_match, &n) != 0 || n;
}

/*
 * "k*:vfs_read": a spec for each probe type that it may mean, in the place of this one. Those
 * for which it is no name are left out; of the others one must be there when attaching.
 */
static struct node *expand_type(struct check *k, struct node *spec)
{
	const char *text = spec->spec.text, *rest = text + strcspn(text, ":");
	char *type = arena_strndup(k->arena, text, (size_t)(rest - text));
	struct node *specs = NULL, **end = &specs;

	if (*rest != ':' || !check_has_wildcard(type))
		return spec;
	for (unsigned i = 0; bcct_providers[i]; i++) {
		const struct provider *p = bcct_providers[i];
		struct diags before = k->c->diags;
		struct node *one;

		if (!type_matches(k, p, type, rest))
			continue;
		one = node_new(k->arena, N_SPEC, spec->loc);
		one->spec.text = arena_printf(k->arena, "%s%s", p->name, rest);
		resolve_spec(k, one);
		if (k->c->diags.errors > before.errors || !may_exist(k, one)) {
			k->c->diags = before;
			if (before.last)
				before.last->next = NULL;
			continue;
		}
		*end = one;
		end = &one->next;
	}
	if (!specs)
		return spec;
	*end = spec->next;
	return specs;
}

/* Resolves a clause's probes; one that is listed twice would fire twice, so it is dropped. */
static struct node *resolve_specs(struct check *k, struct node *specs)
{
	struct node **link = &specs, *spec;
	struct strmap seen = {0};

	while ((spec = *link) != NULL) {
		spec = *link = expand_type(k, spec);
		if (!spec->spec.attach.provider)
			resolve_spec(k, spec);
		if (spec->spec.attach.provider &&
		    strmap_put(&seen, spec->spec.attach.full, spec)) {
			diag_warn(&k->c->diags, DUPLICATE, spec->loc, "'%s' is listed twice",
				  spec->spec.attach.full);
			*link = spec->next;
		} else {
			link = &spec->next;
		}
	}
	strmap_free(&seen);
	return specs;
}

static void split_clause(struct split *s, struct node *clause)
{
	struct node *specs = resolve_specs(s->k, clause->clause.specs), *group, *copy;
	const struct provider *p;
	bool used = false;

	/* the original changes when it is checked: copies are made of this */
	clause->clause.specs = NULL;
	copy = arena_new_of(s->k->arena, struct node);
	*copy = *clause;
	copy->next = NULL;
	while (specs) {
		p = specs->spec.provider;
		group = take_specs(&specs, p);
		if (p && (p->single || is_typed(clause, p)))
			emit_typed(s, clause, copy, group, p, &used);
		else
			emit(s, clause, copy, group, p, &used);
	}
}

void check_split(struct check *k, struct node *program)
{
	struct split s = {k, NULL, NULL, 0};
	struct node *clause, *next;

	s.end = &s.first;
	for (clause = program->program.clauses; clause; clause = next) {
		next = clause->next;
		split_clause(&s, clause);
	}
	program->program.clauses = s.first;
}

/* The attach point of the clause being checked when it is a single one without wildcards. */
const struct attach_info *check_single_attach(const struct check *k)
{
	const struct node *spec = k->clause->clause.specs;

	if (!spec || spec->next || !spec->spec.attach.provider ||
	    check_has_wildcard(spec->spec.attach.target) ||
	    check_has_wildcard(spec->spec.attach.module))
		return NULL;
	return &spec->spec.attach;
}
