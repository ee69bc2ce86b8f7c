/*
 * override(result): lets the probed function return at once. Used by the check and the
 * code generator.
 */
#ifdef BCCT_COMPILER
#include <string.h>

#include "codegen/lower.h"
#include "parser/check/check.h"

static void override_check(struct check *k, struct node *call)
{
	const struct provider *p = k->clause->clause.provider;

	if (!k->final || !p || strcmp(p->section, "kprobe") == 0)
		return;
	check_error(k, call, NOT_AVAILABLE, "'override' is not available in %s probes", p->name);
	check_hint(k, "probes that have it: kprobe");
}

static ir_val override_lower(struct lower *l, const struct node *call)
{
	IR_CALL(l->ir, BPF_FUNC_override_return, ir_ctx(l->ir), lower_expr(l, call->call.args));
	return NULL;
}

const struct builtin bcct_builtin_override = {
	.name = "override",
	.prototype = "override(int result) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT | BUILTIN_UNSAFE,
	.check = override_check,
	.lower = override_lower,
	.doc = "The probed function is not executed and returns the value. Only in "
	       "kprobes, on functions that the kernel lists for error injection.",
	.example = "kprobe:sys_getpgrp { if (pid == 0) { override(-1) } } interval:ms:50 { "
	           "exit() }",
};
#endif
