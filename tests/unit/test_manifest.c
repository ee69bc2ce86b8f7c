/* The manifest: there and back, and reading what is damaged. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/features.h"
#include "base/manifest.h"

static const char text[] = "kprobe:vfs_read < @[comm] = hist(arg2); printf(\"%d\\n\", pid) >";

static struct schema *field(struct arena *a, enum schema_kind kind, uint32_t offset, uint32_t size,
			    const char *name)
{
	struct schema *s = schema_new(a, kind, size);

	s->offset = offset;
	s->name = name;
	return s;
}

static struct schema *group(struct arena *a, enum schema_kind kind, uint32_t size, uint32_t n, ...)
{
	struct schema *s = schema_new(a, kind, size);
	uint32_t i;
	va_list ap;

	s->nfields = n;
	s->fields = arena_alloc(a, n * sizeof(*s->fields));
	va_start(ap, n);
	for (i = 0; i < n; i++)
		s->fields[i] = va_arg(ap, struct schema *);
	va_end(ap);
	return s;
}

static struct schema *payload(struct arena *a)
{
	struct schema *elems = group(a, SC_ARRAY, 16, 1, field(a, SC_INT, 0, 4, NULL));
	struct schema *e = group(a, SC_ENUM, 4, 2, field(a, SC_NONE, 7, 0, "SEVEN"),
				 field(a, SC_NONE, 8, 0, "EIGHT"));
	struct schema *stack = field(a, SC_KSTACK, 56, 8 + 4 * 8, NULL);

	elems->count = 4;
	elems->offset = 8;
	e->offset = 24;
	stack->count = 4;
	return group(a, SC_TUPLE, 96, 5, field(a, SC_INT, 0, 8, NULL), elems, e,
		     group(a, SC_RECORD, 16, 1, field(a, SC_STRING, 0, 16, "s")), stack);
}

/* One of everything. */
static struct manifest *sample(struct arena *a)
{
	struct manifest *m = arena_new_of(a, struct manifest);
	struct loc loc = { 1, 18, 5 };
	struct source_info src = { "x.bt", text, sizeof(text) - 1 };
	struct program_info p = { .symbol = "p0", .name = "vfs_read", .loc = loc };
	struct attach_info at = { "kprobe", "vfs_read", NULL, 4, "kprobe:vfs_read", loc, true };
	struct map_info map = { .name = "@", .symbol = "m0", .role = MAPR_AGG_HASH,
				.max_entries = 4096, .nkeys = 1, .swap = true, .key_size = 16,
				.value_size = 600, .loc = loc };
	struct map_info scalar = { .name = "@x", .symbol = "m1", .role = MAPR_SCALAR,
				   .max_entries = 1, .value_size = 16, .loc = loc };
	struct map_info ring = { .name = ".ring", .symbol = "ring", .role = MAPR_RING,
				 .max_entries = 1 << 18 };
	struct action_info act = { "printf", loc, "%d\n", { 1, -2, 3, 4 }, payload(a) };
	struct action_info plain = { "exit", loc, NULL, { 0 }, NULL };
	struct site_info site = { LOSS_MAP_FULL, loc, 0 }, ringsite = { LOSS_RING_FULL, loc, -1 };

	m->arena = a;
	m->needs = NEEDS(RINGBUF) | NEEDS(KPROBES);
	m->need_ksyms = true;
	options_defaults(&m->options);
	m->options.v[OPT_MAX_STRLEN] = 77;
	map.key = schema_new(a, SC_STRING, 16);
	map.value = schema_new(a, SC_AGG, 600);
	map.value->name = "hist";
	map.value->params[1] = -5;
	scalar.value = schema_new(a, SC_INT, 8);
	scalar.value->is_signed = true;
	vec_apush(a, &p.attach, at);
	vec_apush(a, &m->sources, src);
	vec_apush(a, &m->programs, p);
	vec_apush(a, &m->maps, map);
	vec_apush(a, &m->maps, scalar);
	vec_apush(a, &m->maps, ring);
	vec_apush(a, &m->actions, act);
	vec_apush(a, &m->actions, plain);
	vec_apush(a, &m->sites, site);
	vec_apush(a, &m->sites, ringsite);
	vec_apush(a, &m->lines, loc);
	return m;
}

