/*
 * String map: NUL-terminated key -> pointer, open addressing, iteration in the
 * order of insertion. Keys are not copied: they must outlive the map.
 */
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H

#include <stddef.h>
#include <stdint.h>

struct strmap_entry {
	const char *key;
	void *value;
};

struct strmap {
	struct strmap_entry *entries; /* n of them, in insertion order */
	size_t n, cap;
	uint32_t *slots; /* index + 1 into entries; 0 is empty */
	size_t nslots;
};

/* A zero-initialised struct strmap is an empty map. */
void strmap_free(struct strmap *m);
/* The value stored under key, or NULL. */
void *strmap_get(const struct strmap *m, const char *key);
/* Stores (replaces) a value; returns the value that was there before, or NULL. */
void *strmap_put(struct strmap *m, const char *key, void *value);

/* Edit distance of a and b, at most limit + 1 (for "did you mean"). */
unsigned str_distance(const char *a, const char *b, unsigned limit);

/*
 * Keeps the nearest of many candidates to a mistyped word:
 *	struct nearest n = nearest_init("histt");
 *	for (...) nearest_try(&n, candidate);
 *	if (n.best) hint("did you mean '%s'?", n.best);
 */
struct nearest {
	const char *word, *best;
	unsigned distance;
};
struct nearest nearest_init(const char *word);
void nearest_try(struct nearest *n, const char *candidate);

#endif
