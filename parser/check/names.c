/*
 * Names in expressions: builtin variables, those of the probe type, constants
 * of the kernel, $variables and positional parameters.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parser/c/cpp.h"
#include "parser/check/internal.h"

/* Does a variable's name, maybe with the pattern "arg*", match? number: of argN. */
static bool pvar_matches(const char *pattern, const char *name, uint32_t *number)
{
	size_t len = strlen(pattern);
	uint32_t value = 0;
	const char *p;

	if (!len || pattern[len - 1] != '*')
		return strcmp(pattern, name) == 0;
	if (strncmp(pattern, name, len - 1) != 0)
		return false;
	p = name + len - 1;
	if (!*p || (p[0] == '0' && p[1]) || strlen(p) > 4)
		return false;
	for (; *p; p++) {
		if (!isdigit((unsigned char)*p))
			return false;
		value = value * 10 + (uint32_t)(*p - '0');
	}
	*number = value;
	return true;
}

const struct provider_var *check_pvar_find(const struct provider *p, const char *name,
					   uint32_t *number)
{
	const struct provider_var *v;

	for (v = p ? p->vars : NULL; v && v->name; v++)
		if (pvar_matches(v->name, name, number))
			return v;
	return NULL;
}

/* The probe types that have a variable, as "kretprobe, sysret"; NULL when none has. */
static const char *who_has(struct check *k, const char *name)
{
	const char *list = NULL;
	uint32_t number;
	unsigned i;

	for (i = 0; bcct_providers[i]; i++) {
		if (!check_pvar_find(bcct_providers[i], name, &number))
			continue;
		list = list ? arena_printf(k->arena, "%s, %s", list, bcct_providers[i]->name)
			    : bcct_providers[i]->name;
	}
	return list;
}

static void suggest_name(struct check *k, const char *name)
{
	const struct provider *p = k->clause->clause.provider;
	struct nearest near = nearest_init(name);
	const struct provider_var *v;
	unsigned i;

	for (v = p ? p->vars : NULL; v && v->name; v++)
		if (!strchr(v->name, '*'))
			nearest_try(&near, v->name);
	for (i = 0; bcct_builtins[i]; i++)
		if (bcct_builtins[i]->flags & BUILTIN_VAR)
			nearest_try(&near, bcct_builtins[i]->name);
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
}

static void use_pvar(struct check *k, struct node *n, const struct provider_var *v,
		     uint32_t number)
{
	n->ident.pvar = v;
	n->ident.arg = number;
	n->type = NULL;
	if (!checker_of(k)->bad_spec)
		n->type = v->check(k, k->clause, n, NULL, &n->ident.arg);
	if (!n->type)
		n->type = check_poison();
}

static void use_builtin(struct check *k, struct node *n, const struct builtin *b)
{
	const struct type *result;
	struct proto proto;

	n->ident.builtin = b;
	n->type = check_poison();
	if ((b->flags & BUILTIN_UNSAFE) && !k->c->unsafe) {
		check_error(k, n, UNSAFE, "'%s' needs --unsafe", b->name);
		return;
	}
	if (!proto_parse(b->prototype, &proto)) {
		check_error(k, n, INTERNAL, "bad prototype of '%s'", b->name);
		return;
	}
	result = proto_result(k, &proto);
	n->type = result;
	if (b->check)
		b->check(k, n);
	if (!n->type || n->type->kind == TY_NONE)
		n->type = check_poison();
}

static void function_named(struct check *k, struct node *n, const char *prototype)
{
	check_error(k, n, UNKNOWN_NAME, "'%s' is a function, not a variable", n->ident.name);
	check_hint(k, "call it: %.*s", (int)(strcspn(prototype, ")") + 1), prototype);
	n->type = check_poison();
}

/* A macro of kernel headers, which BTF does not hold: its value. */
static bool header_constant(struct check *k, struct node *n)
{
	const char *text = c_constant(n->ident.name);
	char *end;
	long long value;

	if (!text)
		return false;
	errno = 0;
	value = *text == '-' ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
	if (errno || end == text)
		return false;
	/* the type a literal of that spelling has */
	check_become_num(k, n, (uint64_t)value,
			 type_int(k->types, value == (int)value ? 4 : 8, !strpbrk(end, "uU")));
	return true;
}

