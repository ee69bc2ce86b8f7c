/*
 * The parser: programs to AST dumps (on one line here), and broken programs to
 * their errors with exact byte ranges.
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

struct fixture {
	struct compile c;
	struct node *program;
};

static struct fixture *parse_bytes(const char *text, size_t len)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	f->c.arena = f->c.sources.arena = f->c.diags.arena = a;
	f->c.diags.sources = &f->c.sources;
	f->program = parse_program(&f->c, sources_add(&f->c.sources, "", text, len));
	assert_non_null(f->program);
	return f;
}

static struct fixture *parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void done(struct fixture *f)
{
	arena_free(f->c.arena);
}

/* The dump of a node with every line break and indentation as one blank; malloc'ed. */
static char *flat(const struct node *n)
{
	struct buf b = { 0 };
	char *out;
	size_t len = 0;

	node_dump(&b, n);
	out = malloc(b.len + 1);
	for (size_t i = 0; i < b.len; i++) {
		if (b.data[i] != '\n') {
			out[len++] = (char)b.data[i];
			continue;
		}
		while (i + 1 < b.len && b.data[i + 1] == ' ')
			i++;
		if (i + 1 < b.len)
			out[len++] = ' ';
	}
	out[len] = 0;
	buf_free(&b);
	return out;
}

static void expect_dump(const struct node *n, const char *want)
{
	char *got = flat(n);

	assert_string_equal(got, want);
	free(got);
}

static void expect_clean(struct fixture *f, const char *text)
{
	if (f->c.diags.first)
		print_message("%s: %s\n", text, f->c.diags.first->message);
	assert_null(f->c.diags.first);
}

/* The first statement of the only clause, parsed in both kinds of action. */
static void statement(const char *text, const char *want)
{
	static const char *const around[][2] = { { "BEGIN { ", " }" }, { "BEGIN < ", " >" } };

	for (int i = 0; i < 2; i++) {
		struct arena *a = arena_new();
		const char *whole = arena_printf(a, "%s%s%s", around[i][0], text, around[i][1]);
		struct fixture *f = parse(whole);
		struct node *stmt;

		expect_clean(f, whole);
		stmt = f->program->program.clauses->clause.body->block.stmts;
		assert_non_null(stmt);
		assert_null(stmt->next);
		assert_int_equal(stmt->loc.offset, 8);
		assert_int_equal(stmt->loc.length, strlen(text));
		expect_dump(stmt->kind == N_EXPR ? stmt->expr.expr : stmt, want);
		done(f);
		arena_free(a);
	}
}

static void program(const char *text, const char *want)
{
	struct fixture *f = parse(text);

	expect_clean(f, text);
	expect_dump(f->program, want);
	done(f);
}

/* "offset+length tag: message" of each error, one per line. */
static void errors_of(const char *text, size_t len, const char *want)
{
	struct fixture *f = parse_bytes(text, len);
	struct buf b = { 0 };

	for (const struct diag *d = f->c.diags.first; d; d = d->next)
		buf_printf(&b, "%s%u+%u %s: %s", b.len ? "\n" : "", d->loc.offset, d->loc.length,
			diag_tag_name(d->tag), d->message);
	buf_u8(&b, 0);
	assert_string_equal((char *)b.data, want);
	buf_free(&b);
	done(f);
}

static void errors(const char *text, const char *want)
{
	errors_of(text, strlen(text), want);
}

/* ---- expressions ---------------------------------------------------------- */

