/*
 * event: what the functions of BPF C send through a map of events, by perf_submit() or a ring
 * buffer, handled by a clause. The program runs in the tracer for each record; what args
 * points to is the record in the tracer's memory.
 */
#ifdef BCCT_COMPILER
#include <errno.h>
#include <string.h>

#include "lib/probe_compile.h"
#include "parser/c/c.h"

extern const struct provider bcct_provider_event;

static bool sends(const struct c_map *m)
{
	return m->kind == C_RINGBUF || (m->kind == C_PERF_EVENT_ARRAY && m->perf_output);
}

static int event_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec);
	const struct c_map *m;

	if (!rest)
		return -EINVAL;
	m = check_c_map(k, arena_printf(k->arena, "@%s", rest));
	if (!m || !sends(m)) {
		check_error(k, spec, UNKNOWN_MAP, "no map of events is called '%s'", rest);
		check_hint(k, "BPF_PERF_OUTPUT(%s) or BPF_RINGBUF_OUTPUT in C declares one",
			   *rest ? rest : "NAME");
		return -EINVAL;
	}
	probe_set_attach(k, spec, &bcct_provider_event, rest, rest);
	/* records of another size, of which a map may have several, are not for the clause */
	spec->spec.attach.offset = m->event ? m->event->size : 0;
	return 0;
}

static const struct type *args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const struct c_map *m = NULL;

	if (s)
		m = check_c_map(k, arena_printf(k->arena, "@%s", s->spec.attach.target));
	(void)field;
	*arg = 0;
	if (m && m->event)
		return type_ptr(k->types, m->event, SP_USER);
	check_error(k, use, NOT_AVAILABLE, "nothing says of what type the records are");
	check_hint(k, "no function gives perf_submit() a pointer to a struct for this map");
	return NULL;
}

static ir_val args_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	(void)use;
	(void)arg;
	return ir_load_ctx(l->ir, 0, 8, false);
}

static const struct provider_var event_vars[] = {
	{ "args", args_check, args_lower, "args.NAME: a member of the record" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_event = {
	.name = "event",
	.syntax = "event:MAP",
	.needs = NEEDS(TEST_RUN),
	.section = "raw_tp",
	.parse = event_parse,
	.single = true,
	.in_tracer = true,
	.user_memory = true,
	.args_pointer = true,
	.vars = event_vars,
	.doc = "Runs for every record that BPF C sends through the map, which is then not printed.",
	.example = "struct e { u32 n; }; BPF_PERF_OUTPUT(events); "
		   "int kprobe__sys_clone(void *ctx) { struct e e = {1}; "
		   "events.perf_submit(ctx, &e, sizeof(e)); return 0; } "
		   "event:events < printf(\"%d\\n\", args.n) >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int event_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			unsigned n, unsigned *failed)
{
	(void)failed;
	for (unsigned i = 0; i < n; i++)
		rt_add_handler(rt, p, points[i].at->target, (uint32_t)points[i].at->offset);
	return 0;
}

const struct provider_rt bcct_provider_rt_event = {
	.name = "event",
	.attach = event_attach,
};
#endif
