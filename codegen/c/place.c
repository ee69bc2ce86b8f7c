/*
 * Places: variables, members, elements, what pointers point to; and how each is
 * read and written, which its address space decides.
 */
#include <string.h>

#include "codegen/c/internal.h"

#define LITERAL_BYTES 64 /* a short literal may be copied from beyond its end: zeroes stand there */
#define STACK_BYTES 352  /* for variables in memory; more goes to scratch */

/* ---- variables ---------------------------------------------------------- */

static uint32_t bytes(const struct type *t)
{
	return t && t->size ? (t->size + 7) & ~7u : 8;
}

static ir_val storage(struct cg *g, const struct type *t, bool memory)
{
	uint32_t size = bytes(t);

	if (memory && g->l->own->stack_used + size > STACK_BYTES)
		return lower_scratch_new(g->l, size);
	if (memory)
		g->l->own->stack_used += size;
	return ir_alloca(g->ir, size, t && t->align > 8 ? t->align : 8);
}

/* Memory that the statements behind the one that is lowered use again. */
static ir_val storage_for_call(struct cg *g, const struct type *t)
{
	struct lower_own *o = g->l->own;
	struct lower_slot slot = {NULL, bytes(t), o->stmt_depth};

	for (size_t i = 0; i < o->slots.n; i++)
		if (!o->slots.v[i].depth && o->slots.v[i].size == slot.size) {
			o->slots.v[i].depth = o->stmt_depth;
			return o->slots.v[i].ptr;
		}
	if (t->align > 8 || o->stack_used + slot.size > STACK_BYTES)
		return lower_scratch_new(g->l, slot.size);
	slot.ptr = storage(g, t, true);
	vec_apush(g->l->arena, &o->slots, slot);
	return slot.ptr;
}

void cg_vars_begin(struct cg *g, const struct c_func *f)
{
	for (struct c_var *v = f->vars; v; v = v->next) {
		struct cg_var *d = arena_new_of(g->l->arena, struct cg_var);
		bool memory = cg_in_memory(v->type) || v->address_taken;

		d->program = g->program;
		d->ptr = memory ? storage_for_call(g, v->type) : storage(g, v->type, false);
		v->data = d;
	}
}

struct cg_var *cg_var(struct cg *g, struct c_var *v)
{
	struct cg_var *d = v->data;

	if (d && d->program == g->program)
		return d;
	d = arena_new_of(g->l->arena, struct cg_var);
	d->program = g->program;
	d->ptr = storage(g, v->type, cg_in_memory(v->type) || v->address_taken);
	v->data = d;
	return d;
}

/* ---- reading and writing ------------------------------------------------- */

ir_val cg_address(struct cg *g, const struct cg_place *p)
{
	if (p->addr)
		return p->addr;
	return p->offset ? ir_offset(g->ir, ir_ctx(g->ir), p->offset) : ir_ctx(g->ir);
}

static void place_move(struct cg *g, struct cg_place *p, uint64_t bytes)
{
	if (!p->addr)
		p->offset += bytes;
	else if (bytes)
		p->addr = ir_is_ptr(g->ir, p->addr)
				  ? ir_offset(g->ir, p->addr, bytes)
				  : ir_bin(g->ir, IR_ADD, p->addr, ir_const(g->ir, bytes));
}

static bool by_helper(enum space s)
{
	return s == SP_KERNEL || s == SP_USER || s == SP_ANY;
}

static void probe_read(struct cg *g, const struct cg_place *p, ir_val dst, uint32_t size,
		       struct loc loc)
{
	if (p->space != SP_ANY) {
		lower_read(g->l, p->space, cg_address(g, p), dst, size, loc);
		return;
	}
	IR_CALL(g->ir, BPF_FUNC_probe_read, dst, ir_const(g->ir, size),
		ir_ptr_to_int(g->ir, cg_address(g, p)));
}

static bool plain_pointer(const struct type *t)
{
	return t->kind == TY_PTR && !by_helper(t->space);
}

