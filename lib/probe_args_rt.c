/*
 * Prototypes of kernel functions as C text, for listings (-lv): libbpf's BTF
 * loader and dumper, since the runtime has no types of its own.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/strmap.h"
#include "lib/probe_rt.h"

/* The BTF of the kernel or of a module. */
struct btf_source {
	struct btf *btf;
	struct btf_dump *dump;
	struct strmap functions; /* name -> prototype's id */
};

struct probe_protos {
	struct btf_source kernel;
	struct strmap modules; /* name -> struct btf_source */
	struct arena *arena;
	struct buf text;
};

static void put_text(void *ctx, const char *fmt, va_list args)
{
	struct probe_protos *p = ctx;
	char line[512];
	int n = vsnprintf(line, sizeof(line), fmt, args);

	if (n > 0)
		buf_put(&p->text, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

static void source_index(struct probe_protos *p, struct btf_source *s, uint32_t from)
{
	uint32_t n = btf__type_cnt(s->btf);

	s->dump = btf_dump__new(s->btf, put_text, p, NULL);
	for (uint32_t i = from; s->dump && i < n; i++) {
		const struct btf_type *t = btf__type_by_id(s->btf, i);

		if (btf_is_func(t))
			strmap_put(&s->functions, btf__name_by_offset(s->btf, t->name_off),
				   (void *)(uintptr_t)t->type);
	}
}

static void source_close(struct btf_source *s)
{
	btf_dump__free(s->dump);
	btf__free(s->btf);
	strmap_free(&s->functions);
}

struct probe_protos *probe_protos_open(void)
{
	struct probe_protos *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->arena = arena_new();
	p->kernel.btf = btf__load_vmlinux_btf();
	if (p->kernel.btf)
		source_index(p, &p->kernel, 1);
	if (!p->kernel.dump) {
		probe_protos_close(p);
		return NULL;
	}
	return p;
}

/* A module's BTF, on top of the kernel's; without functions when it has none. */
static struct btf_source *module_source(struct probe_protos *p, const char *module)
{
	struct btf_source *s = strmap_get(&p->modules, module);

	if (s)
		return s;
	s = arena_alloc(p->arena, sizeof(*s));
	memset(s, 0, sizeof(*s));
	strmap_put(&p->modules, arena_strdup(p->arena, module), s);
	s->btf = btf__load_module_btf(module, p->kernel.btf);
	if (s->btf)
		source_index(p, s, btf__type_cnt(p->kernel.btf));
	return s;
}

static struct btf_source *source_of(struct probe_protos *p, const char *module)
{
	return module ? module_source(p, module) : &p->kernel;
}

bool probe_protos_have(struct probe_protos *p, const char *function, const char *module)
{
	return strmap_get(&source_of(p, module)->functions, function);
}

/* One line: the type with the name where C puts it. */
static void list_one(struct probe_protos *p, struct btf_source *s, uint32_t type, const char *name,
		     void (*each)(void *user, const char *text), void *user)
{
	LIBBPF_OPTS(btf_dump_emit_type_decl_opts, opts, .field_name = name);
	char *text;
	size_t at;

	p->text.len = 0;
	buf_put(&p->text, "    ", 4);
	if (btf_dump__emit_type_decl(s->dump, type, &opts))
		return;
	buf_put(&p->text, "", 1);
	text = (char *)p->text.data;
	/* "struct file * file", as for events */
	at = strlen(text) - strlen(name);
	if (at > 0 && !strcmp(text + at, name) && text[at - 1] == '*') {
		p->text.len = at;
		buf_printf(&p->text, " %s", name);
		buf_put(&p->text, "", 1);
	}
	each(user, (const char *)p->text.data);
}

static void list_proto(struct probe_protos *p, struct btf_source *s, const char *function,
		       bool result, unsigned skip,
		       void (*each)(void *user, const char *text), void *user)
{
	uint32_t id = (uint32_t)(uintptr_t)strmap_get(&s->functions, function);
	const struct btf_type *t = id ? btf__type_by_id(s->btf, id) : NULL;
	uint32_t i;

	if (!t || !btf_is_func_proto(t))
		return;
	for (i = skip; !result && i < btf_vlen(t); i++)
		if (btf_params(t)[i].type)
			list_one(p, s, btf_params(t)[i].type,
				 btf__name_by_offset(s->btf, btf_params(t)[i].name_off), each,
				 user);
	if (result && t->type)
		list_one(p, s, t->type, "retval", each, user);
}

void probe_protos_list(struct probe_protos *p, const char *function, const char *module,
		       bool result, unsigned skip, void (*each)(void *user, const char *text),
		       void *user)
{
	list_proto(p, source_of(p, module), function, result, skip, each, user);
}

/* ---- tracepoints: each has a function that calls its probes --------------- */

#define ITERATOR "__traceiter_"

int probe_raw_list(const char *pattern, bool args, void (*each)(void *user, const char *text),
		   void *user)
{
	struct probe_protos *p = probe_protos_open();
	size_t skip = strlen(ITERATOR), i;
	char text[256];

	if (!p)
		return -ENOENT;
	for (i = 0; i < p->kernel.functions.n; i++) {
		const char *name = p->kernel.functions.entries[i].key;

		if (strncmp(name, ITERATOR, skip) != 0 || !rt_wildcard(pattern, name + skip))
			continue;
		snprintf(text, sizeof(text), "rawtracepoint:%.200s", name + skip);
		each(user, text);
		if (args)
			list_proto(p, &p->kernel, name, false, 1, each, user);
	}
	probe_protos_close(p);
	return 0;
}

void probe_raw_near(struct probe_near *n)
{
	struct probe_protos *p = probe_protos_open();
	size_t skip = strlen(ITERATOR), i;

	for (i = 0; p && i < p->kernel.functions.n; i++)
		if (strncmp(p->kernel.functions.entries[i].key, ITERATOR, skip) == 0)
			probe_near_try(n, p->kernel.functions.entries[i].key + skip);
	probe_protos_close(p);
}

void probe_protos_close(struct probe_protos *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->modules.n; i++)
		source_close(p->modules.entries[i].value);
	strmap_free(&p->modules);
	source_close(&p->kernel);
	arena_free(p->arena);
	buf_free(&p->text);
	free(p);
}
