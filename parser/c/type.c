/*
 * Types of BPF C: from specifiers and declarators to types. Names are looked up
 * in the script first, then in the kernel's BTF. Called by the rest of the check.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parser/c/check.h"
#include "types/defined.h"
#include "types/syscalls.h"
#include "types/tracefs.h"

#define MAX_ARRAY (1u << 20)

/* ---- words and names ---------------------------------------------------- */

static const struct type *word_type(struct cc *k, const struct node *spec)
{
	unsigned w = spec->cspec.words;
	bool is_signed = !(w & CW_UNSIGNED);

	if (w & (CW_FLOAT | CW_DOUBLE)) {
		cc_error(k, spec, NOT_YET, "BPF has no floating point");
		return k->poison;
	}
	if (w & CW_VOID)
		return k->none;
	if (w & CW_BOOL)
		return k->boolean;
	if (w & CW_CHAR)
		return type_int(k->types, 1, is_signed);
	if (w & CW_SHORT)
		return type_int(k->types, 2, is_signed);
	if (w & CW_INT128)
		return type_int(k->types, 16, is_signed);
	return type_int(k->types, w & (CW_LONG | CW_LONG2) ? 8 : 4, is_signed);
}

static const struct type *named_type(struct cc *k, const struct node *spec)
{
	const char *name = spec->cspec.name, *near;
	struct c_sym *sym = cc_find(k, name);
	const struct type *t;

	if (sym && sym->kind == SYM_TYPEDEF)
		return sym->def.type;
	t = types_defined(k->types, name);
	if (!t)
		t = type_native(k->types, name);
	if (!t)
		t = type_typedef(k->types, name);
	if (t)
		return t;
	cc_error(k, spec, UNKNOWN_TYPE, "unknown type '%s'", name);
	if (cc_tag(k, TY_STRUCT, name))
		cc_hint(k, "did you mean 'struct %s'?", name);
	else if ((near = type_near_tag(k->types, name)))
		cc_hint(k, "did you mean '%s'?", near);
	return k->poison;
}

/* ---- structs and unions ------------------------------------------------- */

static const struct type *builtin_struct(struct cc *k, const char *name)
{
	size_t n = strlen(name);
	struct node *unit;
	unsigned i;

	for (i = 0; c_compat_types[i]; i++) {
		const char *text = c_compat_types[i];
		struct c_scope *scope = k->scope;
		const struct type *t = NULL;

		if (strncmp(text + 7, name, n) != 0 || text[7 + n] != ' ')
			continue;
		unit = c_parse_builtin(k->c, text);
		k->scope = k->file_scope;
		if (unit && unit->cunit.items)
			t = cc_spec_type(k, unit->cunit.items->cdecls.spec);
		k->scope = scope;
		return t;
	}
	return NULL;
}

const struct type *cc_tag(struct cc *k, enum type_kind kind, const char *name)
{
	const struct type *t;
	struct c_scope *s;

	for (s = k->scope; s; s = s->up) {
		t = strmap_get(&s->tags, name);
		if (t && (t->kind == kind))
			return t;
	}
	if (kind == TY_STRUCT && strncmp(name, "tracepoint__", 12) == 0)
		return cc_tracepoint(k, name + 12, k->place);
	t = type_by_tag(k->types, kind, name);
	if (!t && kind == TY_STRUCT)
		t = builtin_struct(k, name);
	return t;
}

bool cc_complete(struct cc *k, const struct type *t)
{
	if (t->kind != TY_STRUCT && t->kind != TY_UNION)
		return t->kind != TY_NONE && t->kind != TY_FUNC;
	if (type_is_script(t))
		return type_script_flags(t) & TYPE_COMPLETE;
	return t->size || type_members(k->types, t, NULL);
}

static uint32_t alignment(struct cc *k, struct node *align)
{
	int64_t v;

	if (!align || !cc_const(align, &v) || v <= 0 || v > 64 || (v & (v - 1))) {
		if (align)
			cc_error(k, align, RANGE, "an alignment is a power of two up to 64");
		return 0;
	}
	return (uint32_t)v;
}

/* The width of a bit-field; -1 when it is wrong (reported). */
static int bit_width(struct cc *k, struct node *decl, const struct type *t)
{
	int64_t v;

	if (!cc_constant(k, &decl->cdecl.bits, &v, "the width of a bit-field"))
		return -1;
	if (!type_is_integer(t) || t->size > 8) {
		cc_error(k, decl, TYPE, "a bit-field of type %s", cc_type(k, t));
		return -1;
	}
	if (v < 0 || v > t->size * 8 || (!v && decl->cdecl.name)) {
		cc_error(k, decl, RANGE, "a bit-field of %lld bits in %s", (long long)v,
			 cc_type(k, t));
		return -1;
	}
	return (int)v;
}

