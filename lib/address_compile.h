/* Addresses as numbers, for units that hand a pointer to a helper or keep it. */
#ifndef LIB_ADDRESS_COMPILE_H
#define LIB_ADDRESS_COMPILE_H

#include "codegen/lower.h"

/* Lowers a pointer or integer expression to the address as an i64. */
ir_val address_lower(struct lower *l, const struct node *n);

#endif
