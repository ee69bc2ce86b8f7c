/*
 * What copying and dumping need to know of the nodes of BPF C: their children,
 * and a word on each. Called by parser/ast.c and parser/ast_dump.c.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "parser/c/parse.h"

/* Kinds that both languages use. */
static unsigned shared_children(struct node *n, struct node **c[NODE_C_CHILDREN])
{
	unsigned i = 0;

	switch (n->kind) {
	case N_UNARY: c[i++] = &n->unary.operand; break;
	case N_INCDEC: c[i++] = &n->incdec.operand; break;
	case N_BINARY:
		c[i++] = &n->binary.left;
		c[i++] = &n->binary.right;
		break;
	case N_TERNARY:
		c[i++] = &n->ternary.cond;
		c[i++] = &n->ternary.yes;
		c[i++] = &n->ternary.no;
		break;
	case N_CAST:
		c[i++] = &n->cast.to;
		c[i++] = &n->cast.operand;
		break;
	case N_FIELD: c[i++] = &n->field.object; break;
	case N_INDEX:
		c[i++] = &n->index.object;
		c[i++] = &n->index.index;
		break;
	case N_SIZEOF: c[i++] = &n->size_of.operand; break;
	case N_RETURN:
	case N_EXPR: c[i++] = &n->expr.expr; break;
	case N_ASSIGN:
		c[i++] = &n->assign.target;
		c[i++] = &n->assign.value;
		break;
	case N_IF:
		c[i++] = &n->cond.cond;
		c[i++] = &n->cond.then;
		c[i++] = &n->cond.otherwise;
		break;
	case N_BLOCK: c[i++] = &n->block.stmts; break;
	default: break;
	}
	return i;
}

/* dispatch */
unsigned node_c_children(struct node *n, struct node **c[NODE_C_CHILDREN])
{
	unsigned i = 0;

	switch (n->kind) {
	case N_CCALL:
		c[i++] = &n->ccall.callee;
		c[i++] = &n->ccall.args;
		break;
	case N_CINIT: c[i++] = &n->cinit.items; break;
	case N_CITEM:
		c[i++] = &n->citem.path;
		c[i++] = &n->citem.value;
		break;
	case N_CLITERAL:
		c[i++] = &n->cliteral.to;
		c[i++] = &n->cliteral.init;
		break;
	case N_CSTMTEXPR: c[i++] = &n->block.stmts; break;
	case N_CCOMMA:
		c[i++] = &n->binary.left;
		c[i++] = &n->binary.right;
		break;
	case N_COFFSETOF:
		c[i++] = &n->coffsetof.to;
		c[i++] = &n->coffsetof.path;
		break;
	case N_CTYPE:
		c[i++] = &n->ctype.spec;
		c[i++] = &n->ctype.derive;
		break;
	case N_CSPEC:
		c[i++] = &n->cspec.members;
		c[i++] = &n->cspec.of;
		c[i++] = &n->cspec.align;
		break;
	case N_CDERIVE:
		c[i++] = &n->cderive.count;
		c[i++] = &n->cderive.params;
		break;
	case N_CENUMERATOR: c[i++] = &n->cenumerator.value; break;
	case N_CDECL:
		c[i++] = &n->cdecl.spec;
		c[i++] = &n->cdecl.derive;
		c[i++] = &n->cdecl.bits;
		c[i++] = &n->cdecl.init;
		break;
	case N_CDECLS:
		c[i++] = &n->cdecls.spec;
		c[i++] = &n->cdecls.decls;
		break;
	case N_CASSERT: c[i++] = &n->expr.expr; break;
	case N_CLOOP:
		c[i++] = &n->cloop.init;
		c[i++] = &n->cloop.cond;
		c[i++] = &n->cloop.step;
		c[i++] = &n->cloop.body;
		break;
	case N_CSWITCH:
		c[i++] = &n->cswitch.value;
		c[i++] = &n->cswitch.body;
		break;
	case N_CCASE:
		c[i++] = &n->ccase.from;
		c[i++] = &n->ccase.to;
		break;
	case N_CASM:
		c[i++] = &n->casm.outputs;
		c[i++] = &n->casm.inputs;
		break;
	case N_CFUNC:
		c[i++] = &n->cfunc.spec;
		c[i++] = &n->cfunc.decl;
		c[i++] = &n->cfunc.body;
		break;
	case N_CMAPDECL: c[i++] = &n->cmapdecl.args; break;
	case N_CUNIT: c[i++] = &n->cunit.items; break;
	default: return shared_children(n, c);
	}
	return i;
}

static void spec_head(struct buf *out, const struct node *n)
{
	static const char *const words[] = {"void",  "char",   "short",	 "int",
					    "long",  "long",   "signed", "unsigned",
					    "float", "double", "bool",	 "__int128"};
	static const char *const flags[] = {"typedef",	"static", "extern", "inline",	    "const",
					    "volatile", "__user", "packed", "always_inline"};
	unsigned i;

	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (n->cspec.flags & 1u << i)
			buf_printf(out, " %s", flags[i]);
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (n->cspec.words & 1u << i)
			buf_printf(out, " %s", words[i]);
	if (n->cspec.tag != TY_NONE)
		buf_printf(out, " %s",
			   n->cspec.tag == TY_STRUCT  ? "struct"
			   : n->cspec.tag == TY_UNION ? "union"
						      : "enum");
	if (n->cspec.name)
		buf_printf(out, " %s", n->cspec.name);
}

void node_c_head(struct buf *out, const struct node *n)
{
	static const char *const loops[] = {"for", "while", "do"};
	static const char *const derived[] = {"pointer", "array", "function"};

	switch (n->kind) {
	case N_CVAR: buf_printf(out, " %s", c_var_name(n->cvar.var)); break;
	case N_CMAPREF: buf_printf(out, " %s", c_map_name(n->cmapref.map)); break;
	case N_CCALL: c_call_head(out, n); break;
	case N_CITEM:
		if (n->type)
			buf_printf(out, " @%u", n->citem.place.offset);
		break;
	case N_CSPEC: spec_head(out, n); break;
	case N_CDERIVE: buf_printf(out, " %s", derived[n->cderive.how % 3]); break;
	case N_CENUMERATOR: buf_printf(out, " %s", n->cenumerator.name); break;
	case N_CDECL: buf_printf(out, " %s", n->cdecl.name ? n->cdecl.name : "-"); break;
	case N_CLOOP:
		buf_printf(out, " %s%s", loops[n->cloop.how % 3], n->cloop.unroll ? " unroll" : "");
		break;
	case N_CCASE:
		if (n->ccase.is_default)
			buf_printf(out, " default");
		else if (n->type)
			buf_printf(out, " %" PRId64 " ... %" PRId64, n->ccase.low, n->ccase.high);
		break;
	case N_CGOTO:
	case N_CLABEL: buf_printf(out, " %s", n->clabel.name); break;
	case N_CASM: buf_printf(out, " \"%s\"", n->casm.text); break;
	case N_CFUNC:
		if (n->cfunc.macro)
			buf_printf(out, " %s", n->cfunc.macro);
		for (unsigned i = 0; i < 2 && n->cfunc.names[i]; i++)
			buf_printf(out, " %s", n->cfunc.names[i]);
		c_func_head(out, n->cfunc.func);
		break;
	case N_CMAPDECL:
		buf_printf(out, " %s", n->cmapdecl.macro);
		c_map_head(out, n->cmapdecl.map);
		break;
	default: break;
	}
}
