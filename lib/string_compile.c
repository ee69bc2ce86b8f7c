/*
 * Strings in BPF memory; called by units in lib/builtin/.
 *
 * A search compares whole words at every place of the haystack, without a branch in its
 * loop: the verifier walks it once, and does not split at every character.
 */
#include "lib/string_compile.h"

#include <string.h>

#include "lib/address_compile.h"

#define NEEDLE_MAX 256
#define STACK_MAX 64 /* lower_temp() takes what is larger from scratch */
#define FIND_WORK 100000 /* places times words; the verifier counts some 6 instructions for each */

static uint32_t words_of(uint32_t bytes)
{
	return (bytes + 7) / 8;
}

/* Is it text in memory, by its address? */
static bool is_address(const struct node *n)
{
	return n->type->kind == TY_PTR || (n->type->kind == TY_INT && n->kind != N_STR);
}

uint32_t string_room(struct compile *c, const struct node *n)
{
	uint32_t max = (uint32_t)c->options.v[OPT_MAX_STRLEN] + 1, size;

	if (n->type->kind == TY_STRING)
		return n->type->size;
	size = n->kind == N_UNARY && n->unary.op == OP_ADDR ? address_object_size(n) : 0;
	return size && size < max ? size + 1 : max;
}

bool string_check(struct check *k, struct node *n)
{
	const struct type *t = n->type;

	if (check_poisoned(t))
		return false;
	if (t->kind == TY_STRING)
		return true;
	if (t->kind == TY_PTR && (t->elem->size <= 1 || t->elem->kind == TY_STRING))
		return true;
	if (k->final && !k->dead)
		check_error(k, n, TYPE, "a string is expected here, not %s",
			    type_print(k->arena, t));
	return false;
}

/*
 * What reading a string from kernel memory returns is its length and 1: that
 * works on BPF's own memory as well, and is a loop of the kernel's instead of ours.
 */
ir_val string_copy(struct lower *l, const struct node *n, uint32_t room, ir_val *length)
{
	struct ir *ir = l->ir;
	ir_val p = lower_temp(l, room, true), from, r, max, zero = ir_const(ir, 0);
	uint32_t size = string_room(l->c, n);
	enum space space = SP_KERNEL;

	if (n->type->kind == TY_STRING && !length) {
		lower_into(l, n, n->type, p, true);
		return p;
	}
	if (is_address(n)) {
		from = address_lower(l, n);
		space = address_space(n->type);
	} else {
		from = ir_ptr_to_int(ir, lower_expr(l, n));
	}
	r = address_read(l, space, from, p, ir_const(ir, size), false);
	if (!length)
		return p;
	max = ir_const(ir, size - 1);
	r = ir_opaque(ir, ir_bin(ir, IR_SUB, r, ir_const(ir, 1)));
	r = ir_select(ir, ir_icmp(ir, IR_SLT, r, zero), zero, r);
	r = ir_select(ir, ir_icmp(ir, IR_UGT, r, max), max, r);
	/* or an addition to an aligned pointer would become an OR, which the verifier refuses */
	*length = ir_opaque(ir, r);
	return p;
}

void string_find_check(struct check *k, struct node *call)
{
	struct node *haystack = check_arg(call, 0), *needle = check_arg(call, 1);
	uint32_t places, words;

	if (!string_check(k, haystack) || !string_check(k, needle) || !k->final)
		return;
	places = string_room(k->c, haystack);
	words = words_of(string_room(k->c, needle) - 1);
	if (words * 8 > NEEDLE_MAX || (uint64_t)places * words > FIND_WORK) {
		check_error(k, needle, TOO_LARGE, "the text to search for can be too long");
		check_hint(k, "make it a literal, or shorter: str(p, 64)");
	}
}

/* Which bytes of word i belong to a needle: bits = clamp(length - 8 * i, 0, 8) * 8 */
static ir_val needle_mask(struct ir *ir, ir_val length, uint32_t i)
{
	ir_val zero = ir_const(ir, 0), eight = ir_const(ir, 8), bytes, all = ir_const(ir, ~0ull);
	ir_val part;

	bytes = ir_bin(ir, IR_SUB, length, ir_const(ir, 8ull * i));
	bytes = ir_select(ir, ir_icmp(ir, IR_SLT, bytes, zero), zero, bytes);
	part = ir_bin(ir, IR_SHL, ir_bin(ir, IR_AND, bytes, ir_const(ir, 7)), ir_const(ir, 3));
	part = ir_bin(ir, IR_SUB, ir_bin(ir, IR_SHL, ir_const(ir, 1), part), ir_const(ir, 1));
	return ir_select(ir, ir_icmp(ir, IR_UGE, bytes, eight), all, part);
}

