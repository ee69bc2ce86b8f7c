/* kfunc_allowed("name"): a constant, from the kernel's BTF. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static void kfunc_allowed_check(struct check *k, struct node *call)
{
	struct func_proto proto;

	check_become_num(k, call, types_function(k->types, check_arg(call, 0)->str.text, &proto),
			 type_bool(k->types));
}

const struct builtin bcct_builtin_kfunc_allowed = {
	.name = "kfunc_allowed",
	.prototype = "kfunc_allowed(strlit name) bool",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = kfunc_allowed_check,
	.doc = "True when the kernel that the program is compiled on has a function of "
	       "that name, which BPF programs may then ask for.",
	.example = "BEGIN { printf(\"%d\\n\", kfunc_allowed(\"no_such_function\")); exit() }",
	.expect = "0\n",
};
#endif
