/*
 * getopt("name"[, default[, description]]): a named parameter of the command line. A
 * constant. Used by the check.
 */
#ifdef BCCT_COMPILER
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parser/check/check.h"

/* The value of --name=value, "" of --name, NULL when it is not given. */
static const char *getopt_value(struct check *k, const char *name)
{
	size_t len = strlen(name);
	const char *value = NULL;

	for (unsigned i = 0; i < k->c->nnamed; i++) {
		const char *p = k->c->named[i] + 2;

		if (strncmp(p, name, len) != 0 || (p[len] && p[len] != '='))
			continue;
		k->c->named_used[i] = true;
		value = p + len + (p[len] == '=');
	}
	return value;
}

/* For "-- --help": the first call with a name tells what the option is. */
static void getopt_note(struct check *k, const char *name, const struct node *fallback,
			const struct node *about)
{
	struct asked_option **at = &k->c->asked, *o;
	int64_t number = 0;

	for (; *at; at = &(*at)->next)
		if (strcmp((*at)->name, name) == 0)
			return;
	o = *at = arena_new_of(k->arena, struct asked_option);
	o->name = arena_strdup(k->arena, name);
	o->about = about && about->kind == N_STR ? arena_strdup(k->arena, about->str.text) : "";
	if (!fallback)
		return;
	if (fallback->kind == N_STR) {
		o->value = "TEXT";
		o->fallback = arena_printf(k->arena, "\"%s\"", fallback->str.text);
	} else if (check_const(k, fallback, &number) && fallback->type->kind == TY_BOOL) {
		o->value = "BOOL";
		o->fallback = number ? "true" : "false";
	} else {
		o->value = "NUMBER";
		o->fallback = arena_printf(k->arena, "%lld", (long long)number);
	}
}

/* The call stays: only the last pass reports, and it comes here again. */
static void getopt_bad(struct check *k, struct node *call, const struct type *t,
		       const char *name, const char *what)
{
	check_error(k, call, USAGE, "the value of --%s must be %s", name, what);
	call->type = t;
}

static void getopt_bool(struct check *k, struct node *call, const char *name, const char *value,
			bool fallback)
{
	bool on = fallback;

	if (value && (!*value || !strcasecmp(value, "true") || !strcmp(value, "1")))
		on = true;
	else if (value && (!strcasecmp(value, "false") || !strcmp(value, "0")))
		on = false;
	else if (value)
		return getopt_bad(k, call, type_bool(k->types), name, "true or false");
	check_become_num(k, call, on, type_bool(k->types));
}

static void getopt_int(struct check *k, struct node *call, const char *name, const char *value,
		       int64_t fallback)
{
	char *end = NULL;
	int64_t v = fallback;

	if (value) {
		errno = 0;
		v = strtoll(value, &end, 0);
		if (end == value || *end || errno)
			return getopt_bad(k, call, type_int(k->types, 8, true), name, "a number");
	}
	check_become_num(k, call, (uint64_t)v, type_int(k->types, 8, true));
}

static void getopt_check(struct check *k, struct node *call)
{
	const char *name = check_arg(call, 0)->str.text, *value = getopt_value(k, name);
	const struct node *fallback = check_arg(call, 1);
	int64_t number;

	getopt_note(k, name, fallback, check_arg(call, 2));
	if (!fallback || fallback->type->kind == TY_BOOL) {
		getopt_bool(k, call, name, value, fallback && check_const(k, fallback, &number) &&
							  number);
	} else if (fallback->kind == N_STR) {
		check_become_str(k, call, value ? arena_strdup(k->arena, value)
						: fallback->str.text);
	} else if (check_const(k, fallback, &number)) {
		getopt_int(k, call, name, value, number);
	} else {
		check_error(k, fallback, NOT_CONSTANT,
			    "the default of getopt() must be a constant");
		call->type = check_poison();
	}
}

const struct builtin bcct_builtin_getopt = {
	.name = "getopt",
	.prototype = "getopt(strlit name[, any default[, strlit description]]) -",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = getopt_check,
	.doc = "The value of --name=value on the command line behind the program, or the "
	       "default, which also says whether it is a number, a text or true and false. "
	       "Without a default: true when --name is given. '-- --help' lists the program's "
	       "options with their descriptions.",
	.example = "BEGIN { printf(\"%d %s\\n\", getopt(\"n\", 3), getopt(\"who\", \"me\")); "
	           "exit() }",
	.expect = "3 me\n",
};
#endif
