/*
 * write_user(address, value): writes into the memory of the running process. Used by the
 * check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

static ir_val write_user_lower(struct lower *l, const struct node *call)
{
	const struct node *to = call->call.args, *value = to->next;
	uint32_t size = value->type->size ? value->type->size : 8;
	struct ir *ir = l->ir;
	ir_val p = lower_temp(l, size, false);

	lower_into(l, value, value->type, p, true);
	return IR_CALL(ir, BPF_FUNC_probe_write_user, address_lower(l, to), p,
		       ir_const(ir, size));
}

const struct builtin bcct_builtin_write_user = {
	.name = "write_user",
	.prototype = "write_user(ptr address, any value) int64",
	.flags = BUILTIN_CALL | BUILTIN_UNSAFE,
	.lower = write_user_lower,
	.doc = "Writes a value into the memory of the process that runs when the probe "
	       "fires; 0, or a negative error number.",
	.example = "kprobe:vfs_read { if (pid == 0) { $r = write_user(0, 1) } } interval:ms:50 "
	           "{ exit() }",
};
#endif
