/* Source positions, diagnostics as text, and their way through a pipe. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/compiler.h"
#include "base/diag.h"

struct fixture {
	struct sources s;
	struct diags d;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->s.arena = f->d.arena = arena_new();
	f->d.sources = &f->s;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_free(f->s.arena);
	free(f);
	return 0;
}

static struct loc at(int file, uint32_t offset, uint32_t length)
{
	return (struct loc){ (uint32_t)file & 255, offset & SOURCE_MAX_BYTES, length };
}

static int add(struct fixture *f, const char *name, const char *text)
{
	return sources_add(&f->s, name, text, strlen(text));
}

#define expect_text(f, color, text)                                                                \
	do {                                                                                       \
		char *rendered_ = diag_render(&(f)->s, (f)->d.last, color);                        \
		assert_string_equal(rendered_, text);                                              \
		free(rendered_);                                                                   \
	} while (0)

static void positions_are_one_based_bytes(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "a.bt", "one\ntwo\r\n\nlast");
	const struct source *src = sources_get(&f->s, at(file, 0, 0));
	struct position p;
	size_t len;

	assert_int_equal(file, 1);
	assert_int_equal(src->nlines, 4);
	p = source_position(src, 0);
	assert_true(p.line == 1 && p.column == 1);
	p = source_position(src, 3);
	assert_true(p.line == 1 && p.column == 4);
	p = source_position(src, 4);
	assert_true(p.line == 2 && p.column == 1);
	p = source_position(src, 9);
	assert_true(p.line == 3 && p.column == 1);
	p = source_position(src, 14);
	assert_true(p.line == 4 && p.column == 5);
	p = source_position(src, 4000);
	assert_true(p.line == 4 && p.column == 5);
	assert_memory_equal(source_line(src, 2, &len), "two", 3);
	assert_int_equal(len, 3);
	source_line(src, 3, &len);
	assert_int_equal(len, 0);
	source_line(src, 5, &len);
	assert_int_equal(len, 0);
	assert_null(sources_get(&f->s, LOC_NONE));
	assert_null(sources_get(&f->s, at(2, 0, 0)));
}

static void sources_have_limits(void **state)
{
	struct fixture *f = *state;
	int i;

	assert_int_equal(sources_add(&f->s, "", "x", SOURCE_MAX_BYTES + 1), -EFBIG);
	for (i = 1; i <= SOURCE_MAX_FILES; i++)
		assert_int_equal(add(f, "", "x"), i);
	assert_int_equal(add(f, "", "x"), -ENOSPC);
}

static void locations_join_and_print(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "a.bt", "one\ntwo\nthree"), line = add(f, "", "abc");
	struct loc j = loc_join(at(file, 5, 1), at(file, 1, 2));
	char text[64];

	assert_true(j.offset == 1 && j.length == 5);
	j = loc_join(LOC_NONE, at(file, 1, 2));
	assert_true(j.file == 1 && j.offset == 1 && j.length == 2);
	loc_print(&f->s, at(file, 5, 1), text, sizeof(text));
	assert_string_equal(text, "a.bt:2:2");
	loc_print(&f->s, at(line, 0, 3), text, sizeof(text));
	assert_string_equal(text, "1:1-3");
	loc_print(&f->s, at(file, 1, 8), text, sizeof(text));
	assert_string_equal(text, "a.bt:1:2-3:1");
	loc_print(&f->s, at(line, 1, 0), text, sizeof(text));
	assert_string_equal(text, "1:2");
	loc_print(&f->s, LOC_NONE, text, sizeof(text));
	assert_string_equal(text, "");
	loc_print(&f->s, at(line, 2, 4000), text, sizeof(text));
	assert_string_equal(text, "1:3");
}

static void one_liner_with_hint(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "", "kprobe:vfs_read < @ = histt(arg2) >");

	diag_error(&f->d, UNKNOWN_FUNCTION, at(file, 22, 5), "unknown function '%s'", "histt");
	diag_hint(&f->d, "did you mean '%s'?", "hist");
	expect_text(f, false,
		    "bcct: 1:23-27: error: unknown function 'histt'  [unknown-function]\n"
		    "  kprobe:vfs_read < @ = histt(arg2) >\n"
		    "                        ~~~~~\n"
		    "  hint: did you mean 'hist'?\n");
}

static void file_warning_and_no_location(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "foo.bt", "a\nb\n\tcc dd\n");

	diag_warn(&f->d, TYPE, at(file, 5, 2), "odd");
	expect_text(f, false,
		    "bcct: foo.bt:3:2-3: warning: odd  [type-mismatch]\n"
		    "      cc dd\n"
		    "      ~~\n");
	diag_error(&f->d, IO, LOC_NONE, "no");
	expect_text(f, false, "bcct: error: no  [io]\n");
	assert_int_equal(f->d.errors, 1);
	assert_int_equal(f->d.warnings, 1);
}

static void ranges_over_lines_and_at_the_end(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "", "BEGIN {\n x(\n");

	diag_error(&f->d, UNCLOSED, at(file, 6, 5), "never closed");
	expect_text(f, false,
		    "bcct: 1:7-2:3: error: never closed  [unclosed]\n"
		    "  BEGIN {\n"
		    "        ~\n");
	diag_error(&f->d, SYNTAX, at(file, 12, 0), "end of text");
	expect_text(f, false,
		    "bcct: 3:1: error: end of text  [syntax]\n"
		    "  \n"
		    "  ~\n");
}

static void strange_bytes_are_visible(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "", "a\x01\xff\xc3\xa9 zz");

	diag_error(&f->d, LEX, at(file, 6, 2), "bad '%s'", "\x1b[31m");
	expect_text(f, false,
		    "bcct: 1:7-8: error: bad '\\x1b[31m'  [bad-token]\n"
		    "  a\\x01\\xff\xc3\xa9 zz\n"
		    "             ~~\n");
}

static void long_lines_are_cut_around_the_range(void **state)
{
	struct fixture *f = *state;
	char text[1000], *rendered, *second, *third;
	int file;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text + 500, "HERE", 4);
	file = add(f, "", text);
	diag_error(&f->d, SYNTAX, at(file, 500, 4), "there");
	rendered = diag_render(&f->s, f->d.last, false);
	second = strchr(rendered, '\n') + 1;
	third = strchr(second, '\n') + 1;
	assert_true(third - second < 110);
	assert_memory_equal(second, "  ...x", 6);
	assert_int_equal(strstr(second, "HERE") - second, strchr(third, '~') - third);
	free(rendered);
	/* a range longer than what is shown */
	diag_error(&f->d, SYNTAX, at(file, 0, 999), "all");
	rendered = diag_render(&f->s, f->d.last, false);
	assert_true(strlen(rendered) < 300);
	free(rendered);
}

