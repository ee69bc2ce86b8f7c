/*
 * Typed arguments and results of functions of programs, from their DWARF; called by the
 * units uprobe and uretprobe.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/demangle_rt.h"
#include "lib/elf_rt.h"
#include "lib/uprobe_compile.h"
#include "types/dwarf.h"

/* ---- functions ------------------------------------------------------------ */

struct wanted {
	const char *name;
	uint64_t address;
};

static int is_wanted(void *user, const struct elf_function *f)
{
	struct wanted *w = user;

	if (!demangle_match(w->name, f->name))
		return 0;
	w->address = f->address;
	return 1;
}

/* Only what is named in full, and not its inside, has known arguments. */
static bool function_of(struct check *k, const struct attach_info *at, struct dwarf_function *f)
{
	struct wanted w = { .name = at->target };
	char *path = at->module && !at->offset && *at->target && *at->target != '@' ?
		     elf_find(at->module, k->c->pid) : NULL;
	bool found = false;

	if (path && !probe_has_wildcard(at->module))
		found = !elf_functions(path, is_wanted, &w) && w.address &&
			types_dwarf_function(k->types, path, w.address, f);
	free(path);
	return found;
}

/* ---- arguments ------------------------------------------------------------ */

static const struct type *no_arguments(struct check *k, struct node *use,
				       const struct attach_info *at)
{
	check_error(k, use, UNKNOWN_FIELD, "the arguments of '%s' are not known", at->full);
	check_hint(k, at->offset || *at->target == '@'
			      ? "they are where a function begins; arg0, arg1 … are registers"
			      : "args needs debug information of the program (-g); arg0, arg1 … "
				"do not");
	return NULL;
}

static const struct type *one_argument(struct check *k, struct node *use,
				       const struct attach_info *at, const char *field,
				       uint32_t *n)
{
	struct dwarf_function f;
	const char *names[32];
	uint32_t i;

	if (!function_of(k, at, &f))
		return no_arguments(k, use, at);
	for (i = 0; i < f.nparams; i++) {
		if (strcmp(f.params[i].name, field) != 0)
			continue;
		*n = f.params[i].n;
		if (f.params[i].place == DWARF_WORD)
			return f.params[i].type;
		check_error(k, use, NOT_YET, f.params[i].place == DWARF_FLOAT
			    ? "argument '%s' of '%s' is in a floating-point register, which "
			      "probes do not see"
			    : "argument '%s' of '%s' is passed by value", field, at->target);
		return NULL;
	}
	for (i = 0; i < f.nparams && i < 32; i++)
		names[i] = f.params[i].name;
	probe_no_argument(k, use, at->target, field, names, i);
	return NULL;
}

const struct type *uprobe_args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct type *type = NULL, *t;
	const struct node *s;

	if (!field)
		return probe_args_whole(k, clause, use, uprobe_args_check);
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s)) {
		uint32_t n = 0;

		t = one_argument(k, use, &s->spec.attach, field, &n);
		if (!t)
			return NULL;
		if (type && (t != type || n != *arg)) {
			probe_arg_differs(k, use, field);
			return NULL;
		}
		type = t;
		*arg = n;
	}
	return type;
}

/* ---- results -------------------------------------------------------------- */

const struct type *uprobe_retval_check(struct check *k, const struct node *clause,
				       struct node *use, const char *field, uint32_t *arg)
{
	const struct type *u64 = type_int(k->types, 8, false), *type = NULL;
	const struct node *s;

	(void)use, (void)field;
	*arg = 0;
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s)) {
		struct dwarf_function f;

		if (probe_has_wildcard(s->spec.attach.target) ||
		    !function_of(k, &s->spec.attach, &f) ||
		    (f.ret->kind != TY_PTR && !type_is_integer(f.ret)) ||
		    (type && type != f.ret))
			return u64;
		type = f.ret;
	}
	return type ? type : u64;
}

/* ---- patterns ------------------------------------------------------------- */

struct expansion {
	const char *pattern;
	struct strmap seen;
	void (*add)(void *user, const char *target);
	void *user;
	struct arena *arena;
};

static int expand_one(void *user, const struct elf_function *f)
{
	struct expansion *x = user;
	char *name;

	if (!demangle_match(x->pattern, f->name) || strmap_get(&x->seen, f->name))
		return 0;
	name = arena_strdup(x->arena, f->name);
	strmap_put(&x->seen, name, name);
	x->add(x->user, name);
	return 0;
}

/* args differ between functions: a program for each that the pattern matches. */
int uprobe_expand_args(struct check *k, const struct attach_info *at,
		       void (*add)(void *user, const char *target), void *user)
{
	struct expansion x = { .pattern = at->target, .add = add, .user = user,
			       .arena = k->arena };
	char *path = at->module ? elf_find(at->module, k->c->pid) : NULL;
	int err = path ? elf_functions(path, expand_one, &x) : -ENOENT;

	free(path);
	strmap_free(&x.seen);
	return err;
}