static void precedence(void **state)
{
	(void)state;
	statement("a || b && c | d ^ e & f",
		"(binary || (identifier a) (binary && (identifier b) (binary | (identifier c) "
		"(binary ^ (identifier d) (binary & (identifier e) (identifier f))))))");
	statement("a == b < c << d + e * f",
		"(binary == (identifier a) (binary < (identifier b) (binary << (identifier c) "
		"(binary + (identifier d) (binary * (identifier e) (identifier f))))))");
	statement(
		"a - b - c", "(binary - (binary - (identifier a) (identifier b)) (identifier c))");
	statement("a ? b : c ? d : e",
		"(ternary (identifier a) (identifier b) (ternary "
		"(identifier c) (identifier d) (identifier e)))");
	statement("a ?: b", "(ternary (identifier a) (identifier b))");
	statement("-a.b", "(unary - (field .b (identifier a)))");
	statement("!*a->b[1]", "(unary ! (unary * (index (field ->b (identifier a)) (number 1))))");
	statement("(a + b) * c",
		"(binary * (binary + (identifier a) (identifier b)) (identifier c))");
	statement("~&$x", "(unary ~ (unary & (variable $x)))");
}

static void angle_operators(void **state)
{
	(void)state;
	statement("(a > b)", "(binary > (identifier a) (identifier b))");
	statement("f(a > b)", "(call f (binary > (identifier a) (identifier b)))");
	statement("@[a > b]++",
		"(incdec postfix ++ (map @ (binary > (identifier a) (identifier b))))");
	statement("if (a > b) { c > d; }",
		"(if (binary > (identifier a) (identifier b)) (block (expression-statement "
		"(binary > (identifier c) (identifier d)))))");
	statement("a >= b", "(binary >= (identifier a) (identifier b))");
	statement("a >> b", "(binary >> (identifier a) (identifier b))");
	statement("$a >>= b->c", "(assign >>= (variable $a) (field ->c (identifier b)))");
	statement("a < b", "(binary < (identifier a) (identifier b))");
}

static void postfix(void **state)
{
	(void)state;
	statement(
		"args.if.pid->while", "(field ->while (field .pid (field .if (identifier args))))");
	statement("$kv.1.0", "(field .0 (field .1 (variable $kv)))");
	statement("@x[1, \"a\"]", "(map @x (number 1) (string \"a\"))");
	statement("@x[1][2]", "(index (map @x (number 1)) (number 2))");
	statement("@", "(map @)");
	statement("f()", "(call f)");
	statement("f(g(1), (1, 2))", "(call f (call g (number 1)) (tuple (number 1) (number 2)))");
	statement("$x++", "(incdec postfix ++ (variable $x))");
	statement("--@y[pid]", "(incdec prefix -- (map @y (identifier pid)))");
	statement("f($1, $#, $12)", "(call f (positional $1) (positional $#) (positional $12))");
}

static void casts(void **state)
{
	(void)state;
	statement("(uint8)-1", "(cast (typename uint8) (unary - (number 1)))");
	statement("(int32) (a)", "(cast (typename int32) (identifier a))");
	statement(
		"(unsigned long long int)$x", "(cast (typename unsigned long long) (variable $x))");
	statement("(long unsigned)$x", "(cast (typename unsigned long) (variable $x))");
	statement("(struct foo *)arg0", "(cast (typename struct foo *) (identifier arg0))");
	statement("(const struct foo **)-a",
		"(cast (typename struct foo **) (unary - (identifier a)))");
	statement("(foo_t *)*p", "(cast (typename foo_t *) (unary * (identifier p)))");
	statement("(foo_t)arg0", "(cast (typename foo_t) (identifier arg0))");
	statement("(foo_t)-1", "(binary - (identifier foo_t) (number 1))");
	statement("(uint8[8])p", "(cast (typename uint8[8]) (identifier p))");
	statement("(int32 *[4])p", "(cast (typename int32 *[4]) (identifier p))");
	statement("((struct task_struct *)curtask)->real_parent->tgid",
		"(field ->tgid (field ->real_parent (cast (typename struct task_struct *) "
		"(identifier curtask))))");
	statement("(enum e)1 + 2", "(binary + (cast (typename enum e) (number 1)) (number 2))");
	statement("f (a)", "(call f (identifier a))");
}

