/*
 * Values and control flow: constants, arithmetic, comparisons, branches, helper
 * calls. Operands are brought into the form an instruction wants, so that no
 * mixture of integers, truth values and pointers can build an invalid module.
 */
#include <linux/bpf.h>

#include <llvm-c/DebugInfo.h>

#include "codegen/llvm/module.h"

static LLVMTypeKind kind_of(ir_val v)
{
	return LLVMGetTypeKind(LLVMTypeOf(ir_llvm(v)));
}

LLVMValueRef ir_as_i64(struct ir *ir, ir_val v)
{
	if (kind_of(v) == LLVMPointerTypeKind)
		return LLVMBuildPtrToInt(ir->b, ir_llvm(v), ir->i64, "");
	if (LLVMTypeOf(ir_llvm(v)) == ir->i1)
		return LLVMBuildZExt(ir->b, ir_llvm(v), ir->i64, "");
	return ir_llvm(v);
}

LLVMValueRef ir_as_ptr(struct ir *ir, ir_val v)
{
	if (kind_of(v) == LLVMPointerTypeKind)
		return ir_llvm(v);
	return LLVMBuildIntToPtr(ir->b, ir_as_i64(ir, v), ir->ptr, "");
}

LLVMValueRef ir_as_i1(struct ir *ir, ir_val v)
{
	if (LLVMTypeOf(ir_llvm(v)) == ir->i1)
		return ir_llvm(v);
	return LLVMBuildIsNotNull(ir->b, ir_llvm(v), "");
}

ir_val ir_const(struct ir *ir, uint64_t v)
{
	return ir_wrap(LLVMConstInt(ir->i64, v, 0));
}

ir_val ir_null(struct ir *ir)
{
	return ir_wrap(LLVMConstNull(ir->ptr));
}

bool ir_is_ptr(struct ir *ir, ir_val v)
{
	(void)ir;
	return kind_of(v) == LLVMPointerTypeKind;
}

bool ir_const_value(struct ir *ir, ir_val v, uint64_t *out)
{
	(void)ir;
	LLVMValueRef c = LLVMIsAConstantInt(ir_llvm(v));
	if (!c)
		return false;
	*out = LLVMConstIntGetZExtValue(c);
	return true;
}

/* ---- arithmetic -------------------------------------------------------- */

/* x with the sign of s, which is 0 or -1: (x ^ s) - s. */
static LLVMValueRef apply_sign(struct ir *ir, LLVMValueRef x, LLVMValueRef s)
{
	return LLVMBuildSub(ir->b, LLVMBuildXor(ir->b, x, s, ""), s, "");
}

/*
 * BPF divides unsigned only (before version 4 of its instruction set), so the
 * magnitudes are divided and the sign put back; the remainder has a's sign.
 */
static LLVMValueRef signed_divide(struct ir *ir, bool rem, LLVMValueRef a, LLVMValueRef b)
{
	LLVMValueRef bits = LLVMConstInt(ir->i64, 63, 0);
	LLVMValueRef sa = LLVMBuildAShr(ir->b, a, bits, "");
	LLVMValueRef sb = LLVMBuildAShr(ir->b, b, bits, "");
	LLVMValueRef ua = apply_sign(ir, a, sa), ub = apply_sign(ir, b, sb);

	if (rem)
		return apply_sign(ir, LLVMBuildURem(ir->b, ua, ub, ""), sa);
	return apply_sign(
		ir, LLVMBuildUDiv(ir->b, ua, ub, ""), LLVMBuildXor(ir->b, sa, sb, ""));
}

/* The CPU uses the low six bits of a shift count; LLVM calls more undefined. */
static LLVMValueRef shift_count(struct ir *ir, LLVMValueRef b)
{
	return LLVMBuildAnd(ir->b, b, LLVMConstInt(ir->i64, 63, 0), "");
}

