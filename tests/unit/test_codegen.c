/*
 * Whole compilations, from text to object: the object opens in libbpf, its
 * manifest says what it should, and the programs stay within a budget of
 * instructions, so that a change which makes code longer is noticed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>
#include <gelf.h>
#include <libelf.h>

#include "base/compiler.h"
#include "base/manifest.h"

static int quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level;
	return getenv("VERBOSE") ? vfprintf(stderr, fmt, ap) : 0;
}

static void print_diag(void *user, const struct diag_record *d)
{
	(void)user;
	print_message("%s", d->rendered);
}

static int compile_for(const char *text, const char *stage, int pid, struct buf *out)
{
	struct compiler_request rq = { .name = "", .text = text, .len = strlen(text),
		.stage = stage, .pid = pid };
	struct buf diags = { 0 };
	int err = compiler_get()->compile(&rq, out, &diags);

	if (err && getenv("VERBOSE"))
		diag_records_read(diags.data, diags.len, print_diag, NULL);
	buf_free(&diags);
	return err;
}

static struct bpf_object *compile_open(const char *text, struct buf *image)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "test");

	libbpf_set_print(quiet);
	assert_int_equal(compile_for(text, NULL, 0, image), 0);
	struct bpf_object *o = bpf_object__open_mem(image->data, image->len, &opts);
	assert_non_null(o);
	return o;
}

/* The bytes of a section of an object in memory. */
static bool find_section(const struct buf *image, const char *name, const void **data, size_t *len)
{
	elf_version(EV_CURRENT);
	Elf *e = elf_memory((char *)image->data, image->len);
	Elf_Scn *s = NULL;
	size_t strings;
	bool found = false;

	assert_non_null(e);
	assert_int_equal(elf_getshdrstrndx(e, &strings), 0);
	while (!found && (s = elf_nextscn(e, s))) {
		GElf_Shdr h;
		assert_non_null(gelf_getshdr(s, &h));
		if (strcmp(elf_strptr(e, strings, h.sh_name), name))
			continue;
		*data = image->data + h.sh_offset;
		*len = h.sh_size;
		found = true;
	}
	elf_end(e);
	return found;
}

static struct manifest *manifest_of(const struct buf *image, struct arena *a)
{
	const void *data = NULL;
	size_t len = 0;
	const char *why = NULL;

	assert_true(find_section(image, MANIFEST_SECTION, &data, &len));
	struct manifest *m = manifest_read(a, data, len, &why);
	assert_non_null(m);
	return m;
}

/* ---- instruction budgets ------------------------------------------------- */

/* The first program of each; budget: what it is now and a tenth more. */
static const struct {
	const char *text;
	unsigned budget;
} budgets[] = {
	{ "BEGIN { }", 3 },
	{ "BEGIN { exit() }", 40 },
	{ "kprobe:f { printf(\"hi %s\\n\", comm) }", 35 },
	{ "kprobe:f { @ = count() }", 16 },
	{ "kprobe:f { @[comm] = count() }", 48 },
	{ "kprobe:f { @[pid, comm] = count() }", 51 },
	{ "kprobe:f { @x++ }", 16 },
	{ "kprobe:f { @[arg0]++ }", 46 },
	{ "kprobe:f { @ = hist(arg2) }", 74 },
	{ "kprobe:f { @[comm] = hist(arg2) }", 109 },
	{ "kprobe:f /pid == 42/ { @[tid] = nsecs }", 41 },
	{ "kprobe:f /comm == \"bash\"/ { @ = sum(arg0) }", 28 },
	{ "kprobe:f { $a = arg0; $b = $a * 2 + arg1; @ = max($b) }", 29 },
	{ "kretprobe:f { @ = lhist(retval, 0, 100, 10) }", 29 },
};

static void test_budgets(void **state)
{
	unsigned over = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(budgets) / sizeof(*budgets); i++) {
		struct buf image = { 0 };
		struct bpf_object *o = compile_open(budgets[i].text, &image);
		struct bpf_program *p = bpf_object__next_program(o, NULL);
		assert_non_null(p);
		unsigned n = bpf_program__insn_cnt(p);
		if (n > budgets[i].budget || getenv("VERBOSE")) {
			print_message("%u instructions, budget %u: %s\n", n, budgets[i].budget,
				budgets[i].text);
			over += n > budgets[i].budget;
		}
		bpf_object__close(o);
		buf_free(&image);
	}
	assert_int_equal(over, 0);
}

/* ---- the object ---------------------------------------------------------- */

static void test_manifest(void **state)
{
	struct arena *a = arena_new();
	struct buf image = { 0 };
	struct bpf_object *o = compile_open("BEGIN { @x = 1; @y[comm] = hist(3); "
					    "printf(\"%d\\n\", 5); @x /= cpu }",
		&image);
	struct manifest *m = manifest_of(&image, a);

	(void)state;
	assert_int_equal(m->programs.n, 1);
	assert_string_equal(m->programs.v[0].symbol, "p0_begin");
	assert_non_null(bpf_object__find_program_by_name(o, "p0_begin"));
	assert_int_equal(m->programs.v[0].attach.n, 1);
	assert_string_equal(m->maps.v[0].name, "@x");
	assert_int_equal(m->maps.v[0].role, MAPR_SCALAR);
	assert_int_equal(m->maps.v[1].role, MAPR_AGG_HASH);
	for (size_t i = 0; i < m->maps.n; i++)
		assert_non_null(bpf_object__find_map_by_name(o, m->maps.v[i].symbol));
	assert_int_equal(m->actions.n, 1);
	assert_string_equal(m->actions.v[0].unit, "printf");
	assert_int_equal(m->actions.v[0].payload->nfields, 1);
	/* a full ring buffer, a full @y, a division by zero */
	assert_int_equal(m->sites.n, 3);
	assert_true(m->lines.n > 0);
	assert_int_equal(m->sources.n, 1);
	bpf_object__close(o);
	buf_free(&image);
	arena_free(a);
}

