/*
 * Memory: stack slots, loads and stores, copies and fills, the context. The BPF
 * verifier wants aligned accesses on the stack and has no memcpy; alignment is
 * derived from how a pointer was made, and long copies are left to a helper.
 */
#include <linux/bpf.h>
#include <string.h>

#include "codegen/llvm/module.h"

ir_val ir_alloca(struct ir *ir, uint32_t size, uint32_t align)
{
	LLVMTypeRef type = size == 8 ? ir->i64 : LLVMArrayType2(ir->i8, size);
	LLVMValueRef v = LLVMBuildAlloca(ir->entry_b, type, "");

	LLVMSetAlignment(v, align < 8 ? 8 : align);
	return ir_wrap(v);
}

ir_val ir_offset(struct ir *ir, ir_val ptr, uint64_t bytes)
{
	if (!bytes)
		return ptr;
	LLVMValueRef index = LLVMConstInt(ir->i64, bytes, 0);
	return ir_wrap(LLVMBuildInBoundsGEP2(ir->b, ir->i8, ir_as_ptr(ir, ptr), &index, 1, ""));
}

ir_val ir_offset_v(struct ir *ir, ir_val ptr, ir_val bytes)
{
	LLVMValueRef index = ir_as_i64(ir, bytes);
	return ir_wrap(LLVMBuildGEP2(ir->b, ir->i8, ir_as_ptr(ir, ptr), &index, 1, ""));
}

/* The pointer without its constant offsets, whose sum goes to *offset. */
static LLVMValueRef base_of(LLVMValueRef p, uint64_t *offset)
{
	*offset = 0;
	while (LLVMIsAGetElementPtrInst(p) && LLVMGetNumOperands(p) == 2) {
		LLVMValueRef index = LLVMIsAConstantInt(LLVMGetOperand(p, 1));
		if (!index)
			break;
		*offset += LLVMConstIntGetZExtValue(index);
		p = LLVMGetOperand(p, 0);
	}
	return p;
}

/* Power of two up to 8 that p is a multiple of: blocks of memory start at multiples of 8. */
static uint32_t align_of(LLVMValueRef p)
{
	uint64_t offset;
	LLVMValueRef base = base_of(p, &offset);

	if (LLVMIsAGetElementPtrInst(base) || LLVMIsAIntToPtrInst(base))
		return offset % 2 ? 1 : 0; /* variable: unknown */
	return offset % 8 == 0 ? 8 : offset % 4 == 0 ? 4 : offset % 2 == 0 ? 2 : 1;
}

/* Alignment to state for an access of size bytes: where nothing is known the natural one. */
static uint32_t access_align(LLVMValueRef p, uint32_t size)
{
	uint32_t align = align_of(p);
	return align && align < size ? align : size;
}

static LLVMValueRef load(struct ir *ir, LLVMValueRef p, LLVMTypeRef type, uint32_t size)
{
	LLVMValueRef v = LLVMBuildLoad2(ir->b, type, p, "");
	LLVMSetAlignment(v, access_align(p, size));
	return v;
}

static void store(struct ir *ir, LLVMValueRef p, LLVMValueRef v, uint32_t size)
{
	LLVMSetAlignment(LLVMBuildStore(ir->b, v, p), access_align(p, size));
}

static bool is_ctx(struct ir *ir, LLVMValueRef base)
{
	return ir->fn && base == LLVMGetParam(ir->fn, 0);
}

static ir_val extend(struct ir *ir, LLVMValueRef v, uint32_t size, bool is_signed)
{
	if (size < 8)
		v = is_signed ? LLVMBuildSExt(ir->b, v, ir->i64, "")
			      : LLVMBuildZExt(ir->b, v, ir->i64, "");
	return ir_wrap(v);
}

/* Sizes that one instruction moves; odd ones are the caller's mistake and read the part below. */
static uint32_t access_size(uint32_t size)
{
	return size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;
}

ir_val ir_load(struct ir *ir, ir_val ptr, uint32_t size, bool is_signed)
{
	LLVMValueRef p = ir_as_ptr(ir, ptr);
	uint64_t offset;

	if (is_ctx(ir, base_of(p, &offset)))
		return ir_load_ctx(ir, offset, size, is_signed);
	size = access_size(size);
	return extend(ir, load(ir, p, ir_int_type(ir, size), size), size, is_signed);
}

ir_val ir_load_ptr(struct ir *ir, ir_val ptr)
{
	uint64_t offset;
	LLVMValueRef p = ir_as_ptr(ir, ptr);

	if (is_ctx(ir, base_of(p, &offset)))
		return ir_wrap(ir_as_ptr(ir, ir_load_ctx(ir, offset, 8, false)));
	return ir_wrap(load(ir, p, ir->ptr, 8));
}