struct member_list {
	VEC(struct script_member) v;
	struct strmap names;
};

static void add_member(struct cc *k, struct member_list *l, struct node *spec,
		       const struct type *base, struct node *decl)
{
	struct script_member m = {0};
	int bits;

	m.type = cc_derived(k, base, decl ? decl->cdecl.derive : NULL, spec, NULL);
	if (cc_bad(k, m.type))
		return;
	if (m.type->kind == TY_FUNC || m.type->kind == TY_NONE ||
	    (!cc_complete(k, m.type) && !cc_is_array(m.type))) {
		cc_error(k, decl ? decl : spec, TYPE, "a member of incomplete type %s",
			 cc_type(k, m.type));
		return;
	}
	m.name = decl ? decl->cdecl.name : NULL;
	m.spelling = cc_spelling(k, spec, decl ? decl->cdecl.derive : NULL);
	if (decl && decl->cdecl.bits) {
		bits = bit_width(k, decl, m.type);
		if (bits < 0)
			return;
		m.is_bits = true;
		m.bits = (uint8_t)bits;
	}
	if (decl && decl->cdecl.attr)
		m.align = alignment(k, decl->cdecl.attr->cspec.align);
	if (m.name && strmap_put(&l->names, m.name, decl)) {
		cc_error(k, decl, DUPLICATE, "member '%s' is there twice", m.name);
		return;
	}
	vec_push(&l->v, m);
}

/*
 * A float or double of a struct that a script describes: there for the places of the other
 * members. Its bits can be printed, and no operator takes it.
 */
static const struct type *real_type(struct cc *k, const struct node *spec)
{
	bool wide = spec->cspec.words & CW_DOUBLE, wider = spec->cspec.words & CW_LONG;
	struct script_member bits = {.name = "bits", .spelling = "unsigned long"};
	struct type *t;

	t = type_script(k->types, TY_STRUCT, wider ? "long double" : wide ? "double" : "float");
	bits.type = type_int(k->types, wide && wider ? 16 : wide ? 8 : 4, false);
	type_script_members(k->types, t, &bits, 1, 0, 0);
	return t;
}

static const struct type *member_base(struct cc *k, struct node *spec)
{
	if (spec && spec->cspec.words & (CW_FLOAT | CW_DOUBLE) && spec->cspec.tag == TY_NONE &&
	    !spec->cspec.name && !(spec->cspec.flags & CF_TYPEOF))
		return real_type(k, spec);
	return cc_spec_type(k, spec);
}

static void define_members(struct cc *k, struct node *spec, struct type *t)
{
	struct member_list l = {0};
	struct node *i, *d;
	unsigned flags = 0;

	for (i = spec->cspec.members; i; i = i->next) {
		const struct type *base;

		if (i->kind != N_CDECLS)
			continue;
		base = member_base(k, i->cdecls.spec);
		if (cc_bad(k, base))
			continue;
		if (!i->cdecls.decls && (base->kind == TY_STRUCT || base->kind == TY_UNION))
			add_member(k, &l, i->cdecls.spec, base, NULL);
		for (d = i->cdecls.decls; d; d = d->next)
			add_member(k, &l, i->cdecls.spec, base, d);
	}
	if (spec->cspec.flags & CF_PACKED)
		flags |= TYPE_PACKED;
	if (spec->cspec.flags & CF_PACKET)
		flags |= TYPE_PACKET;
	if (type_script_members(k->types, t, l.v.v, (uint32_t)l.v.n, flags,
				alignment(k, spec->cspec.align)))
		cc_error(k, spec, TOO_LARGE, "a struct of more than %u bytes", TYPE_MAX_BYTES);
	free(l.v.v);
	strmap_free(&l.names);
}

