/*
 * Results of tests and benchmarks as text, as bpftrace writes them: a line before and one
 * behind each test, with the output of those that failed, and a summary; a table of times.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/trial_text.h"

#define GREEN "\033[32m"
#define RED "\033[31m"
#define PLAIN "\033[0m"
#define NAME_WIDTH 40
#define TIME_WIDTH 15

static const char *tests(uint64_t n)
{
	return n == 1 ? "test" : "tests";
}

static void put_duration(struct buf *out, uint64_t ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	unsigned i = 0;

	for (; i < 3 && ns >= 1000; i++)
		ns /= 1000;
	buf_printf(out, " (%" PRIu64 " %s)\n", ns, units[i]);
}

/* What a test printed, without empty lines. */
static void put_output(struct buf *out, const char *text, size_t len)
{
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;

		if (n) {
			buf_put(out, text, n);
			buf_u8(out, '\n');
		}
		n += end != NULL;
		text += n;
		len -= n;
	}
}

static void put_summary(const struct trial_text *t, struct buf *out)
{
	unsigned failed = t->n - t->passed;

	buf_printf(out, GREEN "[==========]" PLAIN " %u %s ran.\n", t->n, tests(t->n));
	buf_printf(out, GREEN "[  PASSED  ]" PLAIN " %u %s.\n", t->passed, tests(t->passed));
	if (failed)
		buf_printf(out, RED "[  FAILED  ]" PLAIN " %u %s, listed below:\n", failed,
			   tests(failed));
	buf_put(out, t->failed.data, t->failed.len);
}

void trial_text_test(struct trial_text *t, struct buf *out, const struct bcct_event *e)
{
	bool passed = e->flags & BCCT_PASSED;

	if (!t->n++)
		buf_printf(out, GREEN "[==========]" PLAIN " Running %" PRId64 " tests.\n", e->i2);
	buf_printf(out, GREEN "[ RUN      ]" PLAIN " %s\n", e->name);
	t->passed += passed;
	if (passed) {
		buf_printf(out, GREEN "[       OK ]" PLAIN " %s", e->name);
	} else {
		put_output(out, e->str, e->len);
		buf_printf(out, RED "[  FAILED  ]" PLAIN " %s", e->name);
		buf_printf(&t->failed, RED "[  FAILED  ]" PLAIN " %s\n", e->name);
	}
	put_duration(out, e->u);
	if (t->n == (uint64_t)e->i2)
		put_summary(t, out);
}

void trial_text_bench(struct trial_text *t, struct buf *out, const struct bcct_event *e)
{
	static const char line[] =
		"------------------------------------------------------------------";

	if (!t->n++)
		buf_printf(out, "%-*s%-*s%s\n%s\n", NAME_WIDTH + 1, "Benchmark", TIME_WIDTH,
			   "Time(ns)", "Iterations", line);
	buf_printf(out, "%-*s%-*" PRIu64 "%" PRId64 "\n", NAME_WIDTH + 1, e->name, TIME_WIDTH,
		   e->u, e->i);
}
