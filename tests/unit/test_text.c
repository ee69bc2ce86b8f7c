/* The text format, from made-up value events. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/events.h"

static int setup(void **state)
{
	struct feed *f = malloc(sizeof(*f));

	feed_open(f, "text");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	feed_close(*state);
	free(*state);
	return 0;
}

static void map_begin(struct feed *f, const char *name)
{
	put_named(f, BCCT_EV_MAP_BEGIN, name, BCCT_MAP_EXPLICIT);
}

static void scalar_row(struct feed *f, const char *name)
{
	map_begin(f, name);
	PUT(f, ROW_BEGIN);
}

static void row_end(struct feed *f)
{
	PUT(f, ROW_END);
	PUT(f, MAP_END);
}

static void maps(void **state)
{
	struct feed *f = *state;

	scalar_row(f, "@x");
	put_int(f, 5);
	row_end(f);
	expect_out(f, "@x: 5\n");
	map_begin(f, "@a");
	PUT(f, ROW_BEGIN);
	PUT(f, KEY_BEGIN);
	PUT(f, TUPLE_BEGIN);
	put_int(f, 1);
	PUT(f, TUPLE_BEGIN);
	put_int(f, -2);
	put_string(f, "x");
	PUT(f, TUPLE_END);
	PUT(f, TUPLE_END);
	PUT(f, KEY_END);
	PUT(f, TUPLE_BEGIN);
	put_int(f, 3);
	put_string(f, "a b");
	PUT(f, TUPLE_END);
	PUT(f, ROW_END);
	PUT(f, ROW_BEGIN);
	PUT(f, KEY_BEGIN);
	put_string(f, "k");
	PUT(f, KEY_END);
	put_uint(f, UINT64_MAX);
	row_end(f);
	expect_out(f, "@a[1, (-2, x)]: (3, a b)\n@a[k]: 18446744073709551615\n");
}

static void maps_at_the_end_stand_apart(void **state)
{
	struct feed *f = *state;
	int i;

	put(f, (struct bcct_event){ .kind = BCCT_EV_MESSAGE, .name = "printf", .str = "hi\n",
				    .len = 3 });
	for (i = 0; i < 2; i++) {
		put_named(f, BCCT_EV_MAP_BEGIN, i ? "@b" : "@a", 0);
		PUT(f, ROW_BEGIN);
		put_int(f, i);
		row_end(f);
	}
	PUT(f, END);
	expect_out(f, "hi\n\n\n@a: 0\n@b: 1\n");
}

static void histogram(void **state)
{
	struct feed *f = *state;

	scalar_row(f, "@");
	PUT(f, HIST_BEGIN);
	put_bucket(f, INT64_MIN, -1, 1, BCCT_OPEN_LOW);
	put_bucket(f, 0, 0, 0, 0);
	put_bucket(f, 1, 1, 0, 0);
	put_bucket(f, 2, 3, 2, 0);
	put_bucket(f, 4, 7, 1, 0);
	PUT(f, HIST_END);
	row_end(f);
	expect_out(f, "@:\n"
	"(..., 0)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |\n"
	"[0]                    0 |                                                    |\n"
	"[1]                    0 |                                                    |\n"
	"[2, 4)                 2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n"
	"[4, 8)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |\n"
	"\n");
}

/* The label of one bucket: what stands before the count. */
static void expect_label(struct feed *f, uint64_t step, int64_t min, int64_t max, uint32_t flags,
			 const char *label)
{
	char *end;

	PUT(f, VALUE_BEGIN);
	put(f, (struct bcct_event){ .kind = BCCT_EV_HIST_BEGIN, .u = step,
				    .flags = step ? BCCT_HIST_LINEAR : 0 });
	put_bucket(f, min, max, 1, flags);
	PUT(f, HIST_END);
	PUT(f, VALUE_END);
	buf_u8(&f->out, 0);
	end = strchr((char *)f->out.data, ']');
	end = end ? end : strrchr((char *)f->out.data, ')');
	end[1] = '\0';
	f->out.len = 0;
	assert_string_equal((char *)f->out.data, label);
}

