/*
 * fexit: return of kernel functions through BTF trampolines: cheaper than
 * a kretprobe, with typed arguments that are followed without helpers. One program
 * per function.
 */
#include <stddef.h>

static const char *const fexit_aliases[] = { "fr", "kretfunc", NULL };

#ifdef BCCT_COMPILER
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_fexit;

static int fexit_parse(struct check *k, struct node *spec)
{
	return probe_parse_fentry(k, spec, &bcct_provider_fexit);
}

static const struct provider_var fexit_vars[] = {
	{ "args", probe_fentry_args, probe_fentry_lower,
	  "args.NAME: an argument by its name, with its type" },
	{ "arg*", probe_fentry_argn, probe_fentry_lower, "arg0 …: arguments by number" },
	{ "retval", probe_fexit_retval, probe_fentry_lower,
	  "what the function returns, with its type" },
	{ "func", probe_func_check, probe_func_lower, "name of the function" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_fexit = {
	.name = "fexit",
	.aliases = fexit_aliases,
	.syntax = "fexit:[MODULE:]FUNCTION",
	.needs = NEEDS(BTF),
	.section = "fexit",
	.patterns = PATTERN_NAMED,
	.parse = fexit_parse,
	.expand = probe_expand_fentry,
	.single = true,
	.vars = fexit_vars,
	.doc = "Runs when a kernel function returns, with its arguments and its result, by way "
	       "of its BTF.",
	.example = "fexit:vfs_read / retval >= 0 / < @[args.count] = hist(retval) > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int fexit_list(struct rt *rt, const char *pattern, bool args,
		       void (*each)(void *user, const char *text), void *user)
{
	return probe_trace_list(rt, "fexit", pattern, args, each, user);
}

const struct provider_rt bcct_provider_rt_fexit = {
	.name = "fexit",
	.aliases = fexit_aliases,
	.expand = probe_trace_expand,
	.prepare = probe_trace_prepare,
	.attach = probe_trace_attach,
	.reason = probe_trace_reason,
	.list = fexit_list,
	.near = probe_function_near,
};
#endif
