/* The grammar of BPF C: what is accepted, as which tree, and where errors are found. */
#include "tests/unit/cparse.h"

static void accepts(struct fixture *f, const char *text, const char *part)
{
	parse_text(f, text);
	if (f->c.diags.errors)
		show_diags(f);
	assert_int_equal(f->c.diags.errors, 0);
	if (part)
		has(f, part);
}

static void refuses(struct fixture *f, const char *text, enum diag_tag tag, unsigned column)
{
	struct position start, end;

	parse_text(f, text);
	if (!has_tag(f, DIAG_ERROR, tag)) {
		print_error("[%s] was expected of: %.80s\n", diag_tag_name(tag), text);
		show_diags(f);
	}
	assert_true(has_tag(f, DIAG_ERROR, tag));
	if (!column)
		return;
	loc_range(&f->c.sources, f->c.diags.first->loc, &start, &end);
	assert_int_equal(start.column, column);
}

static void declarators(void **state)
{
	struct fixture *f = *state;

	accepts(f, "int *a[3];",
		"(c-declarator a (c-derived pointer) (c-derived array (number 3 : int32)))");
	accepts(f, "int (*a)[3];",
		"(c-declarator a (c-derived array (number 3 : int32)) (c-derived pointer))");
	accepts(f, "int (*f)(int, char *);", "(c-declarator f (c-derived function");
	accepts(f, "unsigned long long int x; long unsigned y; char signed z; unsigned __int128 w;",
		"unsigned __int128) (c-declarator w)");
	accepts(f, "const volatile char __user *const *p;", "__user char");
	accepts(f, "int a, *b = 0, c[] = { 1, 2 };", "(c-declarator c");
	accepts(f, "int f(void); static inline int g(int, ...) { return 0; }", "static inline int");
	accepts(f, "extern int x; register int y;", "extern int");
}

static void structs(void **state)
{
	struct fixture *f = *state;

	accepts(f, "struct a { int x : 3, y; union { int z; long w; }; int : 0; } v;",
		"(c-declarator x (number 3 : int32))");
	accepts(f, "struct a { int x; } __attribute__((packed));", "packed struct a");
	accepts(f, "struct __attribute__((packed)) a { int x __attribute__((aligned(8))); };",
		"packed struct a");
	accepts(f, "enum e { A, B = 3, C, };", "(c-enumerator B (number 3 : int32))");
	accepts(f, "enum { A, B };", "(c-specifier enum (c-enumerator A)");
	accepts(f, "struct a; struct a *p; union u *q;", "struct a) (c-declarator p");
	accepts(f, "struct a { struct b { int c; } d; struct a *next; };", "struct b");
	refuses(f, "struct a { int x }", TAG_SYNTAX, 18);
}

/* Names of types: typedefs, scopes that hide them, and names that only look like types. */
static void typedefs(void **state)
{
	struct fixture *f = *state;

	accepts(f, "typedef int T, *P; T a; P b; T f(T x) { return (T)x * sizeof(T); }",
		"(c-specifier T) (c-declarator a)");
	accepts(f, "typedef int T; int f(int T) { T = T * 2; return T; }",
		"(binary * (identifier T) (number 2 : int32))");
	accepts(f, "typedef int T; int f() { int T = 3; { T++; } return T; } T g;",
		"(incdec postfix ++ (identifier T))");
	accepts(f, "typedef int T; int f() { { int T; T = 1; } T x; return x; }",
		"(c-specifier T) (c-declarator x)");
	accepts(f, "typedef struct { int T; } T; int f(T *p) { return p->T; }", "(field ->T");
	accepts(f, "typedef int T; struct a { T T; };", "(c-specifier T) (c-declarator T)");
	accepts(f, "u64 x; u32 f(size_t n) { u8 b = (u8)n; return b; }", "(c-specifier u8)");
	accepts(f, "int f() { u64 ts = 1, u32 = 2; return u32; }", NULL);
	accepts(f, "struct key { int key; }; int f(struct key *key) { return key->key; }",
		"(field ->key (identifier key))");
	/* a type that nobody knows is the check's to report */
	accepts(f, "int f() { nonsense_t x; return 0; }", "(c-specifier nonsense_t)");
	accepts(f, "enum { size }; int f() { return size * 2; }", "(binary * (identifier size)");
}

