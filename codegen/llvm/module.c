/*
 * The module: LLVM's context, target machine and diagnostics, functions, maps
 * and sections. Called by codegen/ through ir.h. Only the BPF target exists in
 * this build, which is most of why the compiler starts in a millisecond.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/ErrorHandling.h>

#include "codegen/llvm/module.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define TRIPLE "bpfeb"
#else
#define TRIPLE "bpfel"
#endif
#define CPU "v3"

/*
 * LLVM's fatal errors have no context and must not return; LLVM keeps one
 * handler per process. The compiler's process sets what is to happen then.
 */
static _Thread_local void (*fatal_call)(void *user, const char *text);
static _Thread_local void *fatal_user;

static void on_fatal(const char *text)
{
	if (fatal_call)
		fatal_call(fatal_user, text);
	_Exit(70);
}

void ir_on_fatal(void (*call)(void *user, const char *text), void *user)
{
	fatal_call = call;
	fatal_user = user;
}

static void on_diagnostic(LLVMDiagnosticInfoRef info, void *user)
{
	struct ir *ir = user;

	if (LLVMGetDiagInfoSeverity(info) != LLVMDSError)
		return;
	char *text = LLVMGetDiagInfoDescription(info);
	ir_llvm_error(ir, text);
	LLVMDisposeMessage(text);
}

LLVMAttributeRef ir_attribute(struct ir *ir, const char *name, uint64_t value)
{
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
	return LLVMCreateEnumAttribute(ir->ctx, kind, value);
}

LLVMTypeRef ir_int_type(struct ir *ir, uint32_t size)
{
	return size == 1 ? ir->i8 : size == 2 ? ir->i16 : size == 4 ? ir->i32 : ir->i64;
}

static LLVMTargetMachineRef machine_new(void)
{
	LLVMTargetRef target;
	char *error = NULL;

	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmPrinter();
	if (LLVMGetTargetFromTriple(TRIPLE, &target, &error)) {
		LLVMDisposeMessage(error);
		return NULL;
	}
	return LLVMCreateTargetMachine(target, TRIPLE, CPU, "", LLVMCodeGenLevelDefault,
		LLVMRelocDefault, LLVMCodeModelDefault);
}

/* A constant array of bytes in a section of its own. */
static LLVMValueRef bytes_global(struct ir *ir, const char *name, const char *section,
				 const void *data, uint32_t len)
{
	LLVMValueRef init = LLVMConstStringInContext(ir->ctx, data, len, 1);
	LLVMValueRef g = LLVMAddGlobal(ir->module, LLVMTypeOf(init), name);

	LLVMSetInitializer(g, init);
	LLVMSetSection(g, section);
	LLVMSetAlignment(g, 1);
	LLVMSetGlobalConstant(g, 1);
	return g;
}

ir_val ir_global(struct ir *ir, const void *data, uint32_t size, uint32_t align, bool constant)
{
	LLVMValueRef g = bytes_global(ir, "", constant ? ".rodata" : ".data", data, size);

	LLVMSetAlignment(g, align);
	LLVMSetGlobalConstant(g, constant);
	LLVMSetLinkage(g, LLVMInternalLinkage);
	return ir_wrap(g);
}

struct ir *ir_new(struct arena *a, struct diags *d)
{
	struct ir *ir = arena_new_of(a, struct ir);

	ir->arena = a;
	ir->diags = d;
#ifdef BCCT_SANITIZE
	ir->verify = true;
#endif
	LLVMInstallFatalErrorHandler(on_fatal);
	ir->tm = machine_new();
	if (!ir->tm) {
		diag_error(d, INTERNAL, LOC_NONE, "LLVM has no BPF target");
		return NULL;
	}
	ir->ctx = LLVMContextCreate();
	LLVMContextSetDiagnosticHandler(ir->ctx, on_diagnostic, ir);
	LLVMContextSetDiscardValueNames(ir->ctx, 1);
	ir->module = LLVMModuleCreateWithNameInContext("bcct", ir->ctx);
	LLVMSetTarget(ir->module, TRIPLE);
	LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(ir->tm);
	LLVMSetModuleDataLayout(ir->module, layout);
	LLVMDisposeTargetData(layout);
	ir->b = LLVMCreateBuilderInContext(ir->ctx);
	ir->entry_b = LLVMCreateBuilderInContext(ir->ctx);
	ir->i1 = LLVMInt1TypeInContext(ir->ctx);
	ir->i8 = LLVMInt8TypeInContext(ir->ctx);
	ir->i16 = LLVMInt16TypeInContext(ir->ctx);
	ir->i32 = LLVMInt32TypeInContext(ir->ctx);
	ir->i64 = LLVMInt64TypeInContext(ir->ctx);
	ir->ptr = LLVMPointerTypeInContext(ir->ctx, 0);
	ir_debug_begin(ir);
	bytes_global(ir, "_license", "license", "GPL", 4);
	return ir;
}

void ir_verify(struct ir *ir)
{
	ir->verify = true;
}

