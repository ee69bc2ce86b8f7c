/*
 * Calls in BPF C: functions of the script, helpers of the kernel, builtins and
 * methods of maps. Called by expr.c.
 */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "parser/c/check.h"

static const struct c_helper helpers[] = {
#define HELPER(id, name, ret, args) {id, name, ret, args},
#include "parser/c/helpers.h"
#undef HELPER
};

const struct c_helper *cc_helper(const char *name)
{
	size_t i;

	if (strncmp(name, "bpf_", 4) != 0)
		return NULL;
	for (i = 0; i < sizeof(helpers) / sizeof(*helpers); i++)
		if (strcmp(helpers[i].name, name + 4) == 0)
			return &helpers[i];
	return NULL;
}

const char *cc_helper_near(const char *name)
{
	struct nearest n = nearest_init(strncmp(name, "bpf_", 4) == 0 ? name + 4 : name);
	size_t i;

	for (i = 0; i < sizeof(helpers) / sizeof(*helpers); i++)
		nearest_try(&n, helpers[i].name);
	return n.best;
}

bool cc_count(struct cc *k, const struct node *n, unsigned least, unsigned most, const char *name)
{
	if (n->ccall.nargs >= least && n->ccall.nargs <= most)
		return true;
	if (least == most)
		cc_error(k, n, ARG_COUNT, "'%s' takes %u argument%s, not %u", name, least,
			 least == 1 ? "" : "s", n->ccall.nargs);
	else
		cc_error(k, n, ARG_COUNT, "'%s' takes %u to %u arguments, not %u", name, least,
			 most, n->ccall.nargs);
	return false;
}

/* ---- helpers ------------------------------------------------------------ */

static unsigned count_args(const char *args)
{
	unsigned n = *args != '\0';

	for (; *args; args++)
		n += *args == '|';
	return n;
}

/* An argument of a helper: lenient, as the kernel's own check is what counts. */
static void helper_arg(struct cc *k, struct node **arg, const char *decl, size_t len)
{
	char text[80];
	const struct type *to;
	bool reads;

	snprintf(text, sizeof(text), "%.*s", (int)len, decl);
	reads = strncmp(text, "const ", 6) == 0 || strcmp(text, "map") == 0;
	k->reading += reads;
	cc_value(k, arg);
	k->reading -= reads;
	if (cc_bad(k, (*arg)->type))
		return;
	if (strchr(text, '*') || strcmp(text, "map") == 0) {
		if ((*arg)->type->kind != TY_PTR && cc_is_arith((*arg)->type))
			cc_convert(k, arg, cc_ptr(k, k->none, SP_VALUE), "an argument");
		else if ((*arg)->type->kind != TY_PTR)
			cc_error(k, *arg, TYPE, "the argument is a pointer, not %s",
				 cc_type(k, (*arg)->type));
		return;
	}
	to = type_by_decl(k->types, text, SP_VALUE);
	cc_convert(k, arg, to && cc_is_arith(to) ? to : k->u64, "an argument");
}

static const struct type *helper_result(struct cc *k, const struct c_helper *h)
{
	const struct type *t = type_by_decl(k->types, h->ret, SP_TRUSTED);

	if (!t)
		return strcmp(h->ret, "void") == 0 ? k->none : k->i64;
	if (t->kind == TY_PTR && t->elem->kind == TY_NONE)
		return cc_ptr(k, k->none,
			      h->id == BPF_FUNC_map_lookup_elem ||
					      h->id == BPF_FUNC_ringbuf_reserve ||
					      h->id == BPF_FUNC_sk_storage_get ||
					      h->id == BPF_FUNC_inode_storage_get ||
					      h->id == BPF_FUNC_task_storage_get ||
					      h->id == BPF_FUNC_get_local_storage ||
					      h->id == BPF_FUNC_map_lookup_percpu_elem ||
					      h->id == BPF_FUNC_dynptr_data
				      ? SP_MAP
				      : SP_TRUSTED);
	return t;
}

