/*
 * percpu_kaddr("symbol"[, cpu]): address of a CPU's own variable of the kernel. Used by
 * the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

/* &symbol + __per_cpu_offset[cpu] */
static ir_val percpu_kaddr_lower(struct lower *l, const struct node *call)
{
	const struct node *name = call->call.args, *cpu = name->next;
	struct ir *ir = l->ir;
	ir_val n = cpu ? lower_expr(l, cpu)
		       : ir_helper(ir, BPF_FUNC_get_smp_processor_id, 0, NULL);
	ir_val offsets = lower_word(l, WORD_KSYM, "__per_cpu_offset", name->loc);
	ir_val p = lower_temp(l, 8, false);

	offsets = ir_bin(ir, IR_ADD, offsets, ir_bin(ir, IR_SHL, n, ir_const(ir, 3)));
	lower_read(l, SP_KERNEL, offsets, p, 8, call->loc);
	return ir_bin(ir, IR_ADD, ir_load(ir, p, 8, false),
		      lower_word(l, WORD_KSYM, name->str.text, name->loc));
}

const struct builtin bcct_builtin_percpu_kaddr = {
	.name = "percpu_kaddr",
	.prototype = "percpu_kaddr(strlit symbol[, int cpu]) uint64",
	.flags = BUILTIN_CALL,
	.lower = percpu_kaddr_lower,
	.doc = "Address of a per-CPU variable of the kernel, on this processor or the one "
	       "that is given.",
	.example = "BEGIN { printf(\"%d\\n\", percpu_kaddr(\"process_counts\") > 0); exit() }",
	.expect = "1\n",
};
#endif
