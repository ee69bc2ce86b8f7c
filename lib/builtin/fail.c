/* fail(message): an error when the program is compiled. Used by the check. */
#ifdef BCCT_COMPILER
#include <inttypes.h>

#include "base/format.h"
#include "codegen/lower.h"
#include "parser/check/check.h"

/* The arguments are constants: the program never runs. */
static void fail_value(struct check *k, const struct format_piece *p, struct node *arg,
		       struct buf *out)
{
	int64_t v = 0;

	if (arg->kind == N_STR)
		buf_printf(out, "%s", arg->str.text);
	else if (!check_const(k, arg, &v))
		check_error(k, arg, NOT_CONSTANT, "the values of fail() must be constants");
	else if (p->conv == 'x' || p->conv == 'X' || p->conv == 'p')
		buf_printf(out, "%s%" PRIx64, p->conv == 'p' ? "0x" : "", (uint64_t)v);
	else if (p->conv == 'c')
		buf_u8(out, (uint8_t)v);
	else
		buf_printf(out, "%" PRId64, v);
}

static void fail_check(struct check *k, struct node *call)
{
	const struct node *format = check_arg(call, 0);
	struct node *arg = check_arg(call, 1);
	struct format_piece p;
	struct buf text = { 0 };
	size_t pos = 0;

	check_format(k, call, format, arg);
	if (!k->final || k->dead)
		return;
	while (format_next(format->str.text, format->str.len, &pos, &p) > 0) {
		buf_put(&text, p.text, p.len);
		if (!p.directive || !arg)
			continue;
		fail_value(k, &p, arg, &text);
		arg = arg->next;
	}
	check_error(k, call, FAIL, "%.*s", (int)text.len, text.len ? (char *)text.data : "");
	buf_free(&text);
}

static ir_val fail_lower(struct lower *l, const struct node *call)
{
	(void)l, (void)call;
	return NULL;
}

const struct builtin bcct_builtin_fail = {
	.name = "fail",
	.prototype = "fail(strlit message, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.check = fail_check,
	.lower = fail_lower,
	.doc = "An error of its own when the program is compiled, for macros that refuse "
	       "an argument.",
	.example = "macro small($x) { if comptime (sizeof($x) > 8) { fail(\"too large\") } $x "
	           "} BEGIN { $a = 1; printf(\"%d\\n\", small($a)); exit() }",
	.expect = "1\n",
};
#endif
