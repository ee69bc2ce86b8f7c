/*
 * Debug information, from which LLVM's BPF back end makes BTF: definitions of
 * maps, one function record per program, and lines. A line number is not a
 * line of the user's source but an index into the manifest's lines, which hold
 * exact byte ranges.
 */
#include <linux/bpf.h>
#include <string.h>

#include "codegen/llvm/module.h"

static LLVMMetadataRef int_type(struct ir *ir)
{
	if (!ir->di_int) /* 5: DW_ATE_signed */
		ir->di_int = LLVMDIBuilderCreateBasicType(
			ir->dib, "int", 3, 32, 5, LLVMDIFlagZero);
	return ir->di_int;
}

static void module_flag(struct ir *ir, const char *name, unsigned value)
{
	LLVMValueRef v = LLVMConstInt(ir->i32, value, 0);
	LLVMAddModuleFlag(ir->module, LLVMModuleFlagBehaviorWarning, name, strlen(name),
		LLVMValueAsMetadata(v));
}

void ir_debug_begin(struct ir *ir)
{
	ir->dib = LLVMCreateDIBuilder(ir->module);
	ir->dbg_kind = LLVMGetMDKindIDInContext(ir->ctx, "dbg", 3);
	module_flag(ir, "Debug Info Version", LLVMDebugMetadataVersion());
	/*
	 * BTF is wanted, DWARF is not: it would be a third of the object and of the
	 * time to emit it. A module that asks for another debug format and names
	 * no DWARF version gets none.
	 */
	module_flag(ir, "CodeView", 1);
	ir->file = LLVMDIBuilderCreateFile(ir->dib, DI_FILE, strlen(DI_FILE), "", 0);
	ir->cu = LLVMDIBuilderCreateCompileUnit(ir->dib, LLVMDWARFSourceLanguageC11, ir->file,
		"bcct", 4, 1, "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0, 0, 0, "", 0, "", 0);
	LLVMMetadataRef ret = int_type(ir);
	ir->di_func = LLVMDIBuilderCreateSubroutineType(
		ir->dib, ir->file, &ret, 1, LLVMDIFlagZero);
}

void ir_debug_function(struct ir *ir, const char *symbol)
{
	unsigned line = ir->line ? ir->line : 1;

	ir->sp = LLVMDIBuilderCreateFunction(ir->dib, ir->file, symbol, strlen(symbol), "", 0,
		ir->file, line, ir->di_func, ir->callback, 1, line, LLVMDIFlagZero, 1);
	LLVMSetSubprogram(ir->fn, ir->sp);
	ir->line = 0;
	ir_line(ir, line);
}

void ir_line(struct ir *ir, unsigned line)
{
	if (ir->line == line)
		return;
	ir->line = line;
	if (!ir->sp || !ir->fn)
		return;
	LLVMSetCurrentDebugLocation2(ir->b,
		LLVMDIBuilderCreateDebugLocation(ir->ctx, line, 0, ir->sp, NULL));
}

void ir_debug_finish(struct ir *ir)
{
	LLVMDIBuilderFinalize(ir->dib);
}

/* ---- maps: struct { int (*type)[1]; int (*max_entries)[4096]; … } ---------- */

struct map_def {
	LLVMMetadataRef members[6];
	unsigned n;
};

static LLVMMetadataRef pointer_to(struct ir *ir, LLVMMetadataRef to)
{
	return LLVMDIBuilderCreatePointerType(ir->dib, to, 64, 64, 0, "", 0);
}

static LLVMMetadataRef array_of(struct ir *ir, LLVMMetadataRef elem, unsigned bits, unsigned n)
{
	LLVMMetadataRef range = LLVMDIBuilderGetOrCreateSubrange(ir->dib, 0, n);
	return LLVMDIBuilderCreateArrayType(
		ir->dib, (uint64_t)n * bits, bits, elem, &range, 1);
}

static void def_member(struct ir *ir, struct map_def *def, const char *name,
		       LLVMMetadataRef type, unsigned bits)
{
	def->members[def->n] = LLVMDIBuilderCreateMemberType(ir->dib, ir->file, name, strlen(name),
		ir->file, 0, bits, 64, def->n * 64, LLVMDIFlagZero, type);
	def->n++;
}

static void def_uint(struct ir *ir, struct map_def *def, const char *name, unsigned value)
{
	def_member(ir, def, name, pointer_to(ir, array_of(ir, int_type(ir), 32, value)), 64);
}

static LLVMMetadataRef def_finish(struct ir *ir, struct map_def *def)
{
	return LLVMDIBuilderCreateStructType(ir->dib, ir->file, "", 0, ir->file, 0, def->n * 64,
		64, LLVMDIFlagZero, NULL, def->members, def->n, 0, NULL, "", 0);
}

static unsigned kernel_type(enum map_role role)
{
	switch (role) {
	case MAPR_NAMES:
	case MAPR_USDT:
	case MAPR_HASH: return BPF_MAP_TYPE_HASH;
	case MAPR_AGG_HASH: return BPF_MAP_TYPE_PERCPU_HASH;
	case MAPR_RING: return BPF_MAP_TYPE_RINGBUF;
	case MAPR_AGG_SCALAR:
	case MAPR_LOSS: return BPF_MAP_TYPE_PERCPU_ARRAY;
	case MAPR_SCRATCH:
	case MAPR_SCALAR:
	case MAPR_ZERO:
	case MAPR_CONFIG:
	case MAPR_C:
	case MAPR_COUNT: break;
	}
	return BPF_MAP_TYPE_ARRAY;
}

/* Storage that belongs to tasks, inodes or sockets: the kernel wants types, not sizes. */
static bool is_storage(const struct map_info *m)
{
	return m->kernel_type == BPF_MAP_TYPE_SK_STORAGE ||
	       m->kernel_type == BPF_MAP_TYPE_INODE_STORAGE ||
	       m->kernel_type == BPF_MAP_TYPE_TASK_STORAGE;
}

static LLVMMetadataRef map_struct(struct ir *ir, const struct map_info *m)
{
	struct map_def def = { .n = 0 };

	def_uint(ir, &def, "type", m->kernel_type ? m->kernel_type : kernel_type(m->role));
	def_uint(ir, &def, "max_entries", m->max_entries);
	if (m->kernel_flags)
		def_uint(ir, &def, "map_flags", m->kernel_flags);
	if (is_storage(m)) {
		LLVMMetadataRef byte =
			LLVMDIBuilderCreateBasicType(ir->dib, "char", 4, 8, 6, LLVMDIFlagZero);

		def_member(ir, &def, "key", pointer_to(ir, int_type(ir)), 64);
		def_member(ir, &def, "value",
			   pointer_to(ir, array_of(ir, byte, 8, m->value_size)), 64);
	} else if (m->role != MAPR_RING && (m->key_size || m->value_size)) {
		def_uint(ir, &def, "key_size", m->key_size);
		def_uint(ir, &def, "value_size", m->value_size);
	}
	if (m->inner)
		def_member(ir, &def, "values",
			   array_of(ir, pointer_to(ir, map_struct(ir, m->inner)), 64, 0), 0);
	return def_finish(ir, &def);
}

/* An array of one map, which the runtime replaces as a whole; inner is the map's own definition. */
static LLVMMetadataRef outer_struct(struct ir *ir, LLVMMetadataRef inner)
{
	struct map_def def = { .n = 0 };

	def_uint(ir, &def, "type", BPF_MAP_TYPE_ARRAY_OF_MAPS);
	def_uint(ir, &def, "max_entries", 1);
	def_uint(ir, &def, "key_size", 4);
	def_uint(ir, &def, "value_size", 4);
	def_member(ir, &def, "values", array_of(ir, pointer_to(ir, inner), 64, 0), 0);
	return def_finish(ir, &def);
}

void ir_debug_map(struct ir *ir, LLVMValueRef global, const struct map_info *m)
{
	LLVMMetadataRef type = map_struct(ir, m);

	if (m->swap)
		type = outer_struct(ir, type);
	LLVMMetadataRef expr = LLVMDIBuilderCreateExpression(ir->dib, NULL, 0);
	LLVMMetadataRef var = LLVMDIBuilderCreateGlobalVariableExpression(ir->dib, ir->cu,
		m->symbol, strlen(m->symbol), "", 0, ir->file, 0, type, 0, expr, NULL, 64);
	LLVMGlobalSetMetadata(global, ir->dbg_kind, var);
}
