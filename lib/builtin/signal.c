/*
 * signal(signal): sends a signal to the running process. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/signal_compile.h"

static void signal_check(struct check *k, struct node *call)
{
	signal_operand_check(k, check_arg(call, 0));
}

static ir_val signal_lower(struct lower *l, const struct node *call)
{
	IR_CALL(l->ir, BPF_FUNC_send_signal, lower_expr(l, call->call.args));
	return NULL;
}

const struct builtin bcct_builtin_signal = {
	.name = "signal",
	.prototype = "signal(any signal) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_UNSAFE,
	.check = signal_check,
	.lower = signal_lower,
	.doc = "Sends a signal, by name or number, to the process that runs when the probe "
	       "fires.",
	.example = "BEGIN { if (pid == 0) { signal(\"KILL\") } printf(\"done\\n\"); exit() }",
	.expect = "done\n",
};
#endif
