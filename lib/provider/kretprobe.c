/*
 * kretprobe: return of kernel functions, with the result. Names are those of kprobe.
 */
#include <stddef.h>

static const char *const kretprobe_aliases[] = { "kr", NULL };

#ifdef BCCT_COMPILER
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_kretprobe;

static int kretprobe_parse(struct check *k, struct node *spec)
{
	return probe_parse_function(k, spec, &bcct_provider_kretprobe, false);
}

static const struct provider_var kretprobe_vars[] = {
	{ "retval", probe_retval_check, probe_retval_lower,
	  "what the function returns, with its type when BTF knows it, else int64" },
	{ "func", probe_func_check, probe_func_lower, "name of the function" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_kretprobe = {
	.name = "kretprobe",
	.aliases = kretprobe_aliases,
	.syntax = "kretprobe:[MODULE:]FUNCTION",
	.needs = NEEDS(KPROBES),
	.section = "kretprobe",
	.patterns = PATTERN_NAMED,
	.parse = kretprobe_parse,
	.vars = kretprobe_vars,
	.doc = "Runs when a kernel function returns. The name may be a pattern, or sys_NAME for "
	       "a system call.",
	.example = "kretprobe:vfs_read < @result = hist(retval) > interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int kretprobe_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			    unsigned n, unsigned *failed)
{
	return probe_function_attach(rt, p, points, n, failed, true);
}

static int kretprobe_list(struct rt *rt, const char *pattern, bool args,
			  void (*each)(void *user, const char *text), void *user)
{
	return probe_function_list(rt, "kretprobe", pattern, args, each, user);
}

const struct provider_rt bcct_provider_rt_kretprobe = {
	.name = "kretprobe",
	.aliases = kretprobe_aliases,
	.expand = probe_function_expand,
	.attach = kretprobe_attach,
	.prepare = probe_function_prepare,
	.list = kretprobe_list,
	.near = probe_function_near,
	.reason = probe_function_reason,
};
#endif
