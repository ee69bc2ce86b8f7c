/*
 * Providers' specs and variables, as the check uses them: no kernel is needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arch.h"
#include "types/syscalls.h"
#include "parser/check/check.h"

struct fixture {
	struct compile c;
	struct check k;
	struct node clause;
	const char *params[2];
};

static int set_up(void **state)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	setenv("BCCT_BTF", "/nonexistent", 1);
	f->c.arena = f->c.sources.arena = f->c.diags.arena = a;
	f->c.diags.sources = &f->c.sources;
	f->c.types = types_new(a);
	f->params[0] = "7";
	f->params[1] = "vfs_read";
	f->c.params = f->params;
	f->c.nparams = 2;
	options_defaults(&f->c.options);
	f->k.c = &f->c;
	f->k.arena = a;
	f->k.types = f->c.types;
	f->k.clause = &f->clause;
	f->clause.kind = N_CLAUSE;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	struct arena *a = f->c.arena;

	types_close(f->c.types);
	arena_free(a);
	return 0;
}

/* Parses one spec into the clause; NULL: an error was reported. */
static struct attach_info *parse(struct fixture *f, const char *text)
{
	struct node *spec = node_new(f->c.arena, N_SPEC, LOC_NONE);
	unsigned errors = f->c.diags.errors;

	spec->spec.text = text;
	spec->spec.provider = provider_find(text, strcspn(text, ":"));
	assert_non_null(spec->spec.provider);
	f->clause.clause.specs = spec;
	f->clause.clause.provider = spec->spec.provider;
	if (spec->spec.provider->parse(&f->k, spec) == 0) {
		assert_int_equal(f->c.diags.errors, errors);
		return &spec->spec.attach;
	}
	/* the same error at the same place is only kept once */
	assert_true(f->c.diags.errors > 0);
	return NULL;
}

/* Parsing fails with that tag, and the hint has those words. */
static void refuses(struct fixture *f, const char *text, enum diag_tag tag, const char *hint)
{
	assert_null(parse(f, text));
	assert_int_equal(f->c.diags.last->tag, tag);
	if (hint) {
		assert_non_null(f->c.diags.last->hint);
		assert_non_null(strstr(f->c.diags.last->hint, hint));
	}
}

static void periods(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
		const char *full;
	} good[] = {
		{ "interval:s:1", 1000000000, "interval:s:1" },
		{ "i:ms:10", 10000000, "interval:ms:10" },
		{ "interval:us:5", 5000, "interval:us:5" },
		{ "i:hz:99", 10101010, "interval:hz:99" },
		{ "interval:1s", 1000000000, "interval:1s" },
		{ "interval:250ms", 250000000, "interval:250ms" },
		{ "i:2m", 120000000000, "interval:2m" },
		{ "interval:1000", 1000, "interval:1000" },
		{ "interval:ms:$1", 7000000, "interval:ms:7" },
		{ "INTERVAL:10hz", 100000000, "interval:10hz" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct attach_info *at = parse(f, good[i].text);

		assert_non_null(at);
		assert_string_equal(at->provider, "interval");
		assert_true(at->offset == good[i].ns);
		assert_string_equal(at->full, good[i].full);
	}
	refuses(f, "interval", TAG_BAD_PROBE, "interval:s:1");
	refuses(f, "interval:s", TAG_BAD_PROBE, "interval:s:1");
	refuses(f, "interval:s:", TAG_BAD_PROBE, NULL);
	refuses(f, "interval:s:0", TAG_BAD_PROBE, NULL);
	refuses(f, "interval:weeks:1", TAG_BAD_PROBE, "s, ms, us and hz");
	refuses(f, "interval:1weeks", TAG_BAD_PROBE, "s, ms, us and hz");
	refuses(f, "interval:s:1s", TAG_BAD_PROBE, "once");
	refuses(f, "interval:s:-1", TAG_BAD_PROBE, NULL);
	refuses(f, "interval:s:99999999999999999999", TAG_BAD_PROBE, NULL);
	refuses(f, "interval:s:9999999999999999999", TAG_BAD_PROBE, NULL);
	refuses(f, "interval:hz:99999999999", TAG_BAD_PROBE, NULL);
	refuses(f, "interval:s:$3", TAG_POSITIONAL, NULL);
}

static void begin_and_end(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(parse(f, "BEGIN")->full, "begin");
	assert_string_equal(parse(f, "begin")->provider, "begin");
	assert_string_equal(parse(f, "END")->full, "end");
	refuses(f, "BEGIN:x", TAG_BAD_PROBE, "BEGIN");
	refuses(f, "END:1", TAG_BAD_PROBE, "END");
}

