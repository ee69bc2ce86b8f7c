/*
 * self: what happens to the tracer itself: signals that it is sent. The event
 * loop takes them from a descriptor and runs the program.
 */
#ifdef BCCT_COMPILER
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "lib/probe_compile.h"

extern const struct provider bcct_provider_self;

static int signal_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = {
		{ "SIGUSR1", SIGUSR1 }, { "SIGUSR2", SIGUSR2 }, { "SIGHUP", SIGHUP },
		{ "SIGALRM", SIGALRM }, { "SIGWINCH", SIGWINCH }, { "SIGCONT", SIGCONT },
	};
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (strcmp(signals[i].name, name) == 0 || strcmp(signals[i].name + 3, name) == 0)
			return signals[i].number;
	return 0;
}

static int self_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);
	int number;

	if (!rest)
		return -EINVAL;
	if (strncmp(rest, "signal:", 7) != 0)
		return probe_bad(k, spec, "write self:signal:SIGUSR1",
				 "the tracer's own probes are signals");
	number = signal_number(rest + 7);
	if (!number)
		return probe_bad(k, spec,
				 "SIGUSR1, SIGUSR2, SIGHUP, SIGALRM, SIGWINCH or SIGCONT",
				 "'%s' is no signal that can be waited for", rest + 7);
	probe_set_attach(k, spec, &bcct_provider_self, rest + 7, rest);
	spec->spec.attach.offset = (uint64_t)number;
	return 0;
}

const struct provider bcct_provider_self = {
	.name = "self",
	.syntax = "self:signal:NAME",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = self_parse,
	.doc = "Runs when the tracer itself receives a signal, to print what there is so far.",
	.example = "self:signal:SIGUSR1 < print(@) > BEGIN < @ = 1; exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int self_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		int err = rt_add_signal(rt, p, (int)points[i].at->offset);

		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

static int self_list(struct rt *rt, const char *pattern, bool args,
		     void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "self:signal:SIGUSR1", "self:signal:SIGUSR2", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_self = {
	.name = "self",
	.attach = self_attach,
	.list = self_list,
};
#endif
