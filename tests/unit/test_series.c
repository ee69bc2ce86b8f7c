/* Time series as text, and integers that print as names. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/named_rt.h"
#include "lib/series_text.h"

static void point(struct series_text *s, uint64_t ms, int64_t value, uint32_t flags)
{
	struct bcct_event e = { .size = sizeof(e), .kind = BCCT_EV_POINT, .flags = flags };

	e.u = ms * 1000000;
	e.i = value;
	series_text_point(s, &e);
}

static void expect_drawn(const struct series_text *s, const char *text)
{
	struct buf out = { 0 };

	series_text_draw(s, &out);
	buf_u8(&out, 0);
	assert_string_equal((const char *)out.data, text);
	buf_free(&out);
}

static void begin(struct series_text *s, uint32_t flags)
{
	struct bcct_event e = { .size = sizeof(e), .kind = BCCT_EV_SERIES_BEGIN, .flags = flags };

	setenv("TZ", "UTC", 1);
	series_text_begin(s, &e);
}

static void values_around_zero(void **state)
{
	struct series_text s = { 0 };

	(void)state;
	begin(&s, 0);
	point(&s, 100, -5, 0);
	point(&s, 200, 0, 0);
	point(&s, 300, 0, BCCT_MISSING);
	point(&s, 1400, 3, 0);
	point(&s, 3600500, 5, 0);
	expect_drawn(&s,
		"             -5                                                  5\n"
		"hh:mm:ss.ms  |___________________________________________________|\n"
		"00:00:00.100 *                         .                         | -5\n"
		"00:00:00.200 |                         *                         | 0\n"
		"00:00:00.300 |                         .                         | -\n"
		"00:00:01.400 |                         .              *          | 3\n"
		"01:00:00.500 |                         .                         * 5\n"
		"             v___________________________________________________v\n"
		"             -5                                                  5\n");
	series_text_free(&s);
}

static void one_value(void **state)
{
	struct series_text s = { 0 };

	(void)state;
	begin(&s, 0);
	point(&s, 0, 9, 0);
	expect_drawn(&s,
		"             8                                                  10\n"
		"hh:mm:ss.ms  |___________________________________________________|\n"
		"00:00:00.000 |                         *                         | 9\n"
		"             v___________________________________________________v\n"
		"             8                                                  10\n");
	series_text_free(&s);
}

static void the_largest_values(void **state)
{
	struct series_text s = { 0 };

	(void)state;
	begin(&s, BCCT_UNSIGNED);
	point(&s, 0, 0, 0);
	point(&s, 0, -1, 0);
	expect_drawn(&s,
		"             0                                18446744073709551615\n"
		"hh:mm:ss.ms  |___________________________________________________|\n"
		"00:00:00.000 *                                                   | 0\n"
		"00:00:00.000 |                                                   * "
		"18446744073709551615\n"
		"             v___________________________________________________v\n"
		"             0                                18446744073709551615\n");
	series_text_free(&s);
}

static void nothing(void **state)
{
	struct series_text s = { 0 };

	(void)state;
	begin(&s, BCCT_UNSIGNED);
	expect_drawn(&s,
		"             0                                                   1\n"
		"hh:mm:ss.ms  |___________________________________________________|\n"
		"             v___________________________________________________v\n"
		"             0                                                   1\n");
	series_text_free(&s);
}

static void expect_name(const char *table, uint64_t v, const char *text)
{
	struct buf out = { 0 };

	named_text(&out, table, v);
	buf_u8(&out, 0);
	assert_string_equal((const char *)out.data, text);
	buf_free(&out);
}

static void names(void **state)
{
	(void)state;
	expect_name("strerror", 2, "No such file or directory");
	expect_name("syscall", 100000, "100000");
	expect_name("signal", 9, "SIGKILL");
	expect_name("signal", 0, "0");
	expect_name("signal", 66, "66");
	expect_name("user", 0, "root");
	expect_name("user", 4294900000u, "4294900000");
	expect_name("comm", 1ull << 40, "");
	expect_name("cgroup", 1ull << 60, "");
	expect_name("cgroup:none", 1, "");
	expect_name("no such table", (uint64_t)-3, "-3");
}

static void clocks(void **state)
{
	uint64_t boot = timestamp_wall(0, TIMESTAMP_BOOT), then;

	(void)state;
	then = timestamp_wall(5000000000u, TIMESTAMP_BOOT);
	assert_true(then - boot > 4900000000u && then - boot < 5100000000u);
	/* the monotonic clock stands while the machine sleeps */
	assert_true(timestamp_wall(0, TIMESTAMP_MONOTONIC) + 100000000u >= boot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_around_zero), cmocka_unit_test(one_value),
		cmocka_unit_test(the_largest_values), cmocka_unit_test(nothing),
		cmocka_unit_test(names),	      cmocka_unit_test(clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
