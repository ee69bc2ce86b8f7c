/* probetype: kind of the probe; a constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void probetype_check(struct check *k, struct node *n)
{
	const struct provider *p = k->clause->clause.provider;

	check_become_str(k, n, p ? p->name : "");
}

const struct builtin bcct_builtin_probetype = {
	.name = "probetype",
	.prototype = "probetype -",
	.flags = BUILTIN_VAR,
	.check = probetype_check,
	.doc = "Type of the probe, such as kprobe.",
	.example = "BEGIN { printf(\"%s\\n\", probetype); exit() }",
	.expect = "begin\n",
};
#endif