ir_val ir_bin(struct ir *ir, enum ir_op op, ir_val va, ir_val vb)
{
	LLVMValueRef a = ir_as_i64(ir, va), b = ir_as_i64(ir, vb), r = NULL;

	switch (op) {
	case IR_ADD: r = LLVMBuildAdd(ir->b, a, b, ""); break;
	case IR_SUB: r = LLVMBuildSub(ir->b, a, b, ""); break;
	case IR_MUL: r = LLVMBuildMul(ir->b, a, b, ""); break;
	case IR_UDIV: r = LLVMBuildUDiv(ir->b, a, b, ""); break;
	case IR_UREM: r = LLVMBuildURem(ir->b, a, b, ""); break;
	case IR_SDIV: r = signed_divide(ir, false, a, b); break;
	case IR_SREM: r = signed_divide(ir, true, a, b); break;
	case IR_AND: r = LLVMBuildAnd(ir->b, a, b, ""); break;
	case IR_OR: r = LLVMBuildOr(ir->b, a, b, ""); break;
	case IR_XOR: r = LLVMBuildXor(ir->b, a, b, ""); break;
	case IR_SHL: r = LLVMBuildShl(ir->b, a, shift_count(ir, b), ""); break;
	case IR_LSHR: r = LLVMBuildLShr(ir->b, a, shift_count(ir, b), ""); break;
	case IR_ASHR: r = LLVMBuildAShr(ir->b, a, shift_count(ir, b), ""); break;
	}
	return ir_wrap(r);
}

ir_val ir_icmp(struct ir *ir, enum ir_cmp op, ir_val a, ir_val b)
{
	static const LLVMIntPredicate predicates[] = {
		[IR_EQ] = LLVMIntEQ, [IR_NE] = LLVMIntNE, [IR_ULT] = LLVMIntULT,
		[IR_ULE] = LLVMIntULE, [IR_UGT] = LLVMIntUGT, [IR_UGE] = LLVMIntUGE,
		[IR_SLT] = LLVMIntSLT, [IR_SLE] = LLVMIntSLE, [IR_SGT] = LLVMIntSGT,
		[IR_SGE] = LLVMIntSGE,
	};
	LLVMValueRef la = ir_llvm(a), lb = ir_llvm(b);

	if (kind_of(a) != LLVMPointerTypeKind || kind_of(b) != LLVMPointerTypeKind) {
		la = ir_as_i64(ir, a);
		lb = ir_as_i64(ir, b);
	}
	return ir_wrap(LLVMBuildICmp(ir->b, predicates[op], la, lb, ""));
}

ir_val ir_select(struct ir *ir, ir_val cond, ir_val a, ir_val b)
{
	LLVMValueRef la = ir_llvm(a), lb = ir_llvm(b);

	if (LLVMTypeOf(la) != LLVMTypeOf(lb)) {
		la = ir_as_i64(ir, a);
		lb = ir_as_i64(ir, b);
	}
	return ir_wrap(LLVMBuildSelect(ir->b, ir_as_i1(ir, cond), la, lb, ""));
}

ir_val ir_bool(struct ir *ir, ir_val i1)
{
	return ir_wrap(LLVMBuildZExt(ir->b, ir_as_i1(ir, i1), ir->i64, ""));
}

ir_val ir_truth(struct ir *ir, ir_val v)
{
	return ir_wrap(ir_as_i1(ir, v));
}

ir_val ir_ext(struct ir *ir, ir_val v, uint32_t size, bool is_signed)
{
	LLVMValueRef x = ir_as_i64(ir, v);

	if (size >= 8)
		return ir_wrap(x);
	x = LLVMBuildTrunc(ir->b, x, ir_int_type(ir, size), "");
	return ir_wrap(is_signed ? LLVMBuildSExt(ir->b, x, ir->i64, "")
				 : LLVMBuildZExt(ir->b, x, ir->i64, ""));
}

ir_val ir_ptr_to_int(struct ir *ir, ir_val ptr)
{
	return ir_wrap(ir_as_i64(ir, ptr));
}

/* Empty inline assembly: its result is the operand, but the optimiser cannot know. */
static ir_val hidden(struct ir *ir, ir_val v, bool in_order)
{
	LLVMValueRef x = ir_llvm(v);
	LLVMTypeRef t = LLVMTypeOf(x);
	LLVMTypeRef fn = LLVMFunctionType(t, &t, 1, 0);
	LLVMValueRef as = LLVMGetInlineAsm(
		fn, "", 0, "=r,0", 4, in_order, 0, LLVMInlineAsmDialectATT, 0);

	return ir_wrap(LLVMBuildCall2(ir->b, fn, as, &x, 1, ""));
}

ir_val ir_opaque(struct ir *ir, ir_val v)
{
	return hidden(ir, v, true);
}

ir_val ir_index(struct ir *ir, ir_val v)
{
	return LLVMIsConstant(ir_llvm(v)) ? v : hidden(ir, v, false);
}

void ir_reserves(struct ir *ir)
{
	ir->reserves = true;
}

