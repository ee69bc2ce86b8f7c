/*
 * Values of clauses in the layout of C, for maps that are declared there: structs
 * from tuples and records, integers in their declared sizes.
 */
#include "codegen/lower/internal.h"

static bool is_struct(const struct type *t)
{
	return t->kind == TY_STRUCT || t->kind == TY_UNION;
}

static bool has_members(const struct type *t)
{
	return is_struct(t) || t->kind == TY_TUPLE || t->kind == TY_RECORD;
}

void lower_c_convert(struct lower *l, ir_val src, const struct type *from, const struct type *as,
		     ir_val dst)
{
	const struct member *f, *t;
	uint32_t n;

	if (!type_in_memory(as)) {
		ir_store(l->ir, dst, ir_load(l->ir, src, from->size, from->is_signed), as->size);
		return;
	}
	if (!has_members(as) || !has_members(from) || (is_struct(as) && is_struct(from))) {
		lower_convert(l, src, from, as, dst, PAD_ZEROED);
		return;
	}
	n = type_members(l->c->types, as, &t);
	if (type_members(l->c->types, from, &f) < n)
		n = from->nmembers;
	for (uint32_t i = 0; i < n; i++)
		lower_c_convert(l, ir_offset(l->ir, src, f[i].offset), f[i].type, t[i].type,
				ir_offset(l->ir, dst, t[i].offset));
}

static void build(struct lower *l, const struct node *n, const struct type *as, ir_val dst)
{
	const struct node *e = n->kind == N_TUPLE ? n->tuple.elems : n->record.items;
	const struct member *m;
	uint32_t count, i;

	if (!is_struct(as) || is_struct(n->type)) {
		lower_build(l, n, as, dst, PAD_ZEROED);
		return;
	}
	if (n->kind != N_TUPLE && n->kind != N_RECORD) {
		lower_c_convert(l, lower_expr(l, n), n->type, as, dst);
		return;
	}
	count = type_members(l->c->types, as, &m);
	for (i = 0; e && i < count; e = e->next, i++)
		build(l, n->kind == N_TUPLE ? e : e->item.value, m[i].type,
		      ir_offset(l->ir, dst, m[i].offset));
}

ir_val lower_c_value(struct lower *l, const struct node *n, const struct type *as)
{
	ir_val p = lower_temp(l, as->size, true);

	build(l, n, as, p);
	return p;
}
