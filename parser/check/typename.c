/*
 * Type names of the source: built-in ones, those of the kernel, typeof.
 */
#include <string.h>

#include "parser/check/internal.h"
#include "types/defined.h"
#include "types/dwarf.h"
#include "types/script.h"

static const struct {
	enum type_kind kind;
	const char *word;
} tags[] = {{TY_STRUCT, "struct "}, {TY_UNION, "union "}, {TY_ENUM, "enum "}, {TY_NONE, ""}};

static const char *tag_word(enum type_kind kind)
{
	unsigned i;

	for (i = 0; tags[i].kind != TY_NONE; i++)
		if (tags[i].kind == kind)
			break;
	return tags[i].word;
}

/* A hint: the name with another keyword, or one that is near. */
static void suggest_type(struct check *k, const char *name)
{
	static const char *const basic[] = {"int8", "int16", "int32", "int64", "uint8", "uint16",
		"uint32", "uint64", "bool", "char", "int", "short", "long", "size_t"};
	struct nearest near = nearest_init(name);
	const char *other;
	unsigned i;

	for (i = 0; i < sizeof(basic) / sizeof(basic[0]); i++)
		nearest_try(&near, basic[i]);
	other = type_near_tag(k->types, name);
	if (other)
		nearest_try(&near, other);
	if (type_by_tag(k->types, TY_STRUCT, name) || type_by_tag(k->types, TY_UNION, name) ||
	    type_by_tag(k->types, TY_ENUM, name))
		near.best = name;
	if (!near.best)
		return;
	for (i = 0; tags[i].kind != TY_NONE; i++)
		if (type_by_tag(k->types, tags[i].kind, near.best))
			break;
	check_hint(k, "did you mean '%s%s'?", tags[i].word, near.best);
}

static const struct type *unknown_type(struct check *k, struct node *n)
{
	const char *word = tag_word(n->tname.tag);

	if (!types_have_btf(k->types)) {
		check_error(k, n, NO_BTF,
			    "cannot look up '%s%s': the kernel's type information is not available",
			    word, n->tname.name);
		check_hint(k, "the kernel must be built with CONFIG_DEBUG_INFO_BTF");
		return check_poison();
	}
	check_error(k, n, UNKNOWN_TYPE, "unknown type '%s%s'", word, n->tname.name);
	suggest_type(k, n->tname.name);
	return check_poison();
}

/* string[16], buffer[8]: the first size belongs to the name. */
static const struct type *sized(struct check *k, const struct node *n, const struct node **dims)
{
	bool string = strcmp(n->tname.name, "string") == 0;
	uint64_t size = (uint64_t)k->c->options.v[OPT_MAX_STRLEN];

	if (!string && strcmp(n->tname.name, "buffer") != 0)
		return NULL;
	if (*dims && (*dims)->num.value) {
		size = (*dims)->num.value;
		*dims = (*dims)->next;
	}
	if (size > CHECK_MAX_VALUE_BYTES)
		size = CHECK_MAX_VALUE_BYTES + 1; /* reported as any other */
	return string ? type_string(k->types, (uint32_t)size)
		      : type_buffer(k->types, (uint32_t)size + 4);
}

/* typeof(@m) of a map with keys is the type of its key. */
static const struct type *type_of_keys(struct check *k, struct node *n)
{
	const struct map *m = n->kind == N_MAP && !n->map.keyed ? check_map(k, n) : NULL;

	if (!m || (m->keyed_known && !m->nkeys) || (!m->keyed_known && k->final))
		return NULL;
	return m->keyed_known && m->key ? m->key : check_poison();
}

static const struct type *type_of_expr(struct check *k, struct node *n)
{
	const struct type *t = type_of_keys(k, n);

	if (t)
		return t;
	if (n->kind == N_TYPENAME)
		return check_typename(k, n);
	check_place(k, n);
	t = n->type;
	if (check_poisoned(t) || t->kind == TY_PTR)
		return t;
	return type_with_space(k->types, t, SP_VALUE);
}

/* In a clause for a program its types come before those of the kernel, behind the script's own. */
static const struct type *of_program(struct check *k, const struct node *n)
{
	const struct provider *p = k->clause ? k->clause->clause.provider : NULL;
	const char *name = n->tname.name;

	if (!p || !p->user_memory || type_native(k->types, name) ||
	    (n->tname.tag == TY_NONE ? types_defined(k->types, name) != NULL
				     : types_defined_tag(k->types, n->tname.tag, name) != NULL))
		return NULL;
	return types_dwarf_named(k->types, n->tname.tag, name);
}

static const struct type *tuple_of(struct check *k, struct node *n)
{
	uint32_t count = node_count(n->tname.elems), i = 0;
	const struct type **elems = arena_alloc(k->arena, (count + 1) * sizeof(*elems));
	struct node *e;

	for (e = n->tname.elems; e; e = e->next) {
		elems[i] = check_typename(k, e);
		if (check_poisoned(elems[i]))
			return check_poison();
		if (!elems[i++]->size) {
			check_error(k, e, TYPE, "%s has no size", check_print(k, e->type));
			return check_poison();
		}
	}
	return type_tuple(k->types, elems, count);
}

static const struct type *named(struct check *k, struct node *n, const struct node **dims)
{
	const struct type *t = NULL;

	if (n->tname.elems)
		return tuple_of(k, n);
	if (n->tname.of)
		return type_of_expr(k, n->tname.of);
	t = of_program(k, n);
	if (t)
		return t;
	if (n->tname.tag != TY_NONE)
		t = type_by_tag(k->types, n->tname.tag, n->tname.name);
	else if (strcmp(n->tname.name, "void") == 0)
		t = type_none(k->types);
	else
		t = sized(k, n, dims);
	if (!t && n->tname.tag == TY_NONE)
		t = type_by_name(k->types, n->tname.name);
	return t ? t : unknown_type(k, n);
}

/* The array of dims, outermost first, of elements t; a size of 0 stays open. */
static const struct type *array_of(struct check *k, const struct node *n,
				   const struct node *dims, const struct type *t)
{
	uint64_t count = dims->num.value;

	if (dims->next)
		t = array_of(k, n, dims->next, t);
	if (check_poisoned(t))
		return t;
	if (!t->size || count > CHECK_MAX_VALUE_BYTES || count * t->size > CHECK_MAX_VALUE_BYTES ||
	    (!count && dims != n->tname.dims)) {
		check_error(k, n, TOO_LARGE, "an array of 0 or too many elements");
		return check_poison();
	}
	return type_array(k->types, t, (uint32_t)count);
}

#define MAX_DIMS 8

/*
 * Resolves a TYPENAME node; poison when it was reported. Pointers are kernel
 * pointers. An array may have 0 elements: how many depends on what is cast.
 */
const struct type *check_typename(struct check *k, struct node *n)
{
	const struct node *dims = n->tname.dims;
	const struct type *t = named(k, n, &dims);
	unsigned i;

	n->type = t;
	if (check_poisoned(t))
		return t;
	if (t->kind == TY_NONE && !n->tname.stars) {
		check_error(k, n, TYPE, "'void' has no values");
		return n->type = check_poison();
	}
	for (i = 0; i < n->tname.stars && i < 8; i++)
		t = type_ptr(k->types, t, SP_KERNEL);
	if (node_count(dims) > MAX_DIMS) {
		check_error(k, n, TOO_LARGE, "an array of more than %d dimensions", MAX_DIMS);
		t = check_poison();
	} else if (dims) {
		t = array_of(k, n, dims, t);
	}
	return n->type = t;
}
