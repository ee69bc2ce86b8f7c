/*
 * Periods in the specs of interval and profile: "s:1", "hz:99", "100ms".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/probe_compile.h"

#define NS_PER_S 1000000000ULL

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

static int bad_unit(struct check *k, struct node *spec, const char *name, const char *unit)
{
	return probe_bad(k, spec,
			 arena_printf(k->arena, "units are s, ms, us and hz: %s:ms:100, %s:100ms",
				      name, name),
			 "unknown unit '%s'", unit);
}

static const char *period_hint(struct check *k, const char *name)
{
	return arena_printf(k->arena, "write %s:s:1, %s:ms:100 or %s:hz:99", name, name, name);
}

/* "s:1", "1s" or "1000" (nanoseconds) to a period. 0 or -EINVAL, reported. */
int probe_parse_period(struct check *k, struct node *spec, const char *name, char *rest,
		       uint64_t *period)
{
	char *colon = strchr(rest, ':'), *end;
	const char *unit = rest, *digits = rest;
	uint64_t n, ns;
	bool hz;

	if (!*rest)
		return probe_bad(k, spec, period_hint(k, name), "%s needs a period", name);
	if (colon) {
		*colon = 0;
		digits = colon + 1;
		if (!unit_ns(unit, false))
			return bad_unit(k, spec, name, unit);
	} else if (unit_ns(rest, false)) {
		return probe_bad(k, spec, arena_printf(k->arena, "write %s:%s:1", name, rest),
				 "the number of '%s' is missing", rest);
	}
	if (!number(digits, &end, &n))
		return probe_bad(k, spec, period_hint(k, name), "'%s' is not a number", digits);
	if (!colon)
		unit = *end ? end : "ns";
	else if (*end)
		return probe_bad(k, spec,
				 arena_printf(k->arena, "give the unit once: %s:s:1 or %s:1s", name,
					      name),
				 "'%s' is not a number", digits);
	ns = unit_ns(unit, !colon);
	if (!ns)
		return bad_unit(k, spec, name, unit);
	hz = strcmp(unit, "hz") == 0;
	if (!n || (hz ? n > ns : n > INT64_MAX / ns))
		return probe_bad(k, spec, NULL, n ? "the period is out of range"
						  : "the period must not be zero");
	*period = hz ? ns / n : n * ns;
	return 0;
}
