/* Calls in BPF C: the kernel's helpers, and functions that the compiler knows. */
#include <string.h>

#include "codegen/c/internal.h"
#include "parser/check/internal.h"

/* ---- arguments ----------------------------------------------------------- */

static const struct node *arg(const struct node *call, unsigned i)
{
	const struct node *a = call->ccall.args;

	while (a && i--)
		a = a->next;
	return a;
}

/* An array of char, as a helper's argument says where to write. */
static bool is_text(const struct node *n)
{
	while (n->kind == N_CAST && n->cast.operand->type)
		n = n->cast.operand;
	return n->type->kind == TY_STRING ||
	       (n->type->kind == TY_PTR && n->type->elem->kind == TY_STRING);
}

/*
 * Text is often read at the size of the array that takes it, and then fails near the
 * end of what is mapped, as the stack's top: what stands before that is read instead.
 *
 *	rc = probe_read(dst, size, from);
 *	if (rc < 0) { rc = probe_read_str(dst, size, from); if (rc > 0) rc = 0; }
 */
static ir_val read_text(struct cg *g, ir_val rc, ir_val *args, int again)
{
	ir_block from = ir_here(g->ir), failed = ir_block_new(g->ir, "");
	ir_block done = ir_block_new(g->ir, "");
	ir_val second, zero = ir_const(g->ir, 0);

	ir_cond(g->ir, ir_icmp(g->ir, IR_SLT, rc, zero), failed, done);
	ir_at(g->ir, failed);
	second = ir_helper(g->ir, again, 3, args);
	second = ir_select(g->ir, ir_icmp(g->ir, IR_SLT, second, zero), second, zero);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	return ir_phi(g->ir, rc, from, second, failed);
}

static ir_val helper(struct cg *g, const struct node *n)
{
	const struct c_helper *h = n->ccall.helper;
	ir_val args[5];
	unsigned i = 0;

	for (const struct node *a = n->ccall.args; a && i < 5; a = a->next)
		args[i++] = cg_expr(g, a);
	lower_loc(g->l, n->loc);
	if (n->type->kind == TY_PTR && n->type->space != SP_KERNEL)
		return ir_helper_ptr(g->ir, (int)h->id, i, args);
	ir_val v = ir_helper(g->ir, (int)h->id, i, args);
	if (h->id == BPF_FUNC_probe_read_user && is_text(arg(n, 0)))
		v = read_text(g, v, args, BPF_FUNC_probe_read_user_str);
	else if (h->id == BPF_FUNC_probe_read && is_text(arg(n, 0)))
		v = read_text(g, v, args, BPF_FUNC_probe_read_str);
	return type_is_integer(n->type) && n->type->size < 8
		       ? ir_ext(g->ir, v, n->type->size, n->type->is_signed) : v;
}

/* ---- bits ---------------------------------------------------------------- */

/* floor(log2(v)) of v > 0 by halving: for (s = 32; s; s /= 2) if (v >> s) { v >>= s; r += s; } */
static ir_val log2_of(struct cg *g, ir_val v)
{
	ir_val r = ir_const(g->ir, 0);

	for (unsigned s = 32; s; s /= 2) {
		ir_val high = ir_bin(g->ir, IR_LSHR, v, ir_const(g->ir, s));
		ir_val some = ir_truth(g->ir, high);

		v = ir_select(g->ir, some, high, v);
		r = ir_bin(g->ir, IR_OR, r,
			   ir_select(g->ir, some, ir_const(g->ir, s), ir_const(g->ir, 0)));
	}
	return r;
}

/* BCC's: floor(log2(v)) + 1, and 1 for 0 */
static ir_val bcc_log2(struct cg *g, ir_val v)
{
	return ir_bin(g->ir, IR_ADD,
		      log2_of(g, ir_bin(g->ir, IR_OR, v, ir_const(g->ir, 1))), ir_const(g->ir, 1));
}

static ir_val popcount(struct cg *g, ir_val v)
{
	static const struct {
		unsigned shift;
		uint64_t mask;
	} steps[] = {
		{1, 0x5555555555555555}, {2, 0x3333333333333333}, {4, 0x0f0f0f0f0f0f0f0f},
		{8, 0x00ff00ff00ff00ff}, {16, 0x0000ffff0000ffff}, {32, 0x00000000ffffffff},
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		ir_val mask = ir_const(g->ir, steps[i].mask);
		ir_val up = ir_bin(g->ir, IR_LSHR, v, ir_const(g->ir, steps[i].shift));

		v = ir_bin(g->ir, IR_ADD, ir_bin(g->ir, IR_AND, v, mask),
			   ir_bin(g->ir, IR_AND, up, mask));
	}
	return v;
}

