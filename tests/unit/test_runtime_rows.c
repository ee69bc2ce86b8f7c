/* The order of a map's rows, made-up rows; and the handle without an object. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/rt_internal.h"

static struct schema int_schema(uint32_t size, bool is_signed)
{
	return (struct schema){.kind = SC_INT, .size = size, .is_signed = is_signed};
}

static void add_row(struct rows *r, const void *key, const void *value)
{
	uint8_t *row = rows_add(r);

	memcpy(row, key, r->key_size);
	memcpy(rows_value(r, row), value, r->value_size);
}

static int64_t value_of(const struct rows *r, size_t i)
{
	int64_t v;

	memcpy(&v, rows_value(r, rows_at(r, i)), sizeof(v));
	return v;
}

static void integers_by_value(void **state)
{
	struct schema key = int_schema(4, false), value = int_schema(8, true);
	struct map_info info = {.role = MAPR_HASH, .nkeys = 1, .key_size = 4, .value_size = 8,
				.key = &key, .value = &value};
	static const int64_t values[] = {7, -3, 100, 7, 0}, sorted[] = {-3, 0, 7, 7, 100};
	struct rows r;
	uint32_t k;

	(void)state;
	rows_init(&r, &info);
	for (uint32_t i = 0; i < 5; i++) {
		k = 9 - i;
		add_row(&r, &k, &values[i]);
	}
	rows_sort(&r, &info);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(value_of(&r, i), sorted[i]);
	/* equal values go by key */
	memcpy(&k, rows_at(&r, 2), sizeof(k));
	assert_int_equal(k, 6);
	memcpy(&k, rows_at(&r, 3), sizeof(k));
	assert_int_equal(k, 9);
	rows_free(&r);
}

static void unsigned_is_unsigned(void **state)
{
	struct schema s = int_schema(8, false), narrow = int_schema(2, true);
	uint64_t big = UINT64_MAX, small = 1;
	int16_t minus = -1, plus = 1;

	(void)state;
	assert_true(schema_compare(&s, (uint8_t *)&big, (uint8_t *)&small) > 0);
	assert_true(schema_compare(&narrow, (uint8_t *)&minus, (uint8_t *)&plus) < 0);
	assert_int_equal(schema_compare(&s, (uint8_t *)&big, (uint8_t *)&big), 0);
}

static void strings_by_key(void **state)
{
	struct schema number = int_schema(4, true), text = {.kind = SC_STRING, .size = 8};
	struct schema first = number, second = text;
	struct schema *fields[] = {&first, &second};
	struct schema key = {.kind = SC_TUPLE, .size = 12, .fields = fields, .nfields = 2};
	struct map_info info = {.role = MAPR_HASH, .nkeys = 2, .key_size = 12, .value_size = 8,
				.key = &key, .value = &text};
	static const struct {
		int32_t n;
		char s[8];
	} keys[] = {{2, "a"}, {1, "zz"}, {1, "b"}, {-5, "x"}};
	static const char *const order[] = {"x", "b", "zz", "a"};
	struct rows r;

	(void)state;
	second.offset = 4;
	rows_init(&r, &info);
	for (size_t i = 0; i < 4; i++)
		add_row(&r, &keys[i], keys[i].s);
	rows_sort(&r, &info);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal((char *)rows_value(&r, rows_at(&r, i)), order[i]);
	rows_free(&r);
}

static void aggregations_by_value(void **state)
{
	struct schema key = int_schema(8, false);
	struct schema value = {.kind = SC_AGG, .size = 8, .name = "count"};
	struct map_info info = {.role = MAPR_AGG_HASH, .nkeys = 1, .key_size = 8, .value_size = 8,
				.key = &key, .value = &value};
	struct rows r;

	(void)state;
	rows_init(&r, &info);
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t v = (i * 7919) % 1000;

		add_row(&r, &i, &v);
	}
	rows_sort(&r, &info);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(value_of(&r, i), i);
	rows_free(&r);
}

/* ---- the handle ------------------------------------------------------------------ */

struct seen {
	unsigned n;
	char tag[64], message[256];
};

static void remember(void *user, const struct bcct_diag *d)
{
	struct seen *s = user;

	s->n++;
	snprintf(s->tag, sizeof(s->tag), "%s", d->tag);
	snprintf(s->message, sizeof(s->message), "%s", d->message);
	assert_non_null(d->rendered);
}

static void handle_without_object(void **state)
{
	struct seen seen = {0};
	struct bcct_options o = {.size = sizeof(o), .user = &seen, .diag = remember};
	struct bcct *b = bcct_new(&o), *other = bcct_new(NULL);
	struct pollfd p;
	const void *data;
	size_t len;

	(void)state;
	assert_non_null(b);
	assert_non_null(other);
	assert_int_equal(bcct_object(b, &data, &len), -ENOENT);
	assert_true(bcct_load(b) < 0);
	assert_string_equal(seen.tag, "usage");
	assert_true(bcct_attach(b) < 0);
	assert_int_equal(bcct_poll(b, 0), -EINVAL);
	assert_int_equal(bcct_finish(b, true), -EINVAL);
	assert_int_equal(bcct_exit_status(b), 0);
	/* a stop makes the descriptor readable, of this handle only */
	bcct_stop(b);
	p = (struct pollfd){.fd = bcct_fd(b), .events = POLLIN};
	assert_int_equal(poll(&p, 1, 0), 1);
	p.fd = bcct_fd(other);
	assert_int_equal(poll(&p, 1, 0), 0);
	bcct_free(b);
	bcct_free(other);
	bcct_free(NULL);
}

static void handle_bad_object(void **state)
{
	struct seen seen = {0};
	struct bcct_options o = {.size = sizeof(o), .user = &seen, .diag = remember};
	struct bcct *b = bcct_new(&o);
	char junk[256] = "\177ELF\2\1\1";

	(void)state;
	assert_int_equal(bcct_open_object(b, "hello", 5), -EINVAL);
	assert_string_equal(seen.tag, "bad-object");
	assert_int_equal(bcct_open_object(b, junk, sizeof(junk)), -EINVAL);
	assert_int_equal(bcct_open_object(b, "", 0), -EINVAL);
	assert_int_equal(seen.n, 3);
	bcct_free(b);
}

static void list_unknown_provider(void **state)
{
	struct seen seen = {0};
	struct bcct_options o = {.size = sizeof(o), .user = &seen, .diag = remember};
	struct bcct *b = bcct_new(&o);

	(void)state;
	assert_int_equal(bcct_list(b, "kprobbe:vfs_*", false, NULL, NULL), -EINVAL);
	assert_string_equal(seen.tag, "unknown-probe-type");
	bcct_free(b);
}

static void every_loss_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < LOSS_REASON_COUNT; i++)
		assert_true(strlen(loss_reason_text((enum loss_reason)i)) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_by_value),   cmocka_unit_test(unsigned_is_unsigned),
		cmocka_unit_test(strings_by_key),      cmocka_unit_test(aggregations_by_value),
		cmocka_unit_test(handle_without_object), cmocka_unit_test(handle_bad_object),
		cmocka_unit_test(list_unknown_provider), cmocka_unit_test(every_loss_has_words),
	};

	return cmocka_run_group_tests_name("runtime rows", tests, NULL, NULL);
}
