/* How long an x86-64 instruction is; for finding out where instructions start. */
#ifndef LIB_X86_LENGTH_RT_H
#define LIB_X86_LENGTH_RT_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the instruction at p, of which there are n; 0: it is none, or it is cut off. */
unsigned x86_length(const uint8_t *p, size_t n);

#endif
