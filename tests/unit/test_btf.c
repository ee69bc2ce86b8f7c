/*
 * Types from BTF: a file made here with libbpf, damaged ones, and the kernel's
 * own where it has some.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <cmocka.h>

#include "types/type.h"

static char path[] = "/tmp/bcct-btf-XXXXXX";

static void save(const void *data, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/*
 * enum color { RED, GREEN = 5 };  enum { LOW = -1, HIGH = 7 };
 * struct pair { int a; union { long b; char name[16]; }; struct pair *next; u32 x:3, y:5; };
 * typedef struct pair pair_t;  const char *lookup(struct pair *p, unsigned long n);
 */
static struct btf *make(void)
{
	struct btf *b = btf__new_empty();
	int i32 = btf__add_int(b, "int", 4, BTF_INT_SIGNED), u32, chars, name, un, pair, ptr, td,
	    str;
	int proto, i64 = btf__add_int(b, "long int", 8, BTF_INT_SIGNED);
	int cc, ul = btf__add_int(b, "long unsigned int", 8, 0);

	u32 = btf__add_int(b, "unsigned int", 4, 0);
	chars = btf__add_int(b, "char", 1, 0);
	name = btf__add_array(b, i32, chars, 16);
	btf__add_enum(b, "color", 4);
	btf__add_enum_value(b, "RED", 0);
	btf__add_enum_value(b, "GREEN", 5);
	btf__add_enum(b, NULL, 4);
	btf__add_enum_value(b, "LOW", -1);
	btf__add_enum_value(b, "HIGH", 7);
	un = btf__add_union(b, NULL, 16);
	btf__add_field(b, "b", i64, 0, 0);
	btf__add_field(b, "name", name, 0, 0);
	pair = btf__add_struct(b, "pair", 40);
	ptr = pair + 1;
	btf__add_field(b, "a", i32, 0, 0);
	btf__add_field(b, NULL, un, 64, 0);
	btf__add_field(b, "next", ptr, 192, 0);
	btf__add_field(b, "x", u32, 256, 3);
	btf__add_field(b, "y", u32, 259, 5);
	assert_int_equal(btf__add_ptr(b, pair), ptr);
	td = btf__add_typedef(b, "pair_t", pair);
	assert_true(td > 0);
	cc = btf__add_const(b, chars);
	str = btf__add_ptr(b, cc);
	proto = btf__add_func_proto(b, str);
	btf__add_func_param(b, "p", ptr);
	btf__add_func_param(b, "n", ul);
	btf__add_func(b, "lookup", BTF_FUNC_STATIC, proto);
	return b;
}

struct fixture {
	struct arena *a;
	struct types *ts;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct btf *b = make();
	uint32_t size;
	const void *raw = btf__raw_data(b, &size);

	save(raw, size);
	btf__free(b);
	setenv("BCCT_BTF", path, 1);
	f->a = arena_new();
	f->ts = types_new(f->a);
	*state = f;
	return 0;
}

