/*
 * Callbacks: functions of the object that helpers call back. They are static, as
 * the verifier demands, and described by debug information like programs are.
 */
#include <stdio.h>

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

/* ---- loop bodies ------------------------------------------------------- */

ir_val ir_callback_begin(struct ir *ir, const char *prefix, unsigned nargs, unsigned pointers,
			 struct ir_saved *save)
{
	LLVMTypeRef args[5];
	char name[32];

	*save = (struct ir_saved){
		ir->fn, ir->sp, ir->entry, ir->body, ir->fn_ctx, ir_here(ir), ir->callback,
	};
	for (unsigned i = 0; i < nargs; i++)
		args[i] = pointers & (1u << i) ? ir->ptr : ir->i64;
	snprintf(name, sizeof(name), "bcct_%s%u", prefix, ir->ncallbacks++);
	ir->callback = true;
	ir->fn_ctx = NULL;
	ir_function_open(ir, name, LLVMFunctionType(ir->i64, args, nargs, 0), NULL);
	LLVMSetLinkage(ir->fn, LLVMInternalLinkage);
	return ir_wrap(ir->fn);
}

ir_val ir_arg(struct ir *ir, unsigned i)
{
	return ir_wrap(LLVMGetParam(ir->fn, i));
}

void ir_set_ctx(struct ir *ir, ir_val ctx)
{
	ir->fn_ctx = ir_llvm(ctx);
}

void ir_callback_end(struct ir *ir, const struct ir_saved *save)
{
	ir_function_end(ir);
	ir->fn = save->fn;
	ir->sp = save->sp;
	ir->entry = save->entry;
	ir->body = save->body;
	ir->fn_ctx = save->ctx;
	ir->callback = save->callback;
	LLVMPositionBuilderAtEnd(ir->entry_b, ir->entry);
	ir_at(ir, save->here);
	unsigned line = ir->line;
	ir->line = 0; /* the location belongs to another function now */
	ir_line(ir, line);
}

void ir_call_static(struct ir *ir, ir_val fn, ir_val arg)
{
	LLVMValueRef f = ir_llvm(fn), x = ir_as_i64(ir, arg);

	LLVMBuildCall2(ir->b, LLVMGlobalGetValueType(f), f, &x, 1, "");
}

ir_val ir_each_callback(struct ir *ir)
{
	LLVMValueRef fn = LLVMGetNamedFunction(ir->module, EACH_NAME);

	return ir_wrap(fn ? fn : each_function(ir));
}
