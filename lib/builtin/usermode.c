/*
 * usermode: did the probe interrupt code of a process? Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include "lib/registers.h"
#include "codegen/lower.h"
#include "parser/check/check.h"

static void usermode_check(struct check *k, struct node *n)
{
	const struct provider *p = k->clause->clause.provider;

	n->type = type_int(k->types, 1, false);
	if (!k->final || !p || registers_in(p->section))
		return;
	check_error(k, n, NOT_AVAILABLE, "'usermode' is not available in %s probes", p->name);
	check_hint(k, "profile, software and hardware probes have it");
}

static ir_val usermode_lower(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;

	(void)n;
#if defined(__x86_64__)
	/* the two low bits of the code segment are the privilege level, 3 of user code */
	ir_val v = ir_bin(ir, IR_AND, ir_load_ctx(ir, 136, 8, false), ir_const(ir, 3));

	return ir_bool(ir, ir_icmp(ir, IR_EQ, v, ir_const(ir, 3)));
#else
	/* exception level 0 in pstate */
	ir_val v = ir_bin(ir, IR_AND, ir_load_ctx(ir, 264, 8, false), ir_const(ir, 15));

	return ir_bool(ir, ir_icmp(ir, IR_EQ, v, ir_const(ir, 0)));
#endif
}

const struct builtin bcct_builtin_usermode = {
	.name = "usermode",
	.prototype = "usermode -",
	.flags = BUILTIN_VAR,
	.check = usermode_check,
	.lower = usermode_lower,
	.doc = "1 when the probe fired in code of a process, 0 in the kernel.",
	.example = "kprobe:vfs_read { @[usermode] = count() } interval:ms:50 { clear(@); "
	           "exit() }",
};
#endif
