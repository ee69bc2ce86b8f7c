/*
 * Pages made ready before they are touched. A page fault is cheap on bare metal and
 * the greatest single cost of a start in a virtual machine; filling many pages in one
 * system call costs a tenth. All of this is advice: where a kernel does not know it
 * (before 5.14), nothing happens.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

/* At the start of a program: its variables and its heap, before constructors write to them. */
void pages_start(void);

/*
 * In a child that was forked to work and to end: unshares variables, heap and stack at once,
 * and lets the heap grow by the given size, which is not given back.
 */
void pages_child(size_t heap);

/* Marks in the order of functions, nothing to call. */
void pages_hot_begin(void);
void pages_start_end(void);
void pages_hot_end(void);

#endif
