/*
 * Statements and declarations of BPF C. Called by func.c and check.c.
 */
#include <string.h>

#include "parser/c/check.h"

/* ---- declarations ------------------------------------------------------- */

static void declare_typedef(struct cc *k, struct node *spec, const struct type *t, struct node *d)
{
	struct c_sym *sym = cc_declare(k, SYM_TYPEDEF, d->cdecl.name, d->loc);

	if (!sym)
		return;
	if (sym->def.type && !cc_same(sym->def.type, t))
		cc_error(k, d, DUPLICATE, "type '%s' is defined again, differently", d->cdecl.name);
	sym->def.type = t;
	sym->def.spelling = cc_spelling(k, spec, d->cdecl.derive);
}

/* "int f(int);" */
static void declare_function(struct cc *k, struct node *spec, struct node *d)
{
	struct node *n = node_new(k->arena, N_CFUNC, d->loc);

	n->cfunc.spec = spec;
	n->cfunc.decl = d;
	n->cfunc.names[0] = d->cdecl.name;
	cc_function(k, n);
}

static bool variable_type(struct cc *k, const struct type *t, const struct node *d)
{
	if (cc_bad(k, t))
		return false;
	if (cc_complete(k, t) &&
	    (t->size || d->cdecl.init || cc_is_array(t) || t->kind == TY_STRUCT))
		return true;
	cc_error(k, d, TYPE, "a variable of incomplete type %s", cc_type(k, t));
	return false;
}

/* What an initialiser at file scope may hold. */
static bool constant_init(const struct node *init)
{
	const struct node *i;

	if (init->kind == N_CAST)
		return constant_init(init->cast.operand);
	if (init->kind != N_CINIT)
		return init->kind == N_NUM || init->kind == N_STR;
	for (i = init->cinit.items; i; i = i->next)
		if (!constant_init(i->citem.value))
			return false;
	return true;
}

static void initialise(struct cc *k, struct node *d, struct c_var *v)
{
	const struct type *t = cc_init(k, v->type, &d->cdecl.init);
	struct node target = {.kind = N_CVAR};

	if (cc_bad(k, t))
		return;
	v->type = t;
	d->type = t;
	if (v->storage == C_GLOBAL) {
		if (!constant_init(d->cdecl.init))
			cc_error(k, d->cdecl.init, NOT_CONSTANT,
				 "the value of '%s' must be known at compile time", v->name);
		v->init = d->cdecl.init;
		return;
	}
	target.cvar.var = v;
	target.type = t;
	cc_store(k, &target, d->cdecl.init);
}

/* A global that is never written and a number is that number, wherever it is used. */
static bool constant_global(struct cc *k, struct c_sym *sym, const struct node *spec,
			    const struct c_var *v)
{
	if (v->storage != C_GLOBAL || !(spec && spec->cspec.flags & CF_CONST) || !v->init ||
	    v->init->kind != N_NUM)
		return false;
	sym->kind = SYM_ENUM;
	sym->num.value = (int64_t)v->init->num.value;
	sym->num.type = v->init->type;
	(void)k;
	return true;
}

static void declare_variable(struct cc *k, struct node *spec, const struct type *t, struct node *d)
{
	unsigned flags = spec ? spec->cspec.flags : 0;
	struct c_sym *sym;
	struct c_var *v;

	if (!variable_type(k, t, d))
		t = k->poison;
	if (flags & CF_EXTERN && !d->cdecl.init) {
		cc_error(k, d, NOT_YET, "variables of other programs are not supported");
		return;
	}
	sym = cc_declare(k, SYM_VAR, d->cdecl.name, d->loc);
	if (!sym)
		return;
	v = cc_var_new(k, d->cdecl.name, t, !k->func || flags & CF_STATIC ? C_GLOBAL : C_LOCAL,
		       d->loc);
	sym->var = v;
	d->cdecl.var = v;
	d->type = t;
	if (d->cdecl.init && !cc_bad(k, t))
		initialise(k, d, v);
	else if (cc_is_array(t) && !t->size && !cc_bad(k, t) && !d->cdecl.init)
		cc_error(k, d, TYPE, "an array without a size");
	v->is_const = v->storage == C_GLOBAL && flags & CF_CONST;
	constant_global(k, sym, spec, v);
}

