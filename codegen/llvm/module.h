/*
 * What the files of codegen/llvm/ share: the module under construction. Nothing
 * outside this folder includes it; everybody else sees codegen/ir.h.
 */
#ifndef CODEGEN_LLVM_MODULE_H
#define CODEGEN_LLVM_MODULE_H

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>

#include "codegen/ir.h"

/* Absolute and absent, so that the back end finds no file of that name to quote lines from. */
#define DI_FILE "/<bcct>"
/* Up to this many bytes copies and fills are unrolled; beyond, a helper does them. */
#define IR_INLINE_BYTES 128

struct ir {
	struct arena *arena;
	struct diags *diags;
	LLVMContextRef ctx;
	LLVMModuleRef module;
	LLVMTargetMachineRef tm;
	LLVMBuilderRef b;       /* where code is built */
	LLVMBuilderRef entry_b; /* allocas, in the entry block */
	LLVMTypeRef i1, i8, i16, i32, i64, ptr;

	LLVMDIBuilderRef dib;
	LLVMMetadataRef file, cu, di_int, di_func; /* di_func: int (void) */
	unsigned dbg_kind;
	unsigned line; /* of what is built from now on; 0: none yet */

	LLVMValueRef fn;
	LLVMMetadataRef sp;
	LLVMBasicBlockRef entry, body;
	bool callback;       /* fn is called back by a helper: returns i64 */
	unsigned ncallbacks; /* for their names */
	LLVMValueRef fn_ctx; /* the context in a callback; NULL: fn's first argument */

	/* Stand-ins for context loads while the optimiser runs, by log2 of the size. */
	LLVMValueRef ctx_load[4];
	LLVMTypeRef ctx_load_type[4];

	const struct manifest *lines; /* to find the source of a line in; or NULL */
	unsigned errors; /* LLVM's diagnostics of severity error */
	bool loops; /* there are some to unroll */
	bool verify; /* that the module is sound, before it is optimised */
	bool reserves; /* memory of a ring is handed to the program */
	unsigned apart;
	bool finished;
};

static inline LLVMValueRef ir_llvm(ir_val v)
{
	return (LLVMValueRef)v;
}

static inline ir_val ir_wrap(LLVMValueRef v)
{
	return (ir_val)v;
}

/* Operands in the form an instruction wants, whatever form they have. */
LLVMValueRef ir_as_i64(struct ir *ir, ir_val v);
LLVMValueRef ir_as_ptr(struct ir *ir, ir_val v);
LLVMValueRef ir_as_i1(struct ir *ir, ir_val v);
LLVMTypeRef ir_int_type(struct ir *ir, uint32_t size);
LLVMAttributeRef ir_attribute(struct ir *ir, const char *name, uint64_t value);

/* module.c: starts a function; section NULL: code that programs call. */
void ir_function_open(struct ir *ir, const char *symbol, LLVMTypeRef type, const char *section);

/* debug.c */
void ir_debug_begin(struct ir *ir);
void ir_debug_function(struct ir *ir, const char *symbol);
void ir_debug_map(struct ir *ir, LLVMValueRef global, const struct map_info *m);
void ir_debug_finish(struct ir *ir);

/* memory.c: turns the stand-ins of context loads into loads. */
void ir_settle_ctx_loads(struct ir *ir);

/* emit.c: a diagnostic from LLVM's text. */
void ir_llvm_error(struct ir *ir, const char *text);

#endif
