/*
 * Static probes of programs: the notes that describe them, and a link for each
 * place that the program was built with.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strmap.h"
#include "lib/elf_rt.h"
#include "lib/probe_rt.h"
#include "lib/usdt_rt.h"

#define NOTE_TYPE 3 /* of "stapsdt" */

/* What the attach needs of a place; the program's map takes the first part. */
struct usdt_point {
	struct usdt_arg args[USDT_ARGS];
	uint64_t offset, semaphore; /* in the file; semaphore 0: none */
};

struct usdt_note {
	const char *provider, *name, *args;
	uint64_t pc, semaphore; /* addresses */
};

/* ---- notes -------------------------------------------------------------- */

struct notes {
	Elf *elf;
	uint64_t base; /* of .stapsdt.base; 0: none */
	int (*each)(void *user, Elf *elf, const struct usdt_note *n);
	void *user;
};

/* Three words and three strings; the first are to be moved when the file was prelinked. */
static int note_parse(const struct notes *s, const char *desc, size_t size)
{
	struct usdt_note n;
	uint64_t word[3];
	const char *end = desc + size;

	if (size < sizeof(word) + 3 || desc[size - 1])
		return 0;
	memcpy(word, desc, sizeof(word));
	n.provider = desc + sizeof(word);
	n.name = n.provider + strlen(n.provider) + 1;
	n.args = n.name < end ? n.name + strlen(n.name) + 1 : end;
	if (n.args >= end)
		return 0;
	n.pc = word[0];
	n.semaphore = word[2];
	if (s->base && word[1]) {
		n.pc += s->base - word[1];
		n.semaphore += n.semaphore ? s->base - word[1] : 0;
	}
	return s->each(s->user, s->elf, &n);
}

static int notes_of(struct notes *s, Elf_Scn *scn)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t at = 0, next, name, desc;
	GElf_Nhdr note;
	int r = 0;

	for (; !r && data && (next = gelf_getnote(data, at, &note, &name, &desc)); at = next)
		if (note.n_type == NOTE_TYPE && note.n_namesz == sizeof("stapsdt") &&
		    !memcmp((const char *)data->d_buf + name, "stapsdt", sizeof("stapsdt")))
			r = note_parse(s, (const char *)data->d_buf + desc, note.n_descsz);
	return r;
}

static int read_notes(struct notes *s)
{
	Elf_Scn *scn = NULL, *found = NULL;
	size_t names;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(s->elf, &names))
		return -ENOEXEC;
	while ((scn = elf_nextscn(s->elf, scn))) {
		const char *name = gelf_getshdr(scn, &sh) ? elf_strptr(s->elf, names, sh.sh_name)
							  : NULL;

		if (name && !strcmp(name, ".stapsdt.base"))
			s->base = sh.sh_addr;
		else if (name && !strcmp(name, ".note.stapsdt"))
			found = scn;
	}
	if (found)
		notes_of(s, found);
	return 0;
}

static int file_notes(const char *path,
		      int (*each)(void *user, Elf *elf, const struct usdt_note *n), void *user)
{
	struct notes s = { .each = each, .user = user };
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	s.elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	err = s.elf && elf_kind(s.elf) == ELF_K_ELF ? read_notes(&s) : -ENOEXEC;
	elf_end(s.elf);
	close(fd);
	return err;
}

/* ---- expansion ---------------------------------------------------------- */

struct search {
	struct rt *rt;
	struct rt_program *p;
	const struct attach_info *at;
	const char *path;
	unsigned n, bad;
};

static bool to_offset(Elf *elf, uint64_t address, uint64_t *offset)
{
	size_t n = 0;
	GElf_Phdr ph;

	elf_getphdrnum(elf, &n);
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_LOAD ||
		    address < ph.p_vaddr || address - ph.p_vaddr >= ph.p_memsz)
			continue;
		*offset = address - ph.p_vaddr + ph.p_offset;
		return true;
	}
	return false;
}

static bool find_symbol(void *user, const char *name, uint64_t *address)
{
	Elf *elf = user;
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;
		GElf_Sym sym;

		if (!gelf_getshdr(scn, &sh) ||
		    (sh.sh_type != SHT_SYMTAB && sh.sh_type != SHT_DYNSYM) || !sh.sh_entsize)
			continue;
		data = elf_getdata(scn, NULL);
		for (size_t i = 0; data && i < sh.sh_size / sh.sh_entsize; i++) {
			const char *s;

			if (!gelf_getsym(data, (int)i, &sym) || sym.st_shndx == SHN_UNDEF)
				continue;
			s = elf_strptr(elf, sh.sh_link, sym.st_name);
			if (s && !strcmp(s, name)) {
				*address = sym.st_value;
				return true;
			}
		}
	}
	return false;
}

static bool name_matches(const char *pattern, const struct usdt_note *n)
{
	char full[1024];

	if (!strchr(pattern, ':'))
		return rt_wildcard(pattern, n->name);
	snprintf(full, sizeof(full), "%s:%s", n->provider, n->name);
	return rt_wildcard(pattern, full);
}

