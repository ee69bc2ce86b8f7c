/*
 * Types: interned (equal types are the same pointer), with layout and address
 * space. Struct members are read from their source (BTF) on first use.
 */
#ifndef TYPES_TYPE_H
#define TYPES_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/manifest.h"

enum type_kind {
	TY_NONE,   /* no value: statements, print() */
	TY_BOOL,
	TY_INT,    /* size 1, 2, 4, 8 */
	TY_STRING, /* size bytes with the NUL; in memory */
	TY_BUFFER,
	TY_PTR,    /* elem is what it points to; space says where */
	TY_ARRAY,  /* count elements of elem */
	TY_STRUCT, /* name; members by type_member() */
	TY_UNION,
	TY_ENUM,
	TY_FUNC,
	TY_TUPLE,  /* members without names */
	TY_RECORD,
	TY_KSTACK, /* count is the frame limit */
	TY_USTACK,
	TY_KSYM,
	TY_USYM,
	TY_PROBE,  /* attach cookie that prints as the probe's name */
	TY_INET,
	TY_MAC,
	TY_TIMESTAMP, /* name is the format */
	TY_NAMED,  /* an integer that user space prints as a text; name: by which table */
	TY_AGG,    /* an aggregation's value: agg, elem (its operand's type), params */
};

/* Where a pointer points, or where an in-memory value lives. Decides how it is read. */
enum space {
	SP_VALUE,   /* not a pointer */
	SP_CTX,     /* the probe's context: plain loads at constant offsets */
	SP_STACK,   /* BPF stack, scratch, ring buffer: plain loads */
	SP_MAP,     /* map value: plain loads */
	SP_KERNEL,  /* bpf_probe_read_kernel */
	SP_USER,    /* bpf_probe_read_user */
	SP_TRUSTED, /* BTF pointer: plain loads checked by the verifier */
	SP_PACKET,  /* between data and data_end: plain loads checked by the verifier */
	SP_ANY,     /* kernel or user, by the address: bpf_probe_read */
};

struct type;

struct member {
	const char *name; /* NULL for tuple members and anonymous ones */
	const struct type *type;
	uint32_t offset;                /* bytes */
	uint8_t bit_offset, bit_size; /* bit-field inside the storage at offset; bit_size 0: none */
	bool in_parts;                  /* not the whole storage lies in the struct, or not all bits
					 * in it: only the bytes that have its bits are touched */
	bool in_union;                  /* found by type_member() in an anonymous union */
	const char *spelling;           /* of a script's member, as written: "u32", "char[16]" */
};

struct type {
	enum type_kind kind;
	enum space space;
	bool is_signed;
	uint32_t size, align;
	uint32_t count;
	uint32_t btf_id;         /* where it came from; 0: not from BTF */
	const struct type *elem;
	const char *name;        /* struct, enum, typedef spelling; aggregation's unit name */
	const struct aggregation *agg;
	int64_t params[4];
	struct member *members;  /* tuples and records; structs once loaded */
	uint32_t nmembers;
};

/* Of a bit-field: bytes from its offset on, to the last one that has bits of it. */
uint32_t member_bit_bytes(const struct member *m);

struct types; /* one per compilation: intern table and sources */

struct types *types_new(struct arena *a);
/* Releases descriptors and BTF data (the types themselves live in the arena). */
void types_close(struct types *ts);

/* Basic types; never NULL. */
const struct type *type_none(struct types *ts);
const struct type *type_bool(struct types *ts);
const struct type *type_int(struct types *ts, uint32_t size, bool is_signed);
const struct type *type_string(struct types *ts, uint32_t size);
const struct type *type_buffer(struct types *ts, uint32_t size);
const struct type *type_ptr(struct types *ts, const struct type *to, enum space space);
const struct type *type_array(struct types *ts, const struct type *elem, uint32_t count);
const struct type *type_tuple(struct types *ts, const struct type *const *elems, uint32_t n);
/* Members with names and types, in the order of memory; offsets are laid out. */
const struct type *type_record(struct types *ts, const struct member *members, uint32_t n);
const struct type *type_simple(struct types *ts, enum type_kind kind); /* KSYM, PROBE, … */
/* Kinds whose name says how they print: TIMESTAMP, NAMED. */
const struct type *type_printed(struct types *ts, enum type_kind kind, const char *name);
const struct type *type_stack(struct types *ts, enum type_kind kind, uint32_t frames,
			      int64_t mode);
