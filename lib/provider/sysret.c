/*
 * sysret: return of system calls, on the tracepoints syscalls:sys_exit_NAME. The
 * result stands at offset 16 of the record on every kernel.
 */
#ifdef BCCT_COMPILER
#include <string.h>

#include "base/arch.h"
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_sysret;

static int sysret_parse(struct check *k, struct node *spec)
{
	return probe_parse_syscall(k, spec, &bcct_provider_sysret);
}

static const struct type *retval_check(struct check *k, const struct node *clause,
				       struct node *use, const char *field, uint32_t *arg)
{
	(void)clause;
	(void)use;
	(void)field;
	*arg = 0;
	return type_int(k->types, 8, true);
}

static const struct type *args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	if (!field)
		return probe_args_bare(k, use);
	if (strcmp(field, "ret") == 0)
		return retval_check(k, clause, use, field, arg);
	check_error(k, use, UNKNOWN_FIELD, "the return of a system call has only 'ret', not '%s'",
		    field);
	check_hint(k, "keep what syscall: has in a map: @x[tid] = args.%s", field);
	return NULL;
}

static ir_val retval_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	(void)use;
	(void)arg;
	return ir_load_ctx(l->ir, ARCH_SYSCALL_RECORD, 8, false);
}

static const struct provider_var sysret_vars[] = {
	{ "retval", retval_check, retval_lower, "result of the call; below zero: minus the error" },
	{ "args", args_check, retval_lower, "args.ret: the same" },
	{ "func", probe_syscall_func_check, probe_syscall_func_lower, "name of the system call" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_sysret = {
	.name = "sysret",
	.syntax = "sysret:NAME",
	.needs = NEEDS(TRACEFS) | NEEDS(SYSCALL_TP),
	.section = "tracepoint",
	.patterns = PATTERN_NAMED,
	.parse = sysret_parse,
	.expand = probe_expand_syscall,
	.vars = sysret_vars,
	.doc = "Runs when a system call returns. The name may be a pattern.",
	.example = "sysret:read / retval >= 0 / < @bytes = hist(retval) > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

#define EXIT "sys_exit_"

static int sysret_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	return probe_syscall_expand(rt, p, at, EXIT);
}

static int sysret_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			 unsigned n, unsigned *failed)
{
	return probe_syscall_attach(rt, p, points, n, failed, EXIT);
}

static int sysret_list(struct rt *rt, const char *pattern, bool args,
		       void (*each)(void *user, const char *text), void *user)
{
	return probe_syscall_list(rt, "sysret", EXIT, pattern, args, each, user);
}

const struct provider_rt bcct_provider_rt_sysret = {
	.name = "sysret",
	.expand = sysret_expand,
	.attach = sysret_attach,
	.list = sysret_list,
	.near = probe_syscall_near,
};
#endif
