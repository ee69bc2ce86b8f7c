/*
 * Nodes for the grammar's rules. Each carries the height of its tree: what
 * would be higher than COMPILE_MAX_DEPTH is reported and replaced by a leaf,
 * so that every later walker may recurse. Called by probe.y.
 */
#include "parser/parser.h"

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

struct list list_add(struct list l, struct expr e)
{
	if (!e.node)
		return l;
	if (l.tail)
		l.tail->next = e.node;
	else
		l.head = e.node;
	l.tail = e.node;
	l.n++;
	l.depth = max(l.depth, e.depth);
	return l;
}

struct expr build_node(struct parser *p, struct node *n, unsigned depth)
{
	if (depth <= COMPILE_MAX_DEPTH)
		return (struct expr){ n, depth };
	if (!p->too_deep)
		parser_error(p, TAG_TOO_DEEP, n->loc, NULL, "nested more than %d deep",
			COMPILE_MAX_DEPTH);
	p->too_deep = true;
	switch (n->kind) {
	case N_EXPR:
	case N_ASSIGN:
	case N_IF:
	case N_BLOCK: return (struct expr){ node_new(p->arena, N_BLOCK, n->loc), 1 };
	default: return (struct expr){ node_new(p->arena, N_NUM, n->loc), 1 };
	}
}

struct expr build_leaf(struct parser *p, enum node_kind kind, struct loc loc)
{
	struct node *n = node_new(p->arena, kind, loc);

	if (kind == N_IDENT)
		n->ident.name = literal_name(p, loc);
	else
		n->var.name = literal_name(p, loc);
	return (struct expr){ n, 1 };
}

struct expr build_map(
	struct parser *p, struct loc name, struct list keys, bool keyed, struct loc loc)
{
	struct node *n = node_new(p->arena, N_MAP, loc);

	n->map.name = literal_name(p, name);
	n->map.keys = keys.head;
	n->map.keyed = keyed;
	return build_node(p, n, keys.depth + 1);
}

struct expr build_binary(struct parser *p, enum op op, struct expr l, struct loc op_loc,
	struct expr r, struct loc loc)
{
	struct node *n = node_new(p->arena, N_BINARY, loc);

	n->binary.op = op;
	n->binary.left = l.node;
	n->binary.right = r.node;
	n->binary.op_loc = op_loc;
	return build_node(p, n, max(l.depth, r.depth) + 1);
}

struct expr build_unary(struct parser *p, enum op op, struct expr e, struct loc loc)
{
	struct node *n = node_new(p->arena, N_UNARY, loc);

	n->unary.op = op;
	n->unary.operand = e.node;
	return build_node(p, n, e.depth + 1);
}

/* Only variables and maps can be assigned; reports what cannot. */
static bool is_target(struct parser *p, const struct node *n)
{
	if (n->kind == N_VAR || n->kind == N_MAP)
		return true;
	parser_error(p, TAG_ASSIGN, n->loc, "only $variables and @maps can be assigned",
		"this cannot be assigned");
	return false;
}

struct expr build_incdec(struct parser *p, enum op op, bool prefix, struct expr e, struct loc loc)
{
	struct node *n = node_new(p->arena, N_INCDEC, loc);

	if (!is_target(p, e.node))
		return e;
	n->incdec.op = op;
	n->incdec.prefix = prefix;
	n->incdec.operand = e.node;
	return build_node(p, n, e.depth + 1);
}

struct expr build_ternary(
	struct parser *p, struct expr c, struct expr y, struct expr n, struct loc loc)
{
	struct node *t = node_new(p->arena, N_TERNARY, loc);

	t->ternary.cond = c.node;
	t->ternary.yes = y.node;
	t->ternary.no = n.node;
	return build_node(p, t, max(max(c.depth, y.depth), n.depth) + 1);
}

struct expr build_field(
	struct parser *p, struct expr e, struct loc name, bool arrow, struct loc loc)
{
	struct node *n = node_new(p->arena, N_FIELD, loc);