/* The needle's words and masks, in memory one behind the other. */
static ir_val needle_prepare(struct lower *l, const struct node *needle, uint32_t *words)
{
	uint32_t room, i;
	struct ir *ir = l->ir;
	ir_val p, masks, length, mask;

	*words = words_of(needle->kind == N_STR ? needle->str.len
						: string_room(l->c, needle) - 1);
	*words = *words ? *words : 1;
	room = *words * 8;
	p = lower_temp(l, 2 * room + 8, true);
	masks = ir_offset(ir, p, room);
	if (needle->kind == N_STR) {
		uint8_t bytes[NEEDLE_MAX] = { 0 };

		memset(bytes, 0xff, needle->str.len < NEEDLE_MAX ? needle->str.len : NEEDLE_MAX);
		ir_store_bytes(ir, p, needle->str.text, needle->str.len, room);
		ir_store_bytes(ir, masks, bytes, room, room);
		return p;
	}
	ir_copy(ir, p, string_copy(l, needle, room + 8, &length), room);
	for (i = 0; i < *words; i++) {
		mask = needle_mask(ir, length, i);
		ir_store(ir, ir_offset(ir, masks, 8ull * i), mask, 8);
	}
	return p;
}

/* OR over the words of (haystack ^ needle) & mask: 0 when the needle is here */
static ir_val difference(struct ir *ir, ir_val at, ir_val needle, uint32_t words)
{
	ir_val acc = NULL;

	for (uint32_t i = 0; i < words; i++) {
		ir_val a = ir_load(ir, ir_offset(ir, at, 8ull * i), 8, false);
		ir_val b = ir_load(ir, ir_offset(ir, needle, 8ull * i), 8, false);
		ir_val m = ir_load(ir, ir_offset(ir, needle, 8ull * (words + i)), 8, false);
		ir_val d = ir_bin(ir, IR_AND, ir_bin(ir, IR_XOR, a, b), m);

		acc = acc ? ir_bin(ir, IR_OR, acc, d) : d;
	}
	return acc;
}

/*
 *	found = 0; // index + 1
 *	for (i = 0; i < places; i++) {
 *		d = difference at i;
 *		here = ((d | -d) >> 63) ^ 1;
 *		first = here & (found == 0);   // without a branch, as below
 *		found += (i + 1) * first;
 *	}
 *	return found - 1;
 */
static ir_val find_loop(struct lower *l, ir_val haystack, uint32_t places, ir_val needle,
			uint32_t words)
{
	struct ir *ir = l->ir;
	ir_val zero = ir_const(ir, 0), one = ir_const(ir, 1), top = ir_const(ir, 63);
	ir_val index = ir_alloca(ir, 8, 8), found = ir_alloca(ir, 8, 8), i, d, f, here;
	ir_block head = ir_block_new(ir, ""), body = ir_block_new(ir, "");
	ir_block done = ir_block_new(ir, "");

	ir_store(ir, index, zero, 8);
	ir_store(ir, found, zero, 8);
	ir_br(ir, head);
	ir_at(ir, head);
	i = ir_opaque(ir, ir_load(ir, index, 8, false));
	ir_cond(ir, ir_icmp(ir, IR_ULT, i, ir_const(ir, places)), body, done);
	ir_at(ir, body);
	d = difference(ir, ir_offset_v(ir, haystack, i), needle, words);
	d = ir_bin(ir, IR_OR, d, ir_bin(ir, IR_SUB, zero, ir_opaque(ir, d)));
	here = ir_bin(ir, IR_XOR, ir_bin(ir, IR_LSHR, ir_opaque(ir, d), top), one);
	f = ir_load(ir, found, 8, false);
	/* found is below 2^63: the sign of -found says whether it is set */
	d = ir_bin(ir, IR_LSHR, ir_bin(ir, IR_SUB, zero, ir_opaque(ir, f)), top);
	here = ir_bin(ir, IR_AND, ir_opaque(ir, here), ir_bin(ir, IR_XOR, d, one));
	i = ir_bin(ir, IR_ADD, i, one);
	f = ir_bin(ir, IR_ADD, f, ir_bin(ir, IR_MUL, i, ir_opaque(ir, here)));
	ir_store(ir, found, f, 8);
	ir_store(ir, index, i, 8);
	ir_br(ir, head);
	ir_at(ir, done);
	return ir_bin(ir, IR_SUB, ir_load(ir, found, 8, false), one);
}

ir_val string_find(struct lower *l, const struct node *call)
{
	const struct node *haystack = call->call.args, *needle = haystack->next;
	uint32_t places = string_room(l->c, haystack), words;
	ir_val n = needle_prepare(l, needle, &words);
	uint32_t room = words_of(places) * 8 + words * 8;
	ir_val h;

	/* words are read at odd places, which the verifier does not allow on the stack */
	h = string_copy(l, haystack, room > STACK_MAX ? room : STACK_MAX + 8, NULL);
	return find_loop(l, h, places, n, words);
}
