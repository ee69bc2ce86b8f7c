/*
 * Maps of BPF C: BCC's macros with all their numbers of arguments, from the
 * arguments to a struct c_map. Called by check.c.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parser/c/check.h"

#define DEFAULT_ENTRIES 10240

/* What a macro's arguments are, in order: letters, upper case for those that must be there. */
static const struct form {
	const char *macro, *args;
	enum c_map_kind kind;
	const char *key, *leaf; /* when not given */
	uint64_t entries;
} forms[] = {
	/* N name, K key, L leaf, E entries, F flags, P pages, I name of the inner map, T type, X
	   path */
	{"BPF_HASH", "Nkle", C_HASH, "u64", "u64", DEFAULT_ENTRIES},
	{"BPF_PERCPU_HASH", "Nkle", C_PERCPU_HASH, "u64", "u64", DEFAULT_ENTRIES},
	{"BPF_LRU_HASH", "Nkle", C_LRU_HASH, "u64", "u64", DEFAULT_ENTRIES},
	{"BPF_LRU_PERCPU_HASH", "Nkle", C_LRU_PERCPU_HASH, "u64", "u64", DEFAULT_ENTRIES},
	{"BPF_ARRAY", "Nle", C_ARRAY, "int", "u64", DEFAULT_ENTRIES},
	{"BPF_PERCPU_ARRAY", "Nle", C_PERCPU_ARRAY, "int", "u64", DEFAULT_ENTRIES},
	{"BPF_HISTOGRAM", "Nke", C_HASH, "int", "u64", 64},
	{"BPF_LPM_TRIE", "Nkle", C_LPM_TRIE, "u64", "u64", DEFAULT_ENTRIES},
	{"BPF_STACK_TRACE", "NE", C_STACK_TRACE, "int", "struct bpf_stacktrace", 0},
	{"BPF_STACK_TRACE_BUILDID", "NE", C_STACK_TRACE, "int", "struct bpf_stacktrace_buildid", 0},
	{"BPF_PERF_OUTPUT", "N", C_PERF_EVENT_ARRAY, "int", "u32", 0},
	{"BPF_PERF_ARRAY", "NE", C_PERF_EVENT_ARRAY, "int", "u32", 0},
	{"BPF_CGROUP_ARRAY", "NE", C_CGROUP_ARRAY, "int", "u32", 0},
	{"BPF_RINGBUF_OUTPUT", "NP", C_RINGBUF, NULL, NULL, 0},
	{"BPF_PROG_ARRAY", "NE", C_PROG_ARRAY, "u32", "u32", 0},
	{"BPF_QUEUE", "NLEf", C_QUEUE, NULL, NULL, 0},
	{"BPF_STACK", "NLEf", C_STACK, NULL, NULL, 0},
	{"BPF_QUEUESTACK", "TNLEf", C_QUEUE, NULL, NULL, 0},
	{"BPF_DEVMAP", "NE", C_DEVMAP, "int", "int", 0},
	{"BPF_CPUMAP", "NE", C_CPUMAP, "int", "int", 0},
	{"BPF_XSKMAP", "NEx", C_XSKMAP, "int", "int", 0},
	{"BPF_SOCKMAP", "Ne", C_SOCKMAP, "u32", "u32", DEFAULT_ENTRIES},
	{"BPF_SOCKHASH", "Nke", C_SOCKHASH, "u32", "u32", DEFAULT_ENTRIES},
	{"BPF_ARRAY_OF_MAPS", "NIE", C_ARRAY_OF_MAPS, "int", "int", 0},
	{"BPF_HASH_OF_MAPS", "NKIE", C_HASH_OF_MAPS, "int", "int", 0},
	{"BPF_SK_STORAGE", "NL", C_SK_STORAGE, "int", "u64", 0},
	{"BPF_INODE_STORAGE", "NL", C_INODE_STORAGE, "int", "u64", 0},
	{"BPF_TASK_STORAGE", "NL", C_TASK_STORAGE, "int", "u64", 0},
	{"BPF_CGROUP_STORAGE", "NL", C_CGROUP_STORAGE, "struct bpf_cgroup_storage_key", "u64", 0},
	{"BPF_PERCPU_CGROUP_STORAGE", "NL", C_PERCPU_CGROUP_STORAGE,
	 "struct bpf_cgroup_storage_key", "u64", 0},
	{"BPF_TABLE", "TKLNE", C_HASH, NULL, NULL, 0},
	{"BPF_TABLE_PUBLIC", "TKLNE", C_HASH, NULL, NULL, 0},
	{"BPF_TABLE_SHARED", "TKLNE", C_HASH, NULL, NULL, 0},
	{"BPF_TABLE_PINNED", "TKLNEXf", C_HASH, NULL, NULL, 0},
	{"BPF_TABLE_PINNED7", "TKLNEXF", C_HASH, NULL, NULL, 0},
	{"BPF_F_TABLE", "TKLNEF", C_HASH, NULL, NULL, 0},
};

