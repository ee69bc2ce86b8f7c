/*
 * Names that a program defines in C: found before those of the kernel. The check of
 * BPF C defines them; everything that looks a type up by name finds them.
 */
#ifndef TYPES_DEFINED_H
#define TYPES_DEFINED_H

#include "types/type.h"

/* "struct foo", "union foo", "enum foo", and "foo" for a typedef. */
void types_define(struct types *ts, const char *name, const struct type *t);
void types_define_constant(struct types *ts, const char *name, int64_t value,
			   const struct type *t);
/* A complete one, or NULL. */
const struct type *types_defined(struct types *ts, const char *name);
const struct type *types_defined_tag(struct types *ts, enum type_kind kind, const char *tag);
bool types_defined_constant(struct types *ts, const char *name, int64_t *value,
			    const struct type **t);

#endif
