/*
 * Types without a kernel: interning, layout, names, printing, schemas.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "types/type.h"

struct fixture {
	struct arena *a;
	struct types *ts;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	setenv("BCCT_BTF", "/nonexistent", 1);
	f->a = arena_new();
	f->ts = types_new(f->a);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	types_close(f->ts);
	arena_free(f->a);
	free(f);
	return 0;
}

static void equal_types_are_one(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->ts;
	const struct type *i = type_int(ts, 8, true), *s = type_string(ts, 16);
	const struct type *is[] = { i, s }, *si[] = { s, i };

	assert_ptr_equal(i, type_int(ts, 8, true));
	assert_ptr_not_equal(i, type_int(ts, 8, false));
	assert_ptr_not_equal(i, type_int(ts, 4, true));
	assert_ptr_equal(type_tuple(ts, is, 2), type_tuple(ts, is, 2));
	assert_ptr_not_equal(type_tuple(ts, is, 2), type_tuple(ts, si, 2));
	assert_ptr_not_equal(type_tuple(ts, is, 2), type_tuple(ts, is, 1));
	assert_ptr_equal(type_ptr(ts, i, SP_USER), type_ptr(ts, i, SP_USER));
	assert_ptr_not_equal(type_ptr(ts, i, SP_USER), type_ptr(ts, i, SP_KERNEL));
	assert_ptr_equal(type_with_space(ts, type_ptr(ts, i, SP_KERNEL), SP_USER),
			 type_ptr(ts, i, SP_USER));
	assert_ptr_equal(type_array(ts, s, 3), type_array(ts, s, 3));
}

static void aggregations_differ_by_parameters(void **state)
{
	struct fixture *f = *state;
	const struct type *i = type_int(f->ts, 8, true);
	const int64_t a[4] = { 0, 100, 10 }, b[4] = { 0, 100, 20 };
	const struct type *one = type_agg(f->ts, NULL, "lhist", i, 96, a);

	assert_ptr_equal(one, type_agg(f->ts, NULL, "lhist", i, 96, a));
	assert_ptr_not_equal(one, type_agg(f->ts, NULL, "lhist", i, 96, b));
	assert_ptr_not_equal(one, type_agg(f->ts, NULL, "hist", i, 96, a));
	assert_int_equal(one->size, 96);
	assert_true(one->is_signed);
}

static void many_types_survive_growth(void **state)
{
	struct fixture *f = *state;
	const struct type *seen[2000];
	uint32_t i;

	for (i = 0; i < 2000; i++)
		seen[i] = type_string(f->ts, i + 1);
	for (i = 0; i < 2000; i++) {
		assert_ptr_equal(seen[i], type_string(f->ts, i + 1));
		assert_int_equal(seen[i]->size, i + 1);
	}
}

static void tuples_are_laid_out_as_c(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->ts;
	struct c {
		char a;
		int64_t b;
		char c[5];
		int16_t d;
		char e;
	};
	const struct type *elems[] = { type_int(ts, 1, true), type_int(ts, 8, true),
				       type_string(ts, 5), type_int(ts, 2, true), type_bool(ts) };
	const struct type *t = type_tuple(ts, elems, 5), *nested;
	struct member m;

	assert_int_equal(t->size, sizeof(struct c));
	assert_int_equal(t->align, 8);
	assert_int_equal(t->members[1].offset, offsetof(struct c, b));
	assert_int_equal(t->members[2].offset, offsetof(struct c, c));
	assert_int_equal(t->members[3].offset, offsetof(struct c, d));
	assert_int_equal(t->members[4].offset, offsetof(struct c, e));
	assert_true(type_member(ts, t, "3", &m));
	assert_int_equal(m.offset, offsetof(struct c, d));
	assert_false(type_member(ts, t, "5", &m));
	assert_false(type_member(ts, t, "x", &m));
	assert_false(type_member(ts, t, "", &m));
	elems[1] = t;
	nested = type_tuple(ts, elems, 2);
	assert_int_equal(nested->members[1].offset, 8);
	assert_int_equal(nested->size, 8 + sizeof(struct c));
	assert_int_equal(type_tuple(ts, elems, 0)->size, 0);
}

static void names_without_kernel(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->ts;
	static const struct {
		const char *name;
		uint32_t size;
		bool is_signed;
	} names[] = {
		{ "int", 4, true }, { "unsigned", 4, false }, { "unsigned int", 4, false },
		{ "long", 8, true }, { "unsigned long", 8, false }, { "long long", 8, true },
		{ "long unsigned int", 8, false }, { "short", 2, true },
		{ "unsigned short int", 2, false }, { "char", 1, true },
		{ "signed char", 1, true }, { "unsigned char", 1, false }, { "uint8", 1, false },
		{ "int64", 8, true }, { "u32", 4, false }, { "s16", 2, true },
		{ "__u64", 8, false },
		{ "size_t", 8, false }, { "ssize_t", 8, true }, { "pid_t", 4, true },
		{ "umode_t", 2, false }, { "uint32_t", 4, false },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_ptr_equal(type_by_name(ts, names[i].name),
				 type_int(ts, names[i].size, names[i].is_signed));
	assert_ptr_equal(type_by_name(ts, "bool"), type_bool(ts));
	assert_ptr_equal(type_by_name(ts, "void"), type_none(ts));
	assert_null(type_by_name(ts, "long long long"));
	assert_null(type_by_name(ts, "short long"));
	assert_null(type_by_name(ts, "unsigned signed"));
	assert_null(type_by_name(ts, "nonesuch"));
	assert_null(type_by_name(ts, "struct task_struct"));
	assert_null(type_by_name(ts, ""));
	assert_false(types_have_btf(ts));
}

static void declarations(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->ts;
	const struct type *t, *chars = type_ptr(ts, type_int(ts, 1, true), SP_USER);

	assert_ptr_equal(type_by_decl(ts, "const char *", SP_USER), chars);
	assert_ptr_equal(type_by_decl(ts, "char*", SP_USER), chars);
	assert_ptr_equal(type_by_decl(ts, "const char __user *const *", SP_USER),
			 type_ptr(ts, chars, SP_USER));
	assert_ptr_equal(type_by_decl(ts, "unsigned long", SP_USER), type_int(ts, 8, false));
	assert_ptr_equal(type_by_decl(ts, "const void * *", SP_KERNEL)->elem->elem, type_none(ts));
	assert_ptr_equal(type_by_decl(ts, "nonesuch_t *", SP_USER)->elem, type_none(ts));
	assert_null(type_by_decl(ts, "nonesuch_t", SP_USER));
	assert_null(type_by_decl(ts, "", SP_USER));
	assert_null(type_by_decl(ts, "*", SP_USER));
	t = type_by_decl(ts, "struct sockaddr *", SP_USER);
	assert_int_equal(t->kind, TY_PTR);
	assert_int_equal(t->space, SP_USER);
	assert_string_equal(t->elem->name, "sockaddr");
	assert_int_equal(type_members(ts, t->elem, NULL), 0);
}

static void printing(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->ts;
	const struct type *elems[] = { type_int(ts, 8, true), type_string(ts, 16) };

	assert_string_equal(type_print(f->a, type_int(ts, 4, true)), "int32");
	assert_string_equal(type_print(f->a, type_int(ts, 8, false)), "uint64");
	assert_string_equal(type_print(f->a, type_string(ts, 16)), "string[16]");
	assert_string_equal(type_print(f->a, type_tuple(ts, elems, 2)), "(int64,string[16])");
	assert_string_equal(type_print(f->a, type_by_decl(ts, "struct foo **", SP_KERNEL)),
			    "struct foo **");
	assert_string_equal(type_print(f->a, type_by_decl(ts, "void *", SP_KERNEL)), "void *");
	assert_string_equal(type_print(f->a, type_array(ts, type_int(ts, 4, true), 3)), "int32[3]");
	assert_string_equal(type_print(f->a, type_agg(ts, NULL, "count", NULL, 8, NULL)),
			    "count()");
	assert_string_equal(type_print(f->a, type_simple(ts, TY_KSYM)), "ksym");
	assert_string_equal(type_print(f->a, NULL), "none");
}

static void schemas(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->ts;
	const struct type *elems[] = { type_int(ts, 4, true), type_string(ts, 16),
				       type_stack(ts, TY_KSTACK, 10, 2) };
	struct schema *s = type_schema(ts, f->a, type_tuple(ts, elems, 3));
	const int64_t params[4] = { 1, 2, 3, 4 };

	assert_int_equal(s->kind, SC_TUPLE);
	assert_int_equal(s->nfields, 3);
	assert_int_equal(s->fields[0]->kind, SC_INT);
	assert_true(s->fields[0]->is_signed);
	assert_int_equal(s->fields[1]->offset, 4);
	assert_int_equal(s->fields[1]->size, 16);
	assert_int_equal(s->fields[2]->kind, SC_KSTACK);
	assert_int_equal(s->fields[2]->offset, 24);
	assert_int_equal(s->fields[2]->size, 8 + 10 * 8);
	assert_int_equal(s->fields[2]->params[0], 2);
	s = type_schema(ts, f->a, type_array(ts, type_int(ts, 2, false), 7));
	assert_int_equal(s->count, 7);
	assert_int_equal(s->fields[0]->size, 2);
	s = type_schema(ts, f->a, type_agg(ts, NULL, "sum", elems[0], 16, params));
	assert_string_equal(s->name, "sum");
	assert_true(s->is_signed);
	assert_int_equal(s->params[3], 4);
}

static void absurd_arrays_do_not_wrap(void **state)
{
	struct fixture *f = *state;
	const struct type *t = type_array(f->ts, type_int(f->ts, 8, true), UINT32_MAX);

	assert_true(t->size >= 8 && t->size <= UINT32_MAX / 2);
	assert_int_equal(t->size, t->count * 8);
	assert_true(type_in_memory(t));
	assert_false(type_is_integer(t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(equal_types_are_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(aggregations_differ_by_parameters, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(many_types_survive_growth, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tuples_are_laid_out_as_c, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_without_kernel, set_up, tear_down),
		cmocka_unit_test_setup_teardown(declarations, set_up, tear_down),
		cmocka_unit_test_setup_teardown(printing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(schemas, set_up, tear_down),
		cmocka_unit_test_setup_teardown(absurd_arrays_do_not_wrap, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("types", tests, NULL, NULL);
}
