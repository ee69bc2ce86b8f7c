/*
 * The parts of the check that need no program: prototypes, constants, and how
 * the types of maps and variables grow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parser/check/internal.h"

struct fixture {
	struct compile c;
	struct checker s;
	struct check *k;
	struct types *ts;
};

static int set_up(void **state)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	f->c.arena = f->c.sources.arena = f->c.diags.arena = a;
	f->c.diags.sources = &f->c.sources;
	f->c.types = f->ts = types_new(a);
	options_defaults(&f->c.options);
	f->k = &f->s.k;
	f->k->c = &f->c;
	f->k->arena = a;
	f->k->types = f->ts;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	struct arena *a = f->c.arena;

	types_close(f->ts);
	arena_free(a);
	return 0;
}

/* ---- prototypes --------------------------------------------------------- */

static void proto_full(void **state)
{
	struct proto p;

	(void)state;
	assert_true(proto_parse("str(ptr address[, int length]) -", &p));
	assert_int_equal(p.n, 2);
	assert_int_equal(p.required, 1);
	assert_int_equal(p.param[0].kind, PK_PTR);
	assert_false(p.param[0].optional);
	assert_int_equal(p.param[1].kind, PK_INT);
	assert_true(p.param[1].optional);
	assert_false(p.rest);
	assert_string_equal(p.result, "-");
}

static void proto_rest(void **state)
{
	struct proto p;

	(void)state;
	assert_true(proto_parse("printf(strlit format, ...) none", &p));
	assert_int_equal(p.n, 1);
	assert_int_equal(p.param[0].kind, PK_STRLIT);
	assert_true(p.rest);
	assert_string_equal(p.result, "none");
}

static void proto_nested_optional(void **state)
{
	struct proto p;

	(void)state;
	assert_true(proto_parse("print(any what[, intlit top[, intlit div]]) none", &p));
	assert_int_equal(p.n, 3);
	assert_int_equal(p.required, 1);
	assert_true(p.param[1].optional && p.param[2].optional);
}

static void proto_variable(void **state)
{
	struct proto p;

	(void)state;
	assert_true(proto_parse("pid uint32", &p));
	assert_int_equal(p.n, 0);
	assert_string_equal(p.result, "uint32");
	assert_true(proto_parse("count()", &p));
	assert_string_equal(p.result, "");
}

static void proto_bad(void **state)
{
	struct proto p;

	(void)state;
	assert_false(proto_parse("f(number n) none", &p));
	assert_false(proto_parse("f(int n", &p));
	assert_false(proto_parse("f(any, any, any, any, any, any, any, any, any) none", &p));
}

/* Every unit that is built in has a prototype that can be parsed. */
static void proto_units(void **state)
{
	struct proto p;
	unsigned i;

	(void)state;
	for (i = 0; bcct_builtins[i]; i++)
		assert_true(proto_parse(bcct_builtins[i]->prototype, &p));
	for (i = 0; bcct_aggregations[i]; i++)
		assert_true(proto_parse(bcct_aggregations[i]->prototype, &p));
}

/* ---- constants ---------------------------------------------------------- */

static struct node *num(struct fixture *f, int64_t value, bool is_signed)
{
	struct node *n = node_new(f->c.arena, N_NUM, LOC_NONE);

	check_become_num(f->k, n, (uint64_t)value, type_int(f->ts, 8, is_signed));
	return n;
}

static struct node *binary(struct fixture *f, enum op op, struct node *l, struct node *r)
{
	struct node *n = node_new(f->c.arena, N_BINARY, LOC_NONE);

	n->binary.op = op;
	n->binary.left = l;
	n->binary.right = r;
	return n;
}

static int64_t value_of(struct fixture *f, const struct node *n)
{
	int64_t v = 0;

	assert_true(check_const(f->k, n, &v));
	return v;
}

