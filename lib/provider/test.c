/*
 * test: programs that nothing in the kernel triggers. They are run by the tracer itself
 * when it is asked for that (--test), and left out otherwise; see runtime/trials.c.
 */
#ifdef BCCT_COMPILER
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_test;

static int test_parse(struct check *k, struct node *spec)
{
	return probe_parse_trial(k, spec, &bcct_provider_test);
}

const struct provider bcct_provider_test = {
	.name = "test",
	.syntax = "test:NAME",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = test_parse,
	.doc = "Runs once with --test, and tells whether it came through: exit() with a status "
	       "other than 0, and so a failed assert(), is a failure.",
	.example = "test:sum < assert(1 + 1 == 2, \"sum\") > "
		   "BEGIN < printf(\"not run here\\n\"); exit() >",
	.expect = "not run here\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/rt.h"

const struct provider_rt bcct_provider_rt_test = {
	.name = "test",
	.trial = TRIAL_TEST,
};
#endif
