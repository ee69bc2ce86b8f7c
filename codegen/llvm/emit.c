/*
 * The end of the way: optimise, and emit an object, assembly or IR text.
 * Compiled programs are small and have few loops, so a short list of function
 * passes does in a fraction of a millisecond what the standard pipeline does
 * in several.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "codegen/llvm/module.h"

/*
 * No pass that invents calls (loop idioms, memcpy forming), none that merges
 * the tails of branches (the verifier follows pointers best on separate paths).
 */
#define PASSES                                                                                     \
	"function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"             \
	"gvn,dse,adce,simplifycfg)"

/* Loops become ones that test at their end, and short ones of a known count are unrolled. */
#define LOOP_PASSES                                                                                \
	"function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"             \
	"loop-simplify,lcssa,loop(loop-rotate,indvars,loop-unroll-full),"                          \
	"sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"                      \
	"gvn,dse,adce,simplifycfg)"

/*
 * Of a pointer that is NULL in one of two blocks, a second test is known in both: older
 * verifiers do not know it of memory in a ring.
 */
#define RING_PASSES "function(jump-threading,instcombine<no-verify-fixpoint>,adce,simplifycfg)"

/* The source of "file:12:0: …", where the line is an index. */
static struct loc loc_of(const struct ir *ir, const char *text)
{
	unsigned line = 0;
	const char *at = strstr(text, DI_FILE ":");

	if (at)
		line = (unsigned)strtoul(at + sizeof(DI_FILE), NULL, 10);
	if (!ir->lines || !line || line > ir->lines->lines.n)
		return LOC_NONE;
	return ir->lines->lines.v[line - 1];
}

/* "file:12:0: in function p0 i32 (ptr): Looks like …" without its head. */
static const char *plain_text(const char *text)
{
	const char *in = strstr(text, "in function ");
	const char *colon = in ? strstr(in, "): ") : NULL;
	return colon ? colon + 3 : text;
}

void ir_llvm_error(struct ir *ir, const char *text)
{
	ir->errors++;
	/* the back end repeats itself for every access beyond its limit */
	if (strstr(text, "stack limit") || strstr(text, "stack exceed")) {
		if (ir->errors == 1)
			diag_error(ir->diags, TOO_LARGE, loc_of(ir, text),
				"a program needs more than the 512 bytes of stack that BPF has");
		return;
	}
	diag_error(ir->diags, INTERNAL, loc_of(ir, text), "code generation: %.300s",
		plain_text(text));
}

static int verify(struct ir *ir)
{
	char *message = NULL;
	int bad = LLVMVerifyModule(ir->module, LLVMReturnStatusAction, &message);

	if (bad)
		ir_llvm_error(ir, message);
	LLVMDisposeMessage(message);
	return bad ? -EINVAL : 0;
}

int ir_optimize(struct ir *ir)
{
	if (ir->finished)
		return ir->errors ? -EINVAL : 0;
	ir->finished = true;
	ir_debug_finish(ir);
	if (ir->verify && verify(ir))
		return -EINVAL;
	LLVMPassBuilderOptionsRef o = LLVMCreatePassBuilderOptions();
	LLVMErrorRef e = LLVMRunPasses(ir->module, ir->loops ? LOOP_PASSES : PASSES, ir->tm, o);
	if (!e && ir->reserves)
		e = LLVMRunPasses(ir->module, RING_PASSES, ir->tm, o);
	LLVMDisposePassBuilderOptions(o);
	if (e) {
		char *text = LLVMGetErrorMessage(e);
		ir_llvm_error(ir, text);
		LLVMDisposeErrorMessage(text);
		return -EINVAL;
	}
	ir_settle_ctx_loads(ir);
	return ir->errors ? -EINVAL : 0;
}

static int emit(struct ir *ir, LLVMCodeGenFileType kind, struct buf *out)
{
	LLVMMemoryBufferRef image = NULL;
	char *message = NULL;
	int err = ir_optimize(ir);

	if (err)
		return err;
	if (LLVMTargetMachineEmitToMemoryBuffer(ir->tm, ir->module, kind, &message, &image)) {
		ir_llvm_error(ir, message);
		LLVMDisposeMessage(message);
		return -EINVAL;
	}
	if (!ir->errors)
		buf_put(out, LLVMGetBufferStart(image), LLVMGetBufferSize(image));
	LLVMDisposeMemoryBuffer(image);
	return ir->errors ? -EINVAL : 0;
}

int ir_emit_object(struct ir *ir, struct buf *out)
{
	return emit(ir, LLVMObjectFile, out);
}

int ir_emit_asm(struct ir *ir, struct buf *out)
{
	return emit(ir, LLVMAssemblyFile, out);
}

void ir_emit_text(struct ir *ir, struct buf *out)
{
	char *text = LLVMPrintModuleToString(ir->module);

	buf_put(out, text, strlen(text));
	LLVMDisposeMessage(text);
}
