/* Growth of the typed arrays of vec.h; called through its macros only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static size_t next_capacity(size_t cap, size_t elem)
{
	size_t more = cap ? cap * 2 : 8;

	if (more < cap || more > SIZE_MAX / elem)
		abort();
	return more;
}

void vec_grow(void **v, size_t n, size_t *cap, size_t elem)
{
	size_t more = next_capacity(*cap, elem);
	void *p = realloc(*v, more * elem);

	(void)n;
	if (!p)
		abort();
	*v = p;
	*cap = more;
}

void vec_agrow(struct arena *a, void **v, size_t n, size_t *cap, size_t elem)
{
	size_t more = next_capacity(*cap, elem);
	void *p = arena_alloc(a, more * elem);

	if (n)
		memcpy(p, *v, n * elem);
	*v = p;
	*cap = more;
}
