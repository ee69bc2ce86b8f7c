/*
 * Reading kernel maps into rows, merged over the CPUs; clearing and zeroing.
 * A swap map is replaced as a whole, so nothing that a probe adds is lost or
 * counted twice; others are read and deleted in batches.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

#define BATCH_BYTES (512u << 10)
#define BATCH_MIN 64u
#define BATCH_MAX 65536u

/* ---- rows --------------------------------------------------------------------------- */

void rows_init(struct rows *r, const struct map_info *info)
{
	memset(r, 0, sizeof(*r));
	r->key_size = info->nkeys ? info->key_size : 0;
	r->value_size = info->value_size;
	r->value_at = (r->key_size + 7) & ~7u;
	r->stride = r->value_at + ((r->value_size + 7) & ~7u);
}

void rows_free(struct rows *r)
{
	free(r->data);
	r->data = NULL;
	r->n = r->cap = 0;
}

uint8_t *rows_add(struct rows *r)
{
	uint8_t *row;

	if (r->n == r->cap)
		vec_grow((void **)&r->data, r->n, &r->cap, r->stride);
	row = rows_at(r, r->n++);
	memset(row, 0, r->stride);
	return row;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	while (n && !*p)
		p++, n--;
	return !n;
}

/* Integers of a map that was declared to be per CPU: their sum. */
static void add_cpus(const struct rt *rt, const struct map_info *info, uint8_t *to,
		     const uint8_t *value)
{
	size_t stride = (info->value_size + 7) & ~7u;
	size_t n = info->value_size < 8 ? info->value_size : 8;
	uint64_t sum = 0;

	for (int cpu = 0; cpu < rt->ncpus; cpu++) {
		uint64_t v = 0;

		memcpy(&v, value + stride * (size_t)cpu, n);
		sum += v;
	}
	memcpy(to, &sum, n);
}

/* value: as the kernel gives it, one after the other for each possible CPU when per-CPU. */
static void row_value(const struct rt *rt, const struct map_info *info, uint8_t *to,
		      const uint8_t *value)
{
	const struct aggregation_rt *agg;
	size_t stride = (info->value_size + 7) & ~7u;

	if (!map_is_percpu(info)) {
		memcpy(to, value, info->value_size);
		return;
	}
	if (info->value->kind == SC_INT) {
		add_cpus(rt, info, to, value);
		return;
	}
	agg = info->value->kind == SC_AGG ? aggregation_rt_find(info->value->name) : NULL;
	for (int cpu = 0; agg && cpu < rt->ncpus; cpu++)
		agg->merge(to, value + stride * (size_t)cpu, info->value);
	for (int cpu = 0; !agg && cpu < rt->ncpus; cpu++) /* the last CPU that has one */
		if (!is_zero(value + stride * (size_t)cpu, info->value_size))
			memcpy(to, value + stride * (size_t)cpu, info->value_size);
}

static void row_fill(const struct rt *rt, const struct map_info *info, struct rows *r,
		     const uint8_t *key, const uint8_t *value)
{
	uint8_t *row = rows_add(r);

	if (r->key_size)
		memcpy(row, key, r->key_size);
	row_value(rt, info, rows_value(r, row), value);
}

/* ---- reading -------------------------------------------------------------------------- */

/* Bytes of one value in a read. */
static size_t kernel_stride(const struct rt *rt, const struct map_info *info)
{
	size_t stride = (info->value_size + 7) & ~7u;

	return map_is_percpu(info) ? stride * (size_t)rt->ncpus : info->value_size;
}

static int read_single(struct rt *rt, const struct map_info *info, int fd, bool take,
		       struct rows *r)
{
	uint32_t zero = 0;
	size_t stride = kernel_stride(rt, info);
	uint8_t *value = calloc(1, stride);
	int err;

