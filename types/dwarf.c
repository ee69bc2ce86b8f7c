/* Types of traced programs; see dwarf.h. Reading is libdw's. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arch.h"
#include "base/debug_file.h"
#include "types/dwarf.h"
#include "types/internal.h"
#include "types/script.h"

#define PARAM_DIE 3 /* type.params of a struct from here: binary << 48 | offset of its DIE */
#define DIE_BITS 48
#define FLOAT_REGS 8
#define MAX_PARAMS 64
#define NAMESPACE_DEPTH 4

struct dwarf_binary {
	struct dwarf_binary *next;
	const char *name;
	char *(*find)(const char *name, int pid);
	uint64_t number; /* from 1 */
	bool tried;
	struct debug_file file;
};

static bool ready(struct dwarf_binary *b)
{
	char *path;
	int fd;

	if (b->tried)
		return b->file.dwarf != NULL;
	b->tried = true;
	path = b->find(b->name, 0);
	fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		debug_file_open(&b->file, fd, path);
		close(fd);
	}
	free(path);
	return b->file.dwarf != NULL;
}

static struct dwarf_binary **binary_of(struct types *ts, const char *name)
{
	struct dwarf_binary **at = &ts->binaries;

	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

void types_dwarf_add(struct types *ts, const char *binary,
		     char *(*find)(const char *name, int pid))
{
	struct dwarf_binary **at = binary_of(ts, binary);

	if (*at)
		return;
	*at = arena_new_of(ts->arena, struct dwarf_binary);
	(*at)->name = arena_strdup(ts->arena, binary);
	(*at)->find = find;
	(*at)->number = ++ts->nbinaries;
}

void types_dwarf_close(struct types *ts)
{
	for (struct dwarf_binary *b = ts->binaries; b; b = b->next)
		debug_file_close(&b->file);
	ts->binaries = NULL;
}

/* ---- attributes -------------------------------------------------------------- */

static bool number_of(struct dwarf_binary *b, Dwarf_Die *die, unsigned name, uint64_t *v)
{
	Dwarf_Attribute a;
	Dwarf_Word w;

	if (!b->file.lib->dwarf_attr_integrate(die, name, &a) ||
	    b->file.lib->dwarf_formudata(&a, &w))
		return false;
	*v = w;
	return true;
}

static int64_t signed_of(struct dwarf_binary *b, Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute a;
	Dwarf_Sword w;

	return b->file.lib->dwarf_attr(die, name, &a) && !b->file.lib->dwarf_formsdata(&a, &w) ? w
											       : 0;
}

/* The type of a DIE, or NULL: void. */
static Dwarf_Die *type_die(struct dwarf_binary *b, Dwarf_Die *die, Dwarf_Die *out)
{
	Dwarf_Attribute a;

	if (!b->file.lib->dwarf_attr_integrate(die, DW_AT_type, &a))
		return NULL;
	return b->file.lib->dwarf_formref_die(&a, out);
}

/* Without names that stand for others, and qualifiers. */
static Dwarf_Die *plain_die(struct dwarf_binary *b, Dwarf_Die *die, Dwarf_Die *out)
{
	Dwarf_Die *d = die;

	for (unsigned i = 0; d && i < TYPE_MAX_DEPTH; i++) {
		switch (b->file.lib->dwarf_tag(d)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type: d = type_die(b, d, out); break;
		default: return d;
		}
	}
	return NULL;
}

static bool is_tag(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
	       tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type;
}

/* ---- conversion --------------------------------------------------------------- */

static const struct type *convert(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die,
				  unsigned depth);

static const struct type *convert_base(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die)
{
	uint64_t encoding = 0, size = 0;
	bool is_signed;

	number_of(b, die, DW_AT_encoding, &encoding);
	number_of(b, die, DW_AT_byte_size, &size);
	if (encoding == DW_ATE_boolean && size == 1)
		return type_bool(ts);
	is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
	if ((size == 1 || size == 2 || size == 4 || size == 8) && encoding != DW_ATE_float)
		return type_int(ts, (uint32_t)size, is_signed);
	return type_array(ts, type_int(ts, 1, false), (uint32_t)size);
}

static const struct type *convert_tag(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die)
{
	uint64_t off = b->number << DIE_BITS | b->file.lib->dwarf_dieoffset(die), size = 0;
	char *key = arena_printf(ts->arena, "%llx", (unsigned long long)off);
	struct type *t = strmap_get(&ts->dies, key);
	int tag = b->file.lib->dwarf_tag(die);
	Dwarf_Die base;

	if (t)
		return t;
	t = type_script(ts, tag == DW_TAG_enumeration_type ? TY_ENUM :
			tag == DW_TAG_union_type ? TY_UNION : TY_STRUCT,
			b->file.lib->dwarf_diename(die));
	strmap_put(&ts->dies, key, t);
	number_of(b, die, DW_AT_byte_size, &size);
	t->size = size > TYPE_MAX_BYTES ? 0 : (uint32_t)size;
	t->align = !size ? 1 : size % 8 == 0 ? 8 : (uint32_t)(size & -size);
	t->params[PARAM_DIE] = (int64_t)off;
	if (t->kind != TY_ENUM)
		return t;
	t->size = size == 1 || size == 2 || size == 8 ? (uint32_t)size : 4;
	die = type_die(b, die, &base);
	t->is_signed = die && convert(ts, b, die, 0)->is_signed;
	return t;
}

static uint32_t dimension(struct dwarf_binary *b, Dwarf_Die *die)
{
	uint64_t n = 0;

	if (number_of(b, die, DW_AT_count, &n) || !number_of(b, die, DW_AT_upper_bound, &n))
		return n > UINT32_MAX ? 0 : (uint32_t)n;
	return n >= UINT32_MAX ? 0 : (uint32_t)n + 1;
}

/* The dimensions are the children, outermost first. */
static const struct type *array_of(struct types *ts, struct dwarf_binary *b, Dwarf_Die *range,
				   const struct type *elem, bool text)
{
	uint32_t n = dimension(b, range);
	Dwarf_Die next;

	if (!b->file.lib->dwarf_siblingof(range, &next))
		return type_array(ts, array_of(ts, b, &next, elem, text), n);
	return text && n ? type_string(ts, n) : type_array(ts, elem, n);
}

static const struct type *convert_array(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die,
					unsigned depth)
{
	Dwarf_Die elem, base, range, *e = type_die(b, die, &elem);
	const struct type *t = e ? convert(ts, b, e, depth + 1) : type_none(ts);
	const char *name;
	bool text;

	/* an array of char is a string; of uint8_t, which is a name for another type, it is not */
	while (e && (b->file.lib->dwarf_tag(e) == DW_TAG_const_type ||
		     b->file.lib->dwarf_tag(e) == DW_TAG_volatile_type))
		e = type_die(b, e, &base);
	name = e && b->file.lib->dwarf_tag(e) == DW_TAG_base_type ? b->file.lib->dwarf_diename(e)
								  : NULL;
	text = name && !strcmp(name, "char");
	if (b->file.lib->dwarf_child(die, &range))
		return type_array(ts, t, 0);
	return array_of(ts, b, &range, t, text);
}

static const struct type *convert(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die,
				  unsigned depth)
{
	Dwarf_Die plain, to;

	die = plain_die(b, die, &plain);
	if (!die || depth > TYPE_MAX_DEPTH)
		return type_none(ts);
	switch (b->file.lib->dwarf_tag(die)) {
	case DW_TAG_base_type: return convert_base(ts, b, die);
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		die = type_die(b, die, &to);
		return type_ptr(ts, die ? convert(ts, b, die, depth + 1) : type_none(ts), SP_USER);
	case DW_TAG_array_type: return convert_array(ts, b, die, depth);
	case DW_TAG_subroutine_type: return type_simple(ts, TY_FUNC);
	default: return is_tag(b->file.lib->dwarf_tag(die)) ? convert_tag(ts, b, die)
							    : type_none(ts);
	}
}

/* ---- members -------------------------------------------------------------------- */

static void place_bits(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die, struct member *m)
{
	uint64_t bits = 0, at = 0, size = m->type->size, unit;

	if (!number_of(b, die, DW_AT_bit_size, &bits) || !bits || !type_is_integer(m->type))
		return;
	if (number_of(b, die, DW_AT_data_bit_offset, &at))
		at += (uint64_t)m->offset * 8;
	else if (number_of(b, die, DW_AT_bit_offset, &at)) /* DWARF 2: from the other end */
		at = m->offset * 8 + size * 8 - at - bits;
	unit = size * 8;
	if (at % unit + bits > unit) {
		m->type = type_int(ts, 8, m->type->is_signed);
		unit = 8;
	}
	m->offset = (uint32_t)(at / unit * unit / 8);
	m->bit_offset = (uint8_t)(at - (uint64_t)m->offset * 8);
	m->bit_size = (uint8_t)bits;
}

static bool set_member(struct types *ts, struct dwarf_binary *b, Dwarf_Die *die,
		       const struct type *self, struct member *m)
{
	int tag = b->file.lib->dwarf_tag(die);
	const char *name = b->file.lib->dwarf_diename(die);
	uint64_t at = 0;
	Dwarf_Die to;

	memset(m, 0, sizeof(*m));
	if (self->kind == TY_ENUM) {
		m->name = name ? arena_strdup(ts->arena, name) : "";
		m->offset = (uint32_t)signed_of(b, die, DW_AT_const_value);
		m->type = self;
		return tag == DW_TAG_enumerator;
	}
	if (tag != DW_TAG_member && tag != DW_TAG_inheritance)
		return false;
	if (!number_of(b, die, DW_AT_data_member_location, &at) && self->kind == TY_STRUCT) {
		uint64_t bit;

		if (!number_of(b, die, DW_AT_data_bit_offset, &bit))
			return false; /* static: of the class, not of each object */
	}
	m->name = name && tag == DW_TAG_member ? arena_strdup(ts->arena, name) : NULL;
	m->offset = (uint32_t)at;
	m->type = type_die(b, die, &to) ? convert(ts, b, &to, 0) : type_none(ts);
	place_bits(ts, b, die, m);
	member_check_bits(m, self->size);
	return true;
}

static struct dwarf_binary *binary_number(struct types *ts, uint64_t n)
{
	struct dwarf_binary *b = ts->binaries;

