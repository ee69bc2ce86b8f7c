/*
 * Functions of BPF C: which are programs and which are inlined, and the check of
 * their bodies, once per combination of where their arguments point. Called by
 * check.c and call.c.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/c/check.h"

#define MAX_INLINE     24 /* calls in each other */
#define MAX_PASSES     8  /* until it is known where every pointer points */
#define MAX_REG_PARAMS 6  /* behind the context */

/* ---- declarations ------------------------------------------------------- */

static const struct node *last_derived(const struct node *derive)
{
	while (derive && derive->next)
		derive = derive->next;
	return derive;
}

static void add_param(struct cc *k, struct c_func *f, const char *name, const struct type *t,
		      struct loc loc)
{
	struct c_var *v = arena_new_of(k->arena, struct c_var);

	/* arrays and functions are given by their addresses */
	if (!cc_bad(k, t) && cc_is_array(t))
		t = cc_ptr(k, cc_elem(k, t), SP_VALUE);
	else if (!cc_bad(k, t) && t->kind == TY_FUNC)
		t = cc_ptr(k, t, SP_VALUE);
	v->name = name;
	v->type = t;
	v->loc = loc;
	v->storage = C_PARAM;
	v->param = f->nparams;
	f->params[f->nparams++] = v;
}

static void set_params(struct cc *k, struct c_func *f, struct node *params)
{
	struct node *i;

	f->params = arena_alloc(k->arena, (node_count(params) + 2) * sizeof(*f->params));
	if (params && !params->next && !params->cdecl.name && !params->cdecl.derive &&
	    params->cdecl.spec && params->cdecl.spec->cspec.words == CW_VOID)
		return;
	for (i = params; i; i = i->next) {
		const struct type *t = cc_spec_type(k, i->cdecl.spec);

		if (!cc_bad(k, t))
			t = cc_derived(k, t, i->cdecl.derive, i->cdecl.spec, NULL);
		if (!cc_bad(k, t) && t->kind == TY_NONE) {
			cc_error(k, i, TYPE, "a parameter of type 'void'");
			t = k->poison;
		}
		add_param(k, f, i->cdecl.name, t, i->loc);
	}
}

/* TRACEPOINT_PROBE(a, b) and its like: the function that they declare. */
static void from_macro(struct cc *k, struct c_func *f, struct node *n)
{
	const char *a = n->cfunc.names[0], *b = n->cfunc.names[1], *m = n->cfunc.macro;
	const struct type *ctx = cc_ptr(k, k->u64, SP_VALUE), *t;
	struct node *params = n->cfunc.decl->cdecl.derive->cderive.params;

	f->ret = k->i32;
	if (!a) {
		f->name = m;
		set_params(k, f, params);
		return;
	}
	if (strcmp(m, "TRACEPOINT_PROBE") == 0) {
		f->name = arena_printf(k->arena, "tracepoint__%s__%s", a, b ? b : "");
		t = cc_tracepoint(k, f->name + 12, n->loc);
		set_params(k, f, NULL);
		if (t)
			add_param(k, f, "args", cc_ptr(k, t, SP_VALUE), n->loc);
		return;
	}
	if (strcmp(m, "RAW_TRACEPOINT_PROBE") == 0 || strcmp(m, "BPF_ITER") == 0) {
		bool raw = m[0] == 'R';
		const char *tag =
			raw ? "bpf_raw_tracepoint_args" : arena_printf(k->arena, "bpf_iter__%s", a);

		f->name =
			arena_printf(k->arena, "%s%s", raw ? "raw_tracepoint__" : "bpf_iter__", a);
		t = cc_tag(k, TY_STRUCT, tag);
		if (!t)
			cc_error(k, n, UNKNOWN_TYPE, "the kernel has no 'struct %s'", tag);
		set_params(k, f, NULL);
		add_param(k, f, "ctx", t ? cc_ptr(k, t, SP_VALUE) : ctx, n->loc);
		return;
	}
	f->name = arena_printf(k->arena, "%s__%s%s%s",
			       strstr(m, "KRETFUNC") ? "kretfunc"
			       : strstr(m, "KFUNC")  ? "kfunc"
			       : m[0] == 'L'	     ? "lsm"
						     : "kmod_ret",
			       strstr(m, "FUNC") && !b ? "vmlinux__" : a, b ? "__" : "",
			       b		   ? b
			       : strstr(m, "FUNC") ? a
						   : "");
	set_params(k, f, params);
}

