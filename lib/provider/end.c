/*
 * END: runs once after everything is detached and before maps are printed. Like
 * BEGIN a raw tracepoint program that only BPF_PROG_TEST_RUN runs.
 */
#ifdef BCCT_COMPILER
#include <errno.h>

#include "lib/probe_compile.h"

extern const struct provider bcct_provider_end;

static int end_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);

	if (!rest)
		return -EINVAL;
	if (*rest)
		return probe_bad(k, spec, "write END", "END takes nothing after its name");
	probe_set_attach(k, spec, &bcct_provider_end, "", "");
	spec->spec.attach.full = "end"; /* as `probe` prints it; scripts spell it END */
	return 0;
}

const struct provider bcct_provider_end = {
	.name = "end",
	.syntax = "END",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = end_parse,
	.doc = "Runs once when tracing is over, before the maps are printed.",
	.example = "BEGIN < exit() > END < printf(\"bye\\n\") >",
	.expect = "bye\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int end_list(struct rt *rt, const char *pattern, bool args,
		    void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "END", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_end = {
	.name = "end",
	.list = end_list,
	.end = true,
};
#endif
