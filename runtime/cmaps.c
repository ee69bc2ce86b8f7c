/*
 * Maps that were declared in BPF C, at the end of a run: their entries, and those of
 * BPF_HISTOGRAM as histograms. mapprint.c calls it.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

#define SLOT_LOG2_MAX 64 /* of bpf_log2l(), of a number with all bits */
#define GAP_MAX 100      /* slots between two that count something: more of them are not drawn */

struct cmap {
	struct rt *rt;
	const struct map_info *info;
	int fd;
	bool percpu, array;
	bool is_signed;    /* the slots of a histogram */
	size_t stride;     /* bytes of one CPU's value */
	struct rows rows;  /* values as the kernel gives them, of all CPUs */
};

static bool is_array(const struct map_info *info)
{
	return info->kernel_type == BPF_MAP_TYPE_ARRAY ||
	       info->kernel_type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

bool cmap_is_printed(const struct map_info *info)
{
	if (info->role != MAPR_C || !info->key || !info->value || !info->key_size ||
	    !info->value_size)
		return false;
	switch (info->kernel_type) {
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		/* one structure per CPU is memory that programs build events in */
		return info->max_entries > 1 || info->value->kind != SC_RECORD;
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_LPM_TRIE: return true;
	default: return false;
	}
}

bool cmap_is_plain(const struct map_info *info)
{
	return cmap_is_printed(info) && !info->hist && !is_array(info) && !map_is_percpu(info);
}

/* ---- reading -------------------------------------------------------------- */

static bool is_zero(const uint8_t *p, size_t n)
{
	while (n && !*p)
		p++, n--;
	return !n;
}

static void add_row(struct cmap *c, const uint8_t *key, const uint8_t *value)
{
	uint8_t *row;

	if (c->array && is_zero(value, c->rows.value_size))
		return;
	row = rows_add(&c->rows);
	memcpy(row, key, c->rows.key_size);
	memcpy(rows_value(&c->rows, row), value, c->rows.value_size);
}

static int key_order(const void *a, const void *b, void *rows)
{
	return memcmp(a, b, ((struct rows *)rows)->key_size);
}

/* Reading begins anew when the key it stood at is deleted meanwhile: of each key one row stays. */
static void drop_repeated(struct rows *r)
{
	size_t kept = 1;

	qsort_r(r->data, r->n, r->stride, key_order, r);
	for (size_t i = 1; i < r->n; i++)
		if (memcmp(rows_at(r, kept - 1), rows_at(r, i), r->key_size))
			memmove(rows_at(r, kept++), rows_at(r, i), r->stride);
	r->n = kept;
}

static int read_entries(struct cmap *c)
{
	uint8_t *keys = calloc(2, c->rows.key_size), *value = calloc(1, c->rows.value_size);
	uint8_t *key = NULL, *next = keys;
	/* a program may still add keys: not more than the map can have */
	uint64_t left = (uint64_t)c->info->max_entries * 2 + 1;
	int err = keys && value ? 0 : -ENOMEM;

	while (!err && left--) {
		err = bpf_map_get_next_key(c->fd, key, next);
		if (err)
			break;
		key = next;
		next = key == keys ? keys + c->rows.key_size : keys;
		if (!bpf_map_lookup_elem(c->fd, key, value))
			add_row(c, key, value);
	}
	free(keys);
	free(value);
	if (!c->array && c->rows.n > 1)
		drop_repeated(&c->rows);
	return err == -ENOENT ? 0 : err;
}

/* ---- values --------------------------------------------------------------- */

static void emit_mark(struct rt *rt, enum bcct_event_kind kind, const char *name, uint32_t flags)
{
	struct bcct_event e = {.size = sizeof(e), .kind = kind, .name = name, .flags = flags};

	rt_emit(rt, &e);
}

static void emit_value(struct cmap *c, const uint8_t *value)
{
	if (!c->percpu) {
		rt_emit_value(c->rt, c->info->value, value);
		return;
	}
	emit_mark(c->rt, BCCT_EV_ARRAY_BEGIN, NULL, 0);
	for (int cpu = 0; cpu < c->rt->ncpus; cpu++)
		rt_emit_value(c->rt, c->info->value, value + c->stride * (size_t)cpu);
	emit_mark(c->rt, BCCT_EV_ARRAY_END, NULL, 0);
}

static void row_begin(struct cmap *c, const struct schema *key, const uint8_t *data)
{
	emit_mark(c->rt, BCCT_EV_ROW_BEGIN, NULL, 0);
	if (!key)
		return;
	emit_mark(c->rt, BCCT_EV_KEY_BEGIN, NULL, 0);
	rt_emit_value(c->rt, key, data);
	emit_mark(c->rt, BCCT_EV_KEY_END, NULL, 0);
}

static void emit_rows(struct cmap *c)
{
	for (size_t i = 0; i < c->rows.n; i++) {
		const uint8_t *row = rows_at(&c->rows, i);

		row_begin(c, c->info->key, row);
		emit_value(c, rows_value(&c->rows, row));
		emit_mark(c->rt, BCCT_EV_ROW_END, NULL, 0);
	}
}

/* ---- histograms ----------------------------------------------------------- */

/* A key of a histogram's map: the slot, and what tells histograms of one map apart. */
struct slots {
	const struct schema *slot;
	struct schema *rest; /* NULL: the key is the slot */
};

/* Of a record the last integer is the slot, but for bytes of padding. */
static struct slots slots_of(struct cmap *c)
{
	struct schema *key = c->info->key, *rest;
	struct slots s = {.slot = key};
	uint32_t last, n = 0;

	if (key->kind != SC_RECORD || key->nfields < 2)
		return s;
	for (last = key->nfields - 1; last; last--)
		if (key->fields[last]->kind == SC_INT || key->fields[last]->kind == SC_ENUM)
			break;
	s.slot = key->fields[last];
	rest = arena_alloc(c->rt->arena, sizeof(*rest));
	*rest = *key;
	rest->fields = arena_alloc(c->rt->arena, key->nfields * sizeof(*rest->fields));
	for (uint32_t i = 0; i < key->nfields; i++)
		if (i != last)
			rest->fields[n++] = key->fields[i];
	rest->nfields = n;
	s.rest = rest;
	return s;
}

static uint64_t number(const struct schema *s, const uint8_t *data)
{
	uint64_t v = 0;

	memcpy(&v, data, s->size < 8 ? s->size : 8);
	return v;
}

static uint64_t count_of(const struct cmap *c, const uint8_t *value)
{
	uint64_t sum = 0;

	for (int cpu = 0; cpu < (c->percpu ? c->rt->ncpus : 1); cpu++)
		sum += number(c->info->value, value + c->stride * (size_t)cpu);
	return sum;
}

struct slot {
	int64_t slot;
	uint64_t count;
};

static int slot_order(const void *a, const void *b)
{
	int64_t x = ((const struct slot *)a)->slot, y = ((const struct slot *)b)->slot;

	return x < y ? -1 : x > y;
}

static int slot_order_unsigned(const void *a, const void *b)
{
	uint64_t x = (uint64_t)((const struct slot *)a)->slot;
	uint64_t y = (uint64_t)((const struct slot *)b)->slot;

	return x < y ? -1 : x > y;
}

static bool same_rest(const struct schema *rest, const uint8_t *a, const uint8_t *b)
{
	for (uint32_t i = 0; i < rest->nfields; i++) {
		const struct schema *f = rest->fields[i];

		if (schema_compare(f, a + f->offset, b + f->offset))
			return false;
	}
	return true;
}

/* A bucket of what BCC's bpf_log2l() counts in a slot: 1 is 0 and 1, then 2 to 3, 4 to 7 … */
static void log2_range(unsigned slot, struct bcct_event *e)
{
	e->i = slot < 2 ? 0 : (int64_t)(1ull << (slot - 1));
	e->i2 = slot == SLOT_LOG2_MAX ? -1 : (int64_t)((1ull << slot) - 1);
	e->flags = slot == SLOT_LOG2_MAX ? BCCT_UNSIGNED : 0;
}

static void emit_bucket(struct cmap *c, bool linear, int64_t slot, uint64_t count)
{
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_BUCKET, .u = count};

	e.i = e.i2 = slot;
	if (linear)
		e.flags = c->is_signed ? 0 : BCCT_UNSIGNED;
	else
		log2_range((unsigned)slot, &e);
	rt_emit(c->rt, &e);
}

