/*
 * Formats of tracepoints, from made-up text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "types/tracefs.h"

#define COMMON                                                                                     \
	"name: x\nID: 749\nformat:\n"                                                              \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"                     \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

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

static void system_call(void **state)
{
	struct fixture *f = *state;
	struct tp_format t;
	const struct tp_field *x;

	tracefs_parse(f->a,
		      COMMON "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
			     "\tfield:int dfd;\toffset:16;\tsize:8;\tsigned:0;\n"
			     "\tfield:const char * filename;\toffset:24;\tsize:8;\tsigned:0;\n"
			     "\tfield:struct stat * buf;\toffset:32;\tsize:8;\tsigned:0;\n"
			     "\tfield:umode_t mode;\toffset:40;\tsize:8;\tsigned:0;\n"
			     "\nprint fmt: \"dfd: 0x%08lx\", ((unsigned long)(REC->dfd))\n",
		      true, &t);
	assert_int_equal(t.id, 749);
	assert_int_equal(t.nfields, 5);
	x = tracefs_field(&t, "dfd");
	assert_non_null(x);
	assert_true(x->slot);
	assert_ptr_equal(tracefs_type(f->ts, x), type_int(f->ts, 4, true));
	x = tracefs_field(&t, "filename");
	assert_string_equal(x->decl, "const char *");
	assert_int_equal(x->offset, 24);
	assert_ptr_equal(tracefs_type(f->ts, x),
			 type_ptr(f->ts, type_int(f->ts, 1, true), SP_USER));
	x = tracefs_field(&t, "buf");
	assert_int_equal(tracefs_type(f->ts, x)->space, SP_USER);
	assert_string_equal(tracefs_type(f->ts, x)->elem->name, "stat");
	assert_ptr_equal(tracefs_type(f->ts, tracefs_field(&t, "mode")), type_int(f->ts, 2, false));
	assert_false(tracefs_field(&t, "__syscall_nr")->slot);
	assert_null(tracefs_field(&t, "common_pid"));
	assert_null(tracefs_field(&t, "REC"));
}

static void event(void **state)
{
	struct fixture *f = *state;
	struct tp_format t;
	const struct tp_field *x;

	tracefs_parse(f->a,
		      COMMON "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
			     "\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
			     "\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
			     "\tfield:__data_loc char[] filename;\toffset:40;\tsize:4;\tsigned:0;\n"
			     "\tfield:unsigned long args[6];\toffset:48;\tsize:48;\tsigned:0;\n"
			     "\tfield:enum odd what;\toffset:96;\tsize:4;\tsigned:1;\n"
			     "\tfield:unknown_t thing;\toffset:100;\tsize:6;\tsigned:0;\n"
			     "\tfield:void * ptr;\toffset:112;\tsize:8;\tsigned:0;\n",
		      false, &t);
	assert_int_equal(t.nfields, 8);
	x = tracefs_field(&t, "prev_comm");
	assert_ptr_equal(tracefs_type(f->ts, x), type_string(f->ts, 16));
	assert_ptr_equal(tracefs_type(f->ts, tracefs_field(&t, "prev_state")),
			 type_int(f->ts, 8, true));
	x = tracefs_field(&t, "filename");
	assert_true(x->data_loc);
	assert_string_equal(x->decl, "char");
	assert_int_equal(tracefs_type(f->ts, x)->space, SP_CTX);
	assert_ptr_equal(tracefs_type(f->ts, tracefs_field(&t, "args")),
			 type_array(f->ts, type_int(f->ts, 8, false), 6));
	assert_int_equal(tracefs_type(f->ts, tracefs_field(&t, "what"))->kind, TY_ENUM);
	assert_ptr_equal(tracefs_type(f->ts, tracefs_field(&t, "thing")),
			 type_array(f->ts, type_int(f->ts, 1, false), 6));
	assert_int_equal(tracefs_type(f->ts, tracefs_field(&t, "ptr"))->space, SP_KERNEL);
}

/* A kernel that says something else than the name: its sizes are what is in the record. */
static void sizes_are_the_records(void **state)
{
	struct fixture *f = *state;
	struct tp_format t;

	tracefs_parse(f->a, "\tfield:dev_t dev;\toffset:8;\tsize:8;\tsigned:0;\n", false, &t);
	assert_int_equal(t.id, 0);
	assert_ptr_equal(tracefs_type(f->ts, &t.fields[0]), type_int(f->ts, 8, false));
}

static void nonsense(void **state)
{
	static const char *const texts[] = {
		"", "\n", "field:", "field:;", "field:int", "field: ;", "field:x;", "field:[4];",
		"field:int x[;", "\tfield:int x]; offset:", "ID:", "field:__data_loc ;\n",
		"field:*;offset:1;size:99999999999999;",
	};
	struct fixture *f = *state;
	struct tp_format t;
	size_t i;
	uint32_t k;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		tracefs_parse(f->a, texts[i], i % 2, &t);
		for (k = 0; k < t.nfields; k++)
			assert_non_null(tracefs_type(f->ts, &t.fields[k]));
	}
	assert_int_equal(tracefs_format(f->a, "syscalls", "../../x", &t) < 0, 1);
	assert_int_equal(tracefs_format(f->a, ".", "x", &t) < 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(system_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(event, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sizes_are_the_records, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nonsense, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("tracefs", tests, NULL, NULL);
}
