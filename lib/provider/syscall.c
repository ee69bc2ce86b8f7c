/*
 * syscall: entry of system calls, on the tracepoints syscalls:sys_enter_NAME.
 * The arguments stand in 8-byte slots from offset 16 of the record on every
 * kernel, so that an object does not depend on the one it was compiled on.
 *
 * On kernels without these tracepoints (CONFIG_FTRACE_SYSCALLS off) the parser takes
 * kprobe:sys_NAME instead: see probe_parse_syscall().
 */
#ifdef BCCT_COMPILER
#include "base/arch.h"
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_syscall;

static int syscall_parse(struct check *k, struct node *spec)
{
	return probe_parse_syscall(k, spec, &bcct_provider_syscall);
}

static const struct type *argn_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct node *s = probe_next_spec(clause, NULL);
	const struct type *type = NULL, *t;

	(void)field;
	if (*arg >= ARCH_SYSCALL_ARGS) {
		check_error(k, use, RANGE, "there is no arg%u, a system call's last is arg%d", *arg,
			    ARCH_SYSCALL_ARGS - 1);
		return NULL;
	}
	for (; s; s = probe_next_spec(clause, s)) {
		t = probe_syscall_argn(k, s->spec.attach.target, *arg, use);
		if (!t)
			return NULL;
		if (type && t != type)
			return type_int(k->types, 8, false);
		type = t;
	}
	return type;
}

static const struct type *args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct type *type = NULL, *t;
	const struct node *s;
	uint32_t n;

	if (!field)
		return probe_args_whole(k, clause, use, args_check);
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s)) {
		t = probe_syscall_named(k, s->spec.attach.target, use, field, &n);
		if (!t)
			return NULL;
		if (type && (t != type || n != *arg)) {
			probe_arg_differs(k, use, field);
			return NULL;
		}
		type = t;
		*arg = n;
	}
	return type;
}

static ir_val arg_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	ir_val v = ir_load_ctx(l->ir, ARCH_SYSCALL_RECORD + 8 * (uint64_t)arg, 8, false);

	return probe_fit(l, v, use->type);
}

static const struct provider_var syscall_vars[] = {
	{ "arg*", argn_check, arg_lower, "arg0 to arg5: arguments by number" },
	{ "args", args_check, arg_lower, "args.NAME: an argument by its name, with its type" },
	{ "func", probe_syscall_func_check, probe_syscall_func_lower, "name of the system call" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_syscall = {
	.name = "syscall",
	.syntax = "syscall:NAME",
	.needs = NEEDS(TRACEFS) | NEEDS(SYSCALL_TP),
	.section = "tracepoint",
	.patterns = PATTERN_NAMED,
	.parse = syscall_parse,
	.expand = probe_expand_syscall,
	.vars = syscall_vars,
	.doc = "Runs when a process makes a system call. The name may be a pattern; arguments have "
	       "the names and types of the kernel.",
	.example = "syscall:openat < @opens[str(args.filename)] = count() > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

#define ENTER "sys_enter_"

static int syscall_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	return probe_syscall_expand(rt, p, at, ENTER);
}

static int syscall_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			  unsigned n, unsigned *failed)
{
	return probe_syscall_attach(rt, p, points, n, failed, ENTER);
}

static int syscall_list(struct rt *rt, const char *pattern, bool args,
			void (*each)(void *user, const char *text), void *user)
{
	return probe_syscall_list(rt, "syscall", ENTER, pattern, args, each, user);
}

const struct provider_rt bcct_provider_rt_syscall = {
	.name = "syscall",
	.expand = syscall_expand,
	.attach = syscall_attach,
	.list = syscall_list,
	.near = probe_syscall_near,
};
#endif
