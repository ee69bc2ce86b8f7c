/* UTF-8, as far as output needs it: which bytes belong together. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the valid sequence that s begins with (1 for ASCII), or 0. n: bytes in s, not 0. */
size_t utf8_length(const char *s, size_t n);

#endif
