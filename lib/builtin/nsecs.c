/* nsecs, nsecs(clock): the time. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include <string.h>

#include "codegen/lower.h"
#include "parser/check/check.h"

static const struct {
	const char *name;
	int helper;
} clocks[] = {
	{ "boot", BPF_FUNC_ktime_get_boot_ns }, { "monotonic", BPF_FUNC_ktime_get_ns },
	{ "tai", BPF_FUNC_ktime_get_tai_ns }, { "sw_tai", 0 },
};

static const char *nsecs_clock(const struct node *n)
{
	return n->kind == N_CALL && n->call.args ? n->call.args->ident.name : "boot";
}

static void nsecs_check(struct check *k, struct node *n)
{
	n->type = type_int(k->types, 8, false);
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		if (!strcmp(clocks[i].name, nsecs_clock(n)))
			return;
	check_error(k, n->call.args, UNKNOWN_NAME, "'%s' is no clock", nsecs_clock(n));
	check_hint(k, "clocks are boot, monotonic, tai and sw_tai");
}

static ir_val nsecs_lower(struct lower *l, const struct node *n)
{
	int helper = 0;
	ir_val now;

	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		if (!strcmp(clocks[i].name, nsecs_clock(n)))
			helper = clocks[i].helper;
	if (helper)
		return ir_helper(l->ir, helper, 0, NULL);
	now = ir_helper(l->ir, BPF_FUNC_ktime_get_boot_ns, 0, NULL);
	return ir_bin(l->ir, IR_ADD, now, lower_word(l, WORD_TAI_OFFSET, NULL, n->loc));
}

const struct builtin bcct_builtin_nsecs = {
	.name = "nsecs",
	.prototype = "nsecs([word clock]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = nsecs_check,
	.lower = nsecs_lower,
	.doc = "Nanoseconds since the machine started, the time it slept included. clock "
	       "may be boot, monotonic (without the sleep), tai (atomic time; Linux 6.1) "
	       "or sw_tai (the same, computed).",
	.example = "BEGIN { $t = nsecs; printf(\"%d\\n\", nsecs(boot) >= $t); exit() }",
	.expect = "1\n",
};
#endif
