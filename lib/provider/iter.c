/*
 * iter: visits every object of a kind in the kernel, once: tasks, their files,
 * their mappings. The program gets struct bpf_iter__KIND as ctx. Runs when
 * everything is attached; the tracer ends after it.
 */
#include <stddef.h>

static const char *const iter_aliases[] = { "it", NULL };

#ifdef BCCT_COMPILER
#include <errno.h>
#include <string.h>

#include "lib/probe_compile.h"

#define OBJECT_OFFSET 8 /* in every such struct: the object stands behind the meta pointer */

extern const struct provider bcct_provider_iter;

static int iter_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_unquoted(k, spec);
	char *colon;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec, "write iter:task, iter:task_file or iter:task_vma",
				 "iter needs what to visit");
	colon = strchr(rest, ':');
	if (colon) {
		check_error(k, spec, NOT_YET, "pinning an iterator is not supported yet");
		return -EINVAL;
	}
	if (!probe_name_ok(rest, false))
		return probe_bad(k, spec, "write iter:task, iter:task_file or iter:task_vma",
				 "'%s' is nothing to visit", rest);
	probe_set_attach(k, spec, &bcct_provider_iter, rest, rest);
	return 0;
}

static const struct type *context(struct check *k, const struct node *clause, struct node *use)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const struct type *t;

	if (!s)
		return NULL;
	t = type_by_tag(k->types, TY_STRUCT,
			arena_printf(k->arena, "bpf_iter__%s", s->spec.attach.target));
	if (!t) {
		check_error(k, use, NO_SUCH_FUNCTION, "the kernel has no iterator '%s'",
			    s->spec.attach.target);
		check_hint(k, "there are task, task_file, task_vma, bpf_map, bpf_prog and others");
	}
	return t;
}

static const struct type *ctx_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg)
{
	const struct type *t = context(k, clause, use);

	(void)field;
	*arg = 0;
	return t ? type_ptr(k->types, t, SP_CTX) : NULL;
}

static const struct type *args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct type *t;
	struct member m;

	if (!field)
		return probe_args_bare(k, use);
	t = context(k, clause, use);
	if (!t)
		return NULL;
	if (!type_member(k->types, t, field, &m) || m.bit_size ||
	    (m.type->kind != TY_PTR && !type_is_integer(m.type))) {
		check_error(k, use, UNKNOWN_FIELD, "'%s' has no member '%s'", t->name, field);
		return NULL;
	}
	*arg = m.offset << 8 | m.type->size;
	return m.type;
}

static ir_val ctx_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	(void)use;
	(void)arg;
	return ir_ctx(l->ir);
}

static ir_val args_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	return ir_load_ctx(l->ir, arg >> 8, arg & 0xff, use->type->is_signed);
}

/* if (!ctx->member) return 0; */
static void leave_without(struct lower *l, uint32_t offset)
{
	struct ir *ir = l->ir;
	ir_block end = ir_block_new(ir, ""), go = ir_block_new(ir, "");

	ir_cond(ir, ir_truth(ir, ir_load_ctx(ir, offset, 8, false)), go, end);
	ir_at(ir, end);
	ir_return(ir, 0);
	ir_br(ir, go);
	ir_at(ir, go);
}

/* After the last object the program is called once more, with pointers to nothing. */
static void iter_prologue(struct lower *l, const struct node *clause)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const struct member *m;
	const struct type *t;
	uint32_t i, n;

	t = type_by_tag(l->c->types, TY_STRUCT,
			arena_printf(l->arena, "bpf_iter__%s", s ? s->spec.attach.target : ""));
	if (!t) {
		leave_without(l, OBJECT_OFFSET);
		return;
	}
	n = type_members(l->c->types, t, &m);
	for (i = 0; i < n; i++)
		if (m[i].offset >= OBJECT_OFFSET && (m[i].type->kind == TY_PTR ||
						     m[i].type->kind == TY_UNION))
			leave_without(l, m[i].offset);
}

static const struct provider_var iter_vars[] = {
	{ "ctx", ctx_check, ctx_lower, "pointer to struct bpf_iter__KIND" },
	{ "args", args_check, args_lower, "args.NAME: a member of that struct: args.task" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_iter = {
	.name = "iter",
	.aliases = iter_aliases,
	.syntax = "iter:KIND",
	.needs = NEEDS(BTF),
	.section = "iter",
	.parse = iter_parse,
	.single = true,
	.prologue = iter_prologue,
	.vars = iter_vars,
	.in_tracer = true,
	.doc = "Runs once for each object of a kind that is in the kernel, then the program ends: "
	       "task, task_file, task_vma and the others that the kernel has.",
	.example = "iter:task < @[ctx->task->comm] = count() >",
};
#endif

#ifdef BCCT_RUNTIME
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/probe_rt.h"

static int iter_prepare(struct rt *rt, struct rt_program *p, unsigned npoints)
{
	(void)rt;
	(void)npoints;
	return bpf_program__set_attach_target(p->prog, 0, p->info->attach.v[0].target);
}

static int iter_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed)
{
	struct bpf_link *link = bpf_program__attach_iter(p->prog, NULL);

	(void)points;
	(void)n;
	*failed = 0;
	if (!link)
		return -errno;
	rt_add_link(rt, link);
	return rt_add_iter(rt, bpf_link__fd(link));
}

static const char *iter_reason(int err)
{
	return err == -ESRCH || err == -ENOENT ? "the kernel has no such iterator" : NULL;
}

struct listing {
	struct probe_protos *protos; /* NULL: names only */
	void (*each)(void *user, const char *text);
	void *user;
};

/* With what its struct has besides the iterator's own, as the kernel's function takes it. */
static void list_one(void *user, const char *text)
{
	struct listing *l = user;
	char function[64];

	l->each(l->user, text);
	snprintf(function, sizeof(function), "bpf_iter_%.40s", text + strlen("iter:"));
	if (l->protos)
		probe_protos_list(l->protos, function, NULL, false, 1, l->each, l->user);
}

static int iter_list(struct rt *rt, const char *pattern, bool args,
		     void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "iter:task", "iter:task_file", "iter:task_vma", NULL };
	struct listing l = { args ? probe_protos_open() : NULL, each, user };

	(void)rt;
	probe_list_fixed(pattern, texts, list_one, &l);
	probe_protos_close(l.protos);
	return 0;
}

const struct provider_rt bcct_provider_rt_iter = {
	.name = "iter",
	.aliases = iter_aliases,
	.prepare = iter_prepare,
	.attach = iter_attach,
	.reason = iter_reason,
	.list = iter_list,
};
#endif