static ir_val load_plain(struct cg *g, ir_val addr, const struct type *t)
{
	if (plain_pointer(t))
		return ir_load_ptr(g->ir, addr);
	return ir_load(g->ir, addr, t->size ? t->size : 8, t->is_signed);
}

/* Bytes that were copied out of memory the program cannot touch. */
static ir_val fetch(struct cg *g, const struct cg_place *p, uint32_t size, struct loc loc)
{
	ir_val temp = lower_temp(g->l, size, false);

	probe_read(g, p, temp, size, loc);
	return temp;
}

ir_val cg_load(struct cg *g, const struct cg_place *p, const struct type *t, struct loc loc)
{
	uint32_t size = t->size ? t->size : 8;

	if (cg_in_memory(t))
		return by_helper(p->space) ? fetch(g, p, size, loc) : cg_address(g, p);
	if (by_helper(p->space))
		return load_plain(g, fetch(g, p, size, loc), t);
	if (!p->addr)
		return ir_load_ctx(g->ir, p->offset, size, t->is_signed);
	return load_plain(g, p->addr, t);
}

/* The n-th byte of a field whose bytes are touched one by one; false: it has no more. */
static bool bits_part(struct cg *g, const struct member *m, unsigned n, struct cg_place *p)
{
	if (n >= member_bit_bytes(m))
		return false;
	place_move(g, p, n);
	return true;
}

/* v << n, n may be below zero */
static ir_val shifted(struct cg *g, ir_val v, int n)
{
	return n < 0 ? ir_bin(g->ir, IR_LSHR, v, ir_const(g->ir, (uint64_t)-n))
		     : ir_bin(g->ir, IR_SHL, v, ir_const(g->ir, (uint64_t)n));
}

static ir_val load_parts(struct cg *g, const struct cg_place *from, const struct member *m,
			 struct loc loc)
{
	const struct type *byte = type_int(g->l->c->types, 1, false);
	struct cg_place p = *from;
	ir_val v = ir_const(g->ir, 0);

	for (unsigned n = 0; bits_part(g, m, n, &p); n++, p = *from)
		v = ir_bin(g->ir, IR_OR, v,
			   shifted(g, cg_load(g, &p, byte, loc), (int)n * 8 - m->bit_offset));
	return v;
}

static void store_parts(struct cg *g, const struct cg_place *to, const struct member *m, ir_val v,
			uint64_t mask)
{
	const struct type *byte = type_int(g->l->c->types, 1, false);
	struct cg_place p = *to;

	for (unsigned n = 0; bits_part(g, m, n, &p); n++, p = *to) {
		int left = m->bit_offset - (int)n * 8;
		uint64_t here = (left < 0 ? mask >> -left : mask << left) & 0xff;
		ir_val old = cg_load(g, &p, byte, LOC_NONE), new = shifted(g, v, left);

		old = ir_bin(g->ir, IR_AND, old, ir_const(g->ir, ~here));
		new = ir_bin(g->ir, IR_AND, new, ir_const(g->ir, here));
		cg_store(g, &p, byte, ir_bin(g->ir, IR_OR, old, new));
	}
}

/* unit >> bit_offset, cut to bit_size, and the sign spread when there is one */
ir_val cg_load_bits(struct cg *g, const struct cg_place *p, const struct member *m, struct loc loc)
{
	unsigned up = 64 - m->bit_size;
	ir_val v;

	if (m->in_parts)
		v = load_parts(g, p, m, loc);
	else
		v = ir_bin(g->ir, IR_LSHR, cg_load(g, p, m->type, loc),
			   ir_const(g->ir, m->bit_offset));
	v = ir_bin(g->ir, IR_SHL, v, ir_const(g->ir, up));
	return ir_bin(g->ir, m->type->is_signed ? IR_ASHR : IR_LSHR, v, ir_const(g->ir, up));
}

void cg_store(struct cg *g, const struct cg_place *p, const struct type *t, ir_val v)
{
	uint32_t size = t->size ? t->size : 8;

	if (cg_in_memory(t))
		ir_copy(g->ir, cg_address(g, p), v, size);
	else
		ir_store(g->ir, cg_address(g, p), v, size);
}