static void sizeofs(void **state)
{
	(void)state;
	statement("sizeof(struct foo)", "(sizeof (typename struct foo))");
	statement("sizeof(uint8) + 1", "(binary + (sizeof (typename uint8)) (number 1))");
	statement("sizeof(foo *)", "(sizeof (typename foo *))");
	statement("sizeof(pid)", "(sizeof (identifier pid))");
	statement("sizeof (a + b)", "(sizeof (binary + (identifier a) (identifier b)))");
	statement("sizeof $x", "(sizeof (variable $x))");
	statement("offsetof(struct foo, bar)",
		"(offsetof (typename struct foo) (identifier bar))");
}

static void numbers(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "0", "(number 0)" },
		{ "017", "(number 15)" },
		{ "0x1D", "(number 29)" },
		{ "0b101", "(number 5)" },
		{ "1_000_000", "(number 1000000)" },
		{ "1e6", "(number 1000000)" },
		{ "5ns", "(number 5)" },
		{ "5us", "(number 5000)" },
		{ "5ms", "(number 5000000)" },
		{ "2s", "(number 2000000000)" },
		{ "2m", "(number 120000000000)" },
		{ "1h", "(number 3600000000000)" },
		{ "1d", "(number 86400000000000)" },
		{ "7u", "(number 7u)" },
		{ "7LL", "(number 7)" },
		{ "7ull", "(number 7u)" },
		{ "9223372036854775807", "(number 9223372036854775807)" },
		{ "18446744073709551615", "(number 18446744073709551615u)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		statement(cases[i].text, cases[i].want);
}

static void strings(void **state)
{
	struct fixture *f = parse("BEGIN { \"\\n\\t\\r\\\"\\\\\\0\\033\\x41\\xff\" }");
	struct node *n = f->program->program.clauses->clause.body->block.stmts->expr.expr;

	(void)state;
	expect_clean(f, "escapes");
	assert_int_equal(n->str.len, 9);
	assert_memory_equal(n->str.text, "\n\t\r\"\\\0\033A\xff", 10);
	done(f);
	statement("\"größer // no /* comment\"", "(string \"größer // no /* comment\")");
	statement("\"a > b }\"", "(string \"a > b }\")");
}

/* ---- statements ------------------------------------------------------------- */

static void assignments(void **state)
{
	static const char *const ops[] = { "=",
		"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=" };

	(void)state;
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		struct arena *a = arena_new();

		statement(arena_printf(a, "@x[k] %s 1", ops[i]),
			arena_printf(a, "(assign %s (map @x (identifier k)) (number 1))", ops[i]));
		arena_free(a);
	}
	statement("@ = count()", "(assign = (map @) (call count))");
	statement("$x=(1,2)", "(assign = (variable $x) (tuple (number 1) (number 2)))");
}

static void blocks(void **state)
{
	(void)state;
	statement("if a { b } else if (c) { d; } else { }",
		"(if (identifier a) (block (expression-statement (identifier b))) (if (identifier "
		"c) "
		"(block (expression-statement (identifier d))) (block)))");
	statement("{ a; { b } ; ; c }",
		"(block (expression-statement (identifier a)) (block (expression-statement "
		"(identifier b))) (expression-statement (identifier c)))");
	statement("if (a) + 1 == b { c }",
		"(if (binary == (binary + (identifier a) (number 1)) (identifier b)) (block "
		"(expression-statement (identifier c))))");
	statement("return", "(return)");
}

/* ---- clauses ------------------------------------------------------------------ */

static void specs_of(const char *text, const char *const *want)
{
	struct fixture *f = parse(text);
	struct node *spec = f->program->program.clauses->clause.specs;

	expect_clean(f, text);
	for (; *want; want++, spec = spec->next) {
		assert_non_null(spec);
		assert_string_equal(spec->spec.text, *want);
		assert_int_equal(spec->loc.length, strlen(*want));
		assert_memory_equal(text + spec->loc.offset, *want, strlen(*want));
	}
	assert_null(spec);
	done(f);
}

#define SPECS(text, ...) specs_of(text, (const char *const[]){ __VA_ARGS__, NULL })

