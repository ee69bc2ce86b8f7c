/* macaddr(address): an Ethernet address. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

#define MAC_SIZE 6

static void macaddr_check(struct check *k, struct node *call)
{
	const struct node *arg = check_arg(call, 0);
	uint32_t size = address_object_size(arg);

	call->type = type_simple(k->types, TY_MAC);
	if (k->final && arg->kind == N_STR && arg->str.len != MAC_SIZE)
		check_error(k, arg, TYPE, "macaddr() takes %d bytes, not %u", MAC_SIZE,
			    arg->str.len);
	else if (k->final && type_is_integer(arg->type))
		check_error(k, arg, TYPE, "macaddr() takes an array of %d bytes", MAC_SIZE);
	else if (k->final && size > 1 && size < MAC_SIZE)
		check_error(k, arg, TYPE, "macaddr() takes %d bytes, not %u", MAC_SIZE, size);
}

static void macaddr_lower_into(struct lower *l, const struct node *call, ir_val dst,
			       uint32_t size)
{
	const struct node *arg = call->call.args;
	enum space space = address_space(arg->type);

	(void)size;
	for (unsigned i = 0; arg->kind == N_STR && i < MAC_SIZE; i++)
		ir_store(l->ir, ir_offset(l->ir, dst, i),
			 ir_const(l->ir, (unsigned char)arg->str.text[i]), 1);
	if (arg->kind == N_STR)
		return;
	address_read(l, space == SP_VALUE ? SP_KERNEL : space, address_lower(l, arg), dst,
		     ir_const(l->ir, MAC_SIZE), true);
}

const struct builtin bcct_builtin_macaddr = {
	.name = "macaddr",
	.prototype = "macaddr(ptr address) -",
	.flags = BUILTIN_CALL,
	.check = macaddr_check,
	.lower_into = macaddr_lower_into,
	.doc = "An Ethernet address of six bytes in memory. Prints as 05:04:03:02:01:02.",
	.example = "BEGIN { printf(\"%s\\n\", macaddr((uint8 *)0)); exit() }",
	.expect = "00:00:00:00:00:00\n",
};
#endif
