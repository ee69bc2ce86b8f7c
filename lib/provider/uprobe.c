/*
 * uprobe: entry of functions of programs and libraries. Plain addresses in its
 * clauses are the process's.
 */
#include <stddef.h>

static const char *const uprobe_aliases[] = { "u", NULL };

#ifdef BCCT_COMPILER
#include "lib/demangle_rt.h"
#include "lib/uprobe_compile.h"

extern const struct provider bcct_provider_uprobe;

static int uprobe_spec(struct check *k, struct node *spec)
{
	return uprobe_parse(k, spec, &bcct_provider_uprobe, true);
}

static const struct provider_var uprobe_vars[] = {
	{ "arg*", probe_argn_check, probe_arg_lower,
	  "arg0 to arg9: arguments as the function's registers and stack hold them" },
	{ "args", uprobe_args_check, probe_arg_lower,
	  "args.NAME: arguments with the types that the program's debug information gives them" },
	{ "func", probe_syscall_func_check, probe_syscall_func_lower, "name of the function" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_uprobe = {
	.name = "uprobe",
	.aliases = uprobe_aliases,
	.syntax = "uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY@FILE:LINE[:COLUMN]",
	.section = "uprobe",
	.user_memory = true,
	.several = demangle_several,
	.patterns = PATTERN_YES,
	.parse = uprobe_spec,
	.expand = uprobe_expand_args,
	.vars = uprobe_vars,
	.doc = "Runs when a function of a program or library is called. BINARY is a path, or a "
	       "name that is in $PATH or "
	       "among the system's libraries; the function may be a pattern.",
	.example = "uprobe:/bin/bash:readline < @ = count() > interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/uprobe_multi_rt.h"
#include "lib/uprobe_rt.h"

static int entry_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		    unsigned n, unsigned *failed)
{
	return uprobe_attach(rt, p, points, n, failed, false);
}

static int entry_list(struct rt *rt, const char *pattern, bool args,
		  void (*each)(void *user, const char *text), void *user)
{
	(void)args;
	return uprobe_list(rt, "uprobe", pattern, each, user);
}

const struct provider_rt bcct_provider_rt_uprobe = {
	.name = "uprobe",
	.aliases = uprobe_aliases,
	.expand = uprobe_expand,
	.attach = entry_attach,
	.prepare = uprobe_multi_prepare,
	.list = entry_list,
	.near = uprobe_near,
};
#endif