static const struct {
	const char *name;
	enum c_map_kind kind;
	unsigned bpf_type;
} kinds[] = {
	{"hash", C_HASH, BPF_MAP_TYPE_HASH},
	{"array", C_ARRAY, BPF_MAP_TYPE_ARRAY},
	{"prog", C_PROG_ARRAY, BPF_MAP_TYPE_PROG_ARRAY},
	{"perf_output", C_PERF_EVENT_ARRAY, BPF_MAP_TYPE_PERF_EVENT_ARRAY},
	{"perf_array", C_PERF_EVENT_ARRAY, BPF_MAP_TYPE_PERF_EVENT_ARRAY},
	{"percpu_hash", C_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_HASH},
	{"percpu_array", C_PERCPU_ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY},
	{"stacktrace", C_STACK_TRACE, BPF_MAP_TYPE_STACK_TRACE},
	{"cgroup_array", C_CGROUP_ARRAY, BPF_MAP_TYPE_CGROUP_ARRAY},
	{"histogram", C_HASH, BPF_MAP_TYPE_HASH},
	{"lru_hash", C_LRU_HASH, BPF_MAP_TYPE_LRU_HASH},
	{"lru_percpu_hash", C_LRU_PERCPU_HASH, BPF_MAP_TYPE_LRU_PERCPU_HASH},
	{"lpm_trie", C_LPM_TRIE, BPF_MAP_TYPE_LPM_TRIE},
	{"array_of_maps", C_ARRAY_OF_MAPS, BPF_MAP_TYPE_ARRAY_OF_MAPS},
	{"hash_of_maps", C_HASH_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS},
	{"devmap", C_DEVMAP, BPF_MAP_TYPE_DEVMAP},
	{"sockmap", C_SOCKMAP, BPF_MAP_TYPE_SOCKMAP},
	{"cpumap", C_CPUMAP, BPF_MAP_TYPE_CPUMAP},
	{"xskmap", C_XSKMAP, BPF_MAP_TYPE_XSKMAP},
	{"sockhash", C_SOCKHASH, BPF_MAP_TYPE_SOCKHASH},
	{"cgroup_storage", C_CGROUP_STORAGE, BPF_MAP_TYPE_CGROUP_STORAGE},
	{"percpu_cgroup_storage", C_PERCPU_CGROUP_STORAGE, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE},
	{"queue", C_QUEUE, BPF_MAP_TYPE_QUEUE},
	{"stack", C_STACK, BPF_MAP_TYPE_STACK},
	{"sk_storage", C_SK_STORAGE, BPF_MAP_TYPE_SK_STORAGE},
	{"ringbuf", C_RINGBUF, BPF_MAP_TYPE_RINGBUF},
	{"inode_storage", C_INODE_STORAGE, BPF_MAP_TYPE_INODE_STORAGE},
	{"task_storage", C_TASK_STORAGE, BPF_MAP_TYPE_TASK_STORAGE},
	{"extern", C_EXTERN, 0},
};

static bool set_kind(struct c_map *m, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0) {
			m->kind = kinds[i].kind;
			m->bpf_type = kinds[i].bpf_type;
			m->histogram |= strcmp(name, "histogram") == 0;
			m->perf_output |= strcmp(name, "perf_output") == 0;
			return true;
		}
	return false;
}

static void set_bpf_type(struct c_map *m)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds) && !m->bpf_type; i++)
		if (kinds[i].kind == m->kind)
			m->bpf_type = kinds[i].bpf_type;
}

