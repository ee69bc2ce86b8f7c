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

struct probe_protos {
	struct btf *btf;
	struct btf_dump *dump;
	struct strmap functions; /* name -> prototype's id */
	struct strmap modules;   /* name -> its BTF's functions; see module_functions() */
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

struct probe_protos *probe_protos_open(void)
{
	struct probe_protos *p = calloc(1, sizeof(*p));
	uint32_t i, n;

	if (!p)
		return NULL;
	p->arena = arena_new();
	p->btf = btf__load_vmlinux_btf();
	p->dump = p->btf ? btf_dump__new(p->btf, put_text, p, NULL) : NULL;
	if (!p->dump) {
		probe_protos_close(p);
		return NULL;
	}
	n = btf__type_cnt(p->btf);
	for (i = 1; i < n; i++) {
		const struct btf_type *t = btf__type_by_id(p->btf, i);

		if (btf_is_func(t))
			strmap_put(&p->functions, btf__name_by_offset(p->btf, t->name_off),
				   (void *)(uintptr_t)t->type);
	}
	return p;
}

/* The functions that a module's BTF describes; an empty map without BTF. */
static struct strmap *module_functions(struct probe_protos *p, const char *module)
{
	struct strmap *names = strmap_get(&p->modules, module);
	uint32_t i, n, first = btf__type_cnt(p->btf);
	struct btf *btf;

	if (names)
		return names;
	names = arena_alloc(p->arena, sizeof(*names));
	memset(names, 0, sizeof(*names));
	strmap_put(&p->modules, arena_strdup(p->arena, module), names);
	btf = btf__load_module_btf(module, p->btf);
	n = btf ? btf__type_cnt(btf) : 0;
	for (i = first; i < n; i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);

		if (btf_is_func(t))
			strmap_put(names, arena_strdup(p->arena,
						       btf__name_by_offset(btf, t->name_off)), p);
	}
	btf__free(btf);
	return names;
}

bool probe_protos_have(struct probe_protos *p, const char *function, const char *module)
{
	return strmap_get(module ? module_functions(p, module) : &p->functions, function);
}

/* One line: the type with the name where C puts it. */
static void list_one(struct probe_protos *p, uint32_t type, const char *name,
		     void (*each)(void *user, const char *text), void *user)
{
	LIBBPF_OPTS(btf_dump_emit_type_decl_opts, opts, .field_name = name);
	char *text;
	size_t at;

	p->text.len = 0;
	buf_put(&p->text, "    ", 4);
	if (btf_dump__emit_type_decl(p->dump, type, &opts))
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

static void list_proto(struct probe_protos *p, const char *function, bool result, unsigned skip,
		       void (*each)(void *user, const char *text), void *user)
{
	uint32_t id = (uint32_t)(uintptr_t)strmap_get(&p->functions, function);
	const struct btf_type *t = id ? btf__type_by_id(p->btf, id) : NULL;
	uint32_t i;

	if (!t || !btf_is_func_proto(t))
		return;
	for (i = skip; !result && i < btf_vlen(t); i++)
		if (btf_params(t)[i].type)
			list_one(p, btf_params(t)[i].type,
				 btf__name_by_offset(p->btf, btf_params(t)[i].name_off), each,
				 user);
	if (result && t->type)
		list_one(p, t->type, "retval", each, user);
}

void probe_protos_list(struct probe_protos *p, const char *function, bool result,
		       void (*each)(void *user, const char *text), void *user)
{
	list_proto(p, function, result, 0, each, user);
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
	for (i = 0; i < p->functions.n; i++) {
		const char *name = p->functions.entries[i].key;

		if (strncmp(name, ITERATOR, skip) != 0 || !rt_wildcard(pattern, name + skip))
			continue;
		snprintf(text, sizeof(text), "rawtracepoint:%.200s", name + skip);
		each(user, text);
		if (args)
			list_proto(p, name, false, 1, each, user);
	}
	probe_protos_close(p);
	return 0;
}

void probe_raw_near(struct probe_near *n)
{
	struct probe_protos *p = probe_protos_open();
	size_t skip = strlen(ITERATOR), i;

	for (i = 0; p && i < p->functions.n; i++)
		if (strncmp(p->functions.entries[i].key, ITERATOR, skip) == 0)
			probe_near_try(n, p->functions.entries[i].key + skip);
	probe_protos_close(p);
}

void probe_protos_close(struct probe_protos *p)
{
	if (!p)
		return;
	btf_dump__free(p->dump);
	btf__free(p->btf);
	for (size_t i = 0; i < p->modules.n; i++)
		strmap_free(p->modules.entries[i].value);
	strmap_free(&p->modules);
	strmap_free(&p->functions);
	arena_free(p->arena);
	buf_free(&p->text);
	free(p);
}
