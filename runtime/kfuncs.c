/*
 * Names of kernel functions that can be probed, streamed: for wildcards, lists
 * and "did you mean". The providers call rt_kernel_functions.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tpformat.h"
#include "runtime/rt_internal.h"

typedef int (*each_function)(void *user, const char *name, const char *module);

/* "name" or "name [module]", in place. */
static const char *split_module(char *line)
{
	char *bracket;

	line[strcspn(line, "\n")] = '\0';
	bracket = strchr(line, ' ');
	if (!bracket)
		bracket = strchr(line, '\t');
	if (!bracket)
		return NULL;
	*bracket++ = '\0';
	if (*bracket != '[')
		return NULL;
	bracket[strcspn(bracket, "]")] = '\0';
	return bracket + 1;
}

int kfuncs_from_filter(FILE *f, const char *pattern, each_function each, void *user)
{
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		const char *module = split_module(line);
		int stop;

		if (!line[0] || !strncmp(line, "__ftrace_invalid_address", 24) ||
		    !rt_wildcard(pattern, line))
			continue;
		stop = each(user, line, module);
		if (stop)
			return stop;
	}
	return 0;
}

int kfuncs_from_kallsyms(FILE *f, const char *pattern, const struct strmap *blacklist,
			 each_function each, void *user)
{
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		struct kallsyms_entry e;
		int stop;

		/* names with dots are parts of functions that the compiler made */
		if (!kallsyms_line(line, &e) || !kallsyms_is_text(e.kind) || strchr(e.name, '.') ||
		    !rt_wildcard(pattern, e.name) || strmap_get(blacklist, e.name))
			continue;
		stop = each(user, e.name, e.module);
		if (stop)
			return stop;
	}
	return 0;
}

/* Functions that kprobes refuse: "0x…-0x…\tname" a line. */
static void blacklist_read(struct strmap *names, struct arena *a)
{
	FILE *f = fopen("/sys/kernel/debug/kprobes/blacklist", "re");
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		char *tab = strchr(line, '\t');

		if (!tab)
			continue;
		tab[strcspn(tab, "\n")] = '\0';
		strmap_put(names, arena_strdup(a, tab + 1), a);
	}
	if (f)
		fclose(f);
}

static FILE *filter_open(void)
{
	const char *path = tracefs_path();
	char file[128];

	if (!path)
		return NULL;
	snprintf(file, sizeof(file), "%s/available_filter_functions", path);
	return fopen(file, "re");
}

int rt_kernel_functions(struct rt *rt, const char *pattern, each_function each, void *user)
{
	struct strmap blacklist = {0};
	struct arena *a;
	FILE *f = filter_open();
	int r = 0;

	(void)rt;
	if (f) {
		setvbuf(f, NULL, _IOFBF, 65536);
		r = kfuncs_from_filter(f, pattern, each, user);
		fclose(f);
		return r;
	}
	f = fopen("/proc/kallsyms", "re");
	if (!f)
		return -errno;
	setvbuf(f, NULL, _IOFBF, 65536);
	a = arena_new();
	blacklist_read(&blacklist, a);
	r = kfuncs_from_kallsyms(f, pattern, &blacklist, each, user);
	strmap_free(&blacklist);
	arena_free(a);
	fclose(f);
	return r;
}
