/* Symbol tables of ELF files; see elf_table.h. Called by runtime/usyms.c. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/debug_file.h"
#include "base/vec.h"
#include "lib/elf_table.h"
#include "lib/source_lines.h"

#define NEAR_MAX 32     /* symbols looked at for one that encloses an address */

struct segment {
	uint64_t address, offset, size;
};

struct symbol {
	uint64_t address;
	uint32_t size;
	uint32_t name : 31;  /* where it is in the file, or in the image */
	uint32_t packed : 1; /* the image has it */
};

struct elf_table {
	int fd;      /* that holds the names, or -1: image does */
	void *image; /* of the vDSO, or unpacked .gnu_debugdata */
	char *path;  /* for finding debug information; or NULL */
	struct source_lines *lines;
	bool tried_lines;
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
	free(t->path);
	source_lines_close(t->lines);
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
static void read_symbols(struct elf_table *t, Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh,
			 bool packed)
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
		s.name = (uint32_t)(strings.sh_offset + sym.st_name) & 0x7fffffff;
		s.packed = packed;
		vec_push(&t->symbols, s);
	}
}

/* .symtab has all that .dynsym has. */
static void read_tables(struct elf_table *t, Elf *elf, bool packed)
{
	uint32_t type = elf_has_section(elf, SHT_SYMTAB) ? SHT_SYMTAB : SHT_DYNSYM;
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == type)
			read_symbols(t, elf, scn, &sh, packed);
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

/* ---- tables ------------------------------------------------------------- */

/* Symbols from elsewhere: the names stay there. */
static void read_symbol_file(struct elf_table *t, Elf *elf, struct symbol_file *f)
{
	if (f->fd < 0) {
		/* only what the dynamic linker does not need is packed */
		read_tables(t, elf, false);
		read_tables(t, f->elf, true);
		t->image = f->image;
		t->image_size = f->size;
		elf_end(f->elf);
		*f = (struct symbol_file){ .fd = -1 };
		return;
	}
	read_tables(t, f->elf, false);
	close(t->fd);
	t->fd = f->fd;
	f->fd = -1;
}

static void read_elf(struct elf_table *t, Elf *elf, const char *path)
{
	struct symbol_file f;

	read_segments(t, elf);
	if (path && !elf_has_section(elf, SHT_SYMTAB) && symbol_file_open(&f, elf, path)) {
		read_symbol_file(t, elf, &f);
		symbol_file_close(&f);
	} else {
		read_tables(t, elf, false);
	}
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
	t->path = strdup(path);
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

static bool read_name(const struct elf_table *t, const struct symbol *s, char *name, size_t size)
{
	uint32_t at = s->name;
	ssize_t n;

	if (t->fd < 0 || s->packed) {
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
			return read_name(t, s, name, size);
	}
	return false;
}

unsigned elf_table_lines(struct elf_table *t, uint64_t offset, unsigned back,
			 const struct source_place **out)
{
	uint64_t address;

	if (!t->tried_lines && t->fd >= 0 && t->path)
		t->lines = source_lines_open(t->fd, t->path);
	t->tried_lines = true;
	if (!t->lines || !to_address(t, offset, &address))
		return 0;
	return source_lines_find(t->lines, address - back, out);
}