static void add_function(struct cc *k, struct c_func *f, struct node *n)
{
	struct c_sym *sym = cc_declare(k, SYM_FUNC, f->name, n->loc);
	struct c_func **tail;

	if (!sym)
		return;
	if (sym->func && sym->func->source && f->source) {
		cc_error(k, n, DUPLICATE, "function '%s' is defined twice", f->name);
		return;
	}
	if (sym->func) {
		/* calls checked before refer to the one that was declared first */
		if (f->source) {
			f->is_static |= sym->func->is_static;
			*sym->func = *f;
		}
		f = sym->func;
		if (!f->source)
			return;
	}
	sym->func = f;
	n->cfunc.func = f;
	if (!f->source)
		return;
	for (tail = &k->unit->inlines; *tail; tail = &(*tail)->next)
		;
	*tail = f; /* all functions for now: cc_programs() divides them */
}

void cc_function(struct cc *k, struct node *n)
{
	struct c_func *f = arena_new_of(k->arena, struct c_func);
	struct node *derive = n->cfunc.decl->cdecl.derive;
	const struct node *last = last_derived(derive);
	const struct type *t;

	f->loc = n->loc;
	f->source = n->cfunc.body ? n : NULL;
	f->parsed = n->cfunc.body;
	if (n->cfunc.macro) {
		from_macro(k, f, n);
	} else {
		if (!last || last->cderive.how != CD_FUNCTION) {
			cc_error(k, n, SYNTAX, "a body behind something that is no function");
			return;
		}
		f->name = n->cfunc.names[0] ? n->cfunc.names[0] : "-";
		t = cc_spec_type(k, n->cfunc.spec);
		f->ret = cc_bad(k, t) ? k->i32 : cc_derived(k, t, derive, n->cfunc.spec, last);
		set_params(k, f, last->cderive.params);
		if (n->cfunc.spec) {
			f->is_static = n->cfunc.spec->cspec.flags & CF_STATIC;
			f->is_inline = n->cfunc.spec->cspec.flags & (CF_INLINE | CF_ALWAYS_INLINE);
		}
	}
	if (f->ret->kind == TY_FUNC || cc_is_array(f->ret) || cc_bad(k, f->ret)) {
		if (!cc_bad(k, f->ret))
			cc_error(k, n, TYPE, "a function cannot return %s", cc_type(k, f->ret));
		f->ret = k->i32;
	}
	cc_attach(k, f, n);
	add_function(k, f, n);
}

/* ---- bodies ------------------------------------------------------------- */

static void declare_params(struct cc *k, struct c_func *f, struct c_var **templates)
{
	unsigned i;

	for (i = 0; i < f->nparams; i++) {
		struct c_var *from = templates[i], *v;
		struct c_sym *sym;

		v = cc_var_new(k, from->name, from->type, C_PARAM, from->loc);
		v->param = i;
		f->params[i] = v;
		if (f->arg_spaces && f->arg_spaces[i] != SP_VALUE)
			cc_var_store(k, v, f->arg_spaces[i]);
		if (!v->name)
			continue;
		sym = cc_declare(k, SYM_VAR, v->name, v->loc);
		if (sym)
			sym->var = v;
	}
}

/* The context of programs whose parameters are read from it, under the name that BCC gives it. */
static void declare_ctx(struct cc *k, struct c_func *f)
{
	struct c_sym *sym;

	if (f->how != C_PARAMS_CTX) {
		f->ctx = f->is_program && f->nparams ? f->params[0] : NULL;
		return;
	}
	f->ctx = cc_var_new(k, "ctx", cc_ptr(k, k->u64, SP_VALUE), C_PARAM, f->loc);
	f->ctx->param = f->nparams;
	cc_var_store(k, f->ctx, SP_CTX);
	sym = cc_declare(k, SYM_VAR, "ctx", f->loc);
	if (sym)
		sym->var = f->ctx;
}