static void const_arithmetic(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(value_of(f, binary(f, OP_ADD, num(f, 2, true), num(f, 3, true))), 5);
	assert_int_equal(value_of(f, binary(f, OP_SUB, num(f, 2, true), num(f, 3, true))), -1);
	assert_int_equal(value_of(f, binary(f, OP_DIV, num(f, -7, true), num(f, 2, true))), -3);
	assert_int_equal(value_of(f, binary(f, OP_MOD, num(f, -7, true), num(f, 2, true))), -1);
	assert_int_equal(value_of(f, binary(f, OP_SHR, num(f, -8, true), num(f, 1, true))), -4);
	assert_int_equal(value_of(f, binary(f, OP_LT, num(f, -1, true), num(f, 1, true))), 1);
	assert_int_equal(value_of(f, binary(f, OP_LT, num(f, -1, false), num(f, 1, true))), 0);
}

static void const_edges(void **state)
{
	struct fixture *f = *state;
	int64_t v;

	assert_true(value_of(f, binary(f, OP_DIV, num(f, INT64_MIN, true), num(f, -1, true))) ==
		    INT64_MIN);
	assert_int_equal(value_of(f, binary(f, OP_MOD, num(f, INT64_MIN, true), num(f, -1, true))),
			 0);
	assert_true(value_of(f, binary(f, OP_ADD, num(f, INT64_MAX, true), num(f, 1, true))) ==
		    INT64_MIN);
	assert_false(check_const(f->k, binary(f, OP_DIV, num(f, 1, true), num(f, 0, true)), &v));
	assert_false(check_const(f->k, binary(f, OP_SHL, num(f, 1, true), num(f, 64, true)), &v));
}

static void const_cast(void **state)
{
	struct fixture *f = *state;
	struct node *n = node_new(f->c.arena, N_CAST, LOC_NONE);

	n->cast.operand = num(f, 0x1ff, true);
	n->type = type_int(f->ts, 1, true);
	assert_int_equal(value_of(f, n), -1);
	n->type = type_int(f->ts, 1, false);
	assert_int_equal(value_of(f, n), 255);
}

static void const_parameters(void **state)
{
	struct fixture *f = *state;
	static const char *const params[] = {"42", "-0x10", "cat", "18446744073709551615"};
	struct node *n = node_new(f->c.arena, N_POSITIONAL, LOC_NONE);
	int64_t v;

	f->c.params = params;
	f->c.nparams = 4;
	n->pos.index = 1;
	assert_int_equal(value_of(f, n), 42);
	n->pos.index = 2;
	assert_int_equal(value_of(f, n), -16);
	n->pos.index = 3;
	assert_false(check_const(f->k, n, &v));
	n->pos.index = 9;
	assert_int_equal(value_of(f, n), 0);
	n->pos.count = true;
	assert_int_equal(value_of(f, n), 4);
}

/* ---- growing types ------------------------------------------------------ */

static const struct type *grown(struct fixture *f, struct grown *g, const struct type *t,
				enum rank rank)
{
	assert_true(check_grow(f->k, g, check_stored(f->k, t), rank));
	return g->type;
}

static void grow_sign(void **state)
{
	struct fixture *f = *state;
	const struct type *i64 = type_int(f->ts, 8, true), *u64 = type_int(f->ts, 8, false);
	struct grown g = {0};

	/* @x = 1; @x = pid; @x = retval; @x = nsecs */
	assert_ptr_equal(grown(f, &g, i64, RANK_FREE), i64);
	assert_ptr_equal(grown(f, &g, type_int(f->ts, 4, false), RANK_UNSIGNED), u64);
	assert_ptr_equal(grown(f, &g, i64, RANK_SIGNED), i64);
	assert_ptr_equal(grown(f, &g, u64, RANK_UNSIGNED), i64);
	f->k->changed = false;
	grown(f, &g, i64, RANK_FREE);
	assert_false(f->k->changed);
}

static void grow_strings(void **state)
{
	struct fixture *f = *state;
	struct grown g = {0};

	grown(f, &g, type_string(f->ts, 4), RANK_FREE);
	assert_int_equal(grown(f, &g, type_string(f->ts, 16), RANK_FREE)->size, 16);
	assert_int_equal(grown(f, &g, type_string(f->ts, 8), RANK_FREE)->size, 16);
	assert_false(check_grow(f->k, &g, type_int(f->ts, 8, true), RANK_FREE));
	assert_int_equal(g.type->kind, TY_STRING);
}

