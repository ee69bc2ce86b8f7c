/*
 * interval: runs at a fixed rate on one CPU. The tick is a timer of the event
 * loop that runs a raw tracepoint program, and not a perf event: perf's ticks
 * are skipped when they hit a CPU that is just in another BPF program.
 */
#include <stddef.h>

static const char *const interval_aliases[] = { "i", NULL };

#ifdef BCCT_COMPILER
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/probe_compile.h"

#define NS_PER_S 1000000000ULL

extern const struct provider bcct_provider_interval;

/* Nanoseconds of one unit; hz is counted per second instead. 0: no such unit. */
static uint64_t unit_ns(const char *unit, bool literal)
{
	static const struct {
		const char *name;
		uint64_t ns;
		bool literal; /* only behind a number: 2m */
	} units[] = {
		{ "s", NS_PER_S, false }, { "ms", 1000000, false },
		{ "us", 1000, false }, { "hz", NS_PER_S, false }, { "ns", 1, true },
		{ "m", 60 * NS_PER_S, true }, { "h", 3600 * NS_PER_S, true },
		{ "d", 86400 * NS_PER_S, true },
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(units[i].name, unit) == 0 && (literal || !units[i].literal))
			return units[i].ns;
	return 0;
}

/* Reads a decimal number; false when there is none or it does not fit. */
static bool number(const char *p, char **end, uint64_t *out)
{
	if (*p < '0' || *p > '9')
		return false;
	errno = 0;
	*out = strtoull(p, end, 10);
	return !errno;
}

static int bad_unit(struct check *k, struct node *spec, const char *unit)
{
	return probe_bad(k, spec, "units are s, ms, us and hz: interval:ms:100, interval:100ms",
			 "unknown unit '%s'", unit);
}

/* "s:1", "1s" or "1000" (nanoseconds) to a period. 0 or -EINVAL, reported. */
static int parse_period(struct check *k, struct node *spec, char *rest, uint64_t *period)
{
	char *colon = strchr(rest, ':'), *end;
	const char *unit = rest, *digits = rest;
	uint64_t n, ns;
	bool hz;

	if (colon) {
		*colon = 0;
		digits = colon + 1;
		if (!unit_ns(unit, false))
			return bad_unit(k, spec, unit);
	} else if (unit_ns(rest, false)) {
		return probe_bad(k, spec, arena_printf(k->arena, "write interval:%s:1", rest),
				 "the number of '%s' is missing", rest);
	}
	if (!number(digits, &end, &n))
		return probe_bad(k, spec, "write interval:s:1, interval:ms:100 or interval:hz:99",
				 "'%s' is not a number", digits);
	if (!colon)
		unit = *end ? end : "ns";
	else if (*end)
		return probe_bad(k, spec, "give the unit once: interval:s:1 or interval:1s",
				 "'%s' is not a number", digits);
	ns = unit_ns(unit, !colon);
	if (!ns)
		return bad_unit(k, spec, unit);
	hz = strcmp(unit, "hz") == 0;
	if (!n || (hz ? n > ns : n > INT64_MAX / ns))
		return probe_bad(k, spec, NULL, n ? "the period is out of range"
						  : "the period must not be zero");
	*period = hz ? ns / n : n * ns;
	return 0;
}

static int interval_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);
	uint64_t period = 0;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec, "write interval:s:1, interval:ms:100 or interval:hz:99",
				 "interval needs a period");
	probe_set_attach(k, spec, &bcct_provider_interval, "", rest);
	if (parse_period(k, spec, arena_strdup(k->arena, rest), &period))
		return -EINVAL;
	spec->spec.attach.target = arena_strdup(k->arena, rest);
	spec->spec.attach.offset = period;
	return 0;
}

const struct provider bcct_provider_interval = {
	.name = "interval",
	.aliases = interval_aliases,
	.syntax = "interval:UNIT:NUMBER",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.in_tracer = true,
	.parse = interval_parse,
	.doc = "Runs at a fixed rate: every so many s, ms or us, or hz times a second. The unit "
	       "may also follow the number (interval:100ms); a bare number is nanoseconds.",
	.example = "interval:ms:100 < printf(\"tick\\n\"); exit() >",
	.expect = "tick\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int interval_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			   unsigned n, unsigned *failed)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		int err = rt_add_timer(rt, p, points[i].at->offset);

		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

static int interval_list(struct rt *rt, const char *pattern, bool args,
			 void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "interval:hz:", "interval:ms:", "interval:s:",
					     "interval:us:", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_interval = {
	.name = "interval",
	.aliases = interval_aliases,
	.attach = interval_attach,
	.list = interval_list,
};
#endif
