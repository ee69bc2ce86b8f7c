/*
 * kaddr("symbol"): address of a kernel symbol, found when the program is loaded. Used by
 * the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"

static ir_val kaddr_lower(struct lower *l, const struct node *call)
{
	return lower_word(l, WORD_KSYM, call->call.args->str.text, call->call.args->loc);
}

const struct builtin bcct_builtin_kaddr = {
	.name = "kaddr",
	.prototype = "kaddr(strlit symbol) uint64",
	.flags = BUILTIN_CALL,
	.lower = kaddr_lower,
	.doc = "Address of a function or variable of the kernel. It is found when the "
	       "program is loaded, on the machine that runs it.",
	.example = "BEGIN { printf(\"%d\\n\", kaddr(\"vfs_read\") > 0); exit() }",
	.expect = "1\n",
};
#endif
