/*
 * What the preprocessor knows of the machine: which headers need no text since
 * the kernel's BTF has their types, the kernel's version and configuration,
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
#define INCLUDE_MAX_BYTES (1u << 22)

/* ---- headers ------------------------------------------------------------ */

/* Headers of the kernel and of BPF tools: their types come from BTF, their macros are built in. */
static bool satisfied(const char *name)
{
	static const char *const folders[] = {
		"linux/",  "uapi/",	 "net/",     "asm/",	"asm-generic/", "bcc/",
		"bpf/",	   "generated/", "trace/",   "crypto/", "scsi/",	"rdma/",
		"drm/",	   "sound/",	 "acpi/",    "xen/",	"media/",	"misc/",
		"video/",  "kvm/",	 "vdso/",    "kunit/",	"keys/",	"target/",
		"memory/", "sys/",	 "netinet/", "arpa/",	"bits/",
	};
	static const char *const files[] = {"stdint.h", "stddef.h",   "stdbool.h", "stdarg.h",
					    "limits.h", "inttypes.h", "vmlinux.h", "errno.h",
					    "fcntl.h",	"signal.h",   "sched.h",   "unistd.h",
					    "stdlib.h", "string.h",   "stdio.h",   "time.h"};
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (strncmp(name, folders[i], strlen(folders[i])) == 0)
			return true;
	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (strcmp(name, files[i]) == 0)
			return true;
	return false;
}

static int read_file(struct cpp *p, const char *path)
{
	FILE *f;
	char *text;
	size_t n;
	int file;

	if (strmap_get(&p->once, path))
		return 0;
	f = fopen(path, "re");
	if (!f)
		return -errno;
	text = malloc(INCLUDE_MAX_BYTES + 1);
	if (!text)
		abort();
	n = fread(text, 1, INCLUDE_MAX_BYTES + 1, f);
	if (ferror(f))
		file = -EIO;
	else if (n > INCLUDE_MAX_BYTES)
		file = -EFBIG;
	else
		file = sources_add(&p->c->sources, path, text, n);
	free(text);
	fclose(f);
	return file;
}

static const char *in_dir(struct cpp *p, const char *dir, size_t len, const char *name)
{
	if (!len)
		return name;
	return arena_printf(p->arena, "%.*s%s%s", (int)len, dir, dir[len - 1] == '/' ? "" : "/",
			    name);
}

int cpp_find_include(struct cpp *p, const struct cpp_token *at, const char *name, bool quoted)
{
	const char *from = p->c->sources.file[p->files.v[p->files.n - 1].file].name;
	const char *slash = strrchr(from, '/');
	int file = -ENOENT;
	unsigned i;

	if (name[0] == '/')
		file = read_file(p, name);
	else if (quoted)
		file = read_file(p, in_dir(p, from, slash ? (size_t)(slash - from) + 1 : 0, name));
	for (i = 0; file == -ENOENT && name[0] != '/' && p->opt && i < p->opt->ndirs; i++)
		file = read_file(p, in_dir(p, p->opt->dirs[i], strlen(p->opt->dirs[i]), name));
	if (file >= 0)
		return file;
	if (file != -ENOENT) {
		cpp_error(p, at, IO, "cannot read '%s': %s", name,
			  file == -EFBIG    ? "it is too large"
			  : file == -ENOSPC ? "too many files"
					    : strerror(-file));
		return -1;
	}
	if (satisfied(name))
		return 0;
	if (quoted) {
		cpp_error(p, at, IO, "cannot read '%s': %s", name, strerror(ENOENT));
		return -1;
	}
	cpp_error(p, at, NOT_YET, "header <%s> is not one of the kernel's", name);
	diag_hint(&p->c->diags,
		  "types of the kernel need no header; others can be declared here, or "
		  "included as \"FILE\" or from a folder given with -I");
	return -1;
}

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