ir_val ir_apart(struct ir *ir, ir_val i1)
{
	LLVMTypeRef t = LLVMInt1TypeInContext(ir->ctx), types[] = { t, t };
	unsigned id = LLVMLookupIntrinsicID("llvm.bpf.passthrough", 20);
	LLVMValueRef fn = LLVMGetIntrinsicDeclaration(ir->module, id, types, 2);
	LLVMValueRef args[] = { LLVMConstInt(ir->i32, ir->apart++, 0), ir_as_i1(ir, i1) };

	if (LLVMIsConstant(args[1]))
		return i1;
	return ir_wrap(LLVMBuildCall2(ir->b, LLVMGlobalGetValueType(fn), fn, args, 2, ""));
}

ir_val ir_bswap(struct ir *ir, ir_val v, uint32_t size)
{
	if (size < 2)
		return ir_ext(ir, v, 1, false);
	LLVMTypeRef t = ir_int_type(ir, size);
	unsigned id = LLVMLookupIntrinsicID("llvm.bswap", 10);
	LLVMValueRef fn = LLVMGetIntrinsicDeclaration(ir->module, id, &t, 1);
	LLVMValueRef x = LLVMBuildTrunc(ir->b, ir_as_i64(ir, v), t, "");

	x = LLVMBuildCall2(ir->b, LLVMGlobalGetValueType(fn), fn, &x, 1, "");
	return ir_wrap(LLVMBuildZExt(ir->b, x, ir->i64, ""));
}

/* ---- control flow ------------------------------------------------------ */

ir_block ir_block_new(struct ir *ir, const char *name)
{
	return (ir_block)LLVMAppendBasicBlockInContext(ir->ctx, ir->fn, name);
}

void ir_br(struct ir *ir, ir_block to)
{
	if (!LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(ir->b)))
		LLVMBuildBr(ir->b, (LLVMBasicBlockRef)to);
}

static LLVMValueRef cond_br(struct ir *ir, ir_val i1, ir_block yes, ir_block no)
{
	return LLVMBuildCondBr(
		ir->b, ir_as_i1(ir, i1), (LLVMBasicBlockRef)yes, (LLVMBasicBlockRef)no);
}

void ir_cond(struct ir *ir, ir_val i1, ir_block yes, ir_block no)
{
	cond_br(ir, i1, yes, no);
}

/* A loop's property: !{self, !{"llvm.loop.unroll.…"}}. */
static void loop_property(struct ir *ir, LLVMValueRef branch, int count)
{
	LLVMMetadataRef word[2], list[2], node;

	word[1] = LLVMValueAsMetadata(LLVMConstInt(ir->i32, (unsigned)count, 0));
	word[0] = count > 0 ? LLVMMDStringInContext2(ir->ctx, "llvm.loop.unroll.count", 22)
			    : LLVMMDStringInContext2(ir->ctx, "llvm.loop.unroll.full", 21);
	list[0] = LLVMTemporaryMDNode(ir->ctx, NULL, 0);
	list[1] = LLVMMDNodeInContext2(ir->ctx, word, count > 0 ? 2 : 1);
	node = LLVMMDNodeInContext2(ir->ctx, list, 2);
	LLVMMetadataReplaceAllUsesWith(list[0], node);
	LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(ir->ctx, "llvm.loop", 9),
		LLVMMetadataAsValue(ir->ctx, node));
}

void ir_again(struct ir *ir, ir_block head, int count)
{
	LLVMValueRef branch;

	if (LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(ir->b)))
		return;
	branch = LLVMBuildBr(ir->b, (LLVMBasicBlockRef)head);
	if (count)
		loop_property(ir, branch, count);
	ir->loops = true;
}

void ir_cond_unlikely(struct ir *ir, ir_val i1, ir_block unlikely, ir_block likely)
{
	LLVMValueRef br = cond_br(ir, i1, unlikely, likely);
	LLVMMetadataRef md[] = {
		LLVMMDStringInContext2(ir->ctx, "branch_weights", 14),
		LLVMValueAsMetadata(LLVMConstInt(ir->i32, 1, 0)),
		LLVMValueAsMetadata(LLVMConstInt(ir->i32, 2000, 0)),
	};
	LLVMMetadataRef node = LLVMMDNodeInContext2(ir->ctx, md, 3);
	LLVMSetMetadata(br, LLVMGetMDKindIDInContext(ir->ctx, "prof", 4),
		LLVMMetadataAsValue(ir->ctx, node));
}

void ir_at(struct ir *ir, ir_block b)
{
	LLVMPositionBuilderAtEnd(ir->b, (LLVMBasicBlockRef)b);
}

