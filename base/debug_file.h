/*
 * Debug information of ELF files: in the file itself, or in a separate one that its
 * build id or .gnu_debuglink names.
 */
#ifndef BASE_DEBUG_FILE_H
#define BASE_DEBUG_FILE_H

#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/debug_libs.h"

struct debug_file {
	const struct debug_libs *lib;
	void *image; /* mapped */
	size_t size;
	bool packed; /* it has sections that libdw unpacked */
	Elf *elf;
	Dwarf *dwarf;
};

/*
 * Opens the DWARF of a file; path is for finding a separate one, or NULL. fd stays the
 * caller's. 0; -ENOENT: there is none; -ENOTSUP: no libdw; or another -errno.
 */
int debug_file_open(struct debug_file *f, int fd, const char *path);
void debug_file_close(struct debug_file *f);
/* Gives back the memory that lookups took: what they returned is gone. dwarf may be NULL then. */
void debug_file_trim(struct debug_file *f);

/*
 * Where the symbols of a file without .symtab are: in a separate file, or packed in its
 * .gnu_debugdata (which has what .dynsym has not). False: nowhere.
 */
struct symbol_file {
	Elf *elf;
	int fd; /* of the separate file, or -1: image holds it */
	void *image; /* malloc'ed */
	size_t size;
};
bool symbol_file_open(struct symbol_file *f, Elf *elf, const char *path);
/* What of fd and image the caller took over is -1 and NULL then. */
void symbol_file_close(struct symbol_file *f);
bool elf_has_section(Elf *elf, uint32_t type);

/* A descriptor of the separate debug file of an ELF file, or -1. */
int debug_file_find(Elf *elf, const char *path);
/* A section with contents by name, or NULL. */
Elf_Scn *debug_file_section(Elf *elf, const char *name);

#endif
