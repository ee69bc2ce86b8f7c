/*
 * Initialisers of BPF C, flattened: a list of places in the object, each with a
 * value of the place's type; everything else is zero. Called by stmt.c, expr.c.
 */
#include <string.h>

#include "parser/c/check.h"

#define MAX_ITEMS 4096

struct filler {
	struct cc *k;
	struct node *head, **tail; /* the flat list */
	unsigned n;
	uint64_t most; /* elements of an array without a size */
	bool failed;
};

/* A place in the object. */
struct spot {
	const struct type *type;
	uint64_t offset;
	const struct member *bits; /* of a bit-field */
};

static void fill_spot(struct filler *f, struct spot s, struct node **list);

static bool is_aggregate(const struct type *t)
{
	return cc_is_array(t) || t->kind == TY_STRUCT || t->kind == TY_UNION;
}

static void emit(struct filler *f, struct spot s, struct node *value)
{
	struct node *item = node_new(f->k->arena, N_CITEM, value->loc);

	if (cc_bad(f->k, value->type)) {
		f->failed = true;
		return;
	}
	if (++f->n > MAX_ITEMS) {
		if (!f->failed)
			cc_error(f->k, value, TOO_LARGE, "an initialiser of more than %d values",
				 MAX_ITEMS);
		f->failed = true;
		return;
	}
	item->expansion = value->expansion;
	item->type = s.type;
	item->citem.value = value;
	item->citem.place.type = s.type;
	item->citem.place.offset = (uint32_t)s.offset;
	if (s.bits) {
		item->citem.place.bit_offset = s.bits->bit_offset;
		item->citem.place.bit_size = s.bits->bit_size;
	}
	*f->tail = item;
	f->tail = &item->next;
}

/* The value of an item, checked once, however often it is looked at. */
static struct node *checked(struct filler *f, struct node *item)
{
	if (!item->type) {
		cc_expr(f->k, &item->citem.value);
		item->type = f->k->none;
	}
	return item->citem.value;
}

static void set_scalar(struct filler *f, struct spot s, struct node *item)
{
	checked(f, item);
	cc_decay(f->k, &item->citem.value);
	cc_convert(f->k, &item->citem.value, s.type, "a value");
	emit(f, s, item->citem.value);
}

/* A string for a char array; false when the value is none. */
static bool set_string(struct filler *f, struct spot s, struct node *value)
{
	if (value->kind != N_STR || (s.type->kind != TY_STRING && s.type->kind != TY_ARRAY) ||
	    cc_elem(f->k, s.type)->size != 1)
		return false;
	if (!s.type->size) { /* char x[] = "…" */
		f->most = value->str.len + 1;
		s.type = type_string(f->k->types, value->str.len + 1);
	} else if (value->str.len > s.type->size) {
		cc_warn(f->k, value, RANGE, "a string of %u bytes for an array of %u",
			value->str.len + 1, s.type->size);
	}
	emit(f, s, value);
	return true;
}

static uint64_t count_of(const struct type *t)
{
	return t->kind == TY_ARRAY ? t->count : t->size;
}

/* The i-th member or element of an aggregate; false behind the last. */
static bool part_of(struct filler *f, struct spot s, uint64_t i, struct spot *out)
{
	const struct member *m;
	uint32_t n;

	if (cc_is_array(s.type)) {
		uint64_t count = count_of(s.type);

		if (count && i >= count)
			return false;
		if (!count && i > (1u << 20))
			return false;
		if (i + 1 > f->most && !count)
			f->most = i + 1;
		*out = (struct spot){cc_elem(f->k, s.type), 0, NULL};
		out->offset = s.offset + i * out->type->size;
		return true;
	}
	n = type_members(f->k->types, s.type, &m);
	if (i >= n || (s.type->kind == TY_UNION && i))
		return false;
	*out = (struct spot){m[i].type, s.offset + m[i].offset, m[i].bit_size ? &m[i] : NULL};
	return true;
}

/* Position of the member that a name leads to, through anonymous ones too. */
static bool member_index(struct filler *f, const struct type *t, const char *name, uint32_t *index)
{
	const struct member *m;
	struct member inner;
	uint32_t n = type_members(f->k->types, t, &m), i;

	for (i = 0; i < n; i++) {
		*index = i;
		if (m[i].name ? strcmp(m[i].name, name) == 0
			      : type_member(f->k->types, m[i].type, name, &inner))
			return true;
	}
	return false;
}

/* One step of a designator; false when it leads nowhere (reported). */
static bool step(struct filler *f, struct spot *s, struct node *d, uint64_t *index, uint64_t *last)
{
	struct cc *k = f->k;
	struct member *m;
	uint32_t i;
	int64_t v, w;

	if (d->kind == N_INDEX) {
		if (!cc_is_array(s->type)) {
			cc_error(k, d, TYPE, "an index into %s", cc_type(k, s->type));
			return false;
		}
		if (!cc_constant(k, &d->index.index, &v, "an index"))
			return false;
		w = v;
		if (d->index.object && !cc_constant(k, &d->index.object, &w, "an index"))
			return false;
		if (v < 0 || w < v || (count_of(s->type) && (uint64_t)w >= count_of(s->type))) {
			cc_error(k, d, RANGE, "an index outside of %s", cc_type(k, s->type));
			return false;
		}
		*index = (uint64_t)v;
		*last = (uint64_t)w;
		return part_of(f, *s, (uint64_t)w, s);
	}
	m = arena_new_of(k->arena, struct member);
	if ((s->type->kind != TY_STRUCT && s->type->kind != TY_UNION) ||
	    !type_member(k->types, s->type, d->ident.name, m)) {
		const char *near = type_near_member(k->types, s->type, d->ident.name);

		cc_error(k, d, UNKNOWN_FIELD, "%s has no member '%s'", cc_type(k, s->type),
			 d->ident.name);
		if (near)
			cc_hint(k, "did you mean '%s'?", near);
		return false;
	}
	*index = member_index(f, s->type, d->ident.name, &i) ? i : 0;
	*last = *index;
	*s = (struct spot){m->type, s->offset + m->offset, m->bit_size ? m : NULL};
	return true;
}

