/* The runtime's functions on text: wildcards, kallsyms, function lists, verifier logs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/rt_internal.h"

static FILE *text_file(const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(f);
	return f;
}

/* ---- wildcards ------------------------------------------------------------ */

static void wildcard_stars(void **state)
{
	(void)state;
	assert_true(rt_wildcard("*", ""));
	assert_true(rt_wildcard("*", "vfs_read"));
	assert_true(rt_wildcard("vfs_*", "vfs_read"));
	assert_true(rt_wildcard("*_read", "vfs_read"));
	assert_true(rt_wildcard("v*_*d", "vfs_read"));
	assert_true(rt_wildcard("**a**", "a"));
	assert_false(rt_wildcard("vfs_*", "do_vfs_read"));
	assert_false(rt_wildcard("vfs", "vfs_read"));
	assert_false(rt_wildcard("vfs_read", "vfs"));
	assert_false(rt_wildcard("*x*", "vfs_read"));
	assert_true(rt_wildcard("", ""));
	assert_false(rt_wildcard("", "a"));
}

static void wildcard_classes(void **state)
{
	(void)state;
	assert_true(rt_wildcard("vfs_[rw]*", "vfs_read"));
	assert_true(rt_wildcard("vfs_[rw]*", "vfs_write"));
	assert_false(rt_wildcard("vfs_[rw]*", "vfs_open"));
	assert_true(rt_wildcard("x[0-9]?", "x7b"));
	assert_false(rt_wildcard("x[!0-9]", "x7"));
	assert_true(rt_wildcard("x[^0-9]", "xa"));
	assert_true(rt_wildcard("[]]", "]"));
	assert_true(rt_wildcard("[a-]", "-"));
	/* an unclosed class is an ordinary character */
	assert_true(rt_wildcard("[ab", "[ab"));
	assert_false(rt_wildcard("[ab", "a"));
	assert_true(rt_has_wildcard("a[b]"));
	assert_false(rt_has_wildcard("ab"));
	assert_false(rt_has_wildcard(NULL));
}