static void functions(void **state)
{
	struct fixture *f = *state;
	struct attach_info *at = parse(f, "k:vfs_read");

	assert_string_equal(at->target, "vfs_read");
	assert_string_equal(at->full, "kprobe:vfs_read");
	assert_null(at->module);
	at = parse(f, "kprobe:ext4:ext4_*");
	assert_string_equal(at->module, "ext4");
	assert_string_equal(at->target, "ext4_*");
	at = parse(f, "kprobe:vfs_read+0x10");
	assert_string_equal(at->target, "vfs_read");
	assert_int_equal(at->offset, 16);
	assert_string_equal(at->full, "kprobe:vfs_read+0x10");
	assert_string_equal(parse(f, "kretprobe:$2")->target, "vfs_read");
	assert_string_equal(parse(f, "kr:foo.isra.0")->target, "foo.isra.0");
	refuses(f, "kprobe", TAG_BAD_PROBE, "kprobe:vfs_read");
	refuses(f, "kprobe:", TAG_BAD_PROBE, NULL);
	refuses(f, "kprobe:a:", TAG_BAD_PROBE, NULL);
	refuses(f, "kprobe:a:b:c", TAG_BAD_PROBE, NULL);
	refuses(f, "kprobe:foo+", TAG_BAD_PROBE, "+16");
	refuses(f, "kprobe:foo+x", TAG_BAD_PROBE, "+16");
	refuses(f, "kprobe:foo*+4", TAG_BAD_PROBE, NULL);
	refuses(f, "kretprobe:foo+4", TAG_BAD_PROBE, NULL);
	refuses(f, "kprobe:0xffffffff81000000", TAG_BAD_PROBE, "name the function");
	refuses(f, "kprobe:foo bar", TAG_BAD_PROBE, NULL);
}

static void system_calls(void **state)
{
	struct fixture *f = *state;
	struct attach_info *at = parse(f, "kprobe:sys_clone");

	assert_string_equal(at->module, PROBE_SYSCALL);
	assert_string_equal(at->target, "sys_clone");
	assert_string_equal(at->full, "kprobe:sys_clone");
	/* what an expanded pattern looks like when it comes back */
	at = parse(f, "kprobe:syscall:sys_openat");
	assert_string_equal(at->module, PROBE_SYSCALL);
	assert_string_equal(at->full, "kprobe:sys_openat");
	assert_null(parse(f, "kprobe:ksys_read")->module);
	assert_string_equal(parse(f, "syscall:openat")->full, "syscall:openat");
	assert_string_equal(parse(f, "syscall:sys_openat")->target, "openat");
	assert_string_equal(parse(f, "sysret:*open*")->target, "*open*");
	refuses(f, "syscall", TAG_BAD_PROBE, "syscall:openat");
	refuses(f, "syscall:a:b", TAG_BAD_PROBE, NULL);
	refuses(f, "sysret:", TAG_BAD_PROBE, "sysret:openat");
}

static const struct provider_var *var(struct fixture *f, const char *name)
{
	const struct provider_var *v = f->clause.clause.provider->vars;

	while (v->name && strcmp(v->name, name) != 0)
		v++;
	assert_non_null(v->name);
	return v;
}

/* Type of a variable in a clause on one probe; NULL: an error was reported. */
static const struct type *check(struct fixture *f, const char *probe, const char *name,
				const char *field, uint32_t *arg)
{
	struct node *use = node_new(f->c.arena, N_IDENT, LOC_NONE);

	assert_non_null(parse(f, probe));
	return var(f, name)->check(&f->k, &f->clause, use, field, arg);
}