static void specs(void **state)
{
	(void)state;
	SPECS("BEGIN{}", "BEGIN");
	SPECS("begin < > ", "begin");
	SPECS("kprobe:vfs_read<@=count()>", "kprobe:vfs_read");
	SPECS("kprobe:vfs_*,kretprobe:vfs_[rw]?ite* , // c\n\tinterval:s:1, {}", "kprobe:vfs_*",
		"kretprobe:vfs_[rw]?ite*", "interval:s:1");
	SPECS("i:1s /* c */ {}", "i:1s");
	SPECS("i:ms:$1 {}", "i:ms:$1");
	SPECS("kprobe:f+0x10 {}", "kprobe:f+0x10");
	SPECS("uprobe:/bin/bash:readline/pid/{}", "uprobe:/bin/bash:readline");
	SPECS("u:./a/*b:f, U:/x/y:ns:p {}", "u:./a/*b:f", "U:/x/y:ns:p");
	SPECS("uprobe:/bin/a:cpp:\"f(int, char) const\" {}",
		"uprobe:/bin/a:cpp:\"f(int, char) const\"");
	SPECS("usdt:\"/a b/c\":p {}", "usdt:\"/a b/c\":p");
	SPECS("iter:task:/sys/fs/bpf/x {}", "iter:task:/sys/fs/bpf/x");
	SPECS("name=kprobe:f {}", "kprobe:f");
	SPECS("BEGN {}", "BEGN");
	SPECS("kprobe:f/pid/{}", "kprobe:f");
}

static void predicates(void **state)
{
	(void)state;
	program("kprobe:f / a / b > 1 / { }",
		"(program (clause {} (probe kprobe:f) (predicate (binary > (binary / (identifier "
		"a) "
		"(identifier b)) (number 1))) (block)))");
	program("kprobe:f /(a / b)/ // c\n< >",
		"(program (clause <> (probe kprobe:f) (predicate (binary / (identifier a) "
		"(identifier b))) (block)))");
	program("kprobe:f /@x[a / b]/ /* c */ { c / d }",
		"(program (clause {} (probe kprobe:f) (predicate (map @x (binary / (identifier a) "
		"(identifier b)))) (block (expression-statement (binary / (identifier c) "
		"(identifier d))))))");
}

static void programs(void **state)
{
	(void)state;
	program("", "(program)");
	program("#!/usr/bin/env bcct", "(program)");
	program("#!/usr/bin/env bcct\n// c\n/* c */", "(program)");
	program("BEGIN < > END { }BEGIN{}",
		"(program (clause <> (probe BEGIN) (block)) (clause {} "
		"(probe END) (block)) (clause {} (probe BEGIN) (block)))");
	program("BEGIN < a > /* next */ kprobe:f < b >",
		"(program (clause <> (probe BEGIN) (block (expression-statement (identifier a)))) "
		"(clause <> (probe kprobe:f) (block (expression-statement (identifier b)))))");
}

static void locations(void **state)
{
	struct fixture *f = parse("BEGIN { @x[a] += (f(1) * 2); }");
	struct node *assign = f->program->program.clauses->clause.body->block.stmts;
	struct node *call = assign->assign.value->binary.left;

	(void)state;
	expect_clean(f, "locations");
	assert_int_equal(assign->loc.offset, 8);
	assert_int_equal(assign->loc.length, 19);
	assert_int_equal(assign->assign.op_loc.offset, 14);
	assert_int_equal(assign->assign.op_loc.length, 2);
	assert_int_equal(assign->assign.target->loc.length, 5);
	assert_int_equal(assign->assign.value->loc.offset, 18);
	assert_int_equal(assign->assign.value->loc.length, 8);
	assert_int_equal(call->loc.length, 4);
	assert_int_equal(call->call.name_loc.length, 1);
	assert_int_equal(f->program->program.clauses->loc.length, 30);
	done(f);
}

