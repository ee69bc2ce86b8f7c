/*
 * What the files of types/ share: the intern table and the opened BTF sources.
 */
#ifndef TYPES_INTERNAL_H
#define TYPES_INTERNAL_H

#include "base/strmap.h"
#include "base/vec.h"
#include "types/btf_raw.h"
#include "types/type.h"

#define TYPE_MAX_DEPTH 32 /* of typedefs, pointers and anonymous members in each other */
#define TYPE_MAX_SOURCES 255

struct types {
	struct arena *arena;
	struct type **slots; /* intern table: open addressing */
	size_t nslots, n;
	/* [0] is vmlinux; NULL: not opened or not there */
	struct btf_src *src[TYPE_MAX_SOURCES + 1];
	unsigned nsrc;
	bool tried;          /* opening vmlinux was tried */
	unsigned nscript;    /* types of the script so far */
	struct dwarf_binary *binaries; /* of uprobes: see dwarf.h */
	uint64_t nbinaries;
	struct strmap dies; /* "binary:offset" in hex -> struct type */
	struct strmap defined, constants; /* by the program: see defined.h */
	struct headers *headers; /* NULL: none */
	struct strmap found; /* "kinds:name" -> where it is, also for names that are nowhere */
};

/* The one type equal to key; copied into the arena when it is new. */
const struct type *types_intern(struct types *ts, const struct type *key);
/* Sets offsets, size and align of a tuple or record as C would. */
void types_layout(struct type *t);
/* Sets in_parts of a member of a struct of size bytes. */
void member_check_bits(struct member *m, uint32_t size);
/* Built-in names only: "unsigned long", "u32", "pid_t"; NULL for others. */
const struct type *types_native(struct types *ts, const char *name);
/* From BTF, or NULL. kinds: BTF_KINDS(…). */
const struct type *types_btf_named(struct types *ts, const char *name, uint32_t kinds);
/* Fills the members of a struct or enum that came from BTF. */
void types_btf_members(struct types *ts, struct type *t);

#endif
