/*
 * printf(format, …): formatted text. The arguments travel in an event, the
 * runtime formats. Used by the check, the code generator and the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void printf_check(struct check *k, struct node *call)
{
	struct node *format = check_arg(call, 0);

	check_format(k, call, format, format->next);
}

static ir_val printf_lower(struct lower *l, const struct node *call)
{
	const struct node *format = call->call.args;

	lower_event_args(l, "printf", call, format->next, format->str.text, NULL);
	return NULL;
}

const struct builtin bcct_builtin_printf = {
	.name = "printf",
	.prototype = "printf(strlit format, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.check = printf_check,
	.lower = printf_lower,
	.doc = "Prints formatted text. Directives are those of C for integers, %s for strings and "
	       "everything that has a name, %r for buffers; %d takes 32 bits, %ld all.",
	.example = "BEGIN { printf(\"%d is 0x%x, %s\\n\", 42, 42, \"really\"); exit() }",
	.expect = "42 is 0x2a, really\n",
};
#endif

#ifdef BCCT_RUNTIME
#include <string.h>

#include "lib/printf_rt.h"

static void printf_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			 uint32_t len)
{
	struct buf out = { 0 };

	(void)len;
	if (!a->text)
		return;
	printf_render(rt, &out, a->text, strlen(a->text), a->payload, data);
	rt_message(rt, "printf", (const char *)out.data, out.len);
	buf_free(&out);
}

const struct builtin_rt bcct_builtin_rt_printf = {
	.name = "printf",
	.event = printf_event,
};
#endif