static void clones(void **state)
{
	struct fixture *f = parse("kprobe:f, kprobe:g /a/ < if (b) { @x[c, d] = hist(e, 1); } "
				  "$y = (1, (u8)2 ? sizeof(int) : -z.q[3]++) >");
	struct node *copy;
	char *before;

	(void)state;
	f->program->program.clauses->clause.body->block.stmts->next->assign.value->tuple.n = 2;
	before = flat(f->program);
	copy = node_clone(f->c.arena, f->program);
	expect_dump(copy, before);
	/* nothing is shared: changing one leaves the other */
	copy->program.clauses->clause.pred->ident.name = "changed";
	copy->program.clauses->clause.specs->next->spec.text = "changed";
	expect_dump(f->program, before);
	assert_ptr_not_equal(
		copy->program.clauses->clause.body, f->program->program.clauses->clause.body);
	free(before);
	done(f);
}

/* ---- errors -------------------------------------------------------------------- */

static void angle_close(void **state)
{
#define CLOSED "+1 angle-close: a '>' outside of brackets closes an action that '<' opened"
	(void)state;
	errors("kprobe:f < if a > 10 { b } >", "16" CLOSED);
	errors("kprobe:f < if a > b { c } >", "16" CLOSED);
	errors("kprobe:f < @x = a > 10; print(@x) >", "18" CLOSED);
	errors("kprobe:f < @ = a > b * c >", "17" CLOSED);
	errors("kprobe:f < $x = a ? b > c : d >", "22" CLOSED);
	errors("kprobe:f < if a >", "16" CLOSED);
	errors("kprobe:f < @ = a > 1 > kprobe:g < @ = b > 2 >", "17" CLOSED "\n40" CLOSED);
	errors("kprobe:f < @x = >", "16+1 syntax: expected an expression before '>'");
#undef CLOSED
}

static void unclosed(void **state)
{
	(void)state;
	errors("kprobe:f < @x = 1", "9+1 unclosed: this '<' is never closed");
	errors("kprobe:f < printf(\"a\" >", "17+1 unclosed: this '(' is never closed");
	errors("BEGIN { if (x) { a; }", "6+1 unclosed: this '{' is never closed");
	errors("BEGIN { a[1 }", "12+1 syntax: expected ']' before '}'");
	errors("BEGIN { /* a", "8+2 unclosed: this comment is never closed");
	errors("/* a", "0+2 unclosed: this comment is never closed");
	errors("kprobe:f /pid == 1", "9+1 unclosed: this predicate is never closed");
	/* the next clause, at the start of a line, is not swallowed */
	errors("BEGIN { if (x) { a; }\nkprobe:f { b c }",
		"6+1 unclosed: this '{' is never closed\n35+1 syntax: expected ';' before 'c'");
	errors("BEGIN < exit() }", "15+1 syntax: expected '>' before '}'");
	errors("BEGIN < exit() } >", "15+1 syntax: '}' closes nothing");
}

static void every_error(void **state)
{
	(void)state;
	errors("BEGIN { @x[ = 1; @y = ; f(1,,); $z = 3 3; }\nEND { a b }",
		"12+1 syntax: expected an expression before '='\n"
		"22+1 syntax: expected an expression before ';'\n"
		"28+1 syntax: expected an expression before ','\n"
		"39+1 syntax: expected ';' before '3'\n"
		"52+1 syntax: expected ';' before 'b'");
	errors("BEGIN { if x y { a b; } else { c d } e f; }",
		"13+1 syntax: expected '{' before 'y'\n39+1 syntax: expected ';' before 'f'");
	errors("BEGIN { f(a b) g; if (c d) { } }",
		"12+1 syntax: expected ',' or ')' before 'b'\n"
		"24+1 syntax: expected ',' or ')' before 'd'");
}

