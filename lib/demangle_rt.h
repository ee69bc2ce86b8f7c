/* Names of C++ and Rust functions as their sources have them. */
#ifndef LIB_DEMANGLE_RT_H
#define LIB_DEMANGLE_RT_H

#include <stdbool.h>
#include <stddef.h>

/* False: the name is no mangled one, or this build cannot tell. */
bool demangle(const char *name, char *out, size_t size);
#define CPP_PREFIX "cpp:" /* of a pattern: names in the source are meant, whatever it looks like */

/*
 * Does a pattern mean a function, by its name in the file or, when it looks like one of C++ or
 * Rust, by that in the source: with or without result, parameters and those of the template?
 */
bool demangle_match(const char *pattern, const char *name);
/* May such a pattern mean several functions although it has no wildcard? */
bool demangle_several(const char *pattern);

#endif
