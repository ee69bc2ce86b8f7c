/*
 * Expressions of BPF C: names, members, indices, casts. Operators are in
 * operator.c, calls in call.c. Called by stmt.c, init.c and each other.
 */
#include <string.h>

#include "parser/c/check.h"

static void poison(struct cc *k, struct node *n)
{
	n->type = k->poison;
}

static enum space unknown(const struct cc *k)
{
	return k->func ? k->func->unknown : SP_ANY;
}

/* ---- names -------------------------------------------------------------- */

static const struct type *var_type(struct cc *k, struct c_var *v)
{
	v->used = true;
	if (v->type->kind != TY_PTR || v->type->space == SP_USER)
		return v->type;
	return cc_ptr(k, v->type->elem, v->space_known ? v->space : unknown(k));
}

/* Sizes that kernel headers name and BTF has. */
static bool derived_constant(struct cc *k, const char *name, uint64_t *value)
{
	static const struct {
		const char *name, *tag, *member;
		uint64_t otherwise;
	} all[] = {
		{"DNAME_INLINE_LEN", "dentry", "d_iname", 40},
		{"TASK_COMM_LEN", "task_struct", "comm", 16},
		{"UNIX_PATH_MAX", "sockaddr_un", "sun_path", 108},
	};
	const struct type *t;
	struct member m;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (strcmp(all[i].name, name) != 0)
			continue;
		t = type_by_tag(k->types, TY_STRUCT, all[i].tag);
		*value = t && cc_member(k, t, all[i].member, &m) ? m.type->size : all[i].otherwise;
		return true;
	}
	return false;
}

/* A name that the script does not declare: an enumerator or constant of the kernel. */
static bool kernel_name(struct cc *k, struct node *n, const char *name)
{
	const char *text = c_constant(name);
	uint64_t derived;
	int64_t value;

	if (text && c_number_text(k->c, text, n)) {
		cc_become_num(k, n, n->num.value, n->type);
		return true;
	}
	if (type_enumerator(k->types, name, &value, NULL)) {
		cc_become_num(k, n, (uint64_t)value,
			      value == (int32_t)value	 ? k->i32
			      : value == (uint32_t)value ? k->u32
			      : value < 0		 ? k->i64
							 : k->u64);
		return true;
	}
	if (!derived_constant(k, name, &derived))
		return false;
	cc_become_num(k, n, derived, k->i32);
	return true;
}

static void unknown_name(struct cc *k, struct node *n, const char *name)
{
	const char *near = cc_near_name(k, name);

	cc_error(k, n, UNKNOWN_NAME, "unknown name '%s'", name);
	if (near)
		cc_hint(k, "did you mean '%s'?", near);
	poison(k, n);
}

static void identifier(struct cc *k, struct node *n)
{
	const char *name = n->ident.name;
	struct c_sym *sym = cc_find(k, name);

	if (!sym) {
		if (!kernel_name(k, n, name))
			unknown_name(k, n, name);
		return;
	}
	switch (sym->kind) {
	case SYM_VAR:
		n->kind = N_CVAR;
		n->cvar.var = sym->var;
		n->type = var_type(k, sym->var);
		break;
	case SYM_ENUM: cc_become_num(k, n, (uint64_t)sym->num.value, sym->num.type); break;
	case SYM_MAP:
		n->kind = N_CMAPREF;
		n->cmapref.map = sym->map;
		n->type = cc_ptr(k, k->none, SP_MAP);
		break;
	case SYM_FUNC:
		cc_error(k, n, NOT_YET, "a function can only be called");
		poison(k, n);
		break;
	case SYM_TYPEDEF:
		cc_error(k, n, SYNTAX, "'%s' is a type", name);
		poison(k, n);
		break;
	}
}

/* ---- members and elements ----------------------------------------------- */

/* A pointer that is read from memory of space from. */
static enum space loaded_space(struct cc *k, const struct type *t, enum space from)
{
	bool to_struct = (t->elem->kind == TY_STRUCT || t->elem->kind == TY_UNION) &&
			 !type_is_script(t->elem);

	if (t->space == SP_USER)
		return SP_USER;
	switch (from) {
	case SP_USER: return SP_USER;
	case SP_ANY: return SP_ANY;
	case SP_KERNEL: return SP_KERNEL;
	case SP_TRUSTED: return to_struct ? SP_TRUSTED : SP_KERNEL;
	case SP_CTX:
		if (t->space == SP_CTX)
			return SP_CTX;
		if (k->func && k->func->program == C_PROG_TRACEPOINT)
			return SP_KERNEL;
		return to_struct ? SP_TRUSTED : SP_KERNEL;
	default: return unknown(k);
	}
}

