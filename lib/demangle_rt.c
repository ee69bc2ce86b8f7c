/*
 * Demangling by the C++ runtime, which is there in the compiler because LLVM
 * needs it; the runner alone shows names as the files have them. Called by
 * the uprobe providers and by the user symbols of runtime/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/demangle_rt.h"
#include "lib/rt.h"

#define MANGLED_MAX 2048 /* beyond this demangling is not worth its time */

extern char *__cxa_demangle(const char *name, char *buf, size_t *size, int *status)
	__attribute__((weak));

/* Rust's first scheme looks like C++ with a hash at the end. */
static void cut_hash(char *name)
{
	size_t n = strlen(name);

	if (n > 19 && !strncmp(name + n - 19, "::h", 3) &&
	    strspn(name + n - 16, "0123456789abcdef") == 16)
		name[n - 19] = 0;
}

bool demangle(const char *name, char *out, size_t size)
{
	char *text;
	int status;

	if (!__cxa_demangle || strncmp(name, "_Z", 2) != 0 || strlen(name) > MANGLED_MAX)
		return false;
	text = __cxa_demangle(name, NULL, NULL, &status);
	if (!text)
		return false;
	cut_hash(text);
	snprintf(out, size, "%s", text);
	free(text);
	return true;
}

/* The parenthesis that opens the parameters is the first outside of templates; or the end. */
static char *parameters(char *name)
{
	int depth = 0;
	char *p;

	for (p = name; *p; p++) {
		if (*p == '<')
			depth++;
		else if (*p == '>')
			depth--;
		else if (*p == '(' && depth <= 0 && strncmp(p, "(anonymous", 10) != 0)
			break;
	}
	return p;
}

/* Of a template the result stands in front: "int ns::max<int>". Where the name itself starts. */
static char *behind_result(char *name, const char *end)
{
	char *start = name;
	int depth = 0;

	for (char *p = name; p < end; p++) {
		if (*p == '<' || *p == '(')
			depth++;
		else if (*p == '>' || *p == ')')
			depth--;
		else if (*p == ' ' && !depth && (p - name < 8 || memcmp(p - 8, "operator", 8) != 0))
			start = p + 1;
	}
	return start;
}

static bool looks_plain(const char *pattern)
{
	return strpbrk(pattern, ":(<") != NULL;
}

bool demangle_several(const char *pattern)
{
	return looks_plain(pattern);
}

bool demangle_match(const char *pattern, const char *name)
{
	bool plain_meant = looks_plain(pattern);
	char plain[4096], *start, *end;

	if (!strncmp(pattern, CPP_PREFIX, strlen(CPP_PREFIX)))
		pattern += strlen(CPP_PREFIX);
	if (rt_wildcard(pattern, name))
		return true;
	if (!plain_meant || !demangle(name, plain, sizeof(plain)))
		return false;
	end = parameters(plain);
	start = behind_result(plain, end);
	if (rt_wildcard(pattern, plain) || rt_wildcard(pattern, start))
		return true;
	*end = 0;
	if (rt_wildcard(pattern, plain) || rt_wildcard(pattern, start))
		return true;
	if (end == start || end[-1] != '>' || strstr(start, "operator"))
		return false;
	/* without what the template was made with */
	for (int depth = 0; end > start;) {
		end--;
		depth += *end == '>' ? 1 : *end == '<' ? -1 : 0;
		if (!depth)
			break;
	}
	*end = 0;
	return rt_wildcard(pattern, start);
}