void cc_helper_call(struct cc *k, struct node *n, const struct c_helper *h)
{
	unsigned count = count_args(h->args);
	struct node **arg = &n->ccall.args;
	const char *decl = h->args;

	n->ccall.how = C_CALL_HELPER;
	n->ccall.helper = h;
	n->ccall.callee = NULL;
	n->type = helper_result(k, h);
	if (!cc_count(k, n, count, count, arena_printf(k->arena, "bpf_%s", h->name)))
		return;
	for (; *arg; arg = &(*arg)->next) {
		size_t len = strcspn(decl, "|");

		helper_arg(k, arg, decl, len);
		decl += len + (decl[len] == '|');
	}
}

/* ---- functions of the script -------------------------------------------- */

static void function_args(struct cc *k, struct node *n, struct c_func *f)
{
	struct node **arg = &n->ccall.args;
	unsigned i;

	for (i = 0; *arg; arg = &(*arg)->next, i++) {
		cc_value(k, arg);
		cc_convert(k, arg, f->params[i]->type, "an argument");
	}
}

static void call_function(struct cc *k, struct node *n, struct c_func *f)
{
	n->type = f->ret;
	n->ccall.callee = NULL;
	n->ccall.how = C_CALL_FUNCTION;
	n->ccall.func = f;
	if (!cc_count(k, n, f->nparams, f->nparams, f->name)) {
		n->type = k->poison;
		return;
	}
	function_args(k, n, f);
	if (k->unevaluated)
		return;
	if (!k->func) {
		cc_error(k, n, NOT_CONSTANT, "a call outside of a function");
		n->type = k->poison;
		return;
	}
	f = cc_instance(k, f, n);
	if (!f) {
		n->type = k->poison;
		return;
	}
	n->ccall.func = f;
	n->type = f->ret;
}

static void unknown_function(struct cc *k, struct node *n, const char *name)
{
	const char *near = cc_near_name(k, name);
	struct node *arg;

	cc_error(k, n->ccall.callee, UNKNOWN_FUNCTION, "unknown function '%s'", name);
	if (!near && cc_helper_near(name))
		near = arena_printf(k->arena, "bpf_%s", cc_helper_near(name));
	if (near)
		cc_hint(k, "did you mean '%s'?", near);
	for (arg = n->ccall.args; arg; arg = arg->next)
		if (arg->kind == N_CTYPE)
			return;
	for (struct node **a = &n->ccall.args; *a; a = &(*a)->next)
		cc_value(k, a);
}

void cc_call(struct cc *k, struct node **at)
{
	struct node *n = *at, *callee = n->ccall.callee;
	const struct c_helper *h;
	struct c_sym *sym;
	const char *name;
	int id;

	n->type = k->poison;
	if (!callee || cc_method(k, n)) /* checked before */
		return;
	if (callee->kind == N_FIELD && callee->field.object->kind == N_IDENT &&
	    !callee->field.arrow && !cc_find(k, callee->field.object->ident.name)) {
		cc_error(k, callee->field.object, UNKNOWN_MAP, "unknown map '%s'",
			 callee->field.object->ident.name);
		if (cc_near_name(k, callee->field.object->ident.name))
			cc_hint(k, "did you mean '%s'?",
				cc_near_name(k, callee->field.object->ident.name));
		return;
	}
	if (callee->kind != N_IDENT) {
		cc_error(k, callee, NOT_YET, "BPF has no calls through pointers");
		return;
	}
	name = callee->ident.name;
	sym = cc_find(k, name);
	if (sym && sym->kind == SYM_FUNC) {
		call_function(k, n, sym->func);
		return;
	}
	id = cc_builtin_find(name);
	h = id < 0 ? cc_helper(name) : NULL;
	if (!k->func && !k->unevaluated && id < 0)
		cc_error(k, n, NOT_CONSTANT, "a call outside of a function");
	else if (id >= 0)
		cc_builtin(k, at, (enum c_builtin)id);
	else if (h)
		cc_helper_call(k, n, h);
	else
		unknown_function(k, n, name);
}
