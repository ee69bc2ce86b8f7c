/*
 * Addresses to names of one ELF file, for the runtime's user symbols: a compact
 * sorted table; the names themselves stay in the file.
 */
#ifndef LIB_ELF_TABLE_H
#define LIB_ELF_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_table;

/* Takes fd over. path: for finding separate debug files. NULL: no ELF file, or no memory. */
struct elf_table *elf_table_open(int fd, const char *path);
/* The same from a copy of an image in memory (the vDSO). */
struct elf_table *elf_table_image(const void *image, size_t size);
void elf_table_free(struct elf_table *t);
/*
 * The function or variable at an offset in the file; *from is the distance from
 * its start. False: none.
 */
bool elf_table_find(struct elf_table *t, uint64_t offset, char *name, size_t size,
		    uint64_t *from);
struct source_place;
/*
 * Lines of source of an offset, less back bytes, as source_lines_find() has them; reads
 * the file's debug information when it is called first.
 */
unsigned elf_table_lines(struct elf_table *t, uint64_t offset, unsigned back,
			 const struct source_place **out);

#endif
