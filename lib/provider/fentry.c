/*
 * fentry: entry of kernel functions through BTF trampolines: cheaper than
 * a kprobe, with typed arguments that are followed without helpers. One program
 * per function.
 */
#include <stddef.h>

static const char *const fentry_aliases[] = { "f", "kfunc", NULL };

#ifdef BCCT_COMPILER
#include "lib/probe_compile.h"

extern const struct provider bcct_provider_fentry;

static int fentry_parse(struct check *k, struct node *spec)
{
	return probe_parse_fentry(k, spec, &bcct_provider_fentry);
}

static const struct provider_var fentry_vars[] = {
	{ "args", probe_fentry_args, probe_fentry_lower,
	  "args.NAME: an argument by its name, with its type" },
	{ "arg*", probe_fentry_argn, probe_fentry_lower, "arg0 …: arguments by number" },
	{ "func", probe_func_check, probe_func_lower, "name of the function" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_fentry = {
	.name = "fentry",
	.aliases = fentry_aliases,
	.syntax = "fentry:[MODULE:]FUNCTION",
	.needs = NEEDS(BTF),
	.section = "fentry",
	.patterns = PATTERN_YES,
	.parse = fentry_parse,
	.expand = probe_expand_fentry,
	.single = true,
	.vars = fentry_vars,
	.doc = "Runs when a kernel function is called, by way of its BTF: typed arguments, read "
	       "directly. Each function of a pattern is a program of its own.",
	.example = "fentry:vfs_read < @[args.file->f_flags] = count() > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

static int fentry_list(struct rt *rt, const char *pattern, bool args,
		       void (*each)(void *user, const char *text), void *user)
{
	return probe_trace_list(rt, "fentry", pattern, args, each, user);
}

const struct provider_rt bcct_provider_rt_fentry = {
	.name = "fentry",
	.aliases = fentry_aliases,
	.expand = probe_trace_expand,
	.prepare = probe_trace_prepare,
	.attach = probe_trace_attach,
	.reason = probe_trace_reason,
	.list = fentry_list,
	.near = probe_function_near,
};
#endif
