/*
 * The grammar beyond clauses of plain statements: loops, declarations, blocks
 * as values, records, types, and the top level with its C preamble. Programs to
 * AST dumps on one line, or to their errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "parser/compile.h"

static struct compile *parse(const char *text)
{
	struct arena *a = arena_new();
	struct compile *c = arena_new_of(a, struct compile);

	c->arena = c->sources.arena = c->diags.arena = a;
	c->diags.sources = &c->sources;
	c->program = parse_program(c, sources_add(&c->sources, "", text, strlen(text)));
	assert_non_null(c->program);
	return c;
}

/* The dump with every line break and indentation as one blank; malloc'ed. */
static char *flat(const struct node *n)
{
	struct buf b = { 0 };
	char *out, *to;

	node_dump(&b, n);
	to = out = malloc(b.len + 1);
	for (size_t i = 0; i < b.len; i++) {
		if (b.data[i] != '\n') {
			*to++ = (char)b.data[i];
			continue;
		}
		while (i + 1 < b.len && b.data[i + 1] == ' ')
			i++;
		if (i + 1 < b.len)
			*to++ = ' ';
	}
	*to = '\0';
	buf_free(&b);
	return out;
}

/* "(program WANT)", also of a copy. */
static void program(const char *text, const char *want)
{
	struct compile *c = parse(text);
	char *got = flat(c->program), *full = arena_printf(c->arena, "(program %s)", want);
	char *copy = flat(node_clone(c->arena, c->program));

	if (c->diags.first)
		fail_msg("%s: %s", text, c->diags.first->message);
	assert_string_equal(got, full);
	assert_string_equal(copy, full);
	free(got);
	free(copy);
	arena_free(c->arena);
}

/* The statements of BEGIN { TEXT }. */
static void body(const char *text, const char *want)
{
	struct arena *a = arena_new();

	program(arena_printf(a, "BEGIN { %s }", text),
		arena_printf(a, "(clause {} (probe BEGIN) (block %s))", want));
	arena_free(a);
}

/* Diagnostics as "OFFSET+LENGTH MESSAGE" lines. */
static void errors(const char *text, const char *want)
{
	struct compile *c = parse(text);
	struct buf b = { 0 };

	for (const struct diag *d = c->diags.first; d; d = d->next)
		buf_printf(&b, "%s%u+%u %s", d == c->diags.first ? "" : "\n",
			(unsigned)d->loc.offset, (unsigned)d->loc.length, d->message);
	buf_u8(&b, 0);
	assert_string_equal((const char *)b.data, want);
	buf_free(&b);
	arena_free(c->arena);
}

/* The message of the first error. */
static void first_error(const char *text, const char *want)
{
	struct compile *c = parse(text);

	assert_non_null(c->diags.first);
	assert_string_equal(c->diags.first->message, want);
	arena_free(c->arena);
}

static void lets(void **state)
{
	(void)state;
	body("let $x", "(let (variable $x))");
	body("let $x = 5;", "(let (variable $x) (number 5))");
	body("let $x : uint64; let $y : struct foo * = 0",
		"(let (variable $x) (typename uint64)) "
		"(let (variable $y) (typename struct foo *) (number 0))");
	body("let $x : foo_t = 1; let $y : int32[4]; let $z : string",
		"(let (variable $x) (typename foo_t) (number 1)) "
		"(let (variable $y) (typename int32[4])) (let (variable $z) (typename string))");
	body("let $x : typeof($y)* = 1",
		"(let (variable $x) (typename typeof * (variable $y)) (number 1))");
	first_error("BEGIN { let x = 5 }", "expected a $variable before 'x'");
	first_error("BEGIN { let $x : = 5 }", "expected a type before '='");
	first_error("BEGIN { let @m = 5 }", "expected a $variable before '@m'");
}

