/*
 * is_err(pointer): is a pointer of the kernel an error number? Used by the check and the
 * code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

#define ERRORS 4095 /* MAX_ERRNO */

static ir_val is_err_lower(struct lower *l, const struct node *call)
{
	struct ir *ir = l->ir;
	ir_val v = address_lower(l, call->call.args);

	return ir_bool(ir, ir_icmp(ir, IR_UGE, v, ir_const(ir, (uint64_t)-ERRORS)));
}

const struct builtin bcct_builtin_is_err = {
	.name = "is_err",
	.prototype = "is_err(ptr pointer) bool",
	.flags = BUILTIN_CALL,
	.lower = is_err_lower,
	.doc = "True when what a kernel function returned as a pointer is an error number.",
	.example = "BEGIN { printf(\"%d %d\\n\", is_err(0), is_err((uint64)-2)); exit() }",
	.expect = "0 1\n",
};
#endif
