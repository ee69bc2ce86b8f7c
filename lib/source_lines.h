/*
 * From addresses of a program to lines of its source and back, by its DWARF; for user
 * stacks and for uprobes at a line.
 */
#ifndef LIB_SOURCE_LINES_H
#define LIB_SOURCE_LINES_H

#include <stddef.h>
#include <stdint.h>

struct source_lines;

struct source_place {
	const char *function; /* that was inlined, as the linker knows it; NULL: not inlined */
	const char *file;
	unsigned line;
};

/* fd stays the caller's; NULL: no debug information. path: as for debug_file_open(). */
struct source_lines *source_lines_open(int fd, const char *path);
void source_lines_close(struct source_lines *s);
/*
 * Where an address (as in the file's symbol table) comes from: the functions that are
 * inlined there, innermost first, then the function itself. Their number; *out is valid
 * until the next call.
 */
unsigned source_lines_find(struct source_lines *s, uint64_t address,
			   const struct source_place **out);
/*
 * The addresses where the code of a line (and column, 0: any) begins; when it has none,
 * those of the next line that has. file is a path or its last parts. Their number, in a
 * malloc'ed array; *line becomes the line that was found. 0: none.
 */
size_t source_lines_at(struct source_lines *s, const char *file, unsigned *line, unsigned column,
		       uint64_t **out);

#endif
