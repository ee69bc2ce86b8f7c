/* The preprocessor of BPF C: macros, conditions, files, and its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "parser/c/cpp.h"

struct fixture {
	struct compile c;
	struct cpp p;
	char *text; /* what came out, blanks made one */
	const struct c_options *opt;
	const char *name;
};

static int set_up(void **state)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	f->c.arena = f->c.sources.arena = f->c.diags.arena = a;
	f->c.diags.sources = &f->c.sources;
	f->c.types = types_new(a);
	f->name = "";
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

static const char *expand(struct fixture *f, const char *text)
{
	struct buf b = {0};
	char *out, *q;
	size_t i;
	int file = sources_add(&f->c.sources, f->name, text, strlen(text));

	assert_true(file > 0);
	cpp_print(&b, cpp_run(&f->p, &f->c, file, f->opt));
	cpp_free(&f->p);
	out = q = arena_alloc(f->c.arena, b.len + 1);
	for (i = 0; i < b.len; i++) {
		bool blank = b.data[i] == ' ' || b.data[i] == '\n';

		if (!blank || (q > out && q[-1] != ' '))
			*q++ = blank ? ' ' : (char)b.data[i];
	}
	*q = '\0';
	buf_free(&b);
	return out;
}

static void check(struct fixture *f, const char *text, const char *wanted)
{
	const char *got = expand(f, text);

	if (f->c.diags.errors)
		print_error("%s\n", f->c.diags.first->message);
	assert_int_equal(f->c.diags.errors, 0);
	assert_string_equal(got, wanted);
}

static void fails(struct fixture *f, const char *text, enum diag_tag tag)
{
	const struct diag *d;
	bool found = false;

	f->c.diags.first = f->c.diags.last = NULL;
	f->c.diags.errors = 0;
	expand(f, text);
	for (d = f->c.diags.first; d; d = d->next)
		found |= d->level == DIAG_ERROR && d->tag == tag;
	if (!found)
		print_error("no [%s] from: %.60s\n", diag_tag_name(tag), text);
	assert_true(found);
}

static void objects(void **state)
{
	struct fixture *f = *state;

	check(f, "#define A 1\nA B A", "1 B 1");
	check(f, "#define A B\n#define B A\nA B", "A B");
	check(f, "#define A (A + 1)\nA", "(A + 1)");
	check(f, "#define EMPTY\nx EMPTY y", "x y");
	check(f, "#define A 1\n#undef A\nA", "A");
	check(f, "#define A 1 /* one */ // more\nA;", "1;");
	check(f, "#define LONG a \\\n b \\\n c\nLONG d", "a b c d");
	check(f, "\"A\" 'A' \"\\\"A\"", "\"A\" 'A' \"\\\"A\"");
	check(f, "#define x 1\nx.x->x xx", "1.1->1 xx");
}

static void functions(void **state)
{
	struct fixture *f = *state;

	check(f, "#define F(a, b) [a|b]\nF(1, 2) F ((1, 2), 3) F(,) F", "[1|2] [(1, 2)|3] [|] F");
	check(f, "#define F() x\nF() F( )", "x x");
	check(f, "#define F(a) a a\nF()", "");
	check(f, "#define F(a) <a>\nF(\n1\n)", "<1>");
	check(f, "#define F(a) a(2)\n#define G(a) {a}\nF(G)", "{2}");
	check(f, "#define F(x) x\n#define G F(\nG 1)", "1");
	check(f, "#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)", "2*9*g");
	fails(f, "#define F(a) a\nF(1, 2)", TAG_ARG_COUNT);
	fails(f, "#define F(a, b) a\nF(1)", TAG_ARG_COUNT);
	fails(f, "#define F(a) a\nF(1", TAG_UNCLOSED);
	fails(f, "#define F(a, 1) a\n", TAG_PREPROCESSOR);
	fails(f, "#define 1 a\n", TAG_PREPROCESSOR);
}

