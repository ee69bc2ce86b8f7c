/*
 * buf(address[, length]): bytes out of memory: { u32 length; u8 bytes[] }. Used by the
 * check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

#define BUF_HEAD 4

static void buf_check(struct check *k, struct node *call)
{
	struct node *from = check_arg(call, 0), *length = check_arg(call, 1);
	int64_t max = k->c->options.v[OPT_MAX_STRLEN], n = max;
	bool array = from->kind == N_UNARY && from->unary.op == OP_ADDR;

	if (length && check_const(k, length, &n) && n < 1) {
		check_error(k, length, RANGE, "the length of a buffer must be at least 1");
		n = 1;
	}
	if (!length && array)
		n = address_object_size(from);
	else if (!length && k->final && !array)
		check_error(k, call, ARG_COUNT, "buf() of a pointer needs a length");
	if (n > max)
		n = max;
	call->type = type_buffer(k->types, BUF_HEAD + (uint32_t)n);
}

/* n = min(length, room); dst->length = n; read(dst->bytes, n, address) */
static void buf_lower_into(struct lower *l, const struct node *call, ir_val dst, uint32_t size)
{
	const struct node *from = call->call.args, *length = from->next;
	struct ir *ir = l->ir;
	ir_val max = ir_const(ir, size - BUF_HEAD), n = max, r;
	ir_val address = address_lower(l, from);

	if (length && length->kind != N_NUM) {
		n = ir_opaque(ir, lower_expr(l, length));
		n = ir_select(ir, ir_icmp(ir, IR_UGT, n, max), max, n);
	}
	ir_store(ir, dst, n, 4);
	r = address_read(l, address_space(from->type), address, ir_offset(ir, dst, BUF_HEAD), n,
			 true);
	lower_fail_read(l, ir_icmp(ir, IR_SLT, r, ir_const(ir, 0)), address_space(from->type),
			false, call->loc);
}

const struct builtin bcct_builtin_buf = {
	.name = "buf",
	.prototype = "buf(ptr address[, int length]) -",
	.flags = BUILTIN_CALL,
	.check = buf_check,
	.lower_into = buf_lower_into,
	.doc = "The bytes at an address, up to max_strlen; of an array all of it. Prints "
	       "readable characters as they are and others as \\xNN; %rx prints all so, "
	       "%rh as numbers.",
	.example = "BEGIN { printf(\"%r %rh\\n\", buf((uint8 *)0, 2), buf((uint8 *)0, 2)); "
	           "exit() }",
	.expect = "\\x00\\x00 00 00\n",
};
#endif
