/* container_of(p, type, member): the struct around a member. Folded by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

static struct node *container_of_cast(struct check *k, struct node *operand, const char *name,
				      enum type_kind tag, const struct type *type)
{
	struct node *cast = node_new(k->arena, N_CAST, operand->loc);
	struct node *to = node_new(k->arena, N_TYPENAME, operand->loc);

	to->tname.name = name;
	to->tname.tag = tag;
	to->tname.stars = 1;
	to->type = cast->type = type;
	cast->cast.to = to;
	cast->cast.operand = operand;
	return cast;
}

/* (type *)((uint8 *)p - offset): the pointer keeps its address space */
static void container_of_check(struct check *k, struct node *call)
{
	struct node *p = check_arg(call, 0), *type = check_arg(call, 1);
	struct node *member = check_arg(call, 2), *sub, *off, *cast, *next = call->next;
	const struct type *t = type->type, *bytes;
	struct member m;

	call->type = check_poison();
	if (t->kind != TY_STRUCT && t->kind != TY_UNION) {
		check_error(k, type, TYPE, "container_of needs a struct");
		return;
	}
	if (!type_member(k->types, t, member->ident.name, &m)) {
		const char *near = type_near_member(k->types, t, member->ident.name);

		check_error(k, member, UNKNOWN_FIELD, "struct %s has no member '%s'", t->name,
			    member->ident.name);
		if (near)
			check_hint(k, "did you mean '%s'?", near);
		return;
	}
	bytes = type_ptr(k->types, type_int(k->types, 1, false),
			 p->type->kind == TY_PTR ? p->type->space : SP_VALUE);
	p->next = NULL;
	off = node_new(k->arena, N_NUM, member->loc);
	check_become_num(k, off, m.offset, type_int(k->types, 8, false));
	sub = node_new(k->arena, N_BINARY, call->loc);
	sub->binary.op = OP_SUB;
	sub->binary.left = container_of_cast(k, p, "uint8", TY_NONE, bytes);
	sub->binary.right = off;
	sub->type = bytes;
	cast = container_of_cast(k, sub, t->name, t->kind, type_ptr(k->types, t, bytes->space));
	cast->cast.to->loc = type->loc;
	cast->loc = call->loc;
	*call = *cast;
	call->next = next;
}

const struct builtin bcct_builtin_container_of = {
	.name = "container_of",
	.prototype = "container_of(ptr p, type t, word member) -",
	.flags = BUILTIN_CALL,
	.check = container_of_check,
	.doc = "The struct of which p is the address of a member.",
	.example = "BEGIN { $t = (struct task_struct *)curtask; "
		   "$s = container_of(&$t->se, struct task_struct, se); "
		   "printf(\"%d\\n\", $s == $t); exit() }",
	.expect = "1\n",
};
#endif
