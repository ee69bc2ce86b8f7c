/* What kstack and ustack share: modes, the limit on frames, and the walk itself. */
#ifndef LIB_STACK_COMPILE_H
#define LIB_STACK_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/* Type of NAME, NAME(mode), NAME(frames) and NAME(mode, frames). */
void stack_check(struct check *k, struct node *n, enum type_kind kind);
/* Writes the stack to dst, whose second word becomes tag; flags: of bpf_get_stack. */
void stack_lower(struct lower *l, const struct node *n, ir_val dst, uint32_t size, ir_val tag,
		 uint64_t flags);

#endif
