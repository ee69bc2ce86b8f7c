/*
 * Opens libclang when a header has to be read. Called by headers.c.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types/clang.h"

#define OLDEST 9
#define NEWEST 30

static bool functions(struct clang *c)
{
#define CLANG_LOAD(name, result, params)                                                           \
	*(void **)&c->name = dlsym(c->library, "clang_" #name);                                    \
	if (!c->name)                                                                              \
		return false;
	CLANG_FUNCTIONS(CLANG_LOAD)
#undef CLANG_LOAD
	return true;
}

static bool open_library(struct clang *c, const char *name)
{
	c->library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
	if (!c->library)
		return false;
	if (functions(c))
		return true;
	clang_close(c);
	return false;
}

bool clang_open(struct clang *c)
{
	const char *own = getenv("BCCT_LIBCLANG");
	static const char *const forms[] = { "libclang-%d.so.%d", "libclang-%d.so.1",
					     "libclang.so.%d" };
	char name[64];

	memset(c, 0, sizeof(*c));
	if (own && *own)
		return open_library(c, own);
	/* 13 and later are named by their version, Debian's also by a 1 */
	for (int v = NEWEST; v >= OLDEST; v--) {
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
			snprintf(name, sizeof(name), forms[i], v, v);
			if (open_library(c, name))
				return true;
		}
	}
	return open_library(c, "libclang.so.1") || open_library(c, "libclang.so");
}

void clang_close(struct clang *c)
{
	if (c->library)
		dlclose(c->library);
	c->library = NULL;
}
