/*
 * Interning of types and their layout. Everything that makes or compares types
 * goes through here; where types come from is in names.c and btf.c.
 */
#include <stdlib.h>
#include <string.h>

#include "types/headers.h"
#include "types/dwarf.h"
#include "types/internal.h"

struct types *types_new(struct arena *a)
{
	struct types *ts = arena_new_of(a, struct types);

	ts->arena = a;
	return ts;
}

void types_close(struct types *ts)
{
	unsigned i;

	if (!ts)
		return;
	headers_close(ts);
	/* modules before the vmlinux they build on */
	for (i = ts->nsrc; i-- > 0;)
		btf_src_close(ts->src[i]);
	ts->nsrc = 0;
	free(ts->slots);
	ts->slots = NULL;
	ts->nslots = ts->n = 0;
	types_dwarf_close(ts);
	strmap_free(&ts->dies);
	strmap_free(&ts->found);
	strmap_free(&ts->defined);
	strmap_free(&ts->constants);
}

/* ---- interning ---------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t mix_str(uint64_t h, const char *s)
{
	for (; s && *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return h;
}

/* Members are part of what a tuple or record is; a struct's follow from its name and source. */
static bool has_own_members(const struct type *t)
{
	return t->kind == TY_TUPLE || t->kind == TY_RECORD;
}

