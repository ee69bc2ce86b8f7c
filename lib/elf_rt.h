/*
 * Functions of an ELF file and where files are, for the runtime halves of
 * uprobe, uretprobe and usdt. Reading is libelf's.
 */
#ifndef LIB_ELF_RT_H
#define LIB_ELF_RT_H

#include <stdbool.h>
#include <stdint.h>

struct elf_function {
	const char *name;
	uint64_t address; /* as in the file's symbol table */
	uint64_t offset;  /* in the file */
	uint64_t size;
};

/*
 * Calls each for the functions in .symtab and .dynsym, in the order of the file;
 * stops when it returns non-zero. 0, or -errno; -ENOEXEC: no ELF file.
 */
int elf_functions(const char *path, int (*each)(void *user, const struct elf_function *f),
		  void *user);
/*
 * The function of that name, or when name is NULL the one that the address lies in. False: there
 * is none. found->name is the caller's to free.
 */
bool elf_function_find(const char *path, const char *name, uint64_t address,
		       struct elf_function *found);
/* The offset in the file of an address as the program sees it; 0 or -errno. */
int elf_file_offset(const char *path, uint64_t address, uint64_t *offset);

/* Address and size of a function or variable; 0, or -errno. */
int elf_symbol(const char *path, const char *name, uint64_t *address, uint64_t *size);

/*
 * The file that a binary's name means: a path as it is, else a program of $PATH or
 * a library of the loader's cache. pid > 0: as that process sees paths.
 * malloc'ed; NULL when there is none.
 */
char *elf_find(const char *name, int pid);

#endif
