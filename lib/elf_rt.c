/* Functions of ELF files, and the files that names mean; see elf_rt.h. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug_file.h"
#include "lib/elf_rt.h"

/* ---- reading ------------------------------------------------------------ */

struct file {
	int fd;
	Elf *elf;
	struct symbol_file more; /* symbols that are elsewhere */
};

static void file_close(struct file *f)
{
	symbol_file_close(&f->more);
	if (f->elf)
		elf_end(f->elf);
	if (f->fd >= 0)
		close(f->fd);
}

static int file_open(struct file *f, const char *path)
{
	f->elf = NULL;
	f->more = (struct symbol_file){ .fd = -1 };
	f->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	f->elf = elf_begin(f->fd, ELF_C_READ_MMAP, NULL);
	if (f->elf && elf_kind(f->elf) == ELF_K_ELF)
		return 0;
	file_close(f);
	return -ENOEXEC;
}

/* Address to offset by the program headers. */
static int file_offset(Elf *elf, uint64_t address, uint64_t *offset)
{
	size_t n, i;
	GElf_Phdr ph;

	if (elf_getphdrnum(elf, &n))
		return -ENOEXEC;
	for (i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_LOAD || !(ph.p_flags & PF_X))
			continue;
		if (address >= ph.p_vaddr && address - ph.p_vaddr < ph.p_memsz) {
			*offset = address - ph.p_vaddr + ph.p_offset;
			return 0;
		}
	}
	return -ENOENT;
}

int elf_file_offset(const char *path, uint64_t address, uint64_t *offset)
{
	struct file f;
	int err = file_open(&f, path);

	if (err)
		return err;
	err = file_offset(f.elf, address, offset);
	file_close(&f);
	return err;
}

/*
 * Calls each for the symbols of .symtab and .dynsym, in the order of the file; a file that
 * was stripped may have the first elsewhere.
 */
static int each_symbol(struct file *f, const char *path,
		       int (*each)(void *user, const char *name, const GElf_Sym *sym), void *user)
{
	Elf *files[2] = { f->elf, NULL };
	int r = 0;

	if (!elf_has_section(f->elf, SHT_SYMTAB) && symbol_file_open(&f->more, f->elf, path))
		files[1] = f->more.elf;
	for (unsigned k = 0; k < 2 && files[k]; k++) {
		Elf_Scn *scn = NULL;
		GElf_Shdr sh;

		while ((scn = elf_nextscn(files[k], scn))) {
			Elf_Data *data;
			size_t n;

			if (!gelf_getshdr(scn, &sh) || !sh.sh_entsize ||
			    (sh.sh_type != SHT_SYMTAB && sh.sh_type != SHT_DYNSYM))
				continue;
			data = elf_getdata(scn, NULL);
			n = data ? sh.sh_size / sh.sh_entsize : 0;
			for (size_t i = 0; i < n && !r; i++) {
				const char *name;
				GElf_Sym sym;

				if (!gelf_getsym(data, (int)i, &sym) || sym.st_shndx == SHN_UNDEF)
					continue;
				name = elf_strptr(files[k], sh.sh_link, sym.st_name);
				if (name && *name)
					r = each(user, name, &sym);
			}
		}
	}
	return r;
}

struct functions {
	Elf *elf;
	int (*each)(void *user, const struct elf_function *f);
	void *user;
};

static int one_function(void *user, const char *name, const GElf_Sym *sym)
{
	struct functions *s = user;
	struct elf_function f = { .name = name, .address = sym->st_value, .size = sym->st_size };
	int type = GELF_ST_TYPE(sym->st_info);

	if ((type != STT_FUNC && type != STT_GNU_IFUNC) ||
	    file_offset(s->elf, f.address, &f.offset))
		return 0;
	return s->each(s->user, &f);
}

int elf_functions(const char *path, int (*each)(void *user, const struct elf_function *f),
		  void *user)
{
	struct functions s = { .each = each, .user = user };
	struct file f;
	int err = file_open(&f, path);

	if (err)
		return err;
	s.elf = f.elf;
	each_symbol(&f, path, one_function, &s);
	file_close(&f);
	return 0;
}

struct search {
	const char *name;
	uint64_t address;
	struct elf_function *found;
};

static int is_function(void *user, const struct elf_function *f)
{
	struct search *s = user;

	if (s->name ? strcmp(s->name, f->name) != 0
		    : s->address < f->address || s->address - f->address >= f->size)
		return 0;
	*s->found = *f;
	s->found->name = strdup(f->name);
	return 1;
}

bool elf_function_find(const char *path, const char *name, uint64_t address,
		       struct elf_function *found)
{
	struct search s = { name, address, found };