static int set_up_kernel(void **state)
{
	set_up(state);
	unsetenv("BCCT_BTF");
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

static void structs(void **state)
{
	struct fixture *f = *state;
	const struct type *t = type_by_name(f->ts, "struct pair");
	struct member m;

	assert_non_null(t);
	assert_int_equal(t->size, 40);
	assert_ptr_equal(t, type_by_tag(f->ts, TY_STRUCT, "pair"));
	assert_ptr_equal(t, type_by_name(f->ts, "pair_t"));
	assert_ptr_equal(t, type_by_name(f->ts, "pair"));
	assert_null(type_by_tag(f->ts, TY_UNION, "pair"));
	assert_int_equal(type_members(f->ts, t, NULL), 5);
	assert_true(type_member(f->ts, t, "b", &m));
	assert_int_equal(m.offset, 8);
	assert_ptr_equal(m.type, type_int(f->ts, 8, true));
	assert_true(type_member(f->ts, t, "name", &m));
	assert_ptr_equal(m.type, type_string(f->ts, 16));
	assert_true(type_member(f->ts, t, "next", &m));
	assert_ptr_equal(m.type, type_ptr(f->ts, t, SP_KERNEL));
	assert_false(type_member(f->ts, t, "nam", &m));
	assert_string_equal(type_near_member(f->ts, t, "nam"), "name");
	assert_string_equal(type_print(f->a, m.type), "struct pair *");
	assert_string_equal(type_near_tag(f->ts, "piar"), "pair");
}

static void bit_fields(void **state)
{
	struct fixture *f = *state;
	const struct type *t = type_by_name(f->ts, "struct pair");
	struct member m;

	assert_true(type_member(f->ts, t, "x", &m));
	assert_int_equal(m.offset, 32);
	assert_int_equal(m.bit_offset, 0);
	assert_int_equal(m.bit_size, 3);
	assert_true(type_member(f->ts, t, "y", &m));
	assert_int_equal(m.offset, 32);
	assert_int_equal(m.bit_offset, 3);
	assert_int_equal(m.bit_size, 5);
}

static void enumerators(void **state)
{
	struct fixture *f = *state;
	const struct type *t;
	int64_t v;

	assert_true(type_enumerator(f->ts, "GREEN", &v, &t));
	assert_int_equal(v, 5);
	assert_ptr_equal(t, type_by_name(f->ts, "enum color"));
	assert_false(t->is_signed);
	assert_true(type_enumerator(f->ts, "LOW", &v, &t));
	assert_int_equal(v, -1);
	assert_true(t->is_signed);
	assert_false(type_enumerator(f->ts, "BLUE", &v, &t));
	/* a name that is there, but not as an enumerator */
	assert_false(type_enumerator(f->ts, "pair", &v, &t));
}

static void functions(void **state)
{
	struct fixture *f = *state;
	struct func_proto p;

	assert_true(types_function(f->ts, "lookup", &p));
	assert_int_equal(p.nparams, 2);
	assert_string_equal(p.params[1].name, "n");
	assert_ptr_equal(p.params[1].type, type_int(f->ts, 8, false));
	assert_ptr_equal(p.ret, type_ptr(f->ts, type_int(f->ts, 1, true), SP_KERNEL));
	assert_false(types_function(f->ts, "pair", &p));
	assert_false(types_function(f->ts, "look", &p));
	assert_string_equal(type_near_function(f->ts, "lokup"), "lookup");
}

static void record_schema(void **state)
{
	struct fixture *f = *state;
	struct schema *s = type_schema(f->ts, f->a, type_by_name(f->ts, "struct pair"));

	/* a, b, name, next, x, y: members of the anonymous union belong to the struct */
	assert_int_equal(s->kind, SC_RECORD);
	assert_int_equal(s->nfields, 6);
	assert_string_equal(s->fields[2]->name, "name");
	assert_int_equal(s->fields[2]->offset, 8);
	assert_int_equal(s->fields[5]->params[0], 3);
	assert_int_equal(s->fields[5]->params[1], 5);
	s = type_schema(f->ts, f->a, type_by_name(f->ts, "enum color"));
	assert_int_equal(s->kind, SC_ENUM);
	assert_int_equal(s->nfields, 2);
	assert_string_equal(s->fields[1]->name, "GREEN");
	assert_int_equal(s->fields[1]->offset, 5);
}

/* Every byte changed, and every length cut: no lookup may crash. */
static void damaged_files(void **state)
{
	struct fixture *f = *state;
	struct btf *b = make();
	uint32_t size, i;
	const void *raw = btf__raw_data(b, &size);
	uint8_t *copy = malloc(size);

	(void)f;
	for (i = 0; i < 2 * size; i++) {
		struct arena *a = arena_new();
		struct types *ts = types_new(a);
		struct func_proto p;
		const struct type *t;
		int64_t v;

		memcpy(copy, raw, size);
		if (i < size)
			copy[i] ^= (uint8_t)(0x5b + i);
		save(copy, i < size ? size : i - size);
		t = type_by_name(ts, "struct pair");
		if (t) {
			type_members(ts, t, NULL);
			type_schema(ts, a, t);
			type_print(a, t);
		}
		types_function(ts, "lookup", &p);
		type_enumerator(ts, "GREEN", &v, &t);
		type_near_tag(ts, "piar");
		types_close(ts);
		arena_free(a);
	}
	free(copy);
	btf__free(b);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void kernel(void **state)
{
	struct fixture *f = *state;
	const struct type *t;
	struct func_proto p;
	struct member m;
	double start = now_ms();
	int64_t v;

	if (!types_have_btf(f->ts)) {
		print_message("# skipped: this kernel has no readable BTF\n");
		skip();
	}
	t = type_by_name(f->ts, "struct task_struct");
	assert_non_null(t);
	assert_true(type_member(f->ts, t, "real_parent", &m));
	assert_ptr_equal(m.type, type_ptr(f->ts, t, SP_KERNEL));
	assert_true(type_member(f->ts, t, "comm", &m));
	assert_ptr_equal(m.type, type_string(f->ts, 16));
	assert_true(types_function(f->ts, "vfs_read", &p));
	assert_int_equal(p.nparams, 4);
	assert_string_equal(p.params[2].name, "count");
	assert_ptr_equal(p.params[2].type, type_int(f->ts, 8, false));
	assert_ptr_equal(p.ret, type_int(f->ts, 8, true));
	print_message("# BTF opened and three names found in %.1f ms\n", now_ms() - start);
	assert_true(type_enumerator(f->ts, "BPF_MAP_TYPE_HASH", &v, &t));
	assert_int_equal(v, 1);
	assert_ptr_equal(type_by_name(f->ts, "pid_t"), type_int(f->ts, 4, true));
	assert_null(type_by_name(f->ts, "struct no_such_thing"));
	assert_non_null(type_near_tag(f->ts, "task_strct"));
	assert_non_null(type_schema(f->ts, f->a, type_by_name(f->ts, "struct task_struct")));
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(structs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bit_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(enumerators, set_up, tear_down),
		cmocka_unit_test_setup_teardown(functions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(record_schema, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kernel, set_up_kernel, tear_down),
	};

	return cmocka_run_group_tests_name("btf", tests, make_file, remove_file);
}
