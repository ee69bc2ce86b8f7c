/*
 * Making, copying and naming AST nodes. The parser builds with these; the
 * check copies clauses that become several programs.
 */
#include "parser/ast.h"

const char *node_kind_name(enum node_kind k)
{
	static const char *const names[] = {
#define NODE(id, name) [N_##id] = name,
#include "parser/node_kinds.h"
#undef NODE
	};

	return k < N_COUNT ? names[k] : "?";
}

const char *op_text(enum op op)
{
	static const char *const texts[] = {
		[OP_NONE] = "",
		[OP_ADD] = "+",
		[OP_SUB] = "-",
		[OP_MUL] = "*",
		[OP_DIV] = "/",
		[OP_MOD] = "%",
		[OP_BAND] = "&",
		[OP_BOR] = "|",
		[OP_XOR] = "^",
		[OP_SHL] = "<<",
		[OP_SHR] = ">>",
		[OP_EQ] = "==",
		[OP_NE] = "!=",
		[OP_LT] = "<",
		[OP_LE] = "<=",
		[OP_GT] = ">",
		[OP_GE] = ">=",
		[OP_LAND] = "&&",
		[OP_LOR] = "||",
		[OP_NEG] = "-",
		[OP_NOT] = "!",
		[OP_BNOT] = "~",
		[OP_DEREF] = "*",
		[OP_ADDR] = "&",
		[OP_INC] = "++",
		[OP_DEC] = "--",
	};

	return op < sizeof(texts) / sizeof(texts[0]) ? texts[op] : "?";
}

struct node *node_new(struct arena *a, enum node_kind kind, struct loc loc)
{
	struct node *n = arena_new_of(a, struct node);

	n->kind = kind;
	n->loc = loc;
	return n;
}

struct node *node_append(struct node *list, struct node *n)
{
	struct node *last = list;

	if (!list)
		return n;
	while (last->next)
		last = last->next;
	last->next = n;
	return list;
}

unsigned node_count(const struct node *list)
{
	unsigned count = 0;

	for (; list; list = list->next)
		count++;
	return count;
}

static struct node *clone_list(struct arena *a, const struct node *list)
{
	struct node *head = NULL, **tail = &head;

	for (; list; list = list->next) {
		*tail = node_clone(a, list);
		tail = &(*tail)->next;
	}
	return head;
}

#define COPY(field)	 (n->field = n->field ? node_clone(a, n->field) : NULL)
#define COPY_LIST(field) (n->field = clone_list(a, n->field))

/* Of the kinds that only the whole language has, and of BPF C. */
static void clone_children_more(struct arena *a, struct node *n)
{
	struct node **c[NODE_C_CHILDREN];
	unsigned heads;

	switch (n->kind) {
	case N_RECORD: COPY_LIST(record.items); break;
	case N_ITEM: COPY(item.value); break;
	case N_OFFSETOF:
		COPY(offset_of.of);
		COPY_LIST(offset_of.path);
		break;
	case N_BLOCKEXPR:
		COPY_LIST(blockexpr.stmts);
		COPY(blockexpr.result);
		break;
	case N_RETURN: COPY(ret.value); break;
	case N_FNBODY: COPY_LIST(fnbody.stmts); break;
	case N_LET:
		COPY(let.target);
		COPY(let.to);
		COPY(let.value);
		break;
	case N_WHILE:
		COPY(loop.cond);
		COPY(loop.body);
		break;
	case N_UNROLL:
		COPY(unroll.from);
		COPY(unroll.count);
		COPY(unroll.body);
		break;
	case N_FOR:
		COPY(each.target);
		COPY(each.from);
		COPY(each.to);
		COPY(each.body);
		break;
	case N_CONFIG: COPY_LIST(config.settings); break;
	case N_SETTING: COPY(setting.value); break;
	case N_MACRO:
	case N_FN:
		COPY_LIST(macro.params);
		COPY(macro.body);
		COPY(macro.result);
		break;
	case N_MAPDECL: COPY(mapdecl.size); break;
	default: /* BPF C */
		heads = node_c_children(n, c);
		while (heads--)
			*c[heads] = clone_list(a, *c[heads]);
		break;
	}
}

/* Copies what the union member of its kind owns; pointers to builtins, maps and the like stay. */
static void clone_children(struct arena *a, struct node *n)
{
	switch (n->kind) {
	case N_MAP: COPY_LIST(map.keys); break;
	case N_CALL: COPY_LIST(call.args); break;
	case N_UNARY: COPY(unary.operand); break;
	case N_INCDEC: COPY(incdec.operand); break;
	case N_BINARY:
		COPY(binary.left);
		COPY(binary.right);
		break;
	case N_TERNARY:
		COPY(ternary.cond);
		COPY(ternary.yes);
		COPY(ternary.no);
		break;
	case N_CAST:
		COPY(cast.to);
		COPY(cast.operand);
		break;
	case N_FIELD: COPY(field.object); break;
	case N_INDEX:
		COPY(index.object);
		COPY(index.index);
		break;
	case N_TUPLE: COPY_LIST(tuple.elems); break;
	case N_SIZEOF: COPY(size_of.operand); break;
	case N_EXPR: COPY(expr.expr); break;
	case N_ASSIGN:
		COPY(assign.target);
		COPY(assign.value);
		break;
	case N_IF:
		COPY(cond.cond);
		COPY(cond.then);
		COPY(cond.otherwise);
		break;
	case N_BLOCK: COPY_LIST(block.stmts); break;
	case N_CLAUSE:
		COPY_LIST(clause.specs);
		COPY(clause.pred);
		COPY(clause.body);
		break;
	case N_PROGRAM:
		COPY_LIST(program.clauses);
		COPY_LIST(program.toplevel);
		break;
	case N_TYPENAME:
		COPY(tname.of);
		COPY_LIST(tname.dims);
		COPY_LIST(tname.elems);
		break;
	case N_NUM:
	case N_STR:
	case N_IDENT:
	case N_VAR:
	case N_POSITIONAL:
	case N_BREAK:
	case N_CONTINUE:
	case N_IMPORT:
	case N_CTEXT:
	case N_SPEC:
	case N_COUNT: break;
	default: clone_children_more(a, n); break;
	}
}

#undef COPY
#undef COPY_LIST

struct node *node_clone(struct arena *a, const struct node *n)
{
	struct node *copy = arena_new_of(a, struct node);

	*copy = *n;
	copy->next = NULL;
	clone_children(a, copy);
	return copy;
}
