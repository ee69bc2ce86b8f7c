/*
 * bench: programs that nothing in the kernel triggers. They are run by the tracer itself
 * when it is asked for that (--bench), and left out otherwise; see runtime/trials.c.
 */
#ifdef BCCT_COMPILER
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_bench;

static int bench_parse(struct check *k, struct node *spec)
{
	return probe_parse_trial(k, spec, &bcct_provider_bench);
}

const struct provider bcct_provider_bench = {
	.name = "bench",
	.syntax = "bench:NAME",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = bench_parse,
	.doc = "Runs many times with --bench, and tells how long one turn "
	       "takes.",
	.example = "bench:hash < @[cpu] = count() > BEGIN < printf(\"not run here\\n\"); exit() >",
	.expect = "not run here\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/rt.h"

const struct provider_rt bcct_provider_rt_bench = {
	.name = "bench",
	.trial = TRIAL_BENCH,
};
#endif
