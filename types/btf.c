/*
 * Types from the kernel's BTF: opened on first need, looked up by name, turned
 * into types one at a time. Modules are only searched for names that vmlinux
 * does not have. Called by names.c and type.c, and for functions by the check.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "types/defined.h"
#include "types/internal.h"

#define BTF_DIR "/sys/kernel/btf"
#define ID_BITS 24

/* A type's place: struct type.btf_id holds the source in its upper byte. */
struct ref {
	unsigned src;
	uint32_t id;
};

static struct ref ref_of(const struct type *t)
{
	return (struct ref){ t->btf_id >> ID_BITS, t->btf_id & ((1u << ID_BITS) - 1) };
}

static uint32_t ref_pack(const struct types *ts, struct ref r)
{
	/* what a module shares with vmlinux is the same type */
	if (r.src && r.id < ts->src[r.src]->first)
		r.src = 0;
	return (uint32_t)r.src << ID_BITS | r.id;
}

static const struct btf_type *ref_type(const struct types *ts, struct ref r)
{
	return r.src < ts->nsrc && ts->src[r.src] ? btf_src_type(ts->src[r.src], r.id) : NULL;
}

static const char *ref_str(const struct types *ts, struct ref r, uint32_t offset)
{
	return btf_src_str(ts->src[r.src], offset);
}

/* ---- sources ------------------------------------------------------------ */

static const char *btf_path(void)
{
	const char *path = getenv("BCCT_BTF");

	if (!path || !*path)
		path = getenv("BPFTRACE_BTF");
	return path && *path ? path : BTF_DIR "/vmlinux";
}

bool types_have_btf(struct types *ts)
{
	if (!ts->tried) {
		ts->tried = true;
		if (btf_src_open(btf_path(), NULL, &ts->src[0]) == 0)
			ts->nsrc = 1;
	}
	return ts->nsrc > 0;
}

/* Looks into one module; keeps it open when it has the name. */
static bool find_in_module(struct types *ts, const char *module, const char *name, uint32_t kinds,
			   struct ref *out)
{
	struct btf_src *s;
	char path[sizeof(BTF_DIR) + 258];

	if (strlen(module) > 255 || ts->nsrc > TYPE_MAX_SOURCES)
		return false;
	strcpy(path, BTF_DIR "/");
	strcat(path, module);
	if (btf_src_open(path, ts->src[0], &s) != 0)
		return false;
	out->id = btf_src_find(s, name, kinds);
	if (!out->id) {
		btf_src_close(s);
		return false;
	}
	out->src = ts->nsrc;
	ts->src[ts->nsrc++] = s;
	return true;
}

static bool find_in_modules(struct types *ts, const char *name, uint32_t kinds, struct ref *out)
{
	struct dirent *e;
	unsigned i;
	bool found = false;
	DIR *dir;

	for (i = 1; i < ts->nsrc; i++) {
		*out = (struct ref){ i, btf_src_find(ts->src[i], name, kinds) };
		if (out->id)
			return true;
	}
	/* modules belong to the running kernel, not to a file given in its place */
	if (strcmp(ts->src[0]->path, BTF_DIR "/vmlinux") != 0)
		return false;
	dir = opendir(BTF_DIR);
	while (dir && !found && (e = readdir(dir)))
		if (e->d_name[0] != '.' && strcmp(e->d_name, "vmlinux") != 0)
			found = find_in_module(ts, e->d_name, name, kinds, out);
	if (dir)
		closedir(dir);
	return found;
}

/* A name's place, remembered: the check asks for the same names in every pass. */
static bool find_name(struct types *ts, const char *name, uint32_t kinds, struct ref *out)
{
	struct ref *r;
	char *key;

	if (!*name || strlen(name) > 200 || !types_have_btf(ts))
		return false;
	key = arena_printf(ts->arena, "%x:%s", kinds, name);
	r = strmap_get(&ts->found, key);
	if (!r) {
		r = arena_new_of(ts->arena, struct ref);
		r->id = btf_src_find(ts->src[0], name, kinds);
		if (!r->id && !find_in_modules(ts, name, kinds, r))
			*r = (struct ref){ 0, 0 };
		strmap_put(&ts->found, key, r);
	}
	*out = *r;
	return r->id != 0;
}

/* ---- conversion --------------------------------------------------------- */

static const struct type *convert(struct types *ts, struct ref r, unsigned depth);

static const struct type *convert_int(struct types *ts, const struct btf_type *t, const char *name)
{
	bool is_signed = btf_int_encoding(t) & BTF_INT_SIGNED;

	if (btf_int_encoding(t) & BTF_INT_BOOL)
		return type_bool(ts);
	switch (t->size) {
	case 1: return type_int(ts, 1, is_signed || strcmp(name, "char") == 0);
	case 2:
	case 4:
	case 8: return type_int(ts, t->size, is_signed);
	default: return type_array(ts, type_int(ts, 1, false), t->size);
	}
}