	while (b && b->number != n)
		b = b->next;
	return b;
}

void types_dwarf_members(struct types *ts, struct type *t)
{
	uint64_t off = type_is_script(t) ? (uint64_t)t->params[PARAM_DIE] : 0;
	struct dwarf_binary *b = off ? binary_number(ts, off >> DIE_BITS) : NULL;
	VEC(struct member) list = { 0 };
	Dwarf_Die die, child;

	if (!b || !b->file.lib->dwarf_offdie(b->file.dwarf, off & ((1ULL << DIE_BITS) - 1), &die) ||
	    b->file.lib->dwarf_child(&die, &child))
		return;
	do {
		struct member m;

		if (set_member(ts, b, &child, t, &m))
			vec_push(&list, m);
	} while (!b->file.lib->dwarf_siblingof(&child, &child));
	t->members = arena_alloc(ts->arena, (list.n + 1) * sizeof(*t->members));
	if (list.n)
		memcpy(t->members, list.v, list.n * sizeof(*t->members));
	t->nmembers = (uint32_t)list.n;
	free(list.v);
}

/* ---- functions -------------------------------------------------------------------- */

/* Does the unit's code have the address? */
static bool unit_has(struct dwarf_binary *b, Dwarf_Die *cu, uint64_t address)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = b->file.lib->dwarf_ranges(cu, at, &base, &low, &high)) > 0)
		if (address >= low && address < high)
			return true;
	return false;
}

