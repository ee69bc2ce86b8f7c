/*
 * The order of rows in a printed map. Numbers and aggregations go up by value;
 * what has no size goes by key; equal values go by key, so that the output of a
 * run is stable. Called by mapprint.c.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

#define COMPARE_DEPTH 32

static int64_t number_at(const struct schema *s, const uint8_t *p)
{
	uint64_t v = 0;
	unsigned n = s->size < 8 ? s->size : 8, unused = 64 - 8 * n;

	if (!n)
		return 0;
	memcpy(&v, p, n); /* the kernel and this process are both of the machine's byte order */
	if (!unused)
		return (int64_t)v;
	return s->is_signed ? (int64_t)(v << unused) >> unused : (int64_t)(v << unused >> unused);
}

static int number_compare(const struct schema *s, const uint8_t *a, const uint8_t *b)
{
	int64_t x = number_at(s, a), y = number_at(s, b);

	if (s->is_signed)
		return (x > y) - (x < y);
	return ((uint64_t)x > (uint64_t)y) - ((uint64_t)x < (uint64_t)y);
}

static int compare(const struct schema *s, const uint8_t *a, const uint8_t *b, unsigned depth)
{
	switch (s->kind) {
	case SC_BOOL:
	case SC_INT:
	case SC_POINTER:
	case SC_ENUM:
	case SC_KSYM:
		return number_compare(s, a, b);
	case SC_STRING:
		return strncmp((const char *)a, (const char *)b, s->size);
	case SC_TUPLE:
	case SC_RECORD:
		for (uint32_t i = 0; depth < COMPARE_DEPTH && i < s->nfields; i++) {
			const struct schema *f = s->fields[i];
			int order = compare(f, a + f->offset, b + f->offset, depth + 1);

			if (order)
				return order;
		}
		return 0;
	case SC_ARRAY:
		for (uint32_t i = 0; depth < COMPARE_DEPTH && s->nfields && i < s->count; i++) {
			const struct schema *f = s->fields[0];
			size_t at = (size_t)i * f->size;
			int order = compare(f, a + at, b + at, depth + 1);

			if (order)
				return order;
		}
		return 0;
	default:
		return memcmp(a, b, s->size);
	}
}

int schema_compare(const struct schema *s, const uint8_t *a, const uint8_t *b)
{
	return compare(s, a, b, 0);
}

struct sorting {
	const struct rows *rows;
	const struct map_info *info;
	const struct aggregation_rt *agg;
	bool by_value;
};

static int row_compare(const void *x, const void *y, void *user)
{
	const struct sorting *s = user;
	const uint8_t *a = x, *b = y;
	int order = 0;

	if (s->by_value && s->agg)
		order = s->agg->compare(rows_value(s->rows, a), rows_value(s->rows, b),
					s->info->value);
	else if (s->by_value)
		order = schema_compare(s->info->value, rows_value(s->rows, a),
				       rows_value(s->rows, b));
	if (order || !s->info->key)
		return order;
	return schema_compare(s->info->key, a, b);
}

void rows_sort(struct rows *r, const struct map_info *info)
{
	struct sorting s = {.rows = r, .info = info};

	if (r->n < 2)
		return;
	if (info->value->kind == SC_AGG)
		s.agg = aggregation_rt_find(info->value->name);
	s.by_value = info->value->kind == SC_INT || (s.agg && s.agg->compare);
	qsort_r(r->data, r->n, r->stride, row_compare, &s);
}
