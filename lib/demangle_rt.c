/*
 * Demangling by the C++ runtime, which is there in the compiler because LLVM
 * needs it; the runner alone shows names as the files have them. Called by
 * the uprobe providers and by the user symbols of runtime/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/demangle_rt.h"

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

/* The parenthesis that opens the parameters is the first outside of templates. */
void demangle_cut(char *name)
{
	int depth = 0;

	for (char *p = name; *p; p++) {
		if (*p == '<')
			depth++;
		else if (*p == '>')
			depth--;
		else if (*p == '(' && depth <= 0 && strncmp(p, "(anonymous", 10) != 0) {
			*p = 0;
			return;
		}
	}
}