/* The number of zeroes below the lowest one: popcount of v ^ (v - 1), less one. */
static ir_val ctz(struct cg *g, ir_val v)
{
	ir_val below = ir_bin(g->ir, IR_XOR, v, ir_bin(g->ir, IR_SUB, v, ir_const(g->ir, 1)));

	return ir_bin(g->ir, IR_SUB, popcount(g, below), ir_const(g->ir, 1));
}

/* the number of the lowest set bit, counted from 1; of 0 it is 0 */
static ir_val ffs_of(struct cg *g, ir_val v)
{
	return ir_select(g->ir, ir_truth(g->ir, v),
			 ir_bin(g->ir, IR_ADD, ctz(g, v), ir_const(g->ir, 1)), ir_const(g->ir, 0));
}

/* ---- memory -------------------------------------------------------------- */

static bool constant(struct cg *g, const struct node *n, uint64_t *v)
{
	return ir_const_value(g->ir, cg_expr(g, n), v);
}

/* What memcpy and the like read: bytes the program can touch, fetched when it cannot. */
static ir_val source(struct cg *g, const struct node *n, uint32_t size)
{
	struct cg_place p;

	cg_pointer(g, n, &p);
	if (p.space != SP_KERNEL && p.space != SP_USER && p.space != SP_ANY)
		return cg_address(g, &p);
	ir_val temp = lower_temp(g->l, size, false);
	if (p.space == SP_ANY)
		IR_CALL(g->ir, BPF_FUNC_probe_read, temp, ir_const(g->ir, size),
			ir_ptr_to_int(g->ir, cg_address(g, &p)));
	else
		lower_read(g->l, p.space, cg_address(g, &p), temp, size, n->loc);
	return temp;
}

static ir_val copy(struct cg *g, const struct node *n)
{
	ir_val dst = cg_expr(g, arg(n, 0));
	uint64_t size;

	if (!constant(g, arg(n, 2), &size) || size > 65536) {
		lower_not_yet(g->l, n, "a copy of a size that is not constant");
		return dst;
	}
	if (size)
		ir_copy(g->ir, dst, source(g, arg(n, 1), (uint32_t)size), (uint32_t)size);
	return dst;
}

static ir_val set(struct cg *g, const struct node *n)
{
	ir_val dst = cg_expr(g, arg(n, 0));
	uint64_t size, byte;
	uint8_t bytes[256];

	if (!constant(g, arg(n, 2), &size) || !constant(g, arg(n, 1), &byte) || size > 65536) {
		lower_not_yet(g->l, n, "memset with values that are not constant");
		return dst;
	}
	if (!(byte & 0xff)) {
		if (size)
			ir_zero(g->ir, dst, (uint32_t)size);
		return dst;
	}
	memset(bytes, (int)byte, sizeof(bytes));
	for (uint64_t at = 0; at < size; at += sizeof(bytes)) {
		uint32_t some = size - at < sizeof(bytes) ? (uint32_t)(size - at) : sizeof(bytes);

		ir_store_bytes(g->ir, at ? ir_offset(g->ir, dst, at) : dst, bytes, some, some);
	}
	return dst;
}

/* 0, or the difference of the first bytes that differ, compared from the end on. */
static ir_val compare(struct cg *g, const struct node *n)
{
	ir_val a, b, r = ir_const(g->ir, 0);
	uint64_t size;

	if (!constant(g, arg(n, 2), &size) || size > 256) {
		lower_not_yet(g->l, n, "memcmp of a size that is not a small constant");
		return r;
	}
	if (!size)
		return r;
	a = source(g, arg(n, 0), (uint32_t)size);
	b = source(g, arg(n, 1), (uint32_t)size);
	for (uint64_t i = size; i--;) {
		ir_val x = ir_load(g->ir, i ? ir_offset(g->ir, a, i) : a, 1, false);
		ir_val y = ir_load(g->ir, i ? ir_offset(g->ir, b, i) : b, 1, false);
		ir_val d = ir_bin(g->ir, IR_SUB, x, y);

		r = ir_select(g->ir, ir_truth(g->ir, d), d, r);
	}
	return r;
}

