/*
 * path(struct path *[, size]): the full path of a file, by the kernel. Used by the check
 * and the code generator.
 */
#ifdef BCCT_COMPILER
#include <string.h>

#include "codegen/lower.h"
#include "parser/check/check.h"

static void path_check(struct check *k, struct node *call)
{
	struct node *arg = check_arg(call, 0);
	const struct provider *p = k->clause->clause.provider;
	const struct node *length = check_arg(call, 1);
	int64_t max = k->c->options.v[OPT_MAX_STRLEN], n = max;

	/* a struct path itself means where it is */
	if (arg->type->kind == TY_STRUCT && arg->type->space != SP_VALUE) {
		check_take_address(k, arg);
		check_expr(k, arg);
	}
	if (arg->type->kind != TY_PTR && !type_is_integer(arg->type) && !check_poisoned(arg->type))
		check_error(k, arg, TYPE, "argument 1 of 'path' must be a struct path or a pointer "
			    "to one, not %s", type_print(k->arena, arg->type));
	if (k->final && p && strncmp(p->section, "fentry", 6) != 0 &&
	    strncmp(p->section, "fexit", 5) != 0 && strncmp(p->section, "iter", 4) != 0) {
		check_error(k, call, NOT_AVAILABLE, "'path' is not available in %s probes",
			    p->name);
		check_hint(k, "probes that have it: fentry, fexit, iter");
	}
	if (length && check_const(k, length, &n) && (n < 1 || n > max)) {
		check_error(k, length, RANGE, "the size of a path must be 1 to %lld",
			    (long long)max);
		n = max;
	}
	call->type = type_string(k->types, (uint32_t)n + 1);
}

static void path_lower_into(struct lower *l, const struct node *call, ir_val dst, uint32_t size)
{
	ir_val r = IR_CALL(l->ir, BPF_FUNC_d_path, lower_expr(l, call->call.args), dst,
			   ir_const(l->ir, size));

	if (l->c->keep_warnings)
		lower_fail_if(l, ir_icmp(l->ir, IR_SLT, r, ir_const(l->ir, 0)), LOSS_READ_FAULT,
			      call->loc, -1);
}

const struct builtin bcct_builtin_path = {
	.name = "path",
	.prototype = "path(any path[, intlit size]) -",
	.flags = BUILTIN_CALL,
	.check = path_check,
	.lower_into = path_lower_into,
	.doc = "The full path that a struct path of the kernel stands for. Only in fentry, "
	       "fexit and iter probes, and there only on functions for which the kernel "
	       "allows it.",
	.example = "fentry:filp_close { printf(\"%s\\n\", path(args.filp->f_path)); exit() }",
};
#endif
