/* Arena, vectors, string map, nearest names, buffers. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/strmap.h"
#include "base/vec.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena *a = arena_new();
	size_t sizes[] = { 1, 15, 16, 17, 4000, 65535, 65536, 1000000, 3 }, i, j;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned char *p = arena_alloc(a, sizes[i]);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (j = 0; j < sizes[i]; j++)
			assert_int_equal(p[j], 0);
		memset(p, 0xff, sizes[i]);
	}
	assert_true(arena_used(a) >= 1131111);
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	arena_free(a);
	arena_free(NULL);
}

static void vectors_grow_on_heap_and_arena(void **state)
{
	struct arena *a = arena_new();
	VEC(int) heap = { 0 }, owned = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		vec_push(&heap, i);
		vec_apush(a, &owned, -i);
	}
	assert_int_equal(heap.n, 1000);
	for (i = 0; i < 1000; i++) {
		assert_int_equal(heap.v[i], i);
		assert_int_equal(owned.v[i], -i);
	}
	vec_free(&heap);
	assert_null(heap.v);
	arena_free(a);
}

static void strmap_keeps_order_and_replaces(void **state)
{
	static char keys[2000][8];
	struct strmap m = { 0 };
	size_t i;

	(void)state;
	assert_null(strmap_get(&m, "none"));
	for (i = 0; i < 2000; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
		assert_null(strmap_put(&m, keys[i], &keys[i]));
	}
	assert_int_equal(m.n, 2000);
	for (i = 0; i < 2000; i++) {
		assert_ptr_equal(strmap_get(&m, keys[i]), &keys[i]);
		assert_ptr_equal(m.entries[i].key, keys[i]);
	}
	assert_ptr_equal(strmap_put(&m, "k5", &m), &keys[5]);
	assert_ptr_equal(strmap_get(&m, "k5"), &m);
	assert_int_equal(m.n, 2000);
	assert_null(strmap_get(&m, "k2000"));
	strmap_free(&m);
	assert_null(strmap_get(&m, "k5"));
}

static void distance_counts_edits_up_to_a_limit(void **state)
{
	char longer[400];

	(void)state;
	assert_int_equal(str_distance("hist", "hist", 3), 0);
	assert_int_equal(str_distance("histt", "hist", 3), 1);
	assert_int_equal(str_distance("hsit", "hist", 3), 1);
	assert_int_equal(str_distance("pirntf", "printf", 3), 1);
	assert_int_equal(str_distance("kitten", "sitting", 3), 3);
	assert_int_equal(str_distance("kitten", "sitting", 2), 3);
	assert_int_equal(str_distance("", "abc", 3), 3);
	assert_int_equal(str_distance("", "abcd", 3), 4);
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(str_distance(longer, longer, 3), 0);
	assert_int_equal(str_distance(longer, longer + 1, 3), 4);
}

static const char *nearest_of(const char *word, const char *const *candidates)
{
	struct nearest n = nearest_init(word);

	for (; *candidates; candidates++)
		nearest_try(&n, *candidates);
	return n.best;
}

static void nearest_offers_only_likely_names(void **state)
{
	const char *units[] = { "hist", "lhist", "count", "printf", "print", "kstack", NULL };
	const char *kernel[] = { "vfs_read", "vfs_readv", "do_sys_openat2", "ksys_read", NULL };
	const char *one[] = { "x", "id", NULL };

	(void)state;
	assert_string_equal(nearest_of("histt", units), "hist");
	assert_string_equal(nearest_of("pritnf", units), "printf");
	assert_string_equal(nearest_of("prin", units), "print");
	assert_string_equal(nearest_of("COUNT", units), "count");
	assert_string_equal(nearest_of("kst", units), "kstack");
	assert_null(nearest_of("zebra", units));
	assert_null(nearest_of("", units));
	assert_string_equal(nearest_of("vfs_raed", kernel), "vfs_read");
	assert_string_equal(nearest_of("sys_read", kernel), "ksys_read");
	assert_null(nearest_of("open", kernel));
	assert_null(nearest_of("y", one));
}

static void reader_returns_what_was_written(void **state)
{
	struct arena *a = arena_new();
	struct buf b = { 0 };
	struct reader r;
	uint32_t n;

	(void)state;
	buf_u8(&b, 7);
	buf_u32(&b, 0xdeadbeef);
	buf_u64(&b, UINT64_MAX - 1);
	buf_str(&b, "hello");
	buf_str(&b, NULL);
	buf_str(&b, "");
	buf_blob(&b, "\0\1\2", 3);
	r = (struct reader){ b.data, b.data + b.len, false };
	assert_int_equal(read_u8(&r), 7);
	assert_int_equal(read_u32(&r), 0xdeadbeef);
	assert_true(read_u64(&r) == UINT64_MAX - 1);
	assert_string_equal(read_str(&r, a), "hello");
	assert_null(read_str(&r, a));
	assert_string_equal(read_str(&r, a), "");
	assert_memory_equal(read_blob(&r, &n), "\0\1\2", 3);
	assert_int_equal(n, 3);
	assert_false(r.bad);
	assert_ptr_equal(r.p, r.end);
	buf_free(&b);
	arena_free(a);
}

static void reader_stops_at_damage(void **state)
{
	struct arena *a = arena_new();
	struct buf b = { 0 };
	struct reader r;
	uint32_t n = 9;

	(void)state;
	buf_u32(&b, 1000); /* longer than what follows */
	buf_u32(&b, 0);
	r = (struct reader){ b.data, b.data + b.len, false };
	assert_null(read_str(&r, a));
	assert_true(r.bad);
	assert_int_equal(read_u8(&r), 0);
	assert_int_equal(read_u32(&r), 0);
	assert_true(read_u64(&r) == 0);
	r = (struct reader){ b.data, b.data + b.len, false };
	assert_null(read_blob(&r, &n));
	assert_int_equal(n, 0);
	r = (struct reader){ b.data, b.data + b.len, false };
	assert_int_equal(read_count(&r, 1), 0);
	assert_true(r.bad);
	r = (struct reader){ b.data + 4, b.data + 7, false };
	assert_int_equal(read_u32(&r), 0);
	assert_true(r.bad);
	b.data[0] = 4;
	b.data[1] = 0;
	r = (struct reader){ b.data, b.data + b.len, false };
	assert_int_equal(read_count(&r, 1), 4);
	r = (struct reader){ b.data, b.data + b.len, false };
	assert_int_equal(read_count(&r, 2), 0);
	buf_free(&b);
	arena_free(a);
}

static void buf_printf_grows(void **state)
{
	struct buf b = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 2000);
	assert_memory_equal(b.data, "0,1,2,3,", 8);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(vectors_grow_on_heap_and_arena),
		cmocka_unit_test(strmap_keeps_order_and_replaces),
		cmocka_unit_test(distance_counts_edits_up_to_a_limit),
		cmocka_unit_test(nearest_offers_only_likely_names),
		cmocka_unit_test(reader_returns_what_was_written),
		cmocka_unit_test(reader_stops_at_damage),
		cmocka_unit_test(buf_printf_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