/* The examples of C99 6.10.3.5, which fix what '#', '##' and rescanning mean. */
static void standard_rescan(void **state)
{
	struct fixture *f = *state;

	check(f,
	      "#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n"
	      "#define z z[0]\n#define h g(~\n#define m(a) a(w)\n#define w 0,1\n#define t(a) a\n"
	      "#define p() int\n#define q(x) x\n#define r(x,y) x ## y\n#define str(x) # x\n"
	      "f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);\n"
	      "g(x+(3,4)-w) | h 5) & m\n\t(f)^m(m);\n"
	      "p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };\n"
	      "char c[2][6] = { str(hello), str() };\n",
	      "f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1); "
	      "f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1); "
	      "int i[] = { 1, 23, 4, 5, }; char c[2][6] = { \"hello\", \"\" };");
}

static void standard_strings(void **state)
{
	struct fixture *f = *state;

	check(f,
	      "#define str(s) # s\n#define xstr(s) str(s)\n"
	      "#define debug(s, t) printf(\"x\" # s \"= %d, x\" # t \"= %s\", x ## s, x ## t)\n"
	      "#define INCFILE(n) vers ## n\n#define glue(a, b) a ## b\n"
	      "#define xglue(a, b) glue(a, b)\n#define HIGHLOW \"hello\"\n"
	      "#define LOW LOW \", world\"\n"
	      "debug(1, 2);\nfputs(str(strncmp(\"abc\\0d\", \"abc\", '\\4') // this goes away\n"
	      " == 0) str(: @\\n), s);\nxstr(INCFILE(2).h)\nglue(HIGH, LOW);\nxglue(HIGH, LOW)",
	      "printf(\"x\" \"1\" \"= %d, x\" \"2\" \"= %s\", x1, x2); "
	      "fputs(\"strncmp(\\\"abc\\\\0d\\\", \\\"abc\\\", '\\\\4') == 0\" \": @\\n\", s); "
	      "\"vers2.h\" \"hello\"; \"hello\" \", world\"");
	check(f,
	      "#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n"
	      "#define join(c, d) in_between(c hash_hash d)\nchar p[] = join(x, y);",
	      "char p[] = \"x ## y\";");
	check(f,
	      "#define t(x,y,z) x ## y ## z\nint j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,),\n"
	      "\tt(10,,), t(,11,), t(,,12), t(,,) };",
	      "int j[] = { 123, 45, 67, 89, 10, 11, 12, };");
	fails(f, "#define J(a, b) a ## b\nJ(+, /x)", TAG_PREPROCESSOR);
	fails(f, "#define J ## a\n", TAG_PREPROCESSOR);
}

static void variadic(void **state)
{
	struct fixture *f = *state;

	check(f,
	      "#define debug(...) fprintf(stderr, __VA_ARGS__)\n#define showlist(...) "
	      "puts(#__VA_ARGS__)\n"
	      "#define report(test, ...) ((test)?puts(#test): printf(__VA_ARGS__))\n"
	      "debug(\"Flag\"); debug(\"X = %d\\n\", x);\nshowlist(The first, second, and third "
	      "items.);\n"
	      "report(x>y, \"x is %d but y is %d\", x, y);",
	      "fprintf(stderr, \"Flag\"); fprintf(stderr, \"X = %d\\n\", x); "
	      "puts(\"The first, second, and third items.\"); "
	      "((x>y)?puts(\"x>y\"): printf(\"x is %d but y is %d\", x, y));");
	check(f, "#define e(fmt, args...) p(fmt, ##args)\ne(1) e(1, 2, 3)", "p(1) p(1,2, 3)");
	check(f, "#define e(fmt, ...) p(fmt, ##__VA_ARGS__)\ne(1) e(1, 2)", "p(1) p(1,2)");
	check(f, "#define e(...) p(__VA_OPT__(x,) __VA_ARGS__)\ne() e(1)", "p() p(x, 1)");
	check(f,
	      "#define n(...) n3(__VA_ARGS__, 3, 2, 1)\n#define n3(a, b, c, d, ...) d\n"
	      "n(a) n(a, b) n(a, b, c)",
	      "1 2 3");
}

