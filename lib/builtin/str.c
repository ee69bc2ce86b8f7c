/*
 * str(address[, length]): copies a NUL-terminated string out of memory, straight
 * into the key, event or map value. Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "lib/address_compile.h"
#include "parser/check/check.h"

/* The call becomes the literal, for str($1). */
static void str_literal(struct check *k, struct node *call, const struct node *text,
			int64_t length)
{
	size_t n = text->str.len;

	struct buf s = { 0 };

	if ((uint64_t)length < n)
		n = (size_t)length;
	buf_put(&s, text->str.text, n);
	if (n < text->str.len && length == k->c->options.v[OPT_MAX_STRLEN])
		buf_printf(&s, "%s", k->c->options.text[OPT_STR_TRUNC_TRAILER]);
	buf_u8(&s, '\0');
	check_become_str(k, call, arena_strndup(k->arena, (const char *)s.data, s.len - 1));
	buf_free(&s);
}

/* An array ends where it ends, also without a NUL; one of 0 or 1 elements may be open. */
static int64_t str_array(const struct node *from, int64_t max)
{
	const struct type *t = from->kind == N_UNARY && from->unary.op == OP_ADDR
				       ? from->unary.operand->type : NULL;

	return t && t->kind == TY_ARRAY && t->size > 1 && t->size < max ? t->size : max;
}

static void str_check(struct check *k, struct node *call)
{
	struct node *from = check_arg(call, 0), *length = check_arg(call, 1);
	int64_t max = k->c->options.v[OPT_MAX_STRLEN], n = max;

	if (length && check_const(k, length, &n) && n < 0) {
		check_error(k, length, RANGE, "the length of a string cannot be negative");
		call->type = type_string(k->types, 1);
		return;
	}
	if (n > max)
		n = max;
	if (from && !length)
		n = str_array(from, n);
	if (from && from->kind == N_STR)
		str_literal(k, call, from, n);
	else
		call->type = type_string(k->types, (uint32_t)n + 1);
}

/* The number of bytes to read, NUL included: min(length, max) + 1. */
static ir_val str_size(struct lower *l, const struct node *length, uint32_t max)
{
	struct ir *ir = l->ir;
	ir_val n, limit = ir_const(ir, max);

	if (!length || length->kind == N_NUM)
		return ir_const(ir, max + 1);
	n = ir_opaque(ir, lower_expr(l, length));
	n = ir_select(ir, ir_icmp(ir, IR_UGT, n, limit), limit, n);
	return ir_bin(ir, IR_ADD, n, ir_const(ir, 1));
}

/*
 * A string that fills all of max_strlen may go on in memory. The byte that
 * follows there tells: unless it is a NUL, a mark takes the place of ours.
 *
 *	if (r == size) {
 *		bpf_probe_read(dst + size - 1, 1, address + size - 1);
 *		if (dst[size - 1]) { dst[size - 1] = STRING_CUT; lost++; }
 *	}
 */
static void str_mark_cut(struct lower *l, const struct node *call, enum space space, ir_val r,
			 ir_val address, ir_val dst)
{
	struct ir *ir = l->ir;
	uint32_t last = call->type->size - 1;
	ir_block full = ir_block_new(ir, "str.full"), done = ir_block_new(ir, "str.done");
	ir_val at = ir_offset(ir, dst, last), byte;

	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, r, ir_const(ir, last + 1)), full, done);
	ir_at(ir, full);
	address_read(l, space, ir_bin(ir, IR_ADD, address, ir_const(ir, last)), at,
		     ir_const(ir, 1), true);
	byte = ir_load(ir, at, 1, false);
	ir_store(ir, at,
		 ir_select(ir, ir_truth(ir, byte), ir_const(ir, STRING_CUT), ir_const(ir, 0)), 1);
	lower_fail_if(l, ir_truth(ir, byte), LOSS_STRING, call->loc, -1);
	ir_br(ir, done);
	ir_at(ir, done);
}

static void str_lower_into(struct lower *l, const struct node *call, ir_val dst, uint32_t size)
{
	const struct node *from = call->call.args, *length = from->next;
	enum space space = address_space(from->type);
	uint32_t own = call->type->size, max = (own < size ? own : size) - 1;
	ir_val address = address_lower(l, from);
	ir_val r = address_read(l, space, address, dst, str_size(l, length, max), false);

	lower_fail_read(l, ir_icmp(l->ir, IR_SLT, r, ir_const(l->ir, 0)), space, true, call->loc);
	if (own == size && max == (uint32_t)l->c->options.v[OPT_MAX_STRLEN])
		str_mark_cut(l, call, space, r, address, dst);
}

const struct builtin bcct_builtin_str = {
	.name = "str",
	.prototype = "str(ptr address[, int length]) -",
	.flags = BUILTIN_CALL,
	.check = str_check,
	.lower_into = str_lower_into,
	.doc = "The string at an address, up to max_strlen bytes or length if that is less. Reads "
	       "user or kernel memory by the pointer's type; a plain number is tried as both.",
	.example = "BEGIN { printf(\"<%s>\\n\", str(0)); exit() }",
	.expect = "<>\n",
};
#endif