static bool unit_at(struct dwarf_binary *b, uint64_t address, Dwarf_Die *cu)
{
	const struct debug_libs *d = b->file.lib;
	Dwarf_Off off = 0, next;
	size_t head;

	if (d->dwarf_addrdie(b->file.dwarf, address, cu))
		return true;
	while (!d->dwarf_nextcu(b->file.dwarf, off, &next, &head, NULL, NULL, NULL)) {
		if (d->dwarf_offdie(b->file.dwarf, off + head, cu) && unit_has(b, cu, address))
			return true;
		off = next;
	}
	return false;
}

static bool function_at(struct dwarf_binary *b, uint64_t address, Dwarf_Die *out)
{
	const struct debug_libs *d = b->file.lib;
	Dwarf_Die cu, *scopes = NULL, *parents = NULL;
	bool found = false;
	int n;

	if (!unit_at(b, address, &cu))
		return false;
	n = d->dwarf_getscopes(&cu, address, &scopes);
	n = n > 0 ? d->dwarf_getscopes_die(&scopes[0], &parents) : 0;
	for (int i = 0; i < n && !found; i++) {
		found = d->dwarf_tag(&parents[i]) == DW_TAG_subprogram;
		if (found)
			*out = parents[i];
	}
	free(scopes);
	free(parents);
	return found;
}

static bool by_reference(struct dwarf_binary *b, Dwarf_Die *die)
{
	uint64_t how = 0;

	return number_of(b, die, DW_AT_calling_convention, &how) &&
	       how == DW_CC_pass_by_reference;
}

