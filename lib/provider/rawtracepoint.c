/*
 * rawtracepoint: the kernel's tracepoints with the arguments they are called
 * with, before a record is made of them. Types come from BTF.
 */
#include <stddef.h>

static const char *const rawtracepoint_aliases[] = { "rt", NULL };

#ifdef BCCT_COMPILER
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/strmap.h"
#include "lib/probe_compile.h"

#define ITERATOR "__traceiter_" /* of each tracepoint, a function that calls its probes */

extern const struct provider bcct_provider_rawtracepoint;

static int rawtracepoint_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_unquoted(k, spec), *colon;
	const char *event = rest;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec, "write rawtracepoint:sched_switch",
				 "rawtracepoint needs the name of an event");
	colon = strchr(rest, ':');
	if (colon)
		event = colon + 1;
	if (!probe_name_ok(event, true) ||
	    (colon && !probe_name_ok(arena_strndup(k->arena, rest, (size_t)(colon - rest)), true)))
		return probe_bad(k, spec, "write rawtracepoint:[MODULE:]EVENT",
				 "'%s' is not the name of an event", rest);
	probe_set_attach(k, spec, &bcct_provider_rawtracepoint, event, rest);
	return 0;
}

struct expansion {
	struct check *k;
	void (*add)(void *user, const char *target);
	void *user;
};

static int add_event(void *user, const char *function)
{
	struct expansion *x = user;

	x->add(x->user, arena_strdup(x->k->arena, function + strlen(ITERATOR)));
	return 0;
}

static int rawtracepoint_expand(struct check *k, const struct attach_info *at,
				void (*add)(void *user, const char *target), void *user)
{
	struct expansion x = { k, add, user };

	types_functions(k->types, arena_printf(k->arena, ITERATOR "%s", at->target), add_event, &x);
	return 0;
}

/* ---- variables ---------------------------------------------------------- */

struct near_event {
	struct nearest near;
	struct arena *arena;
};

static int near_event(void *user, const char *function)
{
	struct near_event *n = user;

	nearest_try(&n->near, arena_strdup(n->arena, function + strlen(ITERATOR)));
	return 0;
}

static bool prototype(struct check *k, const struct node *clause, struct node *use,
		      struct func_proto *out, const char **name)
{
	const struct node *s = probe_next_spec(clause, NULL);
	struct near_event n = { .arena = k->arena };

	*name = s ? s->spec.attach.target : "";
	if (s && types_tracepoint(k->types, *name, out))
		return true;
	if (!types_have_btf(k->types)) {
		check_error(k, use, NO_BTF,
			    "arguments come from the kernel's BTF, which cannot be read");
		return false;
	}
	n.near = nearest_init(*name);
	types_functions(k->types, ITERATOR "*", near_event, &n);
	check_error(k, use, NO_SUCH_FUNCTION, "BTF does not know a tracepoint '%s'", *name);
	if (n.near.best)
		check_hint(k, "did you mean '%s'?", n.near.best);
	return false;
}

static const struct type *args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct func_param *p;
	struct func_proto proto;
	const char *name;

	if (!field)
		return probe_args_whole(k, clause, use, args_check);
	if (!prototype(k, clause, use, &proto, &name))
		return NULL;
	p = probe_param(k, &proto, use, name, field, arg);
	return p ? p->type : NULL;
}

/* By number with the type that is known; without BTF a plain number. */
static const struct type *argn_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const struct type *u64 = type_int(k->types, 8, false);
	struct func_proto proto;

	(void)field;
	if (!s || !types_tracepoint(k->types, s->spec.attach.target, &proto)) {
		if (*arg < 12)
			return u64;
		check_error(k, use, RANGE, "there is no arg%u, the last is arg11", *arg);
		return NULL;
	}
	if (*arg >= proto.nparams) {
		check_error(k, use, RANGE, "'%s' has %u argument%s", s->spec.attach.target,
			    proto.nparams, proto.nparams == 1 ? "" : "s");
		return NULL;
	}
	return u64;
}

static ir_val arg_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	return probe_fit(l, ir_load_ctx(l->ir, 8 * (uint64_t)arg, 8, false), use->type);
}

static const struct provider_var rawtracepoint_vars[] = {
	{ "args", args_check, arg_lower, "args.NAME: an argument by its name, with its type" },
	{ "arg*", argn_check, arg_lower, "arg0 …: arguments by number" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_rawtracepoint = {
	.name = "rawtracepoint",
	.aliases = rawtracepoint_aliases,
	.syntax = "rawtracepoint:[MODULE:]EVENT",
	.section = "raw_tp",
	.patterns = PATTERN_YES,
	.parse = rawtracepoint_parse,
	.expand = rawtracepoint_expand,
	.single = true,
	.vars = rawtracepoint_vars,
	.doc = "Runs at a tracepoint of the kernel, with the arguments it is called with: whole "
	       "kernel structs where a tracepoint has some of their fields.",
	.example = "rawtracepoint:sched_switch < @[args.next->comm] = count() > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "lib/probe_rt.h"

static struct bpf_link *attach_one(struct rt *rt, struct rt_program *p,
				   const struct rt_point *point, const void *arg)
{
	(void)rt;
	(void)arg;
	return bpf_program__attach_raw_tracepoint(p->prog, point->target);
}

static int rawtracepoint_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
				unsigned n, unsigned *failed)
{
	return probe_attach_each(rt, p, points, n, failed, attach_one, NULL);
}

static const char *rawtracepoint_reason(int err)
{
	return err == -EINVAL ? "it has fewer arguments than the clause uses" : NULL;
}

static char *rawtracepoint_near(struct rt *rt, const struct attach_info *at)
{
	struct probe_near n = { .word = at->target };

	(void)rt;
	probe_raw_near(&n);
	return n.best;
}

static int rawtracepoint_list(struct rt *rt, const char *pattern, bool args,
			      void (*each)(void *user, const char *text), void *user)
{
	(void)rt;
	return probe_raw_list(probe_pattern("rawtracepoint", pattern), args, each, user);
}

const struct provider_rt bcct_provider_rt_rawtracepoint = {
	.name = "rawtracepoint",
	.aliases = rawtracepoint_aliases,
	.attach = rawtracepoint_attach,
	.reason = rawtracepoint_reason,
	.list = rawtracepoint_list,
	.near = rawtracepoint_near,
};
#endif
