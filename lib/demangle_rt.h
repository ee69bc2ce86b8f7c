/* Names of C++ and Rust functions as their sources have them. */
#ifndef LIB_DEMANGLE_RT_H
#define LIB_DEMANGLE_RT_H

#include <stdbool.h>
#include <stddef.h>

/* False: the name is no mangled one, or this build cannot tell. */
bool demangle(const char *name, char *out, size_t size);
/* Cuts the parameters off a demangled name. */
void demangle_cut(char *name);

#endif
