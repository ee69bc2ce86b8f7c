/*
 * Callbacks: functions of the object that helpers call back. They are static, as
 * the verifier demands, and described by debug information like programs are.
 */
#include "codegen/llvm/module.h"

#define EACH_NAME "bcct_each"

/* static long bcct_each(map, key, value, ctx) { return 0; } */
static LLVMValueRef each_function(struct ir *ir)
{
	LLVMTypeRef args[4] = { ir->ptr, ir->ptr, ir->ptr, ir->ptr };
	LLVMValueRef fn = LLVMAddFunction(ir->module, EACH_NAME,
		LLVMFunctionType(ir->i64, args, 4, 0));
	LLVMMetadataRef sp = LLVMDIBuilderCreateFunction(ir->dib, ir->file, EACH_NAME,
		sizeof(EACH_NAME) - 1, "", 0, ir->file, 1, ir->di_func, 1, 1, 1, LLVMDIFlagZero, 1);
	LLVMBuilderRef b = LLVMCreateBuilderInContext(ir->ctx);

	LLVMSetLinkage(fn, LLVMInternalLinkage);
	LLVMSetSubprogram(fn, sp);
	LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(ir->ctx, fn, ""));
	LLVMSetCurrentDebugLocation2(b, LLVMDIBuilderCreateDebugLocation(ir->ctx, 1, 0, sp, NULL));
	LLVMBuildRet(b, LLVMConstInt(ir->i64, 0, 0));
	LLVMDisposeBuilder(b);
	return fn;
}

ir_val ir_each_callback(struct ir *ir)
{
	LLVMValueRef fn = LLVMGetNamedFunction(ir->module, EACH_NAME);

	return ir_wrap(fn ? fn : each_function(ir));
}