static void colors(void **state)
{
	struct fixture *f = *state;
	char *rendered;

	diag_error(&f->d, SYNTAX, at(add(f, "", "abc"), 0, 1), "no");
	rendered = diag_render(&f->s, f->d.last, true);
	assert_non_null(strstr(rendered, "\033[1;31merror:"));
	assert_non_null(strstr(rendered, "\033[1;32m~\033[0m"));
	free(rendered);
}

static void many_errors_are_counted_once_each(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "", "abc"), i, n = 0;
	struct diag *d;

	diag_error(&f->d, SYNTAX, at(file, 0, 1), "same");
	diag_error(&f->d, SYNTAX, at(file, 0, 1), "same");
	diag_hint(&f->d, "not attached to a repetition");
	assert_null(f->d.last->hint);
	assert_int_equal(f->d.errors, 1);
	for (i = 0; i < 100; i++)
		diag_error(&f->d, SYNTAX, at(file, 0, 1), "error %d", i);
	diag_hint(&f->d, "not attached to another");
	for (d = f->d.first; d; d = d->next, n++)
		assert_null(d->hint);
	assert_int_equal(n, 50);
	assert_int_equal(f->d.errors, 101);
}

static void every_tag_has_a_name(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < TAG_COUNT; i++) {
		assert_true(*diag_tag_name(i) && *diag_tag_about(i));
		for (j = 0; j < i; j++)
			assert_string_not_equal(diag_tag_name(i), diag_tag_name(j));
	}
	assert_string_equal(diag_tag_name(TAG_COUNT), "internal");
}

struct seen {
	unsigned n;
	unsigned column, end_column;
	char text[256];
};

static void see(void *user, const struct diag_record *d)
{
	struct seen *s = user;

	s->n++;
	s->column = d->column;
	s->end_column = d->end_column;
	strncat(s->text, d->message, sizeof(s->text) - strlen(s->text) - 1);
	strncat(s->text, d->hint ? d->hint : "-", sizeof(s->text) - strlen(s->text) - 1);
	strncat(s->text, d->file ? d->file : "0", sizeof(s->text) - strlen(s->text) - 1);
}

static void records_cross_and_survive_damage(void **state)
{
	struct fixture *f = *state;
	int file = add(f, "x.bt", "abcdef");
	struct buf b = { 0 };
	struct seen s = { 0 };
	size_t i;

	diag_error(&f->d, SYNTAX, at(file, 1, 3), "one");
	diag_hint(&f->d, "try");
	diag_error(&f->d, IO, LOC_NONE, "two");
	diag_records_write(&b, &f->d);
	assert_int_equal(diag_records_read(b.data, b.len, see, &s), 0);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.text, "onetryx.bttwo-0");
	assert_int_equal(s.column, 0);
	assert_int_equal(diag_records_read(NULL, 0, see, &s), 0);
	for (i = 1; i < b.len; i++) {
		uint8_t *part = malloc(i); /* exact, so that reading on is found */

		memcpy(part, b.data, i);
		assert_int_equal(diag_records_read(part, i, see, &s), -EPROTO);
		free(part);
	}
	for (i = 0; i < b.len * 8; i++) {
		b.data[i / 8] ^= (uint8_t)(1u << i % 8);
		diag_records_read(b.data, b.len, see, &s);
		b.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	buf_free(&b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(positions_are_one_based_bytes),
		TEST(sources_have_limits),
		TEST(locations_join_and_print),
		TEST(one_liner_with_hint),
		TEST(file_warning_and_no_location),
		TEST(ranges_over_lines_and_at_the_end),
		TEST(strange_bytes_are_visible),
		TEST(long_lines_are_cut_around_the_range),
		TEST(colors),
		TEST(many_errors_are_counted_once_each),
		TEST(every_tag_has_a_name),
		TEST(records_cross_and_survive_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