static bool has_role(const struct manifest *m, enum map_role role)
{
	for (size_t i = 0; i < m->maps.n; i++)
		if (m->maps.v[i].role == role)
			return true;
	return false;
}

/* What a program does not use is not there. */
static void test_only_needed_maps(void **state)
{
	struct arena *a = arena_new();
	struct buf image = { 0 };

	(void)state;
	assert_int_equal(compile_for("BEGIN { @ = count() }", NULL, 0, &image), 0);
	struct manifest *m = manifest_of(&image, a);
	assert_int_equal(m->maps.n, 1);
	buf_free(&image);
	assert_int_equal(compile_for("BEGIN { $s = str($1); @[$s] = 1 }", NULL, 0, &image), 0);
	m = manifest_of(&image, a);
	assert_false(has_role(m, MAPR_RING));
	buf_free(&image);
	arena_free(a);
}

/* -p: a filter at the head of programs, but not of those that run in the tracer. */
static void test_process_filter(void **state)
{
	struct buf with = { 0 }, without = { 0 }, begin = { 0 };

	(void)state;
	assert_int_equal(compile_for("kprobe:f { @ = count() }", "asm", 1, &with), 0);
	assert_int_equal(compile_for("kprobe:f { @ = count() }", "asm", 0, &without), 0);
	assert_int_equal(compile_for("BEGIN { @ = count() }", "asm", 1, &begin), 0);
	assert_non_null(memmem(with.data, with.len, "bcct_config", 11));
	assert_null(memmem(without.data, without.len, "bcct_config", 11));
	assert_null(memmem(begin.data, begin.len, "bcct_config", 11));
	buf_free(&with);
	buf_free(&without);
	buf_free(&begin);
}

/* Memory beyond the kernel's limit is an error of ours, not one of the verifier. */
static void test_too_large(void **state)
{
	struct buf text = { 0 }, image = { 0 };

	(void)state;
	buf_printf(&text, "BEGIN { ");
	for (int i = 0; i < 1100; i++)
		buf_printf(&text, "$s%d = str(nsecs); ", i);
	buf_printf(&text, "}");
	buf_u8(&text, 0);
	assert_int_not_equal(compile_for((char *)text.data, NULL, 0, &image), 0);
	assert_int_equal(image.len, 0);
	buf_free(&text);
	buf_free(&image);
}

/* More variables than registers and stack have room for. */
static void test_many_variables(void **state)
{
	struct buf text = { 0 }, image = { 0 };

	(void)state;
	buf_printf(&text, "BEGIN { ");
	for (int i = 0; i < 60; i++)
		buf_printf(&text, "$v%d = nsecs; ", i);
	for (int i = 0; i < 60; i++)
		buf_printf(&text, "@[$v%d, comm] = $v%d; ", i, 59 - i);
	buf_printf(&text, "}");
	buf_u8(&text, 0);
	assert_int_equal(compile_for((char *)text.data, NULL, 0, &image), 0);
	buf_free(&text);
	buf_free(&image);
}

/* ---- the verifier -------------------------------------------------------- */

/* Constructs that the verifier is particular about; loaded when the privilege is there. */
static const char *const loads[] = {
	"BEGIN { }",
	"BEGIN { @[comm, pid] = hist(nsecs); @l = lhist(nsecs, -10, 10, 3) }",
	"BEGIN { $s = str(nsecs); $t = str(cpu); if ($s == $t) { @[$s] = $t } }",
	"BEGIN { $t = (1, \"a\", (comm, pid)); @[$t.2.0] = $t; @x[$t.0, \"b\"] = $t.2 }",
	"BEGIN { $i = nsecs; @a = $i / pid % cpu; @b = -$i / (int64)pid; @c = $i << pid >> 3 }",
	"BEGIN { printf(\"%s %s\\n\", pid ? comm : str(nsecs), cpu ? \"one\" : \"other\") }",
	"BEGIN { @x++; ++@y[comm]; @x += 4; @y[\"a\"] -= pid; @x *= 3; @s = comm; delete(@x) }",
	"BEGIN /comm == \"test\" && str(nsecs) != \"abc\"/ { @ = avg(pid); @m[cpu] = stats(pid) }",
	"BEGIN { @[kstack(8)] = count(); @k = kstack; @n = ksym(nsecs) }",
	"BEGIN { if (@a[1] > 2) { @a[2]++ } else { @a[1] = @a[2] ? @a[3] : 5; return } @z = 1 }",
};

static void test_verifier(void **state)
{
	(void)state;
	if (geteuid()) {
		print_message("not root: nothing is loaded\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(loads) / sizeof(*loads); i++) {
		struct buf image = { 0 };
		struct bpf_object *o = compile_open(loads[i], &image);
		int err = bpf_object__load(o);
		bpf_object__close(o);
		buf_free(&image);
		if (err == -EPERM)
			skip();
		if (err)
			print_message("not loaded (%d): %s\n", err, loads[i]);
		assert_int_equal(err, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_manifest),
		cmocka_unit_test(test_only_needed_maps),
		cmocka_unit_test(test_process_filter),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_many_variables),
		cmocka_unit_test(test_verifier),
	};
	return cmocka_run_group_tests_name("codegen", tests, NULL, NULL);
}
