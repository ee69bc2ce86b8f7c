/* Messages with their place; called by units in lib/builtin/. */
#include "lib/report_rt.h"

#include <string.h>

#include "lib/printf_rt.h"

void report_placed(struct rt *rt, const struct action_info *a, const char *unit,
		   const uint8_t *data)
{
	struct buf out = { 0 };

	if (!a->text)
		return;
	printf_render(rt, &out, a->text, strlen(a->text), a->payload, data);
	rt_message_at(rt, a->loc, unit, (const char *)out.data, out.len);
	buf_free(&out);
}
