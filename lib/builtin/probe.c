/*
 * probe: name of the probe that fired. BPF code carries the attach cookie only;
 * the runtime turns it into text. Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void probe_check(struct check *k, struct node *n)
{
	n->type = type_simple(k->types, TY_PROBE);
}

static ir_val probe_lower(struct lower *l, const struct node *n)
{
	(void)n;
	return lower_cookie(l);
}

const struct builtin bcct_builtin_probe = {
	.name = "probe",
	.prototype = "probe -",
	.flags = BUILTIN_VAR,
	.check = probe_check,
	.lower = probe_lower,
	.doc = "Full name of the probe that fired, such as kprobe:vfs_read, begin, end.",
	.example = "BEGIN { printf(\"%s\\n\", probe); exit() }",
	.expect = "begin\n",
};
#endif