static void conditions(void **state)
{
	struct fixture *f = *state;

	check(f, "#if 1\na\n#else\nb\n#endif", "a");
	check(f, "#if 0\na\n#elif 0\nb\n#elif 1\nc\n#elif 1\nd\n#else\ne\n#endif", "c");
	check(f, "#ifdef A\na\n#endif\n#ifndef A\nb\n#endif", "b");
	check(f, "#define A\n#if defined A && defined(A) && !defined(B)\nx\n#endif", "x");
	check(f, "#if 0\n#if 1\na\n#else\nb\n#endif\nisn't\n#else\nc\n#endif", "c");
	check(f,
	      "#if (2 + 3 * 4 == 14) && (1 ? 0 : 1) == 0 && -1 < 0 && 7 / 2 == 3 && 7 % 4 == 3\n"
	      "x\n#endif",
	      "x");
	check(f,
	      "#if -1 > 0u && (1 << 4 | 1) == 0x11 && ~0 == -1 && 'a' == 97 && !unknown\nx\n#endif",
	      "x");
	check(f, "#if 0 && 1 / 0\n#elif 1 || 1 / 0\nx\n#endif", "x");
	check(f, "#define V(a) ((a) * 2)\n#if V(3) == 6\nx\n#endif", "x");
	check(f, "#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 0) && AF_INET == 2\nx\n#endif",
	      "x");
	check(f, "#if 010 == 8 && 0b11 == 3 && 18446744073709551615u == -1\nx\n#endif", "x");
	fails(f, "#if 1 +\n#endif", TAG_PREPROCESSOR);
	fails(f, "#if\n#endif", TAG_PREPROCESSOR);
	fails(f, "#if (1\n#endif", TAG_PREPROCESSOR);
	fails(f, "#if 1 / 0\n#endif", TAG_PREPROCESSOR);
	fails(f, "#if 1.5\n#endif", TAG_PREPROCESSOR);
	fails(f, "#if 1", TAG_UNCLOSED);
	fails(f, "#endif", TAG_PREPROCESSOR);
	fails(f, "#if 1\n#else\n#else\n#endif", TAG_PREPROCESSOR);
	fails(f, "#error no good", TAG_PREPROCESSOR);
	fails(f, "#nonsense", TAG_PREPROCESSOR);
	fails(f, "/* never closed", TAG_UNCLOSED);
}

static void definitions(void **state)
{
	static const char *const defines[] = {"MAX=12", "FLAG"};
	struct c_options opt = {.defines = defines, .ndefines = 2};
	struct fixture *f = *state;

	f->opt = &opt;
	check(f, "MAX FLAG", "12 1");
	f->opt = NULL;
	check(f, "__LINE__\n__LINE__ __COUNTER__ __COUNTER__", "1 2 0 1");
	check(f, "NULL", "((void *)0)");
#ifdef __x86_64__
	check(f, "PT_REGS_RC(ctx)", "((ctx)->ax)");
#endif
	check(f, "#define AF_INET 3\nAF_INET AF_INET6", "3 AF_INET6");
}

static void configuration(void **state)
{
	char path[] = "/tmp/bcct-config.XXXXXX";
	struct fixture *f = *state;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_true(dprintf(fd, "CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_HZ=250\n") >
		    0);
	close(fd);
	setenv("BCCT_KCONFIG", path, 1);
	check(f,
	      "#ifdef CONFIG_A\na\n#endif\n#ifdef CONFIG_B\nb\n#endif\n#ifdef "
	      "CONFIG_B_MODULE\nbm\n#endif\n"
	      "#if IS_ENABLED(CONFIG_A) && IS_ENABLED(CONFIG_B) && "
	      "!IS_ENABLED(CONFIG_C)\ne\n#endif\n"
	      "#if IS_BUILTIN(CONFIG_B)\nno\n#endif\nCONFIG_HZ",
	      "a bm e 250");
	unsetenv("BCCT_KCONFIG");
	unlink(path);
}

