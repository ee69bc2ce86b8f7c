/*
 * Variables: declarations and assignments. A declared type stays; otherwise
 * the type grows with what is assigned.
 */
#include "parser/check/internal.h"

static bool fits_declared(struct check *k, const struct type *to, const struct type *t);

static bool parts_fit(struct check *k, const struct type *to, const struct type *t)
{
	const struct member *m;
	uint32_t i;

	if (to->kind != t->kind || to->nmembers != t->nmembers)
		return false;
	for (i = 0; i < to->nmembers; i++) {
		m = type_named_member(t, to->members[i].name, i);
		if (!m || !fits_declared(k, to->members[i].type, m->type))
			return false;
	}
	return true;
}

static bool fits_declared(struct check *k, const struct type *to, const struct type *t)
{
	const struct type *joined;

	if (to->kind == TY_TUPLE || to->kind == TY_RECORD)
		return parts_fit(k, to, t);
	if (type_is_integer(to))
		return type_is_integer(t);
	if (to->kind == TY_PTR)
		return t->kind == TY_PTR || type_is_integer(t);
	joined = check_unify(k, to, t);
	return joined && (joined == to || to->kind == TY_STRING);
}

static bool too_large(struct check *k, const struct node *at, const struct type *t)
{
	if (t->kind != TY_NONE && t->size <= CHECK_MAX_VALUE_BYTES)
		return false;
	check_error(k, at, TOO_LARGE, "a value of more than %d bytes", CHECK_MAX_VALUE_BYTES);
	return true;
}

/* A constant that no bits of the declared width can hold. */
static void check_constant(struct check *k, const struct type *t, const struct node *value)
{
	int64_t c, limit;

	if (t->kind != TY_INT || t->size >= 8 || !check_const(k, value, &c))
		return;
	limit = 1ll << (t->size * 8 - 1);
	if (c < -limit || c >= (t->is_signed ? limit : 2 * limit))
		check_error(k, value, RANGE, "%lld does not fit in %s", (long long)c,
			    check_print(k, t));
}

/* whole: the value itself is assigned, not what an operator makes of it. */
static bool put(struct check *k, struct check_var *v, const struct node *value,
		const struct type *t, bool whole)
{
	if (v->fixed)
		check_constant(k, v->value.type, value);
	if (v->fixed)
		return fits_declared(k, v->value.type, t);
	if (!check_grow(k, &v->value, t, check_rank(k, value)))
		return false;
	v->var.type = v->value.type;
	check_grow_narrow(k, &v->value, whole ? value : NULL, t, check_rank(k, value));
	return true;
}

bool check_var_put(struct check *k, struct check_var *v, const struct node *at,
		   const struct node *value, const struct type *t)
{
	bool whole;

	if (too_large(k, value, t))
		return false;
	whole = at->kind != N_ASSIGN || at->assign.op == OP_NONE;
	t = check_stored(k, t);
	if (put(k, v, value, t, whole))
		return true;
	if (v->fn && (at->kind == N_LET || v->var.name[1] == '\'')) {
		check_fn_misfit(k, v, value, t);
		return false;
	}
	check_error(k, at, TYPE, "'%s' holds %s, it cannot hold %s",
		    check_plain_name(k, v->var.name),
		    check_print_place(k, v->value.type), check_print_place(k, t));
	diag_add(&k->c->diags, DIAG_NOTE, TAG_TYPE, v->var.loc, "the first assignment");
	return false;
}

/* Assigned in an earlier block that has ended with another type: a variable of its own then. */
static struct check_var *own_variable(struct check *k, struct node *target, struct check_var *v,
				      const struct node *value, const struct type *t)
{
	if (too_large(k, value, t) || put(k, v, value, check_stored(k, t), true))
		return v;
	checker_of(k)->scope->vars = checker_of(k)->scope->vars->next;
	target->var.var = NULL;
	k->changed = true;
	return check_var_declare(k, target);
}

void check_assign_variable(struct check *k, struct node *n)
{
	struct node *target = n->assign.target, *value = n->assign.value;
	const struct type *t, *old = NULL;
	struct check_var *v;
	bool revived;

	if (n->assign.op != OP_NONE) {
		check_variable(k, target);
		old = target->type;
	}
	check_expr(k, value);
	t = value->type;
	if (n->assign.op != OP_NONE && target->var.var && !target->var.var->type)
		old = t; /* declared without a value: 0 of that type */
	if (n->assign.op != OP_NONE)
		t = check_arith(k, n, n->assign.op, old, t);
	v = check_var_assigned(k, target, &revived);
	if (v->constant) {
		check_error(k, target, ASSIGN, "'%s' belongs to the loop, it cannot be assigned",
			    check_plain_name(k, v->var.name));
		t = check_poison();
	}
	if (!check_poisoned(t)) {
		if (revived)
			v = own_variable(k, target, v, value, t);
		check_var_put(k, v, n, value, t);
	}
	target->var.var = &v->var;
	target->type = v->value.type ? v->value.type : check_poison();
}

/* $x++ where $x was declared without a value: a number. */
void check_var_count(struct check *k, struct node *n)
{
	struct check_var *v = (struct check_var *)n->var.var;

	if (!v || v->value.type || !check_poisoned(n->type))
		return;
	check_grow(k, &v->value, type_int(k->types, 8, true), RANK_FREE);
	check_grow_narrow(k, &v->value, NULL, v->value.type, RANK_FREE);
	n->type = v->var.type = v->value.type;
}

static void declare_type(struct check *k, struct node *n, struct check_var *v)
{
	const struct type *t = check_typename(k, n->let.to);

	if (check_poisoned(t) || too_large(k, n->let.to, t))
		return;
	if (!t->size) {
		check_error(k, n->let.to, TYPE, "%s has no size", check_print(k, t));
		return;
	}
	v->fixed = true;
	v->value.narrow = t;
	v->value.type = v->var.type = check_stored(k, t);
	if (t->kind == TY_INT)
		v->value.type = v->var.type = t;
}

void check_let(struct check *k, struct node *n)
{
	struct node *target = n->let.target, *value = n->let.value;
	struct check_var *v;

	if (value)
		check_expr(k, value); /* before: in let $x = $x + 1 it is the outer one */
	if (!n->let.fn)
		check_var_hides(k, target);
	v = check_var_declare(k, target);
	v->let = true;
	v->fn = n->let.fn;
	if (n->let.to)
		declare_type(k, n, v);
	if (value && !check_poisoned(value->type))
		check_var_put(k, v, n, value, value->type);
	target->type = v->value.type ? v->value.type : check_poison();
}
