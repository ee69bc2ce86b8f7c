/*
 * system(format, …): runs a command. Used by the check, the code generator and the event
 * loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void system_check(struct check *k, struct node *call)
{
	struct node *format = check_arg(call, 0);

	check_format(k, call, format, format->next);
}

static ir_val system_lower(struct lower *l, const struct node *call)
{
	const struct node *format = call->call.args;

	lower_event_args(l, "system", call, format->next, format->str.text, NULL);
	return NULL;
}

const struct builtin bcct_builtin_system = {
	.name = "system",
	.prototype = "system(strlit format, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_UNSAFE,
	.needs = NEEDS(RINGBUF),
	.check = system_check,
	.lower = system_lower,
	.doc = "Runs a command by the shell; what it writes is printed. Events go on being "
	       "collected meanwhile.",
	.example = "BEGIN { system(\"echo %s\", \"hello\"); exit() }",
	.expect = "hello\n",
};
#endif

#ifdef BCCT_RUNTIME
#include <errno.h>
#include <string.h>

#include "lib/printf_rt.h"

static void system_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			 uint32_t len)
{
	struct buf command = { 0 };
	int err;

	(void)len;
	if (!a->text)
		return;
	printf_render(rt, &command, a->text, strlen(a->text), a->payload, data);
	buf_u8(&command, 0);
	err = rt_command(rt, "syscall", (const char *)command.data);
	if (err < 0 && err != -ECANCELED) /* those are told together */
		rt_problem(rt, a->loc, "cannot run '%s': %s", (const char *)command.data,
			   strerror(-err));
	buf_free(&command);
}

const struct builtin_rt bcct_builtin_rt_system = {
	.name = "system",
	.event = system_event,
};
#endif
