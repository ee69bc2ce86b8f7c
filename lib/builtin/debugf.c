/*
 * debugf(format, …): a line in the kernel's trace buffer. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include <string.h>

#include "lib/address_compile.h"
#include "parser/check/check.h"

#define DEBUGF_VALUES 3 /* of the helper */

static void debugf_check(struct check *k, struct node *call)
{
	struct node *format = check_arg(call, 0);
	const char *p;

	check_format(k, call, format, format->next);
	if (call->call.nargs > DEBUGF_VALUES + 1)
		check_error(k, call, ARG_COUNT, "debugf() takes at most %d values", DEBUGF_VALUES);
	for (p = format->str.text; (p = strchr(p, '%')) && p[1]; p += 2) {
		const char *c = p + 1 + strspn(p + 1, "l");

		if (strchr("%duxps", *c))
			continue;
		check_error(k, format, FORMAT, "debugf() knows %%d %%u %%x %%p and %%s only");
		return;
	}
}

static ir_val debugf_lower(struct lower *l, const struct node *call)
{
	const struct node *format = call->call.args, *n;
	uint32_t size = format->str.len + 1;
	struct ir *ir = l->ir;
	ir_val text = lower_temp(l, size, false);
	ir_val args[2 + DEBUGF_VALUES] = { text, ir_const(ir, size) };
	unsigned i = 2;

	ir_store_bytes(ir, text, format->str.text, format->str.len, size);
	for (n = format->next; n && i < 2 + DEBUGF_VALUES; n = n->next)
		args[i++] = type_in_memory(n->type) ? ir_ptr_to_int(ir, lower_expr(l, n))
						    : address_lower(l, n);
	ir_helper(ir, BPF_FUNC_trace_printk, i, args);
	return NULL;
}

const struct builtin bcct_builtin_debugf = {
	.name = "debugf",
	.prototype = "debugf(strlit format, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.check = debugf_check,
	.lower = debugf_lower,
	.doc = "Writes a line into the kernel's trace buffer (trace_pipe), with at most "
	       "three values.",
	.example = "BEGIN { debugf(\"seen %d\", 1); exit() }",
	.expect = "",
};
#endif