/* ---- arguments ---------------------------------------------------------- */

static const struct type *type_arg(struct cc *k, struct node *arg, const char **spelling)
{
	struct node spec = {.kind = N_CSPEC};
	const struct type *t;

	if (arg->kind == N_IDENT) { /* a name that no declaration made a type */
		spec.loc = arg->loc;
		spec.expansion = arg->expansion;
		spec.cspec.name = arg->ident.name;
		*spelling = arg->ident.name;
		return cc_spec_type(k, &spec);
	}
	if (arg->kind != N_CTYPE) {
		cc_error(k, arg, TYPE, "a type is needed here");
		return k->poison;
	}
	t = cc_type_name_type(k, arg);
	*spelling = cc_spelling(k, arg->ctype.spec, arg->ctype.derive);
	if (!cc_bad(k, t) && !t->size) {
		cc_error(k, arg, TYPE, "a key or value of incomplete type %s", cc_type(k, t));
		return k->poison;
	}
	return t;
}

static const struct type *default_type(struct cc *k, const char *name, const char **spelling)
{
	*spelling = name;
	if (!name)
		return NULL;
	if (strncmp(name, "struct ", 7) == 0)
		return cc_tag(k, TY_STRUCT, name + 7);
	return type_native(k->types, name);
}

static bool number_arg(struct cc *k, struct node **arg, uint64_t *out)
{
	int64_t v;

	if (!cc_constant(k, arg, &v, "an argument of a map"))
		return false;
	if (v < 0 || v > UINT32_MAX) {
		cc_error(k, *arg, RANGE, "%lld is no number of entries or flags", (long long)v);
		return false;
	}
	*out = (uint64_t)v;
	return true;
}

static const char *text_arg(struct cc *k, const struct node *arg, const char *what)
{
	if (arg->kind == N_STR)
		return arg->str.text;
	if (arg->kind == N_IDENT)
		return arg->ident.name;
	cc_error(k, arg, TYPE, "%s is needed here", what);
	return NULL;
}

/* One argument; false when it is wrong (reported). */
static bool take(struct cc *k, struct c_map *m, char what, struct node **arg)
{
	const char *text;
	uint64_t v;

	switch (what | 32) {
	case 'n': return (m->name = text_arg(k, *arg, "a name")) != NULL;
	case 'k': return !cc_bad(k, m->key = type_arg(k, *arg, &m->key_spelling));
	case 'l': return !cc_bad(k, m->leaf = type_arg(k, *arg, &m->leaf_spelling));
	case 'e': return number_arg(k, arg, &m->entries);
	case 'i': return (m->inner = text_arg(k, *arg, "the name of a map")) != NULL;
	case 'x': return (m->pin = text_arg(k, *arg, "a path")) != NULL;
	case 'p':
		if (!number_arg(k, arg, &v))
			return false;
		m->entries = v * (uint64_t)sysconf(_SC_PAGESIZE);
		return true;
	case 'f':
		if (!number_arg(k, arg, &v))
			return false;
		m->flags |= (unsigned)v;
		return true;
	default:
		text = text_arg(k, *arg, "the type of a map");
		if (text && !set_kind(m, text)) {
			cc_error(k, *arg, TYPE, "unknown type of map '%s'", text);
			return false;
		}
		return text != NULL;
	}
}

static bool take_all(struct cc *k, const struct form *f, struct c_map *m, struct node *n)
{
	struct node **arg = &n->cmapdecl.args;
	unsigned least = 0, count = node_count(n->cmapdecl.args);
	const char *what;
	bool ok = true;

	for (what = f->args; *what; what++)
		least += *what < 'a';
	if (count < least || count > strlen(f->args)) {
		cc_error(k, n, ARG_COUNT, "%s takes %u to %zu arguments, not %u", f->macro, least,
			 strlen(f->args), count);
		return false;
	}
	for (what = f->args; *arg && *what; what++, arg = &(*arg)->next)
		ok &= take(k, m, *what, arg);
	return ok;
}

/* ---- maps --------------------------------------------------------------- */

