/*
 * kprobe: entry of kernel functions. sys_NAME stands for the system call NAME,
 * whatever the architecture calls its function, with the call's own arguments.
 */
#include <stddef.h>

static const char *const kprobe_aliases[] = { "k", NULL };

#ifdef BCCT_COMPILER
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_kprobe;

static int kprobe_parse(struct check *k, struct node *spec)
{
	return probe_parse_function(k, spec, &bcct_provider_kprobe, true);
}

static const struct provider_var kprobe_vars[] = {
	{ "arg*", probe_argn_check, probe_arg_lower,
	  "arg0 to arg9: arguments as the function's registers and stack hold them" },
	{ "args", probe_args_check, probe_arg_lower,
	  "args.NAME: an argument by its name, with its type, when BTF knows the function" },
	{ "func", probe_func_check, probe_func_lower, "name of the function" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_kprobe = {
	.name = "kprobe",
	.aliases = kprobe_aliases,
	.syntax = "kprobe:[MODULE:]FUNCTION[+OFFSET]",
	.needs = NEEDS(KPROBES),
	.section = "kprobe",
	.patterns = PATTERN_UNSURE,
	.parse = kprobe_parse,
	.expand = probe_expand_function,
	.vars = kprobe_vars,
	.doc = "Runs when a kernel function is called. The name may be a pattern; sys_NAME is the "
	       "system call NAME on any kernel, with the call's own arguments.",
	.example = "kprobe:vfs_read < @bytes = hist(args.count) > interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int kprobe_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			 unsigned n, unsigned *failed)
{
	return probe_function_attach(rt, p, points, n, failed, false);
}

static int kprobe_list(struct rt *rt, const char *pattern, bool args,
		       void (*each)(void *user, const char *text), void *user)
{
	return probe_function_list(rt, "kprobe", pattern, args, each, user);
}

const struct provider_rt bcct_provider_rt_kprobe = {
	.name = "kprobe",
	.aliases = kprobe_aliases,
	.expand = probe_function_expand,
	.attach = kprobe_attach,
	.prepare = probe_function_prepare,
	.list = kprobe_list,
	.near = probe_function_near,
	.reason = probe_function_reason,
};
#endif