/* The verifier does not know which member of a union a pointer is. */
static bool through_union(const struct node *n)
{
	const struct type *t;

	for (; n->kind == N_FIELD; n = n->field.object) {
		t = n->field.object->type;
		t = n->field.arrow && t->kind == TY_PTR ? t->elem : t;
		if (n->field.member.in_union || t->kind == TY_UNION)
			return true;
		if (n->field.arrow)
			break;
	}
	return false;
}

static void set_loaded(struct cc *k, struct node *n, const struct type *t)
{
	enum space from = cc_lvalue_space(k, n);

	n->type = t;
	if (t->kind != TY_PTR)
		return;
	from = loaded_space(k, t, from);
	n->type = cc_ptr(k, t->elem, from == SP_TRUSTED && through_union(n) ? SP_KERNEL : from);
}

static void no_member(struct cc *k, struct node *n, const struct type *t)
{
	const char *near = type_near_member(k->types, t, n->field.name);
	struct node at = *n;

	at.loc = n->field.name_loc;
	if (!cc_complete(k, t))
		cc_error(k, &at, UNKNOWN_TYPE, "%s is only declared, it has no members",
			 cc_type(k, t));
	else
		cc_error(k, &at, UNKNOWN_FIELD, "%s has no member '%s'", cc_type(k, t),
			 n->field.name);
	if (near)
		cc_hint(k, "did you mean '%s'?", near);
	poison(k, n);
}

/* NAME.key and NAME.leaf of a map: only for typeof and sizeof. */
static bool map_member(struct cc *k, struct node *n)
{
	const struct c_map *m;
	const struct type *t;

	if (n->field.object->kind != N_CMAPREF || n->field.arrow)
		return false;
	m = n->field.object->cmapref.map;
	t = strcmp(n->field.name, "key") == 0	 ? m->key
	    : strcmp(n->field.name, "leaf") == 0 ? m->leaf
						 : NULL;
	if (!t || !k->unevaluated) {
		cc_error(k, n, UNKNOWN_FIELD, "a map has methods, not members");
		t = k->poison;
	}
	n->type = t;
	return true;
}

static void field(struct cc *k, struct node *n)
{
	const struct type *t;
	struct member m;

	if (n->field.arrow)
		cc_value(k, &n->field.object);
	else
		cc_expr(k, &n->field.object);
	t = n->field.object->type;
	if (cc_bad(k, t)) {
		poison(k, n);
		return;
	}
	if (map_member(k, n))
		return;
	/* the other of '.' and '->' is what was meant */
	if (!n->field.arrow && t->kind == TY_PTR) {
		cc_error(k, n, TYPE, "member '%s' of a pointer", n->field.name);
		cc_hint(k, "a member of what a pointer points to is reached with '->'");
		poison(k, n);
		return;
	}
	if (n->field.arrow) {
		if (t->kind != TY_PTR) {
			cc_error(k, n, TYPE, "'->' behind %s, which is no pointer", cc_type(k, t));
			if (t->kind == TY_STRUCT || t->kind == TY_UNION)
				cc_hint(k, "a member of a struct is reached with '.'");
			poison(k, n);
			return;
		}
		t = t->elem;
	}
	if (cc_bad(k, t)) {
		poison(k, n);
		return;
	}
	if (t->kind != TY_STRUCT && t->kind != TY_UNION) {
		cc_error(k, n, TYPE, "member '%s' of %s", n->field.name, cc_type(k, t));
		poison(k, n);
		return;
	}
	if (!cc_member(k, t, n->field.name, &m)) {
		no_member(k, n, t);
		return;
	}
	n->field.member = m;
	set_loaded(k, n, m.type);
}

static void subscript(struct cc *k, struct node *n)
{
	const struct type *t, *i;

	cc_value(k, &n->index.object);
	cc_value(k, &n->index.index);
	t = n->index.object->type;
	i = n->index.index->type;
	if (cc_bad(k, t) || cc_bad(k, i)) {
		poison(k, n);
		return;
	}
	if (t->kind != TY_PTR && i->kind == TY_PTR) { /* 3[a] */
		struct node *swap = n->index.object;

		n->index.object = n->index.index;
		n->index.index = swap;
		t = n->index.object->type;
		i = n->index.index->type;
	}
	if (t->kind != TY_PTR || !cc_is_arith(i) || !cc_complete(k, t->elem)) {
		cc_error(k, n, TYPE, "%s cannot be indexed by %s", cc_type(k, t), cc_type(k, i));
		poison(k, n);
		return;
	}
	cc_convert(k, &n->index.index, i->is_signed ? k->i64 : k->u64, "an index");
	set_loaded(k, n, t->elem);
}