static void loops(void **state)
{
	(void)state;
	body("while ($i < 5) { $i++; continue; } while $i { break }",
		"(while (binary < (variable $i) (number 5)) (block (expression-statement "
		"(incdec postfix ++ (variable $i))) (continue))) "
		"(while (variable $i) (block (break)))");
	body("for ($kv : @m) { $kv.0 } for $kv : @m { }",
		"(for (variable $kv) (map @m) (block (expression-statement "
		"(field .0 (variable $kv))))) (for (variable $kv) (map @m) (block))");
	body("for ($i : 0..10) { } for $i : $a..$b + 1 { }",
		"(for (variable $i) (number 0) (number 10) (block)) (for (variable $i) "
		"(variable $a) (binary + (variable $b) (number 1)) (block))");
	body("unroll (5) { } unroll 3 { } unroll (1..4) { } unroll 1..4 { } unroll ($1) { }",
		"(unroll (number 5) (block)) (unroll (number 3) (block)) "
		"(unroll (number 1) (number 4) (block)) (unroll (number 1) (number 4) (block)) "
		"(unroll (positional $1) (block))");
	body("return; return 5; return ($x)",
		"(return) (return (number 5)) (return (variable $x))");
	first_error("BEGIN { for ($i : 5) { } }", "'for' runs over a map or a range");
	first_error("BEGIN { for (x : @m) { } }", "expected a $variable before 'x'");
	first_error("BEGIN { for ($i = 0; $i < 5; $i++) { } }", "expected ':' before '='");
	first_error("BEGIN { while ($x) $x++; }", "expected '{' before '$x'");
	first_error("BEGIN { $x = 1..5 }", "expected ';' before '..'");
}

static void loops_in_angles(void **state)
{
	(void)state;
	program("BEGIN < for ($i : 0..3) { @x = $i > 1 } while (@x > 3) { } return >",
		"(clause <> (probe BEGIN) (block (for (variable $i) (number 0) (number 3) (block "
		"(assign = (map @x) (binary > (variable $i) (number 1))))) "
		"(while (binary > (map @x) (number 3)) (block)) (return)))");
}

static void block_values(void **state)
{
	(void)state;
	body("$x = { let $y = 1; $y + 1 }; f({ 1 } + 2)",
		"(assign = (variable $x) (block-expression (let (variable $y) (number 1)) "
		"(binary + (variable $y) (number 1)))) (expression-statement (call f (binary + "
		"(block-expression (number 1)) (number 2))))");
	body("$x = if $a { 1 } else if ($b) { f(); 2 } else { 3 }",
		"(assign = (variable $x) (if (variable $a) (block-expression (number 1)) "
		"(if (variable $b) (block-expression (expression-statement (call f)) (number 2)) "
		"(block-expression (number 3)))))");
	body("$x = { if a { 1 } else { f(); 2 } }",
		"(assign = (variable $x) (block-expression (if (identifier a) "
		"(block-expression (number 1)) (block-expression (expression-statement (call f)) "
		"(number 2)))))");
	body("if a { 1 } else { 2 }",
		"(if (identifier a) (block (expression-statement (number 1))) "
		"(block (expression-statement (number 2))))");
	body("_ = f(1)", "(expression-statement (call f (number 1)))");
	first_error("BEGIN { $x = { 1; } }", "expected an expression before '}'");
	first_error("BEGIN { $x = { } }", "expected an expression before '}'");
	first_error("BEGIN { $x = if a { 1 } }", "expected 'else' before '}'");
	first_error("BEGIN { $x = { $y = 1 } }", "expected an expression before '}'");
}

static void records(void **state)
{
	(void)state;
	body("$x = (a=1, b=(c=\"x\", d=2)); $y = (1,); $z = (1, (2, 3),)",
		"(assign = (variable $x) (record (record-item a (number 1)) (record-item b (record "
		"(record-item c (string \"x\")) (record-item d (number 2)))))) "
		"(assign = (variable $y) (tuple (number 1))) "
		"(assign = (variable $z) (tuple (number 1) (tuple (number 2) (number 3))))");
	body("$x.a.0.1; @m[(1, 2), 3]",
		"(expression-statement (field .1 (field .0 (field .a (variable $x))))) "
		"(expression-statement (map @m (tuple (number 1) (number 2)) (number 3)))");
	first_error("BEGIN { if (pid = 1) { } }", "a record where a value is expected");
	first_error("BEGIN { @ = (pid = 1) && 2 }", "a record where a value is expected");
	first_error("BEGIN /(pid = 1)/ { }", "a record where a value is expected");
	first_error("BEGIN { if ($x = 1) { } }", "expected ',' or ')' before '='");
}