static void check_labels(struct cc *k, const struct c_func *f)
{
	const struct c_label *l;

	for (l = f->labels; l; l = l->next)
		if (!l->defined)
			diag_error(&k->c->diags, UNKNOWN_NAME, l->loc, "there is no label '%s'",
				   l->name);
}

static void one_pass(struct cc *k, struct c_func *f, struct c_var **templates)
{
	k->order = 0;
	k->changed = false;
	k->ret_space_known = false;
	f->vars = NULL;
	f->nvars = 0;
	f->labels = NULL;
	f->body = node_clone(k->arena, f->parsed);
	cc_scope_push(k);
	declare_ctx(k, f);
	declare_params(k, f, templates);
	if (f->how != C_PARAMS_CTX && f->is_program && f->nparams)
		f->ctx = f->params[0];
	cc_block(k, f->body->block.stmts);
	check_labels(k, f);
	cc_scope_pop(k);
}

/* Checks a body until it is known where all pointers in it point. */
static void check_body(struct cc *k, struct c_func *f)
{
	struct c_var **templates = f->params;
	struct cc outer = *k;
	unsigned pass;

	f->params = arena_alloc(k->arena, (f->nparams + 1) * sizeof(*f->params));
	memset(&k->memo, 0, sizeof(k->memo));
	k->func = f;
	k->scope = k->file_scope;
	k->loops = k->switches = k->unevaluated = k->reading = 0;
	k->switch_node = NULL;
	k->depth++;
	for (pass = 0; pass < MAX_PASSES; pass++) {
		one_pass(k, f, templates);
		if (!k->changed)
			break;
	}
	f->ret_space = k->ret_space_known ? k->ret_space : f->unknown;
	if (f->ret->kind == TY_PTR && !f->is_program)
		f->ret = cc_ptr(k, f->ret->elem, f->ret_space);
	f->checked = true;
	free(k->memo.v);
	*k = outer;
}

/* ---- programs ----------------------------------------------------------- */

static void param_spaces(struct cc *k, struct c_func *f)
{
	unsigned i;

	f->arg_spaces = arena_alloc(k->arena, (f->nparams + 1) * sizeof(*f->arg_spaces));
	for (i = 0; i < f->nparams; i++) {
		const struct type *t = f->params[i]->type;

		if (cc_bad(k, t) || t->kind != TY_PTR)
			continue;
		if (f->how == C_PARAMS_CTX)
			f->arg_spaces[i] =
				(t->elem->kind == TY_STRUCT || t->elem->kind == TY_UNION) &&
						!type_is_script(t->elem)
					? SP_TRUSTED
					: SP_KERNEL;
		else if (i == 0)
			f->arg_spaces[i] = SP_CTX;
		else
			f->arg_spaces[i] = f->how == C_PARAMS_SYSCALL ? SP_USER : f->unknown;
	}
}

static void check_program_params(struct cc *k, struct c_func *f)
{
	unsigned i;

	if (f->how != C_PARAMS_REGS && f->how != C_PARAMS_SYSCALL)
		return;
	if (f->nparams > MAX_REG_PARAMS + 1)
		diag_error(&k->c->diags, ARG_COUNT, f->params[MAX_REG_PARAMS + 1]->loc,
			   "a probe sees %d arguments at most", MAX_REG_PARAMS);
	for (i = 1; i < f->nparams; i++)
		if (!cc_bad(k, f->params[i]->type) && !cc_is_scalar(f->params[i]->type))
			diag_error(&k->c->diags, TYPE, f->params[i]->loc,
				   "an argument of type %s does not stand in a register",
				   cc_type(k, f->params[i]->type));
}

/* Marks the functions whose names are called anywhere below a node. */
static void mark_called(struct cc *k, struct node *n)
{
	struct node **c[NODE_C_CHILDREN];
	struct c_sym *sym;
	unsigned heads, i;

	for (; n; n = n->next) {
		if (n->kind == N_CCALL && n->ccall.callee && n->ccall.callee->kind == N_IDENT) {
			sym = cc_find(k, n->ccall.callee->ident.name);
			if (sym && sym->kind == SYM_FUNC)
				sym->func->called = true;
		}
		heads = node_c_children(n, c);
		for (i = 0; i < heads; i++)
			mark_called(k, *c[i]);
	}
}

