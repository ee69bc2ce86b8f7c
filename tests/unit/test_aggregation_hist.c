/* Histograms: every value lies in the bucket that its index stands for. */
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

#define HIST_WORDS(k) ((65u << (k)) + 1)

/* What the BPF code computes, in plain C: see lib/aggregation/hist.c. */
static unsigned hist_index(int64_t v, unsigned k)
{
	unsigned log = 0;

	if (v < 0)
		return 0;
	for (uint64_t x = (uint64_t)v | 1ull << k; x > 1; x >>= 1)
		log++;
	return ((log - k) << k) + (unsigned)((uint64_t)v >> (log - k)) + 1;
}

static struct schema hist_schema(unsigned k)
{
	return (struct schema){
		.kind = SC_AGG, .name = "hist", .size = HIST_WORDS(k) * 8, .params = { k }
	};
}

/* Puts one count into bucket i; the one bucket event that comes out. */
static const struct bcct_event *one_bucket(const struct schema *s, unsigned i)
{
	static uint64_t value[HIST_WORDS(5)];

	assert_true((i + 1) * 8 <= s->size);
	value[i] = 1;
	capture_emit(&out, s, value, 1);
	value[i] = 0;
	assert_int_equal(out.n, 3);
	assert_int_equal(out.v[0].kind, BCCT_EV_HIST_BEGIN);
	assert_int_equal(out.v[1].kind, BCCT_EV_BUCKET);
	assert_int_equal(out.v[1].u, 1);
	assert_int_equal(out.v[2].kind, BCCT_EV_HIST_END);
	return &out.v[1];
}

static void holds(int64_t v, unsigned k)
{
	struct schema s = hist_schema(k);
	const struct bcct_event *e = one_bucket(&s, hist_index(v, k));

	if (v < 0) {
		assert_int_equal(e->flags, BCCT_OPEN_LOW);
		assert_int_equal(e->i2, -1);
		return;
	}
	assert_int_equal(e->flags, 0);
	assert_true(e->i <= v && v <= e->i2);
}

static void hist_buckets_hold_their_values(void **state)
{
	(void)state;
	for (unsigned k = 0; k <= 5; k++) {
		for (unsigned b = 0; b < 63; b++) {
			holds((int64_t)(1ull << b), k);
			holds((int64_t)(1ull << b) - 1, k);
			holds((int64_t)(1ull << b) + 1, k);
		}
		for (int64_t v = 0; v < 5000; v++)
			holds(v, k);
		holds(INT64_MAX, k);
		holds(-1, k);
		holds(INT64_MIN, k);
	}
}

/* Buckets follow each other without gaps from 0 to the largest number. */
static void hist_buckets_are_contiguous(void **state)
{
	(void)state;
	for (unsigned k = 0; k <= 5; k++) {
		struct schema s = hist_schema(k);
		unsigned last = hist_index(INT64_MAX, k);
		uint64_t next = 0;

		assert_true(last < HIST_WORDS(k));
		for (unsigned i = 1; i <= last; i++) {
			const struct bcct_event *e = one_bucket(&s, i);

			assert_true((uint64_t)e->i == next);
			assert_true(e->i2 >= e->i);
			next = (uint64_t)e->i2 + 1;
		}
		assert_true(next == 1ull << 63);
	}
}

static void hist_widths(void **state)
{
	struct schema s = hist_schema(3);
	const struct bcct_event *e = one_bucket(&s, hist_index(17, 3));

	(void)state;
	assert_int_equal(e->i, 16);
	assert_int_equal(e->i2, 17);
	e = one_bucket(&s, hist_index(15, 3));
	assert_int_equal(e->i, 15);
	assert_int_equal(e->i2, 15);
	s = hist_schema(0);
	e = one_bucket(&s, hist_index(3, 0));
	assert_int_equal(e->i, 2);
	assert_int_equal(e->i2, 3);
}

