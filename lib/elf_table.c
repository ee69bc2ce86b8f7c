/* Symbol tables of ELF files; see elf_table.h. Called by runtime/usyms.c. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "lib/elf_table.h"

#define NOTE_BUILD_ID 3 /* NT_GNU_BUILD_ID, of "GNU" */
#define NEAR_MAX 32     /* symbols looked at for one that encloses an address */

struct segment {
	uint64_t address, offset, size;
};

struct symbol {
	uint64_t address;
	uint32_t size;
	uint32_t name; /* where it is in the file */
};

struct elf_table {
	int fd;      /* that holds the names, or -1: image does */
	void *image;
	size_t image_size;
	VEC(struct segment) segments;
	VEC(struct symbol) symbols; /* sorted by address */
};

void elf_table_free(struct elf_table *t)
{
	if (!t)
		return;
	if (t->fd >= 0)
		close(t->fd);
	free(t->image);
	free(t->segments.v);
	free(t->symbols.v);
	free(t);
}

/* ---- reading ------------------------------------------------------------ */

static void read_segments(struct elf_table *t, Elf *elf)
{
	size_t n = 0;
	GElf_Phdr ph;

	elf_getphdrnum(elf, &n);
	for (size_t i = 0; i < n; i++) {
		struct segment s;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_LOAD)
			continue;
		s = (struct segment){ ph.p_vaddr, ph.p_offset, ph.p_filesz };
		vec_push(&t->segments, s);
	}
}

/* Symbols of one table; names become places in the file. */
static void read_symbols(struct elf_table *t, Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t n = data && sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
	Elf_Scn *names = elf_getscn(elf, sh->sh_link);
	GElf_Shdr strings;

	if (!names || !gelf_getshdr(names, &strings))
		return;
	for (size_t i = 0; i < n; i++) {
		struct symbol s;
		GElf_Sym sym;
		int type;

		if (!gelf_getsym(data, (int)i, &sym) || sym.st_shndx == SHN_UNDEF ||
		    !sym.st_name || sym.st_name >= strings.sh_size)
			continue;
		type = GELF_ST_TYPE(sym.st_info);
		if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_OBJECT)
			continue;
		s.address = sym.st_value;
		s.size = sym.st_size > UINT32_MAX ? UINT32_MAX : (uint32_t)sym.st_size;
		s.name = (uint32_t)(strings.sh_offset + sym.st_name);
		vec_push(&t->symbols, s);
	}
}

static bool has_section(Elf *elf, uint32_t type)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == type)
			return true;
	return false;
}

/* .symtab has all that .dynsym has. */
static void read_tables(struct elf_table *t, Elf *elf)
{
	uint32_t type = has_section(elf, SHT_SYMTAB) ? SHT_SYMTAB : SHT_DYNSYM;
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == type)
			read_symbols(t, elf, scn, &sh);
}

static int symbol_order(const void *x, const void *y)
{
	const struct symbol *a = x, *b = y;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	/* of several names for one place the one with a size, then the last of the table */
	if (!a->size != !b->size)
		return a->size ? 1 : -1;
	return (a->name > b->name) - (a->name < b->name);
}

static void sort_symbols(struct elf_table *t)
{
	size_t n = 0;
	void *fit;

	if (!t->symbols.n)
		return;
	qsort(t->symbols.v, t->symbols.n, sizeof(*t->symbols.v), symbol_order);
	for (size_t i = 0; i < t->symbols.n; i++) {
		if (n && t->symbols.v[n - 1].address == t->symbols.v[i].address)
			n--;
		t->symbols.v[n++] = t->symbols.v[i];
	}
	t->symbols.n = n;
	fit = realloc(t->symbols.v, n * sizeof(*t->symbols.v));
	if (fit) {
		t->symbols.v = fit;
		t->symbols.cap = n;
	}
}

/* ---- separate debug files ----------------------------------------------- */

/* "ab/cdef…" of the build id; false when the file has none. */
static bool build_id(Elf *elf, char *text, size_t size)
{
	size_t n = 0, name, desc;
	GElf_Phdr ph;

	elf_getphdrnum(elf, &n);
	for (size_t i = 0; i < n; i++) {
		Elf_Data *data;
		GElf_Nhdr note;
		size_t at = 0, next;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_NOTE)
			continue;
		data = elf_getdata_rawchunk(elf, (int64_t)ph.p_offset, ph.p_filesz, ELF_T_NHDR);
		for (; data && (next = gelf_getnote(data, at, &note, &name, &desc)); at = next) {
			const uint8_t *id = (const uint8_t *)data->d_buf + desc;
			size_t len = 0;

			if (note.n_type != NOTE_BUILD_ID || note.n_namesz != 4 ||
			    memcmp((const char *)data->d_buf + name, "GNU", 4) != 0 ||
			    note.n_descsz < 2 || note.n_descsz * 2 + 2 > size)
				continue;
			for (uint32_t j = 0; j < note.n_descsz; j++)
				len += (size_t)snprintf(text + len, size - len, "%02x%s", id[j],
							j ? "" : "/");
			return true;
		}
	}
	return false;
}

