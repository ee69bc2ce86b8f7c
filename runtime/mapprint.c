/*
 * From a kernel map to value events: print(@x) and the maps at the end of a run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

static void emit_mark(struct rt *rt, enum bcct_event_kind kind, const char *name, uint32_t flags)
{
	struct bcct_event e = {.size = sizeof(e), .kind = kind, .name = name, .flags = flags};

	rt_emit(rt, &e);
}

/* An integer of a plain map; div as for aggregations. */
static void emit_divided(struct rt *rt, const struct schema *s, const uint8_t *data, uint64_t div)
{
	uint64_t v = 0;
	uint8_t out[8];
	unsigned n = s->size < 8 ? s->size : 8, unused = 64 - 8 * n;

	memcpy(&v, data, n);
	if (n && unused)
		v = s->is_signed ? (uint64_t)((int64_t)(v << unused) >> unused)
				 : v << unused >> unused;
	if (s->is_signed)
		v = div > INT64_MAX ? 0 : (uint64_t)((int64_t)v / (int64_t)div);
	else
		v /= div;
	memcpy(out, &v, sizeof(out));
	rt_emit_value(rt, s, out);
}

static void emit_row_value(struct rt *rt, const struct map_info *info, const uint8_t *value,
			   uint64_t div)
{
	const struct schema *s = info->value;
	const struct aggregation_rt *agg = s->kind == SC_AGG ? aggregation_rt_find(s->name) : NULL;

	if (info->role == MAPR_SCALAR)
		value += 8; /* the set word */
	if (agg)
		agg->emit(rt, value, s, div ? div : 1);
	else if (div > 1 && s->kind == SC_INT)
		emit_divided(rt, s, value, div);
	else
		rt_emit_value(rt, s, value);
}

static void emit_row(struct rt *rt, const struct map_info *info, const struct rows *r, size_t i,
		     uint64_t div)
{
	const uint8_t *row = rows_at(r, i);

	emit_mark(rt, BCCT_EV_ROW_BEGIN, NULL, 0);
	if (info->nkeys) {
		emit_mark(rt, BCCT_EV_KEY_BEGIN, NULL, 0);
		rt_emit_value(rt, info->key, row);
		emit_mark(rt, BCCT_EV_KEY_END, NULL, 0);
	}
	emit_row_value(rt, info, rows_value(r, row), div);
	emit_mark(rt, BCCT_EV_ROW_END, NULL, 0);
}

static void emit_map(struct rt *rt, const struct map_info *info, const struct rows *r, uint64_t top,
		     uint64_t div, bool explicit)
{
	uint32_t flags = (explicit ? BCCT_MAP_EXPLICIT : 0) | (info->nkeys ? BCCT_MAP_KEYED : 0) |
			 (info->nkeys > 1 ? BCCT_MAP_MULTIKEY : 0);
	size_t first = top && top < r->n ? r->n - top : 0;

	emit_mark(rt, BCCT_EV_MAP_BEGIN, info->name, flags);
	for (size_t i = first; i < r->n; i++)
		emit_row(rt, info, r, i, div);
	emit_mark(rt, BCCT_EV_MAP_END, info->name, flags);
}

/* An unkeyed map that no event has touched: not set, or nothing counted on any CPU. */
static bool single_is_empty(const struct map_info *info, const struct rows *r)
{
	const uint8_t *value = rows_value(r, rows_at(r, 0));
	size_t n = info->role == MAPR_SCALAR ? 8 : info->value_size;

	for (size_t i = 0; i < n; i++)
		if (value[i])
			return false;
	return true;
}

/* Reads the map as it is now, or takes out what is asked for. 0 or -errno. */
static int map_collect(struct rt *rt, struct rt_map *m, enum map_take take, struct rows *r)
{
	int old, err;

	rows_init(r, m->info);
	if (!m->info->swap || take == TAKE_NOTHING) {
		err = map_read(rt, m, m->fd, take == TAKE_ROWS, r);
		if (!err && take == TAKE_VALUES)
			rt_map_zero(rt, (unsigned)(m - rt->maps));
		return err;
	}
	old = map_swap(m, take == TAKE_VALUES);
	if (old < 0)
		return old;
	err = map_read(rt, m, old, false, r);
	close(old);
	if (!err && take == TAKE_VALUES && m->info->nkeys)
		err = map_zero_keys(rt, m, r);
	return err;
}

struct printing {
	uint64_t top, div;
	enum map_take take;
	bool explicit; /* by print(): also when empty */
};

static void map_print(struct rt *rt, struct rt_map *m, const struct printing *p)
{
	struct rows r;
	int err = map_collect(rt, m, p->take, &r);

	if (err)
		rt_problem(rt, m->info->loc, "cannot read the map '%s': %s", m->info->name,
			   strerror(-err));
	else if (p->explicit || (r.n && (m->info->nkeys || !single_is_empty(m->info, &r)))) {
		rows_sort(&r, m->info);
		emit_map(rt, m->info, &r, p->top, p->div, p->explicit);
	}
	rows_free(&r);
}

void rt_map_print(struct rt *rt, unsigned map, uint64_t top, uint64_t div, enum map_take take)
{
	struct printing p = {.top = top, .div = div ? div : 1, .take = take, .explicit = true};

	if (map >= rt->m->maps.n)
		return;
	if (map_is_user(rt->maps[map].info) || cmap_is_plain(rt->maps[map].info)) {
		map_print(rt, &rt->maps[map], &p);
		return;
	}
	if (!cmap_is_printed(rt->maps[map].info))
		return;
	cmap_print(rt, &rt->maps[map], true);
	if (take == TAKE_ROWS)
		rt_map_clear(rt, map);
	else if (take == TAKE_VALUES)
		rt_map_zero(rt, map);
}

void rt_map_print_key(struct rt *rt, unsigned map, const uint8_t *key, uint32_t size)
{
	struct rt_map *m = map < rt->m->maps.n ? &rt->maps[map] : NULL;
	struct rows r;
	int err;

	if (!m || !map_is_user(m->info) || !m->info->nkeys || size != m->info->key_size)
		return;
	rows_init(&r, m->info);
	err = map_read_key(rt, m, key, &r);
	if (err)
		rt_problem(rt, m->info->loc, "cannot read the map '%s': %s", m->info->name,
			   strerror(-err));
	else
		emit_map(rt, m->info, &r, 0, 1, true);
	rows_free(&r);
}

static int name_compare(const void *a, const void *b)
{
	const struct rt_map *const *x = a, *const *y = b;

	return strcmp((*x)->info->name, (*y)->info->name);
}

void map_print_all(struct rt *rt)
{
	struct rt_map **sorted = calloc(rt->m->maps.n + 1, sizeof(*sorted));
	struct printing p = {.div = 1};
	size_t n = 0;

	for (size_t i = 0; sorted && i < rt->m->maps.n; i++)
		if ((map_is_user(rt->maps[i].info) || cmap_is_printed(rt->maps[i].info)) &&
		    rt->maps[i].info->name[0] == '@')
			sorted[n++] = &rt->maps[i];
	if (n)
		qsort(sorted, n, sizeof(*sorted), name_compare);
	for (size_t i = 0; i < n; i++)
		if (sorted[i]->info->role == MAPR_C)
			cmap_print(rt, sorted[i], false);
		else
			map_print(rt, sorted[i], &p);
	free(sorted);
}
