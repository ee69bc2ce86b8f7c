/*
 * clear(@m): removes all keys. Done by the runtime, after the events before it. Used by
 * the check, the code generator and the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static ir_val clear_lower(struct lower *l, const struct node *call)
{
	int64_t params[4] = { call->call.args->map.map->index };

	/* the print() before it takes everything out: what came since is to stay */
	if (call->call.data != CALL_TAKEN)
		lower_event_args(l, "clear", call, NULL, NULL, params);
	return NULL;
}

const struct builtin bcct_builtin_clear = {
	.name = "clear",
	.prototype = "clear(map m) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_EMPTY,
	.needs = NEEDS(RINGBUF),
	.lower = clear_lower,
	.doc = "Removes all keys of a map; a map without keys is reset.",
	.example = "BEGIN { @[1] = 1; clear(@); exit() } END { printf(\"%d keys\\n\", len(@)) }",
	.expect = "0 keys\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/args_rt.h"

static void clear_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			uint32_t len)
{
	int map = args_map(rt, a);

	(void)data, (void)len;
	if (map >= 0)
		rt_map_clear(rt, (unsigned)map);
}

const struct builtin_rt bcct_builtin_rt_clear = {
	.name = "clear",
	.event = clear_event,
};
#endif
