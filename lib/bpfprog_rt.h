/* BPF programs that are loaded, as targets of fentry and fexit. */
#ifndef LIB_BPFPROG_RT_H
#define LIB_BPFPROG_RT_H

#include "lib/rt.h"

/* bpf:[ID:]NAME */
bool bpfprog_meant(const struct attach_info *at);
/*
 * The program that has the function at->target: a descriptor, or -ENOENT, or -EEXIST when
 * there are several.
 */
int bpfprog_find(const struct attach_info *at);
/* Calls each with "ID:FUNCTION" of every program whose function matches. */
void bpfprog_each(const char *pattern, void (*each)(void *user, unsigned id, const char *name),
		  void *user);

#endif