/* *p = *p op v and what there was before, without another CPU between. */
static ir_val atomic(struct cg *g, const struct node *n)
{
	ir_val p = cg_expr(g, arg(n, 0)), v = cg_expr(g, arg(n, 1)), old;
	const struct type *t = arg(n, 0)->type->elem;
	uint32_t size = t && t->size ? t->size : 8;

	if (size != 4 && size != 8) {
		lower_not_yet(g->l, n, "an atomic operation on anything but 4 or 8 bytes");
		return v;
	}
	switch ((enum c_builtin)n->ccall.id) {
	case C_B_FETCH_AND_SUB:
		v = ir_bin(g->ir, IR_SUB, ir_const(g->ir, 0), v);
		/* fall through */
	case C_B_FETCH_AND_ADD: old = ir_atomic_add_size(g->ir, p, v, size); break;
	case C_B_FETCH_AND_AND: old = ir_atomic_bits(g->ir, IR_AND, p, v, size); break;
	case C_B_FETCH_AND_OR: old = ir_atomic_bits(g->ir, IR_OR, p, v, size); break;
	case C_B_FETCH_AND_XOR: old = ir_atomic_bits(g->ir, IR_XOR, p, v, size); break;
	case C_B_VAL_COMPARE_SWAP:
		old = ir_atomic_swap_if(g->ir, p, v, cg_expr(g, arg(n, 2)), size);
		break;
	default: old = ir_atomic_swap(g->ir, p, v, size); break;
	}
	return t && t->is_signed && size == 4 ? ir_ext(g->ir, old, 4, true) : old;
}

/* ---- printing ------------------------------------------------------------ */

static const struct node *literal(const struct node *n)
{
	while (n && n->kind == N_CAST)
		n = n->cast.operand;
	return n && n->kind == N_STR ? n : NULL;
}

/* bpf_trace_printk(format on the stack, its size, values); the runtime shows the trace pipe. */
static ir_val trace_printk(struct cg *g, const struct node *n)
{
	const struct node *format = literal(arg(n, 0));
	ir_val args[5];
	unsigned i = 2;

	if (!format) {
		lower_not_yet(g->l, n, "a format that is not a literal");
		return ir_const(g->ir, 0);
	}
	args[0] = lower_temp(g->l, format->str.len + 1, false);
	ir_store_bytes(g->ir, args[0], format->str.text, format->str.len, format->str.len + 1);
	args[1] = ir_const(g->ir, format->str.len + 1);
	for (const struct node *a = n->ccall.args->next; a && i < 5; a = a->next)
		args[i++] = cg_expr(g, a);
	for (size_t a = 0; a < g->l->m->actions.n; a++)
		if (!strcmp(g->l->m->actions.v[a].unit, "trace_pipe"))
			return ir_helper(g->ir, BPF_FUNC_trace_printk, i, args);
	lower_action(g->l, "trace_pipe", n->loc, NULL, NULL, NULL);
	return ir_helper(g->ir, BPF_FUNC_trace_printk, i, args);
}

/*
 * The arguments of a USDT probe are known where a clause says which probe it is. Else
 * they read as zero.
 */
static ir_val usdt_readarg(struct cg *g, const struct node *n)
{
	const struct type *t = arg(n, 2)->type;
	uint64_t size = t->kind == TY_PTR && t->elem && t->elem->size ? t->elem->size : 8;
	const struct provider *p = g->l->clause->clause.provider;
	const struct provider_var *v;
	uint64_t number = 1;
	uint32_t unused;
	ir_val dst = cg_expr(g, arg(n, 2)), value;

	ir_const_value(g->ir, cg_expr(g, arg(n, 0)), &number);
	if (n->ccall.id == C_B_USDT_READARG_P && !constant(g, arg(n, 3), &size))
		size = 0;
	v = p ? check_pvar_find(p, "arg0", &unused) : NULL;
	if (v && number >= 1 && number <= USDT_ARGS && size && size <= 65536) {
		value = v->lower(g->l, n, (uint32_t)number - 1);
		if (n->ccall.id == C_B_USDT_READARG_P)
			lower_read(g->l, SP_USER, value, dst, (uint32_t)size, n->loc);
		else
			ir_store(g->ir, dst, value, size < 8 ? (uint32_t)size : 8);
		return ir_const(g->ir, 0);
	}
	if (size && size <= 65536)
		ir_zero(g->ir, dst, (uint32_t)size);
	if (!g->no_usdt) {
		diag_warn(&g->l->c->diags, NOT_YET, n->loc,
			  "the arguments of USDT probes read as zero");
		diag_hint(&g->l->c->diags,
			  "let a clause say which probe it is: usdt:BINARY:PROBE < %s(ctx) >",
			  g->program->name);
	}
	g->no_usdt = true;
	return ir_const(g->ir, (uint64_t)-2); /* -ENOENT */
}