static void type_names(void **state)
{
	(void)state;
	body("(int32*[4])$a; (struct x **)$a; (uint8[8])12; (int8[2][3])$a; (int8[])$a",
		"(expression-statement (cast (typename int32 *[4]) (variable $a))) "
		"(expression-statement (cast (typename struct x **) (variable $a))) "
		"(expression-statement (cast (typename uint8[8]) (number 12))) "
		"(expression-statement (cast (typename int8[2][3]) (variable $a))) "
		"(expression-statement (cast (typename int8[0]) (variable $a)))");
	body("(typeof($x))5; (typeof(*$x)*[2])5; sizeof(typeof($x)) + 1; (typeof(uint8))1",
		"(expression-statement (cast (typename typeof (variable $x)) (number 5))) "
		"(expression-statement (cast (typename typeof *[2] (unary * (variable $x))) "
		"(number 5))) (expression-statement (binary + (sizeof (typename typeof "
		"(variable $x))) (number 1))) (expression-statement (cast (typename uint8) "
		"(number 1)))");
	body("offsetof(struct a, b.c); offsetof(*$p, a[2].b); container_of($x, struct f, g.h)",
		"(expression-statement (offsetof (typename struct a) (identifier b) "
		"(identifier c))) (expression-statement (offsetof (unary * (variable $p)) "
		"(identifier a) (number 2) (identifier b))) (expression-statement (call "
		"container_of (variable $x) (typename struct f) (field .h (identifier g))))");
	body("comptime f(); if comptime (x) { }",
		"(expression-statement (call f)) (if (identifier x) (block))");
	body("args.let + args->for", "(expression-statement (binary + (field .let (identifier "
				     "args)) (field ->for (identifier args))))");
	body("f(\"a\" \"b\\n\" \"c\")", "(expression-statement (call f (string \"ab\\nc\")))");
}

static void toplevel(void **state)
{
	(void)state;
	program("config = { max_strlen = 64; missing_probes = warn; license = \"GPL\" }",
		"(config (setting max_strlen (number 64)) (setting missing_probes (identifier "
		"warn)) (setting license (string \"GPL\")))");
	program("import \"x.bt\"; let @m = hash(100); let @n = array();",
		"(import \"x.bt\") (map-declaration @m hash (number 100)) "
		"(map-declaration @n array)");
	program("macro f($a, @m, x) { $a + x } macro g() { f(1); } macro h { 5 }",
		"(macro f (variable $a) (map @m) (identifier x) (block-expression (binary + "
		"(variable $a) (identifier x)))) (macro g (block (expression-statement (call f "
		"(number 1))))) (macro h (block-expression (number 5)))");
	program("macro f(a) { if a { 1 } else { 2 } }",
		"(macro f (identifier a) (block-expression (if (identifier a) (block-expression "
		"(number 1)) (block-expression (number 2)))))");
	program("config = { } BEGIN { } macro ABCD() { }",
		"(config) (macro ABCD (block)) (clause {} (probe BEGIN) (block))");
}

static void toplevel_errors(void **state)
{
	(void)state;
	errors("config { a = 1 } BEGIN { a b }",
		"7+1 expected '=' before '{'\n27+1 expected ';' before 'b'");
	errors("config = { a = ; b = c = 2; } BEGIN { a b }",
		"15+1 expected a number, a string or a word before ';'\n"
		"23+1 expected ';' before '='\n40+1 expected ';' before 'b'");
	errors("import x;\nBEGIN { a b }",
		"7+1 expected a string before 'x'\n20+1 expected ';' before 'b'");
	errors("let @m = hash(5)\nBEGIN { a b }",
		"17+5 expected ';' before 'BEGIN'\n27+1 expected ';' before 'b'");
	errors("let @m = hash(5, 6);", "17+1 a map's declaration takes the number of its "
				       "entries only");
	errors("macro f(1) { a b }\nBEGIN { c d }", "8+1 expected a parameter before '1'\n"
						    "15+1 expected ';' before 'b'\n"
						    "29+1 expected ';' before 'd'");
	errors("macro f($a)\nBEGIN { }", "12+5 expected '{' before 'BEGIN'");
}