void cg_store_bits(struct cg *g, const struct cg_place *p, const struct member *m, ir_val v)
{
	uint64_t mask = m->bit_size >= 64 ? ~0ull : (1ull << m->bit_size) - 1;
	ir_val old;

	if (m->in_parts) {
		store_parts(g, p, m, v, mask);
		return;
	}
	old = cg_load(g, p, m->type, LOC_NONE);
	v = ir_bin(g->ir, IR_AND, v, ir_const(g->ir, mask));
	v = ir_bin(g->ir, IR_SHL, v, ir_const(g->ir, m->bit_offset));
	old = ir_bin(g->ir, IR_AND, old, ir_const(g->ir, ~(mask << m->bit_offset)));
	cg_store(g, p, m->type, ir_bin(g->ir, IR_OR, old, v));
}

/* ---- places -------------------------------------------------------------- */

static bool is_ctx(struct cg *g, const struct node *n)
{
	const struct c_var *v = n->kind == N_CVAR ? n->cvar.var : NULL;
	const struct cg_var *d = v ? v->data : NULL;

	return v && (v == g->program->ctx || (d && d->program == g->program && d->is_ctx));
}

static void literal(struct cg *g, const struct node *n, struct cg_place *out)
{
	uint32_t size = n->str.len + 1;

	size = size < LITERAL_BYTES ? LITERAL_BYTES : (size + 7) & ~7u;
	out->addr = lower_temp(g->l, size, false);
	out->space = SP_STACK;
	ir_store_bytes(g->ir, out->addr, n->str.text, n->str.len, size);
}

/* ---- variables at file scope ---------------------------------------------- */

static void put_bits(uint8_t *at, unsigned offset, unsigned size, uint64_t v)
{
	for (unsigned i = 0; i < size; i++) {
		unsigned bit = offset + i;

		at[bit / 8] = (uint8_t)((at[bit / 8] & ~(1u << bit % 8)) |
					(unsigned)(v >> i & 1) << bit % 8);
	}
}

/*
 * A program cannot keep addresses in initialised memory: a pointer to a literal is
 * kept as where the literal stands in a second variable, and 0 is NULL.
 */
struct strings {
	uint8_t *bytes;
	uint32_t size;
};

static uint32_t strings_add(struct cg *g, struct strings *s, const struct node *str)
{
	uint32_t room = (str->str.len + 8) & ~7u, at = s->size ? s->size : 8;
	uint8_t *bytes;

	room = room < LITERAL_BYTES ? LITERAL_BYTES : room;
	bytes = arena_alloc(g->l->arena, at + room);
	memset(bytes, 0, at + room);
	if (s->size)
		memcpy(bytes, s->bytes, s->size);
	memcpy(bytes + at, str->str.text, str->str.len);
	*s = (struct strings){bytes, at + room};
	return at;
}

/* The bytes that an initialiser gives; what is not there stays zero. */
static void put_value(struct cg *g, uint8_t *at, const struct type *t, const struct node *v,
		      struct strings *strings)
{
	uint64_t n;

	while (v->kind == N_CAST)
		v = v->cast.operand;
	switch (v->kind) {
	case N_NUM:
		n = v->num.value;
		memcpy(at, &n, t->size < 8 ? t->size : 8);
		if (t->size > 8 && v->type->is_signed && (int64_t)n < 0)
			memset(at + 8, 0xff, t->size - 8);
		break;
	case N_STR:
		if (t->kind == TY_STRING || t->kind == TY_ARRAY) {
			memcpy(at, v->str.text, v->str.len < t->size ? v->str.len : t->size);
			break;
		}
		if (t->kind == TY_PTR) {
			n = strings_add(g, strings, v);
			memcpy(at, &n, 8);
			break;
		}
		/* fall through */
	case N_CINIT:
		if (v->kind == N_CINIT && !v->cinit.items)
			break;
		/* fall through */
	default: lower_not_yet(g->l, v, "a pointer in a variable at file scope"); break;
	}
}