static struct manifest *reread(struct arena *a, const struct manifest *m, const char **why)
{
	struct buf b = { 0 };
	struct manifest *n;

	manifest_write(m, &b);
	n = manifest_read(a, b.data, b.len, why);
	buf_free(&b);
	return n;
}

static void everything_comes_back(void **state)
{
	struct arena *a = arena_new();
	const char *why;
	struct manifest *m = reread(a, sample(a), &why);
	struct schema *s;

	(void)state;
	assert_null(why);
	assert_non_null(m);
	assert_int_equal(m->needs, NEEDS(RINGBUF) | NEEDS(KPROBES));
	assert_true(m->need_ksyms);
	assert_int_equal(m->options.v[OPT_MAX_STRLEN], 77);
	assert_int_equal(m->programs.n, 1);
	assert_string_equal(m->programs.v[0].attach.v[0].full, "kprobe:vfs_read");
	assert_null(m->programs.v[0].attach.v[0].module);
	assert_int_equal(m->programs.v[0].attach.v[0].offset, 4);
	assert_int_equal(m->maps.n, 3);
	assert_true(m->maps.v[0].swap);
	assert_string_equal(m->maps.v[0].value->name, "hist");
	assert_int_equal(m->maps.v[0].value->params[1], -5);
	assert_true(m->maps.v[1].value->is_signed);
	assert_int_equal(m->actions.n, 2);
	assert_string_equal(m->actions.v[0].text, "%d\n");
	assert_int_equal(m->actions.v[0].params[1], -2);
	assert_null(m->actions.v[1].payload);
	s = m->actions.v[0].payload;
	assert_int_equal(s->nfields, 5);
	assert_int_equal(s->fields[1]->count, 4);
	assert_string_equal(s->fields[2]->fields[1]->name, "EIGHT");
	assert_int_equal(s->fields[2]->fields[1]->offset, 8);
	assert_string_equal(s->fields[3]->fields[0]->name, "s");
	assert_int_equal(m->sites.v[1].map, -1);
	assert_int_equal(m->lines.v[0].offset, 18);
	assert_memory_equal(m->sources.v[0].text, text, sizeof(text));
	arena_free(a);
}

static void sources_render_its_locations(void **state)
{
	struct arena *a = arena_new();
	struct sources s = { .arena = a };
	const char *why;
	struct manifest *m = reread(a, sample(a), &why);
	char place[64];

	(void)state;
	assert_int_equal(manifest_sources(m, &s), 0);
	loc_print(&s, m->actions.v[0].loc, place, sizeof(place));
	assert_string_equal(place, "x.bt:1:19-23");
	arena_free(a);
}

static void the_listing_names_everything(void **state)
{
	static const char *const words[] = { "needs kprobes ringbuf", "max_strlen = 77",
					     "program 0 p0", "attach kprobe:vfs_read",
					     "map 0 @ (m0)", "string:16 -> hist:600<0,-5,0,0>",
					     "action 0 printf \"%d\\n\"", "site 0 map full @",
					     "x.bt:1:19-23" };
	struct arena *a = arena_new();
	struct buf b = { 0 };
	size_t i;

	(void)state;
	manifest_dump(sample(a), &b);
	buf_u8(&b, 0);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_non_null(strstr((char *)b.data, words[i]));
	buf_free(&b);
	arena_free(a);
}

static void cut_anywhere_it_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct buf b = { 0 };
	const char *why;
	size_t i;

	(void)state;
	manifest_write(sample(a), &b);
	for (i = 0; i < b.len; i++) {
		uint8_t *part = malloc(i ? i : 1);
		struct arena *tmp = arena_new();

		memcpy(part, b.data, i);
		assert_null(manifest_read(tmp, part, i, &why));
		assert_non_null(why);
		arena_free(tmp);
		free(part);
	}
	buf_u8(&b, 0);
	assert_null(manifest_read(a, b.data, b.len, &why));
	assert_string_equal(why, "there is something behind its end");
	buf_free(&b);
	arena_free(a);
}

/* What is accepted must be safe to list, write and decode. */
static void try_damaged(const struct buf *b)
{
	struct arena *a = arena_new();
	struct buf out = { 0 };
	const char *why;
	struct manifest *m = manifest_read(a, b->data, b->len, &why);

	if (m) {
		manifest_dump(m, &out);
		manifest_write(m, &out);
	} else {
		assert_non_null(why);
	}
	buf_free(&out);
	arena_free(a);
}