/* The name in .gnu_debuglink. */
static bool debug_link(Elf *elf, char *text, size_t size)
{
	Elf_Scn *scn = NULL;
	size_t names;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(elf, &names))
		return false;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *name;
		Elf_Data *data;

		if (!gelf_getshdr(scn, &sh))
			continue;
		name = elf_strptr(elf, names, sh.sh_name);
		if (!name || strcmp(name, ".gnu_debuglink") != 0)
			continue;
		data = elf_getdata(scn, NULL);
		if (!data || !data->d_buf || !memchr(data->d_buf, 0, data->d_size))
			return false;
		snprintf(text, size, "%s", (const char *)data->d_buf);
		return *text && !strchr(text, '/');
	}
	return false;
}

static int debug_open(Elf *elf, const char *path)
{
	static const char *const forms[] = { "%.*s/%s", "%.*s/.debug/%s",
					     "/usr/lib/debug%.*s/%s" };
	char id[160], file[4600], link[256];
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) : 0, fd = -1;

	if (build_id(elf, id, sizeof(id))) {
		snprintf(file, sizeof(file), "/usr/lib/debug/.build-id/%s.debug", id);
		fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	if (fd >= 0 || !slash || !debug_link(elf, link, sizeof(link)))
		return fd;
	for (unsigned i = 0; fd < 0 && i < sizeof(forms) / sizeof(*forms); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(file, sizeof(file), forms[i], dir, path, link);
#pragma GCC diagnostic pop
		if (strcmp(file, path) != 0)
			fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	return fd;
}

/* Takes the symbols from a separate file. False: there is none. */
static bool read_debug(struct elf_table *t, Elf *elf, const char *path)
{
	int fd = debug_open(elf, path);
	Elf *debug;

	if (fd < 0)
		return false;
	debug = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (debug && elf_kind(debug) == ELF_K_ELF && has_section(debug, SHT_SYMTAB))
		read_tables(t, debug);
	elf_end(debug);
	if (!t->symbols.n) {
		close(fd);
		return false;
	}
	close(t->fd);
	t->fd = fd;
	return true;
}

/* ---- tables ------------------------------------------------------------- */

static void read_elf(struct elf_table *t, Elf *elf, const char *path)
{
	read_segments(t, elf);
	if (!path || has_section(elf, SHT_SYMTAB) || !read_debug(t, elf, path))
		read_tables(t, elf);
	sort_symbols(t);
}

struct elf_table *elf_table_open(int fd, const char *path)
{
	struct elf_table *t = calloc(1, sizeof(*t));
	Elf *elf;

	if (!t) {
		close(fd);
		return NULL;
	}
	t->fd = fd;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		elf_table_free(t);
		return NULL;
	}
	read_elf(t, elf, path);
	elf_end(elf);
	return t;
}

struct elf_table *elf_table_image(const void *image, size_t size)
{
	struct elf_table *t = calloc(1, sizeof(*t));
	Elf *elf;

	if (!t)
		return NULL;
	t->fd = -1;
	t->image = malloc(size);
	t->image_size = size;
	elf_version(EV_CURRENT);
	elf = t->image ? elf_memory(memcpy(t->image, image, size), size) : NULL;
	if (elf)
		read_elf(t, elf, NULL);
	elf_end(elf);
	return t;
}

static bool read_name(const struct elf_table *t, uint32_t at, char *name, size_t size)
{
	ssize_t n;

	if (t->fd < 0) {
		if (at >= t->image_size)
			return false;
		n = (ssize_t)strnlen((const char *)t->image + at, t->image_size - at);
		snprintf(name, size, "%.*s", (int)n, (const char *)t->image + at);
		return true;
	}
	n = pread(t->fd, name, size - 1, (off_t)at);
	if (n <= 0)
		return false;
	name[n] = 0;
	return *name != 0;
}

static bool to_address(const struct elf_table *t, uint64_t offset, uint64_t *address)
{
	for (size_t i = 0; i < t->segments.n; i++) {
		const struct segment *s = &t->segments.v[i];

		if (offset >= s->offset && offset - s->offset < s->size) {
			*address = offset - s->offset + s->address;
			return true;
		}
	}
	return false;
}

bool elf_table_find(struct elf_table *t, uint64_t offset, char *name, size_t size, uint64_t *from)
{
	size_t low = 0, high = t->symbols.n;
	uint64_t address;

	if (!to_address(t, offset, &address))
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->symbols.v[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* a function may stand inside another; one without a size goes on to the next */
	for (unsigned i = 0; low && i < NEAR_MAX; i++, low--) {
		const struct symbol *s = &t->symbols.v[low - 1];

		*from = address - s->address;
		if (*from < s->size || (!s->size && !i))
			return read_name(t, s->name, name, size);
	}
	return false;
}
