/* memcmp(a, b, n): compares bytes in memory. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

#define MEMCMP_MAX 1024

static void memcmp_check(struct check *k, struct node *call)
{
	struct node *length = check_arg(call, 2);
	int64_t n;

	call->type = type_int(k->types, 8, true);
	if (check_const(k, length, &n) && (n < 0 || n > MEMCMP_MAX))
		check_error(k, length, RANGE, "the length of memcmp() must be 0 to %d",
			    MEMCMP_MAX);
}

/* At least size bytes, up to a whole word */
static ir_val memcmp_side(struct lower *l, const struct node *n, uint32_t size)
{
	uint32_t room = type_in_memory(n->type) && n->type->size > size ? n->type->size : size;
	ir_val p = lower_temp(l, (room + 8) & ~7u, true);

	if (type_in_memory(n->type))
		lower_into(l, n, n->type, p, true);
	else
		address_read(l, address_space(n->type), address_lower(l, n), p,
			     ir_const(l->ir, size), true);
	return p;
}

/*
 * The first words that differ, as numbers in network order:
 *
 *	for each word: x |= a & same; y |= b & same; same &= a == b ? ~0 : 0;
 *	return x < y ? -1 : x > y;
 */
static ir_val memcmp_lower(struct lower *l, const struct node *call)
{
	const struct node *a = call->call.args, *b = a->next;
	uint32_t size = (uint32_t)b->next->num.value;
	struct ir *ir = l->ir;
	ir_val p = memcmp_side(l, a, size), q = memcmp_side(l, b, size);
	ir_val zero = ir_const(ir, 0), x = zero, y = zero, same = ir_const(ir, ~0ull), v, w, d;

	for (uint32_t i = 0; i < size; i += 8) {
		v = ir_load(ir, ir_offset(ir, p, i), 8, false);
		w = ir_load(ir, ir_offset(ir, q, i), 8, false);
		if (size - i < 8) { /* the first bytes are the low ones */
			d = ir_const(ir, (1ull << (size - i) * 8) - 1);
			v = ir_bin(ir, IR_AND, v, d);
			w = ir_bin(ir, IR_AND, w, d);
		}
		x = ir_bin(ir, IR_OR, x, ir_bin(ir, IR_AND, v, same));
		y = ir_bin(ir, IR_OR, y, ir_bin(ir, IR_AND, w, same));
		d = ir_opaque(ir, ir_bin(ir, IR_XOR, v, w));
		d = ir_bin(ir, IR_OR, d, ir_bin(ir, IR_SUB, zero, d));
		d = ir_bin(ir, IR_ASHR, ir_opaque(ir, d), ir_const(ir, 63));
		same = ir_bin(ir, IR_AND, same, ir_bin(ir, IR_XOR, d, ir_const(ir, ~0ull)));
	}
	x = ir_bswap(ir, x, 8);
	y = ir_bswap(ir, y, 8);
	v = ir_select(ir, ir_icmp(ir, IR_UGT, x, y), ir_const(ir, 1), zero);
	return ir_select(ir, ir_icmp(ir, IR_ULT, x, y), ir_const(ir, ~0ull), v);
}

const struct builtin bcct_builtin_memcmp = {
	.name = "memcmp",
	.prototype = "memcmp(any a, any b, intlit n) -",
	.flags = BUILTIN_CALL,
	.check = memcmp_check,
	.lower = memcmp_lower,
	.doc = "Compares n bytes of two pieces of memory, or of strings and arrays: 0 when "
	       "they are equal, -1 or 1 as the first byte that differs is less or greater.",
	.example = "BEGIN { printf(\"%ld %ld\\n\", memcmp(\"ab\", \"ab\", 2), memcmp(\"ab\", "
	           "\"ac\", 2)); exit() }",
	.expect = "0 -1\n",
};
#endif
