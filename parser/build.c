/*
 * Nodes of expressions for the grammar's rules. Each carries the height of its
 * tree: what would be nested deeper than COMPILE_MAX_DEPTH, or in chains longer
 * than COMPILE_MAX_CHAIN, is reported and replaced by a leaf, so that every
 * later walker may recurse. Called by probe.y.
 */
#include <string.h>

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
	l.height = max(l.height, e.height);
	l.valued = false;
	return l;
}

struct expr build_over(struct expr a, struct expr b)
{
	return (struct expr){ NULL, max(a.depth, b.depth), max(a.height, b.height) };
}

struct expr build_over_list(struct list l)
{
	return (struct expr){ NULL, l.depth, l.height };
}

/* Chains of operators and of else-if grow to the left or the right without being deeper. */
static bool continues_chain(const struct node *n)
{
	if (n->kind == N_BINARY)
		return n->binary.left->kind == N_BINARY;
	return n->kind == N_IF && n->cond.otherwise && n->cond.otherwise->kind == N_IF;
}

struct expr build_node(struct parser *p, struct node *n, struct expr children)
{
	unsigned depth = children.depth + !continues_chain(n), height = children.height + 1;

	if (depth <= COMPILE_MAX_DEPTH && height <= COMPILE_MAX_HEIGHT)
		return (struct expr){ n, depth, height };
	if (!p->too_deep && depth > COMPILE_MAX_DEPTH)
		parser_error(p, TAG_TOO_DEEP, n->loc, NULL, "nested more than %d deep",
			COMPILE_MAX_DEPTH);
	else if (!p->too_deep)
		parser_error(p, TAG_TOO_DEEP, n->loc, NULL, "more than %d %s in a row",
			COMPILE_MAX_CHAIN, n->kind == N_IF ? "'else if'" : "operators");
	p->too_deep = true;
	switch (n->kind) {
	case N_EXPR:
	case N_ASSIGN:
	case N_LET:
	case N_RETURN:
	case N_WHILE:
	case N_FOR:
	case N_UNROLL:
	case N_IF:
	case N_BLOCK: return (struct expr){ parser_node(p, N_BLOCK, n->loc), 1, 1 };
	default: return (struct expr){ parser_node(p, N_NUM, n->loc), 1, 1 };
	}
}

struct expr build_leaf(struct parser *p, enum node_kind kind, struct loc loc)
{
	struct node *n = parser_node(p, kind, loc);

	if (kind == N_IDENT)
		n->ident.name = literal_name(p, loc);
	else
		n->var.name = literal_name(p, loc);
	return (struct expr){ n, 1, 1 };
}

struct expr build_map(
	struct parser *p, struct loc name, struct list keys, bool keyed, struct loc loc)
{
	struct node *n = parser_node(p, N_MAP, loc);

	n->map.name = literal_name(p, name);
	n->map.keys = keys.head;
	n->map.keyed = keyed;
	return build_node(p, n, build_over_list(keys));
}

struct expr build_binary(struct parser *p, enum op op, struct expr l, struct loc op_loc,
	struct expr r, struct loc loc)
{
	struct node *n = parser_node(p, N_BINARY, loc);

	n->binary.op = op;
	n->binary.left = l.node;
	n->binary.right = r.node;
	n->binary.op_loc = parser_site(p, op_loc);
	if (op == OP_LAND || op == OP_LOR) {
		build_condition(p, l);
		build_condition(p, r);
	}
	/* the right side of an operator is never of its chain */
	r.depth++;
	return build_node(p, n, build_over(l, r));
}

struct expr build_unary(struct parser *p, enum op op, struct expr e, struct loc loc)
{
	struct node *n = parser_node(p, N_UNARY, loc);

	n->unary.op = op;
	n->unary.operand = e.node;
	return build_node(p, n, e);
}

struct expr build_incdec(struct parser *p, enum op op, bool prefix, struct expr e, struct loc loc)
{
	struct node *n = parser_node(p, N_INCDEC, loc);

	if (!build_is_target(p, e.node))
		return e;
	n->incdec.op = op;
	n->incdec.prefix = prefix;
	n->incdec.operand = e.node;
	return build_node(p, n, e);
}

struct expr build_ternary(
	struct parser *p, struct expr c, struct expr y, struct expr n, struct loc loc)
{
	struct node *t = parser_node(p, N_TERNARY, loc);

	build_condition(p, c);
	t->ternary.cond = c.node;
	t->ternary.yes = y.node;
	t->ternary.no = n.node;
	return build_node(p, t, build_over(build_over(c, y), n));
}