void cc_programs(struct cc *k)
{
	struct c_func *all = k->unit->inlines, *f, *next, **tail = &k->unit->programs;

	for (f = all; f; f = f->next) {
		mark_called(k, f->source->cfunc.body);
		f->outside = k->unit->is_called && k->unit->is_called(k->unit->user, f->name);
	}
	k->unit->inlines = NULL;
	for (f = all; f; f = f->next)
		f->is_program = !f->is_static && (f->attach != C_ATTACH_NONE ||
						  !(f->called || f->outside));
	for (f = all; f; f = next) {
		next = f->next;
		f->next = NULL;
		if (!f->is_program)
			continue;
		check_program_params(k, f);
		param_spaces(k, f);
		f->index = k->unit->nprograms++;
		*tail = f;
		tail = &f->next;
	}
	for (f = k->unit->programs; f; f = f->next)
		check_body(k, f);
}

/* Functions that nobody calls: their errors are errors, too. */
void cc_unused(struct cc *k, struct node *items)
{
	struct node *i;

	for (i = items; i; i = i->next) {
		struct c_func *f = i->kind == N_CFUNC ? i->cfunc.func : NULL;

		/* one that clauses call is checked when they are */
		if (!f || f->is_program || f->outside || f->instances || f->checked || f->checking)
			continue;
		f->unknown = SP_ANY;
		f->how = C_PARAMS_CALL;
		check_body(k, f);
	}
}

/* ---- inlined functions -------------------------------------------------- */

static struct c_func *find_instance(struct cc *k, struct c_func *f, const enum space *spaces)
{
	struct c_func *i;

	for (i = f->instances; i; i = i->next_instance)
		if (i->pass == k->unit->pass && i->unknown == k->func->unknown &&
		    i->program == k->func->program &&
		    memcmp(i->arg_spaces, spaces, f->nparams * sizeof(*spaces)) == 0)
			return i;
	return NULL;
}

static void call_spaces(struct cc *k, const struct c_func *f, const struct node *call,
			enum space *spaces)
{
	const struct node *arg = call->ccall.args;
	bool known;
	unsigned i;

	for (i = 0; i < f->nparams && arg; i++, arg = arg->next) {
		if (cc_bad(k, arg->type))
			continue;
		if (arg->type->kind == TY_PTR && !cc_is_null(arg))
			spaces[i] = arg->type->space;
		else if (cc_is_arith(arg->type) && arg->type->size == 8)
			spaces[i] = cc_provenance(k, arg, &known);
	}
}

struct c_func *cc_instance(struct cc *k, struct c_func *f, struct node *call)
{
	enum space *spaces = arena_alloc(k->arena, (f->nparams + 1) * sizeof(*spaces));
	struct c_func *i;

	if (!f->source) {
		cc_error(k, call, UNKNOWN_FUNCTION, "function '%s' is declared, but not defined",
			 f->name);
		return NULL;
	}
	if (f->checking || f == k->func) {
		cc_error(k, call, NOT_YET, "'%s' calls itself: BPF has no recursion", f->name);
		return NULL;
	}
	if (k->depth > MAX_INLINE) {
		cc_error(k, call, TOO_DEEP, "functions call each other more than %d deep",
			 MAX_INLINE);
		return NULL;
	}
	call_spaces(k, f, call, spaces);
	i = find_instance(k, f, spaces);
	if (i)
		return i;
	i = arena_new_of(k->arena, struct c_func);
	*i = *f;
	i->origin = f;
	i->instances = NULL;
	i->is_program = false;
	i->how = C_PARAMS_CALL;
	i->arg_spaces = spaces;
	i->unknown = k->func->unknown;
	i->program = k->func->program;
	i->pass = k->unit->pass;
	i->next = NULL;
	i->next_instance = f->instances;
	f->instances = i;
	f->checking = true;
	check_body(k, i);
	f->checking = false;
	i->next = k->unit->inlines;
	k->unit->inlines = i;
	return i;
}