static void c_text(void **state)
{
	(void)state;
	program("#include <linux/fs.h>\nstruct a {\n\tint x;\n};\nBEGIN { }\n"
		"struct b { int y; } END { }\nenum e { A, B };",
		"(c-text \"#include <linux/fs.h>\\nstruct a {\\n\\x09int x;\\n};\") "
		"(c-text \"struct b { int y; }\") (c-text \"enum e { A, B };\") "
		"(clause {} (probe BEGIN) (block)) (clause {} (probe END) (block))");
	program("int f(void) { return 1; }\nBEGIN { }\nTRACEPOINT_PROBE(a, b) { return 0; } "
		"BPF_HASH(m, u32);\nEND { }\nstruct s *g(struct s *p) { return p; } "
		"kprobe:f { } static const u32 t[] = { 1, 2 };",
		"(c-text \"int f(void) { return 1; }\") "
		"(c-text \"TRACEPOINT_PROBE(a, b) { return 0; } BPF_HASH(m, u32);\") "
		"(c-text \"struct s *g(struct s *p) { return p; }\") "
		"(c-text \"static const u32 t[] = { 1, 2 };\") (clause {} (probe BEGIN) (block)) "
		"(clause {} (probe END) (block)) (clause {} (probe kprobe:f) (block))");
	program("struct a {\n#ifdef X\n int c; }\n#else\n#define N 5\n int d;\n#endif\n};\n"
		"BEGIN { N }",
		"(c-text \"struct a {\\n#ifdef X\\n int c; }\\n#else\\n#define N 5\\n int d;"
		"\\n#endif\\n};\") (clause {} (probe BEGIN) (block (expression-statement "
		"(number 5))))");
	program("struct a { char c; /* } */ } __attribute__((packed)); BEGIN { }\n"
		"typedef struct { int x; } t, *u;\nEND { }",
		"(c-text \"struct a { char c; /* } */ } __attribute__((packed));\") "
		"(c-text \"typedef struct { int x; } t, *u;\") "
		"(clause {} (probe BEGIN) (block)) (clause {} (probe END) (block))");
}

static void foreign_words(void **state)
{
	(void)state;
	errors("BEGIN { for (int i = 0; i < 5; i++) { } a b }",
		"13+3 expected a $variable before 'int'\n42+1 expected ';' before 'b'");
	first_error("BEGIN { int x = 5; }", "expected ';' before 'x'");
	first_error("BEGIN { offsetof(struct a) }", "expected ',' before ')'");
	first_error("config = { a : 5 }", "expected '=' before ':'");
	first_error("let @m = hash;", "expected '(' before ';'");
	first_error("macro f(x, , y) { }", "expected a parameter before ','");
}

static void conditions(void **state)
{
	(void)state;
	program("#ifdef BPFTRACE_HAVE_BTF\nBEGIN { }\n#else\nx { ( }\n#endif\n",
		"(c-text \"#ifdef BPFTRACE_HAVE_BTF\") (c-text \"#else\\nx { ( }\\n#endif\") "
		"(clause {} (probe BEGIN) (block))");
	program("#ifndef BCCT_HAVE_BTF\n#if 1\n#else\n#endif\nx\n#elif 0\ny\n#else\nEND { }\n"
		"#endif",
		"(c-text \"#ifndef BCCT_HAVE_BTF\\n#if 1\\n#else\\n#endif\\nx\\n#elif 0\\ny\\n"
		"#else\") "
		"(c-text \"#endif\") (clause {} (probe END) (block))");
	program("BEGIN {\n#if defined(X) || __x86_64__ > 1\n ( broken\n#else\n 5\n#endif\n}",
		"(clause {} (probe BEGIN) (block (expression-statement (number 5))))");
	errors("#if 1\nBEGIN { a b }",
		"1+2 this condition has no #endif\n16+1 expected ';' before 'b'");
	errors("#else\n#endif\n#bla\n#error x y\nBEGIN { }",
		"1+4 #else without #if\n7+5 #endif without #if\n14+3 unknown directive #bla\n"
		"19+5 #error x y");
}

/* The statements of the clause that follows the definitions. */
static void expanded(const char *defines, const char *text, const char *want)
{
	struct arena *a = arena_new();
	struct compile *c = parse(arena_printf(a, "%s\nBEGIN { %s }", defines, text));
	struct node *clause = c->program->program.clauses;
	char *got = flat(clause->clause.body);

	if (c->diags.first)
		fail_msg("%s: %s", text, c->diags.first->message);
	assert_string_equal(got, arena_printf(c->arena, "(block %s)", want));
	free(got);
	arena_free(c->arena);
	arena_free(a);
}

