/*
 * Functions traced through their BTF: specs, patterns and variables of fentry and
 * fexit. Pointers to structs are loaded through directly: the verifier knows
 * their types, and a bad address is taken care of by the kernel.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/tpformat.h"
#include "base/arch.h"
#include "lib/probe_compile.h"

#define ARG_NUMBER 0xffu
#define ARG_HELPER 0x100u /* not by a plain load: the verifier only knows some types */
#define ARG_RESULT 0x200u

/* bpf:[ID:]PROGRAM: which programs there are is known when attaching. */
static int parse_bpf(struct check *k, struct node *spec, const struct provider *p)
{
	char *rest = probe_spec_unquoted(k, spec), *name, *colon;
	char *module;

	if (!rest)
		return -EINVAL;
	module = arena_strdup(k->arena, rest);
	name = module + strlen(PROBE_BPF) + 1;
	colon = strchr(name, ':');
	if (colon) {
		*colon = 0;
		if (!*name || name[strspn(name, "0123456789")])
			return probe_bad(k, spec, "write fentry:bpf:123:name",
					 "'%s' is not the number of a BPF program", name);
		name = colon + 1;
	} else {
		name[-1] = 0;
	}
	if (!probe_name_ok(name, false))
		return probe_bad(k, spec, "write fentry:bpf:name or fentry:bpf:123:name",
				 "'%s' is not the name of a BPF program", name);
	probe_set_attach(k, spec, p, name, rest);
	spec->spec.attach.module = module;
	return 0;
}

static bool in_bpf(const struct node *clause)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const char *module = s ? s->spec.attach.module : NULL;
	size_t n = strlen(PROBE_BPF);

	return module && strncmp(module, PROBE_BPF, n) == 0 && (!module[n] || module[n] == ':');
}

int probe_parse_fentry(struct check *k, struct node *spec, const struct provider *p)
{
	const char *text = strchr(spec->spec.text, ':');

	if (text && strncmp(text, ":bpf:", 5) == 0)
		return parse_bpf(k, spec, p);
	if (probe_parse_function(k, spec, p, false))
		return -EINVAL;
	/* sys_NAME has no meaning of its own here: the function's own types count */
	if (spec->spec.attach.module && strcmp(spec->spec.attach.module, PROBE_SYSCALL) == 0)
		spec->spec.attach.module = NULL;
	return 0;
}

/* ---- patterns ----------------------------------------------------------- */

struct expansion {
	struct check *k;
	const struct attach_info *at;
	void (*add)(void *user, const char *target);
	void *user;
};

/* A function of which BTF knows arguments that a program can have. */
static void add_known(struct expansion *x, const char *name, const char *module)
{
	const char *want = x->at->module;
	struct func_proto proto;
	uint32_t i;

	if (fnmatch(x->at->target, name, 0) != 0 ||
	    (want && fnmatch(want, module ? module : "vmlinux", 0) != 0) ||
	    !types_function(x->k->types, name, &proto) || proto.nparams > 12)
		return;
	for (i = 0; i < proto.nparams; i++)
		if (proto.params[i].type->size > 8)
			return;
	x->add(x->user, arena_strdup(x->k->arena, name));
}

static int add_btf(void *user, const char *name)
{
	add_known(user, name, NULL);
	return 0;
}

/* Lines are "NAME" or "NAME [MODULE]"; a name that comes again is another function's. */
static void add_listed(struct expansion *x, FILE *f)
{
	char line[512], last[512] = "";

	while (fgets(line, sizeof(line), f)) {
		char *space = strpbrk(line, " \n"), *module = NULL;

		if (space && *space == ' ') {
			module = space + strspn(space, " [");
			module[strcspn(module, "]\n")] = 0;
		}
		if (space)
			*space = 0;
		if (strcmp(line, last) != 0)
			add_known(x, line, module);
		strcpy(last, line);
	}
}

/* What ftrace lists can be traced; without that list BTF's functions are tried. */
int probe_expand_fentry(struct check *k, const struct attach_info *at,
			void (*add)(void *user, const char *target), void *user)
{
	struct expansion x = { .k = k, .at = at, .add = add, .user = user };
	const char *root = tracefs_path();
	char path[128];
	FILE *f = NULL;

	if (root) {
		snprintf(path, sizeof(path), "%s/available_filter_functions", root);
		f = fopen(path, "re");
	}
	if (f) {
		add_listed(&x, f);
		fclose(f);
	} else {
		types_functions(k->types, at->target, add_btf, &x);
	}
	return 0;
}

/* ---- variables ---------------------------------------------------------- */

