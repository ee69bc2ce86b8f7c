/*
 * Functions of the probe language: fn add($a : int64) : int64 { ... }. A call becomes a
 * block with a copy of the body: its parameters and its result are variables with
 * the declared types, and return leads to the end of the copy. Called by macro.c.
 */
#include <string.h>

#include "parser/check/internal.h"

static const char *own_name(struct check *k, const char *name, uint32_t id)
{
	return arena_printf(k->arena, "%s'%u", name, id);
}

const char *check_plain_name(struct check *k, const char *name)
{
	const char *end = strchr(name, '\'');

	return end ? arena_strndup(k->arena, name, (size_t)(end - name)) : name;
}

/* The body's variables get names that nobody else can write. */
static void rename_all(struct check *k, struct node *list, uint32_t id)
{
	struct node **c[CHECK_MAX_CHILDREN];
	unsigned i, count;

	for (; list; list = list->next) {
		if (list->kind == N_VAR)
			list->var.name = own_name(k, list->var.name, id);
		count = check_children(list, c);
		for (i = 0; i < count; i++)
			rename_all(k, *c[i], id);
	}
}

static struct node *result_var(struct check *k, struct loc loc, uint32_t id)
{
	struct node *n = node_new(k->arena, N_VAR, loc);

	n->var.name = own_name(k, "$", id);
	return n;
}

static struct node *declare(struct check *k, const struct node *fn, struct node *target,
			    const struct node *to, struct node *value)
{
	struct node *n = node_new(k->arena, N_LET, value ? value->loc : target->loc);

	n->let.target = target;
	n->let.to = node_clone(k->arena, to);
	n->let.value = value;
	n->let.fn = fn;
	return n;
}

struct node *check_fn_use(struct check *k, struct node *n, const struct node *fn, uint32_t id)
{
	struct node *args = n->call.args, *stmts = NULL, *body, *arg, *to;
	const struct node *p;

	body = node_new(k->arena, N_FNBODY, fn->loc);
	body->fnbody.id = id;
	body->fnbody.stmts = node_clone(k->arena, fn->macro.body)->block.stmts;
	rename_all(k, body->fnbody.stmts, id);
	/* where the names of parameters may stand in later types: typeof($a) */
	for (p = fn->macro.params; p && args; p = p->next) {
		arg = args;
		args = args->next;
		arg->next = NULL;
		if (k->clause && k->clause->clause.trial)
			arg = NULL;
		to = node_clone(k->arena, p->let.to);
		rename_all(k, to, id);
		stmts = node_append(stmts, declare(k, fn, node_clone(k->arena, p->let.target), to,
						   arg));
	}
	for (arg = stmts; arg; arg = arg->next)
		arg->let.target->var.name = own_name(k, arg->let.target->var.name, id);
	if (fn->macro.result) {
		to = node_clone(k->arena, fn->macro.result);
		rename_all(k, to, id);
		stmts = node_append(stmts, declare(k, fn, result_var(k, n->loc, id), to, NULL));
	}
	n->kind = N_BLOCKEXPR;
	n->blockexpr.stmts = node_append(stmts, body);
	n->blockexpr.result = fn->macro.result ? result_var(k, n->loc, id) : NULL;
	n->blockexpr.fn = fn;
	return body;
}

/*
 * A function that nobody calls: a clause behind the others, with the probes of the first, in
 * which it is called, with nothing for its parameters. It goes when the check is done.
 */
struct node *check_fn_trial(struct check *k, const struct node *fn, const struct node *clauses)
{
	const struct node *spec = clauses ? clauses->clause.specs : NULL, *p;
	struct node *clause, *stmt, *call, *params = NULL;

	if (!spec)
		return NULL;
	clause = node_new(k->arena, N_CLAUSE, fn->loc);
	clause->clause.specs = node_clone(k->arena, spec);
	clause->clause.specs->next = NULL;
	clause->clause.trial = true;
	clause->clause.body = node_new(k->arena, N_BLOCK, fn->loc);
	stmt = clause->clause.body->block.stmts = node_new(k->arena, N_EXPR, fn->loc);
	call = stmt->expr.expr = node_new(k->arena, N_CALL, fn->loc);
	call->call.name = fn->macro.name;
	for (p = fn->macro.params; p; p = p->next)
		params = node_append(params, node_new(k->arena, N_NUM, p->loc));
	call->call.args = params;
	return clause;
}

void check_fn_returns(struct check *k, struct node *body, const struct node *fn, uint32_t id)
{
	struct node **c[CHECK_MAX_CHILDREN], *set;
	unsigned i, count;

	for (; body; body = body->next) {
		count = check_children(body, c);
		for (i = 0; i < count; i++)
			check_fn_returns(k, *c[i], fn, id);
		if (body->kind != N_RETURN || body->ret.fn)
			continue;
		body->ret.fn = fn;
		body->ret.id = id;
		if (!body->ret.value || !fn->macro.result)
			continue;
		set = node_new(k->arena, N_ASSIGN, body->ret.value->loc);
		set->assign.target = result_var(k, body->loc, id);
		set->assign.value = body->ret.value;
		body->ret.value = set;
	}
}

void check_fn_return(struct check *k, struct node *n)
{
	const char *name = n->ret.fn->macro.name;

	if (n->ret.value && n->ret.value->kind == N_ASSIGN)
		check_assign_variable(k, n->ret.value);
	else if (n->ret.value)
		check_error(k, n->ret.value, TYPE, "function '%s' returns nothing", name);
	else if (n->ret.fn->macro.result)
		check_error(k, n, TYPE, "function '%s' returns a value", name);
}

void check_fn_body(struct check *k, struct node *n)
{
	struct scope s;

	check_scope_enter(k, &s, NULL);
	s.fn = true;
	check_stmts(k, n->fnbody.stmts);
	check_scope_leave(k);
}

void check_fn_misfit(struct check *k, const struct check_var *v, const struct node *value,
		     const struct type *t)
{
	const char *name = check_plain_name(k, v->var.name), *is, *wants;

	wants = check_print_place(k, v->value.type);
	is = check_print_place(k, t);
	if (name[1])
		check_error(k, value, TYPE, "'%s' of function '%s' is %s, it cannot hold %s", name,
			    v->fn->macro.name, wants, is);
	else
		check_error(k, value, TYPE, "function '%s' returns %s, not %s", v->fn->macro.name,
			    wants, is);
}