static uint64_t hash_type(const struct type *t)
{
	uint64_t h = mix(t->kind, t->space);
	uint32_t i;

	h = mix(h, (uint64_t)t->size << 1 | t->is_signed);
	h = mix(h, (uint64_t)t->count << 32 | t->btf_id);
	h = mix(h, (uintptr_t)t->elem);
	h = mix(h, (uintptr_t)t->agg);
	h = mix_str(h, t->name);
	for (i = 0; i < 4; i++)
		h = mix(h, (uint64_t)t->params[i]);
	for (i = 0; has_own_members(t) && i < t->nmembers; i++)
		h = mix_str(mix(h, (uintptr_t)t->members[i].type), t->members[i].name);
	return h;
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_type(const struct type *a, const struct type *b)
{
	uint32_t i;

	if (a->kind != b->kind || a->space != b->space || a->is_signed != b->is_signed ||
	    a->size != b->size || a->count != b->count || a->btf_id != b->btf_id ||
	    a->elem != b->elem || a->agg != b->agg || !same_name(a->name, b->name) ||
	    memcmp(a->params, b->params, sizeof(a->params)) != 0)
		return false;
	if (!has_own_members(a))
		return true;
	if (a->nmembers != b->nmembers)
		return false;
	for (i = 0; i < a->nmembers; i++)
		if (a->members[i].type != b->members[i].type ||
		    !same_name(a->members[i].name, b->members[i].name))
			return false;
	return true;
}

static struct type **find_slot(const struct types *ts, const struct type *key)
{
	size_t i = hash_type(key) & (ts->nslots - 1);

	while (ts->slots[i] && !same_type(ts->slots[i], key))
		i = (i + 1) & (ts->nslots - 1);
	return &ts->slots[i];
}

static void grow(struct types *ts)
{
	struct type **old = ts->slots;
	size_t nold = ts->nslots, i;

	ts->nslots = nold ? nold * 2 : 256;
	ts->slots = calloc(ts->nslots, sizeof(*ts->slots));
	if (!ts->slots)
		abort(); /* like the arena: nothing can be reported without memory */
	for (i = 0; i < nold; i++)
		if (old[i])
			*find_slot(ts, old[i]) = old[i];
	free(old);
}

const struct type *types_intern(struct types *ts, const struct type *key)
{
	struct type **slot, *t;

	if (2 * (ts->n + 1) > ts->nslots)
		grow(ts);
	slot = find_slot(ts, key);
	if (*slot)
		return *slot;
	t = arena_new_of(ts->arena, struct type);
	*t = *key;
	if (key->name)
		t->name = arena_strdup(ts->arena, key->name);
	if (has_own_members(key) && key->nmembers) {
		t->members = arena_alloc(ts->arena, key->nmembers * sizeof(*t->members));
		memcpy(t->members, key->members, key->nmembers * sizeof(*t->members));
	}
	*slot = t;
	ts->n++;
	return t;
}

/* ---- basic types -------------------------------------------------------- */

static const struct type *plain(struct types *ts, enum type_kind kind, uint32_t size,
				uint32_t align)
{
	struct type t = { .kind = kind, .size = size, .align = align };

	return types_intern(ts, &t);
}

const struct type *type_none(struct types *ts)
{
	return plain(ts, TY_NONE, 0, 1);
}

const struct type *type_bool(struct types *ts)
{
	return plain(ts, TY_BOOL, 1, 1);
}

const struct type *type_int(struct types *ts, uint32_t size, bool is_signed)
{
	struct type t = { .kind = TY_INT, .size = size, .align = size, .is_signed = is_signed };

	return types_intern(ts, &t);
}

/* Bytes from m->offset on, to the last one with bits of the field. */
uint32_t member_bit_bytes(const struct member *m)
{
	return (m->bit_offset + m->bit_size + 7u) / 8;
}

void member_check_bits(struct member *m, uint32_t size)
{
	m->in_parts = m->bit_size && (m->offset + m->type->size > size ||
				      m->bit_offset + m->bit_size > m->type->size * 8);
}

const struct type *type_string(struct types *ts, uint32_t size)
{
	return plain(ts, TY_STRING, size, 1);
}

const struct type *type_buffer(struct types *ts, uint32_t size)
{
	return plain(ts, TY_BUFFER, size, 4);
}

const struct type *type_ptr(struct types *ts, const struct type *to, enum space space)
{
	struct type t = { .kind = TY_PTR, .space = space, .size = 8, .align = 8, .elem = to };

	return types_intern(ts, &t);
}

const struct type *type_array(struct types *ts, const struct type *elem, uint32_t count)
{
	struct type t = { .kind = TY_ARRAY, .align = elem->align, .elem = elem, .count = count };

	/* an array larger than anything that can be read is kept at a size that does not wrap */
	if (elem->size && count > UINT32_MAX / 2 / elem->size)
		t.count = UINT32_MAX / 2 / elem->size;
	t.size = elem->size * t.count;
	return types_intern(ts, &t);
}

static uint32_t align_up(uint32_t n, uint32_t align)
{
	return align > 1 ? (n + align - 1) / align * align : n;
}

void types_layout(struct type *t)
{
	uint32_t i;

	t->size = 0;
	t->align = 1;
	for (i = 0; i < t->nmembers; i++) {
		struct member *m = &t->members[i];

		m->offset = align_up(t->size, m->type->align);
		t->size = m->offset + m->type->size;
		if (m->type->align > t->align)
			t->align = m->type->align;
	}
	t->size = align_up(t->size, t->align);
}

static const struct type *compound(struct types *ts, struct type *t)
{
	const struct type *r;

	types_layout(t);
	r = types_intern(ts, t);
	free(t->members);
	return r;
}

static struct member *new_members(uint32_t n)
{
	struct member *m = calloc(n ? n : 1, sizeof(*m));

	if (!m)
		abort();
	return m;
}

const struct type *type_tuple(struct types *ts, const struct type *const *elems, uint32_t n)
{
	struct type t = { .kind = TY_TUPLE, .nmembers = n, .members = new_members(n) };
	uint32_t i;

	for (i = 0; i < n; i++)
		t.members[i].type = elems[i];
	return compound(ts, &t);
}

const struct type *type_record(struct types *ts, const struct member *members, uint32_t n)
{
	struct type t = { .kind = TY_RECORD, .nmembers = n, .members = new_members(n) };
	uint32_t i;

	for (i = 0; i < n; i++) {
		t.members[i].name = members[i].name;
		t.members[i].type = members[i].type;
	}
	return compound(ts, &t);
}

const struct type *type_simple(struct types *ts, enum type_kind kind)
{
	switch (kind) {
	case TY_KSYM:
	case TY_PROBE: return plain(ts, kind, 8, 8);
	case TY_USYM: return plain(ts, kind, 16, 8);
	case TY_TIMESTAMP: return plain(ts, kind, 16, 8);
	case TY_INET: return plain(ts, kind, 20, 4);
	case TY_MAC: return plain(ts, kind, 6, 1);
	case TY_BOOL: return type_bool(ts);
	case TY_FUNC: return plain(ts, kind, 1, 1); /* so that a pointer to it can be counted up */
	default: return type_none(ts);
	}
}

const struct type *type_printed(struct types *ts, enum type_kind kind, const char *name)
{
	struct type t = { .kind = kind, .size = kind == TY_TIMESTAMP ? 16 : 8, .align = 8,
			  .name = name };

	return types_intern(ts, &t);
}

const struct type *type_stack(struct types *ts, enum type_kind kind, uint32_t frames, int64_t mode)
{
	struct type t = { .kind = kind, .count = frames, .align = 8, .params = { mode } };

	t.size = 8 + STACK_FRAME(mode) * frames;
	return types_intern(ts, &t);
}

const struct type *type_agg(struct types *ts, const struct aggregation *agg, const char *name,
			    const struct type *elem, uint32_t size, const int64_t params[4])
{
	struct type t = { .kind = TY_AGG, .agg = agg, .name = name, .elem = elem, .size = size,
			  .align = 8 };

	if (elem)
		t.is_signed = elem->is_signed;
	if (params)
		memcpy(t.params, params, sizeof(t.params));
	return types_intern(ts, &t);
}

const struct type *type_with_space(struct types *ts, const struct type *t, enum space space)
{
	struct type key = *t;

	if (t->space == space)
		return t;
	key.space = space;
	return types_intern(ts, &key);
}

/* ---- members ------------------------------------------------------------ */

uint32_t type_members(struct types *ts, const struct type *t, const struct member **out)
{
	/* types are const for everyone else; members are filled in here, once */
	if (!has_own_members(t) && !t->members) {
		types_btf_members(ts, (struct type *)(uintptr_t)t);
		headers_members(ts, (struct type *)(uintptr_t)t);
		types_dwarf_members(ts, (struct type *)(uintptr_t)t);
	}
	if (out)
		*out = t->members;
	return t->nmembers;
}

/* Not a union of one member and padding, as the kernel's contexts have around pointers. */
static bool has_several(struct types *ts, const struct type *t)
{
	const struct member *m;
	uint32_t n = type_members(ts, t, &m), named = 0;

	for (uint32_t i = 0; i < n; i++)
		named += m[i].name || m[i].type->kind == TY_STRUCT || m[i].type->kind == TY_UNION;
	return named > 1;
}

static bool find_member(struct types *ts, const struct type *t, const char *name, unsigned depth,
			struct member *out)
{
	const struct member *m;
	uint32_t n = type_members(ts, t, &m), i;

	for (i = 0; i < n; i++) {
		if (m[i].name) {
			if (strcmp(m[i].name, name) != 0)
				continue;
			*out = m[i];
			return true;
		}
		if (depth < TYPE_MAX_DEPTH &&
		    (m[i].type->kind == TY_STRUCT || m[i].type->kind == TY_UNION) &&
		    find_member(ts, m[i].type, name, depth + 1, out)) {
			out->offset += m[i].offset;
			out->in_union |= m[i].type->kind == TY_UNION && has_several(ts, m[i].type);
			return true;
		}
	}
	return false;
}

bool type_member(struct types *ts, const struct type *t, const char *name, struct member *out)
{
	switch (t->kind) {
	case TY_TUPLE: {
		char *end;
		unsigned long i = strtoul(name, &end, 10);

		if (*name < '0' || *name > '9' || *end || i >= t->nmembers)
			return false;
		*out = t->members[i];
		return true;
	}
	case TY_RECORD:
	case TY_STRUCT:
	case TY_UNION: return find_member(ts, t, name, 0, out);
	default: return false;
	}
}

static void near_member(struct types *ts, const struct type *t, unsigned depth, struct nearest *n)
{
	const struct member *m;
	uint32_t count = type_members(ts, t, &m), i;

	for (i = 0; i < count; i++) {
		if (m[i].name)
			nearest_try(n, m[i].name);
		else if (depth < TYPE_MAX_DEPTH &&
			 (m[i].type->kind == TY_STRUCT || m[i].type->kind == TY_UNION))
			near_member(ts, m[i].type, depth + 1, n);
	}
}

const char *type_near_member(struct types *ts, const struct type *t, const char *name)
{
	struct nearest n = nearest_init(name);

	if (t->kind == TY_STRUCT || t->kind == TY_UNION || t->kind == TY_RECORD)
		near_member(ts, t, 0, &n);
	return n.best;
}

/* ---- questions ---------------------------------------------------------- */

bool type_in_memory(const struct type *t)
{
	switch (t->kind) {
	case TY_STRING:
	case TY_BUFFER:
	case TY_ARRAY:
	case TY_STRUCT:
	case TY_UNION:
	case TY_TUPLE:
	case TY_RECORD:
	case TY_KSTACK:
	case TY_USTACK:
	case TY_USYM:
	case TY_INET:
	case TY_MAC:
	case TY_TIMESTAMP:
	case TY_AGG: return true;
	default: return false;
	}
}

bool type_is_integer(const struct type *t)
{
	return t->kind == TY_INT || t->kind == TY_BOOL || t->kind == TY_ENUM;
}

const struct member *type_named_member(const struct type *t, const char *name, uint32_t i)
{
	uint32_t j;

	if (t->kind != TY_RECORD || !name)
		return i < t->nmembers ? &t->members[i] : NULL;
	if (i < t->nmembers && strcmp(t->members[i].name, name) == 0)
		return &t->members[i];
	for (j = 0; j < t->nmembers; j++)
		if (strcmp(t->members[j].name, name) == 0)
			return &t->members[j];
	return NULL;
}