static uint64_t power_of_two(uint64_t n)
{
	uint64_t p = 1;

	while (p < n)
		p *= 2;
	return p;
}

/* What the macros of the kinds do besides. */
static void finish(struct cc *k, const struct form *f, struct c_map *m)
{
	if (strcmp(f->macro, "BPF_HISTOGRAM") == 0) {
		m->histogram = true;
		/* an array when the key is written "int", and nothing else */
		if (strcmp(m->key_spelling, "int") == 0)
			m->kind = C_ARRAY;
	}
	m->perf_output |= strcmp(f->macro, "BPF_PERF_OUTPUT") == 0;
	m->buildid = strcmp(f->macro, "BPF_STACK_TRACE_BUILDID") == 0;
	if (m->buildid)
		m->flags |= BPF_F_STACK_BUILD_ID;
	if (m->kind == C_STACK_TRACE)
		m->entries = power_of_two(m->entries);
	if (m->kind == C_LPM_TRIE || m->kind == C_SK_STORAGE || m->kind == C_INODE_STORAGE ||
	    m->kind == C_TASK_STORAGE)
		m->flags |= BPF_F_NO_PREALLOC;
	if (strcmp(f->macro, "BPF_TABLE_PUBLIC") == 0)
		m->sharing = C_PUBLIC;
	else if (strcmp(f->macro, "BPF_TABLE_SHARED") == 0)
		m->sharing = C_SHARED;
	if (m->kind == C_QUEUE || m->kind == C_STACK || m->kind == C_RINGBUF)
		m->key = NULL;
	set_bpf_type(m);
	(void)k;
}

/* The map that the maps in this one are like: declared before, and itself without maps in it. */
static bool find_inner(struct cc *k, struct c_map *m, const struct node *n)
{
	const struct c_sym *sym = cc_find(k, m->inner);

	if (!sym || sym->kind != SYM_MAP) {
		cc_error(k, n, UNKNOWN_MAP, "unknown map '%s'", m->inner);
		return false;
	}
	if (sym->map->inner) {
		cc_error(k, n, MAP_TYPE, "'%s' has maps in it: it cannot be in another", m->inner);
		return false;
	}
	m->of = sym->map;
	return true;
}

/* "extern" and the map that it means, in whatever order they are declared. */
static void same_map(struct cc *k, struct c_map *first, const struct c_map *second,
		     const struct node *n)
{
	struct c_map *next = first->next;
	unsigned index = first->index;

	if (first->key && first->leaf && second->key && second->leaf &&
	    (!cc_same(first->key, second->key) || !cc_same(first->leaf, second->leaf)))
		cc_error(k, n, MAP_TYPE, "'%s' is declared with other types elsewhere",
			 first->name);
	if (first->kind != C_EXTERN)
		return;
	*first = *second;
	first->next = next;
	first->index = index;
}

void cc_map(struct cc *k, struct node *n)
{
	const struct form *f = NULL;
	struct c_map *m = arena_new_of(k->arena, struct c_map), **tail;
	struct c_sym *sym;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strcmp(forms[i].macro, n->cmapdecl.macro) == 0)
			f = &forms[i];
	if (!f) {
		cc_error(k, n, NOT_YET, "%s is not supported", n->cmapdecl.macro);
		return;
	}
	m->kind = f->kind;
	m->entries = f->entries;
	m->loc = n->loc;
	m->key = default_type(k, f->key, &m->key_spelling);
	m->leaf = default_type(k, f->leaf, &m->leaf_spelling);
	if (!take_all(k, f, m, n))
		return;
	finish(k, f, m);
	if (m->inner && !find_inner(k, m, n))
		return;
	sym = cc_find(k, m->name);
	if (sym && sym->kind == SYM_MAP &&
	    (m->kind == C_EXTERN || sym->map->kind == C_EXTERN)) {
		same_map(k, sym->map, m, n);
		n->cmapdecl.map = sym->map;
		return;
	}
	sym = cc_declare(k, SYM_MAP, m->name, n->loc);
	if (!sym)
		return;
	sym->map = m;
	n->cmapdecl.map = m;
	m->index = k->unit->nmaps++;
	for (tail = &k->unit->maps; *tail; tail = &(*tail)->next)
		;
	*tail = m;
}