static void included(void **state)
{
	char dir[] = "/tmp/bcct-include.XXXXXX", path[64];
	struct fixture *f = *state;
	struct c_options opt = {.ndirs = 1};
	const char *dirs[1];
	FILE *out;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a.h", dir);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs("#pragma once\n#define FROM_A yes\na\n", out);
	fclose(out);
	dirs[0] = dir;
	opt.dirs = dirs;
	f->opt = &opt;
	check(f, "#include <linux/sched.h>\n#include <net/sock.h>\nx", "x");
	check(f, "#include <a.h>\n#include \"a.h\"\nFROM_A", "a yes");
	f->opt = NULL;
	check(f, arena_printf(f->c.arena, "#include \"%s\"\nb", path), "a b");
	f->name = arena_printf(f->c.arena, "%s/main.c", dir);
	check(f, "#define NAME \"a.h\"\n#include NAME\nc", "a c");
	/* whether it is needed shows later */
	check(f, "#include <nowhere.h>\nd", "d");
	assert_string_equal(f->c.missing->name, "nowhere.h");
	fails(f, "#include \"nowhere.h\"", TAG_IO);
	fails(f, "#include nothing", TAG_PREPROCESSOR);
	unlink(path);
	rmdir(dir);
}

static void pragmas(void **state)
{
	struct fixture *f = *state;

	check(f, "#pragma unroll\nfor", "#pragma unroll for");
	check(f, "#pragma unroll 4\nfor", "#pragma unroll 4 for");
	check(f, "#pragma clang diagnostic push\nx", "x");
	check(f, "_Pragma(\"unroll\") for", "#pragma unroll for");
}

static void skipped_ranges(void **state)
{
	const char *text = "int a; BEGIN < it's > int b;";
	struct c_range range = {7, 15};
	struct c_options opt = {.skip = &range, .nskip = 1};
	struct fixture *f = *state;

	const char *got;

	f->opt = &opt;
	got = expand(f, text);
	assert_int_equal(f->c.diags.errors, 0);
	assert_non_null(strstr(got, "int a;"));
	assert_non_null(strstr(got, "int b;"));
	assert_null(strstr(got, "BEGIN"));
	assert_null(strstr(got, "s"));
}

static void locations(void **state)
{
	struct fixture *f = *state;
	const char *text = "#define M(x) (x + y)\n  M(abc)";
	int file = sources_add(&f->c.sources, "", text, strlen(text));
	struct cpp_token *t = cpp_run(&f->p, &f->c, file, NULL);

	/* what the macro wrote stands at its use, what was given to it where it stands */
	assert_int_equal(t->loc.offset, 23);
	assert_int_equal(t->expansion, f->p.expansions.n);
	assert_string_equal(t->next->text, "abc");
	assert_int_equal(t->next->loc.offset, 25);
	assert_int_equal(t->next->loc.length, 3);
	assert_int_equal(t->next->expansion, 0);
	assert_string_equal(f->p.expansions.v[t->expansion - 1].name, "M");
	cpp_free(&f->p);
}

static void limits(void **state)
{
	struct fixture *f = *state;
	struct buf b = {0};
	int i;

	for (i = 1; i < 40; i++)
		buf_printf(&b, "#define a%d a%d a%d\n", i, i - 1, i - 1);
	buf_printf(&b, "a39");
	fails(f, (const char *)b.data, TAG_TOO_LARGE);
	b.len = 0;
	for (i = 0; i < 5000; i++)
		buf_printf(&b, "#if 1\n");
	fails(f, (const char *)b.data, TAG_TOO_DEEP);
	b.len = 0;
	buf_printf(&b, "#if %s1\n#endif\n",
		   "((((((((((((((((((((((((((((((((((((((((((((((((((((((");
	fails(f, (const char *)b.data, TAG_PREPROCESSOR);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(objects),  T(functions),  T(standard_rescan), T(standard_strings),
		T(variadic), T(conditions), T(definitions),	T(configuration),
		T(included), T(pragmas),    T(skipped_ranges),	T(locations),
		T(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
