/*
 * Types and constants that the program itself defines. One table by name; the
 * last definition of a name counts.
 */
#include <stdio.h>

#include "types/defined.h"
#include "types/headers.h"
#include "types/internal.h"

struct defined {
	const struct type *type;
	int64_t value;
};

static void put(struct types *ts, struct strmap *m, const char *name, const struct type *t,
		int64_t value)
{
	struct defined *d = arena_new_of(ts->arena, struct defined);

	d->type = t;
	d->value = value;
	strmap_put(m, arena_strdup(ts->arena, name), d);
}

void types_define(struct types *ts, const char *name, const struct type *t)
{
	put(ts, &ts->defined, name, t, 0);
}

void types_define_constant(struct types *ts, const char *name, int64_t value,
			   const struct type *t)
{
	put(ts, &ts->constants, name, t, value);
}

const struct type *types_defined(struct types *ts, const char *name)
{
	const struct defined *d = strmap_get(&ts->defined, name);

	if (d && (d->type->size || d->type->kind == TY_NONE))
		return d->type;
	return headers_type(ts, name);
}

const struct type *types_defined_tag(struct types *ts, enum type_kind kind, const char *tag)
{
	const char *word = kind == TY_STRUCT ? "struct" : kind == TY_UNION ? "union" : "enum";
	char name[256];

	if ((!ts->defined.n && !headers_any(ts)) ||
	    snprintf(name, sizeof(name), "%s %s", word, tag) >= (int)sizeof(name))
		return NULL;
	return types_defined(ts, name);
}

bool types_defined_constant(struct types *ts, const char *name, int64_t *value,
			    const struct type **t)
{
	const struct defined *d = strmap_get(&ts->constants, name);

	if (!d)
		return headers_enumerator(ts, name, value, t);
	*value = d->value;
	if (t)
		*t = d->type;
	return true;
}
