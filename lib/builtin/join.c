/*
 * join(char **[, separator]): the texts of a list such as argv in one line. The texts are
 * packed one behind the other, NULs and all. Used by the check, the code generator and the
 * event loop.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

#define JOIN_ARGS 16
#define JOIN_TEXT 1024 /* of each */

static void join_check(struct check *k, struct node *call)
{
	const struct type *t = check_arg(call, 0)->type;

	if (k->final && t->kind == TY_PTR && t->elem->kind != TY_PTR && t->elem->size)
		check_error(k, check_arg(call, 0), TYPE,
			    "join() takes a pointer to pointers, not %s", type_print(k->arena, t));
}

/*
 * One of the texts; goes to done when the list ends.
 *
 *	if (!read(&p, 8, list + 8 * i) || !p) goto done;
 *	n = read_str(record + used, 1024, p); if (n < 0 || n > 1024) n = 0;
 *	used += n;
 */
static void join_one(struct lower *l, const struct node *call, enum space space, ir_val list,
		     unsigned i, ir_val record, ir_val used, ir_block done)
{
	struct ir *ir = l->ir;
	ir_val slot = lower_temp(l, 8, false), p, n, at, limit = ir_const(ir, JOIN_TEXT);
	ir_block more = ir_block_new(ir, "");

	at = ir_bin(ir, IR_ADD, list, ir_const(ir, 8ull * i));
	address_read(l, space, at, slot, ir_const(ir, 8), true);
	p = ir_load(ir, slot, 8, false);
	ir_cond(ir, ir_truth(ir, p), more, done);
	ir_at(ir, more);
	at = ir_opaque(ir, ir_load(ir, used, 8, false));
	n = address_read(l, space, p, ir_offset_v(ir, record, at), limit, false);
	n = ir_opaque(ir, n);
	n = ir_select(ir, ir_icmp(ir, IR_UGT, n, limit), ir_const(ir, 0), n);
	ir_store(ir, used, ir_bin(ir, IR_ADD, at, n), 8);
	lower_loc(l, call->loc);
}

static ir_val join_lower(struct lower *l, const struct node *call)
{
	const struct node *list = call->call.args, *sep = list->next;
	const uint32_t head = sizeof(struct event_header);
	unsigned action = lower_action(l, "join", call->loc, sep ? sep->str.text : " ", NULL, NULL);
	struct ir *ir = l->ir;
	ir_val record, used = ir_alloca(ir, 8, 8), address = address_lower(l, list), n;
	ir_block done = ir_block_new(ir, "");

	record = lower_temp(l, head + JOIN_ARGS * JOIN_TEXT, false);
	ir_store(ir, used, ir_const(ir, head), 8);
	for (unsigned i = 0; i < JOIN_ARGS; i++)
		join_one(l, call, address_space(list->type), address, i, record, used, done);
	ir_br(ir, done);
	ir_at(ir, done);
	n = ir_load(ir, used, 8, false);
	ir_store(ir, record, ir_const(ir, action), 4);
	ir_store(ir, ir_offset(ir, record, 4),
		 ir_bin(ir, IR_SUB, n, ir_const(ir, head)), 4);
	lower_event_output(l, record, n, call->loc);
	return NULL;
}

const struct builtin bcct_builtin_join = {
	.name = "join",
	.prototype = "join(ptr list[, strlit separator]) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.check = join_check,
	.lower = join_lower,
	.doc = "Prints the texts of a list of pointers that ends with a null pointer, such "
	       "as argv, in one line with a blank or the separator between them; up to 16 "
	       "texts.",
	.example = "BEGIN { join(0); exit() }",
	.expect = "\n",
};
#endif

#ifdef BCCT_RUNTIME
#include <string.h>

#include "base/buf.h"
#include "lib/rt.h"

static void join_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
		       uint32_t len)
{
	const char *sep = a->text ? a->text : " ";
	struct buf out = { 0 };
	uint32_t at = 0;

	while (at < len) {
		size_t n = strnlen((const char *)data + at, len - at);

		if (at)
			buf_put(&out, sep, strlen(sep));
		buf_put(&out, data + at, n);
		at += (uint32_t)n + 1;
	}
	rt_line(rt, "join", (const char *)out.data, out.len);
	buf_free(&out);
}

const struct builtin_rt bcct_builtin_rt_join = {
	.name = "join",
	.event = join_event,
};
#endif
