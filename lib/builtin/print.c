/*
 * print(@m[, top[, div]]), print(@m[key]), print(value). Used by the check, the
 * code generator and the event loop.
 *
 * params: { map or -1, top, div, form }. The payload of a histogram's or the like is
 * { key }: user space must add up the CPUs. Other entries are values.
 */
enum print_form { PRINT_MAP, PRINT_TAKE, PRINT_TAKE_ZERO, PRINT_KEY, PRINT_VALUE };

#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static bool print_whole(const struct node *n)
{
	return n->kind == N_MAP && !n->map.keyed;
}

static void print_number(struct check *k, struct node *arg, const char *what)
{
	int64_t n;

	if (arg && check_const(k, arg, &n) && (n < 0 || n > UINT32_MAX))
		check_error(k, arg, RANGE, "%s of print() must be 0 to %u", what, UINT32_MAX);
}

static void print_check(struct check *k, struct node *call)
{
	struct node *what = check_arg(call, 0), *top = check_arg(call, 1);

	if (top && !print_whole(what)) {
		check_error(k, top, ARG_COUNT, "only print() of a whole map takes more arguments");
		return;
	}
	if (what->kind == N_MAP && what->map.keyed && what->type->kind == TY_AGG &&
	    what->type->agg->readable)
		check_map_read(k, what);
	print_number(k, top, "the number of rows");
	print_number(k, check_arg(call, 2), "the divisor");
}

static int64_t print_constant(const struct node *n)
{
	return n && n->kind == N_NUM ? (int64_t)n->num.value : 0;
}

/* The action tells the runtime which map; the event has no payload. */
static void print_map(struct lower *l, const struct node *call)
{
	const struct node *what = call->call.args, *top = what->next;
	int64_t params[4] = { what->map.map->index, print_constant(top),
			      print_constant(top ? top->next : NULL), PRINT_MAP };

	if (call->call.data == CALL_TAKE)
		params[3] = PRINT_TAKE;
	else if (call->call.data == CALL_TAKE_ZERO)
		params[3] = PRINT_TAKE_ZERO;
	lower_event_args(l, "print", call, NULL, NULL, params);
}

/* An entry that is no single value: the event tells its key, the row is user space's. */
static void print_key(struct lower *l, const struct node *call)
{
	const struct node *what = call->call.args;
	const struct map *m = what->map.map;
	const struct type *row = type_tuple(l->c->types, &m->key, 1);
	int64_t params[4] = { m->index, 0, 0, PRINT_KEY };
	unsigned action = lower_action(l, "print", call->loc, NULL, params,
				       type_schema(l->c->types, l->m->arena, row));
	ir_val key = lower_map_key(l, what), p;
	struct lower_event e;

	p = lower_event_begin(l, action, call->loc, row->size, &e);
	ir_copy(l->ir, p, key, m->key->size);
	lower_event_end(l, &e);
}

static ir_val print_lower(struct lower *l, const struct node *call)
{
	static const int64_t value[4] = { -1, 0, 0, PRINT_VALUE };
	const struct node *what = call->call.args;

	if (print_whole(what))
		print_map(l, call);
	else if (what->kind == N_MAP && what->type->kind == TY_AGG)
		print_key(l, call);
	else
		lower_event_args(l, "print", call, what, NULL, value);
	return NULL;
}

const struct builtin bcct_builtin_print = {
	.name = "print",
	.prototype = "print(any what[, intlit top[, intlit div]]) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_PRINT,
	.needs = NEEDS(RINGBUF),
	.check = print_check,
	.lower = print_lower,
	.doc = "Prints a map, one entry of it, or any other value. Of a map, top keeps only the "
	       "largest rows, and div divides the values.",
	.example = "BEGIN { @[1] = 10; @[2] = 30; @[3] = 20; print(@, 2, 10); print((1, \"x\")); "
		   "clear(@); exit() }",
	.expect = "@[3]: 2\n@[2]: 3\n(1, x)\n",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/args_rt.h"

static void print_mark(struct rt *rt, enum bcct_event_kind kind, const char *name, uint32_t flags)
{
	struct bcct_event e = { .size = sizeof(e), .kind = kind, .flags = flags, .name = name };

	rt_emit(rt, &e);
}

static void print_key(struct rt *rt, const struct action_info *a, const uint8_t *data)
{
	const uint8_t *at;
	const struct schema *key = args_field(a, 0, data, &at);
	int map = args_map(rt, a);

	if (map >= 0 && key)
		rt_map_print_key(rt, (unsigned)map, at, key->size);
}

static void print_value(struct rt *rt, const struct action_info *a, const uint8_t *data)
{
	const uint8_t *at;
	const struct schema *s = args_field(a, 0, data, &at);

	if (!s)
		return;
	print_mark(rt, BCCT_EV_VALUE_BEGIN, NULL, 0);
	rt_emit_value(rt, s, at);
	print_mark(rt, BCCT_EV_VALUE_END, NULL, 0);
}

static void print_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			uint32_t len)
{
	int map = args_map(rt, a);

	(void)len;
	if (a->params[3] == PRINT_VALUE)
		print_value(rt, a, data);
	else if (a->params[3] == PRINT_KEY)
		print_key(rt, a, data);
	else if (map >= 0)
		rt_map_print(rt, (unsigned)map, (uint64_t)a->params[1],
			     a->params[2] ? (uint64_t)a->params[2] : 1,
			     a->params[3] == PRINT_MAP	 ? TAKE_NOTHING
			     : a->params[3] == PRINT_TAKE ? TAKE_ROWS
							  : TAKE_VALUES);
}

const struct builtin_rt bcct_builtin_rt_print = {
	.name = "print",
	.event = print_event,
};
#endif
