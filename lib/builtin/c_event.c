/*
 * Events of BPF C: what perf_submit() and the methods of ring buffers send, as a record under
 * the name of their map. Used by the event loop; the code generator for C makes the actions.
 */
#ifdef BCCT_RUNTIME
#include "lib/rt.h"

static void emit_mark(struct rt *rt, enum bcct_event_kind kind, const char *name)
{
	struct bcct_event e = { .size = sizeof(e), .kind = kind, .name = name };

	rt_emit(rt, &e);
}

static void c_event(struct rt *rt, const struct action_info *a, const uint8_t *data, uint32_t len)
{
	const struct schema *s = a->payload;

	(void)len;
	if (!s || !s->nfields || rt_handle_record(rt, a->text, data + s->fields[0]->offset,
						  s->fields[0]->size))
		return;
	emit_mark(rt, BCCT_EV_VALUE_BEGIN, a->text);
	rt_emit_value(rt, s->fields[0], data + s->fields[0]->offset);
	emit_mark(rt, BCCT_EV_VALUE_END, a->text);
}

const struct builtin_rt bcct_builtin_rt_c_event = {
	.name = "c_event",
	.event = c_event,
};
#endif