struct aggregation;
const struct type *type_agg(struct types *ts, const struct aggregation *agg, const char *name,
			    const struct type *elem, uint32_t size, const int64_t params[4]);

/*
 * Types by name: "int", "uint8", "u32", "unsigned long", "pid_t", "struct
 * task_struct", "enum x". Looks at built-in names first, then at the kernel's
 * BTF (opened on first need), vmlinux before modules. NULL when unknown.
 */
const struct type *type_by_name(struct types *ts, const char *name);
/*
 * The type of a C declaration without its name: "const char *", "struct foo **",
 * "unsigned long". Pointers get the space. Unknown structs are opaque (size 0)
 * and other unknown names are void behind a pointer; else NULL.
 */
const struct type *type_by_decl(struct types *ts, const char *decl, enum space space);
/* kind TY_STRUCT, TY_UNION or TY_ENUM and a tag without the keyword. */
const struct type *type_by_tag(struct types *ts, enum type_kind kind, const char *tag);
/* True when kernel BTF could be opened (opens it). */
bool types_have_btf(struct types *ts);
/* An enumerator of the kernel or script by name; returns false when there is none. */
bool type_enumerator(struct types *ts, const char *name, int64_t *value,
		     const struct type **type);
/* Offers the names near a mistyped type, member or function (for hints); NULL when none is near. */
const char *type_near_tag(struct types *ts, const char *tag);
const char *type_near_member(struct types *ts, const struct type *t, const char *name);

/*
 * Finds a member of a struct, union, tuple or record by name, through anonymous
 * members too; offset is from the start of t. False when there is none.
 */
bool type_member(struct types *ts, const struct type *t, const char *name, struct member *out);
/* Member i of a tuple, the member of that name of a record; NULL when there is none. */
const struct member *type_named_member(const struct type *t, const char *name, uint32_t i);
/* Loads members of a struct if they are not there yet; returns their number. */
uint32_t type_members(struct types *ts, const struct type *t, const struct member **out);

/* A kernel function's prototype from BTF. */
struct func_param {
	const char *name;
	const struct type *type;
};
struct func_proto {
	const struct type *ret;
	struct func_param *params;
	uint32_t nparams;
};
/* False when BTF does not know the function. Pointers in it are SP_KERNEL. */
bool types_function(struct types *ts, const char *name, struct func_proto *out);

/* The same for a tracepoint (raw): what its probes are called with, from the first argument on. */
bool types_tracepoint(struct types *ts, const char *event, struct func_proto *out);

/*
 * Calls each for every function of the kernel's BTF (modules left out) whose name
 * matches a shell-style pattern; stops when each returns non-zero. Needs no privilege.
 */
void types_functions(struct types *ts, const char *pattern,
		     int (*each)(void *user, const char *name), void *user);
/* The name nearest to a function that BTF does not know, or NULL. */
const char *type_near_function(struct types *ts, const char *name);

/* Does a value of this type live in memory (strings, tuples, stacks …), not in a register? */
bool type_in_memory(const struct type *t);
bool type_is_integer(const struct type *t); /* INT, BOOL, ENUM */
/* "int32", "string[16]", "struct task_struct *", "(int64,string[16])": into the arena. */
const char *type_print(struct arena *a, const struct type *t);
/* The decoder's view of a type. */
struct schema *type_schema(struct types *ts, struct arena *a, const struct type *t);
/* Same pointer, or same pointee in another address space. */
const struct type *type_with_space(struct types *ts, const struct type *t, enum space space);

#endif
