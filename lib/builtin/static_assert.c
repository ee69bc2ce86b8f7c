/*
 * static_assert(condition[, message]): the same when the program is compiled. Used by the
 * check.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void static_assert_check(struct check *k, struct node *call)
{
	struct node *condition = check_arg(call, 0), *message = check_arg(call, 1);
	int64_t value;

	if (!k->final || k->dead)
		return;
	if (!check_const(k, condition, &value))
		check_error(k, condition, NOT_CONSTANT, "the condition must be known when the "
			    "program is compiled");
	else if (!value)
		check_error(k, call, FAIL, "%s", message ? message->str.text : "assertion failed");
}

static ir_val static_assert_lower(struct lower *l, const struct node *call)
{
	(void)l, (void)call;
	return NULL;
}

const struct builtin bcct_builtin_static_assert = {
	.name = "static_assert",
	.prototype = "static_assert(int condition[, strlit message]) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.check = static_assert_check,
	.lower = static_assert_lower,
	.doc = "An error when the program is compiled and the condition, a constant, is "
	       "false.",
	.example = "BEGIN { static_assert(sizeof(uint64) == 8, \"size\"); printf(\"fine\\n\"); "
	           "exit() }",
	.expect = "fine\n",
};
#endif
