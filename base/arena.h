/*
 * Arena: memory that is freed all at once. The compiler allocates everything
 * it builds (AST, types, plan) from one arena per compilation.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new, empty arena; the caller owns it. Never NULL (out of memory aborts). */
struct arena *arena_new(void);
/* Frees the arena and everything allocated from it; NULL is fine. */
void arena_free(struct arena *a);
/* size zeroed bytes, aligned to 16; never NULL. */
void *arena_alloc(struct arena *a, size_t size);
/* Copies of strings, NUL-terminated, owned by the arena. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);
/* Bytes handed out so far (for -v and tests). */
size_t arena_used(const struct arena *a);

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
