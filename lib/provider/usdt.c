/*
 * usdt: static probes that programs and libraries were built with. Where their
 * arguments are is found by the runtime, for each place by itself.
 */
#include <stddef.h>

static const char *const usdt_aliases[] = { "U", NULL };

#ifdef BCCT_COMPILER
#include <string.h>

#include "lib/probe_compile.h"
#include "lib/uprobe_compile.h"

extern const struct provider bcct_provider_usdt;

static int usdt_spec(struct check *k, struct node *spec)
{
	return usdt_parse(k, spec, &bcct_provider_usdt);
}

static bool any_provider(const char *target)
{
	return !strchr(target, ':');
}

static const struct type *usdt_argn_check(struct check *k, const struct node *clause,
					  struct node *use, const char *field, uint32_t *arg)
{
	(void)clause;
	(void)field;
	if (*arg < USDT_ARGS)
		return type_int(k->types, 8, false);
	check_error(k, use, RANGE, "there is no arg%u, the last is arg%d", *arg, USDT_ARGS - 1);
	return NULL;
}

static const struct provider_var usdt_vars[] = {
	{ "arg*", usdt_argn_check, usdt_arg_lower, "arg0 to arg11: arguments of the probe" },
	{ "func", probe_syscall_func_check, probe_syscall_func_lower, "name of the probe" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_usdt = {
	.name = "usdt",
	.aliases = usdt_aliases,
	.syntax = "usdt:BINARY:[PROVIDER:]PROBE",
	.section = "uprobe",
	.user_memory = true,
	.several = any_provider,
	.patterns = PATTERN_YES,
	.parse = usdt_spec,
	.vars = usdt_vars,
	.doc = "Runs at a static probe of a program or library. BINARY is as for uprobe, or * for "
	       "whatever the process of -p has mapped; provider and probe may be patterns.",
	.example = "usdt:libc:setjmp < @ = count() > interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/usdt_rt.h"

const struct provider_rt bcct_provider_rt_usdt = {
	.name = "usdt",
	.aliases = usdt_aliases,
	.expand = usdt_expand,
	.attach = usdt_attach,
	.list = usdt_list,
	.near = usdt_near,
};
#endif