ir_block ir_here(struct ir *ir)
{
	return (ir_block)LLVMGetInsertBlock(ir->b);
}

/* A phi's operand as i64, converted at the end of the block it comes from. */
static LLVMValueRef phi_operand(struct ir *ir, ir_val v, ir_block from)
{
	LLVMBasicBlockRef here = LLVMGetInsertBlock(ir->b);
	LLVMValueRef end = LLVMGetBasicBlockTerminator((LLVMBasicBlockRef)from);

	if (end)
		LLVMPositionBuilderBefore(ir->b, end);
	else
		LLVMPositionBuilderAtEnd(ir->b, (LLVMBasicBlockRef)from);
	LLVMValueRef x = ir_as_i64(ir, v);
	LLVMPositionBuilderAtEnd(ir->b, here);
	return x;
}

ir_val ir_phi(struct ir *ir, ir_val a, ir_block from_a, ir_val b, ir_block from_b)
{
	LLVMValueRef values[] = { ir_llvm(a), ir_llvm(b) };
	LLVMBasicBlockRef blocks[] = { (LLVMBasicBlockRef)from_a, (LLVMBasicBlockRef)from_b };

	if (LLVMTypeOf(values[0]) != LLVMTypeOf(values[1])) {
		values[0] = phi_operand(ir, a, from_a);
		values[1] = phi_operand(ir, b, from_b);
	}
	LLVMValueRef phi = LLVMBuildPhi(ir->b, LLVMTypeOf(values[0]), "");
	LLVMAddIncoming(phi, values, blocks, 2);
	return ir_wrap(phi);
}

/* ---- helpers ----------------------------------------------------------- */

/* Helpers whose result cannot change while one program runs: repeated calls are merged. */
static bool is_pure(int id)
{
	switch (id) {
	case BPF_FUNC_get_current_pid_tgid:
	case BPF_FUNC_get_current_uid_gid:
	case BPF_FUNC_get_current_task:
	case BPF_FUNC_get_current_task_btf:
	case BPF_FUNC_get_smp_processor_id:
	case BPF_FUNC_get_current_cgroup_id:
	case BPF_FUNC_get_attach_cookie:
	case BPF_FUNC_get_func_ip:
		return true;
	default:
		return false;
	}
}

static LLVMValueRef helper(struct ir *ir, LLVMTypeRef ret, int id, unsigned n, const ir_val *args)
{
	LLVMTypeRef types[5];
	LLVMValueRef values[5];

	if (n > 5)
		n = 5;
	for (unsigned i = 0; i < n; i++) {
		values[i] = ir_llvm(args[i]);
		if (LLVMTypeOf(values[i]) == ir->i1)
			values[i] = ir_as_i64(ir, args[i]);
		types[i] = LLVMTypeOf(values[i]);
	}
	LLVMTypeRef fn = LLVMFunctionType(ret, types, n, 0);
	LLVMValueRef to = LLVMConstIntToPtr(LLVMConstInt(ir->i64, id, 0), ir->ptr);
	LLVMValueRef call = LLVMBuildCall2(ir->b, fn, to, values, n, "");
	LLVMAttributeIndex at = LLVMAttributeFunctionIndex;
	LLVMAddCallSiteAttribute(call, at, ir_attribute(ir, "nounwind", 0));
	if (is_pure(id)) {
		LLVMAddCallSiteAttribute(call, at, ir_attribute(ir, "memory", 0));
		LLVMAddCallSiteAttribute(call, at, ir_attribute(ir, "willreturn", 0));
	}
	return call;
}

/* Before Linux 6.4 a map's own function is called, which returns an int: its upper half is zero. */
static bool returns_int(int id)
{
	switch (id) {
	case BPF_FUNC_map_update_elem:
	case BPF_FUNC_map_delete_elem:
	case BPF_FUNC_map_push_elem:
	case BPF_FUNC_map_pop_elem:
	case BPF_FUNC_map_peek_elem: return true;
	default: return false;
	}
}

ir_val ir_helper(struct ir *ir, int id, unsigned n, const ir_val *args)
{
	ir_val r = ir_wrap(helper(ir, ir->i64, id, n, args));

	return returns_int(id) ? ir_ext(ir, r, 4, true) : r;
}

ir_val ir_helper_ptr(struct ir *ir, int id, unsigned n, const ir_val *args)
{
	return ir_wrap(helper(ir, ir->ptr, id, n, args));
}
