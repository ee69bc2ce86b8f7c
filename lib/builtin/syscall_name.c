/* syscall_name(n): an integer that the runtime prints as a text. Used by the check and the code
 * generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void syscall_name_check(struct check *k, struct node *call)
{
	call->type = type_printed(k->types, TY_NAMED, "syscall");
}

static ir_val syscall_name_lower(struct lower *l, const struct node *call)
{
	return lower_expr(l, call->call.args);
}

const struct builtin bcct_builtin_syscall_name = {
	.name = "syscall_name",
	.prototype = "syscall_name(int n) -",
	.flags = BUILTIN_CALL,
	.check = syscall_name_check,
	.lower = syscall_name_lower,
	.doc = "Name of the system call of a number. Made when it is printed; as a key or "
	       "value of a map it is the number.",
	.example = "BEGIN { printf(\"%s\\n\", syscall_name(0)); exit() }",
};
#endif