static void define_enumerators(struct cc *k, struct node *spec, struct type *t)
{
	uint32_t n = node_count(spec->cspec.members), count = 0;
	struct member *m = arena_alloc(k->arena, (n + 1) * sizeof(*m));
	int64_t value = 0;
	struct node *i;

	for (i = spec->cspec.members; i; i = i->next, value++) {
		struct c_sym *sym;

		if (i->cenumerator.value &&
		    !cc_constant(k, &i->cenumerator.value, &value, "an enumerator"))
			continue;
		if (value < 0)
			t->is_signed = true;
		if (value != (int32_t)value && value != (uint32_t)value)
			t->size = t->align = 8;
		m[count].name = i->cenumerator.name;
		m[count].type = t;
		m[count++].offset = (uint32_t)value;
		sym = cc_declare(k, SYM_ENUM, i->cenumerator.name, i->loc);
		if (!sym)
			continue;
		sym->num.value = value;
		sym->num.of = t;
		sym->num.type = value == (int32_t)value	   ? k->i32
				: value == (uint32_t)value ? k->u32
							   : k->i64;
	}
	t->members = m;
	t->nmembers = count;
}

/* The type that a definition fills: one that was named before in this scope, or a new one. */
static struct type *tag_to_define(struct cc *k, const struct node *spec)
{
	struct type *t = NULL;

	if (spec->cspec.name)
		t = strmap_get(&k->scope->tags, spec->cspec.name);
	if (t && t->kind == spec->cspec.tag && !(type_script_flags(t) & TYPE_COMPLETE) &&
	    !t->nmembers)
		return t;
	if (t)
		cc_error(k, spec, DUPLICATE, "'%s' is defined twice", spec->cspec.name);
	t = type_script(k->types, spec->cspec.tag, spec->cspec.name);
	if (spec->cspec.name)
		strmap_put(&k->scope->tags, spec->cspec.name, t);
	return t;
}

static const struct type *tag_type(struct cc *k, struct node *spec)
{
	const struct type *t;
	struct type *fresh;

	if (spec->cspec.defined) {
		if (spec->type) /* defined once, whatever asks for it */
			return spec->type;
		fresh = tag_to_define(k, spec);
		spec->type = fresh;
		if (spec->cspec.tag == TY_ENUM)
			define_enumerators(k, spec, fresh);
		else
			define_members(k, spec, fresh);
		return fresh;
	}
	k->place = spec->loc;
	t = cc_tag(k, spec->cspec.tag, spec->cspec.name);
	if (t)
		return t;
	/* a name that nobody knows: fine behind a pointer */
	fresh = type_script(k->types, spec->cspec.tag, spec->cspec.name);
	strmap_put(&k->file_scope->tags, spec->cspec.name, fresh);
	return fresh;
}

/* Structs that the text defines at its top level win over the kernel's before they are defined,
 * too. */
void cc_predeclare(struct cc *k, struct node *items)
{
	struct node *i, *spec;

	for (i = items; i; i = i->next) {
		spec = i->kind == N_CDECLS ? i->cdecls.spec : NULL;
		if (spec && spec->cspec.defined && spec->cspec.name &&
		    !strmap_get(&k->scope->tags, spec->cspec.name))
			strmap_put(&k->scope->tags, spec->cspec.name,
				   type_script(k->types, spec->cspec.tag, spec->cspec.name));
	}
}

const struct type *cc_spec_type(struct cc *k, struct node *spec)
{
	if (!spec)
		return k->i32;
	if (spec->cspec.flags & CF_TYPEOF) {
		if (spec->cspec.of->kind == N_CTYPE)
			return cc_type_name_type(k, spec->cspec.of);
		k->unevaluated++;
		cc_expr(k, &spec->cspec.of);
		k->unevaluated--;
		return spec->cspec.of->type;
	}
	if (spec->cspec.tag != TY_NONE)
		return tag_type(k, spec);
	if (spec->cspec.name)
		return named_type(k, spec);
	return word_type(k, spec);
}

/* ---- derived types ------------------------------------------------------ */

static const struct type *array_type(struct cc *k, const struct type *elem, struct node *derive)
{
	int64_t count = 0;

	if (derive->cderive.count) {
		if (!cc_constant(k, &derive->cderive.count, &count, "the size of an array"))
			return k->poison;
		if (count < 0 || count > MAX_ARRAY ||
		    (elem->size && count > MAX_ARRAY / elem->size)) {
			cc_error(k, derive->cderive.count, RANGE, "an array of %lld elements",
				 (long long)count);
			return k->poison;
		}
	}
	if (elem->kind == TY_NONE || elem->kind == TY_FUNC || !cc_complete(k, elem)) {
		cc_error(k, derive, TYPE, "an array of incomplete type %s", cc_type(k, elem));
		return k->poison;
	}
	if (count && elem->kind == TY_INT && elem->size == 1 && elem->is_signed)
		return type_string(k->types, (uint32_t)count);
	return type_array(k->types, elem, (uint32_t)count);
}

