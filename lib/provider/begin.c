/*
 * BEGIN: runs once before anything is attached. A raw tracepoint program that
 * the runtime runs by BPF_PROG_TEST_RUN; nothing in the kernel triggers it.
 */
#ifdef BCCT_COMPILER
#include <errno.h>

#include "lib/probe_compile.h"

extern const struct provider bcct_provider_begin;

static int begin_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);

	if (!rest)
		return -EINVAL;
	if (*rest)
		return probe_bad(k, spec, "write BEGIN", "BEGIN takes nothing after its name");
	probe_set_attach(k, spec, &bcct_provider_begin, "", "");
	spec->spec.attach.full = "begin"; /* as `probe` prints it; scripts spell it BEGIN */
	return 0;
}

const struct provider bcct_provider_begin = {
	.name = "begin",
	.syntax = "BEGIN",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = begin_parse,
	.doc = "Runs once when the program starts, before any other probe is attached.",
	.example = "BEGIN < printf(\"hello\\n\"); exit() >",
	.expect = "hello\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int begin_list(struct rt *rt, const char *pattern, bool args,
		      void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "BEGIN", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_begin = {
	.name = "begin",
	.list = begin_list,
	.begin = true,
};
#endif