	if (!value)
		return -ENOMEM;
	err = bpf_map_lookup_elem(fd, &zero, value);
	if (!err)
		row_fill(rt, info, r, NULL, value);
	if (!err && take) {
		memset(value, 0, stride);
		err = bpf_map_update_elem(fd, &zero, value, BPF_ANY);
	}
	free(value);
	return err;
}

struct batch {
	uint8_t *keys, *values, *in, *out;
	uint32_t room;
};

static void batch_free(struct batch *b)
{
	free(b->keys);
	free(b->values);
	free(b->in);
	free(b->out);
	memset(b, 0, sizeof(*b));
}

static bool batch_alloc(struct batch *b, uint32_t room, uint32_t key_size, size_t stride)
{
	/* the position in a hash is a u32, whatever the key */
	uint32_t token = key_size > 8 ? key_size : 8;

	b->room = room;
	b->keys = calloc(room, key_size);
	b->values = calloc(room, stride);
	b->in = calloc(1, token);
	b->out = calloc(1, token);
	return b->keys && b->values && b->in && b->out;
}

/* Whole hash in batches of room entries. -ENOSPC: a bucket has more than that; nothing is lost. */
static int read_batches(struct rt *rt, const struct map_info *info, int fd, bool take,
			struct rows *r, struct batch *b)
{
	struct bpf_map_batch_opts opts = {.sz = sizeof(opts)};
	size_t stride = kernel_stride(rt, info);
	bool first = true;
	int err;

	do {
		uint32_t n = b->room;
		void *swap;

		err = take ? bpf_map_lookup_and_delete_batch(fd, first ? NULL : b->in, b->out,
							     b->keys, b->values, &n, &opts)
			   : bpf_map_lookup_batch(fd, first ? NULL : b->in, b->out, b->keys,
						  b->values, &n, &opts);
		if (err && err != -ENOENT)
			return err;
		for (uint32_t i = 0; i < n; i++)
			row_fill(rt, info, r, b->keys + (size_t)i * info->key_size,
				 b->values + i * stride);
		swap = b->in;
		b->in = b->out;
		b->out = swap;
		first = false;
	} while (!err);
	return 0;
}

static int read_hash(struct rt *rt, const struct map_info *info, int fd, bool take, struct rows *r)
{
	size_t stride = kernel_stride(rt, info), kept = 0;
	uint32_t room = BATCH_BYTES / (uint32_t)(stride + info->key_size);
	int err = -ENOSPC;

	if (room < BATCH_MIN)
		room = BATCH_MIN;
	if (room > BATCH_MAX)
		room = BATCH_MAX;
	while (err == -ENOSPC && room <= 16 * BATCH_MAX) {
		struct batch b = {0};

		err = batch_alloc(&b, room, info->key_size, stride)
			      ? read_batches(rt, info, fd, take, r, &b)
			      : -ENOMEM;
		batch_free(&b);
		/* what was read stays in the kernel too, unless it was taken */
		if (err == -ENOSPC && !take)
			r->n = kept;
		room *= 4;
	}
	return err;
}

int map_read(struct rt *rt, const struct rt_map *m, int fd, bool take, struct rows *r)
{
	int err;

	if (!m->info->nkeys)
		return read_single(rt, m->info, fd, take, r);
	if (map_is_array(m->info)) { /* elements cannot be removed */
		err = read_hash(rt, m->info, fd, false, r);
		return !err && take ? map_zero_keys(rt, m, r) : err;
	}
	return read_hash(rt, m->info, fd, take, r);
}

/* One entry; zeroes when the map does not have the key. */
int map_read_key(struct rt *rt, const struct rt_map *m, const uint8_t *key, struct rows *r)
{
	uint8_t *value = calloc(1, kernel_stride(rt, m->info));
	int err;

	if (!value)
		return -ENOMEM;
	err = bpf_map_lookup_elem(m->fd, key, value);
	if (!err || err == -ENOENT) {
		row_fill(rt, m->info, r, key, value);
		err = 0;
	}
	free(value);
	return err;
}

