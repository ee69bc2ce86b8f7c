/*
 * exit([status]): ends the program. Used by the check, the code generator and
 * the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

/*
 * The event first, then the probe returns; what follows is not reached. The status
 * is left in the configuration too: the event may find no room.
 */
static ir_val exit_lower(struct lower *l, const struct node *call)
{
	const struct node *status = call->call.args;
	ir_val word = status ? ir_ext(l->ir, lower_expr(l, status), 4, false) : ir_const(l->ir, 0);

	word = ir_bin(l->ir, IR_OR, word, ir_const(l->ir, CONFIG_EXIT_SET));
	lower_config_set(l, CONFIG_EXIT, word);
	lower_event_args(l, "exit", call, status, NULL, NULL);
	lower_leave(l);
	return NULL;
}

const struct builtin bcct_builtin_exit = {
	.name = "exit",
	.prototype = "exit([int status]) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_LEAVE,
	.needs = NEEDS(RINGBUF),
	.lower = exit_lower,
	.doc = "Ends tracing with a status, 0 without one. The probe returns at once; END probes "
	       "still run and maps are printed.",
	.example = "BEGIN { exit(); printf(\"never\\n\") } END { printf(\"done\\n\") }",
	.expect = "done\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/args_rt.h"

static void exit_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
		       uint32_t len)
{
	(void)len;
	rt_exit(rt, (int)args_int(a, 0, data, a->params[0]));
}

const struct builtin_rt bcct_builtin_rt_exit = {
	.name = "exit",
	.event = exit_event,
};
#endif
