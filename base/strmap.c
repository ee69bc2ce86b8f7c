/*
 * String map (open addressing, linear probing) and the search for the name
 * that was probably meant. Used by every name lookup of the compiler.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/strmap.h"

#define DISTANCE_MAX_LEN 255

static uint32_t hash_key(const char *key)
{
	uint32_t h = 2166136261u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return h;
}

/* The slot that holds key, or the empty one where it belongs. */
static uint32_t *find_slot(const struct strmap *m, const char *key)
{
	size_t i = hash_key(key) & (m->nslots - 1);

	while (m->slots[i] && strcmp(m->entries[m->slots[i] - 1].key, key) != 0)
		i = (i + 1) & (m->nslots - 1);
	return &m->slots[i];
}

static void grow(struct strmap *m)
{
	size_t i;

	m->cap = m->cap ? m->cap * 2 : 16;
	m->nslots = m->cap * 2;
	m->entries = realloc(m->entries, m->cap * sizeof(*m->entries));
	free(m->slots);
	m->slots = calloc(m->nslots, sizeof(*m->slots));
	if (!m->entries || !m->slots)
		abort();
	for (i = 0; i < m->n; i++)
		*find_slot(m, m->entries[i].key) = (uint32_t)i + 1;
}

void strmap_free(struct strmap *m)
{
	free(m->entries);
	free(m->slots);
	memset(m, 0, sizeof(*m));
}

void *strmap_get(const struct strmap *m, const char *key)
{
	uint32_t slot;

	if (!m->n)
		return NULL;
	slot = *find_slot(m, key);
	return slot ? m->entries[slot - 1].value : NULL;
}

void *strmap_put(struct strmap *m, const char *key, void *value)
{
	uint32_t *slot;
	void *old;

	if (m->n == m->cap)
		grow(m);
	slot = find_slot(m, key);
	if (*slot) {
		old = m->entries[*slot - 1].value;
		m->entries[*slot - 1].value = value;
		return old;
	}
	m->entries[m->n].key = key;
	m->entries[m->n].value = value;
	*slot = (uint32_t)++m->n;
	return NULL;
}

static unsigned min_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Insertions, deletions, substitutions and swaps of neighbours, by the usual
 * table of which three rows are kept.
 */
unsigned str_distance(const char *a, const char *b, unsigned limit)
{
	unsigned short rows[3][DISTANCE_MAX_LEN + 1];
	size_t la = strlen(a), lb = strlen(b), i, j;
	unsigned best;

	if ((la > lb ? la - lb : lb - la) > limit)
		return limit + 1;
	if (la > DISTANCE_MAX_LEN || lb > DISTANCE_MAX_LEN)
		return strcmp(a, b) == 0 ? 0 : limit + 1;
	for (j = 0; j <= lb; j++)
		rows[0][j] = (unsigned short)j;
	for (i = 1; i <= la; i++) {
		unsigned short *row = rows[i % 3], *up = rows[(i + 2) % 3];
		unsigned short *up2 = rows[(i + 1) % 3];

		row[0] = (unsigned short)i;
		best = row[0];
		for (j = 1; j <= lb; j++) {
			unsigned d = up[j - 1] + (a[i - 1] != b[j - 1]);

			d = min_of(d, min_of(up[j], row[j - 1]) + 1u);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = min_of(d, up2[j - 2] + 1u);
			row[j] = (unsigned short)d;
			best = min_of(best, d);
		}
		if (best > limit + 1)
			return limit + 1;
	}
	best = rows[la % 3][lb];
	return best > limit ? limit + 1 : best;
}

struct nearest nearest_init(const char *word)
{
	return (struct nearest){ .word = word, .best = NULL, .distance = ~0u };
}

/*
 * Is one part of the other in a way a person would have meant? The word being
 * the start of the candidate is enough; elsewhere the shorter must be at least
 * half of the longer.
 */
static bool is_part(const char *word, size_t lw, const char *candidate, size_t lc)
{
	size_t shorter = lw < lc ? lw : lc, longer = lw < lc ? lc : lw;

	if (shorter < 3)
		return false;
	if (lw < lc && strncmp(word, candidate, lw) == 0)
		return true;
	if (shorter * 2 < longer)
		return false;
	return lw < lc ? strstr(candidate, word) != NULL : strstr(word, candidate) != NULL;
}

void nearest_try(struct nearest *n, const char *candidate)
{
	size_t lw, lc;
	unsigned limit, d;

	if (!n->word || !candidate || !*n->word || !*candidate)
		return;
	lw = strlen(n->word);
	lc = strlen(candidate);
	limit = lw / 3 > 1 ? (unsigned)(lw / 3) : 1;
	if (strcasecmp(n->word, candidate) == 0)
		d = strcmp(n->word, candidate) != 0; /* capitals count once */
	else
		d = str_distance(n->word, candidate, limit);
	/* replacing everything is no likeness */
	if (d <= limit && (d >= lw || d >= lc))
		return;
	if (d > limit) {
		if (!is_part(n->word, lw, candidate, lc))
			return;
		/* the distance of a part is the difference in length; rank it behind typos */
		d = limit + (unsigned)(lw > lc ? lw - lc : lc - lw);
	}
	if (d < n->distance) {
		n->distance = d;
		n->best = candidate;
	}
}