static void macros(void **state)
{
	(void)state;
	expanded("#define N 5", "@[N] = N", "(assign = (map @ (number 5)) (number 5))");
	expanded("#define ADD(a, b) ((a) + (b))\n#define M ADD", "$x = ADD(1, (2, 3))",
		"(assign = (variable $x) (binary + (number 1) (tuple (number 2) (number 3))))");
	expanded("#define FMT \"x=%d\" \"\\n\"", "printf(\"a\" FMT, 1)",
		"(expression-statement (call printf (string \"ax=%d\\n\") (number 1)))");
	expanded("#define SUM 1 + \\\n\t2", "SUM * 3",
		"(expression-statement (binary + (number 1) (binary * (number 2) (number 3))))");
	expanded("#define R R + 1\n#define NEG(x) -x", "R; NEG(-1)",
		"(expression-statement (binary + (identifier R) (number 1))) "
		"(expression-statement (unary - (unary - (number 1))))");
	expanded("#define BLK { 1; }\n#define NO", "if (a) BLK NO else BLK",
		"(if (identifier a) (block (expression-statement (number 1))) "
		"(block (expression-statement (number 1))))");
	expanded("#define F(x) x\n#define S(x) #x\n#define C(a, b) a##b",
		"F(@m[\"a)b\"]); F; S(a  b); C(pi, d); F($x.y)",
		"(expression-statement (map @m (string \"a)b\"))) (expression-statement "
		"(identifier F)) (expression-statement (string \"a b\")) (expression-statement "
		"(identifier pid)) (expression-statement (field .y (variable $x)))");
	expanded("#define N 1\n#undef N", "N", "(expression-statement (identifier N))");
	expanded("#define F a.b", "args.F", "(expression-statement (field .b (field .a "
					    "(identifier args))))");
	expanded("#define U64 (uint64)", "U64 5",
		"(expression-statement (cast (typename uint64) (number 5)))");
}

static void macro_places(void **state)
{
	struct compile *c = parse("#define N (1 + 2)\nBEGIN < @x = N + 3; f(N) >");
	struct node *assign = c->program->program.clauses->clause.body->block.stmts, *sum;

	(void)state;
	assert_null(c->diags.first);
	sum = assign->assign.value;
	assert_int_equal(sum->loc.offset, 31);
	assert_int_equal(sum->loc.length, 5);
	assert_int_equal(sum->binary.left->loc.offset, 31);
	assert_int_equal(sum->binary.left->loc.length, 1);
	assert_int_equal(sum->binary.left->binary.right->loc.offset, 31);
	assert_int_equal(assign->next->expr.expr->loc.offset, 38);
	assert_int_equal(assign->next->expr.expr->loc.length, 4);
	arena_free(c->arena);

	/* errors stand at the use, with the definition as a note */
	errors("#define BAD 08\nBEGIN { BAD; }",
		"23+3 '8' is not an octal digit\n8+3 expanded from macro 'BAD'");
	errors("#define GT(a, b) a > b\nBEGIN < @x = GT(1, 2); a b >",
		"48+1 expected ';' before 'b'");
}

static void chains(void **state)
{
	struct buf b = { 0 };
	struct compile *c;

	(void)state;
	buf_printf(&b, "BEGIN { @ = 1");
	for (unsigned i = 0; i < COMPILE_MAX_CHAIN; i++)
		buf_printf(&b, i & 1 ? " || $x" : " + 1");
	buf_printf(&b, "; if a { } ");
	for (unsigned i = 0; i < COMPILE_MAX_CHAIN; i++)
		buf_printf(&b, "else if a { f(1, 2) } ");
	buf_printf(&b, "}");
	buf_u8(&b, 0);
	c = parse((const char *)b.data);
	assert_null(c->diags.first);
	arena_free(c->arena);
	b.len = 0;
	buf_printf(&b, "BEGIN { @ = 1");
	for (unsigned i = 0; i < COMPILE_MAX_HEIGHT + 10; i++)
		buf_printf(&b, " + 1");
	buf_printf(&b, "; }");
	buf_u8(&b, 0);
	first_error((const char *)b.data, "more than 2000 operators in a row");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets),
		cmocka_unit_test(loops),
		cmocka_unit_test(loops_in_angles),
		cmocka_unit_test(block_values),
		cmocka_unit_test(records),
		cmocka_unit_test(type_names),
		cmocka_unit_test(toplevel),
		cmocka_unit_test(toplevel_errors),
		cmocka_unit_test(c_text),
		cmocka_unit_test(foreign_words),
		cmocka_unit_test(conditions),
		cmocka_unit_test(macros),
		cmocka_unit_test(macro_places),
		cmocka_unit_test(chains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
