/*
 * signal_thread(signal): sends a signal to the running thread. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/signal_compile.h"

static void signal_thread_check(struct check *k, struct node *call)
{
	signal_operand_check(k, check_arg(call, 0));
}

static ir_val signal_thread_lower(struct lower *l, const struct node *call)
{
	IR_CALL(l->ir, BPF_FUNC_send_signal_thread, lower_expr(l, call->call.args));
	return NULL;
}

const struct builtin bcct_builtin_signal_thread = {
	.name = "signal_thread",
	.prototype = "signal_thread(any signal) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_UNSAFE,
	.check = signal_thread_check,
	.lower = signal_thread_lower,
	.doc = "Sends a signal, by name or number, to the thread that runs when the probe "
	       "fires.",
	.example = "BEGIN { if (pid == 0) { signal_thread(\"KILL\") } printf(\"done\\n\"); "
	           "exit() }",
	.expect = "done\n",
};
#endif
