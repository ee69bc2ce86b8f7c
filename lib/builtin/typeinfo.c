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
		return check_poisoned(arg->type) ? arg->type : check_narrow(k, arg);
	}
	return arg->type;
}

static struct node *typeinfo_item(struct check *k, const struct node *at, const char *name,
				  const char *text)
{
	struct node *n = node_new(k->arena, N_ITEM, at->loc);

	n->item.name = name;
	n->item.value = node_new(k->arena, N_STR, at->loc);
	if (text)
		check_become_str(k, n->item.value, text);
	return n;
}

/* (btf_id=number of the type in the kernel's BTF, base_type=kind, full_type=type) */
static void typeinfo_rewrite(struct check *k, struct node *call)
{
	struct node *arg = call->call.args, *id, *parts[3], *next = call->next;
	const struct type *t;

	if (call->call.nargs != 1) {
		check_error(k, call, ARG_COUNT, "'typeinfo' takes 1 argument, not %u",
			    call->call.nargs);
		return;
	}
	t = typeinfo_of(k, arg);
	if (check_poisoned(t))
		return;
	check_unstable(k, call, OPT_UNSTABLE_TYPEINFO, "typeinfo()");
	if (!k->c->options.v[OPT_UNSTABLE_TYPEINFO]) /* stays, for the pass that reports */
		return;
	parts[0] = typeinfo_item(k, call, "btf_id", NULL);
	id = parts[0]->item.value;
	check_become_num(k, id, t->btf_id, type_int(k->types, 8, true));
	parts[1] = typeinfo_item(k, call, "base_type", typeinfo_base(t));
	parts[2] = typeinfo_item(k, call, "full_type", type_print(k->arena, t));
	if (!k->final && !k->settled) { /* the type may still grow */
		struct member m[3] = {{.name = "btf_id", .type = id->type},
				      {.name = "base_type", .type = type_string(k->types, 64)},
				      {.name = "full_type", .type = type_string(k->types, 64)}};

		call->type = type_record(k->types, m, 3);
		return;
	}
	parts[0]->next = parts[1];
	parts[1]->next = parts[2];
	call->kind = N_RECORD;
	call->record.items = parts[0];
	call->record.n = 3;
	call->next = next;
}

const struct builtin bcct_builtin_typeinfo = {
	.name = "typeinfo",
	.prototype = "typeinfo(any value) -",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.rewrite = typeinfo_rewrite,
	.doc = "The type of a value, or a type, as a record: btf_id, its number in the kernel's "
	       "BTF (0: none), base_type, its kind, and full_type, its name; constants.",
	.example = "BEGIN { print(typeinfo(comm)); exit() }",
	.expect = "{ .btf_id = 0, .base_type = string, .full_type = string[16] }\n",
};
#endif
