/*
 * Nodes of BPF C, as the grammar builds them. Called by parser/c.y only.
 */
#include <string.h>

#include "parser/c/parse.h"

struct node *c_node(struct c_parser *p, enum node_kind kind, struct c_place place)
{
	struct node *n = node_new(p->arena, kind, place.loc);

	n->expansion = place.expansion;
	return n;
}

struct c_list c_list_add(struct c_list list, struct node *n)
{
	if (list.last)
		list.last->next = n;
	else
		list.head = n;
	list.last = n;
	return list;
}

struct c_list c_list_join(struct c_list a, struct c_list b)
{
	if (!a.head)
		return b;
	if (b.head) {
		a.last->next = b.head;
		a.last = b.last;
	}
	return a;
}

/* ---- expressions -------------------------------------------------------- */

struct node *c_unary(struct c_parser *p, enum op op, struct node *operand, struct c_place at)
{
	struct node *n = c_node(p, N_UNARY, at);

	n->unary.op = op;
	n->unary.operand = operand;
	return n;
}

struct node *c_binary(struct c_parser *p, enum op op, struct node *left, struct node *right,
		      struct c_place op_at, struct c_place at)
{
	struct node *n = c_node(p, N_BINARY, at);

	n->binary.op = op;
	n->binary.left = left;
	n->binary.right = right;
	n->binary.op_loc = op_at.loc;
	return n;
}

struct node *c_assign(struct c_parser *p, enum op op, struct node *target, struct node *value,
		      struct c_place op_at, struct c_place at)
{
	struct node *n = c_node(p, N_ASSIGN, at);

	n->assign.op = op;
	n->assign.target = target;
	n->assign.value = value;
	n->assign.op_loc = op_at.loc;
	return n;
}

struct node *c_ternary(struct c_parser *p, struct node *cond, struct node *yes, struct node *no,
		       struct c_place at)
{
	struct node *n = c_node(p, N_TERNARY, at);

	n->ternary.cond = cond;
	n->ternary.yes = yes;
	n->ternary.no = no;
	return n;
}

struct node *c_incdec(struct c_parser *p, enum op op, bool prefix, struct node *operand,
		      struct c_place at)
{
	struct node *n = c_node(p, N_INCDEC, at);

	n->incdec.op = op;
	n->incdec.prefix = prefix;
	n->incdec.operand = operand;
	return n;
}

struct node *c_field(struct c_parser *p, struct node *object, struct node *name, bool arrow,
		     struct c_place at)
{
	struct node *n = c_node(p, N_FIELD, at);

	n->field.object = object;
	n->field.name = name->ident.name;
	n->field.name_loc = name->loc;
	n->field.arrow = arrow;
	return n;
}

struct node *c_index(struct c_parser *p, struct node *object, struct node *index, struct c_place at)
{
	struct node *n = c_node(p, N_INDEX, at);

	n->index.object = object;
	n->index.index = index;
	return n;
}

struct node *c_call(struct c_parser *p, struct node *callee, struct c_list args, struct c_place at)
{
	struct node *n = c_node(p, N_CCALL, at);

	n->ccall.callee = callee;
	n->ccall.args = args.head;
	n->ccall.nargs = node_count(args.head);
	return n;
}

struct node *c_cast(struct c_parser *p, struct node *to, struct node *operand, struct c_place at)
{
	struct node *n = c_node(p, N_CAST, at);

	n->cast.to = to;
	n->cast.operand = operand;
	return n;
}

/* SIZEOF, EXPR, RETURN, CASSERT: nodes around one operand. */
struct node *c_wrap(struct c_parser *p, enum node_kind kind, struct node *operand,
		    struct c_place at)
{
	struct node *n = c_node(p, kind, at);

	if (kind == N_SIZEOF)
		n->size_of.operand = operand;
	else
		n->expr.expr = operand;
	return n;
}

/* ---- specifiers --------------------------------------------------------- */

static bool names_type(const struct node *s)
{
	return s->cspec.words || s->cspec.name || s->cspec.tag != TY_NONE ||
	       s->cspec.flags & CF_TYPEOF;
}

static void merge_words(struct c_parser *p, struct node *a, const struct node *b)
{
	unsigned both = a->cspec.words & b->cspec.words;

	if (both == CW_LONG && !(a->cspec.words & CW_LONG2)) {
		a->cspec.words |= CW_LONG2;
		both = 0;
	}
	if (both)
		diag_error(&p->c->diags, SYNTAX, b->loc, "the word is there twice");
	a->cspec.words |= b->cspec.words;
}

struct node *c_spec_merge(struct c_parser *p, struct node *a, struct node *b, struct c_place at)
{
	bool named = names_type(a);

