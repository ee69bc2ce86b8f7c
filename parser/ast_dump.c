/*
 * The AST as text, one node per line (-d ast, and the parser's tests). Types
 * are shown where the check has set them.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "parser/ast.h"

struct dump {
	struct buf *out;
	struct arena *arena; /* for the names of types */
	unsigned indent;
	bool spaces; /* of BPF C: where pointers point */
};

static void dump_node(struct dump *d, const struct node *n);

static void dump_text(struct dump *d, const char *text, uint32_t len)
{
	buf_printf(d->out, "\"");
	for (uint32_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n')
			buf_printf(d->out, "\\n");
		else if (c == '"' || c == '\\')
			buf_printf(d->out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_printf(d->out, "\\x%02x", c);
		else
			buf_put(d->out, &c, 1);
	}
	buf_printf(d->out, "\"");
}

static void dump_typename(struct dump *d, const struct node *n)
{
	static const char *const tags[] = {
		[TY_STRUCT] = "struct ", [TY_UNION] = "union ", [TY_ENUM] = "enum "
	};

	if (n->tname.tag == TY_STRUCT || n->tname.tag == TY_UNION || n->tname.tag == TY_ENUM)
		buf_printf(d->out, "%s", tags[n->tname.tag]);
	buf_printf(d->out, "%s", n->tname.of ? "typeof" : n->tname.name);
	if (n->tname.stars)
		buf_printf(d->out, " ");
	for (unsigned i = 0; i < n->tname.stars; i++)
		buf_printf(d->out, "*");
	if (n->tname.is_array && !n->tname.dims)
		buf_printf(d->out, "[%" PRIu64 "]", n->tname.count);
	for (const struct node *dim = n->tname.dims; dim; dim = dim->next)
		buf_printf(d->out, "[%" PRIu64 "]", dim->num.value);
}

static const char *space_name(enum space s)
{
	static const char *const names[] = { "?", "ctx", "stack", "map", "kernel", "user",
					     "trusted", "packet", "any" };

	return (unsigned)s < sizeof(names) / sizeof(*names) ? names[s] : "?";
}

/* What distinguishes a node of its kind, behind the kind's name. */
static void dump_head(struct dump *d, const struct node *n)
{
	buf_printf(d->out, "(%s", node_kind_name(n->kind));
	switch (n->kind) {
	case N_NUM:
		if (n->num.is_unsigned)
			buf_printf(d->out, " %" PRIu64 "u", n->num.value);
		else
			buf_printf(d->out, " %" PRId64, (int64_t)n->num.value);
		break;
	case N_STR:
		buf_printf(d->out, " ");
		dump_text(d, n->str.text, n->str.len);
		break;
	case N_IDENT: buf_printf(d->out, " %s", n->ident.name); break;
	case N_VAR: buf_printf(d->out, " %s", n->var.name); break;
	case N_MAP: buf_printf(d->out, " %s", n->map.name); break;
	case N_POSITIONAL:
		if (n->pos.count)
			buf_printf(d->out, " $#");
		else
			buf_printf(d->out, " $%u", n->pos.index);
		break;
	case N_CALL: buf_printf(d->out, " %s", n->call.name); break;
	case N_UNARY: buf_printf(d->out, " %s", op_text(n->unary.op)); break;
	case N_INCDEC:
		buf_printf(d->out, " %s %s", n->incdec.prefix ? "prefix" : "postfix",
			op_text(n->incdec.op));
		break;
	case N_BINARY: buf_printf(d->out, " %s", op_text(n->binary.op)); break;
	case N_FIELD:
		buf_printf(d->out, " %s%s", n->field.arrow ? "->" : ".", n->field.name);
		break;
	case N_TYPENAME:
		buf_printf(d->out, " ");
		dump_typename(d, n);
		break;
	case N_ASSIGN: buf_printf(d->out, " %s=", op_text(n->assign.op)); break;
	case N_SPEC: buf_printf(d->out, " %s", n->spec.text); break;
	case N_CLAUSE: buf_printf(d->out, "%s", n->clause.angle ? " <>" : " {}"); break;
	case N_ITEM: buf_printf(d->out, " %s", n->item.name); break;
	case N_SETTING: buf_printf(d->out, " %s", n->setting.name); break;
	case N_IMPORT:
		buf_printf(d->out, " ");
		dump_text(d, n->import.path, (uint32_t)strlen(n->import.path));
		break;
	case N_MACRO:
	case N_FN: buf_printf(d->out, " %s", n->macro.name); break;
	case N_MAPDECL: buf_printf(d->out, " %s %s", n->mapdecl.name, n->mapdecl.kind); break;
	case N_CTEXT:
		buf_printf(d->out, " ");
		dump_text(d, n->ctext.text, n->ctext.len);
		break;
	default: node_c_head(d->out, n); break;
	}
	if (n->type)
		buf_printf(d->out, " : %s", type_print(d->arena, n->type));
	if (n->type && d->spaces && n->type->kind == TY_PTR)
		buf_printf(d->out, "@%s", space_name(n->type->space));
}

static void dump_list(struct dump *d, const struct node *list)
{
	for (; list; list = list->next)
		dump_node(d, list);
}

static void dump_c_children(struct dump *d, const struct node *n)
{
	struct node copy = *n, **c[NODE_C_CHILDREN];
	unsigned heads = node_c_children(&copy, c), i;

	for (i = 0; i < heads; i++)
		dump_list(d, *c[i]);
}

/* Statements and the top level of the whole language. */
static void dump_children_more(struct dump *d, const struct node *n)
{
	switch (n->kind) {
	case N_LET:
		dump_node(d, n->let.target);
		dump_node(d, n->let.to);
		dump_node(d, n->let.value);
		break;
	case N_WHILE:
		dump_node(d, n->loop.cond);
		dump_node(d, n->loop.body);
		break;
	case N_UNROLL:
		dump_node(d, n->unroll.from);
		dump_node(d, n->unroll.count);
		dump_node(d, n->unroll.body);
		break;
	case N_FOR:
		dump_node(d, n->each.target);
		dump_node(d, n->each.from);
		dump_node(d, n->each.to);
		dump_node(d, n->each.body);
		break;
	case N_CONFIG: dump_list(d, n->config.settings); break;
	case N_SETTING: dump_node(d, n->setting.value); break;
	case N_MACRO:
	case N_FN:
		dump_list(d, n->macro.params);
		dump_node(d, n->macro.result);
		dump_node(d, n->macro.body);
		break;
	case N_MAPDECL: dump_node(d, n->mapdecl.size); break;
	default: dump_c_children(d, n); break;
	}
}

static void dump_children(struct dump *d, const struct node *n)
{
	switch (n->kind) {
	case N_MAP: dump_list(d, n->map.keys); break;
	case N_CALL: dump_list(d, n->call.args); break;
	case N_UNARY: dump_node(d, n->unary.operand); break;
	case N_INCDEC: dump_node(d, n->incdec.operand); break;
	case N_BINARY:
		dump_node(d, n->binary.left);
		dump_node(d, n->binary.right);
		break;
	case N_TERNARY:
		dump_node(d, n->ternary.cond);
		dump_node(d, n->ternary.yes);
		dump_node(d, n->ternary.no);
		break;
	case N_CAST:
		dump_node(d, n->cast.to);
		dump_node(d, n->cast.operand);
		break;
	case N_FIELD: dump_node(d, n->field.object); break;
	case N_INDEX:
		dump_node(d, n->index.object);
		dump_node(d, n->index.index);
		break;
	case N_TUPLE: dump_list(d, n->tuple.elems); break;
	case N_SIZEOF: dump_node(d, n->size_of.operand); break;
	case N_EXPR: dump_node(d, n->expr.expr); break;
	case N_ASSIGN:
		dump_node(d, n->assign.target);
		dump_node(d, n->assign.value);
		break;
	case N_IF:
		dump_node(d, n->cond.cond);
		dump_node(d, n->cond.then);
		dump_node(d, n->cond.otherwise);
		break;
	case N_BLOCK: dump_list(d, n->block.stmts); break;
	case N_CLAUSE:
		dump_list(d, n->clause.specs);
		if (n->clause.pred) {
			buf_printf(d->out, "\n%*s(predicate", (int)(2 * d->indent), "");
			d->indent++;
			dump_node(d, n->clause.pred);
			d->indent--;
			buf_printf(d->out, ")");
		}
		dump_node(d, n->clause.body);
		break;
	case N_PROGRAM:
		dump_list(d, n->program.toplevel);
		dump_list(d, n->program.clauses);
		break;
	case N_TYPENAME: dump_node(d, n->tname.of); break;
	case N_RECORD: dump_list(d, n->record.items); break;
	case N_ITEM: dump_node(d, n->item.value); break;
	case N_OFFSETOF:
		dump_node(d, n->offset_of.of);
		dump_list(d, n->offset_of.path);
		break;
	case N_BLOCKEXPR:
		dump_list(d, n->blockexpr.stmts);
		dump_node(d, n->blockexpr.result);
		break;
	case N_RETURN: dump_node(d, n->ret.value); break;
	case N_FNBODY: dump_list(d, n->fnbody.stmts); break;
	default: dump_children_more(d, n); break;
	}
}

/* A NULL child (of a ?: or an if without else) is left out. */
static void dump_node(struct dump *d, const struct node *n)
{
	if (!n)
		return;
	if (d->out->len && d->out->data[d->out->len - 1] != '\n')
		buf_printf(d->out, "\n");
	buf_printf(d->out, "%*s", (int)(2 * d->indent), "");
	dump_head(d, n);
	d->indent++;
	dump_children(d, n);
	d->indent--;
	buf_printf(d->out, ")");
}

void node_dump(struct buf *out, const struct node *n)
{
	struct dump d = { out, arena_new(), 0, n && n->kind == N_CUNIT };

	dump_node(&d, n);
	buf_printf(out, "\n");
	arena_free(d.arena);
}
