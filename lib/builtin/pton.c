/*
 * pton("address"): the bytes of a network address; a constant. Used by the check and
 * the code generator.
 */
#ifdef BCCT_COMPILER
#include <arpa/inet.h>
#include <string.h>

#include "codegen/lower.h"
#include "parser/check/check.h"

static int pton_family(const char *text)
{
	return strchr(text, ':') ? AF_INET6 : AF_INET;
}

static void pton_check(struct check *k, struct node *call)
{
	struct node *arg = check_arg(call, 0);
	uint8_t bytes[16];

	if (inet_pton(pton_family(arg->str.text), arg->str.text, bytes) != 1) {
		check_error(k, arg, RANGE, "this is not a network address");
		check_hint(k, "write it as 127.0.0.1 or ::1");
	}
	call->type = type_array(k->types, type_int(k->types, 1, false),
				pton_family(arg->str.text) == AF_INET6 ? 16 : 4);
}

static void pton_lower_into(struct lower *l, const struct node *call, ir_val dst, uint32_t size)
{
	const char *text = call->call.args->str.text;
	uint8_t bytes[16] = { 0 };

	inet_pton(pton_family(text), text, bytes);
	ir_store_bytes(l->ir, dst, bytes, size < 16 ? size : 16, size);
}

const struct builtin bcct_builtin_pton = {
	.name = "pton",
	.prototype = "pton(strlit address) -",
	.flags = BUILTIN_CALL,
	.check = pton_check,
	.lower_into = pton_lower_into,
	.doc = "The 4 or 16 bytes of an address that is written out, in network order.",
	.example = "BEGIN { print(pton(\"127.0.0.1\")); exit() }",
	.expect = "[127,0,0,1]\n",
};
#endif