/*
 * Alignment is not in BTF, and only matters when a struct is put into a tuple:
 * the greatest that its size allows is never too small.
 */
static uint32_t size_align(uint32_t size)
{
	uint32_t a = size & -size;

	return !a ? 1 : a > 8 ? 8 : a;
}

static bool has_negative(const struct btf_type *t)
{
	const struct btf_enum *e = btf_enum(t);
	unsigned i;

	for (i = 0; i < btf_vlen(t); i++)
		if (e[i].val < 0)
			return true;
	return false;
}

static const struct type *convert_named(struct types *ts, struct ref r, const struct btf_type *t,
					enum type_kind kind)
{
	const char *name = ref_str(ts, r, t->name_off);
	struct type key = { .kind = kind, .size = t->size, .align = size_align(t->size),
			    .btf_id = ref_pack(ts, r), .name = *name ? name : NULL };

	if (kind == TY_ENUM) {
		/* BTF has not always said whether an enum is signed */
		key.is_signed = btf_kflag(t) || (btf_kind(t) == BTF_KIND_ENUM && has_negative(t));
		if (key.size != 1 && key.size != 2 && key.size != 4 && key.size != 8)
			key.size = 4;
	}
	return types_intern(ts, &key);
}

static const struct type *convert_fwd(struct types *ts, const char *name, bool is_union)
{
	struct type key = { .kind = is_union ? TY_UNION : TY_STRUCT, .align = 1, .name = name };
	struct ref r;

	if (find_name(ts, name, BTF_KINDS(is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT), &r))
		return convert_named(ts, r, ref_type(ts, r), key.kind);
	return types_intern(ts, &key);
}

static const struct type *convert_array(struct types *ts, struct ref r, const struct btf_type *t,
					unsigned depth)
{
	const struct btf_array *a = btf_array(t);
	struct ref elem = { r.src, a->type };
	const struct btf_type *e = ref_type(ts, elem);
	unsigned i;

	/* a char array is a string, an array of u8 (a typedef of unsigned char) is not */
	for (i = 0; e && i < TYPE_MAX_DEPTH && (btf_is_const(e) || btf_is_volatile(e)); i++) {
		elem.id = e->type;
		e = ref_type(ts, elem);
	}
	if (e && btf_is_int(e) && e->size == 1 && a->nelems &&
	    strcmp(ref_str(ts, elem, e->name_off), "char") == 0)
		return type_string(ts, a->nelems);
	return type_array(ts, convert(ts, elem, depth + 1), a->nelems);
}

static const struct type *convert_ptr(struct types *ts, struct ref r, const struct btf_type *t,
				      unsigned depth)
{
	struct ref to = { r.src, t->type };
	const struct btf_type *tag = ref_type(ts, to);
	enum space space = SP_KERNEL;

	if (tag && btf_kind(tag) == BTF_KIND_TYPE_TAG &&
	    strcmp(ref_str(ts, to, tag->name_off), "user") == 0)
		space = SP_USER;
	return type_ptr(ts, convert(ts, to, depth + 1), space);
}

static const struct type *convert(struct types *ts, struct ref r, unsigned depth)
{
	const struct btf_type *t = ref_type(ts, r);
	const struct type *native;

	if (!t || depth > TYPE_MAX_DEPTH)
		return type_none(ts);
	switch (btf_kind(t)) {
	case BTF_KIND_INT: return convert_int(ts, t, ref_str(ts, r, t->name_off));
	case BTF_KIND_PTR: return convert_ptr(ts, r, t, depth);
	case BTF_KIND_ARRAY: return convert_array(ts, r, t, depth);
	case BTF_KIND_STRUCT: return convert_named(ts, r, t, TY_STRUCT);
	case BTF_KIND_UNION: return convert_named(ts, r, t, TY_UNION);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64: return convert_named(ts, r, t, TY_ENUM);
	case BTF_KIND_FWD:
		return convert_fwd(ts, ref_str(ts, r, t->name_off), btf_kflag(t));
	case BTF_KIND_FUNC_PROTO: return type_simple(ts, TY_FUNC);
	case BTF_KIND_FLOAT:
		native = type_int(ts, 1, false);
		return type_array(ts, native, t->size);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return convert(ts, (struct ref){ r.src, t->type }, depth + 1);
	default: return type_none(ts);
	}
}

const struct type *types_btf_named(struct types *ts, const char *name, uint32_t kinds)
{
	struct ref r;

	return find_name(ts, name, kinds, &r) ? convert(ts, r, 0) : NULL;
}

