/*
 * reg("name"): a register of the interrupted code. Used by the check and the code
 * generator.
 */
#ifdef BCCT_COMPILER
#include <stdlib.h>
#include <string.h>

#include "lib/registers.h"
#include "codegen/lower.h"
#include "parser/check/check.h"

static const struct {
	const char *name;
	uint32_t offset;
} registers[] = {
#if defined(__x86_64__)
	{ "r15", 0 }, { "r14", 8 }, { "r13", 16 }, { "r12", 24 }, { "bp", 32 }, { "bx", 40 },
	{ "r11", 48 }, { "r10", 56 }, { "r9", 64 }, { "r8", 72 }, { "ax", 80 }, { "cx", 88 },
	{ "dx", 96 }, { "si", 104 }, { "di", 112 }, { "orig_ax", 120 }, { "ip", 128 },
	{ "cs", 136 }, { "flags", 144 }, { "sp", 152 }, { "ss", 160 },
#else
	{ "sp", 248 }, { "pc", 256 }, { "pstate", 264 },
#endif
};

static int register_offset(const char *name)
{
#if !defined(__x86_64__)
	char *end;
	long n = name[0] == 'r' ? strtol(name + 1, &end, 10) : -1;

	if (n >= 0 && n <= 30 && name[1] && !*end)
		return (int)n * 8;
#endif
	for (unsigned i = 0; i < sizeof(registers) / sizeof(*registers); i++)
		if (!strcmp(registers[i].name, name))
			return (int)registers[i].offset;
	return -1;
}

static void reg_check(struct check *k, struct node *call)
{
	const struct provider *p = k->clause->clause.provider;
	const struct node *name = check_arg(call, 0);

	if (register_offset(name->str.text) < 0)
		check_error(k, name, UNKNOWN_NAME, "'%s' is no register of this processor",
			    name->str.text);
	if (!k->final || !p || registers_in(p->section))
		return;
	check_error(k, call, NOT_AVAILABLE, "'reg' is not available in %s probes", p->name);
	check_hint(k, "probes on functions and those of perf events have registers");
}

static ir_val reg_lower(struct lower *l, const struct node *call)
{
	return ir_load_ctx(l->ir, (uint64_t)register_offset(call->call.args->str.text), 8, false);
}

const struct builtin bcct_builtin_reg = {
	.name = "reg",
	.prototype = "reg(strlit name) uint64",
	.flags = BUILTIN_CALL,
	.check = reg_check,
	.lower = reg_lower,
	.doc = "A register as the probe found it: ax, di, sp, ip and so on, by the names "
	       "of the kernel.",
	.example = "kprobe:vfs_read { @ = reg(\"sp\") } interval:ms:50 { clear(@); exit() }",
};
#endif
