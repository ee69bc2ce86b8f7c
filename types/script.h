/*
 * Types that a script defines in BPF C, and names asked for one source at a time.
 */
#ifndef TYPES_SCRIPT_H
#define TYPES_SCRIPT_H

#include "types/type.h"

#define TYPE_MAX_BYTES (1u << 20) /* of one struct that a script defines */
enum type_flags { TYPE_PACKED = 1, TYPE_PACKET = 2, TYPE_COMPLETE = 4 };

struct script_member {
	const char *name, *spelling; /* name NULL: anonymous */
	const struct type *type;
	bool is_bits;
	uint8_t bits;
	uint32_t align; /* asked for; 0: the type's */
};

/* A new struct, union or enum without members; equal to no other type. name may be NULL. */
struct type *type_script(struct types *ts, enum type_kind kind, const char *name);
/* Lays out the members as C does. -1 when it becomes larger than TYPE_MAX_BYTES. */
int type_script_members(struct types *ts, struct type *t, const struct script_member *m, uint32_t n,
			unsigned flags, uint32_t align);
/* Members whose places are known. */
void type_script_place(struct type *t, struct member *m, uint32_t n, uint32_t size);
bool type_is_script(const struct type *t);
/* A type that headers.c made: its number there, its layout, whether it is defined at all. */
void type_script_header(struct type *t, uint32_t number, uint32_t size, uint32_t align,
			bool complete);
uint32_t type_script_number(const struct type *t); /* 0: not from a header */
unsigned type_script_flags(const struct type *t);
/* Alignment as C has it; for structs from BTF found from their members. */
uint32_t type_c_align(struct types *ts, const struct type *t);
/* Names that are known without a kernel; names of typedefs of the kernel only. NULL: none. */
const struct type *type_native(struct types *ts, const char *name);
const struct type *type_typedef(struct types *ts, const char *name);

#endif
