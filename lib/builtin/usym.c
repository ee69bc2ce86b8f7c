/*
 * usym(address): prints as the symbol there in the running process; resolved by the
 * runtime: { u64 address; u32 pid; u32 program }. Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

static void usym_check(struct check *k, struct node *call)
{
	call->type = type_simple(k->types, TY_USYM);
}

static void usym_lower_into(struct lower *l, const struct node *call, ir_val dst, uint32_t size)
{
	struct ir *ir = l->ir;
	ir_val pid = ir_helper(ir, BPF_FUNC_get_current_pid_tgid, 0, NULL);

	(void)size;
	ir_store(ir, dst, address_lower(l, call->call.args), 8);
	ir_store(ir, ir_offset(ir, dst, 8), ir_bin(ir, IR_LSHR, pid, ir_const(ir, 32)), 4);
	ir_store(ir, ir_offset(ir, dst, 12), ir_const(ir, l->program), 4);
}

const struct builtin bcct_builtin_usym = {
	.name = "usym",
	.prototype = "usym(ptr address) -",
	.flags = BUILTIN_CALL,
	.check = usym_check,
	.lower_into = usym_lower_into,
	.doc = "The function or variable at an address of the running process; the address "
	       "itself when it has no name.",
	.example = "BEGIN { printf(\"%s\\n\", usym(1)); exit() }",
	.expect = "0x1\n",
};
#endif
