/*
 * socket_cookie(sock): the number that the kernel gave a socket. Used by the check and the
 * code generator.
 */
#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

static bool cookie_place(struct types *ts, struct member *m)
{
	const struct type *t = type_by_tag(ts, TY_STRUCT, "sock_common");

	return t && type_member(ts, t, "skc_cookie", m);
}

static void socket_cookie_check(struct check *k, struct node *call)
{
	struct member m;

	if (!cookie_place(k->types, &m))
		check_error(k, call, NO_BTF, "this needs the kernel's type information (BTF)");
}

static ir_val socket_cookie_lower(struct lower *l, const struct node *call)
{
	struct ir *ir = l->ir;
	ir_val p = lower_temp(l, 8, false), at = address_lower(l, call->call.args);
	struct member m = { 0 };

	cookie_place(l->c->types, &m);
	lower_read(l, SP_KERNEL, ir_bin(ir, IR_ADD, at, ir_const(ir, m.offset)), p, 8, call->loc);
	return ir_load(ir, p, 8, false);
}

const struct builtin bcct_builtin_socket_cookie = {
	.name = "socket_cookie",
	.prototype = "socket_cookie(ptr sock) uint64",
	.flags = BUILTIN_CALL,
	.check = socket_cookie_check,
	.lower = socket_cookie_lower,
	.doc = "The number by which the kernel knows a struct sock as long as it lives; 0 "
	       "when nobody asked for it so far.",
	.example = "BEGIN { printf(\"%d\\n\", socket_cookie(0)); exit() }",
	.expect = "0\n",
};
#endif
