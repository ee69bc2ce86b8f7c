/* tid, tid(namespace): the thread. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/pidns_compile.h"

static void tid_check(struct check *k, struct node *n)
{
	n->type = type_int(k->types, 4, false);
	pidns_check(k, n);
}

static ir_val tid_lower(struct lower *l, const struct node *n)
{
	ir_val v = pidns_lower(l, n);

	return ir_ext(l->ir, v, 4, false);
}

const struct builtin bcct_builtin_tid = {
	.name = "tid",
	.prototype = "tid([word namespace]) -",
	.flags = BUILTIN_VAR | BUILTIN_CALL,
	.check = tid_check,
	.lower = tid_lower,
	.doc = "Thread that runs when the probe fires. namespace may be init, the numbers "
	       "of the whole machine (usual), or curr_ns, those in which bcct runs.",
	.example = "BEGIN { printf(\"%d\\n\", tid >= pid); exit() }",
	.expect = "1\n",
};
#endif