void ir_license(struct ir *ir, const char *text)
{
	LLVMValueRef old = LLVMGetNamedGlobal(ir->module, "_license");

	if (old)
		LLVMDeleteGlobal(old);
	bytes_global(ir, "_license", "license", text, strlen(text) + 1);
}

void ir_lines(struct ir *ir, const struct manifest *m)
{
	ir->lines = m;
}

void ir_free(struct ir *ir)
{
	if (!ir)
		return;
	LLVMDisposeDIBuilder(ir->dib);
	LLVMDisposeBuilder(ir->b);
	LLVMDisposeBuilder(ir->entry_b);
	LLVMDisposeModule(ir->module);
	LLVMContextDispose(ir->ctx);
	LLVMDisposeTargetMachine(ir->tm);
}

void ir_section(struct ir *ir, const char *section, const void *data, uint32_t len)
{
	char name[64];

	snprintf(name, sizeof(name), "_%s", section[0] == '.' ? section + 1 : section);
	bytes_global(ir, name, section, data, len);
}

/* ---- functions --------------------------------------------------------- */

void ir_function_open(struct ir *ir, const char *symbol, LLVMTypeRef type, const char *section)
{
	ir->fn = LLVMAddFunction(ir->module, symbol, type);
	if (section)
		LLVMSetSection(ir->fn, section);
	LLVMAddAttributeAtIndex(
		ir->fn, LLVMAttributeFunctionIndex, ir_attribute(ir, "nounwind", 0));
	/* nothing may be turned into a call of memset, memcpy or strlen: BPF has none */
	LLVMAddAttributeAtIndex(ir->fn, LLVMAttributeFunctionIndex,
		LLVMCreateStringAttribute(ir->ctx, "no-builtins", 11, "", 0));
	ir->entry = LLVMAppendBasicBlockInContext(ir->ctx, ir->fn, "");
	ir->body = LLVMAppendBasicBlockInContext(ir->ctx, ir->fn, "");
	LLVMPositionBuilderAtEnd(ir->entry_b, ir->entry);
	LLVMPositionBuilderAtEnd(ir->b, ir->body);
	ir_debug_function(ir, symbol);
}

void ir_function_begin(struct ir *ir, const char *symbol, const char *section)
{
	ir_function_open(ir, symbol, LLVMFunctionType(ir->i32, &ir->ptr, 1, 0), section);
}

void ir_function_end(struct ir *ir)
{
	LLVMValueRef zero = LLVMConstInt(ir->callback ? ir->i64 : ir->i32, 0, 0);

	LLVMBuildBr(ir->entry_b, ir->body);
	LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(ir->fn);
	for (; b; b = LLVMGetNextBasicBlock(b)) {
		if (LLVMGetBasicBlockTerminator(b))
			continue;
		LLVMPositionBuilderAtEnd(ir->b, b);
		LLVMBuildRet(ir->b, zero);
	}
	ir->fn = NULL;
}

ir_val ir_ctx(struct ir *ir)
{
	return ir_wrap(ir->fn_ctx ? ir->fn_ctx : LLVMGetParam(ir->fn, 0));
}

void ir_return_value(struct ir *ir, ir_val v)
{
	LLVMTypeRef type = ir->callback ? ir->i64 : ir->i32;

	LLVMBuildRet(ir->b, LLVMBuildTruncOrBitCast(ir->b, ir_as_i64(ir, v), type, ""));
	ir_at(ir, ir_block_new(ir, ""));
}

void ir_return(struct ir *ir, uint64_t value)
{
	LLVMBuildRet(ir->b, LLVMConstInt(ir->callback ? ir->i64 : ir->i32, value, 0));
	ir_at(ir, ir_block_new(ir, ""));
}

/* ---- maps -------------------------------------------------------------- */

/* Pointers stand for the members of a map's definition; libbpf reads their debug types only. */
void ir_map(struct ir *ir, const struct map_info *m)
{
	bool sized = m->role != MAPR_RING && (m->key_size || m->value_size);
	unsigned members = !sized ? 2 : m->swap ? 5 : 4;

	members += (m->kernel_flags != 0) + (m->inner != NULL);
	LLVMTypeRef type = LLVMArrayType2(ir->ptr, members);
	LLVMValueRef old = LLVMGetNamedGlobal(ir->module, m->symbol);

	if (old)
		LLVMSetValueName2(old, "", 0);
	LLVMValueRef g = LLVMAddGlobal(ir->module, type, m->symbol);
	LLVMSetInitializer(g, LLVMConstNull(type));
	LLVMSetSection(g, ".maps");
	LLVMSetAlignment(g, 8);
	if (old) {
		LLVMReplaceAllUsesWith(old, g);
		LLVMDeleteGlobal(old);
	}
	ir_debug_map(ir, g, m);
}

/* A map may be used before it is described: how large scratch must be is known last. */
ir_val ir_map_ptr(struct ir *ir, const char *symbol)
{
	LLVMValueRef g = LLVMGetNamedGlobal(ir->module, symbol);

	if (!g)
		g = LLVMAddGlobal(ir->module, ir->i64, symbol);
	return ir_wrap(g);
}