/* ---- members ------------------------------------------------------------ */

static void set_member(struct types *ts, struct ref r, const struct btf_type *t, unsigned i,
		       struct member *out)
{
	const struct btf_member *m = btf_members(t) + i;
	const char *name = ref_str(ts, r, m->name_off);
	uint32_t bits = btf_member_bit_offset(t, i), unit;

	out->name = *name ? arena_strdup(ts->arena, name) : NULL;
	out->type = convert(ts, (struct ref){ r.src, m->type }, 0);
	out->offset = bits / 8;
	out->bit_size = (uint8_t)btf_member_bitfield_size(t, i);
	if (!out->bit_size || !type_is_integer(out->type))
		return;
	/* the storage unit that C would use; a packed field may reach over its end */
	unit = out->type->size * 8;
	if (bits % unit + out->bit_size > unit) {
		out->type = type_int(ts, 8, out->type->is_signed);
		unit = 8;
	}
	out->offset = bits / unit * unit / 8;
	out->bit_offset = (uint8_t)(bits - out->offset * 8);
}

static void set_enumerator(struct types *ts, struct ref r, const struct btf_type *t, unsigned i,
			   const struct type *self, struct member *out)
{
	uint32_t name_off;

	/* an enumerator is a member whose offset is its value (its low half, for wide enums) */
	if (btf_kind(t) == BTF_KIND_ENUM) {
		name_off = btf_enum(t)[i].name_off;
		out->offset = (uint32_t)btf_enum(t)[i].val;
	} else {
		name_off = btf_enum64(t)[i].name_off;
		out->offset = btf_enum64(t)[i].val_lo32;
	}
	out->name = arena_strdup(ts->arena, ref_str(ts, r, name_off));
	out->type = self;
}

void types_btf_members(struct types *ts, struct type *t)
{
	const struct btf_type *bt;
	struct ref r = ref_of(t);
	unsigned i, n;

	if (!t->btf_id || (t->kind != TY_STRUCT && t->kind != TY_UNION && t->kind != TY_ENUM))
		return;
	bt = ref_type(ts, r);
	n = bt ? btf_vlen(bt) : 0;
	if (!n)
		return;
	t->members = arena_alloc(ts->arena, n * sizeof(*t->members));
	for (i = 0; i < n; i++) {
		if (t->kind == TY_ENUM)
			set_enumerator(ts, r, bt, i, t, &t->members[i]);
		else
			set_member(ts, r, bt, i, &t->members[i]);
		if (t->kind != TY_ENUM)
			member_check_bits(&t->members[i], t->size);
	}
	t->nmembers = n;
}

/* ---- enumerators -------------------------------------------------------- */

static bool enum_has(const struct btf_type *t, const struct btf_names *names, int64_t *value)
{
	unsigned i, k, n = btf_vlen(t);

	for (i = 0; i < n; i++) {
		bool wide = btf_kind(t) == BTF_KIND_ENUM64;
		uint32_t off = wide ? btf_enum64(t)[i].name_off : btf_enum(t)[i].name_off;

		for (k = 0; k < names->n; k++) {
			if (off != names->offset[k])
				continue;
			if (wide)
				*value = (int64_t)btf_enum64_value(&btf_enum64(t)[i]);
			else if (btf_kflag(t) || has_negative(t))
				*value = btf_enum(t)[i].val;
			else
				*value = (uint32_t)btf_enum(t)[i].val;
			return true;
		}
	}
	return false;
}

struct enumerator {
	uint32_t id; /* of its enum; 0: there is none of that name */
	int64_t value;
};

/* Found once and remembered: the check asks in every pass. */
static const struct enumerator *find_enumerator(struct types *ts, const char *name)
{
	const struct btf_src *s = ts->src[0];
	char *key = arena_printf(ts->arena, "e:%s", name);
	struct enumerator *e = strmap_get(&ts->found, key);
	struct btf_names names;

	if (e)
		return e;
	e = arena_new_of(ts->arena, struct enumerator);
	names = btf_src_find_str(s, name);
	for (uint32_t i = 0; names.n && !e->id && i < s->nenums; i++)
		if (enum_has(btf_src_type(s, s->enums[i]), &names, &e->value))
			e->id = s->enums[i];
	strmap_put(&ts->found, key, e);
	return e;
}

bool type_enumerator(struct types *ts, const char *name, int64_t *value, const struct type **type)
{
	const struct enumerator *e;

	if (types_defined_constant(ts, name, value, type))
		return true;
	if (!types_have_btf(ts))
		return false;
	e = find_enumerator(ts, name);
	if (!e->id)
		return false;
	*value = e->value;
	if (type)
		*type = convert_named(ts, (struct ref){ 0, e->id }, btf_src_type(ts->src[0], e->id),
				      TY_ENUM);
	return true;
}