/* What is no variable of any kind: an enumerator of the kernel, or a mistake. */
static void other_name(struct check *k, struct node *n)
{
	const char *name = n->ident.name, *list = who_has(k, name);
	const struct type *type;
	int64_t value;

	n->type = check_poison();
	if (list) {
		if (k->clause->clause.trial && strcmp(name, "args") != 0)
			n->type = type_int(k->types, 8, false); /* any probe may use the function */
		if (!k->clause->clause.provider || k->clause->clause.trial)
			return; /* its probe type is unknown, which was said */
		check_error(k, n, NOT_AVAILABLE, "'%s' is not available in %s probes", name,
			    k->clause->clause.provider->name);
		check_hint(k, "probes that have it: %s", list);
		return;
	}
	if (type_enumerator(k->types, name, &value, &type)) {
		check_become_num(k, n, (uint64_t)value, type);
		return;
	}
	if (header_constant(k, n))
		return;
	check_error(k, n, UNKNOWN_NAME, "unknown name '%s'", name);
	suggest_name(k, name);
}

/* A function whose arguments may all be left out can be named without brackets. */
static bool may_be_bare(const struct builtin *b)
{
	struct proto p;

	return (b->flags & BUILTIN_CALL) && proto_parse(b->prototype, &p) && !p.required;
}

bool check_bare_call(struct check *k, struct node *n, bool effect)
{
	const struct builtin *b = n->kind == N_IDENT ? builtin_find(n->ident.name) : NULL;
	const char *name = n->kind == N_IDENT ? n->ident.name : NULL;
	struct node *next = n->next;

	if (!b || (b->flags & BUILTIN_VAR) || !may_be_bare(b))
		return false;
	*n = (struct node){.kind = N_CALL, .loc = n->loc, .next = next, .expansion = n->expansion};
	n->call.name = name;
	n->call.name_loc = n->loc;
	check_call(k, n, effect);
	return true;
}

void check_ident(struct check *k, struct node *n)
{
	const char *name = n->ident.name;
	const struct aggregation *agg;
	const struct provider_var *v;
	const struct builtin *b;
	uint32_t number = 0;

	v = check_pvar_find(k->clause->clause.provider, name, &number);
	if (v) {
		use_pvar(k, n, v, number);
		return;
	}
	b = builtin_find(name);
	if (b && (b->flags & BUILTIN_VAR)) {
		use_builtin(k, n, b);
		return;
	}
	agg = aggregation_find(name);
	if (b && may_be_bare(b)) {
		check_bare_call(k, n, false);
		return;
	}
	if (b || agg)
		function_named(k, n, b ? b->prototype : agg->prototype);
	else if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
		check_become_num(k, n, *name == 't', type_bool(k->types));
	else
		other_name(k, n);
}

/* A whole text that is a number: decimal, octal or hexadecimal, maybe negative. */
static bool parse_number(const char *text, uint64_t *value, bool *is_unsigned)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*value = strtoull(digits, &end, 0);
	if (*end || errno)
		return false;
	*is_unsigned = *value > INT64_MAX;
	if (*text == '-') {
		if (*value > (uint64_t)INT64_MAX + 1)
			return false;
		*value = 0 - *value;
		*is_unsigned = false;
	}
	return true;
}

/* The number that a positional parameter looks like; false when it is a text. */
bool check_positional_number(struct check *k, const struct node *n, uint64_t *value,
			     bool *is_unsigned)
{
	*is_unsigned = false;
	*value = n->pos.count ? k->c->nparams : 0;
	if (n->pos.count || n->pos.index < 1 || n->pos.index > k->c->nparams)
		return true;
	return parse_number(k->c->params[n->pos.index - 1], value, is_unsigned);
}

/*
 * $1: a number when it looks like one and no string is asked for; a missing one
 * is 0 or "". What it stands beside may still ask for a string, so a number
 * replaces the node only in the last pass.
 */
void check_positional(struct check *k, struct node *n, bool as_string)
{
	bool number, is_unsigned;
	const char *text = "";
	uint64_t value;

	number = check_positional_number(k, n, &value, &is_unsigned);
	if (number && (!as_string || n->pos.count)) {
		n->type = type_int(k->types, 8, !is_unsigned);
		if (k->final)
			check_become_num(k, n, value, n->type);
		return;
	}
	if (n->pos.index >= 1 && n->pos.index <= k->c->nparams)
		text = k->c->params[n->pos.index - 1];
	check_become_str(k, n, arena_strdup(k->arena, text));
}
