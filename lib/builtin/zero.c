/*
 * zero(@m): sets all values to zero. Done by the runtime, after the events before it. Used by
 * the check, the code generator and the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static ir_val zero_lower(struct lower *l, const struct node *call)
{
	int64_t params[4] = { call->call.args->map.map->index };

	/* the print() before it takes everything out: what came since is to stay */
	if (call->call.data != CALL_TAKEN)
		lower_event_args(l, "zero", call, NULL, NULL, params);
	return NULL;
}

const struct builtin bcct_builtin_zero = {
	.name = "zero",
	.prototype = "zero(map m) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_EMPTY,
	.needs = NEEDS(RINGBUF),
	.lower = zero_lower,
	.doc = "Sets all values of a map to zero and keeps its keys.",
	.example = "BEGIN { @[1] = 5; zero(@); print(@); clear(@); exit() }",
	.expect = "@[1]: 0\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/args_rt.h"

static void zero_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			uint32_t len)
{
	int map = args_map(rt, a);

	(void)data, (void)len;
	if (map >= 0)
		rt_map_zero(rt, (unsigned)map);
}

const struct builtin_rt bcct_builtin_rt_zero = {
	.name = "zero",
	.event = zero_event,
};
#endif