static void clause_errors(void **state)
{
	(void)state;
	errors("kprobe:f", "0+8 syntax: expected '{' or '<' before the end of the text");
	errors("kprobe:f printf(\"a\") }", "9+6 syntax: expected '{' or '<' before 'printf'");
	errors("kprobe:f /pid/ print(1) }", "15+5 syntax: expected '{' or '<' before 'print'");
	errors("kprobe:f /pid { }", "14+1 syntax: expected '/' before '{'");
	errors("kprobe:f /pid = 1/ { a }", "14+1 syntax: expected '/' before '='");
	errors("kprobe:f kprobe:g { }",
		"9+6 syntax: expected ',', '/', '{' or '<' before 'kprobe'");
	errors("kprobe: f { }", "8+1 syntax: expected '{' or '<' before 'f'");
	errors("print(1)", "0+5 syntax: expected a probe before 'print'");
	errors("BEGIN { } }", "10+1 syntax: '}' closes nothing");
	errors("10;\nBEGIN { a b }",
		"0+2 syntax: expected a probe before '10'\n"
		"14+1 syntax: expected ';' before 'b'");
}

static void literal_errors(void **state)
{
	(void)state;
	errors("BEGIN { 08; 0xz; 12ab; 1_; 1.5 }",
		"9+1 bad-number: '8' is not an octal digit\n"
		"13+2 bad-number: unknown suffix 'xz' of a number\n"
		"19+2 bad-number: unknown suffix 'ab' of a number\n"
		"24+1 bad-number: unknown suffix '_' of a number\n"
		"27+3 bad-number: there are no floating-point numbers");
	errors("BEGIN { 18446744073709551616; 1e30; 999999999d }",
		"8+20 bad-number: a number that does not fit in 64 bits\n"
		"30+4 bad-number: a number that does not fit in 64 bits\n"
		"36+10 bad-number: a number that does not fit in 64 bits");
	errors("BEGIN { \"a\\qb\\xg\" }",
		"10+2 bad-string: unknown escape in a string\n"
		"13+2 bad-string: unknown escape in a string");
	errors("BEGIN { \"ab }\nEND { c d }",
		"8+5 bad-string: this string is never closed\n"
		"22+1 syntax: expected ';' before 'd'");
	errors("BEGIN { $0; $1x }",
		"8+2 positional: there is no parameter $0\n"
		"12+3 positional: '$1x' is neither a parameter nor a variable");
}

static void byte_errors(void **state)
{
	(void)state;
	errors_of("BEGIN { a\0 }", 12, "9+1 bad-token: a NUL byte in the program");
	errors("BEGIN { a \xff }", "10+1 bad-token: a byte that is not valid UTF-8: 0xff");
	errors("BEGIN { \"\xc3\" }",
		"9+1 bad-string: a byte that is not valid UTF-8 in a string: 0xc3");
	errors("BEGIN { 'a'; a\\n }",
		"8+3 bad-token: a string in single quotes\n14+2 bad-token: unexpected '\\n'");
	errors("BEGIN { a \xc3\xa9 }", "10+2 bad-token: unexpected 'é'");
}

static void bad_targets(void **state)
{
	(void)state;
	errors("BEGIN { arg0 = 1; 5++; --f() }",
		"8+4 bad-assignment: this cannot be assigned\n"
		"18+1 bad-assignment: this cannot be assigned\n"
		"25+3 bad-assignment: this cannot be assigned");
}

static void functions(void **state)
{
	(void)state;
	errors("fn g($a : int) : int { return 1; }\nBEGIN { a b }",
		"45+1 syntax: expected ';' before 'b'");
	errors("fn g($a) : int { }", "7+1 syntax: expected ':' before ')'");
	errors("fn g(a : int) { }", "5+1 syntax: expected a $variable before 'a'");
	errors("fn g { }", "5+1 syntax: expected '(' before '{'");
}

static void hint(const char *text, const char *want)
{
	struct fixture *f = parse(text);

	assert_non_null(f->c.diags.first);
	assert_non_null(f->c.diags.first->hint);
	assert_string_equal(f->c.diags.first->hint, want);
	done(f);
}