	if (e.node->kind == N_NUM) {
		parser_error(p, TAG_NUMBER, loc, NULL, "there are no floating-point numbers");
		return e;
	}
	n->field.object = e.node;
	n->field.name = literal_name(p, name);
	n->field.name_loc = name;
	n->field.arrow = arrow;
	return build_node(p, n, e.depth + 1);
}

struct expr build_index(struct parser *p, struct expr e, struct expr i, struct loc loc)
{
	struct node *n = node_new(p->arena, N_INDEX, loc);

	n->index.object = e.node;
	n->index.index = i.node;
	return build_node(p, n, max(e.depth, i.depth) + 1);
}

struct expr build_call(struct parser *p, struct loc name, struct list args, struct loc loc)
{
	struct node *n = node_new(p->arena, N_CALL, loc);

	n->call.name = literal_name(p, name);
	n->call.name_loc = name;
	n->call.args = args.head;
	n->call.nargs = args.n;
	return build_node(p, n, args.depth + 1);
}

struct expr build_tuple(struct parser *p, struct expr first, struct list rest, struct loc loc)
{
	struct node *n = node_new(p->arena, N_TUPLE, loc);

	first.node->next = rest.head;
	n->tuple.elems = first.node;
	n->tuple.n = rest.n + 1;
	return build_node(p, n, max(first.depth, rest.depth) + 1);
}

struct expr build_cast(struct parser *p, struct node *to, struct expr e, struct loc loc)
{
	struct node *n = node_new(p->arena, N_CAST, loc);

	n->cast.to = to;
	n->cast.operand = e.node;
	return build_node(p, n, e.depth + 1);
}

struct expr build_sizeof(struct parser *p, struct expr e, struct loc loc)
{
	struct node *n = node_new(p->arena, N_SIZEOF, loc);

	n->size_of.operand = e.node;
	return build_node(p, n, e.depth + 1);
}

struct expr build_statement(struct parser *p, struct expr e, struct loc loc)
{
	struct node *n = node_new(p->arena, N_EXPR, loc);

	n->expr.expr = e.node;
	return build_node(p, n, e.depth + 1);
}

struct expr build_assign(struct parser *p, struct expr target, enum op op, struct loc op_loc,
	struct expr value, struct loc loc)
{
	struct node *n = node_new(p->arena, N_ASSIGN, loc);

	if (!is_target(p, target.node))
		return build_statement(p, value, loc);
	n->assign.op = op;
	n->assign.target = target.node;
	n->assign.value = value.node;
	n->assign.op_loc = op_loc;
	return build_node(p, n, max(target.depth, value.depth) + 1);
}

struct expr build_if(
	struct parser *p, struct expr c, struct expr then, struct expr otherwise, struct loc loc)
{
	struct node *n = node_new(p->arena, N_IF, loc);

	n->cond.cond = c.node;
	n->cond.then = then.node;
	n->cond.otherwise = otherwise.node;
	return build_node(p, n, max(max(c.depth, then.depth), otherwise.depth) + 1);
}

struct expr build_block(struct parser *p, struct list stmts, struct loc loc)
{
	struct node *n = node_new(p->arena, N_BLOCK, loc);

	n->block.stmts = stmts.head;
	return build_node(p, n, stmts.depth + 1);
}

struct expr build_return(struct parser *p, struct expr value, struct loc loc)
{
	if (value.node)
		parser_error(p, TAG_NOT_YET, value.node->loc, "a plain 'return' ends the action",
			"a value in 'return' is not supported yet");
	return (struct expr){ node_new(p->arena, N_RETURN, loc), 1 };
}

struct node *build_spec(struct parser *p, struct loc loc)
{
	struct node *n = node_new(p->arena, N_SPEC, loc);

	n->spec.text = literal_name(p, loc);
	return n;
}

void build_clause(struct parser *p, struct list specs, struct expr pred, struct expr body,
	struct loc open, struct loc loc)
{
	struct node *n = node_new(p->arena, N_CLAUSE, loc);

	p->too_deep = false;
	n->clause.specs = specs.head;
	n->clause.pred = pred.node;
	n->clause.body = body.node;
	n->clause.angle = open.length && p->text[open.offset] == '<';
	if (p->last_clause)
		p->last_clause->next = n;
	else
		p->program->program.clauses = n;
	p->last_clause = n;
}
