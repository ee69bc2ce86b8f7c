/*
 * time([format]): prints the local time. Used by the check, the code generator
 * and the event loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

#define TIME_DEFAULT "%H:%M:%S\n"

static ir_val time_lower(struct lower *l, const struct node *call)
{
	const struct node *format = call->call.args;

	lower_event_args(l, "time", call, NULL, format ? format->str.text : TIME_DEFAULT, NULL);
	return NULL;
}

const struct builtin bcct_builtin_time = {
	.name = "time",
	.prototype = "time([strlit format]) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.lower = time_lower,
	.doc = "Prints the local time in a format of strftime(3); without one as 23:59:59 and a "
	       "newline.",
	.example = "BEGIN < time(\"on time\\n\"); exit() >",
	.expect = "on time\n",
};
#endif

#ifdef BCCT_RUNTIME
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/rt.h"

#define TIME_MAX 65536

/*
 * strftime says 0 both for "no room" and for an empty result: one byte more is
 * formatted, and dropped. The result is malloc'ed; NULL when it does not fit.
 */
static char *time_format(const char *format, const struct tm *tm, size_t *len)
{
	size_t n = strlen(format);
	char *longer = malloc(n + 2), *text = NULL;

	if (!longer)
		return NULL;
	memcpy(longer, format, n);
	memcpy(longer + n, ".", 2);
	for (size_t room = n + 256; room <= TIME_MAX && !text; room *= 4) {
		text = malloc(room);
		*len = text ? strftime(text, room, longer, tm) : 0;
		if (!*len) {
			free(text);
			text = NULL;
		}
	}
	free(longer);
	if (text)
		--*len;
	return text;
}

static void time_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
		       uint32_t bytes)
{
	time_t now = time(NULL);
	struct tm tm;
	size_t len;
	char *text;

	(void)data, (void)bytes;
	if (!a->text || !localtime_r(&now, &tm))
		return;
	text = time_format(a->text, &tm, &len);
	if (!text) {
		rt_problem(rt, a->loc, "the time is too long for one line");
		return;
	}
	rt_message(rt, "time", text, len);
	free(text);
}

const struct builtin_rt bcct_builtin_rt_time = {
	.name = "time",
	.event = time_event,
};
#endif
