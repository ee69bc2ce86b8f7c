/*
 * Packets in BPF C: members of BCC's packet structs, load_byte() and its like,
 * checksums. What a pointer to such a struct holds is the offset in the packet of
 * the context; bits are counted in wire order, from the highest of the first byte on.
 */
#include "codegen/c/internal.h"
#include "types/script.h"

bool cg_is_packet(const struct node *n)
{
	const struct type *t;

	if (n->kind != N_FIELD || !n->field.object->type)
		return false;
	t = n->field.object->type;
	if (n->field.arrow)
		t = t->elem;
	return t && type_is_script(t) && (type_script_flags(t) & TYPE_PACKET);
}

/* Where bits stand: from bit `first` of the byte at the offset on. */
struct bits {
	ir_val at;
	unsigned first, n, bytes;
};

static struct bits bits_at(struct cg *g, ir_val at, uint64_t first, uint64_t n)
{
	struct bits b = {.at = ir_bin(g->ir, IR_ADD, at, ir_const(g->ir, first / 8)),
			 .first = first % 8, .n = n < 64 ? (unsigned)n : 64};

	b.bytes = (b.first + b.n + 7) / 8;
	if (b.bytes > 8) { /* more than a register: the upper ones */
		b.bytes = 8;
		b.n = 64 - b.first;
	}
	return b;
}

/*
 *	u8 word[8] = {};
 *	bpf_skb_load_bytes(skb, at, word + 8 - bytes, bytes);	// zeroes where there is nothing
 *	v = bswap64(*(u64 *)word);
 */
static ir_val load_word(struct cg *g, const struct bits *b, ir_val word)
{
	ir_zero(g->ir, word, 8);
	IR_CALL(g->ir, BPF_FUNC_skb_load_bytes, ir_ctx(g->ir), b->at,
		b->bytes < 8 ? ir_offset(g->ir, word, 8 - b->bytes) : word,
		ir_const(g->ir, b->bytes));
	return ir_bswap(g->ir, ir_load(g->ir, word, 8, false), 8);
}

static unsigned shift_of(const struct bits *b)
{
	return b->bytes * 8 - b->first - b->n;
}

static uint64_t mask_of(const struct bits *b)
{
	return b->n < 64 ? (1ull << b->n) - 1 : ~0ull;
}

static ir_val load_bits(struct cg *g, const struct bits *b)
{
	ir_val v = load_word(g, b, lower_temp(g->l, 8, false));

	v = ir_bin(g->ir, IR_LSHR, v, ir_const(g->ir, shift_of(b)));
	return ir_bin(g->ir, IR_AND, v, ir_const(g->ir, mask_of(b)));
}

static void store_bits(struct cg *g, const struct bits *b, ir_val v)
{
	ir_val word = lower_temp(g->l, 8, true), old;
	uint64_t mask = mask_of(b) << shift_of(b);

	v = ir_bin(g->ir, IR_SHL, ir_bin(g->ir, IR_AND, v, ir_const(g->ir, mask_of(b))),
		   ir_const(g->ir, shift_of(b)));
	if (b->n != b->bytes * 8) { /* what stands beside them stays */
		old = ir_bin(g->ir, IR_AND, load_word(g, b, word), ir_const(g->ir, ~mask));
		v = ir_bin(g->ir, IR_OR, old, v);
	}
	ir_store(g->ir, word, ir_bswap(g->ir, v, 8), 8);
	IR_CALL(g->ir, BPF_FUNC_skb_store_bytes, ir_ctx(g->ir), b->at,
		b->bytes < 8 ? ir_offset(g->ir, word, 8 - b->bytes) : word,
		ir_const(g->ir, b->bytes), ir_const(g->ir, 0));
}

static struct bits member_bits(struct cg *g, const struct node *n)
{
	const struct member *m = &n->field.member;
	struct cg_place p;

	if (n->field.arrow)
		cg_pointer(g, n->field.object, &p);
	else
		cg_place(g, n->field.object, &p);
	return bits_at(g, ir_ptr_to_int(g->ir, cg_address(g, &p)),
		       m->offset * 8ull + m->bit_offset,
		       m->bit_size ? m->bit_size : m->type->size * 8ull);
}

ir_val cg_packet_load(struct cg *g, const struct node *n)
{
	struct bits b = member_bits(g, n);

	if (cg_in_memory(n->type)) {
		lower_not_yet(g->l, n, "a member of this type of a packet");
		return ir_const(g->ir, 0);
	}
	return load_bits(g, &b);
}

void cg_packet_store(struct cg *g, const struct node *n, ir_val v)
{
	struct bits b = member_bits(g, n);

	store_bits(g, &b, v);
}

/* ---- functions ------------------------------------------------------------ */

/* A whole number of bytes, at an offset that may be a variable. */
ir_val cg_packet_bytes(struct cg *g, ir_val at, unsigned bytes)
{
	struct bits b = bits_at(g, at, 0, bytes * 8);

	return load_bits(g, &b);
}

/* bpf_dext_pkt(skb, offset, bit, bits), bpf_dins_pkt(skb, offset, bit, bits, value) */
ir_val cg_packet_call(struct cg *g, const struct node *n)
{
	const struct node *arg = n->ccall.args->next;
	ir_val at = ir_ptr_to_int(g->ir, cg_expr(g, arg));
	uint64_t first, size;
	struct bits b;

	if (!ir_const_value(g->ir, cg_expr(g, arg->next), &first) ||
	    !ir_const_value(g->ir, cg_expr(g, arg->next->next), &size) || !size || size > 64) {
		lower_not_yet(g->l, n, "a number of bits that is not constant");
		return ir_const(g->ir, 0);
	}
	b = bits_at(g, at, first, size);
	if (n->ccall.id == C_B_PACKET_READ)
		return load_bits(g, &b);
	store_bits(g, &b, cg_expr(g, arg->next->next->next));
	return ir_const(g->ir, 0);
}

/*
 * incr_cksum_l3(&p->sum, from, to), incr_cksum_l4(…, pseudo): the sizes are those of
 * `to`, 2 or 4 bytes, and the values are in the host's order.
 */
ir_val cg_checksum(struct cg *g, const struct node *n)
{
	bool l4 = n->ccall.id == C_B_CSUM_L4;
	const struct node *arg = n->ccall.args, *to = arg->next->next;
	uint32_t size = to->type->size == 2 ? 2 : 4;
	ir_val at = ir_ptr_to_int(g->ir, cg_expr(g, arg)), a, b, flags = ir_const(g->ir, size);

	a = ir_bswap(g->ir, cg_expr(g, arg->next), size);
	b = ir_bswap(g->ir, cg_expr(g, to), size);
	if (l4 && to->next) {
		ir_val pseudo = ir_bin(g->ir, IR_AND, cg_expr(g, to->next), ir_const(g->ir, 1));

		flags = ir_bin(g->ir, IR_OR, flags,
			       ir_bin(g->ir, IR_SHL, pseudo, ir_const(g->ir, 4)));
	}
	return IR_CALL(g->ir, l4 ? BPF_FUNC_l4_csum_replace : BPF_FUNC_l3_csum_replace,
		       ir_ctx(g->ir), at, a, b, flags);
}