/* Of what is passed by value only words are looked at; the rest moves those behind it. */
static void place_param(struct dwarf_binary *b, Dwarf_Die *type, struct dwarf_param *p,
			uint32_t *words, uint32_t *floats, uint32_t *stack)
{
	static const int regs[] = ARCH_ARG_REGS;
	const uint32_t nregs = sizeof(regs) / sizeof(*regs);
	int tag = type ? b->file.lib->dwarf_tag(type) : 0;
	uint64_t encoding = 0;

	p->place = DWARF_WORD;
	if (tag == DW_TAG_base_type && number_of(b, type, DW_AT_encoding, &encoding) &&
	    encoding == DW_ATE_float) {
		p->place = DWARF_FLOAT;
		if (p->type->size > 8)
			*stack += (p->type->size + 7) / 8;
		else if (*floats < FLOAT_REGS)
			++*floats;
		else
			++*stack;
		return;
	}
	if (is_tag(tag) && tag != DW_TAG_enumeration_type && !by_reference(b, type)) {
		uint32_t n = (p->type->size + 7) / 8;

		p->place = DWARF_BY_VALUE;
		if (p->type->size > 16 || *words + n > nregs)
			*stack += n;
		else
			*words += n;
		return;
	}
	p->n = *words < nregs ? (*words)++ : nregs + (*stack)++;
}

bool types_dwarf_function(struct types *ts, const char *binary, uint64_t address,
			  struct dwarf_function *out)
{
	struct dwarf_binary *b = *binary_of(ts, binary);
	uint32_t words = 0, floats = 0, stack = 0;
	Dwarf_Die function, child, to, plain, *type;

	memset(out, 0, sizeof(*out));
	if (!b || !ready(b) || !function_at(b, address, &function))
		return false;
	type = type_die(b, &function, &to);
	out->ret = type ? convert(ts, b, type, 0) : type_none(ts);
	type = type ? plain_die(b, type, &plain) : NULL;
	if (type && (out->ret->kind == TY_STRUCT || out->ret->kind == TY_UNION) &&
	    (out->ret->size > 16 || by_reference(b, type)))
		words = 1; /* the place of the result is handed over before the parameters */
	out->params = arena_alloc(ts->arena, MAX_PARAMS * sizeof(*out->params));
	if (b->file.lib->dwarf_child(&function, &child))
		return true;
	do {
		struct dwarf_param *p = &out->params[out->nparams];
		const char *name = b->file.lib->dwarf_diename(&child);

		if (b->file.lib->dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		type = type_die(b, &child, &to);
		p->type = type ? convert(ts, b, type, 0) : type_none(ts);
		p->name = name ? arena_strdup(ts->arena, name) : "";
		type = type ? plain_die(b, type, &plain) : NULL;
		place_param(b, type, p, &words, &floats, &stack);
		if (p->place == DWARF_WORD && type && type_in_memory(p->type))
			p->type = type_ptr(ts, p->type, SP_USER);
		out->nparams++;
	} while (out->nparams < MAX_PARAMS && !b->file.lib->dwarf_siblingof(&child, &child));
	return true;
}

/* ---- names ---------------------------------------------------------------------------- */

static bool kind_fits(enum type_kind kind, int tag)
{
	switch (kind) {
	case TY_STRUCT: return tag == DW_TAG_structure_type || tag == DW_TAG_class_type;
	case TY_UNION: return tag == DW_TAG_union_type;
	case TY_ENUM: return tag == DW_TAG_enumeration_type;
	default: return is_tag(tag) || tag == DW_TAG_typedef;
	}
}

/* Among the children of a unit or namespace; definitions, not declarations. */
static bool find_named(struct dwarf_binary *b, Dwarf_Die *parent, enum type_kind kind,
		       const char *name, unsigned depth, Dwarf_Die *out)
{
	const struct debug_libs *d = b->file.lib;
	Dwarf_Attribute a;

	if (d->dwarf_child(parent, out))
		return false;
	do {
		int tag = d->dwarf_tag(out);
		const char *own;
		Dwarf_Die inner;

		if (tag == DW_TAG_namespace && depth < NAMESPACE_DEPTH &&
		    find_named(b, out, kind, name, depth + 1, &inner)) {
			*out = inner;
			return true;
		}
		own = kind_fits(kind, tag) ? d->dwarf_diename(out) : NULL;
		if (own && !strcmp(own, name) && !d->dwarf_attr(out, DW_AT_declaration, &a))
			return true;
	} while (!d->dwarf_siblingof(out, out));
	return false;
}

const struct type *types_dwarf_named(struct types *ts, enum type_kind kind, const char *name)
{
	for (struct dwarf_binary *b = ts->binaries; b; b = b->next) {
		Dwarf_Off off = 0, next;
		Dwarf_Die cu, die;
		size_t head;

		if (!ready(b))
			continue;
		while (!b->file.lib->dwarf_nextcu(b->file.dwarf, off, &next, &head, NULL, NULL,
						  NULL)) {
			if (b->file.lib->dwarf_offdie(b->file.dwarf, off + head, &cu) &&
			    find_named(b, &cu, kind, name, 0, &die))
				return convert(ts, b, &die, 0);
			off = next;
		}
	}
	return NULL;
}
