/*
 * What the slots of a BPF_HISTOGRAM are: logarithms, or the values themselves. BCC leaves
 * that to the program that prints; here it is seen from what becomes the slot. Called by the
 * code generator, when clauses have called their functions, too.
 */
#include <string.h>

#include "parser/c/c.h"
#include "parser/c/parse.h"

/* The variable that an expression is, is in, or points to. */
static struct c_var *root(struct node *n)
{
	for (;;) {
		switch (n->kind) {
		case N_CVAR: return n->cvar.var;
		case N_FIELD: n = n->field.object; break;
		case N_INDEX: n = n->index.object; break;
		case N_UNARY: n = n->unary.operand; break;
		case N_CAST: n = n->cast.operand; break;
		default: return NULL;
		}
	}
}

static bool is_log2(const char *name)
{
	return strcmp(name, "log2") == 0 || strcmp(name, "log2l") == 0 ||
	       strcmp(name, "bpf_log2") == 0 || strcmp(name, "bpf_log2l") == 0;
}

/* Does a logarithm go into the value of the list of nodes? */
static bool holds_log2(struct node *n)
{
	struct node **c[NODE_C_CHILDREN];
	unsigned heads, i;

	for (; n; n = n->next) {
		if (n->kind == N_NUM && n->num.log2)
			return true;
		if (n->kind == N_CVAR && n->cvar.var->log2)
			return true;
		if (n->kind == N_CCALL && n->ccall.how == C_CALL_BUILTIN &&
		    (n->ccall.id == C_B_LOG2 || n->ccall.id == C_B_LOG2L))
			return true;
		if (n->kind == N_CCALL && n->ccall.how == C_CALL_FUNCTION &&
		    (n->ccall.func->log2 || is_log2(n->ccall.func->name)))
			return true;
		heads = node_c_children(n, c);
		for (i = 0; i < heads; i++)
			if (holds_log2(*c[i]))
				return true;
	}
	return false;
}

static void walk(struct node *n, struct c_func *f);

static void call(struct node *n)
{
	struct node *a = n->ccall.args;
	struct c_func *f = n->ccall.func;
	unsigned i;

	switch ((enum c_call)n->ccall.how) {
	case C_CALL_METHOD:
		if (a && n->ccall.map->histogram && holds_log2(a))
			n->ccall.map->log2 = true;
		break;
	case C_CALL_FUNCTION:
		for (i = 0; a && i < f->nparams; i++, a = a->next) {
			struct node *next = a->next;

			a->next = NULL;
			if (f->params[i] && holds_log2(a))
				f->params[i]->log2 = true;
			a->next = next;
		}
		if (f->walked)
			break;
		f->walked = true;
		walk(f->body, f);
		break;
	default: break;
	}
}

/* In the order of the text: what is stored before it is used. */
static void walk(struct node *n, struct c_func *f)
{
	struct node **c[NODE_C_CHILDREN];
	struct c_var *v = NULL;
	unsigned heads, i;

	for (; n; n = n->next) {
		heads = node_c_children(n, c);
		for (i = 0; i < heads; i++)
			walk(*c[i], f);
		switch (n->kind) {
		case N_CDECL:
			v = n->cdecl.var;
			if (v && n->cdecl.init && holds_log2(n->cdecl.init))
				v->log2 = true;
			break;
		case N_ASSIGN:
			v = root(n->assign.target);
			if (v && holds_log2(n->assign.value))
				v->log2 = true;
			break;
		case N_RETURN:
			if (n->ret.value && holds_log2(n->ret.value))
				f->log2 = true;
			break;
		case N_CCALL: call(n); break;
		default: break;
		}
	}
}

void c_slots(struct c_unit *u)
{
	bool any = false;

	for (struct c_func *f = u->programs; f; f = f->next)
		walk(f->body, f);
	for (struct c_func *f = u->inlines; f; f = f->next)
		if (!f->walked)
			walk(f->body, f);
	for (struct c_map *m = u->maps; m; m = m->next)
		any |= m->log2;
	/* where it cannot be seen, all are */
	for (struct c_map *m = u->maps; m && u->log2 && !any; m = m->next)
		m->log2 = m->histogram;
}
