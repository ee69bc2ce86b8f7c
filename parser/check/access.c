/*
 * Reaching into memory: members, elements, dereferencing, addresses.
 * The space of a pointer goes on to what is read through it.
 */
#include <string.h>

#include "parser/check/internal.h"
#include "types/script.h"

/*
 * Where what is reached through a pointer or in an object lies; of a plain number only
 * the probe is known, as in codegen/lower/access.c.
 */
static enum space inner_space(const struct check *k, const struct type *t)
{
	if (t->kind != TY_PTR || t->space != SP_VALUE)
		return t->space;
	return k->clause->clause.provider && k->clause->clause.provider->user_memory ? SP_USER
										     : SP_KERNEL;
}

/*
 * The type of a member that is read. A copy of a struct of the script's own lies in $x or @x, but
 * its pointers, and those in its arrays, still lead into the memory that the probe sees.
 */
static const struct type *loaded_member(struct check *k, const struct type *object,
					const struct type *t, enum space space)
{
	const struct provider *p = k->clause->clause.provider;

	if (space != SP_VALUE || !type_is_script(object) || !p || !p->user_memory)
		return check_loaded(k, t, space);
	if (t->kind == TY_ARRAY && t->elem->kind == TY_PTR)
		t = check_loaded(k, t, SP_USER);
	return check_loaded(k, t, t->kind == TY_PTR ? SP_USER : space);
}

static const struct type *no_members(struct check *k, struct node *n, const struct type *t)
{
	diag_error(&k->c->diags, TYPE, n->field.name_loc.file ? n->field.name_loc : n->loc,
		   "%s has no member '%s'", check_print(k, t), n->field.name);
	if (type_is_integer(t) || (t->kind == TY_PTR && t->elem->kind == TY_NONE))
		check_hint(k, "cast it to a pointer to a struct: ((struct NAME *)…)->%s",
			   n->field.name);
	return check_poison();
}

static const struct type *no_such_member(struct check *k, struct node *n, const struct type *t)
{
	const char *near = type_near_member(k->types, t, n->field.name);

	diag_error(&k->c->diags, UNKNOWN_FIELD, n->field.name_loc.file ? n->field.name_loc : n->loc,
		   "%s has no member '%s'", check_print(k, t), n->field.name);
	if (near)
		check_hint(k, "did you mean '%s'?", near);
	return check_poison();
}

static bool has_members(const struct type *t)
{
	return t->kind == TY_STRUCT || t->kind == TY_UNION || t->kind == TY_RECORD ||
	       t->kind == TY_TUPLE;
}

/* args.NAME: the provider knows the arguments. False when the object is something else. */
static bool field_of_args(struct check *k, struct node *n)
{
	struct node *object = n->field.object;
	const struct provider_var *v;

	if (object->kind != N_IDENT || strcmp(object->ident.name, "args") != 0)
		return false;
	v = check_pvar_find(k->clause->clause.provider, "args", &n->field.arg);
	if (!v)
		return false; /* reported as a name that is not available */
	if (k->clause->clause.provider->args_pointer) {
		n->field.arrow = true;
		return false;
	}
	object->ident.pvar = v;
	object->type = type_none(k->types);
	n->field.pvar = v;
	n->field.arg = 0;
	n->type = NULL;
	if (!checker_of(k)->bad_spec)
		n->type = v->check(k, k->clause, n, n->field.name, &n->field.arg);
	if (!n->type)
		n->type = check_poison();
	return true;
}

/* A member of a record of constants, as typeinfo() makes: the constant. */
static bool constant_member(struct node *n)
{
	const struct node *object = n->field.object, *item;
	struct node *next = n->next;

	if (object->kind != N_RECORD)
		return false;
	for (item = object->record.items; item; item = item->next)
		if (strcmp(item->item.name, n->field.name) == 0)
			break;
	if (!item || (item->item.value->kind != N_NUM && item->item.value->kind != N_STR))
		return false;
	*n = *item->item.value;
	n->next = next;
	return true;
}

/* Names that the members of typeinfo() had. */
static void name_of_typeinfo(struct node *n)
{
	static const char *const names[][2] = {{"base_ty", "base_type"}, {"full_ty", "full_type"}};
	unsigned i;

	for (i = 0; i < 2; i++)
		if (strcmp(n->field.name, names[i][0]) == 0)
			n->field.name = names[i][1];
}

