/*
 * Strings in BPF memory, for units in lib/builtin/: their address, length, and what
 * searching them takes.
 */
#ifndef LIB_STRING_COMPILE_H
#define LIB_STRING_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/* Bytes with the NUL that an argument can have: of a string, or of what a pointer leads to. */
uint32_t string_room(struct compile *c, const struct node *n);
/* Is it a string, or chars in memory? Reports when it is neither. */
bool string_check(struct check *k, struct node *n);
/*
 * A copy of the string in scratch of room bytes (a multiple of 8 above string_room), zeroes
 * behind it. length: its length, when not NULL.
 */
ir_val string_copy(struct lower *l, const struct node *n, uint32_t room, ir_val *length);
/* Index of the first place where needle is in haystack, or -1. */
ir_val string_find(struct lower *l, const struct node *call);
/* Checks the two arguments of a search. */
void string_find_check(struct check *k, struct node *call);

#endif