	a->cspec.flags |= b->cspec.flags;
	a->loc = at.loc;
	if (b->cspec.align)
		a->cspec.align = b->cspec.align;
	if (!names_type(b))
		return a;
	if (a->cspec.words && b->cspec.words) {
		merge_words(p, a, b);
		return a;
	}
	/* "unsigned u32" and the like: the name wins, as it would in a lenient compiler */
	if (named)
		diag_error(&p->c->diags, SYNTAX, b->loc, "two types in one declaration");
	a->cspec.words = b->cspec.words;
	a->cspec.name = b->cspec.name;
	a->cspec.tag = b->cspec.tag;
	a->cspec.members = b->cspec.members;
	a->cspec.of = b->cspec.of;
	a->cspec.defined = b->cspec.defined;
	return a;
}

struct node *c_spec_tag(struct c_parser *p, struct node *keyword, struct node *attrs,
			struct node *name, bool defined, struct c_list members, struct c_place at)
{
	struct node *n = c_node(p, N_CSPEC, at);

	n->cspec.tag = keyword ? keyword->cspec.tag : TY_ENUM;
	if (attrs) {
		n->cspec.flags = attrs->cspec.flags;
		n->cspec.align = attrs->cspec.align;
	}
	if (name)
		n->cspec.name = name->kind == N_IDENT ? name->ident.name : name->cspec.name;
	n->cspec.defined = defined;
	n->cspec.members = members.head;
	return n;
}

/* ---- declarators -------------------------------------------------------- */

struct node *c_derive(struct c_parser *p, enum c_derive how, struct node *decl, struct c_place at)
{
	struct node *n = c_node(p, N_CDERIVE, at);

	n->cderive.how = how;
	if (decl) {
		/* applied from the front: what stands nearest to the name comes last */
		n->next = decl->cdecl.derive;
		decl->cdecl.derive = n;
	}
	return n;
}

struct node *c_declarator(struct c_parser *p, struct node *name, struct c_place at)
{
	struct node *n = c_node(p, N_CDECL, at);

	if (name)
		n->cdecl.name = name->ident.name;
	return n;
}

struct node *c_pointers(struct c_parser *p, struct c_list pointers, struct node *decl)
{
	(void)p;
	if (pointers.last) {
		pointers.last->next = decl->cdecl.derive;
		decl->cdecl.derive = pointers.head;
	}
	return decl;
}

struct node *c_type_name(struct c_parser *p, struct node *spec, struct node *decl,
			 struct c_place at)
{
	struct node *n = c_node(p, N_CTYPE, at);

	n->ctype.spec = spec;
	n->ctype.derive = decl ? decl->cdecl.derive : NULL;
	return n;
}

struct node *c_declaration(struct c_parser *p, struct node *spec, struct c_list decls,
			   struct c_place at)
{
	struct node *n = c_node(p, N_CDECLS, at);

	n->cdecls.spec = spec;
	n->cdecls.decls = decls.head;
	return n;
}

struct node *c_member(struct c_parser *p, struct node *decl, struct node *bits, struct c_place at)
{
	struct node *n = decl ? decl : c_node(p, N_CDECL, at);

	n->cdecl.bits = bits;
	return n;
}

struct node *c_param(struct c_parser *p, struct node *spec, struct node *decl, struct c_place at)
{
	struct node *n = decl ? decl : c_node(p, N_CDECL, at);

	n->loc = at.loc;
	n->cdecl.spec = spec;
	return n;
}

struct node *c_params_of(const struct node *decl)
{
	const struct node *i, *last = NULL;

	for (i = decl->cdecl.derive; i; i = i->next)
		last = i;
	return last && last->cderive.how == CD_FUNCTION ? last->cderive.params : NULL;
}

/* ---- statements --------------------------------------------------------- */

struct node *c_loop_node(struct c_parser *p, enum c_loop how, struct node *init, struct node *cond,
			 struct node *step, struct node *body, struct c_place at)
{
	struct node *n = c_node(p, N_CLOOP, at);

	n->cloop.how = how;
	n->cloop.init = init;
	n->cloop.cond = cond;
	n->cloop.step = step;
	n->cloop.body = body;
	return n;
}

struct node *c_if(struct c_parser *p, struct node *cond, struct node *then, struct node *otherwise,
		  struct c_place at)
{
	struct node *n = c_node(p, N_IF, at);

	n->cond.cond = cond;
	n->cond.then = then;
	n->cond.otherwise = otherwise;
	return n;
}

struct node *c_block(struct c_parser *p, struct c_list stmts, struct c_place at)
{
	struct node *n = c_node(p, N_BLOCK, at);

	n->block.stmts = stmts.head;
	return n;
}

struct node *c_func_node(struct c_parser *p, struct node *spec, struct node *decl,
			 struct node *body, struct c_place at)
{
	struct node *n = c_node(p, N_CFUNC, at);

	n->cfunc.spec = spec;
	n->cfunc.decl = decl;
	n->cfunc.body = body;
	n->cfunc.names[0] = decl->cdecl.name;
	return n;
}