/* Many stars must not take exponential time. */
static void wildcard_hostile(void **state)
{
	char text[2001];

	(void)state;
	memset(text, 'a', 2000);
	text[2000] = '\0';
	assert_false(rt_wildcard("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

/* ---- kallsyms ---------------------------------------------------------------- */

static const char kallsyms[] = "0000000000000000 A fixed_percpu_data\n"
			       "ffffffff81000000 T _text\n"
			       "ffffffff81000000 T startup_64\n"
			       "ffffffff81000100 t do_one\n"
			       "ffffffff81000200 D some_data\n"
			       "ffffffff81000300 W weak_one\n"
			       "ffffffffc0000100 t mod_b\t[mod]\n"
			       "ffffffffc0000000 T mod_a\t[mod]\n"
			       "not a line\n";

static void ksyms_lookup(void **state)
{
	FILE *f = text_file(kallsyms);
	struct ksyms *k = ksyms_parse(f);
	struct rt_symbol s;

	(void)state;
	fclose(f);
	assert_true(ksyms_find(k, 0xffffffff81000123, &s));
	assert_string_equal(s.name, "do_one");
	assert_null(s.module);
	assert_int_equal(s.offset, 0x23);
	/* data symbols do not hide functions */
	assert_true(ksyms_find(k, 0xffffffff81000210, &s));
	assert_string_equal(s.name, "do_one");
	/* two names at one address: the first one */
	assert_true(ksyms_find(k, 0xffffffff81000000, &s));
	assert_string_equal(s.name, "_text");
	/* modules do not stand in order */
	assert_true(ksyms_find(k, 0xffffffffc0000080, &s));
	assert_string_equal(s.name, "mod_a");
	assert_string_equal(s.module, "mod");
	assert_false(ksyms_find(k, 0xffffffff80ffffff, &s));
	assert_true(ksyms_bytes(k) < 4096);
	ksyms_free(k);
}

/* Without the privilege to see addresses all of them are zero. */
static void ksyms_hidden(void **state)
{
	FILE *f = text_file("0000000000000000 T _text\n0000000000000000 t do_one\n");
	struct ksyms *k = ksyms_parse(f);
	struct rt_symbol s;

	(void)state;
	fclose(f);
	assert_false(ksyms_find(k, 0xffffffff81000123, &s));
	ksyms_free(k);
}

static int collect(void *user, const char *name, const char *module)
{
	char *all = user;

	sprintf(all + strlen(all), "%s%s%s ", name, module ? "/" : "", module ? module : "");
	return !strcmp(name, "stop");
}

static void functions_from_filter(void **state)
{
	FILE *f = text_file("vfs_read\nvfs_write\n__ftrace_invalid_address___64\n"
			    "xfs_read [xfs]\nstop\nvfs_open\n");
	char all[256] = "";

	(void)state;
	assert_int_equal(kfuncs_from_filter(f, "*", collect, all), 1);
	assert_string_equal(all, "vfs_read vfs_write xfs_read/xfs stop ");
	rewind(f);
	all[0] = '\0';
	assert_int_equal(kfuncs_from_filter(f, "?fs_read", collect, all), 0);
	assert_string_equal(all, "vfs_read xfs_read/xfs ");
	fclose(f);
}

static void functions_from_kallsyms(void **state)
{
	struct strmap blacklist = {0};
	FILE *f = text_file("ffffffff81000000 T vfs_read\nffffffff81000010 t part.0\n"
			    "ffffffff81000020 D data\nffffffff81000030 t never\n"
			    "ffffffffc0000000 t xfs_read\t[xfs]\n");
	char all[256] = "";

	(void)state;
	strmap_put(&blacklist, "never", &blacklist);
	assert_int_equal(kfuncs_from_kallsyms(f, "*", &blacklist, collect, all), 0);
	assert_string_equal(all, "vfs_read xfs_read/xfs ");
	strmap_free(&blacklist);
	fclose(f);
}

/* ---- verifier logs -------------------------------------------------------------- */

static void verdict_null_check(void **state)
{
	struct verdict v = verifier_parse(
		"func#0 @0\n"
		"0: R1=ctx(off=0,imm=0) R10=fp0\n"
		"0: (85) call bpf_map_lookup_elem#1\n"
		"1: R0_w=map_value_or_null(id=1,off=0,ks=4,vs=8,imm=0)\n"
		"1: (79) r1 = *(u64 *)(r0 +0)\n"
		"R0 invalid mem access 'map_value_or_null'\n"
		"processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0\n");

	(void)state;
	assert_int_equal(v.insn, 1);
	assert_string_equal(v.text, "R0 invalid mem access 'map_value_or_null'");
	assert_non_null(strstr(v.reason, "may not exist"));
}

static void verdict_loop(void **state)
{
	struct verdict v = verifier_parse("0: (b7) r0 = 0\n; i++\n1: (05) goto pc-1\n"
					  "infinite loop detected at insn 1\n"
					  "processed 4 insns (limit 1000000)\n");

	(void)state;
	assert_int_equal(v.insn, 1);
	assert_non_null(strstr(v.reason, "no end"));
	assert_non_null(v.hint);
	v = verifier_parse("back-edge from insn 12 to 3\n");
	assert_int_equal(v.insn, 12);
}

static void verdict_size_and_stack(void **state)
{
	struct verdict v = verifier_parse("7: (bf) r1 = r2\n"
					  "BPF program is too large. Processed 1000001 insn\n"
					  "processed 1000001 insns (limit 1000000)\n");

	(void)state;
	/* where it gave up says nothing: the whole program is meant */
	assert_int_equal(v.insn, -1);
	assert_non_null(v.reason);
	assert_non_null(strstr(v.reason, "too many steps"));
	v = verifier_parse("501: (15) if r3 == 0x2 goto pc+3 BPF program is too large. Processed "
			   "1000001 insn\nprocessed 1000001 insns (limit 1000000)\n");
	assert_string_equal(v.text, "BPF program is too large. Processed 1000001 insn");
	v = verifier_parse("3: (7b) *(u64 *)(r10 -600) = r1\n"
			   "invalid write to stack R10 off=-600 size=8\n");
	assert_int_equal(v.insn, 3);
	assert_non_null(strstr(v.reason, "512 bytes"));
}

static void verdict_unknown(void **state)
{
	struct verdict v = verifier_parse("5: (95) exit\nsomething new is wrong here\n");

	(void)state;
	assert_int_equal(v.insn, 5);
	assert_null(v.reason);
	assert_string_equal(v.text, "something new is wrong here");
	v = verifier_parse("");
	assert_int_equal(v.insn, -1);
	assert_string_equal(v.text, "");
}

static void verdict_branches(void **state)
{
	struct verdict v = verifier_parse("from 3 to 9: R0=0 R10=fp0\n"
					  "9: (69) r3 = *(u16 *)(r1 +4096)\n"
					  "invalid bpf_context access off=4096 size=2\n"
					  "mark_precise: frame0: last_idx 9\n"
					  "processed 7 insns\n");

	(void)state;
	assert_int_equal(v.insn, 9);
	assert_string_equal(v.text, "invalid bpf_context access off=4096 size=2");
	assert_non_null(v.reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wildcard_stars),
		cmocka_unit_test(wildcard_classes),
		cmocka_unit_test(wildcard_hostile),
		cmocka_unit_test(ksyms_lookup),
		cmocka_unit_test(ksyms_hidden),
		cmocka_unit_test(functions_from_filter),
		cmocka_unit_test(functions_from_kallsyms),
		cmocka_unit_test(verdict_null_check),
		cmocka_unit_test(verdict_loop),
		cmocka_unit_test(verdict_size_and_stack),
		cmocka_unit_test(verdict_unknown),
		cmocka_unit_test(verdict_branches),
	};

	return cmocka_run_group_tests_name("runtime text", tests, NULL, NULL);
}
