/*
 * Opens the ELF image: the manifest in .bcct, then libbpf on the rest. Also
 * keeps libbpf quiet: its messages go to a buffer for error texts. bcct_load
 * and bcct_open_object call it.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/rt_internal.h"

/* ---- libbpf's messages ------------------------------------------------------ */

#define LOG_MAX (1u << 20)
#define VERIFIER_LOG_MAX (64u << 20)

/*
 * libbpf has one print hook for the whole process. It is always this one, and
 * what it appends to belongs to the thread that is inside libbpf.
 */
static _Thread_local struct buf *log_sink;
static _Thread_local bool log_debug; /* keep what is for the library's own developers, too */

static int log_keep(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char small[512], *text = small;
	va_list again;
	int n;

	if (!log_sink || (level == LIBBPF_DEBUG && !log_debug) || log_sink->len > LOG_MAX)
		return 0;
	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n >= (int)sizeof(small)) {
		text = malloc((size_t)n + 1);
		if (text)
			n = vsnprintf(text, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	if (text && n > 0)
		buf_put(log_sink, text, (size_t)n);
	if (text != small)
		free(text);
	return 0;
}

void object_log_debug(bool on)
{
	log_debug = on;
}

struct buf *object_log_to(struct buf *log)
{
	struct buf *before = log_sink;

	libbpf_set_print(log_keep);
	log_sink = log;
	return before;
}

/* ---- opening ------------------------------------------------------------------ */

static int object_damaged(struct rt *rt, const char *why)
{
	/* of a program that was compiled just now it is no matter of versions */
	rt_diag(rt, DIAG_ERROR, TAG_OBJECT, LOC_NONE,
		rt->b->compiled ? "this is a defect of bcct: please report it, with the program"
				: "compile the program again with this version",
		"this is not an object that bcct can run: %s", why);
	object_close(rt);
	return -EINVAL;
}

/* Buffers for the kernel's answers are sized by the manifest, so the real map must agree. */
static bool map_agrees(const struct map_info *info, const struct bpf_map *map)
{
	if (info->swap || info->role == MAPR_RING)
		return true;
	if (info->role == MAPR_LOSS || info->role == MAPR_CONFIG)
		return bpf_map__key_size(map) == 4 && bpf_map__value_size(map) == 8;
	return !map_is_user(info) ||
	       (bpf_map__key_size(map) == (info->nkeys ? info->key_size : 4) &&
		bpf_map__value_size(map) == info->value_size);
}

static int object_manifest(struct rt *rt)
{
	const char *why = "no .bcct section";
	size_t len = 0;
	const void *data =
		elf_section(rt->b->object.data, rt->b->object.len, MANIFEST_SECTION, &len);

	rt->arena = arena_new();
	rt->sources.arena = rt->arena;
	if (data)
		rt->m = manifest_read(rt->arena, data, len, &why);
	if (!rt->m)
		return object_damaged(rt, why);
	why = manifest_sources(rt->m, &rt->sources) ? "damaged source texts" : NULL;
	/* libbpf trusts what it reads: a wrong byte in its sections can crash it */
	if (!why && !manifest_intact(rt->b->object.data, rt->b->object.len, data))
		why = "it was changed or damaged after it was made";
	return why ? object_damaged(rt, why) : 0;
}

static int object_programs(struct rt *rt)
{
	const struct manifest *m = rt->m;

	rt->progs = arena_alloc(rt->arena, (m->programs.n + 1) * sizeof(*rt->progs));
	for (size_t i = 0; i < m->programs.n; i++) {
		struct rt_program *p = &rt->progs[i].p;

		p->info = &m->programs.v[i];
		p->index = (unsigned)i;
		p->prog = bpf_object__find_program_by_name(rt->obj, p->info->symbol);
		if (!p->prog)
			return object_damaged(rt, "a program is missing");
	}
	rt->maps = arena_alloc(rt->arena, (m->maps.n + 1) * sizeof(*rt->maps));
	for (size_t i = 0; i < m->maps.n; i++) {
		struct rt_map *map = &rt->maps[i];

		map->info = &m->maps.v[i];
		map->fd = map->outer = -1;
		map->map = map->info->symbol
				   ? bpf_object__find_map_by_name(rt->obj, map->info->symbol)
				   : NULL;
		if (!map->map)
			return object_damaged(rt, "a map is missing");
		if (!map_agrees(map->info, map->map))
			return object_damaged(rt, "a map is not as it is described");
	}
	rt->losses = arena_alloc(rt->arena, (m->sites.n + 1) * sizeof(*rt->losses));
	return 0;
}

int object_open(struct rt *rt)
{
	rt->ncpus = libbpf_num_possible_cpus();
	if (rt->ncpus < 1)
		rt->ncpus = 1;
	return object_manifest(rt);
}

/*
 * Room for the verifier's log of a rejected program. Pages that it does not
 * reach are never there. Without this libbpf would verify again and again with
 * ever larger buffers of its own.
 */
static void verifier_log_room(struct rt *rt)
{
	void *p = mmap(NULL, VERIFIER_LOG_MAX, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	rt->verifier_log = p == MAP_FAILED ? NULL : p;
}

void object_drop_log(struct rt *rt)
{
	if (rt->verifier_log)
		munmap(rt->verifier_log, VERIFIER_LOG_MAX);
	rt->verifier_log = NULL;
}

int object_open_bpf(struct rt *rt)
{
	struct bpf_object_open_opts opts = {.sz = sizeof(opts), .object_name = "bcct"};
	struct buf *before = object_log_to(&rt->libbpf_log);

	verifier_log_room(rt);
	if (rt->verifier_log) {
		opts.kernel_log_buf = rt->verifier_log;
		opts.kernel_log_size = VERIFIER_LOG_MAX;
	}
	rt->obj = bpf_object__open_mem(rt->b->object.data, rt->b->object.len, &opts);
	object_log_to(before);
	if (!rt->obj)
		return object_damaged(rt, "its BPF code cannot be read");
	return object_programs(rt);
}

void object_close(struct rt *rt)
{
	struct buf *before = object_log_to(NULL);

	for (size_t i = 0; rt->progs && i < rt->m->programs.n; i++)
		vec_free(&rt->progs[i].points);
	bpf_object__close(rt->obj);
	object_log_to(before);
	arena_free(rt->arena);
	buf_free(&rt->libbpf_log);
	object_drop_log(rt);
	rt->obj = NULL;
	rt->arena = NULL;
	rt->m = NULL;
	rt->progs = NULL;
	rt->maps = NULL;
	rt->losses = NULL;
	rt->sources.n = 0;
}