/* The prototype of the clause's function; false: reported. */
static bool prototype(struct check *k, const struct node *clause, struct node *use,
		      struct func_proto *out, const char **name)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const char *near;

	*name = s ? s->spec.attach.target : "";
	if (in_bpf(clause)) {
		check_error(k, use, NOT_AVAILABLE,
			    "the types of a BPF program's arguments are not known here");
		check_hint(k, "arg0 is its context");
		return false;
	}
	if (s && types_function(k->types, *name, out))
		return true;
	if (!types_have_btf(k->types)) {
		check_error(k, use, NO_BTF,
			    "arguments come from the kernel's BTF, which cannot be read");
		return false;
	}
	near = type_near_function(k->types, *name);
	check_error(k, use, NO_SUCH_FUNCTION, "BTF does not know a function '%s'", *name);
	if (near)
		check_hint(k, "did you mean '%s'?", near);
	return false;
}

/* Pointers to structs may be followed directly. */
static const struct type *trusted(struct check *k, const struct type *t)
{
	if (t->kind == TY_PTR && t->space == SP_KERNEL && t->elem->kind == TY_STRUCT &&
	    t->elem->btf_id)
		return type_with_space(k->types, t, SP_TRUSTED);
	return t;
}

/* What the verifier lets a program load from the context. */
static bool plain(const struct type *t)
{
	return type_is_integer(t) ||
	       (t->kind == TY_PTR && t->elem->kind == TY_STRUCT && t->elem->btf_id);
}

const struct func_param *probe_param(struct check *k, const struct func_proto *proto,
				     struct node *use, const char *of, const char *field,
				     uint32_t *n)
{
	const char *names[32];
	uint32_t i, count = proto->nparams < 32 ? proto->nparams : 32;

	for (i = 0; i < count; i++) {
		names[i] = proto->params[i].name;
		if (strcmp(names[i], field) != 0)
			continue;
		*n = i;
		if (type_is_integer(proto->params[i].type) ||
		    proto->params[i].type->kind == TY_PTR)
			return &proto->params[i];
		check_error(k, use, NOT_YET, "argument '%s' of '%s' is passed by value", field, of);
		return NULL;
	}
	probe_no_argument(k, use, of, field, names, count);
	return NULL;
}

/* Structs by value take more than one place, which moves what comes after them. */
static uint32_t place_of(const struct func_proto *proto, uint32_t n)
{
	uint32_t i, place = 0;

	for (i = 0; i < n; i++) {
		uint32_t words = (proto->params[i].type->size + 7) / 8;

		place += words ? words : 1;
	}
	return place;
}

const struct type *probe_fentry_args(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct func_param *p;
	struct func_proto proto;
	const char *name;
	uint32_t n;

	if (!field)
		return probe_args_whole(k, clause, use, probe_fentry_args);
	if (!prototype(k, clause, use, &proto, &name))
		return NULL;
	p = probe_param(k, &proto, use, name, field, &n);
	if (!p)
		return NULL;
	*arg = place_of(&proto, n) | (plain(p->type) ? 0 : ARG_HELPER);
	return trusted(k, p->type);
}

const struct type *probe_fentry_argn(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	struct func_proto proto;
	const char *name;

	(void)field;
	if (in_bpf(clause) && *arg < 5) {
		*arg |= ARG_HELPER;
		return type_int(k->types, 8, false);
	}
	if (!prototype(k, clause, use, &proto, &name))
		return NULL;
	if (*arg >= proto.nparams) {
		check_error(k, use, RANGE, "'%s' has %u argument%s", name, proto.nparams,
			    proto.nparams == 1 ? "" : "s");
		return NULL;
	}
	*arg = place_of(&proto, *arg) | ARG_HELPER;
	return type_int(k->types, 8, false);
}

const struct type *probe_fexit_retval(struct check *k, const struct node *clause,
				      struct node *use, const char *field, uint32_t *arg)
{
	struct func_proto proto;
	const char *name;

	(void)field;
	if (in_bpf(clause)) {
		*arg = ARG_RESULT | ARG_HELPER;
		return type_int(k->types, 8, true);
	}
	if (!prototype(k, clause, use, &proto, &name))
		return NULL;
	if (!type_is_integer(proto.ret) && proto.ret->kind != TY_PTR) {
		check_error(k, use, TYPE, "'%s' returns nothing", name);
		return NULL;
	}
	*arg = place_of(&proto, proto.nparams) | ARG_RESULT | (plain(proto.ret) ? 0 : ARG_HELPER);
	return trusted(k, proto.ret);
}

/* The context is an array of the arguments, with the result behind them. */
ir_val probe_fentry_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	ir_val v, p;

	if (!(arg & ARG_HELPER)) {
		v = ir_load_ctx(l->ir, 8 * (uint64_t)(arg & ARG_NUMBER), 8, false);
		return probe_fit(l, v, use->type);
	}
	/* u64 v; bpf_get_func_arg(ctx, n, &v); */
	p = lower_temp(l, 8, true);
	if (arg & ARG_RESULT)
		IR_CALL(l->ir, BPF_FUNC_get_func_ret, ir_ctx(l->ir), p);
	else
		IR_CALL(l->ir, BPF_FUNC_get_func_arg, ir_ctx(l->ir),
			ir_const(l->ir, arg & ARG_NUMBER), p);
	return probe_fit(l, ir_load(l->ir, p, 8, false), use->type);
}
