/*
 * What the preprocessor knows of the machine: the kernel's version and configuration,
 * and the macros that are made when they are used. Called by cpp.c, cpp_macro.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <zlib.h>

#include "parser/c/cpp.h"

#define CONFIG_MAX_BYTES  (4u << 20)

/* ---- configuration ------------------------------------------------------ */

static char *read_config(const char *path)
{
	gzFile f = gzopen(path, "re"); /* plain text, too */
	char *text;
	int n;

	if (!f)
		return NULL;
	text = malloc(CONFIG_MAX_BYTES + 1);
	if (!text)
		abort();
	n = gzread(f, text, CONFIG_MAX_BYTES);
	gzclose(f);
	if (n <= 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	text = realloc(text, (size_t)n + 1);
	return text;
}

/* Where no configuration can be read: what practically every kernel of a distribution has. */
static const char default_config[] =
	"\n"
	"CONFIG_64BIT=y\nCONFIG_SMP=y\nCONFIG_NUMA=y\nCONFIG_NET_NS=y\nCONFIG_MEMCG=y\n"
	"CONFIG_SLUB=y\nCONFIG_SLUB_CPU_PARTIAL=y\nCONFIG_DYNAMIC_MEMORY_LAYOUT=y\n"
	"CONFIG_ARCH_HAS_SYSCALL_WRAPPER=y\nCONFIG_CGROUPS=y\nCONFIG_IPV6=y\nCONFIG_INET=y\n"
	"CONFIG_MODULES=y\nCONFIG_SECURITY=y\nCONFIG_THREAD_INFO_IN_TASK=y\nCONFIG_MMU=y\n"
#if defined(__x86_64__)
	"CONFIG_X86_64=y\nCONFIG_X86=y\nCONFIG_X86_5LEVEL=y\nCONFIG_RANDOMIZE_MEMORY=y\n"
#elif defined(__aarch64__)
	"CONFIG_ARM64=y\n"
#endif
	;

static void load_config(struct cpp *p)
{
	struct utsname u;
	const char *file = getenv("BCCT_KCONFIG");

	if (file && *file)
		p->config = read_config(file);
	if (!p->config && uname(&u) == 0)
		p->config = read_config(arena_printf(p->arena, "/boot/config-%s", u.release));
	if (!p->config)
		p->config = read_config("/proc/config.gz");
	if (!p->config) {
		p->config = strdup(default_config);
		if (!p->config)
			abort();
	}
}

/* "\nNAME=" in the configuration: the value behind it. */
static const char *find_setting(const char *config, const char *name)
{
	size_t n = strlen(name);
	const char *at = config;

	while ((at = strstr(at, name))) {
		if ((at == config || at[-1] == '\n') && at[n] == '=')
			return at + n + 1;
		at += n;
	}
	return NULL;
}

const char *cpp_config(struct cpp *p, const char *name)
{
	const char *value, *base;
	char *known = strmap_get(&p->config_set, name);
	size_t n = strlen(name);

	if (known)
		return *known ? known : NULL;
	if (!p->config)
		load_config(p);
	value = find_setting(p->config, name);
	known = "";
	if (value && *value == 'y') {
		known = "1";
	} else if (value && *value != 'm') {
		known = arena_strndup(p->arena, value, strcspn(value, "\n"));
	} else if (!value && n > 7 && strcmp(name + n - 7, "_MODULE") == 0) {
		base = arena_strndup(p->arena, name, n - 7);
		value = find_setting(p->config, base);
		if (value && *value == 'm')
			known = "1";
	}
	strmap_put(&p->config_set, cpp_intern(p, name, n), known);
	return *known ? known : NULL;
}

/* ---- macros made at their use ------------------------------------------- */

static struct cpp_token *make_number(struct cpp *p, const struct cpp_token *use, unsigned long n)
{
	const char *text = arena_printf(p->arena, "%lu", n);

	return cpp_token_new(p, CPP_NUMBER, text, strlen(text), use);
}

static struct cpp_token *make_line(struct cpp *p, const struct cpp_token *use)
{
	const struct source *src = sources_get(&p->c->sources, use->loc);

	return make_number(p, use, src ? source_position(src, use->loc.offset).line : 0);
}

static struct cpp_token *make_file(struct cpp *p, const struct cpp_token *use)
{
	const struct source *src = sources_get(&p->c->sources, use->loc);
	const char *text = arena_printf(p->arena, "\"%s\"", src ? src->name : "");

	return cpp_token_new(p, CPP_STRING, text, strlen(text), use);
}

static struct cpp_token *make_counter(struct cpp *p, const struct cpp_token *use)
{
	return make_number(p, use, p->counter++);
}

static struct cpp_token *make_version(struct cpp *p, const struct cpp_token *use)
{
	unsigned a = 0, b = 0, c = 0;
	struct utsname u;

	if (uname(&u) == 0)
		sscanf(u.release, "%u.%u.%u", &a, &b, &c);
	return make_number(p, use, (a << 16) + (b << 8) + (c > 255 ? 255 : c));
}

void cpp_builtins(struct cpp *p)
{
	cpp_macro_new(p, "__LINE__", LOC_NONE)->make = make_line;
	cpp_macro_new(p, "__FILE__", LOC_NONE)->make = make_file;
	cpp_macro_new(p, "__COUNTER__", LOC_NONE)->make = make_counter;
	cpp_macro_new(p, "LINUX_VERSION_CODE", LOC_NONE)->make = make_version;
}