struct expr build_field(
	struct parser *p, struct expr e, struct loc name, bool arrow, struct loc loc)
{
	struct node *n = parser_node(p, N_FIELD, loc);

	if (e.node->kind == N_NUM) {
		parser_error(p, TAG_NUMBER, loc, NULL, "there are no floating-point numbers");
		return e;
	}
	n->field.object = e.node;
	n->field.name = literal_name(p, name);
	n->field.name_loc = parser_site(p, name);
	n->field.arrow = arrow;
	return build_node(p, n, e);
}

struct expr build_index(struct parser *p, struct expr e, struct expr i, struct loc loc)
{
	struct node *n = parser_node(p, N_INDEX, loc);

	n->index.object = e.node;
	n->index.index = i.node;
	return build_node(p, n, build_over(e, i));
}

struct expr build_call(struct parser *p, struct loc name, struct list args, struct loc loc)
{
	struct node *n = parser_node(p, N_CALL, loc);

	n->call.name = literal_name(p, name);
	n->call.name_loc = parser_site(p, name);
	n->call.args = args.head;
	n->call.nargs = args.n;
	return build_node(p, n, build_over_list(args));
}

struct expr build_tuple(struct parser *p, struct expr first, struct list rest, struct loc loc)
{
	struct node *n = parser_node(p, N_TUPLE, loc);

	first.node->next = rest.head;
	n->tuple.elems = first.node;
	n->tuple.n = rest.n + 1;
	return build_node(p, n, build_over(first, build_over_list(rest)));
}

struct expr build_cast(struct parser *p, struct expr to, struct expr e, struct loc loc)
{
	struct node *n = parser_node(p, N_CAST, loc);

	n->cast.to = to.node;
	n->cast.operand = e.node;
	return build_node(p, n, build_over(to, e));
}

struct expr build_sizeof(struct parser *p, struct expr e, struct loc loc)
{
	struct node *n = parser_node(p, N_SIZEOF, loc);

	n->size_of.operand = e.node;
	return build_node(p, n, e);
}

struct expr build_item(struct parser *p, struct loc name, struct expr value, struct loc loc)
{
	struct node *n = parser_node(p, N_ITEM, loc);

	n->item.name = literal_name(p, name);
	n->item.value = value.node;
	return build_node(p, n, value);
}

struct expr build_record(struct parser *p, struct list items, struct loc loc)
{
	struct node *n = parser_node(p, N_RECORD, loc);

	n->record.items = items.head;
	n->record.n = items.n;
	return build_node(p, n, build_over_list(items));
}

void build_condition(struct parser *p, struct expr e)
{
	if (e.node && e.node->kind == N_RECORD && e.node->record.n == 1)
		parser_error(p, TAG_SYNTAX, e.node->loc, "'==' compares, '=' assigns",
			"a record where a value is expected");
}

struct expr build_offsetof(struct parser *p, struct expr of, struct list path, struct loc loc)
{
	struct node *n = parser_node(p, N_OFFSETOF, loc);

	n->offset_of.of = of.node;
	n->offset_of.path = path.head;
	return build_node(p, n, of);
}

struct expr build_typeof(struct parser *p, struct expr e, struct loc loc)
{
	struct node *n;

	if (e.node->kind == N_TYPENAME)
		return e;
	n = parser_node(p, N_TYPENAME, loc);
	n->tname.of = e.node;
	return build_node(p, n, e);
}

struct expr build_pointer(struct parser *p, struct expr type, struct loc loc)
{
	if (type.node->kind == N_TYPENAME) {
		type.node->tname.stars++;
		type.node->loc = parser_site(p, loc);
	}
	return type;
}

struct expr build_array(struct parser *p, struct expr type, struct node *count, struct loc loc)
{
	struct node *n = type.node;

	if (n->kind != N_TYPENAME)
		return type;
	if (!n->tname.is_array)
		n->tname.count = count->num.value;
	n->tname.is_array = true;
	n->tname.dims = node_append(n->tname.dims, count);
	n->loc = parser_site(p, loc);
	return type;
}

struct expr build_concat(struct parser *p, struct expr a, struct node *b, struct loc loc)
{
	struct node *n = parser_node(p, N_STR, loc);
	uint32_t first = a.node->str.len;
	char *text = arena_alloc(p->arena, (size_t)first + b->str.len + 1);

	memcpy(text, a.node->str.text, first);
	memcpy(text + first, b->str.text, b->str.len);
	n->str.text = text;
	n->str.len = first + b->str.len;
	return (struct expr){ n, 1, 1 };
}
