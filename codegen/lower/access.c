/*
 * Members, elements and dereferenced pointers. Where a thing lies decides how
 * it is read: kernel and user memory by a helper, one read per pointer level;
 * the context, the stack and map values by plain loads.
 */
#include "codegen/lower/internal.h"

static bool by_helper(enum space s)
{
	return s == SP_KERNEL || s == SP_USER;
}

/* What is known of a plain number used as an address is only where the probe is. */
static enum space space_of(const struct lower *l, const struct type *t)
{
	if (t->space != SP_VALUE)
		return t->space;
	return l->clause->clause.provider->user_memory ? SP_USER : SP_KERNEL;
}

/*
 * Of the program's own memory the verifier must know every pointer that is loaded from;
 * from one that was kept in a variable only a helper reads.
 */
static enum space kept_space(enum space s)
{
	return s == SP_STACK || s == SP_MAP ? SP_KERNEL : s;
}

static bool object_place(struct lower *l, const struct node *object, struct lower_place *out)
{
	if (!object->type)
		return false;
	if (object->type->kind == TY_PTR) {
		out->addr = lower_expr(l, object);
		out->space = kept_space(space_of(l, object->type));
		return true;
	}
	return lower_place(l, object, out);
}

void lower_place_move(struct lower *l, struct lower_place *p, uint64_t bytes)
{
	if (ir_is_ptr(l->ir, p->addr))
		p->addr = ir_offset(l->ir, p->addr, bytes);
	else
		p->addr = ir_bin(l->ir, IR_ADD, p->addr, ir_const(l->ir, bytes));
}

/*
 *	at = i < count ? base + i * size : 0;
 * in memory whose pointers the verifier knows, so that it knows the bounds as well;
 * reading at 0 gives 0. A branch that the optimiser cannot turn around.
 */
static void index_bounded(struct lower *l, const struct type *array, ir_val i,
			  struct lower_place *p)
{
	struct ir *ir = l->ir;
	ir_block in = ir_block_new(ir, ""), done = ir_block_new(ir, ""), from;
	ir_val at;

	i = ir_opaque(ir, i);
	from = ir_here(ir);
	ir_cond(ir, ir_icmp(ir, IR_ULT, i, ir_const(ir, array->count)), in, done);
	ir_at(ir, in);
	at = ir_bin(ir, IR_MUL, ir_opaque(ir, i), ir_const(ir, array->elem->size));
	at = ir_ptr_to_int(ir, ir_offset_v(ir, p->addr, at));
	in = ir_here(ir);
	ir_br(ir, done);
	ir_at(ir, done);
	p->addr = ir_phi(ir, at, in, ir_const(ir, 0), from);
	p->space = SP_KERNEL;
	p->own = true;
}

static bool index_place(struct lower *l, const struct node *n, struct lower_place *out)
{
	const struct type *t = n->index.object->type;
	struct ir *ir = l->ir;
	uint64_t constant;

	if (!t || !t->elem || !object_place(l, n->index.object, out))
		return false;
	ir_val i = lower_expr(l, n->index.index);
	if (ir_const_value(ir, i, &constant)) {
		lower_place_move(l, out, constant * t->elem->size);
	} else if (by_helper(out->space) && !out->own) {
		i = ir_bin(ir, IR_MUL, i, ir_const(ir, t->elem->size));
		out->addr = ir_bin(ir, IR_ADD, out->addr, i);
	} else if (t->kind == TY_ARRAY) {
		index_bounded(l, t, i, out);
	} else {
		lower_not_yet(l, n, "an index that is not constant, behind this pointer,");
		return false;
	}
	return true;
}

static bool field_place(struct lower *l, const struct node *n, struct lower_place *out)
{
	if (!object_place(l, n->field.object, out))
		return false;
	lower_place_move(l, out, n->field.member.offset);
	return true;
}

/* A variable of the provider (args.x, a context field) that lies in memory. */
static bool provider_place(struct lower *l, const struct node *n, const struct provider_var *v,
			   uint32_t arg, struct lower_place *out)
{
	if (!v->lower)
		return false;
	out->addr = v->lower(l, n, arg);
	out->space = n->type->space == SP_VALUE ? SP_CTX : n->type->space;
	return out->addr;
}

