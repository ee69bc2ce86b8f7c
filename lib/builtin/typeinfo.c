/* typeinfo(value or type): what type it has; a constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "parser/check/check.h"

/* "int", "string", "struct": the kind of a type in a word */
static const char *typeinfo_base(const struct type *t)
{
	switch (t->kind) {
	case TY_INT: return "int";
	case TY_BOOL: return "bool";
	case TY_STRING: return "string";
	case TY_BUFFER: return "buffer";
	case TY_PTR: return "pointer";
	case TY_ARRAY: return "array";
	case TY_STRUCT: return "struct";
	case TY_UNION: return "union";
	case TY_ENUM: return "enum";
	case TY_TUPLE: return "tuple";
	case TY_RECORD: return "record";
	case TY_INET: return "inet";
	case TY_MAC: return "macaddr";
	case TY_TIMESTAMP: return "timestamp";
	case TY_KSTACK: return "kstack";
	case TY_USTACK: return "ustack";
	case TY_KSYM: return "ksym";
	case TY_USYM: return "usym";
	default: return "none";
	}
}

static const struct type *typeinfo_of(struct check *k, struct node *arg)
{
	const struct type *t = NULL;

	/* pid is the variable, not the struct of that name */
	if (arg->kind == N_IDENT && !builtin_find(arg->ident.name))
		t = type_by_name(k->types, arg->ident.name);
	if (t)
		return t;
	if (arg->kind == N_TYPENAME) {
		/* sizeof() looks types up, in each of their forms */
		struct node *size = node_new(k->arena, N_SIZEOF, arg->loc);

		size->size_of.operand = arg;
		check_expr(k, size);
	} else {
		check_expr(k, arg);
	}
	return arg->type;
}

static struct node *typeinfo_text(struct check *k, const struct node *at, const char *text)
{
	struct node *n = node_new(k->arena, N_STR, at->loc);

	check_become_str(k, n, text);
	return n;
}

/* (number of the type in the kernel's BTF, kind, type) */
static void typeinfo_rewrite(struct check *k, struct node *call)
{
	struct node *arg = call->call.args, *id;
	const struct type *t;

	if (call->call.nargs != 1) {
		check_error(k, call, ARG_COUNT, "'typeinfo' takes 1 argument, not %u",
			    call->call.nargs);
		return;
	}
	t = typeinfo_of(k, arg);
	if (check_poisoned(t))
		return;
	id = node_new(k->arena, N_NUM, call->loc);
	check_become_num(k, id, t->btf_id, type_int(k->types, 8, true));
	id->next = typeinfo_text(k, call, typeinfo_base(t));
	id->next->next = typeinfo_text(k, call, type_print(k->arena, t));
	if (!k->final) { /* the type may still grow */
		const struct type *elems[] = { id->type, id->next->type, id->next->next->type };

		call->type = type_tuple(k->types, elems, 3);
		return;
	}
	call->kind = N_TUPLE;
	call->tuple.elems = id;
	call->tuple.n = 3;
}

const struct builtin bcct_builtin_typeinfo = {
	.name = "typeinfo",
	.prototype = "typeinfo(any value) -",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.rewrite = typeinfo_rewrite,
	.doc = "The type of a value, or a type, as a tuple: its number in the kernel's BTF "
	       "(0: none), its kind, its name.",
	.example = "BEGIN { print(typeinfo(comm)); exit() }",
	.expect = "(0, string, string[16])\n",
};
#endif
