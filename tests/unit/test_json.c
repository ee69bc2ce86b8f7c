/* The JSON format, from made-up value events. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lib/json_text.h"
#include "tests/unit/events.h"

static int setup(void **state)
{
	struct feed *f = malloc(sizeof(*f));

	feed_open(f, "json");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	feed_close(*state);
	free(*state);
	return 0;
}

static void key(struct feed *f, int n)
{
	PUT(f, ROW_BEGIN);
	PUT(f, KEY_BEGIN);
	PUT(f, TUPLE_BEGIN);
	put_string(f, "a b");
	put_int(f, n);
	PUT(f, TUPLE_END);
	PUT(f, KEY_END);
}

static void maps(void **state)
{
	struct feed *f = *state;

	put_named(f, BCCT_EV_MAP_BEGIN, "@scalar", 0);
	PUT(f, ROW_BEGIN);
	put_int(f, 5);
	PUT(f, ROW_END);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"map\", \"data\": {\"@scalar\": 5}}\n");
	put_named(f, BCCT_EV_MAP_BEGIN, "@c", BCCT_MAP_KEYED | BCCT_MAP_MULTIKEY);
	key(f, 2);
	put_int(f, 5);
	PUT(f, ROW_END);
	key(f, 3);
	PUT(f, TUPLE_BEGIN);
	put_int(f, 1);
	put_string(f, "two");
	PUT(f, TUPLE_BEGIN);
	put_int(f, 3);
	put_int(f, 4);
	PUT(f, TUPLE_END);
	PUT(f, TUPLE_END);
	PUT(f, ROW_END);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"map\", \"data\": {\"@c\": {\"a b,2\": 5, \"a b,3\": "
		      "[1,\"two\",[3,4]]}}}\n");
	put_named(f, BCCT_EV_MAP_BEGIN, "@e", BCCT_MAP_KEYED);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"map\", \"data\": {\"@e\": {}}}\n");
}

static void histograms_stats_and_averages(void **state)
{
	struct feed *f = *state;

	put_named(f, BCCT_EV_MAP_BEGIN, "@", 0);
	PUT(f, ROW_BEGIN);
	PUT(f, HIST_BEGIN);
	put_bucket(f, INT64_MIN, -1, 1, BCCT_OPEN_LOW);
	put_bucket(f, 0, 0, 2, 0);
	put_bucket(f, 8589934592, 17179869183, 1, 0);
	put_bucket(f, 5, INT64_MAX, 3, BCCT_OPEN_HIGH);
	PUT(f, HIST_END);
	PUT(f, ROW_END);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"hist\", \"data\": {\"@\": [{\"max\": -1, \"count\": 1},"
		      "{\"min\": 0, \"max\": 0, \"count\": 2},"
		      "{\"min\": 8589934592, \"max\": 17179869183, \"count\": 1},"
		      "{\"min\": 5, \"count\": 3}]}}\n");
	put_named(f, BCCT_EV_MAP_BEGIN, "@s", 0);
	PUT(f, ROW_BEGIN);
	put(f, (struct bcct_event){ .kind = BCCT_EV_STATS, .u = 2, .i = 6, .i2 = 12 });
	PUT(f, ROW_END);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"stats\", \"data\": {\"@s\": "
		      "{\"count\": 2, \"average\": 6, \"total\": 12}}}\n");
	put_named(f, BCCT_EV_MAP_BEGIN, "@v", 0);
	PUT(f, ROW_BEGIN);
	put(f, (struct bcct_event){ .kind = BCCT_EV_INT, .i = 3, .flags = BCCT_AVERAGE });
	PUT(f, ROW_END);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"stats\", \"data\": {\"@v\": 3}}\n");
}

static void stacks_are_strings(void **state)
{
	struct feed *f = *state;

	put_named(f, BCCT_EV_MAP_BEGIN, "@", BCCT_MAP_KEYED);
	PUT(f, ROW_BEGIN);
	PUT(f, KEY_BEGIN);
	PUT(f, STACK_BEGIN);
	put_frame(f, "a", 1, 9, 0);
	put_frame(f, "b", 2, 9, 0);
	PUT(f, STACK_END);
	PUT(f, KEY_END);
	PUT(f, STACK_BEGIN);
	put_frame(f, "a", 1, 9, 0);
	PUT(f, STACK_END);
	PUT(f, ROW_END);
	PUT(f, MAP_END);
	expect_out(f, "{\"type\": \"map\", \"data\": {\"@\": {\"\\na+1\\nb+2\\n\": "
		      "\"\\n        a+1\\n\"}}}\n");
}

static void values(void **state)
{
	struct feed *f = *state;

	PUT(f, VALUE_BEGIN);
	PUT(f, TUPLE_BEGIN);
	put_uint(f, UINT64_MAX);
	put_int(f, INT64_MIN);
	put_int(f, INT64_MAX);
	put_uint(f, (UINT64_C(1) << 53) + 1);
	put(f, (struct bcct_event){ .kind = BCCT_EV_BOOL, .u = 1 });
	put(f, (struct bcct_event){ .kind = BCCT_EV_ENUM, .i = 3, .name = "THREE" });
	put(f, (struct bcct_event){ .kind = BCCT_EV_POINTER, .u = 16 });
	put(f, (struct bcct_event){ .kind = BCCT_EV_SYMBOL, .u = 16, .name = "f" });
	put(f, (struct bcct_event){ .kind = BCCT_EV_BUFFER, .str = "\x01\xff", .len = 2 });
	PUT(f, NONE);
	PUT(f, RECORD_BEGIN);
	put_named(f, BCCT_EV_FIELD, "x", 0);
	put_int(f, 1);
	put_named(f, BCCT_EV_FIELD, "y", 0);
	put_string(f, "s");
	PUT(f, RECORD_END);
	PUT(f, TUPLE_END);
	PUT(f, VALUE_END);
	expect_out(f, "{\"type\": \"value\", \"data\": [\"18446744073709551615\","
		      "-9223372036854775808,\"9223372036854775807\",\"9007199254740993\","
		      "true,3,16,\"f\",[1,255],null,"
		      "{\"x\": 1, \"y\": \"s\"}]}\n");
}

static void single_lines(void **state)
{
	struct feed *f = *state;

	put(f, (struct bcct_event){ .kind = BCCT_EV_ATTACHED, .u = 1 });
	expect_out(f, "{\"type\": \"attached_probes\", \"count\": 1, \"data\": {\"probes\": 1}}\n");
	put(f, (struct bcct_event){ .kind = BCCT_EV_MESSAGE, .name = "printf", .str = "hi \"1\"\n",
				    .len = 7 });
	expect_out(f, "{\"type\": \"printf\", \"data\": \"hi \\\"1\\\"\\n\"}\n");
	put(f, (struct bcct_event){ .kind = BCCT_EV_LOST, .str = "ring full", .len = 9, .u = 5,
				    .i2 = 7, .file = "stdin", .line = 1, .column = 5,
				    .flags = BCCT_LOST_EVENT });
	expect_out(f, "{\"type\": \"lost_events\", \"count\": 5, \"data\": {\"events\": 5}}\n"
		      "{\"type\": \"lost\", \"count\": 5, \"total\": 7, \"reason\": \"ring full\", "
		      "\"filename\": \"stdin\", \"line\": 1, \"col\": 5}\n");
	put(f, (struct bcct_event){ .kind = BCCT_EV_LOST, .str = "map full", .len = 8, .u = 5,
				    .i2 = 5, .file = "a-b:c.bt", .line = 3, .column = 14 });
	expect_out(f, "{\"type\": \"lost\", \"count\": 5, \"total\": 5, \"reason\": \"map full\", "
		      "\"filename\": \"a-b:c.bt\", \"line\": 3, \"col\": 14}\n");
	put(f, (struct bcct_event){ .kind = BCCT_EV_LOST, .str = "no key.", .len = 7, .u = 2,
				    .i2 = 3, .file = "stdin", .line = 1, .column = 5,
				    .i = BCCT_LOSS_NO_DELETE, .helper = "map_delete_elem",
				    .code = -2 });
	expect_out(f, "{\"type\": \"helper_error\", \"msg\": \"No such file or directory\", "
		      "\"helper\": \"map_delete_elem\", \"retcode\": -2, "
		      "\"filename\": \"stdin\", \"line\": 1, \"col\": 5}\n"
		      "{\"type\": \"lost\", \"count\": 2, \"total\": 3, "
		      "\"reason\": \"no key.\", "
		      "\"filename\": \"stdin\", \"line\": 1, \"col\": 5}\n");
	put(f, (struct bcct_event){ .kind = BCCT_EV_MESSAGE, .name = "errorf", .str = "bad 1",
				    .len = 5, .file = "stdin", .line = 1, .column = 9 });
	expect_out(f, "{\"type\": \"errorf\", \"msg\": \"bad 1\", "
		      "\"filename\": \"stdin\", \"line\": 1, \"col\": 9}\n");
	put(f, (struct bcct_event){ .kind = BCCT_EV_RUNTIME_ERROR, .str = "no", .len = 2 });
	expect_out(f, "{\"type\": \"runtime_error\", \"msg\": \"no\", \"filename\": \"\", "
		      "\"line\": 0, \"col\": 0}\n");
}

static void expect_json(const char *s, size_t len, const char *text)
{
	struct buf b = { 0 };

	json_string(&b, s, len);
	buf_u8(&b, 0);
	assert_string_equal((char *)b.data, text);
	buf_free(&b);
}

static void strings_are_always_valid(void **state)
{
	(void)state;
	expect_json("", 0, "\"\"");
	expect_json("a\0b", 3, "\"a\\u0000b\"");
	expect_json("\t\r\x1f\\", 4, "\"\\t\\r\\u001f\\\\\"");
	expect_json("caf\xc3\xa9 \xe2\x82\xac", 9, "\"caf\xc3\xa9 \xe2\x82\xac\"");
	expect_json("\xff\xfe", 2, "\"\\ufffd\\ufffd\"");
	expect_json("x\xc3", 2, "\"x\\ufffd\"");
	expect_json("\xc0\xaf", 2, "\"\\ufffd\\ufffd\"");
	expect_json("\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"");
}

static void places_are_taken_apart(void **state)
{
	static const struct {
		const char *text;
		unsigned file, line, column;
	} t[] = { { "", 0, 0, 0 },	 { "1:5", 0, 1, 5 },	   { "1:5-9", 0, 1, 5 },
		  { "f.bt:2:3-4:5", 4, 2, 3 }, { "f:2:3", 1, 2, 3 }, { "what", 4, 0, 0 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct json_place p = json_place(t[i].text);

		assert_int_equal(p.file_len, t[i].file);
		assert_int_equal(p.line, t[i].line);
		assert_int_equal(p.column, t[i].column);
	}
}

static void nonsense_is_survived(void **state)
{
	struct feed *f = *state;
	uint32_t seed = 7;
	int i;

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
		TEST(histograms_stats_and_averages),
		TEST(stacks_are_strings),
		TEST(values),
		TEST(single_lines),
		TEST(strings_are_always_valid),
		TEST(places_are_taken_apart),
		TEST(nonsense_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