/* ---- functions ---------------------------------------------------------- */

/* Parameters from number skip on. */
static bool convert_proto(struct types *ts, struct ref r, unsigned skip, struct func_proto *out)
{
	const struct btf_type *t = ref_type(ts, r);
	unsigned i, n;

	if (!t || btf_kind(t) != BTF_KIND_FUNC_PROTO || btf_vlen(t) < skip)
		return false;
	out->ret = convert(ts, (struct ref){ r.src, t->type }, 0);
	n = btf_vlen(t);
	/* variable arguments are a last parameter of type void */
	if (n && !btf_params(t)[n - 1].type)
		n--;
	out->nparams = n - skip;
	out->params = arena_alloc(ts->arena, (out->nparams + 1) * sizeof(*out->params));
	for (i = skip; i < n; i++) {
		const struct btf_param *p = &btf_params(t)[i];
		const char *name = ref_str(ts, r, p->name_off);

		out->params[i - skip].name = *name ? arena_strdup(ts->arena, name)
						   : arena_printf(ts->arena, "arg%u", i - skip);
		out->params[i - skip].type = convert(ts, (struct ref){ r.src, p->type }, 0);
	}
	return true;
}

bool types_function(struct types *ts, const char *name, struct func_proto *out)
{
	struct ref r;

	if (!find_name(ts, name, BTF_KINDS(BTF_KIND_FUNC), &r))
		return false;
	r.id = ref_type(ts, r)->type;
	return convert_proto(ts, r, 0, out);
}

/*
 * __traceiter_EVENT calls the probes and has the names of its parameters; the
 * typedef btf_trace_EVENT, which every kernel has, only their types. The first
 * parameter is the probe's own.
 */
bool types_tracepoint(struct types *ts, const char *event, struct func_proto *out)
{
	const struct btf_type *t;
	struct ref r;
	unsigned i;

	if (find_name(ts, arena_printf(ts->arena, "__traceiter_%s", event),
		      BTF_KINDS(BTF_KIND_FUNC), &r)) {
		r.id = ref_type(ts, r)->type;
		return convert_proto(ts, r, 1, out);
	}
	if (!find_name(ts, arena_printf(ts->arena, "btf_trace_%s", event),
		       BTF_KINDS(BTF_KIND_TYPEDEF), &r))
		return false;
	for (i = 0; i < 2; i++) { /* typedef, pointer */
		t = ref_type(ts, r);
		if (!t || (btf_kind(t) != BTF_KIND_TYPEDEF && btf_kind(t) != BTF_KIND_PTR))
			return false;
		r.id = t->type;
	}
	return convert_proto(ts, r, 1, out);
}

void types_functions(struct types *ts, const char *pattern,
		     int (*each)(void *user, const char *name), void *user)
{
	const struct btf_src *s;
	uint32_t i;

	if (!types_have_btf(ts))
		return;
	s = ts->src[0];
	for (i = 0; i < s->count; i++) {
		const struct btf_type *t = btf_src_type(s, s->first + i);
		const char *name;

		if (btf_kind(t) != BTF_KIND_FUNC)
			continue;
		name = btf_src_str(s, t->name_off);
		if (fnmatch(pattern, name, 0) == 0 && each(user, name))
			return;
	}
}

/* ---- near names --------------------------------------------------------- */

static const char *near_kind(struct types *ts, const char *word, uint32_t kinds)
{
	struct nearest n = nearest_init(word);
	const struct btf_src *s;
	uint32_t i;

	if (!types_have_btf(ts))
		return NULL;
	s = ts->src[0];
	for (i = 0; i < s->count; i++) {
		const struct btf_type *t = btf_src_type(s, s->first + i);

		if (kinds & BTF_KINDS(btf_kind(t)) && t->name_off)
			nearest_try(&n, btf_src_str(s, t->name_off));
	}
	return n.best ? arena_strdup(ts->arena, n.best) : NULL;
}

const char *type_near_tag(struct types *ts, const char *tag)
{
	return near_kind(ts, tag, BTF_KINDS(BTF_KIND_STRUCT) | BTF_KINDS(BTF_KIND_UNION) |
				  BTF_KINDS(BTF_KIND_ENUM) | BTF_KINDS(BTF_KIND_ENUM64) |
				  BTF_KINDS(BTF_KIND_TYPEDEF));
}

const char *type_near_function(struct types *ts, const char *name)
{
	return near_kind(ts, name, BTF_KINDS(BTF_KIND_FUNC));
}