void cc_declaration(struct cc *k, struct node *n)
{
	struct node *spec = n->cdecls.spec, *d;
	const struct type *base = cc_spec_type(k, spec), *t;

	for (d = n->cdecls.decls; d; d = d->next) {
		t = cc_bad(k, base) ? base : cc_derived(k, base, d->cdecl.derive, spec, NULL);
		if (!d->cdecl.name)
			continue;
		if (spec->cspec.flags & CF_TYPEDEF)
			declare_typedef(k, spec, t, d);
		else if (!cc_bad(k, t) && t->kind == TY_FUNC)
			declare_function(k, spec, d);
		else
			declare_variable(k, spec, t, d);
	}
}

/* ---- labels ------------------------------------------------------------- */

static struct c_label *label(struct cc *k, const struct node *n)
{
	struct c_label *l;

	for (l = k->func->labels; l; l = l->next)
		if (strcmp(l->name, n->clabel.name) == 0)
			return l;
	l = arena_new_of(k->arena, struct c_label);
	l->name = n->clabel.name;
	l->loc = n->loc;
	l->next = k->func->labels;
	k->func->labels = l;
	return l;
}

static void define_label(struct cc *k, struct node *n)
{
	struct c_label *l = label(k, n);

	if (l->defined)
		cc_error(k, n, DUPLICATE, "label '%s' is there twice", l->name);
	l->defined = true;
	n->clabel.label = l;
}

/* ---- control ------------------------------------------------------------ */

static void loop(struct cc *k, struct node *n)
{
	cc_scope_push(k);
	if (n->cloop.init)
		cc_stmt(k, &n->cloop.init);
	if (n->cloop.cond)
		cc_cond(k, &n->cloop.cond);
	if (n->cloop.step)
		cc_expr(k, &n->cloop.step);
	k->loops++;
	cc_stmt(k, &n->cloop.body);
	k->loops--;
	cc_scope_pop(k);
}

static void switch_statement(struct cc *k, struct node *n)
{
	struct node *outer = k->switch_node;

	cc_value(k, &n->cswitch.value);
	if (!cc_bad(k, n->cswitch.value->type)) {
		if (cc_is_arith(n->cswitch.value->type))
			cc_cast(k, &n->cswitch.value, cc_promoted(k, n->cswitch.value->type));
		else
			cc_error(k, n->cswitch.value, TYPE, "a switch on %s",
				 cc_type(k, n->cswitch.value->type));
	}
	k->switch_node = n;
	k->switches++;
	cc_stmt(k, &n->cswitch.body);
	k->switches--;
	k->switch_node = outer;
}

/* Says so when another case of the switch has the value; keeps this one for those behind. */
static void same_case(struct cc *k, struct node *n)
{
	struct node *other = k->switch_node->cswitch.cases;

	for (; other; other = other->ccase.before)
		if (n->ccase.low <= other->ccase.high && other->ccase.low <= n->ccase.high) {
			cc_error(k, n, DUPLICATE, "case %lld is there twice",
				 (long long)n->ccase.low);
			break;
		}
	n->ccase.before = k->switch_node->cswitch.cases;
	k->switch_node->cswitch.cases = n;
}

static void case_label(struct cc *k, struct node *n)
{
	const struct type *t;

	if (!k->switch_node) {
		cc_error(k, n, SYNTAX, "'%s' outside of a switch",
			 n->ccase.is_default ? "default" : "case");
		return;
	}
	if (n->ccase.is_default)
		return;
	t = k->switch_node->cswitch.value->type;
	if (!cc_constant(k, &n->ccase.from, &n->ccase.low, "a case"))
		return;
	n->ccase.high = n->ccase.low;
	if (n->ccase.to && !cc_constant(k, &n->ccase.to, &n->ccase.high, "a case"))
		return;
	if (!cc_bad(k, t) && cc_is_arith(t)) {
		n->ccase.low = (int64_t)cc_wrap_value((uint64_t)n->ccase.low, t);
		n->ccase.high = (int64_t)cc_wrap_value((uint64_t)n->ccase.high, t);
	}
	if (n->ccase.high < n->ccase.low && t->is_signed)
		cc_warn(k, n, RANGE, "an empty range of cases");
	n->type = t;
	same_case(k, n);
}

