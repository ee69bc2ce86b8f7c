/*
 * Types of traced programs from their DWARF: of a function's parameters, and by name.
 * The binary is opened when the first is asked for. Called by the uprobe providers.
 */
#ifndef TYPES_DWARF_H
#define TYPES_DWARF_H

#include "types/type.h"

/* Where a parameter is when the function begins. */
enum dwarf_place { DWARF_WORD, DWARF_FLOAT, DWARF_BY_VALUE };

struct dwarf_param {
	const char *name;
	const struct type *type;
	enum dwarf_place place;
	uint32_t n; /* WORD: as in argN */
};

struct dwarf_function {
	const struct type *ret;
	struct dwarf_param *params;
	uint32_t nparams;
};

/*
 * A binary whose types the program may name: find makes a path of its name (malloc'ed) when
 * it comes to that.
 */
void types_dwarf_add(struct types *ts, const char *binary,
		     char *(*find)(const char *name, int pid));
/*
 * The function at an address (as in the symbol table) of one of these. False: there is no
 * debug information on it.
 */
bool types_dwarf_function(struct types *ts, const char *binary, uint64_t address,
			  struct dwarf_function *out);
/* A type of the binaries by name; kind TY_NONE: a typedef, or any tag. NULL: unknown. */
const struct type *types_dwarf_named(struct types *ts, enum type_kind kind, const char *name);

/* For types/ itself. */
void types_dwarf_members(struct types *ts, struct type *t);
void types_dwarf_close(struct types *ts);

#endif