static int add_place(void *user, Elf *elf, const struct usdt_note *n)
{
	struct search *s = user;
	struct usdt_point point = { 0 };
	const char *args = n->args;
	char full[5300];

	if (!name_matches(s->at->target, n))
		return 0;
	if (!to_offset(elf, n->pc, &point.offset) ||
	    (n->semaphore && !to_offset(elf, n->semaphore, &point.semaphore)))
		return 0;
	for (unsigned i = 0; i < USDT_ARGS && args[strspn(args, " ")]; i++)
		if (!usdt_arg_parse(&args, &point.args[i], n->pc, find_symbol, elf))
			s->bad++;
	snprintf(full, sizeof(full), "usdt:%.4000s:%.500s:%.500s",
		 rt_has_wildcard(s->at->module) ? s->path : s->at->module, n->provider, n->name);
	rt_add_point(s->rt, s->p, s->at, n->name, s->path, full);
	rt_point_data(s->rt, s->p, &point, sizeof(point));
	rt_point_same(s->rt, s->p);
	s->n++;
	return 0;
}

/* The files that a process has mapped, each once. */
static void each_mapped(int pid, void (*each)(void *user, const char *path), void *user)
{
	char line[4400], file[40];
	struct strmap seen = { 0 };
	FILE *f;

	snprintf(file, sizeof(file), "/proc/%d/maps", pid);
	f = fopen(file, "re");
	while (f && fgets(line, sizeof(line), f)) {
		char *path = strchr(line, '/'), *key;

		line[strcspn(line, "\n")] = 0;
		if (!path || strmap_get(&seen, path) || !(key = strdup(path)))
			continue;
		strmap_put(&seen, key, key);
		each(user, path);
	}
	if (f)
		fclose(f);
	for (size_t i = 0; i < seen.n; i++)
		free(seen.entries[i].value);
	strmap_free(&seen);
}

static void search_mapped(void *user, const char *name)
{
	struct search *s = user;
	char *path = elf_find(name, rt_pid(s->rt));

	s->path = path;
	if (path && rt_wildcard(s->at->module, name))
		file_notes(path, add_place, s);
	free(path);
}

int usdt_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at)
{
	struct search s = { .rt = rt, .p = p, .at = at };
	int pid = rt_pid(rt), err = 0;
	char *path;

	if (rt_has_wildcard(at->module)) {
		if (pid > 0) {
			each_mapped(pid, search_mapped, &s);
			return s.n ? 0 : -ENOENT;
		}
		rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc, "name the binary, or use -p",
			"a pattern of binaries needs a process");
		return -ECANCELED;
	}
	path = elf_find(at->module, pid);
	s.path = path;
	if (path)
		err = file_notes(path, add_place, &s);
	if (!path || err)
		rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc, NULL, "cannot read '%s': %s",
			path ? path : at->module,
			!path ? "there is no such file" :
			err == -ENOEXEC ? "it is no ELF file" : strerror(-err));
	free(path);
	return !path || err ? -ECANCELED : s.n ? 0 : -ENOENT;
}

/* ---- attaching ---------------------------------------------------------- */

static struct bpf_link *attach_one(struct rt *rt, struct rt_program *p,
				   const struct rt_point *point, const void *arg)
{
	const struct usdt_point *u = point->data;
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = point->cookie,
		    .ref_ctr_offset = u ? u->semaphore : 0);
	int pid = rt_pid(rt);

	(void)arg;
	if (!u) {
		errno = ENOENT;
		return NULL;
	}
	return bpf_program__attach_uprobe_opts(p->prog, pid > 0 ? pid : -1, point->module,
					       u->offset, &opts);
}

int usdt_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points, unsigned n,
		unsigned *failed)
{
	return probe_attach_each(rt, p, points, n, failed, attach_one, NULL);
}

/* ---- names -------------------------------------------------------------- */

static int try_near(void *user, Elf *elf, const struct usdt_note *n)
{
	(void)elf;
	probe_near_try(user, n->name);
	return 0;
}

char *usdt_near(struct rt *rt, const struct attach_info *at)
{
	const char *colon = strrchr(at->target, ':');
	struct probe_near n = { .word = colon ? colon + 1 : at->target };
	char *path = elf_find(at->module, rt_pid(rt));

	if (path)
		file_notes(path, try_near, &n);
	free(path);
	return n.best;
}

struct listing {
	const char *path, *pattern;
	struct strmap seen;
	void (*each)(void *user, const char *text);
	void *user;
};

static int list_note(void *user, Elf *elf, const struct usdt_note *n)
{
	struct listing *l = user;
	char text[5300], *key;

	(void)elf;
	if (!name_matches(l->pattern, n))
		return 0;
	snprintf(text, sizeof(text), "usdt:%.4000s:%.500s:%.500s", l->path, n->provider, n->name);
	if (strmap_get(&l->seen, text) || !(key = strdup(text)))
		return 0;
	strmap_put(&l->seen, key, key);
	l->each(l->user, text);
	return 0;
}

static void list_file(void *user, const char *name)
{
	struct listing *l = user;

	l->path = name;
	file_notes(name, list_note, l);
}

int usdt_list(struct rt *rt, const char *pattern, bool args,
	      void (*each)(void *user, const char *text), void *user)
{
	struct listing l = { .each = each, .user = user, .pattern = "*" };
	const char *rest = probe_pattern("usdt", pattern), *colon = strchr(rest, ':');
	int pid = rt_pid(rt);
	char *name, *path;

	(void)args;
	name = colon ? strndup(rest, (size_t)(colon - rest)) : strdup(rest);
	if (colon)
		l.pattern = colon + 1;
	if (pid > 0 && name && (!*name || rt_has_wildcard(name))) {
		each_mapped(pid, list_file, &l);
	} else if (name && strchr(name, '*') == NULL) {
		path = elf_find(name, pid);
		if (path)
			list_file(&l, path);
		free(path);
	}
	free(name);
	for (size_t i = 0; i < l.seen.n; i++)
		free(l.seen.entries[i].value);
	strmap_free(&l.seen);
	return 0;
}