static ir_val global(struct cg *g, struct c_var *v)
{
	const struct node *init = v->init, *i;
	uint32_t size = v->type->size;
	struct cg_var *d = v->data;
	struct strings strings = {NULL, 0};
	uint8_t *data;

	if (d)
		return d->ptr;
	d = v->data = arena_new_of(g->l->arena, struct cg_var);
	data = arena_alloc(g->l->arena, size + 8);
	memset(data, 0, size + 8);
	for (i = init && init->kind == N_CINIT ? init->cinit.items : NULL; i; i = i->next) {
		const struct node *value = i->citem.value;

		if (i->citem.place.bit_size && value->kind == N_NUM)
			put_bits(data + i->citem.place.offset, i->citem.place.bit_offset,
				 i->citem.place.bit_size, value->num.value);
		else
			put_value(g, data + i->citem.place.offset, i->citem.place.type, value,
				  &strings);
	}
	if (init && init->kind != N_CINIT)
		put_value(g, data, v->type, init, &strings);
	d->ptr = ir_global(g->ir, data, size, v->type->align ? v->type->align : 8, v->is_const);
	if (strings.size) {
		for (d->strings_size = 8; d->strings_size < strings.size;)
			d->strings_size *= 2;
		data = arena_alloc(g->l->arena, d->strings_size);
		memset(data, 0, d->strings_size);
		memcpy(data, strings.bytes, strings.size);
		d->strings = ir_global(g->ir, data, d->strings_size, 8, true);
	}
	return d->ptr;
}

/* The variable at file scope that a place is in, when it holds pointers to literals. */
static const struct cg_var *strings_of(struct cg *g, const struct node *n)
{
	const struct c_var *v;

	while (n->kind == N_INDEX || (n->kind == N_FIELD && !n->field.arrow) || n->kind == N_CAST)
		n = n->kind == N_INDEX ? n->index.object
		    : n->kind == N_FIELD ? n->field.object : n->cast.operand;
	v = n->kind == N_CVAR ? n->cvar.var : NULL;
	if (!v || v->storage != C_GLOBAL)
		return NULL;
	global(g, n->cvar.var);
	return ((const struct cg_var *)v->data)->strings ? v->data : NULL;
}

void cg_refuse_strings(struct cg *g, const struct node *n)
{
	if (strings_of(g, n))
		lower_not_yet(g->l, n, "anything but reading a member of a table of strings");
}

/* v is what stands in memory: v ? strings + v : NULL */
ir_val cg_load_string(struct cg *g, const struct node *n, ir_val v)
{
	const struct cg_var *d = n->type->kind == TY_PTR ? strings_of(g, n) : NULL;
	ir_block some, done, from, end;
	ir_val p;

	if (!d)
		return v;
	some = ir_block_new(g->ir, "");
	done = ir_block_new(g->ir, "");
	v = ir_is_ptr(g->ir, v) ? ir_ptr_to_int(g->ir, v) : v;
	from = ir_here(g->ir);
	ir_cond(g->ir, ir_truth(g->ir, v), some, done);
	ir_at(g->ir, some);
	p = ir_offset_v(g->ir, d->strings,
			ir_bin(g->ir, IR_AND, ir_opaque(g->ir, v),
			       ir_const(g->ir, d->strings_size - 1)));
	p = ir_ptr_to_int(g->ir, p);
	end = ir_here(g->ir);
	ir_br(g->ir, done);
	ir_at(g->ir, done);
	return ir_phi(g->ir, ir_const(g->ir, 0), from, p, end);
}

/* Where a pointer points; casts and constant offsets keep a place in the context one. */
void cg_pointer(struct cg *g, const struct node *n, struct cg_place *out)
{
	const struct type *t = n->type;

	*out = (struct cg_place){.space = t->kind == TY_PTR ? t->space : SP_KERNEL};
	if (is_ctx(g, n)) {
		out->space = SP_CTX;
		return;
	}
	if (n->kind == N_CAST && n->cast.operand->type &&
	    (n->cast.operand->type->kind == TY_PTR || cg_in_memory(n->cast.operand->type))) {
		const struct node *from = n->cast.operand;
		enum space space = out->space;

		if (from->type->kind == TY_PTR)
			cg_pointer(g, from, out);
		else
			cg_place(g, from, out);
		if (out->addr)
			out->space = space;
		return;
	}
	if (n->kind == N_UNARY && n->unary.op == OP_ADDR) {
		cg_place(g, n->unary.operand, out);
		return;
	}
	out->addr = cg_expr(g, n);
}

