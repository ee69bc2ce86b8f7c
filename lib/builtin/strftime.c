/*
 * strftime(format, time): a time as text; written by the runtime. Used by the check and
 * the code generator.
 */
#ifdef BCCT_COMPILER
#include <string.h>

#include "codegen/lower.h"
#include "parser/check/check.h"

/* Which clock a time is of: the argument of nsecs(), when it is one. */
static enum timestamp_clock strftime_clock(const struct node *time)
{
	const char *clock;

	if (time->kind != N_CALL || strcmp(time->call.name, "nsecs") != 0 || !time->call.args)
		return TIMESTAMP_BOOT;
	clock = time->call.args->ident.name;
	if (strcmp(clock, "monotonic") == 0)
		return TIMESTAMP_MONOTONIC;
	return strcmp(clock, "boot") == 0 ? TIMESTAMP_BOOT : TIMESTAMP_TAI;
}

static void strftime_check(struct check *k, struct node *call)
{
	call->type = type_printed(k->types, TY_TIMESTAMP, check_arg(call, 0)->str.text);
}

static void strftime_lower_into(struct lower *l, const struct node *call, ir_val dst,
				uint32_t size)
{
	const struct node *time = call->call.args->next;

	(void)size;
	ir_store(l->ir, dst, lower_expr(l, time), 8);
	ir_store(l->ir, ir_offset(l->ir, dst, 8), ir_const(l->ir, strftime_clock(time)), 8);
}

const struct builtin bcct_builtin_strftime = {
	.name = "strftime",
	.prototype = "strftime(strlit format, int nsecs) -",
	.flags = BUILTIN_CALL,
	.check = strftime_check,
	.lower_into = strftime_lower_into,
	.doc = "A time of nsecs as local date and time, in a format of strftime(3); %f is "
	       "the microseconds.",
	.example = "BEGIN { printf(\"%s\\n\", strftime(\"on time\", nsecs)); exit() }",
	.expect = "on time\n",
};
#endif
