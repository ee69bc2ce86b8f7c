/*
 * uretprobe: return of functions of programs and libraries. Plain addresses in its
 * clauses are the process's.
 */
#include <stddef.h>

static const char *const uretprobe_aliases[] = { "ur", NULL };

#ifdef BCCT_COMPILER
#include "lib/demangle_rt.h"
#include "lib/uprobe_compile.h"

extern const struct provider bcct_provider_uretprobe;

static int uretprobe_spec(struct check *k, struct node *spec)
{
	return uprobe_parse(k, spec, &bcct_provider_uretprobe, false);
}

static const struct provider_var uretprobe_vars[] = {
	{ "retval", uprobe_retval_check, probe_retval_lower,
	  "what the function returns, with its type where debug information gives one" },
	{ "func", probe_syscall_func_check, probe_syscall_func_lower, "name of the function" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_uretprobe = {
	.name = "uretprobe",
	.aliases = uretprobe_aliases,
	.syntax = "uretprobe:BINARY:FUNCTION",
	.section = "uretprobe",
	.user_memory = true,
	.several = demangle_several,
	.patterns = PATTERN_NAMED,
	.parse = uretprobe_spec,
	.vars = uretprobe_vars,
	.doc = "Runs when a function of a program or library returns. BINARY is a path, or a name "
	       "that is in $PATH or among the system's libraries; the function may be a pattern.",
	.example = "uretprobe:/bin/bash:readline < @ = count() > interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/uprobe_multi_rt.h"
#include "lib/uprobe_rt.h"

static int uretprobe_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		    unsigned n, unsigned *failed)
{
	return uprobe_attach(rt, p, points, n, failed, true);
}

static int uretprobe_list(struct rt *rt, const char *pattern, bool args,
		  void (*each)(void *user, const char *text), void *user)
{
	(void)args;
	return uprobe_list(rt, "uretprobe", pattern, each, user);
}

const struct provider_rt bcct_provider_rt_uretprobe = {
	.name = "uretprobe",
	.aliases = uretprobe_aliases,
	.expand = uprobe_expand,
	.attach = uretprobe_attach,
	.prepare = uprobe_multi_prepare,
	.list = uretprobe_list,
	.near = uprobe_near,
};
#endif
