/*
 * ntop([family,] address): a network address; built here, written as text by the
 * runtime: { u32 family; u8 address[16] }. Used by the check and the code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

#define INET4 2  /* AF_INET */
#define INET6 10 /* AF_INET6 */

/* Bytes of an array, a struct in6_addr, or what a pointer leads to; 0: not known. */
static uint32_t ntop_size(const struct node *address)
{
	const struct type *t = address->type;

	return type_in_memory(t) ? t->size : address_object_size(address);
}

static bool is_bytes(const struct type *t)
{
	return t->kind == TY_ARRAY || t->kind == TY_STRUCT || t->kind == TY_UNION;
}

static void ntop_check(struct check *k, struct node *call)
{
	const struct node *address = check_arg(call, call->call.nargs - 1);
	const struct type *t = address->type;
	uint32_t size = ntop_size(address);

	call->type = type_simple(k->types, TY_INET);
	if (!k->final)
		return;
	if (call->call.nargs > 1 && !type_is_integer(call->call.args->type))
		check_error(k, call->call.args, TYPE, "the family of an address is a number");
	if (type_is_integer(t))
		return;
	if (t->kind == TY_STRING) {
		check_error(k, address, TYPE, "ntop() takes an address, not a text");
		check_hint(k, "pton(\"…\") makes an address of a text");
	} else if (t->kind != TY_PTR && ((size != 4 && size != 16) || !is_bytes(t))) {
		check_error(k, address, TYPE, "ntop() takes 4 or 16 bytes, not %s",
			    type_print(k->arena, t));
	} else if (size != 4 && size != 16 && call->call.nargs < 2) {
		check_error(k, address, TYPE, "ntop() cannot tell the kind of address from %s",
			    type_print(k->arena, t));
		check_hint(k, "give the family: ntop(AF_INET6, …)");
	}
}

/* dst->address = an integer's four bytes, or what is in memory */
static void ntop_address(struct lower *l, const struct node *call, const struct node *address,
			 ir_val family, ir_val dst)
{
	uint32_t size = ntop_size(address);
	enum space space = address_space(address->type);
	struct ir *ir = l->ir;
	ir_val at = ir_offset(ir, dst, 4), n, six;

	if (type_is_integer(address->type)) {
		ir_store(ir, at, lower_expr(l, address), 4);
		return;
	}
	if (type_in_memory(address->type)) {
		lower_into(l, address, address->type, at, false);
		return;
	}
	n = ir_const(ir, size);
	if (size != 4 && size != 16) {
		six = ir_icmp(ir, IR_EQ, family, ir_const(ir, INET6));
		n = ir_select(ir, six, ir_const(ir, 16), ir_const(ir, 4));
	}
	n = address_read(l, space == SP_VALUE ? SP_KERNEL : space, address_lower(l, address), at,
			 n, true);
	if (l->c->keep_warnings)
		lower_fail_if(l, ir_icmp(ir, IR_SLT, n, ir_const(ir, 0)), LOSS_READ_FAULT,
			      call->loc, -1);
}

static void ntop_lower_into(struct lower *l, const struct node *call, ir_val dst, uint32_t size)
{
	const struct node *first = call->call.args, *address = first->next ? first->next : first;
	bool six = !first->next && ntop_size(address) == 16;
	ir_val family = first->next ? lower_expr(l, first)
				    : ir_const(l->ir, six ? INET6 : INET4);

	ir_zero(l->ir, dst, size);
	ir_store(l->ir, dst, family, 4);
	ntop_address(l, call, address, family, dst);
}

const struct builtin bcct_builtin_ntop = {
	.name = "ntop",
	.prototype = "ntop(any family_or_address[, any address]) -",
	.flags = BUILTIN_CALL,
	.check = ntop_check,
	.lower_into = ntop_lower_into,
	.doc = "A network address: IPv4 of an integer or four bytes, IPv6 of 16 bytes. The "
	       "family, AF_INET or AF_INET6, may stand first. Prints in the usual form.",
	.example = "BEGIN { printf(\"%s\\n\", ntop(0x0100007f)); exit() }",
	.expect = "127.0.0.1\n",
};
#endif