const struct type *cc_derived(struct cc *k, const struct type *t, struct node *derive,
			      const struct node *spec, const struct node *stop)
{
	bool user = spec && spec->cspec.flags & CF_USER;

	for (; derive && derive != stop && !cc_bad(k, t); derive = derive->next) {
		switch ((enum c_derive)derive->cderive.how) {
		case CD_POINTER:
			t = type_ptr(k->types, t,
				     user || derive->cderive.user ? SP_USER : SP_VALUE);
			break;
		case CD_ARRAY: t = array_type(k, t, derive); break;
		case CD_FUNCTION: t = type_simple(k->types, TY_FUNC); break;
		}
	}
	return t;
}

const struct type *cc_type_name_type(struct cc *k, struct node *n)
{
	if (!n->type)
		n->type = cc_derived(k, cc_spec_type(k, n->ctype.spec), n->ctype.derive,
				     n->ctype.spec, NULL);
	return n->type;
}

/* ---- text --------------------------------------------------------------- */

static void put_words(struct buf *b, unsigned w)
{
	static const struct {
		unsigned bit;
		const char *text;
	} words[] = {{CW_SIGNED, "signed"}, {CW_UNSIGNED, "unsigned"}, {CW_VOID, "void"},
		     {CW_BOOL, "bool"},	    {CW_CHAR, "char"},	       {CW_SHORT, "short"},
		     {CW_LONG, "long"},	    {CW_LONG2, "long"},	       {CW_INT128, "__int128"},
		     {CW_INT, "int"}};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (w & words[i].bit && !(words[i].bit == CW_INT && w & (CW_LONG | CW_SHORT)))
			buf_printf(b, "%s%s", b->len ? " " : "", words[i].text);
}

const char *cc_spelling(struct cc *k, const struct node *spec, const struct node *derive)
{
	static const char *const tags[] = {
		[TY_STRUCT] = "struct", [TY_UNION] = "union", [TY_ENUM] = "enum"};
	const struct node *i;
	struct buf b = {0};
	const char *s;
	bool pointer = false;
	int64_t v;

	if (spec && spec->cspec.tag != TY_NONE)
		buf_printf(&b, "%s %s", tags[spec->cspec.tag],
			   spec->cspec.name ? spec->cspec.name : "");
	else if (spec && spec->cspec.name)
		buf_printf(&b, "%s", spec->cspec.name);
	else
		put_words(&b, spec ? spec->cspec.words : CW_INT);
	for (i = derive; i; i = i->next)
		if (i->cderive.how == CD_POINTER) {
			buf_printf(&b, pointer ? "*" : " *");
			pointer = true;
		}
	for (i = derive; i; i = i->next)
		if (i->cderive.how == CD_ARRAY)
			buf_printf(&b, "[%lld]",
				   i->cderive.count && cc_const(i->cderive.count, &v) ? (long long)v
										      : 0);
	s = arena_strndup(k->arena, (const char *)b.data, b.len);
	buf_free(&b);
	return s;
}

/* In C's words, for messages. */
const char *cc_type_text(struct cc *k, const struct type *t)
{
	static const char *const ints[] = {"char", "short", "int", "long", "__int128"};

	if (t->kind == TY_INT)
		return arena_printf(k->arena, "'%s%s'", t->is_signed ? "" : "unsigned ",
				    ints[t->size >= 16	? 4
					 : t->size == 8 ? 3
							: t->size / 2]);
	if (t->kind == TY_NONE)
		return "'void'";
	if (t->kind == TY_STRING)
		return arena_printf(k->arena, "'char[%u]'", t->size);
	return arena_printf(k->arena, "'%s'", type_print(k->arena, t));
}

/* ---- tracepoints -------------------------------------------------------- */

static void tracepoint_member(struct cc *k, const struct tp_field *f, struct member *m)
{
	m->offset = f->offset;
	if (f->data_loc) {
		m->name = arena_printf(k->arena, "data_loc_%s", f->name);
		m->type = k->i32;
	} else {
		m->name = f->name;
		m->type = tracefs_type(k->types, f);
	}
	m->spelling = f->decl;
}

/* The members of an event whose format cannot be read, from the struct of its record in BTF. */
static struct type *record_from_btf(struct cc *k, const char *tag, const char *event,
				    struct loc loc)
{
	const struct member *from;
	const struct type *record;
	struct member *m;
	struct type *t;
	uint32_t i, n;
	bool guessed;