/* ".a.b[1] = value": *index is the position of its first step. */
static void fill_designated(struct filler *f, struct spot s, struct node **list, uint64_t *index)
{
	struct node *item = *list, *d = item->citem.path;
	uint64_t first = 0, last = 0, ignored, i;
	struct spot at = s;
	bool range;

	if (!step(f, &at, d, &first, &last)) {
		f->failed = true;
		*list = item->next;
		return;
	}
	*index = last;
	range = d->kind == N_INDEX && last > first;
	for (i = first; range && i < last && !f->failed; i++) {
		struct node one = *item, *single = &one;

		one.citem.path = NULL;
		one.citem.value = node_clone(f->k->arena, item->citem.value);
		one.next = NULL;
		if (part_of(f, s, i, &at))
			fill_spot(f, at, &single);
	}
	if (range)
		part_of(f, s, last, &at);
	for (d = d->next; d; d = d->next)
		if (!step(f, &at, d, &ignored, &ignored)) {
			f->failed = true;
			*list = item->next;
			return;
		}
	item->citem.path = NULL;
	fill_spot(f, at, list);
}

/* The parts of an aggregate, from a list of its own or as far as they go from an outer one. */
static void fill_parts(struct filler *f, struct spot s, struct node **list, bool braced)
{
	uint64_t i = 0;
	struct spot part;

	while (*list && !f->failed) {
		if ((*list)->citem.path) {
			if (!braced)
				return;
			fill_designated(f, s, list, &i);
			i++;
			continue;
		}
		/* unnamed bit-fields are not in the list of members */
		if (!part_of(f, s, i++, &part)) {
			if (!braced)
				return;
			cc_error(f->k, *list, RANGE, "more values than %s has room for",
				 cc_type(f->k, s.type));
			f->failed = true;
			return;
		}
		fill_spot(f, part, list);
	}
}

static void fill_braces(struct filler *f, struct spot s, struct node *init)
{
	struct node *items = init->cinit.items, *value;

	if (is_aggregate(s.type)) {
		value = items ? items->citem.value : NULL;
		if (value && !items->next && !items->citem.path && set_string(f, s, value))
			return;
		fill_parts(f, s, &items, true);
		return;
	}
	if (!items)
		return; /* a scalar = {}: zero */
	if (items->next || items->citem.path) {
		cc_error(f->k, init, TYPE, "a list for a value of type %s", cc_type(f->k, s.type));
		f->failed = true;
		return;
	}
	if (items->citem.value->kind == N_CINIT)
		fill_braces(f, s, items->citem.value);
	else
		set_scalar(f, s, items);
}

static void fill_spot(struct filler *f, struct spot s, struct node **list)
{
	struct node *item = *list, *value = item->citem.value;

	if (value->kind == N_CINIT) {
		*list = item->next;
		fill_braces(f, s, value);
		return;
	}
	if (!is_aggregate(s.type)) {
		*list = item->next;
		set_scalar(f, s, item);
		return;
	}
	if (set_string(f, s, value)) {
		*list = item->next;
		return;
	}
	value = checked(f, item);
	if (cc_same(value->type, s.type)) {
		*list = item->next;
		emit(f, s, value);
	} else if (cc_bad(f->k, value->type)) {
		*list = item->next;
		f->failed = true;
	} else {
		/* values without braces of their own */
		fill_parts(f, s, list, false);
		if (*list == item) {
			cc_error(f->k, value, TYPE, "%s cannot be made of %s",
				 cc_type(f->k, s.type), cc_type(f->k, value->type));
			f->failed = true;
			*list = item->next;
		}
	}
}

const struct type *cc_init(struct cc *k, const struct type *t, struct node **init)
{
	struct filler f = {.k = k};
	struct node *n = *init, item = {.kind = N_CITEM}, *list = &item, *flat;

	f.tail = &f.head;
	if (n->kind != N_CINIT && !is_aggregate(t)) {
		cc_value(k, init);
		cc_convert(k, init, t, "a value");
		return cc_bad(k, (*init)->type) ? k->poison : t;
	}
	item.loc = n->loc;
	item.citem.value = n;
	if (n->kind != N_CINIT && n->kind != N_STR) {
		cc_expr(k, init);
		cc_convert(k, init, t, "a value");
		return cc_bad(k, (*init)->type) ? k->poison : t;
	}
	if (!cc_complete(k, t) && !cc_is_array(t)) {
		cc_error(k, n, TYPE, "a value of incomplete type %s", cc_type(k, t));
		return k->poison;
	}
	fill_spot(&f, (struct spot){t, 0, NULL}, &list);
	if (t->kind == TY_ARRAY && !t->count && f.most) {
		const struct type *elem = t->elem;

		t = elem->kind == TY_INT && elem->size == 1 && elem->is_signed
			    ? type_string(k->types, (uint32_t)f.most)
			    : type_array(k->types, elem, (uint32_t)f.most);
	}
	flat = node_new(k->arena, N_CINIT, n->loc);
	flat->expansion = n->expansion;
	flat->type = t;
	flat->cinit.items = f.head;
	flat->cinit.checked = true;
	*init = flat;
	return f.failed ? k->poison : t;
}