void check_field(struct check *k, struct node *n)
{
	struct node *object = n->field.object;
	enum space space;
	const struct type *t;

	if (field_of_args(k, n))
		return;
	if (object->kind == N_CALL && strcmp(object->call.name, "typeinfo") == 0)
		name_of_typeinfo(n);
	check_place(k, object);
	if ((k->final || k->settled) && constant_member(n))
		return;
	t = object->type;
	n->type = check_poison();
	if (check_poisoned(t))
		return;
	space = inner_space(k, t);
	if (t->kind == TY_PTR)
		t = t->elem;
	if (!has_members(t)) {
		n->type = no_members(k, n, object->type);
		return;
	}
	if (!type_member(k->types, t, n->field.name, &n->field.member)) {
		n->type = no_such_member(k, n, t);
		return;
	}
	n->type = loaded_member(k, t, n->field.member.type, space);
	if (t->kind == TY_TUPLE || t->kind == TY_RECORD)
		n->type = n->field.member.type; /* its pointers have spaces of their own */
}

/* $tuple[0] is $tuple.0 */
static void index_of_tuple(struct check *k, struct node *n)
{
	struct node *object = n->index.object;
	struct loc loc = n->index.index->loc;
	int64_t i;

	if (!check_const(k, n->index.index, &i)) {
		check_error(k, n->index.index, NOT_CONSTANT,
			    "the index of a tuple must be a constant");
		return;
	}
	if (i < 0 || i >= object->type->nmembers) {
		check_error(k, n->index.index, RANGE, "%lld is not an element of a tuple of %u",
			    (long long)i, object->type->nmembers);
		return;
	}
	memset(&n->field, 0, sizeof(n->field));
	n->kind = N_FIELD;
	n->field.object = object;
	n->field.name = arena_printf(k->arena, "%lld", (long long)i);
	n->field.name_loc = loc;
	check_field(k, n);
}

static bool index_in_range(struct check *k, struct node *n, const struct type *array)
{
	int64_t i;

	if (!check_const(k, n->index.index, &i))
		return true;
	if (i >= 0 && (i < array->count || !array->count)) /* count 0: a flexible array */
		return true;
	check_error(k, n->index.index, RANGE, "%lld is not an element of an array of %u",
		    (long long)i, array->count);
	return false;
}

/* $s[i]: a character of a string that is a value, as one of an array of its bytes. */
static void index_of_string(struct check *k, struct node *n)
{
	struct node *cast = node_new(k->arena, N_CAST, n->index.object->loc), *to, *count;

	n->type = type_int(k->types, 1, true);
	if (!k->final)
		return; /* the string may still grow */
	to = node_new(k->arena, N_TYPENAME, cast->loc);
	count = node_new(k->arena, N_NUM, cast->loc);
	count->num.value = n->index.object->type->size;
	to->tname.name = "int8";
	to->tname.is_array = true;
	to->tname.count = count->num.value;
	to->tname.dims = count;
	cast->cast.to = to;
	cast->cast.operand = n->index.object;
	n->index.object = cast;
	check_index(k, n);
}

void check_index(struct check *k, struct node *n)
{
	struct node *object = n->index.object, *index = n->index.index;
	const struct type *t;

	check_place(k, object);
	check_expr(k, index);
	n->type = check_poison();
	if (check_poisoned(object->type) || check_poisoned(index->type))
		return;
	check_as_array(k, object);
	t = object->type;
	if (!type_is_integer(index->type)) {
		check_error(k, index, TYPE, "an index must be an integer, not %s",
			    check_print(k, index->type));
		return;
	}
	if (t->kind == TY_TUPLE) {
		index_of_tuple(k, n);
		return;
	}
	if (t->kind == TY_STRING && t->size) {
		index_of_string(k, n);
		return;
	}
	if ((t->kind != TY_ARRAY && t->kind != TY_PTR) || !t->elem->size) {
		check_error(k, object, TYPE, "%s cannot be indexed", check_print(k, t));
		return;
	}
	if (t->kind == TY_ARRAY && !index_in_range(k, n, t))
		return;
	n->type = check_loaded(k, t->elem, inner_space(k, t));
}

/* An address that is only a number, like kaddr(): it points to a word. */
static void as_pointer_to_word(struct check *k, struct node *n)
{
	struct node *operand = node_new(k->arena, N_CAST, n->loc), *to;
	struct node *inner = n->unary.operand;

	to = node_new(k->arena, N_TYPENAME, n->loc);
	to->tname.name = "uint64";
	to->tname.stars = 1;
	operand->cast.to = to;
	operand->cast.operand = inner;
	n->unary.operand = operand;
	check_place(k, operand);
}