	found->name = NULL;
	elf_functions(path, is_function, &s);
	return found->name != NULL;
}

struct wanted {
	const char *name;
	GElf_Sym sym;
};

static int is_wanted(void *user, const char *name, const GElf_Sym *sym)
{
	struct wanted *w = user;

	if (strcmp(name, w->name) != 0)
		return 0;
	w->sym = *sym;
	return 1;
}

int elf_symbol(const char *path, const char *name, uint64_t *address, uint64_t *size)
{
	struct wanted w = { .name = name };
	struct file f;
	int err = file_open(&f, path);

	if (err)
		return err;
	err = each_symbol(&f, path, is_wanted, &w) ? 0 : -ENOENT;
	*address = w.sym.st_value;
	*size = w.sym.st_size;
	file_close(&f);
	return err;
}

/* ---- finding ------------------------------------------------------------ */

static char *try_file(const char *dir, size_t dirlen, const char *name, int mode)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%.*s/%s", (int)dirlen, dir, name) >= sizeof(path))
		return NULL;
	return access(path, mode) ? NULL : strdup(path);
}

static char *find_program(const char *name)
{
	const char *p = getenv("PATH");
	char *found = NULL;

	for (p = p ? p : "/usr/bin:/bin"; *p && !found;) {
		size_t n = strcspn(p, ":");

		found = try_file(p, n, name, X_OK);
		p += n + (p[n] == ':');
	}
	return found;
}

/* /etc/ld.so.cache: its format since glibc 2.2; offsets count from the header. */
struct cache_entry {
	int32_t flags;
	uint32_t key, value, osversion;
	uint64_t hwcap;
};

struct cache_header {
	char magic[20];
	uint32_t nlibs, len_strings, unused[5];
	struct cache_entry libs[];
};

#define CACHE_PATH  "/etc/ld.so.cache"
#define CACHE_MAGIC "glibc-ld.so.cache1.1"
#if defined(__aarch64__)
#define CACHE_FLAGS 0x0a03
#else
#define CACHE_FLAGS 0x0303 /* of x86-64 */
#endif

/* Is the entry's name NAME, NAME.so… or libNAME.so…? */
static bool is_library(const char *lib, const char *name)
{
	size_t n = strlen(name);

	if (!strncmp(lib, "lib", 3) && strncmp(name, "lib", 3))
		lib += 3;
	return !strncmp(lib, name, n) && (!lib[n] || !strncmp(lib + n, ".so", 3));
}

/* The first entry for the name in the size bytes at data, which end in a NUL. */
static const char *cache_search(const char *data, size_t size, const char *name)
{
	/* older formats may stand before it */
	const char *at = memmem(data, size, CACHE_MAGIC, sizeof(CACHE_MAGIC) - 1);
	size_t left = at ? size - (size_t)(at - data) : 0;
	struct cache_header h;
	struct cache_entry e;

	if (left < sizeof(h))
		return NULL;
	memcpy(&h, at, sizeof(h));
	for (uint32_t i = 0; i < h.nlibs && sizeof(h) + (i + 1ull) * sizeof(e) <= left; i++) {
		memcpy(&e, at + sizeof(h) + i * sizeof(e), sizeof(e));
		if (e.flags == CACHE_FLAGS && e.key < left && e.value < left &&
		    is_library(at + e.key, name))
			return at + e.value;
	}
	return NULL;
}

static char *find_library(const char *name)
{
	int fd = open(CACHE_PATH, O_RDONLY | O_CLOEXEC);
	const char *path = NULL;
	char *data = NULL, *found = NULL;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && st.st_size > 0)
		data = malloc((size_t)st.st_size + 1);
	if (data && read(fd, data, (size_t)st.st_size) == st.st_size) {
		data[st.st_size] = '\0';
		path = cache_search(data, (size_t)st.st_size, name);
	}
	if (path)
		found = strdup(path);
	free(data);
	if (fd >= 0)
		close(fd);
	return found;
}

char *elf_find(const char *name, int pid)
{
	char root[4200], *found;

	if (!strchr(name, '/')) {
		found = find_program(name);
		return found ? found : find_library(name);
	}
	if (pid > 0 && name[0] == '/') {
		snprintf(root, sizeof(root), "/proc/%d/root%.4096s", pid, name);
		if (!access(root, R_OK))
			return strdup(root);
	}
	if (access(name, F_OK))
		return NULL;
	/* /proc/PID/root is another one's: as a link it leads to our own */
	return strncmp(name, "/proc/", 6) ? realpath(name, NULL) : strdup(name);
}