static void hints(void **state)
{
	(void)state;
	hint("kprobe:f /pid = 1/ { a }", "'==' compares, '=' assigns");
	hint("BEGIN { if (a and b) { } }", "the logical operators are && || and !");
	hint("BEGIN { if (a =< b) { } }", "the comparisons are < <= > >= == !=");
	hint("BEGIN { if (a) { } elif (b) { } }", "write 'else if'");
	hint("BEGIN { printf(\"a\") printf(\"b\") }", "statements are separated by ';'");
	hint("BEGIN { printf(hi \\n) }",
		"escapes such as \\n belong into a string in double quotes");
	hint("BEGIN { if (a) b; }", "the block of an 'if' stands in braces");
	hint("kprobe:f < if a > 1 { } >", "write the comparison in parentheses: (a > b)");
}

/* ---- limits ----------------------------------------------------------------------- */

static void repeated(
	const char *before, const char *what, unsigned n, const char *behind, bool too_deep)
{
	struct buf b = { 0 };
	struct fixture *f;
	struct buf out = { 0 };

	buf_put(&b, before, strlen(before));
	for (unsigned i = 0; i < n; i++)
		buf_put(&b, what, strlen(what));
	buf_put(&b, behind, strlen(behind));
	f = parse_bytes((char *)b.data, b.len);
	if (too_deep) {
		assert_int_equal(f->c.diags.errors, 1);
		assert_int_equal(f->c.diags.first->tag, TAG_TOO_DEEP);
	} else {
		assert_null(f->c.diags.first);
	}
	/* whatever there is can be walked */
	node_dump(&out, node_clone(f->c.arena, f->program));
	buf_free(&out);
	buf_free(&b);
	done(f);
}

static void depth(void **state)
{
	(void)state;
	repeated("BEGIN { a", " + a", 150, " }", false);
	repeated("BEGIN { a", " + a", 100000, " }", true);
	repeated("BEGIN { ", "(", 100000, "a", true);
	repeated("BEGIN { ", "!", 100000, "a }", true);
	repeated("BEGIN { ", "(int)", 100000, "a }", true);
	repeated("BEGIN { ", "a ? b : ", 100000, "a }", true);
	repeated("BEGIN { a", ".b", 100000, " }", true);
	repeated("BEGIN { ", "{", 100000, "", true);
	repeated("BEGIN { if a { } ", "else if a { } ", 100000, "}", true);
	repeated("BEGIN { ", "@[", 100000, "", true);
	repeated("BEGIN / ", "(", 100000, "a", true);
	repeated("BEGIN { ", "a;", 50000, "}", false);
	repeated("", "BEGIN { }", 20000, "", false);
}

static void too_large(void **state)
{
	size_t n = 2100000;
	char *text = malloc(n);

	(void)state;
	memset(text, ';', n);
	memcpy(text, "BEGIN {", 7);
	text[n - 1] = '}';
	errors_of(text, n, "2000005+1 too-large: a program of more than 2000000 tokens");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(precedence),
		cmocka_unit_test(angle_operators),
		cmocka_unit_test(postfix),
		cmocka_unit_test(casts),
		cmocka_unit_test(sizeofs),
		cmocka_unit_test(numbers),
		cmocka_unit_test(strings),
		cmocka_unit_test(assignments),
		cmocka_unit_test(blocks),
		cmocka_unit_test(specs),
		cmocka_unit_test(predicates),
		cmocka_unit_test(programs),
		cmocka_unit_test(locations),
		cmocka_unit_test(clones),
		cmocka_unit_test(angle_close),
		cmocka_unit_test(unclosed),
		cmocka_unit_test(every_error),
		cmocka_unit_test(clause_errors),
		cmocka_unit_test(literal_errors),
		cmocka_unit_test(byte_errors),
		cmocka_unit_test(bad_targets),
		cmocka_unit_test(functions),
		cmocka_unit_test(hints),
		cmocka_unit_test(depth),
		cmocka_unit_test(too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