void ir_store(struct ir *ir, ir_val ptr, ir_val v, uint32_t size)
{
	LLVMValueRef x = ir_as_i64(ir, v);

	size = access_size(size);
	if (size < 8)
		x = LLVMBuildTrunc(ir->b, x, ir_int_type(ir, size), "");
	store(ir, ir_as_ptr(ir, ptr), x, size);
}

/* ---- the context ------------------------------------------------------- */

/*
 * The verifier accepts the context only at constant offsets from the unmodified
 * pointer, and optimisers like to merge two such loads into one from a chosen
 * address. So while they run a context load is a call of a function without
 * side effects; ir_settle_ctx_loads puts the loads in afterwards.
 */
static LLVMValueRef ctx_load_fn(struct ir *ir, unsigned log2)
{
	static const char *const names[] = {
		"bcct.ctx.1", "bcct.ctx.2", "bcct.ctx.4", "bcct.ctx.8"
	};
	static const char *const attributes[] = {
		"nounwind", "willreturn", "memory", "speculatable", "nocallback"
	};

	if (ir->ctx_load[log2])
		return ir->ctx_load[log2];
	LLVMTypeRef args[] = { ir->ptr, ir->i32 };
	LLVMTypeRef type = LLVMFunctionType(ir_int_type(ir, 1u << log2), args, 2, 0);
	LLVMValueRef fn = LLVMAddFunction(ir->module, names[log2], type);
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		LLVMAddAttributeAtIndex(
			fn, LLVMAttributeFunctionIndex, ir_attribute(ir, attributes[i], 0));
	ir->ctx_load_type[log2] = type;
	return ir->ctx_load[log2] = fn;
}

ir_val ir_load_ctx(struct ir *ir, uint64_t offset, uint32_t size, bool is_signed)
{
	size = access_size(size);
	unsigned log2 = size == 8 ? 3 : size == 4 ? 2 : size == 2 ? 1 : 0;
	LLVMValueRef fn = ctx_load_fn(ir, log2);
	LLVMValueRef args[] = { ir_llvm(ir_ctx(ir)), LLVMConstInt(ir->i32, offset, 0) };

	return extend(ir, LLVMBuildCall2(ir->b, ir->ctx_load_type[log2], fn, args, 2, ""), size,
		is_signed);
}

static void settle_one(struct ir *ir, LLVMValueRef call, uint32_t size)
{
	LLVMValueRef offset = LLVMIsAConstantInt(LLVMGetOperand(call, 1));
	LLVMValueRef p = LLVMGetOperand(call, 0);

	if (!offset) {
		ir_llvm_error(ir, "a context load lost its constant offset");
		offset = LLVMConstInt(ir->i32, 0, 0);
	}
	LLVMPositionBuilderBefore(ir->b, call);
	LLVMSetCurrentDebugLocation2(ir->b, LLVMInstructionGetDebugLoc(call));
	if (LLVMConstIntGetZExtValue(offset))
		p = LLVMBuildInBoundsGEP2(ir->b, ir->i8, p, &offset, 1, "");
	LLVMValueRef v = LLVMBuildLoad2(ir->b, ir_int_type(ir, size), p, "");
	LLVMSetAlignment(v, size);
	LLVMReplaceAllUsesWith(call, v);
	LLVMInstructionEraseFromParent(call);
}

void ir_settle_ctx_loads(struct ir *ir)
{
	for (unsigned i = 0; i < 4; i++) {
		LLVMUseRef use;
		if (!ir->ctx_load[i])
			continue;
		while ((use = LLVMGetFirstUse(ir->ctx_load[i])))
			settle_one(ir, LLVMGetUser(use), 1u << i);
		LLVMDeleteFunction(ir->ctx_load[i]);
		ir->ctx_load[i] = NULL;
	}
}

/* ---- blocks ------------------------------------------------------------ */

/* Bytes of the next access when `left` remain at offset `at` of memory aligned to `align`. */
static uint32_t step(uint32_t align, uint32_t at, uint32_t left)
{
	uint32_t size = align;

	(void)at;
	while (size > left)
		size /= 2;
	return size;
}

static uint32_t block_align(LLVMValueRef p)
{
	uint32_t align = align_of(p);
	return align ? align : 1;
}

void ir_zero(struct ir *ir, ir_val ptr, uint32_t size)
{
	LLVMValueRef p = ir_as_ptr(ir, ptr);

	if (size > IR_INLINE_BYTES) {
		/* reading address 0 always fails, and a failed read clears its destination */
		IR_CALL(ir, BPF_FUNC_probe_read_kernel, ir_wrap(p), ir_const(ir, size),
			ir_const(ir, 0));
		return;
	}
	uint32_t align = block_align(p);
	for (uint32_t at = 0, n; at < size; at += n) {
		n = step(align, at, size - at);
		ir_store(ir, ir_offset(ir, ir_wrap(p), at), ir_const(ir, 0), n);
	}
}