	record = tracefs_record(k->types, k->arena, event, &guessed);
	if (!record)
		return NULL;
	n = type_members(k->types, record, &from);
	t = type_script(k->types, TY_STRUCT, tag);
	m = arena_alloc(k->arena, (n + 1) * sizeof(*m));
	for (i = 0; i < n; i++) {
		m[i] = from[i];
		if (m[i].name && strncmp(m[i].name, "__data_loc_", 11) == 0) {
			m[i].name += 2;
			m[i].type = k->i32;
		}
	}
	type_script_place(t, m, n, record->size);
	if (guessed) {
		diag_warn(&k->c->diags, NO_TRACEFS, loc,
			  "the fields of '%s' are taken for those of '%s'", event, record->name);
		cc_hint(k, "compile as root, who can read the event's format");
	}
	return t;
}

struct near_event {
	struct cc *k;
	const char *category;
	struct nearest near;
};

static int try_event(void *user, const char *event)
{
	struct near_event *n = user;

	nearest_try(&n->near, arena_printf(n->k->arena, "%s:%s", n->category, event));
	return 0;
}

static int try_category(void *user, const char *category)
{
	struct near_event *n = user;

	n->category = arena_strdup(n->k->arena, category);
	return tracefs_events(category, try_event, user);
}

static void no_format(struct cc *k, const char *event, int err, struct loc loc)
{
	if (err == -ENOENT) {
		struct near_event n = {k, NULL, nearest_init(event)};

		diag_error(&k->c->diags, NO_SUCH_FUNCTION, loc, "the kernel has no tracepoint %s",
			   event);
		tracefs_categories(try_category, &n);
		if (n.near.best)
			cc_hint(k, "did you mean '%s'?", n.near.best);
		return;
	}
	diag_error(&k->c->diags, NO_TRACEFS, loc, "the fields of tracepoint %s cannot be read: %s",
		   event,
		   err == -EACCES ? "formats of events need root" : "tracefs is not mounted");
	if (err != -EACCES)
		cc_hint(k, "mount -t tracefs tracefs /sys/kernel/tracing");
}

/* "CATEGORY__EVENT" to the struct of its fields, as TRACEPOINT_PROBE gives them. */
const struct type *cc_tracepoint(struct cc *k, const char *name, struct loc loc)
{
	const char *sep = strstr(name, "__"), *tag = arena_printf(k->arena, "tracepoint__%s", name);
	const char *category, *event;
	struct type *t = strmap_get(&k->file_scope->tags, tag);
	struct tp_format f;
	struct member *m;
	uint32_t i;
	int err;

	if (t || !sep)
		return t;
	category = arena_strndup(k->arena, name, (size_t)(sep - name));
	event = sep + 2;
	err = tracefs_format(k->arena, category, event, &f);
	if (err && err != -ENOENT && syscall_format(k->arena, category, event, &f))
		err = 0;
	if (!err) {
		t = type_script(k->types, TY_STRUCT, tag);
		m = arena_alloc(k->arena, (f.nfields + 1) * sizeof(*m));
		for (i = 0; i < f.nfields; i++)
			tracepoint_member(k, &f.fields[i], &m[i]);
		type_script_place(t, m, f.nfields,
				  f.nfields ? f.fields[f.nfields - 1].offset +
						      f.fields[f.nfields - 1].size
					    : 8);
	} else if (err != -ENOENT) {
		t = record_from_btf(k, tag, event, loc);
	}
	if (!t) {
		no_format(k, arena_printf(k->arena, "%s:%s", category, event), err, loc);
		t = (void *)(uintptr_t)k->poison;
	}
	strmap_put(&k->file_scope->tags, tag, t);
	return t;
}

/* ---- members ------------------------------------------------------------ */

/* Names that changed from one kernel to the next, and those that scripts know. */
static const struct {
	const char *name, *other;
} aliases[] = {
	{"d_iname", "d_shortname"},
	{"state", "__state"},
	{"__state", "state"},
};

bool cc_member(struct cc *k, const struct type *t, const char *name, struct member *out)
{
	struct member inner;
	size_t i;

	if (type_member(k->types, t, name, out))
		return true;
	for (i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
		if (strcmp(aliases[i].name, name) != 0 || type_is_script(t) ||
		    !type_member(k->types, t, aliases[i].other, out))
			continue;
		/* a union of the string and a word for hashing */
		if (out->type->kind == TY_UNION &&
		    type_member(k->types, out->type, "string", &inner)) {
			inner.offset += out->offset;
			*out = inner;
		}
		return true;
	}
	return false;
}
