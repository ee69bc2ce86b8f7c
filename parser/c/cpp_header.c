/*
 * #include: files of the user's own are read by the preprocessor itself. Headers of
 * the kernel need no text, since BTF has their types and their usual macros are
 * built in. All others are left to libclang (types/headers.h); so are, in a second
 * try, those of the first two kinds when the program did not compile.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "parser/c/cpp.h"
#include "parser/c/cpp_lex.h"
#include "types/headers.h"

#define INCLUDE_MAX_BYTES (1u << 22)

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

/* Folders that the compiler looks into by itself. */
static const char *const system_dirs[] = {
	"/usr/local/include",
#if defined(__x86_64__)
	"/usr/include/x86_64-linux-gnu",
#elif defined(__aarch64__)
	"/usr/include/aarch64-linux-gnu",
#endif
	"/usr/include",
};

static bool is_system_file(const char *path)
{
	size_t i, n;

	for (i = 0; i < sizeof(system_dirs) / sizeof(*system_dirs); i++) {
		n = strlen(system_dirs[i]);
		if (strncmp(path, system_dirs[i], n) == 0 && path[n] == '/')
			return true;
	}
	return false;
}

static bool system_has(struct cpp *p, const char *name)
{
	size_t i;

	if (name[0] == '/')
		return access(name, R_OK) == 0;
	for (i = 0; i < sizeof(system_dirs) / sizeof(*system_dirs); i++)
		if (access(in_dir(p, system_dirs[i], strlen(system_dirs[i]), name), R_OK) == 0)
			return true;
	return false;
}

/* ---- what goes to libclang ---------------------------------------------- */

/* What the program defined so far: headers may ask for it. */
static void add_defines(struct cpp *p, struct loc loc)
{
	size_t i;

	for (i = 0; i < p->macros.n; i++) {
		const struct cpp_macro *m = p->macros.entries[i].value;
		const struct cpp_token *t;
		struct buf b = {0};

		if (!m->defined || m->function || m->make || m->loc.file != p->main_file)
			continue;
		buf_printf(&b, "#define %s", m->name);
		for (t = m->body; t && t->kind != CPP_END; t = t->next)
			buf_printf(&b, " %s", t->text);
		buf_u8(&b, '\0');
		headers_add(p->c->types, &p->c->diags, loc, (const char *)b.data,
			    p->c->read_headers);
		buf_free(&b);
	}
}

static int give_to_clang(struct cpp *p, const struct cpp_token *at, const char *name, bool quoted,
			 bool tried)
{
	unsigned i;

	for (i = 0; p->opt && i < p->opt->ndirs; i++)
		headers_dir(p->c->types, p->opt->dirs[i]);
	add_defines(p, at->loc);
	headers_add(p->c->types, &p->c->diags, at->loc,
		    arena_printf(p->arena, quoted ? "#include \"%s\"" : "#include <%s>", name),
		    tried);
	return 0;
}

static bool is_foreign(const struct cpp *p, const char *path)
{
	return is_system_file(path) || (p->c->foreign && strmap_get(p->c->foreign, path));
}

/* The file of the user's own: its path, or NULL. */
static const char *own_file(struct cpp *p, const char *name, bool quoted)
{
	const char *from = p->c->sources.file[p->files.v[p->files.n - 1].file].name, *path;
	const char *slash = strrchr(from, '/');
	unsigned i;

	if (name[0] == '/')
		return name;
	if (quoted) {
		path = in_dir(p, from, slash ? (size_t)(slash - from) + 1 : 0, name);
		if (access(path, F_OK) == 0)
			return path;
	}
	for (i = 0; p->opt && i < p->opt->ndirs; i++) {
		path = in_dir(p, p->opt->dirs[i], strlen(p->opt->dirs[i]), name);
		if (access(path, F_OK) == 0)
			return path;
	}
	return NULL;
}

static int read_own(struct cpp *p, const struct cpp_token *at, const char *name, const char *path)
{
	int file = read_file(p, path);

	if (file >= 0)
		return file;
	cpp_error(p, at, IO, "cannot read '%s': %s", name,
		  file == -EFBIG    ? "it is too large"
		  : file == -ENOSPC ? "too many files"
				    : strerror(-file));
	return -1;
}

int cpp_find_include(struct cpp *p, const struct cpp_token *at, const char *name, bool quoted)
{
	const char *path = own_file(p, name, quoted);
	bool known = satisfied(name);

	if (path && is_foreign(p, path))
		return give_to_clang(p, at, path, true, false);
	if (path)
		return read_own(p, at, name, path);
	if (system_has(p, name)) {
		if (!known || p->c->read_headers)
			return give_to_clang(p, at, name, false, known);
		p->c->unread_headers = true;
		return 0;
	}
	if (known)
		return 0;
	if (quoted) {
		cpp_error(p, at, IO, "cannot read '%s': %s", name, strerror(ENOENT));
		return -1;
	}
	compile_missing_header(p->c, at->loc, name);
	return 0;
}

/* ---- macros of headers -------------------------------------------------- */

/* "NAME(a) body" as tokens. */
static struct cpp_token *tokens_of(struct cpp *p, const char *text)
{
	struct cpp_lexer l = {0};
	struct cpp_token *head = NULL, **tail = &head;
	int kind;

	if (!cpp_lexer_open(&l, text, (uint32_t)strlen(text))) {
		while ((kind = cpp_flex(l.flex)) != CPP_END && !l.unclosed) {
			struct cpp_token *n = cpp_token_new(p, (enum cpp_kind)kind, text + l.start,
							    l.end - l.start, NULL);

			n->space = l.space;
			l.space = l.bol = false;
			*tail = n;
			tail = &n->next;
		}
	}
	cpp_lexer_close(&l);
	*tail = cpp_token_new(p, CPP_END, "", 0, NULL);
	return head;
}

struct cpp_macro *cpp_header_macro(struct cpp *p, const char *name)
{
	const char *text;
	struct cpp_macro *m;

	if (!p->c->types || !headers_any(p->c->types)) /* the grammar needs no types */
		return NULL;
	text = headers_macro(p->c->types, name);
	if (!text)
		return NULL;
	cpp_define(p, tokens_of(p, text));
	m = strmap_get(&p->macros, name);
	if (m)
		m->header = true;
	return m;
}
