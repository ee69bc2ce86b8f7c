/*
 * Debug information of ELF files: where it is, and opening it. The image is mapped
 * here, for pages that were looked at are given back (debug_file_trim). Called by lib/
 * for symbols and source lines, and by types/ for the types of a program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug_file.h"

#define NOTE_BUILD_ID 3 /* NT_GNU_BUILD_ID, of "GNU" */
#define UNPACKED_LIMIT (64u << 20) /* bytes of compressed sections, which libdw unpacks at once */

Elf_Scn *debug_file_section(Elf *elf, const char *wanted)
{
	Elf_Scn *scn = NULL;
	size_t names;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *name = gelf_getshdr(scn, &sh) ? elf_strptr(elf, names, sh.sh_name)
							  : NULL;

		if (name && !strcmp(name, wanted) && sh.sh_type != SHT_NOBITS)
			return scn;
	}
	return NULL;
}

/* ---- separate files -------------------------------------------------------- */

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
	Elf_Scn *scn = debug_file_section(elf, ".gnu_debuglink");
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;

	if (!data || !data->d_buf || !memchr(data->d_buf, 0, data->d_size))
		return false;
	snprintf(text, size, "%s", (const char *)data->d_buf);
	return *text && !strchr(text, '/');
}

int debug_file_find(Elf *elf, const char *path)
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

/* ---- symbols ---------------------------------------------------------------- */

bool elf_has_section(Elf *elf, uint32_t type)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == type)
			return true;
	return false;
}

static bool open_packed(struct symbol_file *f, Elf *elf)
{
	Elf_Scn *scn = debug_file_section(elf, ".gnu_debugdata");
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;

	if (!data || !data->d_buf)
		return false;
	f->image = debug_unpack(data->d_buf, data->d_size, UNPACKED_LIMIT, &f->size);
	f->elf = f->image ? elf_memory(f->image, f->size) : NULL;
	return f->elf != NULL;
}

bool symbol_file_open(struct symbol_file *f, Elf *elf, const char *path)
{
	*f = (struct symbol_file){ .fd = path ? debug_file_find(elf, path) : -1 };
	if (f->fd >= 0)
		f->elf = elf_begin(f->fd, ELF_C_READ_MMAP, NULL);
	if (!f->elf || elf_kind(f->elf) != ELF_K_ELF || !elf_has_section(f->elf, SHT_SYMTAB)) {
		symbol_file_close(f);
		open_packed(f, elf);
	}
	if (f->elf && elf_kind(f->elf) == ELF_K_ELF && elf_has_section(f->elf, SHT_SYMTAB))
		return true;
	symbol_file_close(f);
	return false;
}

void symbol_file_close(struct symbol_file *f)
{
	elf_end(f->elf);
	if (f->fd >= 0)
		close(f->fd);
	free(f->image);
	*f = (struct symbol_file){ .fd = -1 };
}

/* ---- DWARF ------------------------------------------------------------------ */

/* What libdw would unpack into memory. */
static uint64_t unpacked_size(Elf *elf)
{
	uint64_t total = 0;
	Elf_Scn *scn = NULL;
	GElf_Chdr ch;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_flags & SHF_COMPRESSED &&
		    gelf_getchdr(scn, &ch))
			total += ch.ch_size;
	return total;
}

static bool has_dwarf(int fd, bool *packed)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	bool has = elf && elf_kind(elf) == ELF_K_ELF && debug_file_section(elf, ".debug_info") &&
		   unpacked_size(elf) <= UNPACKED_LIMIT;

	*packed = has && unpacked_size(elf);
	elf_end(elf);
	return has;
}

static int map_image(struct debug_file *f, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	f->size = (size_t)st.st_size;
	/* libdw changes the headers of sections that it unpacks, of this copy of them */
	f->image = mmap(NULL, f->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (f->image != MAP_FAILED)
		return 0;
	f->image = NULL;
	return -errno;
}

int debug_file_open(struct debug_file *f, int fd, const char *path)
{
	Elf *elf;
	int own = -1, err = -ENOENT;

	memset(f, 0, sizeof(*f));
	elf_version(EV_CURRENT);
	if (!has_dwarf(fd, &f->packed)) {
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
		own = elf && elf_kind(elf) == ELF_K_ELF && path ? debug_file_find(elf, path) : -1;
		elf_end(elf);
		if (own < 0 || !has_dwarf(own, &f->packed))
			goto out;
		fd = own;
	}
	f->lib = debug_libs();
	err = f->lib ? map_image(f, fd) : -ENOTSUP;
	if (err)
		goto out;
	f->lib->elf_version(EV_CURRENT);
	f->elf = f->lib->elf_memory(f->image, f->size);
	f->dwarf = f->elf ? f->lib->dwarf_begin_elf(f->elf, DWARF_C_READ, NULL) : NULL;
	if (!f->dwarf) {
		debug_file_close(f);
		err = -EINVAL;
	}
out:
	if (own >= 0)
		close(own);
	return err;
}

void debug_file_close(struct debug_file *f)
{
	if (f->dwarf)
		f->lib->dwarf_end(f->dwarf);
	if (f->elf)
		f->lib->elf_end(f->elf);
	if (f->image)
		munmap(f->image, f->size);
	memset(f, 0, sizeof(*f));
}

void debug_file_trim(struct debug_file *f)
{
	if (f->dwarf)
		f->lib->dwarf_end(f->dwarf);
	f->dwarf = f->lib->dwarf_begin_elf(f->elf, DWARF_C_READ, NULL);
	if (!f->packed)
		madvise(f->image, f->size, MADV_DONTNEED);
}
