/*
 * assert(condition[, message]): ends the program when something does not hold. Used by the
 * check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static const char *assert_text(struct lower *l, const struct node *call)
{
	const struct node *message = call->call.args->next;
	struct buf text = { 0 };
	const char *p, *kept;

	/* it becomes a format */
	for (p = message ? message->str.text : "assertion failed"; *p; p++) {
		if (*p == '%')
			buf_u8(&text, '%');
		buf_u8(&text, (uint8_t)*p);
	}
	kept = arena_strndup(l->arena, (const char *)text.data, text.len);
	buf_free(&text);
	return kept;
}

/* if (!condition) { errorf(message); exit(1); } */
static ir_val assert_lower(struct lower *l, const struct node *call)
{
	static const int64_t status[4] = { 1 };
	struct ir *ir = l->ir;
	ir_block holds = ir_block_new(ir, ""), fails = ir_block_new(ir, "");

	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, ir_bool(ir, lower_cond(l, call->call.args)),
				     ir_const(ir, 0)), fails, holds);
	ir_at(ir, fails);
	lower_event_args(l, "errorf", call, NULL, assert_text(l, call), NULL);
	lower_config_set(l, CONFIG_EXIT, ir_const(ir, CONFIG_EXIT_SET | 1));
	lower_event_args(l, "exit", call, NULL, NULL, status);
	lower_bail(l);
	ir_br(ir, holds);
	ir_at(ir, holds);
	return NULL;
}

const struct builtin bcct_builtin_assert = {
	.name = "assert",
	.prototype = "assert(int condition[, strlit message]) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.lower = assert_lower,
	.doc = "Reports an error and ends the program with status 1 when the condition is "
	       "false.",
	.example = "BEGIN { assert(1 == 1, \"numbers\"); printf(\"fine\\n\"); exit() }",
	.expect = "fine\n",
};
#endif