void check_deref(struct check *k, struct node *n)
{
	struct node *operand = n->unary.operand;
	const struct type *t;

	check_place(k, operand);
	if (!check_poisoned(operand->type) && operand->type->kind == TY_INT &&
	    operand->type->size == 8 && operand->kind != N_NUM && k->final)
		as_pointer_to_word(k, n);
	operand = n->unary.operand;
	t = operand->type;
	n->type = check_poison();
	if (check_poisoned(t))
		return;
	if (t->kind == TY_INT && t->size == 8 && !k->final) {
		n->type = type_int(k->types, 8, false); /* or, when types settle, a pointer */
		return;
	}
	if (t->kind == TY_PTR && t->elem->size) {
		n->type = check_loaded(k, t->elem, inner_space(k, t));
		return;
	}
	check_error(k, n, TYPE, "%s cannot be dereferenced", check_print(k, t));
	if (type_is_integer(t) || t->kind == TY_PTR)
		check_hint(k, "cast it first: *(uint64 *)…");
}

/* The space in which a place lies: that of the pointer or object it is reached through. */
static bool place_space(const struct check *k, const struct node *n, enum space *space)
{
	const struct node *object;

	if (n->kind == N_FIELD && !n->field.pvar)
		object = n->field.object;
	else if (n->kind == N_INDEX)
		object = n->index.object;
	else if (n->kind == N_UNARY && n->unary.op == OP_DEREF)
		object = n->unary.operand;
	else
		return false;
	if (check_poisoned(object->type))
		return false;
	*space = inner_space(k, object->type);
	return true;
}

/* The space of what stands in the program's own memory: $x, @x, and what is in them. */
static enum space own_space(struct check *k, const struct node *n)
{
	for (;;) {
		if (n->kind == N_FIELD && !n->field.pvar)
			n = n->field.object;
		else if (n->kind == N_INDEX)
			n = n->index.object;
		else
			break;
	}
	if (n->kind == N_VAR)
		check_var_find(k, n->var.name, true);
	if (n->kind == N_CAST && n->type->kind == TY_ARRAY)
		return SP_STACK;
	return n->kind == N_VAR ? SP_STACK : n->kind == N_MAP ? SP_MAP : SP_VALUE;
}

void check_addr(struct check *k, struct node *n)
{
	struct node *operand = n->unary.operand;
	const struct type *t;
	enum space space;

	check_place(k, operand);
	n->type = check_poison();
	if (check_poisoned(operand->type))
		return;
	check_unstable(k, n, OPT_UNSTABLE_ADDR, "'&'");
	check_as_array(k, operand);
	t = operand->type;
	if (operand->kind == N_FIELD && operand->field.member.bit_size) {
		check_error(k, n, TYPE, "a bit-field has no address");
		return;
	}
	if (t->kind == TY_ARRAY || t->kind == TY_STRUCT || t->kind == TY_UNION)
		space = t->space;
	else if (!place_space(k, operand, &space))
		space = SP_VALUE;
	if (space == SP_VALUE || space == SP_STACK || space == SP_MAP)
		space = own_space(k, operand);
	if (space == SP_VALUE) {
		check_error(k, n, TYPE, "this has no address");
		return;
	}
	n->type = type_ptr(k->types, t->kind == TY_ARRAY ? t->elem : t, space);
	if (space != SP_STACK && space != SP_MAP)
		return;
	if (operand->kind == N_MAP && operand->type->kind == TY_AGG)
		check_error(k, n, TYPE, "an aggregation has no address");
}

void check_as_array(struct check *k, struct node *n)
{
	const struct type *t = n->type;

	if (t->kind != TY_STRING || t->space == SP_VALUE || !t->size ||
	    (n->kind != N_FIELD && n->kind != N_INDEX && n->kind != N_UNARY))
		return;
	n->type = type_with_space(k->types,
				  type_array(k->types, type_int(k->types, 1, true), t->size),
				  t->space);
}

void check_take_address(struct check *k, struct node *n)
{
	struct node *inner = node_new(k->arena, N_UNARY, n->loc), *next = n->next;

	*inner = *n;
	inner->next = NULL;
	n->kind = N_UNARY;
	n->unary.op = OP_ADDR;
	n->unary.operand = inner;
	n->next = next;
}

void check_wrap_addr(struct check *k, struct node *n)
{
	const struct node *inner;

	check_take_address(k, n);
	inner = n->unary.operand;
	n->type = type_ptr(k->types, inner->type->elem,
			   inner->type->space == SP_VALUE ? SP_STACK : inner->type->space);
}