/* Slots that no logarithm has are not drawn as such. */
static bool is_linear(const struct cmap *c, const struct slot *slots, size_t n)
{
	if (c->info->hist == MAP_HIST_LINEAR)
		return true;
	for (size_t i = 0; i < n; i++)
		if ((uint64_t)slots[i].slot > SLOT_LOG2_MAX)
			return true;
	return false;
}

/* From the least slot to the greatest, with those between them that are empty, if not many. */
static void emit_hist(struct cmap *c, struct slot *slots, size_t n)
{
	bool linear = is_linear(c, slots, n);
	struct bcct_event e = {.size = sizeof(e), .kind = BCCT_EV_HIST_BEGIN};

	e.flags = linear ? BCCT_HIST_LINEAR : 0;
	e.u = linear;
	rt_emit(c->rt, &e);
	qsort(slots, n, sizeof(*slots), c->is_signed ? slot_order : slot_order_unsigned);
	for (size_t i = 0; i < n; i++) {
		uint64_t gap = i ? (uint64_t)slots[i].slot - (uint64_t)slots[i - 1].slot : 1;

		for (uint64_t k = 1; k < gap && gap <= GAP_MAX; k++)
			emit_bucket(c, linear, slots[i - 1].slot + (int64_t)k, 0);
		/* keys that differ in padding only */
		for (; i + 1 < n && slots[i + 1].slot == slots[i].slot; i++)
			slots[i + 1].count += slots[i].count;
		emit_bucket(c, linear, slots[i].slot, slots[i].count);
	}
	emit_mark(c->rt, BCCT_EV_HIST_END, NULL, 0);
}

