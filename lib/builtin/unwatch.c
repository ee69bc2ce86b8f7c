/*
 * unwatch(address): ends watchpoints. Done by the runtime, after the events before it.
 * Used by the check, the code generator and the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val unwatch_lower(struct lower *l, const struct node *call)
{
	lower_event_args(l, "unwatch", call, call->call.args, NULL, NULL);
	return NULL;
}

const struct builtin bcct_builtin_unwatch = {
	.name = "unwatch",
	.prototype = "unwatch(int address) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.lower = unwatch_lower,
	.doc = "Ends the watchpoints on an address.",
	.example = "watchpoint:0x10000000:8:rw { unwatch(0x10000000) } interval:ms:50 { exit() "
	           "}",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/args_rt.h"

static void unwatch_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			  uint32_t len)
{
	uint64_t address = (uint64_t)args_int(a, 0, data, 0);

	(void)len;
	if (!rt_detach(rt, "watchpoint", address))
		rt_problem(rt, a->loc, "there is no watchpoint on 0x%llx",
			   (unsigned long long)address);
}

const struct builtin_rt bcct_builtin_rt_unwatch = {
	.name = "unwatch",
	.event = unwatch_event,
};
#endif