static void bucket_labels(void **state)
{
	struct feed *f = *state;

	expect_label(f, 0, 512, 1023, 0, "[512, 1K)");
	expect_label(f, 0, 1024, 2047, 0, "[1K, 2K)");
	expect_label(f, 0, 512 << 10, (1 << 20) - 1, 0, "[512K, 1M)");
	expect_label(f, 0, INT64_C(1) << 40, (INT64_C(1) << 41) - 1, 0, "[1T, 2T)");
	expect_label(f, 0, INT64_C(1) << 50, (INT64_C(1) << 51) - 1, 0, "[1P, 2P)");
	expect_label(f, 0, INT64_C(1) << 62, INT64_MAX, 0, "[4E, 8E)");
	/* several buckets in a power of two: letters only where the width allows */
	expect_label(f, 0, 896, 1023, 0, "[896, 1024)");
	expect_label(f, 0, 1280, 1535, 0, "[1280, 1536)");
	expect_label(f, 0, 16, 17, 0, "[16, 18)");
	expect_label(f, 0, 5 << 10, (6 << 10) - 1, 0, "[5K, 6K)");
	expect_label(f, 2, 0, 1, 0, "[0, 2)");
	expect_label(f, 2, 10, INT64_MAX, BCCT_OPEN_HIGH, "[10, ...)");
	expect_label(f, 2, INT64_MIN, -11, BCCT_OPEN_LOW, "(..., -10)");
	expect_label(f, 1, 3, 3, 0, "[3]");
	expect_label(f, 1000, 1024000, 1024999, 0, "[1024000, 1025000)");
	expect_label(f, 1024, 0, 1023, 0, "[0, 1K)");
	expect_label(f, 512 << 10, 512 << 10, (1 << 20) - 1, 0, "[512K, 1M)");
	expect_label(f, 1024, 1 << 30, INT64_MAX, BCCT_OPEN_HIGH, "[1024M, ...)");
	expect_label(f, 1024, 5, 1028, 0, "[5, 1029)");
}

static void keyed_histograms_and_stats(void **state)
{
	struct feed *f = *state;

	map_begin(f, "@h");
	PUT(f, ROW_BEGIN);
	PUT(f, KEY_BEGIN);
	put_string(f, "a");
	PUT(f, KEY_END);
	PUT(f, HIST_BEGIN);
	put_bucket(f, 1, 1, 3, 0);
	PUT(f, HIST_END);
	row_end(f);
	expect_out(f, "@h[a]:\n"
	"[1]                    3 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n\n");
	scalar_row(f, "@s");
	put(f, (struct bcct_event){ .kind = BCCT_EV_STATS, .u = 3, .i = -2, .i2 = -6 });
	row_end(f);
	expect_out(f, "@s: { .count = 3, .average = -2, .total = -6 }\n");
}

static void stacks(void **state)
{
	struct feed *f = *state;

	map_begin(f, "@");
	PUT(f, ROW_BEGIN);
	PUT(f, KEY_BEGIN);
	PUT(f, TUPLE_BEGIN);
	PUT(f, STACK_BEGIN);
	put_frame(f, "vfs_read", 1, 0xffff, 0);
	put_frame(f, NULL, 0, 0xabc, 0);
	PUT(f, STACK_END);
	put_string(f, "cat");
	PUT(f, TUPLE_END);
	PUT(f, KEY_END);
	put_uint(f, 4);
	row_end(f);
	expect_out(f, "@[\n        vfs_read+1\n        0xabc\n, cat]: 4\n");
	scalar_row(f, "@s");
	PUT(f, STACK_BEGIN);
	put_frame(f, "vfs_read", 1, 0xffff, 0);
	PUT(f, STACK_END);
	row_end(f);
	expect_out(f, "@s: \n        vfs_read+1\n\n");
	PUT(f, VALUE_BEGIN);
	put_named(f, BCCT_EV_STACK_BEGIN, NULL, BCCT_STACK_PERF);
	put_frame(f, "vfs_read", 1, 0xffff, BCCT_STACK_PERF);
	put_named(f, BCCT_EV_STACK_END, NULL, BCCT_STACK_PERF);
	PUT(f, VALUE_END);
	expect_out(f, "\n\tffff vfs_read+1\n\n");
}

