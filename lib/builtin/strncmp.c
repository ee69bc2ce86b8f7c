/* strncmp(a, b, n): do two strings begin alike? Used by the check and the code generator. */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static uint32_t strncmp_size(const struct node *call)
{
	const struct node *a = call->call.args, *b = a->next;
	uint32_t longer = a->type->size > b->type->size ? a->type->size : b->type->size;
	uint64_t n = b->next->kind == N_NUM ? b->next->num.value : 0;

	return n < longer ? (uint32_t)n : longer;
}

static void strncmp_check(struct check *k, struct node *call)
{
	struct node *length = check_arg(call, 2);
	int64_t n;

	if (check_const(k, length, &n) && n < 0)
		check_error(k, length, RANGE, "the length of strncmp() cannot be negative");
}

/* The first n bytes of a string, zeroes after its end and up to a whole word. */
static ir_val strncmp_side(struct lower *l, const struct node *n, uint32_t size)
{
	ir_val p = lower_temp(l, (size + 8) & ~7u, true);

	lower_into(l, n, type_string(l->c->types, size + 1), p, true);
	return p;
}

/* differ = 0; for (i = 0; i < size; i += 8) differ |= a[i] ^ b[i]; without the loop */
static ir_val strncmp_lower(struct lower *l, const struct node *call)
{
	uint32_t size = strncmp_size(call);
	struct ir *ir = l->ir;
	ir_val a = strncmp_side(l, call->call.args, size);
	ir_val b = strncmp_side(l, call->call.args->next, size), differ = ir_const(ir, 0);

	for (uint32_t i = 0; i < size; i += 8) {
		ir_val x = ir_load(ir, ir_offset(ir, a, i), 8, false);
		ir_val y = ir_load(ir, ir_offset(ir, b, i), 8, false);

		differ = ir_bin(ir, IR_OR, differ, ir_bin(ir, IR_XOR, x, y));
	}
	return ir_bool(ir, ir_truth(ir, differ));
}

const struct builtin bcct_builtin_strncmp = {
	.name = "strncmp",
	.prototype = "strncmp(string a, string b, intlit n) uint64",
	.flags = BUILTIN_CALL,
	.check = strncmp_check,
	.lower = strncmp_lower,
	.doc = "0 when the first n bytes of two strings are equal, else 1.",
	.example = "BEGIN { if (strncmp(\"abcd\", \"abxy\", 2) == 0) { printf(\"alike\\n\") } "
		   "exit() }",
	.expect = "alike\n",
};
#endif