static int64_t slot_number(const struct schema *s, const uint8_t *data)
{
	uint64_t v = number(s, data);
	unsigned up = s->size < 8 ? 64 - 8 * s->size : 0;

	return s->is_signed ? (int64_t)(v << up) >> up : (int64_t)v;
}

/* The rows from i on that belong to one histogram; returns the first that does not. */
static size_t emit_one(struct cmap *c, const struct slots *s, size_t i, struct slot *slots)
{
	const uint8_t *head = rows_at(&c->rows, i), *row = head;
	size_t n = 0;

	do {
		slots[n].slot = slot_number(s->slot, row + (s->rest ? s->slot->offset : 0));
		slots[n++].count = count_of(c, rows_value(&c->rows, row));
		i++;
		row = rows_at(&c->rows, i);
	} while (i < c->rows.n && (!s->rest || same_rest(s->rest, head, row)));
	if (s->rest && s->rest->nfields == 1)
		row_begin(c, s->rest->fields[0], head + s->rest->fields[0]->offset);
	else
		row_begin(c, s->rest, head);
	emit_hist(c, slots, n);
	emit_mark(c->rt, BCCT_EV_ROW_END, NULL, 0);
	return i;
}

static void emit_histograms(struct cmap *c)
{
	struct slot *slots = calloc(c->rows.n, sizeof(*slots));
	struct slots s = slots_of(c);
	struct map_info by_rest = *c->info, by_key = *c->info;

	/* not by value, and without the slot: those of one histogram stand together */
	by_rest.value = by_key.value = &(struct schema){.kind = SC_NONE};
	if (s.rest)
		by_rest.key = s.rest;
	rows_sort(&c->rows, &by_rest);
	c->is_signed = s.slot->is_signed;
	for (size_t i = 0; slots && i < c->rows.n;)
		i = emit_one(c, &s, i, slots);
	free(slots);
}

/* ---- printing ------------------------------------------------------------- */

static void emit_map(struct cmap *c, bool explicit)
{
	bool hist = c->info->hist && c->info->value->kind == SC_INT;
	bool keyed = !hist || (c->info->key->kind == SC_RECORD && c->info->key->nfields > 1);
	struct map_info order = *c->info;
	struct schema by_key = {.kind = SC_NONE};
	uint32_t flags = (keyed ? BCCT_MAP_KEYED : 0) | (explicit ? BCCT_MAP_EXPLICIT : 0);

	emit_mark(c->rt, BCCT_EV_MAP_BEGIN, c->info->name, flags);
	if (hist) {
		emit_histograms(c);
	} else {
		if (c->percpu || c->array)
			order.value = &by_key;
		rows_sort(&c->rows, &order);
		emit_rows(c);
	}
	emit_mark(c->rt, BCCT_EV_MAP_END, c->info->name, flags);
}

void cmap_print(struct rt *rt, const struct rt_map *m, bool explicit)
{
	struct cmap c = {.rt = rt, .info = m->info, .fd = m->fd};
	int err;

	if (bpf_map__key_size(m->map) != m->info->key_size ||
	    bpf_map__value_size(m->map) != m->info->value_size)
		return; /* a damaged object: buffers are sized by its manifest */
	c.percpu = map_is_percpu(m->info);
	c.array = is_array(m->info);
	c.stride = (m->info->value_size + 7) & ~7u;
	rows_init(&c.rows, m->info);
	if (c.percpu)
		c.rows.value_size = (uint32_t)(c.stride * (size_t)rt->ncpus);
	c.rows.stride = c.rows.value_at + ((c.rows.value_size + 7) & ~7u);
	err = read_entries(&c);
	if (err)
		rt_problem(rt, m->info->loc, "cannot read the map '%s': %s", m->info->name,
			   strerror(-err));
	else if (explicit || c.rows.n)
		emit_map(&c, explicit);
	rows_free(&c.rows);
}
