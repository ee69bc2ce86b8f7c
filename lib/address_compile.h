/* Addresses as numbers, for units that hand a pointer to a helper or keep it. */
#ifndef LIB_ADDRESS_COMPILE_H
#define LIB_ADDRESS_COMPILE_H

#include "codegen/lower.h"

/* Lowers a pointer or integer expression to the address as an i64. */
ir_val address_lower(struct lower *l, const struct node *n);
/* Which memory an address of this type points into; SP_VALUE: it does not say. */
enum space address_space(const struct type *t);
/*
 * Reads a NUL-terminated string, or just bytes, of at most size bytes (an i64) to dst;
 * where the space is not known both are tried. What the helper returned.
 */
ir_val address_read(struct lower *l, enum space space, ir_val address, ir_val dst, ir_val size,
		    bool bytes);
/* The bytes of the array or object that a pointer argument leads to; 0: not known. */
uint32_t address_object_size(const struct node *n);

#endif
