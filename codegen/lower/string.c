/*
 * Equality of strings. With a literal only its length and the NUL are looked
 * at. Two strings are compared in blocks of 64 bytes until one ends: both are
 * padded with zeroes, so whole words can be compared. Of long ones a loop does it.
 */
#include <string.h>

#include "codegen/lower/internal.h"

#define BLOCK 64
#define LOOPED 1024 /* longer ones are compared by a loop: those are never on the stack */

static ir_val string_in_memory(struct lower *l, const struct node *n, bool padded)
{
	if (n->kind == N_VAR)
		return lower_var_ptr(l, n);
	ir_val p = lower_temp(l, n->type->size, false);
	lower_build(l, n, n->type, p, padded ? PAD_ZERO : PAD_NONE);
	return p;
}

static uint32_t word(uint32_t left)
{
	return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/* The bytes [at, at + n) of a literal as a number, as a load of n bytes sees them. */
static uint64_t literal_word(const struct node *lit, uint32_t at, uint32_t n)
{
	uint8_t bytes[8] = { 0 };
	uint64_t v = 0;

	for (uint32_t i = 0; i < n && at + i < lit->str.len; i++)
		bytes[i] = lit->str.text[at + i];
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	memcpy((uint8_t *)&v + 8 - n, bytes, n);
#else
	memcpy(&v, bytes, n);
#endif
	return v;
}

/* 0 when [from, to) of the string at p is the same as in the literal or the other string. */
static ir_val difference(struct lower *l, ir_val p, ir_val q, const struct node *lit,
			 uint32_t from, uint32_t to)
{
	struct ir *ir = l->ir;
	ir_val acc = NULL;

	for (uint32_t at = from, n; at < to; at += n) {
		n = word(to - at);
		ir_val a = ir_load(ir, ir_offset(ir, p, at), n, false);
		ir_val b = lit ? ir_const(ir, literal_word(lit, at, n))
			       : ir_load(ir, ir_offset(ir, q, at), n, false);
		ir_val d = ir_bin(ir, IR_XOR, a, b);
		acc = acc ? ir_bin(ir, IR_OR, acc, d) : d;
	}
	return acc ? acc : ir_const(ir, 0);
}

/*
 *	for each block:
 *		if (block differs)		return false;
 *		if (last byte of block is 0)	return true;
 *	return true;
 */
static ir_val equal_blocks(struct lower *l, ir_val p, ir_val q, const struct node *lit,
			   uint32_t size)
{
	struct ir *ir = l->ir;
	ir_val result = ir_alloca(ir, 8, 8); /* becomes a register */
	ir_block done = ir_block_new(ir, "");

	ir_store(ir, result, ir_const(ir, 0), 8);
	for (uint32_t at = 0; at < size; at += BLOCK) {
		uint32_t end = at + BLOCK < size ? at + BLOCK : size;
		ir_block same = ir_block_new(ir, ""), next = ir_block_new(ir, "");
		ir_val d = difference(l, p, q, lit, at, end);
		ir_cond(ir, ir_icmp(ir, IR_EQ, d, ir_const(ir, 0)), same, done);
		ir_at(ir, same);
		if (end == size || lit) {
			ir_br(ir, next);
		} else {
			ir_block over = ir_block_new(ir, "");
			ir_val last = ir_load(ir, ir_offset(ir, p, end - 1), 1, false);
			ir_cond(ir, ir_icmp(ir, IR_EQ, last, ir_const(ir, 0)), over, next);
			ir_at(ir, over);
			ir_store(ir, result, ir_const(ir, 1), 8);
			ir_br(ir, done);
		}
		ir_at(ir, next);
	}
	ir_store(ir, result, ir_const(ir, 1), 8);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_truth(ir, ir_load(ir, result, 8, false));
}

/* { p, q, state } in the slot that the callback gets. */
enum { AT_P = 0, AT_Q = 8, AT_STATE = 16 };
enum { GO_ON, DIFFERENT, EQUAL };

/*
 *	if (i >= blocks || block i differs || it ends the strings)
 *		return 1;
 *	return 0;
 */
static ir_val block_callback(struct lower *l, uint32_t blocks)
{
	struct ir *ir = l->ir;
	struct ir_saved saved;
	ir_val fn = ir_callback_begin(ir, "loop", 2, 2, &saved), own = ir_arg(ir, 1);
	ir_block in = ir_block_new(ir, ""), out = ir_block_new(ir, ""), same, end, go;
	ir_val i = ir_opaque(ir, ir_arg(ir, 0)), p, q, last;

	lower_loc(l, l->clause->loc);
	same = ir_block_new(ir, "");
	end = ir_block_new(ir, "");
	go = ir_block_new(ir, "");
	ir_cond(ir, ir_icmp(ir, IR_ULT, i, ir_const(ir, blocks)), in, out);
	ir_at(ir, in);
	i = ir_bin(ir, IR_MUL, ir_opaque(ir, i), ir_const(ir, BLOCK));
	p = ir_offset_v(ir, ir_load_ptr(ir, ir_offset(ir, own, AT_P)), i);
	q = ir_offset_v(ir, ir_load_ptr(ir, ir_offset(ir, own, AT_Q)), i);
	ir_store(ir, ir_offset(ir, own, AT_STATE), ir_const(ir, DIFFERENT), 8);
	ir_cond(ir, ir_icmp(ir, IR_EQ, difference(l, p, q, NULL, 0, BLOCK), ir_const(ir, 0)), same,
		out);
	ir_at(ir, same);
	last = ir_load(ir, ir_offset(ir, p, BLOCK - 1), 1, false);
	ir_store(ir, ir_offset(ir, own, AT_STATE), ir_const(ir, EQUAL), 8);
	ir_cond(ir, ir_icmp(ir, IR_EQ, last, ir_const(ir, 0)), out, go);
	ir_at(ir, go);
	ir_store(ir, ir_offset(ir, own, AT_STATE), ir_const(ir, GO_ON), 8);
	ir_br(ir, end);
	ir_at(ir, out);
	ir_return(ir, 1);
	ir_br(ir, end);
	ir_at(ir, end);
	ir_callback_end(ir, &saved);
	return fn;
}

/* Long strings: bpf_loop() over their whole blocks, then what is left. */
static ir_val equal_looped(struct lower *l, ir_val p, ir_val q, uint32_t size)
{
	uint32_t blocks = size / BLOCK;
	struct ir *ir = l->ir;
	ir_block rest = ir_block_new(ir, ""), done = ir_block_new(ir, ""), from;
	ir_val slot = lower_loop_slot(l), state, equal;

	l->m->needs |= NEEDS(BPF_LOOP);
	ir_store(ir, ir_offset(ir, slot, AT_P), p, 8);
	ir_store(ir, ir_offset(ir, slot, AT_Q), q, 8);
	ir_store(ir, ir_offset(ir, slot, AT_STATE), ir_const(ir, GO_ON), 8);
	IR_CALL(ir, BPF_FUNC_loop, ir_const(ir, blocks), block_callback(l, blocks), slot,
		ir_const(ir, 0));
	state = ir_load(ir, ir_offset(ir, slot, AT_STATE), 8, false);
	equal = ir_bool(ir, ir_icmp(ir, IR_EQ, state, ir_const(ir, EQUAL)));
	from = ir_here(ir);
	ir_cond(ir, ir_icmp(ir, IR_EQ, state, ir_const(ir, GO_ON)), rest, done);
	ir_at(ir, rest);
	state = difference(l, p, q, NULL, blocks * BLOCK, size);
	state = ir_bool(ir, ir_icmp(ir, IR_EQ, state, ir_const(ir, 0)));
	rest = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	return ir_truth(ir, ir_phi(ir, state, rest, equal, from));
}

static ir_val equal_literal(struct lower *l, const struct node *n, const struct node *lit)
{
	uint32_t size = lit->str.len + 1;

	if (size > n->type->size)
		return ir_truth(l->ir, ir_const(l->ir, 0));
	ir_val p = string_in_memory(l, n, false);
	return equal_blocks(l, p, NULL, lit, size);
}

ir_val lower_string_equal(struct lower *l, const struct node *a, const struct node *b)
{
	uint32_t size = a->type->size < b->type->size ? a->type->size : b->type->size;

	if (a->kind == N_STR && b->kind == N_STR) {
		bool same = a->str.len == b->str.len &&
			    !memcmp(a->str.text, b->str.text, a->str.len);
		return ir_truth(l->ir, ir_const(l->ir, same));
	}
	if (b->kind == N_STR)
		return equal_literal(l, a, b);
	if (a->kind == N_STR)
		return equal_literal(l, b, a);
	ir_val p = string_in_memory(l, a, true);
	ir_val q = string_in_memory(l, b, true);
	return size > LOOPED ? equal_looped(l, p, q, size) : equal_blocks(l, p, q, NULL, size);
}