ir_val cg_builtin(struct cg *g, const struct node *n)
{
	struct ir *ir = g->ir;
	const struct node *first = arg(n, 0);

	switch ((enum c_builtin)n->ccall.id) {
	case C_B_BSWAP16: return ir_bswap(ir, cg_expr(g, first), 2);
	case C_B_BSWAP32: return ir_bswap(ir, cg_expr(g, first), 4);
	case C_B_BSWAP64: return ir_bswap(ir, cg_expr(g, first), 8);
	case C_B_EXPECT: return cg_expr(g, first);
	case C_B_UNREACHABLE:
	case C_B_SYNCHRONIZE: return ir_const(ir, 0);
	case C_B_CTZ:
	case C_B_CTZLL: return ctz(g, cg_expr(g, first));
	case C_B_CLZ:
		return ir_bin(ir, IR_SUB, ir_const(ir, 31),
			      log2_of(g, ir_ext(ir, cg_expr(g, first), 4, false)));
	case C_B_CLZLL: return ir_bin(ir, IR_SUB, ir_const(ir, 63), log2_of(g, cg_expr(g, first)));
	case C_B_FFS: return ffs_of(g, ir_ext(ir, cg_expr(g, first), 4, false));
	case C_B_FFSLL: return ffs_of(g, cg_expr(g, first));
	case C_B_POPCOUNT: return popcount(g, ir_ext(ir, cg_expr(g, first), 4, false));
	case C_B_POPCOUNTLL: return popcount(g, cg_expr(g, first));
	case C_B_ILOG2: return log2_of(g, cg_expr(g, first));
	case C_B_LOG2:
	case C_B_LOG2L:
		return bcc_log2(g, cg_expr(g, first));
	case C_B_MEMCPY:
	case C_B_MEMMOVE: return copy(g, n);
	case C_B_MEMSET: return set(g, n);
	case C_B_MEMCMP: return compare(g, n);
	case C_B_FETCH_AND_ADD:
	case C_B_FETCH_AND_SUB:
	case C_B_FETCH_AND_AND:
	case C_B_FETCH_AND_OR:
	case C_B_FETCH_AND_XOR:
	case C_B_VAL_COMPARE_SWAP:
	case C_B_TEST_AND_SET: return atomic(g, n);
	case C_B_TRACE_PRINTK: return trace_printk(g, n);
	case C_B_USDT_READARG:
	case C_B_USDT_READARG_P: return usdt_readarg(g, n);
	case C_B_LOAD_BYTE: return cg_packet_bytes(g, cg_expr(g, arg(n, 1)), 1);
	case C_B_LOAD_HALF: return cg_packet_bytes(g, cg_expr(g, arg(n, 1)), 2);
	case C_B_LOAD_WORD: return cg_packet_bytes(g, cg_expr(g, arg(n, 1)), 4);
	case C_B_PACKET_READ:
	case C_B_PACKET_WRITE: return cg_packet_call(g, n);
	case C_B_CSUM_L3:
	case C_B_CSUM_L4: return cg_checksum(g, n);
	default:
		lower_not_yet(g->l, n, arena_printf(g->l->arena, "'%s'",
						    c_builtin_name((enum c_builtin)n->ccall.id)));
		return ir_const(ir, 0);
	}
}

ir_val cg_call(struct cg *g, const struct node *n)
{
	switch ((enum c_call)n->ccall.how) {
	case C_CALL_FUNCTION: return cg_inline(g, n);
	case C_CALL_HELPER: return helper(g, n);
	case C_CALL_METHOD: return cg_method(g, n);
	case C_CALL_BUILTIN: break;
	}
	return cg_builtin(g, n);
}
