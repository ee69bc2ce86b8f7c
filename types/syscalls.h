/*
 * Arguments of system calls, by name: from the running kernel where it lets us
 * read them, else from a table. Called by the
 * compile half of providers and the check of BPF C.
 */
#ifndef TYPES_SYSCALLS_H
#define TYPES_SYSCALLS_H

#include "types/tracefs.h"

/* True when the table has the call (with the name that people use, too: "stat" for newstat). */
bool syscall_known(const char *name);
/* The arguments as fields with slot set, in order; false when nothing is known about the call. */
bool syscall_args(struct arena *a, const char *name, struct tp_format *out);
/* What the record of syscalls:sys_enter_* or sys_exit_* holds, without tracefs: as above. */
bool syscall_format(struct arena *a, const char *category, const char *event,
		    struct tp_format *out);
/* Calls each for every name that matches a pattern: the kernel's names, else the table's. */
void syscall_each(struct arena *a, const char *pattern,
		  void (*each)(void *user, const char *name), void *user);
/* The nearest known name, or NULL. */
const char *syscall_near(const char *name);

#endif