/* A map's value; a missing key is read as zeroes. */
static bool map_place(struct lower *l, const struct node *n, struct lower_place *out)
{
	out->addr = lower_map_address(l, n);
	out->space = SP_KERNEL;
	out->own = true;
	return true;
}

bool lower_place(struct lower *l, const struct node *n, struct lower_place *out)
{
	bool ok = false;

	out->own = false;
	if (!n->type || !lower_deeper(l, n))
		return false;
	if (n->kind == N_FIELD && n->field.pvar)
		ok = provider_place(l, n, n->field.pvar, n->field.arg, out);
	else if (n->kind == N_FIELD)
		ok = field_place(l, n, out);
	else if (n->kind == N_INDEX)
		ok = index_place(l, n, out);
	else if (n->kind == N_UNARY && n->unary.op == OP_DEREF)
		ok = object_place(l, n->unary.operand, out);
	else if (n->kind == N_IDENT && n->ident.pvar)
		ok = provider_place(l, n, n->ident.pvar, n->ident.arg, out);
	else if (n->kind == N_MAP)
		ok = map_place(l, n, out);
	else if (n->kind == N_VAR || type_in_memory(n->type)) {
		out->addr = n->kind == N_VAR ? lower_var_ptr(l, n) : lower_expr(l, n);
		out->space = SP_STACK;
		ok = true;
	}
	l->depth--;
	return ok;
}

/* A read of the program's own memory fails by intent only: nothing is counted. */
static void read_bytes(struct lower *l, const struct lower_place *p, ir_val dst, uint32_t size,
		       struct loc loc)
{
	if (p->own)
		IR_CALL(l->ir, BPF_FUNC_probe_read_kernel, dst, ir_const(l->ir, size),
			ir_ptr_to_int(l->ir, p->addr));
	else
		lower_read(l, p->space, p->addr, dst, size, loc);
}

void lower_place_read(struct lower *l, const struct lower_place *p, ir_val dst, uint32_t size,
		      struct loc loc)
{
	if (by_helper(p->space))
		read_bytes(l, p, dst, size, loc);
	else
		ir_copy(l->ir, dst, p->addr, size);
}

/* Scalars are read into one slot: the value is loaded from it at once. */
static ir_val read_scalar(struct lower *l, const struct lower_place *p, uint32_t size,
			  bool is_signed, struct loc loc)
{
	if (!by_helper(p->space))
		return ir_load(l->ir, p->addr, size, is_signed);
	if (!l->own->read_slot)
		l->own->read_slot = ir_alloca(l->ir, 8, 8);
	read_bytes(l, p, l->own->read_slot, size, loc);
	return ir_load(l->ir, l->own->read_slot, size, is_signed);
}

/* The bytes that have bits of the field, one by one, as a number of its width's bits or more. */
static ir_val read_parts(struct lower *l, const struct lower_place *from, const struct member *m,
			 struct loc loc)
{
	ir_val v = ir_const(l->ir, 0), byte;

	for (unsigned n = 0; n < member_bit_bytes(m); n++) {
		struct lower_place p = *from;

		lower_place_move(l, &p, n);
		byte = read_scalar(l, &p, 1, false, loc);
		if (n * 8 < m->bit_offset)
			byte = ir_bin(l->ir, IR_LSHR, byte,
				      ir_const(l->ir, m->bit_offset - n * 8));
		else
			byte = ir_bin(l->ir, IR_SHL, byte,
				      ir_const(l->ir, n * 8 - m->bit_offset));
		v = ir_bin(l->ir, IR_OR, v, byte);
	}
	return v;
}

/* A bit-field: its storage unit, shifted up to drop what is above it, and down. */
static ir_val read_bits(struct lower *l, const struct lower_place *p, const struct member *m,
			struct loc loc)
{
	uint32_t size = m->in_parts || !m->type->size ? 8 : m->type->size;
	ir_val unit = m->in_parts ? read_parts(l, p, m, loc) : read_scalar(l, p, size, false, loc);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	unsigned up = 64 - size * 8 + (m->in_parts ? 0 : m->bit_offset);
#else
	unsigned up = 64 - (m->in_parts ? 0 : m->bit_offset) - m->bit_size;
#endif
	unit = ir_bin(l->ir, IR_SHL, unit, ir_const(l->ir, up));
	return ir_bin(l->ir, m->type->is_signed ? IR_ASHR : IR_LSHR, unit,
		ir_const(l->ir, 64 - m->bit_size));
}

