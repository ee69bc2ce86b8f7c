/*
 * Types that a script defines: structs, unions and enums with their members
 * laid out as C does. Each definition is a type of its own, whatever its name.
 * Called by the check of BPF C.
 */
#include <string.h>

#include "types/internal.h"
#include "types/script.h"

/* type.params of a script's type: what makes it a type of its own, and how it is laid out. */
enum {
	PARAM_NUMBER,
	PARAM_FLAGS,
	PARAM_HEADER
};

struct type *type_script(struct types *ts, enum type_kind kind, const char *name)
{
	struct type key = {.kind = kind, .align = 1, .name = name};

	key.params[PARAM_NUMBER] = (int64_t)++ts->nscript;
	if (kind == TY_ENUM)
		key.size = key.align = 4;
	return (struct type *)(uintptr_t)types_intern(ts, &key);
}

bool type_is_script(const struct type *t)
{
	return (t->kind == TY_STRUCT || t->kind == TY_UNION || t->kind == TY_ENUM) &&
	       t->params[PARAM_NUMBER];
}

unsigned type_script_flags(const struct type *t)
{
	return type_is_script(t) ? (unsigned)t->params[PARAM_FLAGS] : 0;
}

void type_script_header(struct type *t, uint32_t number, uint32_t size, uint32_t align,
			bool complete)
{
	t->size = size;
	t->align = align;
	t->params[PARAM_HEADER] = number;
	t->params[PARAM_FLAGS] = complete ? TYPE_COMPLETE : 0;
}

uint32_t type_script_number(const struct type *t)
{
	return type_is_script(t) ? (uint32_t)t->params[PARAM_HEADER] : 0;
}

const struct type *type_native(struct types *ts, const char *name)
{
	return types_native(ts, name);
}

const struct type *type_typedef(struct types *ts, const char *name)
{
	return types_btf_named(ts, name, BTF_KINDS(BTF_KIND_TYPEDEF));
}

static uint32_t round_up(uint32_t n, uint32_t to)
{
	return to > 1 ? (n + to - 1) / to * to : n;
}

static uint32_t member_align(struct types *ts, const struct type *t, unsigned depth)
{
	const struct member *m;
	uint32_t n, i, align = 1, a;

	if (t->kind == TY_ARRAY)
		return depth < TYPE_MAX_DEPTH ? member_align(ts, t->elem, depth + 1) : 1;
	if ((t->kind != TY_STRUCT && t->kind != TY_UNION) || type_is_script(t) ||
	    depth >= TYPE_MAX_DEPTH)
		return t->align ? t->align : 1;
	n = type_members(ts, t, &m);
	for (i = 0; i < n && align < 8; i++) {
		if (m[i].bit_size)
			continue;
		a = member_align(ts, m[i].type, depth + 1);
		/* what stands askew is in a packed struct */
		while (a > 1 && m[i].offset % a)
			a /= 2;
		if (a > align)
			align = a;
	}
	while (align > 1 && t->size % align)
		align /= 2;
	return align;
}

uint32_t type_c_align(struct types *ts, const struct type *t)
{
	return member_align(ts, t, 0);
}

/* Where the bits of a layout are that is being made. */
struct layout {
	uint64_t bits; /* so far */
	uint32_t align;
	bool is_union, packed, wire;
};

/* A bit-field: in the storage unit of its type where it fits, else in the next one. */
static void place_bits(struct layout *l, struct member *m)
{
	uint32_t unit = m->type->size * 8, width = m->bit_size;
	uint64_t at = l->is_union ? 0 : l->bits;

	if (!width) { /* "int : 0" ends the unit */
		if (!l->is_union)
			l->bits = (at + unit - 1) / unit * unit;
		return;
	}
	if (!l->packed && at / unit != (at + width - 1) / unit)
		at = (at + unit - 1) / unit * unit;
	m->offset = (uint32_t)(at / unit * unit / 8);
	m->bit_offset = (uint8_t)(at - (uint64_t)m->offset * 8);
	if (m->bit_offset + width > unit) {
		/* over the end of a unit, in a packed struct: from the byte it begins in */
		m->offset = (uint32_t)(at / 8);
		m->bit_offset = (uint8_t)(at % 8);
	}
	if (!l->packed && m->name && m->type->align > l->align)
		l->align = m->type->align;
	if (at + width > l->bits)
		l->bits = at + width;
}

static void place_member(struct types *ts, struct layout *l, struct member *m, uint32_t forced)
{
	uint32_t align = l->packed ? 1 : type_c_align(ts, m->type);
	uint64_t at, end;

	if (forced > align)
		align = forced;
	at = l->is_union ? 0 : round_up((uint32_t)((l->bits + 7) / 8), align);
	m->offset = (uint32_t)at;
	end = (at + m->type->size) * 8;
	if (end > l->bits)
		l->bits = end;
	if (align > l->align)
		l->align = align;
}

int type_script_members(struct types *ts, struct type *t, const struct script_member *m, uint32_t n,
			unsigned flags, uint32_t align)
{
	struct layout l = {
		.align = 1, .is_union = t->kind == TY_UNION, .packed = flags & TYPE_PACKED};
	struct member *list = arena_alloc(ts->arena, (n + 1) * sizeof(*list));
	uint32_t i, k = 0;

	for (i = 0; i < n; i++) {
		struct member *out = &list[k];

		out->name = m[i].name;
		out->type = m[i].type;
		out->spelling = m[i].spelling;
		if (m[i].is_bits) {
			out->bit_size = m[i].bits;
			place_bits(&l, out);
			k += m[i].bits && m[i].name;
		} else {
			place_member(ts, &l, out, m[i].align);
			k++;
		}
		if (l.bits / 8 > TYPE_MAX_BYTES)
			return -1;
	}
	if (align > l.align)
		l.align = align;
	t->members = list;
	t->nmembers = k;
	t->align = l.align;
	t->size = round_up((uint32_t)((l.bits + 7) / 8), l.align);
	for (i = 0; i < k; i++)
		member_check_bits(&list[i], t->size);
	t->params[PARAM_FLAGS] = (int64_t)(flags | TYPE_COMPLETE);
	return 0;
}

void type_script_place(struct type *t, struct member *m, uint32_t n, uint32_t size)
{
	t->members = m;
	t->nmembers = n;
	t->align = 8;
	t->size = round_up(size, 8);
	t->params[PARAM_FLAGS] = TYPE_COMPLETE;
}