static void argument_types(void **state)
{
	struct fixture *f = *state;
	struct types *ts = f->c.types;
	const struct type *chars = type_ptr(ts, type_int(ts, 1, true), SP_USER);
	uint32_t arg = 0;

	assert_ptr_equal(check(f, "syscall:openat", "args", "filename", &arg), chars);
	assert_int_equal(arg, 1);
	assert_ptr_equal(check(f, "syscall:openat", "args", "flags", &arg), type_int(ts, 4, true));
	assert_int_equal(arg, 2);
	assert_ptr_equal(check(f, "kprobe:sys_openat", "args", "filename", &arg), chars);
	assert_int_equal(arg & 0xff, 1);
	arg = 1;
	assert_ptr_equal(check(f, "syscall:openat", "arg*", NULL, &arg), chars);
	assert_int_equal(arg, 1);
	arg = 0;
	assert_ptr_equal(check(f, "syscall:openat", "arg*", NULL, &arg), type_int(ts, 8, false));
	arg = 3;
	assert_ptr_equal(check(f, "kprobe:vfs_read", "arg*", NULL, &arg), type_int(ts, 8, false));
	assert_int_equal(arg, 3);
	assert_ptr_equal(check(f, "kretprobe:vfs_read", "retval", NULL, &arg),
			 type_int(ts, 8, true));
	assert_ptr_equal(check(f, "sysret:read", "args", "ret", &arg), type_int(ts, 8, true));
	assert_int_equal(check(f, "kprobe:vfs_*", "func", NULL, &arg)->kind, TY_KSYM);
	assert_int_equal(check(f, "syscall:*", "func", NULL, &arg)->kind, TY_STRING);
	assert_int_equal(f->c.diags.errors, 0);
}

static void wrong(struct fixture *f, const char *probe, const char *name, const char *field,
		  uint32_t arg, enum diag_tag tag, const char *hint)
{
	unsigned errors = f->c.diags.errors;

	assert_null(check(f, probe, name, field, &arg));
	assert_int_equal(f->c.diags.errors, errors + 1);
	assert_int_equal(f->c.diags.last->tag, tag);
	if (hint)
		assert_non_null(strstr(f->c.diags.last->hint, hint));
}

static void argument_errors(void **state)
{
	struct fixture *f = *state;

	wrong(f, "syscall:openat", "args", "filenam", 0, TAG_UNKNOWN_FIELD, "filename");
	wrong(f, "syscall:openat", "args", "qqqqqqqq", 0, TAG_UNKNOWN_FIELD, "dfd, filename");
	wrong(f, "syscall:opnat", "args", "x", 0, TAG_UNKNOWN_FIELD, "openat");
	wrong(f, "syscall:close", "arg*", NULL, 1, TAG_RANGE, NULL);
	wrong(f, "syscall:foo", "arg*", NULL, 6, TAG_RANGE, NULL);
	wrong(f, "sysret:read", "args", "fd", 0, TAG_UNKNOWN_FIELD, "args.fd");
	wrong(f, "kprobe:vfs_read", "arg*", NULL, 10, TAG_RANGE, NULL);
	wrong(f, "kprobe:vfs_read", "args", "count", 0, TAG_NO_BTF, "arg0");
	wrong(f, "kprobe:sys_close", "args", "count", 0, TAG_UNKNOWN_FIELD, NULL);
}

static void table_of_system_calls(void **state)
{
	struct fixture *f = *state;
	struct tp_format t;

	assert_true(syscall_known("openat"));
	assert_true(syscall_known("stat"));     /* newstat */
	assert_true(syscall_known("sendfile")); /* sendfile64 */
	assert_false(syscall_known("nonesuch"));
	assert_string_equal(syscall_near("opnat"), "openat");
	assert_true(syscall_args(f->c.arena, "getpid", &t));
	assert_int_equal(t.nfields, 0);
	assert_true(syscall_args(f->c.arena, "mmap", &t));
	assert_int_equal(t.nfields, 6);
	assert_int_equal(t.fields[5].offset, 16 + 5 * 8);
	assert_true(syscall_args(f->c.arena, "execve", &t));
	assert_string_equal(t.fields[1].name, "argv");
	assert_int_equal(tracefs_type(f->c.types, &t.fields[1])->elem->kind, TY_PTR);
	assert_false(syscall_args(f->c.arena, "nonesuch", &t));
}

static void count_names(void *user, const char *name)
{
	assert_true(strstr(name, "openat") != NULL);
	++*(unsigned *)user;
}

static void expansion(void **state)
{
	struct fixture *f = *state;
	struct attach_info *at = parse(f, "syscall:openat*");
	unsigned n = 0;

	f->clause.clause.provider->expand(&f->k, at, count_names, &n);
	assert_true(n >= 2); /* openat, openat2 */
	at = parse(f, "kprobe:sys_openat*");
	n = 0;
	f->clause.clause.provider->expand(&f->k, at, count_names, &n);
	assert_true(n >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(periods, set_up, tear_down),
		cmocka_unit_test_setup_teardown(begin_and_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(functions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(system_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(argument_types, set_up, tear_down),
		cmocka_unit_test_setup_teardown(argument_errors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table_of_system_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(expansion, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("providers", tests, NULL, NULL);
}