static void dereference(struct cc *k, struct node **at)
{
	struct node *n = *at;
	const struct type *t;

	cc_value(k, &n->unary.operand);
	t = n->unary.operand->type;
	if (cc_bad(k, t)) {
		poison(k, n);
		return;
	}
	if (t->kind != TY_PTR || t->elem->kind == TY_NONE || t->elem->kind == TY_FUNC) {
		cc_error(k, n, TYPE, "%s cannot be dereferenced", cc_type(k, t));
		if (t->kind == TY_PTR && t->elem->kind == TY_NONE)
			cc_hint(k, "cast it to a pointer to a type first");
		poison(k, n);
		return;
	}
	set_loaded(k, n, t->elem);
}

/* Something may be written through an address that is given away. */
static void taint(struct cc *k, const struct node *n)
{
	while (n->kind == N_FIELD && !n->field.arrow)
		n = n->field.object;
	if (n->kind != N_CVAR)
		return;
	n->cvar.var->address_taken = true;
	if (!k->reading && !k->unevaluated && n->cvar.var->type->kind == TY_PTR)
		cc_var_store(k, n->cvar.var, unknown(k));
}

static void address_of(struct cc *k, struct node **at)
{
	struct node *n = *at, *o;

	cc_expr(k, &n->unary.operand);
	o = n->unary.operand;
	if (cc_bad(k, o->type)) {
		poison(k, n);
		return;
	}
	if (o->kind == N_CMAPREF) { /* &map is the map */
		o->next = n->next;
		*at = o;
		return;
	}
	if (!cc_is_lvalue(o)) {
		cc_error(k, n, ASSIGN, "this has no address");
		poison(k, n);
		return;
	}
	if (o->kind == N_FIELD && o->field.member.bit_size) {
		cc_error(k, n, ASSIGN, "bit-field '%s' has no address", o->field.name);
		poison(k, n);
		return;
	}
	taint(k, o);
	n->type = cc_ptr(k, o->type, cc_lvalue_space(k, o));
}

/* ---- casts and sizes ---------------------------------------------------- */

static void explicit_cast(struct cc *k, struct node **at)
{
	struct node *n = *at;
	const struct type *to = cc_type_name_type(k, n->cast.to), *from;
	enum space s;
	bool known;

	cc_value(k, &n->cast.operand);
	from = n->cast.operand->type;
	n->type = to;
	if (cc_bad(k, from) || cc_bad(k, to)) {
		poison(k, n);
		return;
	}
	if (to->kind == TY_NONE)
		return;
	if (cc_is_arith(to) && n->cast.operand->kind == N_NUM && to->size <= 8) {
		cc_become_num(k, n, n->cast.operand->num.value, to);
		return;
	}
	if (!cc_is_scalar(to) && cc_same(from, to))
		return;
	if (!cc_is_scalar(to) || !cc_is_scalar(from)) {
		cc_error(k, n, TYPE, "%s cannot be cast to %s", cc_type(k, from), cc_type(k, to));
		poison(k, n);
		return;
	}
	if (to->kind != TY_PTR)
		return;
	if (from->kind == TY_PTR) {
		s = from->space;
		if (s == SP_TRUSTED && to->elem->kind != TY_NONE && !cc_same(from->elem, to->elem))
			s = SP_KERNEL;
	} else {
		s = cc_provenance(k, n->cast.operand, &known);
		if (!known)
			s = unknown(k);
		cc_cast(k, &n->cast.operand, type_int(k->types, 8, from->is_signed));
	}
	if (to->space == SP_USER)
		s = SP_USER;
	n->type = cc_ptr(k, to->elem, s);
}

static void size_of(struct cc *k, struct node *n)
{
	const struct type *t;
	struct node *o = n->size_of.operand;

	if (o->kind == N_CTYPE) {
		t = cc_type_name_type(k, o);
	} else {
		k->unevaluated++;
		cc_expr(k, &n->size_of.operand);
		k->unevaluated--;
		o = n->size_of.operand;
		t = o->type;
	}
	if (cc_bad(k, t)) {
		poison(k, n);
		return;
	}
	if (!cc_complete(k, t) && t->kind != TY_NONE && t->kind != TY_FUNC) {
		cc_error(k, o, UNKNOWN_TYPE, "the size of %s is not known", cc_type(k, t));
		poison(k, n);
		return;
	}
	cc_become_num(k, n, t->size ? t->size : t->kind == TY_NONE, k->u64);
}