/* Only the buckets from the first to the last used one, empty ones between them too. */
static void hist_range_is_trimmed(void **state)
{
	struct schema s = hist_schema(0);
	uint64_t value[HIST_WORDS(0)] = { 0 };

	(void)state;
	capture_emit(&out, &s, value, 1);
	assert_int_equal(out.n, 2);
	value[hist_index(2, 0)] = 6;
	value[hist_index(16, 0)] = 3;
	capture_emit(&out, &s, value, 3);
	assert_int_equal(out.n, 2 + 4);
	assert_int_equal(out.v[1].i, 2);
	assert_int_equal(out.v[1].u, 2);
	assert_int_equal(out.v[2].i, 4);
	assert_int_equal(out.v[2].u, 0);
	assert_int_equal(out.v[4].i, 16);
	assert_int_equal(out.v[4].i2, 31);
	assert_int_equal(out.v[4].u, 1);
}

static void hist_merges_and_sorts_by_total(void **state)
{
	struct schema s = hist_schema(0);
	const struct aggregation_rt *agg = aggregation_rt_find("hist");
	uint64_t acc[HIST_WORDS(0)] = { 0 }, a[HIST_WORDS(0)] = { 0 }, b[HIST_WORDS(0)] = { 0 };

	(void)state;
	a[3] = 2;
	b[3] = 1;
	b[9] = 1;
	agg->merge(acc, a, &s);
	agg->merge(acc, b, &s);
	assert_int_equal(acc[3], 3);
	assert_int_equal(acc[9], 1);
	assert_int_equal(agg->compare(a, b, &s), 0);
	b[0] = 5;
	assert_true(agg->compare(a, b, &s) < 0);
	assert_true(agg->compare(b, a, &s) > 0);
}

static struct schema lhist_schema(int64_t min, int64_t max, int64_t step)
{
	return (struct schema){ .kind = SC_AGG,
				.name = "lhist",
				.size = (uint32_t)(((max - min) / step + 2) * 8),
				.params = { min, max, step } };
}

static void lhist_bounds(void **state)
{
	struct schema s = lhist_schema(-10, 10, 5);
	const struct bcct_event *e = one_bucket(&s, 0);

	(void)state;
	assert_int_equal(out.v[0].flags, BCCT_HIST_LINEAR);
	assert_int_equal(out.v[0].u, 5);
	assert_int_equal(e->flags, BCCT_OPEN_LOW);
	assert_int_equal(e->i2, -11);
	e = one_bucket(&s, 1);
	assert_int_equal(e->flags, 0);
	assert_int_equal(e->i, -10);
	assert_int_equal(e->i2, -6);
	e = one_bucket(&s, 4);
	assert_int_equal(e->i, 5);
	assert_int_equal(e->i2, 9);
	e = one_bucket(&s, 5);
	assert_int_equal(e->flags, BCCT_OPEN_HIGH);
	assert_int_equal(e->i, 10);
}

/* A range that is no multiple of the step: what is left over belongs to the last bucket. */
static void lhist_uneven_range(void **state)
{
	struct schema s = lhist_schema(0, 12, 5);
	const struct bcct_event *e = one_bucket(&s, 2);

	(void)state;
	assert_int_equal(e->i, 5);
	assert_int_equal(e->i2, 9);
	e = one_bucket(&s, 3);
	assert_int_equal(e->flags, BCCT_OPEN_HIGH);
	assert_int_equal(e->i, 10);
}

/* As in other tracers, print()'s divisor leaves linear histograms alone. */
static void lhist_ignores_the_divisor(void **state)
{
	struct schema s = lhist_schema(0, 4, 1);
	uint64_t value[6] = { 0, 4, 0, 2, 0, 0 };

	(void)state;
	capture_emit(&out, &s, value, 2);
	assert_int_equal(out.n, 2 + 3);
	assert_int_equal(out.v[1].i, 0);
	assert_int_equal(out.v[1].u, 4);
	assert_int_equal(out.v[3].i, 2);
	assert_int_equal(out.v[3].u, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hist_buckets_hold_their_values),
		cmocka_unit_test(hist_buckets_are_contiguous),
		cmocka_unit_test(hist_widths),
		cmocka_unit_test(hist_range_is_trimmed),
		cmocka_unit_test(hist_merges_and_sorts_by_total),
		cmocka_unit_test(lhist_bounds),
		cmocka_unit_test(lhist_uneven_range),
		cmocka_unit_test(lhist_ignores_the_divisor),
	};

	return cmocka_run_group_tests(tests, open_capture, close_capture);
}