void ir_copy(struct ir *ir, ir_val dst, ir_val src, uint32_t size)
{
	LLVMValueRef d = ir_as_ptr(ir, dst), s = ir_as_ptr(ir, src);

	if (size > IR_INLINE_BYTES) {
		IR_CALL(ir, BPF_FUNC_probe_read_kernel, ir_wrap(d), ir_const(ir, size),
			ir_wrap(s));
		return;
	}
	uint32_t align = block_align(d);
	if (block_align(s) < align)
		align = block_align(s);
	for (uint32_t at = 0, n; at < size; at += n) {
		n = step(align, at, size - at);
		ir_store(ir, ir_offset(ir, ir_wrap(d), at),
			ir_load(ir, ir_offset(ir, ir_wrap(s), at), n, false), n);
	}
}

void ir_store_bytes(struct ir *ir, ir_val dst, const void *bytes, uint32_t len, uint32_t size)
{
	LLVMValueRef d = ir_as_ptr(ir, dst);
	uint32_t align = block_align(d), stored = len + (len < size);

	if (len > size)
		len = stored = size;
	/* long zero tails are one call, short ones stores */
	uint32_t tail = size - stored > IR_INLINE_BYTES ? (stored + 7) / 8 * 8 : size;
	for (uint32_t at = 0, n; at < tail; at += n) {
		uint8_t chunk[8] = { 0 };
		uint64_t value = 0;
		n = step(align, at, tail - at);
		if (at < len)
			memcpy(chunk, (const uint8_t *)bytes + at, n < len - at ? n : len - at);
		memcpy(&value, chunk, n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		value >>= 8 * (8 - n);
#endif
		ir_store(ir, ir_offset(ir, ir_wrap(d), at), ir_const(ir, value), n);
	}
	if (tail < size)
		ir_zero(ir, ir_offset(ir, ir_wrap(d), tail), size - tail);
}

static LLVMValueRef sized(struct ir *ir, ir_val v, uint32_t size)
{
	LLVMValueRef wide = ir_as_i64(ir, v);

	return size == 4 ? LLVMBuildTrunc(ir->b, wide, ir->i32, "") : wide;
}

/* Relaxed: BPF's plain locked operation where the old value is not used. */
static ir_val atomic(struct ir *ir, LLVMAtomicRMWBinOp op, ir_val ptr, ir_val v, uint32_t size,
		     LLVMAtomicOrdering order)
{
	LLVMValueRef old = LLVMBuildAtomicRMW(ir->b, op, ir_as_ptr(ir, ptr), sized(ir, v, size),
					      order, 0);

	return ir_wrap(size == 4 ? LLVMBuildZExt(ir->b, old, ir->i64, "") : old);
}

ir_val ir_atomic_add_size(struct ir *ir, ir_val ptr, ir_val v, uint32_t size)
{
	return atomic(ir, LLVMAtomicRMWBinOpAdd, ptr, v, size, LLVMAtomicOrderingMonotonic);
}

ir_val ir_atomic_bits(struct ir *ir, enum ir_op op, ir_val ptr, ir_val v, uint32_t size)
{
	LLVMAtomicRMWBinOp how = op == IR_AND  ? LLVMAtomicRMWBinOpAnd
				 : op == IR_OR ? LLVMAtomicRMWBinOpOr
					       : LLVMAtomicRMWBinOpXor;

	return atomic(ir, how, ptr, v, size, LLVMAtomicOrderingSequentiallyConsistent);
}

ir_val ir_atomic_swap(struct ir *ir, ir_val ptr, ir_val v, uint32_t size)
{
	return atomic(ir, LLVMAtomicRMWBinOpXchg, ptr, v, size,
		      LLVMAtomicOrderingSequentiallyConsistent);
}

ir_val ir_atomic_swap_if(struct ir *ir, ir_val ptr, ir_val expected, ir_val v, uint32_t size)
{
	LLVMAtomicOrdering order = LLVMAtomicOrderingSequentiallyConsistent;
	LLVMValueRef both = LLVMBuildAtomicCmpXchg(ir->b, ir_as_ptr(ir, ptr),
						   sized(ir, expected, size), sized(ir, v, size),
						   order, order, 0);
	LLVMValueRef old = LLVMBuildExtractValue(ir->b, both, 0, "");

	return ir_wrap(size == 4 ? LLVMBuildZExt(ir->b, old, ir->i64, "") : old);
}

ir_val ir_atomic_add(struct ir *ir, ir_val ptr, ir_val v)
{
	return ir_atomic_add_size(ir, ptr, v, 8);
}