/* The path of offsetof below a type: names and constant indices. */
static const struct type *walk_path(struct cc *k, const struct type *t, struct node *path,
				    uint64_t *offset)
{
	struct member m;
	int64_t i;

	if (path->kind == N_IDENT || path->kind == N_FIELD) {
		const char *name = path->kind == N_IDENT ? path->ident.name : path->field.name;

		if (path->kind == N_FIELD)
			t = walk_path(k, t, path->field.object, offset);
		if (cc_bad(k, t))
			return t;
		if (!cc_member(k, t, name, &m)) {
			cc_error(k, path, UNKNOWN_FIELD, "%s has no member '%s'", cc_type(k, t),
				 name);
			return k->poison;
		}
		*offset += m.offset;
		return m.type;
	}
	if (path->kind == N_INDEX) {
		t = walk_path(k, t, path->index.object, offset);
		if (cc_bad(k, t) || !cc_constant(k, &path->index.index, &i, "an index of offsetof"))
			return k->poison;
		if (cc_is_array(t)) {
			*offset += (uint64_t)i * cc_elem(k, t)->size;
			return cc_elem(k, t);
		}
	}
	cc_error(k, path, SYNTAX, "offsetof is given a type and a member of it");
	return k->poison;
}

static void offset_of(struct cc *k, struct node *n)
{
	const struct type *t = cc_type_name_type(k, n->coffsetof.to);
	uint64_t offset = 0;

	if (!cc_bad(k, t) && !n->coffsetof.path) { /* alignof */
		cc_become_num(k, n, type_c_align(k->types, t), k->u64);
		return;
	}
	if (!cc_bad(k, t))
		t = walk_path(k, t, n->coffsetof.path, &offset);
	if (cc_bad(k, t))
		poison(k, n);
	else
		cc_become_num(k, n, offset, k->u64);
}

/* ---- blocks and literals ------------------------------------------------ */

static void literal(struct cc *k, struct node *n)
{
	const struct type *t = cc_type_name_type(k, n->cliteral.to);

	if (!cc_bad(k, t))
		t = cc_init(k, t, &n->cliteral.init);
	n->type = t;
	if (cc_bad(k, t))
		return;
	if (!k->func) {
		cc_error(k, n, NOT_CONSTANT, "a literal of a struct at file scope");
		poison(k, n);
		return;
	}
	n->cliteral.var = cc_var_new(k, NULL, t, C_LOCAL, n->loc);
	n->cliteral.var->address_taken = true;
}

static void statement_expr(struct cc *k, struct node *n)
{
	struct node *last = n->block.stmts;

	if (!k->func) {
		cc_error(k, n, NOT_CONSTANT, "statements outside of a function");
		poison(k, n);
		return;
	}
	cc_scope_push(k);
	cc_block(k, n->block.stmts);
	cc_scope_pop(k);
	while (last && last->next)
		last = last->next;
	n->type = k->none;
	if (last && last->kind == N_EXPR && last->expr.expr) {
		cc_decay(k, &last->expr.expr);
		n->type = last->expr.expr->type;
	}
}

static void comma(struct cc *k, struct node *n)
{
	cc_value(k, &n->binary.left);
	cc_value(k, &n->binary.right);
	n->type = n->binary.right->type;
}

/* ---- dispatch ----------------------------------------------------------- */

void cc_expr(struct cc *k, struct node **at)
{
	struct node *n = *at, *next = n->next;

	switch (n->kind) {
	case N_NUM: cc_become_num(k, n, n->num.value, n->type); break;
	case N_STR: break;
	case N_IDENT: identifier(k, n); break;
	case N_FIELD: field(k, n); break;
	case N_INDEX: subscript(k, n); break;
	case N_CAST: explicit_cast(k, at); break;
	case N_SIZEOF: size_of(k, n); break;
	case N_COFFSETOF: offset_of(k, n); break;
	case N_CLITERAL: literal(k, n); break;
	case N_CSTMTEXPR: statement_expr(k, n); break;
	case N_CCOMMA: comma(k, n); break;
	case N_CCALL: cc_call(k, at); break;
	case N_ASSIGN: cc_assignment(k, at); break;
	case N_CTYPE:
		cc_error(k, n, SYNTAX, "a type, where a value is needed");
		poison(k, n);
		break;
	case N_UNARY:
		if (n->unary.op == OP_ADDR)
			address_of(k, at);
		else if (n->unary.op == OP_DEREF)
			dereference(k, at);
		else
			cc_operator(k, at);
		break;
	default: cc_operator(k, at); break;
	}
	(*at)->next = next;
	if (!(*at)->type)
		poison(k, *at);
}

void cc_value(struct cc *k, struct node **at)
{
	cc_expr(k, at);
	cc_decay(k, at);
}

void cc_cond(struct cc *k, struct node **at)
{
	cc_value(k, at);
	if (!cc_bad(k, (*at)->type) && !cc_is_scalar((*at)->type)) {
		cc_error(k, *at, TYPE, "%s cannot be tested", cc_type(k, (*at)->type));
		(*at)->type = k->poison;
	}
}