/* A scalar { set; value } of 0 that is set when the other one is. */
static int copy_set(const struct rt_map *m, int from, int to)
{
	uint32_t zero = 0;
	uint8_t *value = calloc(1, m->info->value_size);
	int err = value ? bpf_map_lookup_elem(from, &zero, value) : -ENOMEM;

	if (!err) {
		memset(value + 8, 0, m->info->value_size - 8);
		err = bpf_map_update_elem(to, &zero, value, BPF_ANY);
	}
	free(value);
	return err;
}

int map_swap(struct rt_map *m, bool zeroed)
{
	uint32_t zero = 0;
	int fresh = maps_new_inner(m), old = m->fd, err = 0;

	if (fresh < 0)
		return fresh;
	if (zeroed && m->info->role == MAPR_SCALAR)
		err = copy_set(m, old, fresh);
	/* returns when no program uses the old one any more */
	if (!err)
		err = bpf_map_update_elem(m->outer, &zero, &fresh, BPF_ANY);
	if (err) {
		close(fresh);
		return err;
	}
	m->fd = fresh;
	return old;
}

/* ---- clear and zero -------------------------------------------------------------------- */

static void map_failed(struct rt *rt, const struct rt_map *m, const char *what, int err)
{
	rt_problem(rt, m->info->loc, "cannot %s the map '%s': %s", what, m->info->name,
		   strerror(-err));
}

static struct rt_map *map_get(struct rt *rt, unsigned map)
{
	if (map >= rt->m->maps.n)
		return NULL;
	return map_is_user(rt->maps[map].info) || cmap_is_printed(rt->maps[map].info)
		       ? &rt->maps[map] : NULL;
}

void rt_map_clear(struct rt *rt, unsigned map)
{
	struct rt_map *m = map_get(rt, map);
	struct rows r;
	int err;

	if (!m)
		return;
	if (m->info->swap) {
		err = map_swap(m, false);
		if (err >= 0)
			close(err);
	} else {
		rows_init(&r, m->info);
		err = map_read(rt, m, m->fd, true, &r);
		rows_free(&r);
	}
	if (err < 0)
		map_failed(rt, m, "clear", err);
}

int map_zero_keys(struct rt *rt, const struct rt_map *m, const struct rows *r)
{
	/* in a fresh map, what probes have added since is theirs */
	uint64_t flags = m->info->swap ? BPF_NOEXIST : BPF_EXIST;
	uint8_t *zero = calloc(1, kernel_stride(rt, m->info));
	int err = zero ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < r->n; i++) {
		err = bpf_map_update_elem(m->fd, rows_at(r, i), zero, flags);
		if (err == -EEXIST || err == -ENOENT)
			err = 0;
	}
	free(zero);
	return err;
}

/* An unkeyed map: { set; value } keeps its set word. */
static int zero_single(struct rt *rt, const struct rt_map *m)
{
	uint32_t zero = 0;
	uint8_t *value;
	int err;

	if (m->info->role == MAPR_SCALAR)
		return copy_set(m, m->fd, m->fd);
	value = calloc(1, kernel_stride(rt, m->info));
	err = value ? bpf_map_update_elem(m->fd, &zero, value, BPF_ANY) : -ENOMEM;
	free(value);
	return err;
}

void rt_map_zero(struct rt *rt, unsigned map)
{
	struct rt_map *m = map_get(rt, map);
	struct rows r;
	int err, old;

	if (!m)
		return;
	old = m->info->swap ? map_swap(m, true) : m->fd;
	err = old < 0 ? old : 0;
	if (!err && m->info->nkeys) {
		rows_init(&r, m->info);
		err = map_read(rt, m, old, false, &r);
		if (!err)
			err = map_zero_keys(rt, m, &r);
		rows_free(&r);
	} else if (!err && !m->info->swap) {
		err = zero_single(rt, m);
	}
	if (m->info->swap && old >= 0)
		close(old);
	if (err)
		map_failed(rt, m, "zero", err);
}
