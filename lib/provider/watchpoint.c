/*
 * watchpoint: the processor's breakpoints on memory: reads, writes and execution
 * of an address, in one process (-p, -c) or everywhere. attach_info.offset is the
 * address, module "LENGTH:MODE", target the symbol when there is one.
 */
#include <stddef.h>

static const char *const watchpoint_aliases[] = { "w", NULL };

#ifdef BCCT_COMPILER
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/probe_compile.h"

extern const struct provider bcct_provider_watchpoint;

static int bad_form(struct check *k, struct node *spec, const char *what)
{
	return probe_bad(k, spec, "write watchpoint:0xADDRESS:LENGTH:MODE, MODE made of r, w and x",
			 "%s", what);
}

static bool mode_ok(const char *mode)
{
	return *mode && !mode[strspn(mode, "rwx")] && strlen(mode) <= 3;
}

static bool length_ok(const char *length)
{
	return length[0] && !length[1] && strchr("1248", length[0]);
}

static int watchpoint_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_rest(k, spec), *length, *mode = NULL, *part, *end;
	uint64_t address = 0;

	if (!rest)
		return -EINVAL;
	part = arena_strdup(k->arena, rest);
	length = strchr(part, ':');
	if (length) {
		*length++ = 0;
		mode = strchr(length, ':');
	}
	if (!mode)
		return bad_form(k, spec, "a watchpoint has an address, a length and a mode");
	*mode++ = 0;
	errno = 0;
	if (isdigit((unsigned char)*part)) {
		address = strtoull(part, &end, 0);
		if (*end || errno || !address)
			return bad_form(k, spec, "that is no address");
		part = "";
	} else if (!probe_name_ok(part, false)) {
		return bad_form(k, spec, "that is no address");
	}
	if (!length_ok(length))
		return bad_form(k, spec, "the length is 1, 2, 4 or 8");
	if (!mode_ok(mode))
		return bad_form(k, spec, "the mode is made of r, w and x");
	if (strchr(mode, 'x') && (mode[1] || *length != '8'))
		return bad_form(k, spec, "execution is watched alone, with length 8");
	probe_set_attach(k, spec, &bcct_provider_watchpoint, part, rest);
	spec->spec.attach.offset = address;
	spec->spec.attach.module = arena_printf(k->arena, "%s:%s", length, mode);
	return 0;
}

const struct provider bcct_provider_watchpoint = {
	.name = "watchpoint",
	.aliases = watchpoint_aliases,
	.syntax = "watchpoint:ADDRESS:LENGTH:MODE",
	.section = "perf_event",
	.parse = watchpoint_parse,
	.doc = "Runs when memory is read (r), written (w) or executed (x): in the process of -p or "
	       "-c, else anywhere. The address may be a symbol of the kernel.",
	.example = "watchpoint:jiffies:8:w < @[kstack(3)] = count() > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

#include "lib/perf_rt.h"

/* The address of a symbol of the kernel, any kind; 0: none, or hidden. */
static uint64_t symbol_address(const char *symbol)
{
	char line[512], name[256];
	unsigned long long addr, found = 0;
	FILE *f = fopen("/proc/kallsyms", "re");

	while (f && !found && fgets(line, sizeof(line), f))
		if (sscanf(line, "%llx %*c %255s", &addr, name) == 2 && !strcmp(name, symbol))
			found = addr;
	if (f)
		fclose(f);
	return found;
}

static int watchpoint_event(struct rt *rt, const struct attach_info *at,
			    struct perf_event_attr *attr)
{
	const char *mode = at->module + 2;

	(void)rt;
	attr->type = PERF_TYPE_BREAKPOINT;
	attr->sample_period = 1;
	attr->bp_addr = at->offset ? at->offset : symbol_address(at->target);
	attr->bp_len = (uint64_t)(at->module[0] - '0');
	if (strchr(mode, 'r'))
		attr->bp_type |= HW_BREAKPOINT_R;
	if (strchr(mode, 'w'))
		attr->bp_type |= HW_BREAKPOINT_W;
	if (strchr(mode, 'x'))
		attr->bp_type |= HW_BREAKPOINT_X;
#ifdef __x86_64__
	/* the processor knows writes, and both together */
	if (attr->bp_type == HW_BREAKPOINT_R)
		attr->bp_type = HW_BREAKPOINT_RW;
#endif
	return attr->bp_addr ? 0 : -ENOENT;
}

static int watchpoint_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			     unsigned n, unsigned *failed)
{
	/* an address of the kernel's is everybody's */
	if (rt_pid(rt) && points[0].at->offset && !(points[0].at->offset >> 63))
		return perf_attach_process(rt, p, points, n, failed, watchpoint_event, rt_pid(rt));
	return perf_attach(rt, p, points, n, failed, watchpoint_event);
}

static const char *watchpoint_reason(int err)
{
	switch (-err) {
	case ENOENT: return "the kernel has no such symbol";
	case ENOSPC: return "the processor has no more breakpoints";
	case EINVAL: return "the processor cannot watch that: is the address a multiple of the "
			    "length?";
	case EOPNOTSUPP:
	case ENODEV: return "this machine has no breakpoints";
	default: return NULL;
	}
}

static int watchpoint_list(struct rt *rt, const char *pattern, bool args,
			   void (*each)(void *user, const char *text), void *user)
{
	static const char *const texts[] = { "watchpoint:", NULL };

	(void)rt;
	(void)args;
	return probe_list_fixed(pattern, texts, each, user);
}

const struct provider_rt bcct_provider_rt_watchpoint = {
	.name = "watchpoint",
	.aliases = watchpoint_aliases,
	.attach = watchpoint_attach,
	.reason = watchpoint_reason,
	.list = watchpoint_list,
};
#endif