/* Variables of the provider that are plain values: arg0, retval, args.count. */
static ir_val provider_value(struct lower *l, const struct node *n, const struct provider_var *v,
			     uint32_t arg)
{
	ir_val r = v->lower ? v->lower(l, n, arg) : NULL;
	return r ? r : ir_const(l->ir, 0);
}

/* What the verifier lets a program load through a pointer whose type it knows: whole members. */
static bool loads_plainly(const struct node *n)
{
	return n->kind == N_FIELD && !n->field.member.bit_size &&
	       (n->type->kind == TY_PTR || type_is_integer(n->type));
}

ir_val lower_access(struct lower *l, const struct node *n)
{
	struct lower_place p;

	if (n->kind == N_FIELD && n->field.pvar)
		return provider_value(l, n, n->field.pvar, n->field.arg);
	if (!lower_place(l, n, &p))
		return ir_const(l->ir, 0);
	lower_loc(l, n->loc);
	if (p.space == SP_TRUSTED && !loads_plainly(n))
		p.space = SP_KERNEL;
	if (n->kind == N_FIELD && n->field.member.bit_size)
		return read_bits(l, &p, &n->field.member, n->loc);
	ir_val v = read_scalar(l, &p, n->type->size, n->type->is_signed, n->loc);
	if (n->type->kind == TY_BOOL)
		v = ir_bool(l->ir, ir_truth(l->ir, v));
	return v;
}

/* The kernel's string read ends the string at its NUL or at size - 1, and leaves the rest alone. */
static void read_string(struct lower *l, const struct lower_place *p, ir_val dst, uint32_t size,
			struct loc loc)
{
	int id = p->space == SP_USER ? BPF_FUNC_probe_read_user_str
				     : BPF_FUNC_probe_read_kernel_str;
	ir_val rc = IR_CALL(l->ir, id, dst, ir_const(l->ir, size), ir_ptr_to_int(l->ir, p->addr));

	if (!p->own)
		lower_fail_read(l, ir_icmp(l->ir, IR_SLT, rc, ir_const(l->ir, 0)), p->space, true,
				loc);
}

/* Text whose end is where its NUL is: what lies behind that is of no value. */
static bool is_text(const struct node *n, const struct type *as)
{
	const struct node *object = n->kind == N_FIELD ? n->field.object
				    : n->kind == N_INDEX ? n->index.object : NULL;
	const struct type *t = object ? object->type : NULL;

	if (n->type->kind == TY_ARRAY)
		return as->kind == TY_STRING;
	return n->type->kind == TY_STRING &&
	       !(t && (t->kind == TY_TUPLE || t->kind == TY_RECORD));
}

void lower_access_into(struct lower *l, const struct node *n, const struct type *as, ir_val dst,
		       enum lower_pad pad)
{
	uint32_t size = n->type->size < as->size ? n->type->size : as->size;
	struct lower_place p;

	if (!lower_place(l, n, &p)) {
		ir_zero(l->ir, dst, as->size);
		return;
	}
	lower_loc(l, n->loc);
	if (is_text(n, as)) {
		if (pad == PAD_ZERO)
			ir_zero(l->ir, dst, as->size);
		read_string(l, &p, dst, as->size, n->loc);
	} else if (p.space == SP_STACK || p.space == SP_MAP) {
		lower_convert(l, p.addr, n->type, as, dst, pad);
	} else if (type_in_memory(as) && (as->kind == TY_TUPLE || as->kind == TY_RECORD)) {
		ir_val temp = lower_temp(l, n->type->size, false);

		lower_place_read(l, &p, temp, n->type->size, n->loc);
		lower_convert(l, temp, n->type, as, dst, pad);
	} else {
		if (pad == PAD_ZERO && size < as->size)
			ir_zero(l->ir, ir_offset(l->ir, dst, size), as->size - size);
		lower_place_read(l, &p, dst, size, n->loc);
	}
}
