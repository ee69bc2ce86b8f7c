/* str_concat(a, b): two strings in one. Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "lib/string_compile.h"

static void str_concat_check(struct check *k, struct node *call)
{
	struct node *a = check_arg(call, 0), *b = check_arg(call, 1);
	uint32_t max = (uint32_t)k->c->options.v[OPT_MAX_STRLEN] + 1, size = max;

	if (string_check(k, a) && string_check(k, b) && !k->growing)
		size = string_room(k->c, a) + string_room(k->c, b) - 1;
	call->type = type_string(k->types, size < max ? size : max);
}

/* copy(dst, a); copy(dst + strlen(a), b) in room for both; the caller's dst may be smaller */
static void str_concat_lower_into(struct lower *l, const struct node *call, ir_val dst,
				  uint32_t size)
{
	const struct node *a = call->call.args, *b = a->next;
	uint32_t first = string_room(l->c, a), second = string_room(l->c, b);
	struct ir *ir = l->ir;
	ir_val length, p = string_copy(l, a, (first + second + 15) & ~7u, &length), q;

	q = string_copy(l, b, (second + 15) & ~7u, NULL);
	IR_CALL(ir, BPF_FUNC_probe_read_kernel_str, ir_offset_v(ir, p, length),
		ir_const(ir, second), ir_ptr_to_int(ir, q));
	IR_CALL(ir, BPF_FUNC_probe_read_kernel_str, dst, ir_const(ir, size),
		ir_ptr_to_int(ir, p));
}

const struct builtin bcct_builtin_str_concat = {
	.name = "str_concat",
	.prototype = "str_concat(any a, any b) -",
	.flags = BUILTIN_CALL,
	.check = str_concat_check,
	.lower_into = str_concat_lower_into,
	.doc = "One string behind the other, up to max_strlen bytes.",
	.example = "BEGIN { printf(\"%s\\n\", str_concat(comm, \"!\")); exit() }",
	.expect = "bcct!\n",
};
#endif
