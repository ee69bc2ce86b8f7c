/*
 * Growable arrays, typed by macro. Two owners: heap (vec_push, vec_free) or an
 * arena (vec_apush; never freed one by one, old storage stays in the arena).
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include "base/arena.h"

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}

/* Grows *v (heap) so that one more element of elem bytes fits; aborts without memory. */
void vec_grow(void **v, size_t n, size_t *cap, size_t elem);
void vec_agrow(struct arena *a, void **v, size_t n, size_t *cap, size_t elem);

#define vec_push(vec, x)                                                                           \
	do {                                                                                       \
		if ((vec)->n == (vec)->cap)                                                        \
			vec_grow((void **)&(vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v));    \
		(vec)->v[(vec)->n++] = (x);                                                        \
	} while (0)

#define vec_apush(a, vec, x)                                                                       \
	do {                                                                                       \
		if ((vec)->n == (vec)->cap)                                                        \
			vec_agrow((a), (void **)&(vec)->v, (vec)->n, &(vec)->cap,                  \
				  sizeof(*(vec)->v));                                              \
		(vec)->v[(vec)->n++] = (x);                                                        \
	} while (0)

#define vec_free(vec)                                                                              \
	do {                                                                                       \
		free((vec)->v);                                                                    \
		(vec)->v = NULL;                                                                   \
		(vec)->n = (vec)->cap = 0;                                                         \
	} while (0)

#endif
