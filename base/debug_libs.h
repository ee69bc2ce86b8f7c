/*
 * libdw and liblzma, which only programs with debug information need: linked into
 * the compiler, else opened when they are first used, so that nothing else pays for
 * them. Called by lib/ for source lines and by types/ for types of programs.
 */
#ifndef BASE_DEBUG_LIBS_H
#define BASE_DEBUG_LIBS_H

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <lzma.h>

#define LIBDW_FUNCTIONS(X)                                                                        \
	X(dwarf_begin_elf) X(dwarf_end) X(dwarf_nextcu) X(dwarf_offdie) X(dwarf_dieoffset)        \
	X(dwarf_addrdie) X(dwarf_ranges) X(dwarf_getscopes) X(dwarf_getscopes_die) X(dwarf_tag)   \
	X(dwarf_diename) X(dwarf_attr) X(dwarf_attr_integrate) X(dwarf_formudata)                 \
	X(dwarf_formsdata) X(dwarf_formstring) X(dwarf_formflag) X(dwarf_formref_die)             \
	X(dwarf_getsrc_die) X(dwarf_getsrclines) X(dwarf_onesrcline) X(dwarf_getsrcfiles)         \
	X(dwarf_filesrc) X(dwarf_linesrc) X(dwarf_lineno) X(dwarf_linecol) X(dwarf_lineaddr)      \
	X(dwarf_linebeginstatement) X(dwarf_lineendsequence) X(dwarf_child) X(dwarf_siblingof)    \
	X(dwarf_entrypc) X(dwarf_bytesize) X(dwarf_getlocation) X(dwarf_default_lower_bound)      \
	X(dwarf_srclang) X(elf_memory) X(elf_end) X(elf_version)

struct debug_libs {
#define X(f) __typeof__(f) *f;
	LIBDW_FUNCTIONS(X)
#undef X
};

/* NULL when the library is not there. */
const struct debug_libs *debug_libs(void);
/*
 * Unpacks an .xz image, which becomes at most max bytes; malloc'ed. NULL: no such
 * image, or no library.
 */
void *debug_unpack(const void *data, size_t size, size_t max, size_t *out);

#endif
