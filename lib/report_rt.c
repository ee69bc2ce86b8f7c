/* Messages with their place; called by units in lib/builtin/. */
#include "lib/report_rt.h"

#include <string.h>

#include "lib/printf_rt.h"

void report_placed(struct rt *rt, const struct action_info *a, const char *unit,
		   const char *level, const uint8_t *data)
{
	struct buf out = { 0 };
	char place[300];

	if (!a->text)
		return;
	rt_place(rt, a->loc, place, sizeof(place));
	buf_printf(&out, "%s%s%s: ", place, *place ? ": " : "", level);
	printf_render(rt, &out, a->text, strlen(a->text), a->payload, data);
	if (!out.len || out.data[out.len - 1] != '\n')
		buf_u8(&out, '\n');
	rt_message(rt, unit, (const char *)out.data, out.len);
	buf_free(&out);
}