static void grow_tuples(void **state)
{
	struct fixture *f = *state;
	const struct type *a[] = {type_int(f->ts, 1, true), type_string(f->ts, 4)};
	const struct type *b[] = {type_int(f->ts, 8, true), type_string(f->ts, 9)};
	struct grown g = {0};
	const struct type *t;

	grown(f, &g, type_tuple(f->ts, a, 2), RANK_FREE);
	t = grown(f, &g, type_tuple(f->ts, b, 2), RANK_FREE);
	assert_int_equal(t->members[0].type->size, 8);
	assert_int_equal(t->members[1].type->size, 9);
	assert_false(check_grow(f->k, &g, type_tuple(f->ts, b, 1), RANK_FREE));
}

static void grow_pointers(void **state)
{
	struct fixture *f = *state;
	const struct type *i8 = type_int(f->ts, 1, true), *i64 = type_int(f->ts, 8, true);
	const struct type *kernel = type_ptr(f->ts, i8, SP_KERNEL);
	struct grown g = {0};

	/* $p = 0; $p = (char *)…; $p = 0 */
	grown(f, &g, i64, RANK_NULL);
	assert_ptr_equal(grown(f, &g, kernel, RANK_FREE), kernel);
	assert_ptr_equal(grown(f, &g, i64, RANK_NULL), kernel);
	assert_false(check_grow(f->k, &g, i64, RANK_SIGNED));
	assert_false(check_grow(f->k, &g, type_ptr(f->ts, i64, SP_KERNEL), RANK_FREE));
	assert_false(check_grow(f->k, &g, type_ptr(f->ts, i8, SP_USER), RANK_FREE));
	assert_ptr_equal(grown(f, &g, type_ptr(f->ts, i8, SP_TRUSTED), RANK_FREE), kernel);
}

static void arith_types(void **state)
{
	struct fixture *f = *state;
	const struct type *i64 = type_int(f->ts, 8, true), *u64 = type_int(f->ts, 8, false);
	const struct type *u32 = type_int(f->ts, 4, false);
	struct node at = {.kind = N_NUM};

	assert_ptr_equal(check_arith(f->k, &at, OP_ADD, u32, i64), i64);
	assert_ptr_equal(check_arith(f->k, &at, OP_ADD, u64, i64), u64);
	assert_ptr_equal(check_arith(f->k, &at, OP_SUB, u64, u64), i64);
	assert_ptr_equal(check_arith(f->k, &at, OP_SHR, i64, u64), i64);
	assert_int_equal(f->c.diags.errors, 0);
	assert_true(check_poisoned(check_arith(f->k, &at, OP_ADD, type_string(f->ts, 4), i64)));
	assert_int_equal(f->c.diags.errors, 1);
	/* nothing more is said about what is wrong already */
	assert_true(check_poisoned(check_arith(f->k, &at, OP_ADD, check_poison(), i64)));
	assert_int_equal(f->c.diags.errors, 1);
}

static void lookups(void **state)
{
	(void)state;
	assert_non_null(builtin_find("printf"));
	assert_null(builtin_find("Printf"));
	assert_non_null(aggregation_find("count"));
	assert_null(aggregation_find("coun"));
	assert_non_null(provider_find("BEGIN", 5));
	assert_ptr_equal(provider_find("KPROBE", 6), provider_find("kprobe:x", 6));
	assert_ptr_equal(provider_find("k", 1), provider_find("kprobe", 6));
	assert_null(provider_find("kprobes", 7));
	assert_null(provider_find("", 0));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(proto_full), TEST(proto_rest), TEST(proto_nested_optional),
		TEST(proto_variable), TEST(proto_bad), TEST(proto_units),
		TEST(const_arithmetic), TEST(const_edges), TEST(const_cast),
		TEST(const_parameters),
		TEST(grow_sign), TEST(grow_strings), TEST(grow_tuples), TEST(grow_pointers),
		TEST(arith_types), TEST(lookups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