static void expressions(void **state)
{
	struct fixture *f = *state;

	accepts(f, "int x = 1 + 2 * 3 - 4 << 1 < 5 == 6 & 7 ^ 8 | 9 && 10 || 11;",
		"(binary || (binary && (binary | (binary ^ (binary & (binary == (binary < (binary "
		"<<");
	accepts(f, "int f(int a) { return a ? a ? 1 : 2 : a ?: 3; }", "(ternary");
	accepts(f, "int f(int *a) { return -*a++ + !~a[1] + sizeof a + sizeof(int); }",
		"(unary - (unary * (incdec postfix ++");
	accepts(f, "int f(int a) { a = a += 1, a <<= 2; return a; }",
		"(assign = (identifier a) (assign +=");
	accepts(f, "struct a { int x; }; int f() { return ((struct a){ .x = 1 }).x; }",
		"(c-literal");
	accepts(f, "int f() { return ({ int z = 1; z; }); }", "(c-statement-expression");
	accepts(f,
		"struct a { int x; }; int f(int b) { typeof(b) c = offsetof(struct a, x); return "
		"c; }",
		"(c-offsetof");
	accepts(f, "struct a { int x[3]; int y; } v = { .x[1] = 1, .y = 2, { 3 }, [0 ... 1] = 3 };",
		"(c-item (identifier x) (index (number 1 : int32)) (number 1 : int32))");
	accepts(f, "char *s = \"a\" \"b\\n\\x41\\101\";", "(string \"ab\\nAA\" : string[6])");
	accepts(f, "int x = 'a' + '\\n' + '\\0' + 0x10 + 010 + 0b11;", "(number 97 : int32)");
	accepts(f, "long x = 1u + 1l + 1ull + 4294967296 + 0xffffffff + 2147483648;",
		"(number 4294967295u : uint32)");
	refuses(f, "int x = 1.5;", TAG_NUMBER, 9);
	refuses(f, "int x = 99999999999999999999;", TAG_NUMBER, 9);
	refuses(f, "int x = 12abc;", TAG_NUMBER, 9);
	refuses(f, "char *x = \"abc", TAG_STRING, 11);
	refuses(f, "int x = 1 @ 2;", TAG_LEX, 11);
}

static void statements(void **state)
{
	struct fixture *f = *state;

	accepts(f, "int f(int a) { if (a) if (a > 1) return 1; else return 2; return 0; }",
		"(if (identifier a) (if (binary >");
	accepts(f, "int f() { for (int i = 0; i < 3; i++) continue; for (;;) break; }",
		"(c-loop for");
	accepts(f, "int f(int a) { while (a) a--; do { a++; } while (a < 3); }", "(c-loop do");
	accepts(f,
		"int f(int a) { switch (a) { case 1: case 2 ... 4: a = 1; break; default: ; } out: "
		"}",
		"(c-case (number 2 : int32) (number 4 : int32))");
	accepts(f, "int f(int a) { goto out; out: return a; };", "(c-goto out)");
	accepts(f, "int f() {\n#pragma unroll\nfor (int i = 0; i < 3; i++) ; }",
		"(c-loop for unroll");
	accepts(f,
		"int f(int i) { asm volatile(\"\" ::: \"memory\"); asm(\"\" : \"=r\"(i) : "
		"\"0\"(i)); }",
		"(c-asm \"\" (c-item (string \"=r\" : string[3]) (identifier i))");
	accepts(f, "_Static_assert(1, \"x\"); int f() { _Static_assert(1); }", "(c-static-assert");
	accepts(f, "f() { return 1; }", "(c-function f");
	refuses(f, "int f() { return 1 }", TAG_SYNTAX, 20);
	refuses(f, "int f() { if (1 { } }", TAG_SYNTAX, 17);
	refuses(f, "int f() { return 1; ", TAG_UNCLOSED, 9);
}

static void bcc_macros(void **state)
{
	struct fixture *f = *state;

	accepts(f, "BPF_HASH(start, u32, struct val_t, 100);\nBPF_HASH(x);",
		"(c-map-declaration BPF_HASH (identifier start) (c-type (c-specifier u32))");
	accepts(f, "BPF_TABLE(\"lru_hash\", struct a *, u64, t, 1024);", "(string \"lru_hash\"");
	accepts(f, "TRACEPOINT_PROBE(sched, sched_switch) { return args->prev_pid; }",
		"(c-function TRACEPOINT_PROBE sched sched_switch");
	accepts(f, "KFUNC_PROBE(vfs_open, struct path *path, int x) { return x; }",
		"(c-declarator path");
	accepts(f, "RAW_TRACEPOINT_PROBE(x) { return 0; } LSM_PROBE(y, int a) { return 0; }",
		"LSM_PROBE y");
	accepts(f,
		"BPF_HASH(x); int f(void *c) { u64 k = 1; x.increment(k); return *x.lookup(&k); }",
		"(c-call (field .increment (identifier x)) (identifier k))");
}

static void errors_go_on(void **state)
{
	struct fixture *f = *state;

	parse_text(f, "int f() { x = = 1; return 0; }\nint g() { return +; }\nint h( { }\nint ok;");
	assert_true(f->c.diags.errors >= 3);
	has(f, "(c-declarator ok)");
}

static void nesting(void **state)
{
	struct fixture *f = *state;
	struct buf b = {0};
	int i;

	buf_printf(&b, "int f() { return ");
	for (i = 0; i < 3000; i++)
		buf_u8(&b, '(');
	buf_u8(&b, 0);
	refuses(f, (const char *)b.data, TAG_TOO_DEEP, 0);
	b.len = 0;
	buf_printf(&b, "int f() { return ");
	for (i = 0; i < 3000; i++)
		buf_printf(&b, "1 + ");
	buf_printf(&b, "1; }");
	buf_u8(&b, 0);
	refuses(f, (const char *)b.data, TAG_TOO_DEEP, 0);
	b.len = 0;
	buf_printf(&b, "int f() { return ");
	for (i = 0; i < 3000; i++)
		buf_printf(&b, "! ");
	buf_printf(&b, "1; }");
	buf_u8(&b, 0);
	refuses(f, (const char *)b.data, TAG_TOO_DEEP, 0);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(declarators), T(structs),    T(typedefs),	T(expressions),
		T(statements),	T(bcc_macros), T(errors_go_on), T(nesting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
