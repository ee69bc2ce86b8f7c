/*
 * Visiting every node below one. Used before the check (nesting, does a clause
 * use `args`?) and after it (pairs of print and clear).
 */
#include "parser/check/internal.h"

/* Up to four of a node's fields that are nodes or lists of nodes. */
#define HEADS(...)                                                                                 \
	do {                                                                                       \
		struct node **const all[] = {__VA_ARGS__};                                         \
		for (; count < sizeof(all) / sizeof(all[0]); count++)                              \
			c[count] = all[count];                                                     \
	} while (0)

unsigned check_children(struct node *n, struct node **c[CHECK_MAX_CHILDREN])
{
	unsigned count = 0;

	switch (n->kind) {
	case N_MAP: HEADS(&n->map.keys); break;
	case N_CALL: HEADS(&n->call.args); break;
	case N_UNARY: HEADS(&n->unary.operand); break;
	case N_INCDEC: HEADS(&n->incdec.operand); break;
	case N_BINARY: HEADS(&n->binary.left, &n->binary.right); break;
	case N_TERNARY: HEADS(&n->ternary.cond, &n->ternary.yes, &n->ternary.no); break;
	case N_CAST: HEADS(&n->cast.to, &n->cast.operand); break;
	case N_FIELD: HEADS(&n->field.object); break;
	case N_INDEX: HEADS(&n->index.object, &n->index.index); break;
	case N_TUPLE: HEADS(&n->tuple.elems); break;
	case N_SIZEOF: HEADS(&n->size_of.operand); break;
	case N_TYPENAME: HEADS(&n->tname.of, &n->tname.elems); break;
	case N_RECORD: HEADS(&n->record.items); break;
	case N_ITEM: HEADS(&n->item.value); break;
	case N_OFFSETOF: HEADS(&n->offset_of.of); break;
	case N_BLOCKEXPR: HEADS(&n->blockexpr.stmts, &n->blockexpr.result); break;
	case N_EXPR: HEADS(&n->expr.expr); break;
	case N_ASSIGN: HEADS(&n->assign.target, &n->assign.value); break;
	case N_IF: HEADS(&n->cond.cond, &n->cond.then, &n->cond.otherwise); break;
	case N_BLOCK: HEADS(&n->block.stmts); break;
	case N_RETURN: HEADS(&n->ret.value); break;
	case N_FNBODY: HEADS(&n->fnbody.stmts); break;
	case N_LET: HEADS(&n->let.target, &n->let.to, &n->let.value); break;
	case N_WHILE: HEADS(&n->loop.cond, &n->loop.body); break;
	case N_UNROLL: HEADS(&n->unroll.from, &n->unroll.count, &n->unroll.body); break;
	case N_FOR: HEADS(&n->each.target, &n->each.from, &n->each.to, &n->each.body); break;
	case N_CLAUSE: HEADS(&n->clause.pred, &n->clause.body); break;
	case N_PROGRAM: HEADS(&n->program.clauses); break;
	default: break;
	}
	return count;
}

bool check_walk(const struct node *n, unsigned depth, check_visit *each, void *user)
{
	struct node **c[CHECK_MAX_CHILDREN];
	const struct node *child;
	unsigned i, count;

	if (each(user, n, depth))
		return true;
	/* nothing is changed through the heads here */
	count = check_children((struct node *)(uintptr_t)n, c);
	for (i = 0; i < count; i++)
		for (child = *c[i]; child; child = child->next)
			if (check_walk(child, depth + 1, each, user))
				return true;
	return false;
}