static void return_statement(struct cc *k, struct node *n)
{
	const struct type *ret = k->func->ret;

	if (!n->expr.expr)
		return;
	cc_value(k, &n->expr.expr);
	if (cc_bad(k, n->expr.expr->type))
		return;
	if (ret->kind == TY_NONE) {
		if (n->expr.expr->type->kind != TY_NONE)
			cc_warn(k, n, UNUSED_VALUE, "'%s' returns nothing", k->func->name);
		return;
	}
	cc_convert(k, &n->expr.expr, ret, "the result");
	if (n->expr.expr->type->kind != TY_PTR || cc_is_null(n->expr.expr))
		return;
	k->ret_space = k->ret_space_known ? cc_join(k->ret_space, n->expr.expr->type->space)
					  : n->expr.expr->type->space;
	k->ret_space_known = true;
}

/* asm volatile(""), perhaps with operands: a barrier, and values that the optimiser loses sight of.
 */
static void assembler(struct cc *k, struct node *n)
{
	struct node *i;

	if (n->casm.text[strspn(n->casm.text, " \t\n;")]) {
		cc_error(k, n, NOT_YET, "assembler instructions are not supported");
		cc_hint(k, "asm volatile(\"\" ::: \"memory\") is, as a barrier");
		return;
	}
	for (i = n->casm.outputs; i; i = i->next) {
		cc_expr(k, &i->citem.value);
		if (!cc_bad(k, i->citem.value->type) && !cc_is_lvalue(i->citem.value))
			cc_error(k, i, ASSIGN, "an output of asm that cannot be assigned to");
	}
	for (i = n->casm.inputs; i; i = i->next)
		cc_value(k, &i->citem.value);
}

static void static_assert_(struct cc *k, struct node *n)
{
	int64_t v;

	if (cc_constant(k, &n->expr.expr, &v, "a static assertion") && !v)
		cc_error(k, n, NOT_CONSTANT, "the static assertion does not hold");
}

void cc_block(struct cc *k, struct node *stmts)
{
	struct node *i;

	for (i = stmts; i; i = i->next) {
		struct node *at = i;

		cc_stmt(k, &at); /* statements are changed in place */
	}
}

void cc_stmt(struct cc *k, struct node **at)
{
	struct node *n = *at;

	switch (n->kind) {
	case N_EXPR:
		if (n->expr.expr)
			cc_expr(k, &n->expr.expr);
		break;
	case N_BLOCK:
		cc_scope_push(k);
		cc_block(k, n->block.stmts);
		cc_scope_pop(k);
		break;
	case N_IF:
		cc_cond(k, &n->cond.cond);
		cc_stmt(k, &n->cond.then);
		if (n->cond.otherwise)
			cc_stmt(k, &n->cond.otherwise);
		break;
	case N_CDECLS: cc_declaration(k, n); break;
	case N_CLOOP: loop(k, n); break;
	case N_CSWITCH: switch_statement(k, n); break;
	case N_CCASE: case_label(k, n); break;
	case N_CBREAK:
		if (!k->loops && !k->switches)
			cc_error(k, n, SYNTAX, "'break' outside of a loop or switch");
		break;
	case N_CCONTINUE:
		if (!k->loops)
			cc_error(k, n, SYNTAX, "'continue' outside of a loop");
		break;
	case N_CGOTO:
		n->clabel.label = label(k, n);
		n->clabel.label->used = true;
		break;
	case N_CLABEL: define_label(k, n); break;
	case N_RETURN: return_statement(k, n); break;
	case N_CASM: assembler(k, n); break;
	case N_CASSERT: static_assert_(k, n); break;
	default: break;
	}
}
