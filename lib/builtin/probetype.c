/* probetype: kind of the probe; a constant. Used by the check. */
#ifdef BCCT_COMPILER
#include <string.h>

#include "parser/check/check.h"

static void probetype_check(struct check *k, struct node *n)
{
	const struct provider *p = k->clause->clause.provider;
	const char *name = p ? p->name : "";

	/* these two run without an event of the system */
	if (!strcmp(name, "begin") || !strcmp(name, "end"))
		name = "special";
	check_become_str(k, n, name);
}

const struct builtin bcct_builtin_probetype = {
	.name = "probetype",
	.prototype = "probetype -",
	.flags = BUILTIN_VAR,
	.check = probetype_check,
	.doc = "Type of the probe, such as kprobe; special for BEGIN and END.",
	.example = "BEGIN { printf(\"%s\\n\", probetype); exit() }",
	.expect = "special\n",
};
#endif
