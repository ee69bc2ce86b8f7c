/* Aggregations that are a few words: merging over CPUs, order, what they emit. */
#include "tests/unit/agg_capture.h"

static struct capture out;

static int open_capture(void **state)
{
	(void)state;
	capture_open(&out);
	return 0;
}

static int close_capture(void **state)
{
	(void)state;
	bcct_free(out.b);
	return 0;
}

static struct schema schema_of(const char *name, unsigned words, bool is_signed)
{
	return (struct schema){
		.kind = SC_AGG, .name = name, .size = words * 8, .is_signed = is_signed
	};
}

/* Merges n values of two words. */
static void merge_all(const struct schema *s, const int64_t (*cpus)[2], unsigned n, int64_t acc[2])
{
	const struct aggregation_rt *agg = aggregation_rt_find(s->name);

	assert_non_null(agg);
	acc[0] = acc[1] = 0;
	for (unsigned i = 0; i < n; i++)
		agg->merge(acc, cpus[i], s);
}

static int order(const struct schema *s, const int64_t *a, const int64_t *b)
{
	return aggregation_rt_find(s->name)->compare(a, b, s);
}

static void count_adds_up(void **state)
{
	static const int64_t cpus[][2] = { { 3 }, { 0 }, { 39 } };
	struct schema s = schema_of("count", 1, false);
	int64_t acc[2];

	(void)state;
	merge_all(&s, cpus, 3, acc);
	assert_int_equal(acc[0], 42);
	capture_emit(&out, &s, acc, 1);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.v[0].kind, BCCT_EV_UINT);
	assert_int_equal(out.v[0].u, 42);
	capture_emit(&out, &s, acc, 10);
	assert_int_equal(out.v[0].u, 4);
}

static void sum_follows_the_sign(void **state)
{
	static const int64_t cpus[][2] = { { -3 }, { 1 } };
	struct schema s = schema_of("sum", 1, true), u = schema_of("sum", 1, false);
	int64_t acc[2], one = 1;

	(void)state;
	merge_all(&s, cpus, 2, acc);
	capture_emit(&out, &s, acc, 1);
	assert_int_equal(out.v[0].kind, BCCT_EV_INT);
	assert_int_equal(out.v[0].i, -2);
	assert_true(order(&s, acc, &one) < 0);
	capture_emit(&out, &u, acc, 1);
	assert_int_equal(out.v[0].kind, BCCT_EV_UINT);
	assert_int_equal(out.v[0].u, UINT64_MAX - 1);
	assert_true(order(&u, acc, &one) > 0);
	assert_int_equal(order(&u, &one, &one), 0);
}

static void min_and_max_skip_idle_cpus(void **state)
{
	static const int64_t cpus[][2] = { { 0, 0 }, { 7, 1 }, { -5, 1 }, { 0, 0 } };
	struct schema s = schema_of("min", 2, true);
	int64_t acc[2];

	(void)state;
	merge_all(&s, cpus, 4, acc);
	assert_int_equal(acc[0], -5);
	assert_int_equal(acc[1], 1);
	s.name = "max";
	merge_all(&s, cpus, 4, acc);
	assert_int_equal(acc[0], 7);
	merge_all(&s, cpus, 1, acc);
	assert_int_equal(acc[1], 0);
	s.is_signed = false;
	merge_all(&s, cpus, 4, acc);
	assert_int_equal(acc[0], -5); /* the largest as unsigned */
	capture_emit(&out, &s, acc, 1);
	assert_int_equal(out.v[0].kind, BCCT_EV_UINT);
	assert_int_equal(out.v[0].u, (uint64_t)-5);
}

/* A zero that was seen counts, a zero of an idle CPU does not. */
static void min_and_max_see_zero(void **state)
{
	static const int64_t zero[][2] = { { 5, 1 }, { 0, 1 } };
	static const int64_t negative[][2] = { { -4, 1 }, { 0, 0 } };
	struct schema s = schema_of("min", 2, true);
	int64_t acc[2];

	(void)state;
	merge_all(&s, zero, 2, acc);
	assert_int_equal(acc[0], 0);
	s.name = "max";
	merge_all(&s, negative, 2, acc);
	assert_int_equal(acc[0], -4);
}

static void avg_divides_towards_zero(void **state)
{
	static const int64_t cpus[][2] = { { 1, -3 }, { 1, -4 }, { 0, 0 } };
	static const int64_t none[2], big[2] = { 2, INT64_MIN };
	struct schema s = schema_of("avg", 2, true);
	int64_t acc[2];

	(void)state;
	merge_all(&s, cpus, 3, acc);
	capture_emit(&out, &s, acc, 1);
	assert_int_equal(out.v[0].i, -3);
	capture_emit(&out, &s, acc, 2);
	assert_int_equal(out.v[0].i, -1);
	capture_emit(&out, &s, none, 1);
	assert_int_equal(out.v[0].i, 0);
	s.is_signed = false;
	capture_emit(&out, &s, big, 1);
	assert_true(out.v[0].u == 1ull << 62);
	assert_true(order(&s, none, big) < 0);
}

static void stats_emits_all_three(void **state)
{
	static const int64_t cpus[][2] = { { 2, 10 }, { 1, -31 } };
	struct schema s = schema_of("stats", 2, true);
	int64_t acc[2], other[2] = { 10, -60 };

	(void)state;
	merge_all(&s, cpus, 2, acc);
	capture_emit(&out, &s, acc, 1);
	assert_int_equal(out.v[0].kind, BCCT_EV_STATS);
	assert_int_equal(out.v[0].u, 3);
	assert_int_equal(out.v[0].i, -7);
	assert_int_equal(out.v[0].i2, -21);
	assert_true(order(&s, acc, other) < 0); /* by average, not by total */
	capture_emit(&out, &s, acc, 7);
	assert_int_equal(out.v[0].u, 3);
	assert_int_equal(out.v[0].i, -1);
	assert_int_equal(out.v[0].i2, -21);
}

/* Objects come from anywhere: a value of the wrong size is not read past its end. */
static void short_values_are_safe(void **state)
{
	static const char *const names[] = { "count", "sum", "avg", "min", "max", "stats", "hist",
					     "lhist" };
	int64_t acc[1] = { 0 }, value[1] = { 1 };

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (uint32_t size = 0; size <= 8; size += 4) {
			struct schema s = { .kind = SC_AGG, .name = names[i], .size = size };
			const struct aggregation_rt *agg = aggregation_rt_find(names[i]);

			agg->merge(acc, value, &s);
			agg->compare(acc, value, &s);
			capture_emit(&out, &s, acc, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(count_adds_up),
		cmocka_unit_test(sum_follows_the_sign),
		cmocka_unit_test(min_and_max_skip_idle_cpus),
		cmocka_unit_test(min_and_max_see_zero),
		cmocka_unit_test(avg_divides_towards_zero),
		cmocka_unit_test(stats_emits_all_three),
		cmocka_unit_test(short_values_are_safe),
	};

	return cmocka_run_group_tests(tests, open_capture, close_capture);
}
