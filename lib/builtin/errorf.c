/*
 * errorf(format, …): a message with the place of the call. Used by the check, the code
 * generator and the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void errorf_check(struct check *k, struct node *call)
{
	struct node *format = check_arg(call, 0);

	check_format(k, call, format, format->next);
}

static ir_val errorf_lower(struct lower *l, const struct node *call)
{
	const struct node *format = call->call.args;

	lower_event_args(l, "errorf", call, format->next, format->str.text, NULL);
	return NULL;
}

const struct builtin bcct_builtin_errorf = {
	.name = "errorf",
	.prototype = "errorf(strlit format, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.check = errorf_check,
	.lower = errorf_lower,
	.doc = "Reports an error of the script: formatted text behind its place in the "
	       "source, on standard error.",
	.example = "BEGIN { errorf(\"%d is odd\", 7); exit() }",
	.expect = "",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/report_rt.h"

static void errorf_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			 uint32_t len)
{
	(void)len;
	report_placed(rt, a, "errorf", data);
}

const struct builtin_rt bcct_builtin_rt_errorf = {
	.name = "errorf",
	.event = errorf_event,
};
#endif
