/* The options table, kernel feature names, and printf formats. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/features.h"
#include "base/format.h"
#include "base/options.h"

static void defaults_are_in_range(void **state)
{
	struct options o;
	int i;

	(void)state;
	options_defaults(&o);
	for (i = 0; i < OPT_COUNT; i++) {
		assert_int_equal(option_check(i, o.v[i]), 0);
		assert_int_equal(option_find(option_name(i)), i);
		assert_true(*option_about(i));
	}
	assert_int_equal(o.v[OPT_MAX_STRLEN], 1024);
	assert_int_equal(option_find("MAX_map_Keys"), OPT_MAX_MAP_KEYS);
	assert_int_equal(option_find("max_map"), -1);
	assert_int_equal(option_check(OPT_COUNT, 1), -EINVAL);
}

static void values_are_checked(void **state)
{
	struct options o;

	(void)state;
	options_defaults(&o);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, "64"), 0);
	assert_int_equal(o.v[OPT_MAX_STRLEN], 64);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, "0x40"), 0);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, "0"), -ERANGE);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, "99999999999999999999"), -ERANGE);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, "12x"), -EINVAL);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, ""), -EINVAL);
	assert_int_equal(option_set(&o, OPT_MAX_STRLEN, "true"), -EINVAL);
	assert_int_equal(o.v[OPT_MAX_STRLEN], 64);
	assert_int_equal(option_set(&o, OPT_PRINT_MAPS_ON_EXIT, "false"), 0);
	assert_int_equal(o.v[OPT_PRINT_MAPS_ON_EXIT], 0);
	assert_int_equal(option_set(&o, OPT_MISSING_PROBES, "Warn"), 0);
	assert_int_equal(o.v[OPT_MISSING_PROBES], 1);
	assert_int_equal(option_set(&o, OPT_RB_PAGES, "auto"), 0);
}

static void the_environment_sets_options(void **state)
{
	struct options o;
	const char *bad = NULL;

	(void)state;
	options_defaults(&o);
	setenv("BCCT_MAX_STRLEN", "100", 1);
	setenv("BPFTRACE_MAX_STRLEN", "200", 1);
	setenv("BPFTRACE_MAX_MAP_KEYS", "7", 1);
	setenv("BCCT_NO_SUCH_OPTION", "7", 1);
	assert_int_equal(options_from_env(&o, &bad), 0);
	assert_int_equal(o.v[OPT_MAX_STRLEN], 100);
	assert_int_equal(o.v[OPT_MAX_MAP_KEYS], 7);
	setenv("BPFTRACE_MAX_MAP_KEYS", "many", 1);
	assert_int_equal(options_from_env(&o, &bad), -EINVAL);
	assert_string_equal(bad, "BPFTRACE_MAX_MAP_KEYS=many");
	unsetenv("BCCT_MAX_STRLEN");
	unsetenv("BPFTRACE_MAX_STRLEN");
	unsetenv("BPFTRACE_MAX_MAP_KEYS");
	unsetenv("BCCT_NO_SUCH_OPTION");
}

static void features_have_names(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < FEAT_COUNT; i++)
		assert_true(*feature_name(i) && *feature_since(i) && *feature_about(i));
	assert_string_equal(feature_name(FEAT_COUNT), "?");
	assert_true(FEAT_COUNT <= 32);
}

static int next(const char *fmt, size_t *pos, struct format_piece *p)
{
	return format_next(fmt, strlen(fmt), pos, p);
}

static void formats_are_taken_apart(void **state)
{
	const char *fmt = "a %-08.3lld%% b%rh";
	struct format_piece p;
	size_t pos = 0;

	(void)state;
	assert_int_equal(next(fmt, &pos, &p), 1);
	assert_true(p.directive && p.conv == 'd' && p.length == FL_LL);
	assert_true(p.width == 8 && p.precision == 3);
	assert_string_equal(p.flags, "-0");
	assert_true(p.len == 2 && p.offset == 2 && p.span == 9);
	assert_int_equal(next(fmt, &pos, &p), 1);
	assert_false(p.directive);
	assert_true(p.len == 1 && p.text[0] == '%');
	assert_int_equal(next(fmt, &pos, &p), 1);
	assert_true(p.directive && p.conv == 'r' && p.sub == 'h');
	assert_memory_equal(p.text, " b", 2);
	assert_int_equal(next(fmt, &pos, &p), 0);
}

static void every_length_and_conversion(void **state)
{
	static const struct {
		const char *fmt;
		enum format_length length;
	} lengths[] = { { "%d", FL_NONE }, { "%hhd", FL_HH }, { "%hx", FL_H }, { "%ld", FL_L },
			{ "%llu", FL_LL }, { "%jx", FL_J },   { "%zu", FL_Z } };
	const char *good[] = { "%d", "%i", "%o", "%u", "%x", "%X", "%c", "%s", "%p", "%r",
			       "%rx", "%+ #-0d", "%----d", "%.s", "%4095d" };
	const char *bad[] = { "%", "%q", "%5", "%.", "%l", "%*d", "%.*s", "%99999d", "%-", "%ff",
			      "%hhhd", "%n", "%.99999s" };
	struct format_piece p;
	size_t i, pos;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		pos = 0;
		assert_int_equal(next(lengths[i].fmt, &pos, &p), 1);
		assert_int_equal(p.length, lengths[i].length);
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		pos = 0;
		assert_int_equal(next(good[i], &pos, &p), 1);
		assert_int_equal(pos, strlen(good[i]));
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		pos = 0;
		assert_int_equal(next(bad[i], &pos, &p), -1);
		assert_int_equal(p.offset, 0);
		assert_true(p.span >= 1 && p.span <= strlen(bad[i]));
	}
}

static void a_nul_byte_ends_nothing_and_reads_nothing(void **state)
{
	struct format_piece p;
	size_t pos = 0;

	(void)state;
	assert_int_equal(format_next("a\0b%d", 5, &pos, &p), 1);
	assert_true(p.len == 3 && p.directive);
	pos = 0;
	assert_int_equal(format_next("%\0d", 3, &pos, &p), -1);
	pos = 0;
	assert_int_equal(format_next("%5.3lX", 5, &pos, &p), -1); /* len ends before the X */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_in_range),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(the_environment_sets_options),
		cmocka_unit_test(features_have_names),
		cmocka_unit_test(formats_are_taken_apart),
		cmocka_unit_test(every_length_and_conversion),
		cmocka_unit_test(a_nul_byte_ends_nothing_and_reads_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