static void other_values(void **state)
{
	struct feed *f = *state;

	PUT(f, VALUE_BEGIN);
	PUT(f, RECORD_BEGIN);
	put_named(f, BCCT_EV_FIELD, "a", 0);
	put_int(f, 0);
	put_named(f, BCCT_EV_FIELD, "d", 0);
	PUT(f, TUPLE_BEGIN);
	put_int(f, 5);
	put_int(f, 6);
	PUT(f, TUPLE_END);
	put_named(f, BCCT_EV_FIELD, "e", 0);
	PUT(f, RECORD_BEGIN);
	PUT(f, RECORD_END);
	PUT(f, RECORD_END);
	PUT(f, VALUE_END);
	expect_out(f, "{ .a = 0, .d = (5, 6), .e = {} }\n");
	PUT(f, VALUE_BEGIN);
	PUT(f, ARRAY_BEGIN);
	put(f, (struct bcct_event){ .kind = BCCT_EV_BOOL, .u = 1 });
	put(f, (struct bcct_event){ .kind = BCCT_EV_POINTER, .u = 0xffffffff81000000 });
	put(f, (struct bcct_event){ .kind = BCCT_EV_ENUM, .i = 3, .name = "THREE" });
	put(f, (struct bcct_event){ .kind = BCCT_EV_ENUM, .i = -4 });
	put(f, (struct bcct_event){ .kind = BCCT_EV_SYMBOL, .u = 0xabc });
	put(f, (struct bcct_event){ .kind = BCCT_EV_SYMBOL, .u = 0xabc, .name = "f", .i = 7 });
	put(f, (struct bcct_event){ .kind = BCCT_EV_STRING, .str = "cut", .len = 3,
				    .flags = BCCT_TRUNCATED });
	put(f, (struct bcct_event){ .kind = BCCT_EV_BUFFER, .str = "a\n\xff", .len = 3 });
	put_text(f, BCCT_EV_MAC, "05:04");
	PUT(f, NONE);
	PUT(f, ARRAY_END);
	PUT(f, VALUE_END);
	expect_out(f, "[true,0xffffffff81000000,THREE,-4,0xabc,f,cut..,a\\x0a\\xff,05:04,null]\n");
}

static void losses_are_not_output(void **state)
{
	struct feed *f = *state;

	put(f, (struct bcct_event){ .kind = BCCT_EV_ATTACHED, .u = 3 });
	put_text(f, BCCT_EV_LOST, "ring buffer full");
	put_text(f, BCCT_EV_RUNTIME_ERROR, "no");
	PUT(f, END);
	expect_out(f, "");
}

/* Any order of events, and nesting beyond all limits, must be harmless. */
static void nonsense_is_survived(void **state)
{
	struct feed *f = *state;
	uint32_t seed = 7;
	int i;

	for (i = 0; i < 200; i++)
		PUT(f, TUPLE_BEGIN);
	PUT(f, VALUE_BEGIN);
	for (i = 0; i < 200; i++)
		put_kind(f, i % 2 ? BCCT_EV_TUPLE_BEGIN : BCCT_EV_RECORD_BEGIN);
	for (i = 0; i < 300; i++)
		PUT(f, TUPLE_END);
	for (i = 0; i < 20000; i++) {
		seed = seed * 1664525u + 1013904223u;
		put(f, (struct bcct_event){ .kind = (seed >> 16) % (BCCT_EV_END + 1),
					    .u = seed % 3, .str = "x", .len = 1 });
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(maps),
		TEST(maps_at_the_end_stand_apart),
		TEST(histogram),
		TEST(bucket_labels),
		TEST(keyed_histograms_and_stats),
		TEST(stacks),
		TEST(other_values),
		TEST(losses_are_not_output),
		TEST(nonsense_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
