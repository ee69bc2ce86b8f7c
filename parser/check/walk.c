/*
 * Visiting every node below one. Used before the check (nesting, does a clause
 * use `args`?) and after it (pairs of print and clear).
 */
#include "parser/check/internal.h"

#define MAX_CHILDREN 3

/* The heads of the lists of children; unset ones stay NULL. */
static void children(const struct node *n, const struct node *c[MAX_CHILDREN])
{
	switch (n->kind) {
	case N_MAP: c[0] = n->map.keys; break;
	case N_CALL: c[0] = n->call.args; break;
	case N_UNARY: c[0] = n->unary.operand; break;
	case N_INCDEC: c[0] = n->incdec.operand; break;
	case N_BINARY: c[0] = n->binary.left; c[1] = n->binary.right; break;
	case N_TERNARY:
		c[0] = n->ternary.cond;
		c[1] = n->ternary.yes;
		c[2] = n->ternary.no;
		break;
	case N_CAST: c[0] = n->cast.operand; break;
	case N_FIELD: c[0] = n->field.object; break;
	case N_INDEX: c[0] = n->index.object; c[1] = n->index.index; break;
	case N_TUPLE: c[0] = n->tuple.elems; break;
	case N_SIZEOF: c[0] = n->size_of.operand; break;
	case N_EXPR: c[0] = n->expr.expr; break;
	case N_ASSIGN: c[0] = n->assign.target; c[1] = n->assign.value; break;
	case N_IF:
		c[0] = n->cond.cond;
		c[1] = n->cond.then;
		c[2] = n->cond.otherwise;
		break;
	case N_BLOCK: c[0] = n->block.stmts; break;
	case N_CLAUSE: c[0] = n->clause.pred; c[1] = n->clause.body; break;
	case N_PROGRAM: c[0] = n->program.clauses; break;
	default: break;
	}
}

bool check_walk(const struct node *n, unsigned depth, check_visit *each, void *user)
{
	const struct node *c[MAX_CHILDREN] = {NULL};
	unsigned i;

	if (each(user, n, depth))
		return true;
	children(n, c);
	for (i = 0; i < MAX_CHILDREN; i++)
		for (; c[i]; c[i] = c[i]->next)
			if (check_walk(c[i], depth + 1, each, user))
				return true;
	return false;
}