static bool index_place(struct cg *g, const struct node *n, struct cg_place *out)
{
	uint64_t size = n->type->size ? n->type->size : 1, index;
	ir_val i;

	cg_pointer(g, n->index.object, out);
	i = cg_expr(g, n->index.index);
	if (ir_const_value(g->ir, i, &index)) {
		place_move(g, out, index * size);
		return true;
	}
	i = ir_bin(g->ir, IR_MUL, i, ir_const(g->ir, size));
	if (out->space == SP_TRUSTED) /* the verifier wants to know which member it is */
		out->space = SP_KERNEL;
	if (out->space == SP_STACK && size < 8)
		i = ir_index(g->ir, i);
	out->addr = cg_address(g, out);
	out->addr = ir_is_ptr(g->ir, out->addr) ? ir_offset_v(g->ir, out->addr, i)
						: ir_bin(g->ir, IR_ADD, out->addr, i);
	return true;
}

static bool field_place(struct cg *g, const struct node *n, struct cg_place *out)
{
	const struct node *object = n->field.object;

	if (n->field.arrow)
		cg_pointer(g, object, out);
	else if (!cg_place(g, object, out))
		return false;
	place_move(g, out, n->field.member.offset);
	return true;
}

bool cg_place(struct cg *g, const struct node *n, struct cg_place *out)
{
	*out = (struct cg_place){.space = SP_STACK};
	switch (n->kind) {
	case N_CVAR:
		if (n->cvar.var->storage == C_GLOBAL) {
			out->addr = global(g, n->cvar.var);
			out->space = SP_MAP;
			return true;
		}
		out->addr = cg_var(g, n->cvar.var)->ptr;
		return true;
	case N_FIELD: return field_place(g, n, out);
	case N_INDEX: return index_place(g, n, out);
	case N_UNARY:
		if (n->unary.op != OP_DEREF)
			break;
		cg_pointer(g, n->unary.operand, out);
		return true;
	case N_CLITERAL:
		out->addr = cg_var(g, n->cliteral.var)->ptr;
		cg_init(g, out->addr, n->cliteral.var->type, n->cliteral.init);
		return true;
	case N_STR:
		literal(g, n, out);
		return true;
	default:
		break;
	}
	/* a value in memory: what a call or an assignment of a struct gave */
	out->addr = cg_expr(g, n);
	return true;
}

/* ---- initialisers -------------------------------------------------------- */

static void init_item(struct cg *g, ir_val dst, const struct node *item)
{
	const struct member *m = &item->citem.place;
	const struct node *v = item->citem.value;
	struct cg_place p = {.addr = m->offset ? ir_offset(g->ir, dst, m->offset) : dst,
			     .space = SP_STACK};

	if (m->bit_size)
		cg_store_bits(g, &p, m, cg_expr(g, v));
	else
		cg_init(g, p.addr, m->type, v);
}

void cg_init(struct cg *g, ir_val dst, const struct type *t, const struct node *init)
{
	struct cg_place p = {.addr = dst, .space = SP_STACK};
	uint32_t size = t->size ? t->size : 8, len;

	if (init->kind == N_STR && t->kind == TY_STRING) {
		len = init->str.len < size ? init->str.len : size;
		ir_store_bytes(g->ir, dst, init->str.text, len, size);
	} else if (init->kind == N_CINIT) {
		ir_zero(g->ir, dst, size);
		for (const struct node *i = init->cinit.items; i; i = i->next)
			init_item(g, dst, i);
	} else {
		cg_store(g, &p, t, cg_expr(g, init));
	}
}