static void flipped_bits_never_crash(void **state)
{
	struct arena *a = arena_new();
	struct buf b = { 0 };
	uint32_t seed = 12345;
	size_t i;
	int round, k;

	(void)state;
	manifest_write(sample(a), &b);
	for (i = 0; i < b.len * 8; i++) {
		b.data[i / 8] ^= (uint8_t)(1u << i % 8);
		try_damaged(&b);
		b.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (round = 0; round < 3000; round++) {
		uint8_t *keep = malloc(b.len);

		memcpy(keep, b.data, b.len);
		for (k = 0; k < 4; k++) {
			seed = seed * 1664525u + 1013904223u;
			b.data[(seed >> 8) % b.len] = (uint8_t)(seed >> 24);
		}
		try_damaged(&b);
		memcpy(b.data, keep, b.len);
		free(keep);
	}
	buf_free(&b);
	arena_free(a);
}

#define expect_refused(a, m, reason)                                                               \
	do {                                                                                       \
		const char *why_;                                                                  \
		assert_null(reread(a, m, &why_));                                                  \
		assert_string_equal(why_, reason);                                                 \
	} while (0)

static void inconsistent_parts_are_refused(void **state)
{
	struct arena *a = arena_new();
	struct manifest *m;

	(void)state;
	m = sample(a);
	m->sites.v[0].map = 3;
	expect_refused(a, m, "a site's map does not exist");
	m = sample(a);
	m->actions.v[0].payload->fields[3]->offset = 90;
	expect_refused(a, m, "a field lies outside its record");
	m = sample(a);
	m->actions.v[0].payload->fields[3]->offset = UINT32_MAX - 4;
	expect_refused(a, m, "a field lies outside its record");
	m = sample(a);
	m->actions.v[0].payload->fields[1]->count = 5;
	expect_refused(a, m, "an array's elements lie outside it");
	m = sample(a);
	m->actions.v[0].payload->fields[1]->fields[0]->size = 0;
	expect_refused(a, m, "a value's size does not fit its kind");
	m = sample(a);
	m->actions.v[0].payload->fields[4]->count = 1u << 30;
	expect_refused(a, m, "a value's size does not fit its kind");
	m = sample(a);
	m->actions.v[0].payload = schema_new(a, SC_INT, 8);
	expect_refused(a, m, "an event's payload is not a tuple");
	m = sample(a);
	m->actions.v[0].unit = NULL;
	expect_refused(a, m, "a name is missing");
	m = sample(a);
	m->maps.v[1].value_size = 15;
	expect_refused(a, m, "a map's value does not fit");
	m = sample(a);
	m->maps.v[0].key_size = 15;
	expect_refused(a, m, "a map's key does not fit");
	m = sample(a);
	m->maps.v[0].nkeys = 2;
	expect_refused(a, m, "a map's keys are not a tuple");
	m = sample(a);
	m->maps.v[0].value->name = NULL;
	expect_refused(a, m, "an aggregation has no name");
	m = sample(a);
	m->maps.v[1].value = schema_new(a, SC_AGG, 8);
	m->maps.v[1].value->name = "sum";
	expect_refused(a, m, "a map's value is not of its role");
	m = sample(a);
	m->options.v[OPT_MAX_STRLEN] = -1;
	expect_refused(a, m, "an option is out of range");
	m = sample(a);
	m->lines.v[0].file = 2;
	expect_refused(a, m, "a location is outside the sources");
	arena_free(a);
}

static void nesting_is_limited(void **state)
{
	struct arena *a = arena_new();
	struct manifest *m = sample(a);
	struct schema *s = schema_new(a, SC_INT, 8);
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		s = group(a, SC_TUPLE, 8, 1, s);
	m->actions.v[0].payload = s;
	expect_refused(a, m, "values are nested too deeply");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_back),
		cmocka_unit_test(sources_render_its_locations),
		cmocka_unit_test(the_listing_names_everything),
		cmocka_unit_test(cut_anywhere_it_is_refused),
		cmocka_unit_test(flipped_bits_never_crash),
		cmocka_unit_test(inconsistent_parts_are_refused),
		cmocka_unit_test(nesting_is_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
