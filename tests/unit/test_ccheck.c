/* The check of BPF C: types, conversions, constants, maps, and where pointers point. */
#include "parser/c/check.h"
#include "tests/unit/cparse.h"

/* What a kernel would give. */
#define KERNEL                                                                                     \
	"struct pt_regs { unsigned long di, si, dx, cx, r8, r9, ax, ip, sp, bp, r10; };\n"         \
	"struct task_struct { int pid, tgid; struct task_struct *real_parent; char comm[16];\n"    \
	"unsigned flags : 3, more : 5; };\n"                                                       \
	"struct sock { u16 num; struct task_struct *owner; const char __user *name; };\n"

static void accepts(struct fixture *f, const char *text, const char *part)
{
	parse_text(f, arena_printf(f->c.arena, "%s%s", KERNEL, text));
	c_check(&f->c, f->unit);
	if (f->c.diags.errors)
		show_diags(f);
	assert_int_equal(f->c.diags.errors, 0);
	if (part)
		has(f, part);
}

/* Accepted without a word. */
static void clean(struct fixture *f, const char *text, const char *part)
{
	accepts(f, text, part);
	if (f->c.diags.warnings)
		show_diags(f);
	assert_int_equal(f->c.diags.warnings, 0);
}

static void warns(struct fixture *f, const char *text, enum diag_tag tag)
{
	accepts(f, text, NULL);
	assert_true(has_tag(f, DIAG_WARNING, tag));
}

static void refuses(struct fixture *f, const char *text, enum diag_tag tag)
{
	parse_text(f, arena_printf(f->c.arena, "%s%s", KERNEL, text));
	c_check(&f->c, f->unit);
	if (!has_tag(f, DIAG_ERROR, tag)) {
		print_error("[%s] was expected of: %s\n", diag_tag_name(tag), text);
		show_diags(f);
	}
	assert_true(has_tag(f, DIAG_ERROR, tag));
}

/* One function's body, with some variables. */
static const char *body(struct fixture *f, const char *text)
{
	return arena_printf(
		f->c.arena,
		"int f(struct pt_regs *ctx) { int i = 1; unsigned u = 2; u8 b = 3; u64 q = 4;\n"
		"long l = 5; char s[16] = {}; struct task_struct *t = (void *)ctx->di; %s ;\n"
		"return 0; }",
		text);
}

static void conversions(void **state)
{
	struct fixture *f = *state;

	clean(f, body(f, "i = b + b"), "(binary + : int32 (cast : int32 (c-variable b : uint8))");
	clean(f, body(f, "q = u + i"), "(cast : uint64 (binary + : uint32 (c-variable u : uint32)");
	clean(f, body(f, "q = l + u"), "(binary + : int64 (c-variable l : int64) (cast : int64");
	clean(f, body(f, "q = l + q"), "(binary + : uint64 (cast : uint64 (c-variable l : int64))");
	clean(f, body(f, "b = q"), "(cast : uint8 (c-variable q : uint64))");
	clean(f, body(f, "i = i < u"), "(binary < : int32 (cast : uint32 (c-variable i : int32))");
	clean(f, body(f, "q = b << 40ull"), "(binary << : int32");
	clean(f, body(f, "i = !q"), "(unary ! : int32 (c-variable q : uint64))");
	clean(f, body(f, "l = i ? b : l"), "(ternary : int64 (c-variable i : int32) (cast : int64");
	clean(f, body(f, "i += q"), "(assign += : int32 (c-variable i : int32) (c-variable q");
	clean(f, body(f, "bool x = q"), "(cast : bool (c-variable q : uint64))");
	clean(f, body(f, "unsigned __int128 w = q"), "(cast : uint128");
	warns(f, body(f, "char *p = q"), TAG_CONVERSION);
	warns(f, body(f, "q = s"), TAG_CONVERSION);
	warns(f, body(f, "struct sock *p = t"), TAG_CONVERSION);
	clean(f, body(f, "char *p = 0; p = (void *)q; u8 *r = p"), NULL);
	refuses(f, body(f, "struct task_struct v; i = v"), TAG_TYPE);
	refuses(f, body(f, "t = t * 2"), TAG_TYPE);
	refuses(f, body(f, "t = t + t"), TAG_TYPE);
	refuses(f, body(f, "i = (int)*t"), TAG_TYPE);
	refuses(f, body(f, "float x = 1"), TAG_NOT_YET);
}

static void pointers(void **state)
{
	struct fixture *f = *state;

	clean(f, body(f, "q = t - t"), "(binary - : int64");
	clean(f, body(f, "t = t + i"), "(binary + : struct task_struct *@any");
	clean(f, body(f, "b = s[1]"),
	      "(index : int8 (cast : int8 *@stack (c-variable s : string[16]))");
	clean(f, body(f, "b = 1[s]"), "(index : int8 (cast : int8 *@stack");
	clean(f, body(f, "b = *(s + 1)"), "(unary * : int8 (binary + : int8 *@stack");
	clean(f, body(f, "i = t->real_parent->pid"), "(field ->pid : int32 (field ->real_parent");
	clean(f, body(f, "i = (&*t)->pid"), NULL);
	clean(f, body(f, "q = (u64)&t->comm"), "(unary & : string[16] *@any");
	clean(f, body(f, "i = t->more"), "(field ->more : uint32");
	clean(f, body(f, "void *p = t; p += 4; q = p == 0"), NULL);
	refuses(f, body(f, "i = t.pid"), TAG_TYPE);
	refuses(f, body(f, "i = i->pid"), TAG_TYPE);
	refuses(f, body(f, "i = t->nonsense"), TAG_UNKNOWN_FIELD);
	refuses(f, body(f, "i = *i"), TAG_TYPE);
	refuses(f, body(f, "void *p = t; i = *p"), TAG_TYPE);
	refuses(f, body(f, "q = (u64)&t->more"), TAG_ASSIGN);
	refuses(f, body(f, "q = (u64)&3"), TAG_ASSIGN);
	refuses(f, body(f, "i[3] = 1"), TAG_TYPE);
}

static void assignments(void **state)
{
	struct fixture *f = *state;

	refuses(f, body(f, "3 = i"), TAG_ASSIGN);
	refuses(f, body(f, "s = 0"), TAG_ASSIGN);
	refuses(f, body(f, "(i + 1) = 2"), TAG_ASSIGN);
	refuses(f, body(f, "q++ ++"), TAG_ASSIGN);
	clean(f, body(f, "struct task_struct v = {}, w; w = v; i = (w = v).pid"), NULL);
	clean(f, "const u32 big = 40; int f(void *c) { char x[big]; return sizeof(x); }",
	      "(number 40 : int32)");
	clean(f, "bool flag = 1; int f(void *c) { if (flag) flag = 0; return 0; }",
	      "(c-variable flag");
	refuses(f, "const struct sock s = {}; int f(void *c) { s.num = 1; return 0; }", TAG_ASSIGN);
	refuses(f, "static int g(void) { return 1; } int x = g();", TAG_NOT_CONSTANT);
}

static void constants(void **state)
{
	struct fixture *f = *state;

	clean(f, "char x[2 * (3 + 4) - 10 / 3 % 2]; int y = sizeof(x);", "(number 13 : int32)");
	clean(f, "enum { A = 5, B, C = A << 2 }; int y = B + C;", "(number 26 : int32)");
	clean(f, "int y = ntohs(0x0102) == 0x0201 && htonl(1) == 0x1000000;", "(number 1 : int32)");
	clean(f, "int y = (u8)300 + (char)200;", "(number -12 : int32)");
	clean(f, "int y = offsetof(struct task_struct, comm[3]);", "(number 19 : int32)");
	clean(f, "int y = -1 > 0u ? AF_INET6 : EPERM;", "(number 10 : int32)");
	clean(f, "int y = sizeof(struct task_struct) + sizeof(((struct sock *)0)->name);",
	      "(number 48 : int32)");
	clean(f, "int y = bpf_log2l(1024) * 100 + roundup_pow_of_two(100);",
	      "(number 1228 : int32)");
	clean(f, "int y = TASK_COMM_LEN;", "(number 16 : int32)");
	clean(f, "typedef int T[3]; int y = sizeof(T) / sizeof(int);", "(number 3 : int32)");
	clean(f, "_Static_assert(sizeof(long) == 8 && sizeof(int) == 4, \"x\");", NULL);
	refuses(f, "_Static_assert(sizeof(int) == 8, \"x\");", TAG_NOT_CONSTANT);
	refuses(f, body(f, "char x[i]"), TAG_NOT_CONSTANT);
	refuses(f, body(f, "switch (i) { case u: ; }"), TAG_NOT_CONSTANT);
	refuses(f, "char x[-1];", TAG_RANGE);
	warns(f, body(f, "i = i / 0"), TAG_RANGE);
}

static void layout(void **state)
{
	struct fixture *f = *state;

	clean(f, "struct a { char c; u64 q; u16 w; }; int y = sizeof(struct a);", "(number 24 :");
	clean(f, "struct a { char c; u64 q; } __attribute__((packed)); int y = sizeof(struct a);",
	      "(number 9 :");
	clean(f,
	      "struct a { char c; int x __attribute__((aligned(16))); }; int y = sizeof(struct a);",
	      "(number 32 :");
	clean(f, "struct a { u32 x : 3, y : 30; }; int y = sizeof(struct a);", "(number 8 :");
	clean(f, "struct a { u32 x : 3, : 0; u32 y : 3; }; int y = sizeof(struct a);",
	      "(number 8 :");
	clean(f, "union u { char c[5]; int x; }; int y = sizeof(union u);", "(number 8 :");
	clean(f, "struct a { struct { int x, y; }; int z; }; int y = offsetof(struct a, y);",
	      "(number 4 :");
	clean(f, "struct a { u64 x; unsigned __int128 y; }; int y = sizeof(struct a);",
	      "(number 32 :");
	refuses(f, "struct a { int x; int x; };", TAG_DUPLICATE);
	refuses(f, "struct a { int x; }; struct a { int y; };", TAG_DUPLICATE);
	refuses(f, "struct a { struct nowhere x; };", TAG_TYPE);
	refuses(f, "struct a { u8 x : 9; };", TAG_RANGE);
	refuses(f, "int y = sizeof(struct nowhere);", TAG_UNKNOWN_TYPE);
	refuses(f, "nonsense_t x;", TAG_UNKNOWN_TYPE);
}

static void initialisers(void **state)
{
	struct fixture *f = *state;

	clean(f,
	      "struct a { int x, y[3]; struct { char c, d; } s; } v = { 1, { 2, [2] = 3 }, .s.d = "
	      "4 };",
	      "(c-item @0 : int32 (number 1 : int32)) (c-item @4 : int32 (number 2 : int32)) "
	      "(c-item @12 : int32 (number 3 : int32)) (c-item @17 : int8 (number 4 : int8))");
	clean(f, "struct a { int x, y[2], z; } v = { 1, 2, 3, 4 };",
	      "(c-item @8 : int32 (number 3 : int32)) (c-item @12 : int32 (number 4 : int32))");
	clean(f, "int x[] = { 1, 2, [5] = 3 }; int y = sizeof(x);", "(number 24 : int32)");
	clean(f, "char x[] = \"abc\"; int y = sizeof(x);", "(number 4 : int32)");
	clean(f, "char x[8] = \"abc\";", "(c-item @0 : string[8] (string \"abc\" : string[4]))");
	clean(f, "int x[4] = { [0 ... 2] = 7 };", "(c-item @8 : int32 (number 7 : int32))");
	clean(f, "union { int a; u64 b; } x = { .b = 3 };", "(c-item @0 : uint64");
	clean(f, "int x = { 3 }, y = {};", NULL);
	clean(f, "struct a { int x; struct { int y; }; } v = { .y = 1 };", "(c-item @4 : int32");
	clean(f, body(f, "struct { struct task_struct v; int e; } w = { *t, 3 }"),
	      "(c-item @0 : struct task_struct (unary * : struct task_struct");
	refuses(f, "int x[2] = { 1, 2, 3 };", TAG_RANGE);
	refuses(f, "struct a { int x; } v = { .y = 1 };", TAG_UNKNOWN_FIELD);
	refuses(f, "int x[2] = { [2] = 1 };", TAG_RANGE);
	refuses(f, body(f, "int x = { 1, 2 }"), TAG_TYPE);
	warns(f, "char x[2] = \"abc\";", TAG_RANGE);
}

static void names(void **state)
{
	struct fixture *f = *state;

	clean(f, body(f, "{ u64 i = 1; q = i; } i = 2"), NULL);
	clean(f, "int f(void *c) { struct sock { int other; } s = {}; return s.other; }", NULL);
	clean(f, body(f, "for (int k = 0; k < 3; k++) ; for (int k = 0; k < 3; k++) ;"), NULL);
	refuses(f, body(f, "nonsense = 1"), TAG_UNKNOWN_NAME);
	refuses(f, body(f, "int i"), TAG_DUPLICATE);
	refuses(f, body(f, "goto nowhere"), TAG_UNKNOWN_NAME);
	refuses(f, body(f, "a: ; a: ;"), TAG_DUPLICATE);
	refuses(f, body(f, "break"), TAG_SYNTAX);
	refuses(f, body(f, "nonsense(1)"), TAG_UNKNOWN_FUNCTION);
	refuses(f, "int f(void *c) { return 1; } int f(void *c) { return 1; }", TAG_DUPLICATE);
	/* hints */
	refuses(f, body(f, "bpf_ktime_get_nss()"), TAG_UNKNOWN_FUNCTION);
	assert_string_equal(f->c.diags.first->hint, "did you mean 'bpf_ktime_get_ns'?");
	refuses(f, body(f, "i = t->tgidd"), TAG_UNKNOWN_FIELD);
	assert_string_equal(f->c.diags.first->hint, "did you mean 'tgid'?");
}

static const struct c_map *map(struct fixture *f, const char *text)
{
	clean(f, text, NULL);
	assert_non_null(f->unit->cunit.unit->maps);
	return f->unit->cunit.unit->maps;
}

static void map_macros(void **state)
{
	struct fixture *f = *state;
	const struct c_map *m = map(f, "BPF_HASH(a);");

	assert_int_equal(m->bpf_type, 1);
	assert_int_equal(m->entries, 10240);
	assert_string_equal(m->key_spelling, "u64");
	m = map(f, "BPF_HASH(a, struct sock *, u32, 5);");
	assert_string_equal(m->key_spelling, "struct sock *");
	assert_int_equal(m->leaf->size, 4);
	assert_int_equal(m->entries, 5);
	m = map(f, "BPF_HISTOGRAM(a);");
	assert_int_equal(m->kind, C_ARRAY);
	assert_int_equal(m->entries, 64);
	assert_true(m->histogram);
	m = map(f, "BPF_HISTOGRAM(a, u32, 10);");
	assert_int_equal(m->kind, C_HASH);
	m = map(f, "#define N 3\nBPF_STACK_TRACE(a, N * 3 + 1);");
	assert_int_equal(m->entries, 16);
	assert_int_equal(m->leaf->size, 127 * 8);
	m = map(f, "BPF_TABLE_PINNED(\"lru_hash\", u64, char[16], a, 7, \"/sys/fs/bpf/x\");");
	assert_int_equal(m->kind, C_LRU_HASH);
	assert_string_equal(m->pin, "/sys/fs/bpf/x");
	assert_int_equal(m->leaf->kind, TY_STRING);
	m = map(f, "BPF_RINGBUF_OUTPUT(a, 4);");
	assert_int_equal(m->entries, 4 * 4096);
	assert_null(m->key);
	m = map(f, "BPF_LPM_TRIE(a, u64); BPF_QUEUE(q, u64, 4); BPF_ARRAY_OF_MAPS(o, \"a\", 3);");
	assert_int_equal(m->flags, 1);
	assert_string_equal(m->next->next->inner, "a");
	refuses(f, "BPF_HASH();", TAG_ARG_COUNT);
	refuses(f, "BPF_HASH(a, u32, u32, 1, 2);", TAG_ARG_COUNT);
	refuses(f, "BPF_TABLE(\"nonsense\", u32, u32, a, 1);", TAG_TYPE);
	refuses(f, "BPF_HASH(a, nonsense_t);", TAG_UNKNOWN_TYPE);
	refuses(f, "BPF_HASH(a); BPF_HASH(a);", TAG_DUPLICATE);
	refuses(f, "int x; BPF_ARRAY(a, u64, x);", TAG_NOT_CONSTANT);
}

static void map_methods(void **state)
{
	struct fixture *f = *state;
	const char *maps = "struct ev { u32 pid; char comm[16]; }; BPF_HASH(h, u32, struct ev);\n"
			   "BPF_HASH(n, u64); BPF_PERF_OUTPUT(events); BPF_STACK_TRACE(st, 8);\n"
			   "BPF_RINGBUF_OUTPUT(rb, 1);\n";
#define M(text) arena_printf(f->c.arena, "%s%s", maps, body(f, text))

	clean(f, M("struct ev *e = h.lookup(&u); if (e) e->pid = 1"),
	      "(c-call h.lookup : struct ev *@map");
	clean(f, M("n.increment(u); n.atomic_increment(q, 3)"),
	      "(c-call n.increment : none (cast : uint64");
	clean(f, M("struct ev e = {}; events.perf_submit(ctx, &e, sizeof(e))"), "event struct ev]");
	clean(f, M("i = st.get_stackid(ctx, 0)"), "(c-call st.get_stackid : int32");
	clean(f, M("struct ev *e = rb.ringbuf_reserve(sizeof(*e)); if (e) rb.ringbuf_submit(e, 0)"),
	      "event struct ev]");
	clean(f, M("typeof(h.leaf) v = {}; h.update(&u, &v); h.delete(&u)"), NULL);
	clean(f, M("bpf_map_lookup_elem(&h, &u); bpf_map_lookup_elem(h, &u)"),
	      "(c-call bpf_map_lookup_elem : void *@map (c-map h");
	refuses(f, M("h.nonsense(&u)"), TAG_UNKNOWN_FUNCTION);
	refuses(f, M("events.lookup(&u)"), TAG_UNKNOWN_FUNCTION);
	refuses(f, M("nowhere.lookup(&u)"), TAG_UNKNOWN_MAP);
	refuses(f, M("h.lookup(u)"), TAG_TYPE);
	refuses(f, M("h.lookup()"), TAG_ARG_COUNT);
	refuses(f, M("i = h.pid"), TAG_UNKNOWN_FIELD);
	warns(f, M("h.lookup(&b)"), TAG_MAP_TYPE);
	refuses(f, M("rb.ringbuf_reserve(q)"), TAG_NOT_CONSTANT);
}

/* Where pointers point decides how they are read. */
static void provenance(void **state)
{
	struct fixture *f = *state;

	clean(f,
	      "int kprobe__x(struct pt_regs *ctx, struct task_struct *t) { return "
	      "t->real_parent->pid; }",
	      "(field ->pid : int32 (field ->real_parent : struct task_struct *@kernel "
	      "(c-variable t : struct task_struct *@kernel)))");
	clean(f, body(f, "t = (struct task_struct *)bpf_get_current_task(); i = t->pid"),
	      "t : struct "
	      "task_struct *@any");
	clean(f,
	      "int kprobe__x(struct pt_regs *c) { u64 a = bpf_get_current_task();\n"
	      "struct task_struct *t = (void *)a; return t->pid; }",
	      "*@kernel");
	clean(f, "int f(struct pt_regs *c) { struct task_struct v = {}, *t = &v; return t->pid; }",
	      "(field ->pid : int32 (c-variable t : struct task_struct *@stack))");
	clean(f,
	      "BPF_HASH(m, u32, struct task_struct *); int kprobe__x(struct pt_regs *c) { u32 k = "
	      "1;\n"
	      "struct task_struct **p = m.lookup(&k); if (!p) return 0; return (*p)->pid; }",
	      "(field ->pid : int32 (unary * : struct task_struct *@kernel "
	      "(c-variable p : struct task_struct **@map)))");
	clean(f, "int kprobe__x(struct pt_regs *c, struct sock *s) { return s->name[1]; }",
	      "(field ->name : int8 *@user (c-variable s : struct sock *@kernel))");
	clean(f, "int syscall__open(struct pt_regs *c, const char *name) { return name[1]; }",
	      "(index : int8 (c-variable name : int8 *@user)");
	/* known only behind the first use: a second pass */
	clean(f,
	      "int kprobe__x(struct pt_regs *c) { struct task_struct v = {}, *t = 0; int i;\n"
	      "for (i = 0; i < 3; i++) { if (t) i = t->pid; t = &v; } return 0; }",
	      "(field ->pid : int32 (c-variable t : struct task_struct *@stack))");
	/* one body, two instances */
	clean(f,
	      "static int g(struct task_struct *t) { return t->pid; }\n"
	      "int kprobe__x(struct pt_regs *c, struct task_struct *t) { struct task_struct v = "
	      "{};\n"
	      "return g(t) + g(&v); }",
	      NULL);
	assert_non_null(f->unit->cunit.unit->inlines->next);
	assert_ptr_not_equal(f->unit->cunit.unit->inlines->body,
			     f->unit->cunit.unit->inlines->next->body);
	clean(f,
	      "static struct task_struct *g(struct task_struct *t) { return t->real_parent; }\n"
	      "int kprobe__x(struct pt_regs *c, struct task_struct *t) { return g(t)->pid; }",
	      "(c-call g : struct task_struct *@kernel");
}

static void programs(void **state)
{
	struct fixture *f = *state;

	clean(f, "int kprobe__vfs_read(struct pt_regs *c, int a) { return a; }",
	      "[kprobe registers kprobe:vfs_read]");
	clean(f, "int kprobe__sys_clone(struct pt_regs *c, int a) { return a; }",
	      "[kprobe syscall kprobe:sys_clone]");
	clean(f, "int kretprobe__x(void *c) { return 0; }", "[kprobe kretprobe:x]");
	clean(f, "int tracepoint__a__b_c(void *c) { return 0; }", "[tracepoint tracepoint:a:b_c]");
	clean(f, "KFUNC_PROBE(vfs_open, int a, int b) { return a + b; }",
	      "[tracing context kfunc:vmlinux:vfs_open]");
	clean(f, "LSM_PROBE(bpf, int a) { return 0; }", "[lsm context lsm:bpf]");
	clean(f, "int f(void *c) { return 0; }", "[kprobe]");
	clean(f, "static int g(int a) { return a; } int f(void *c) { return g(1); }", NULL);
	assert_int_equal(f->unit->cunit.unit->nprograms, 1);
	clean(f, "#define BPF_LICENSE \"Dual MIT/GPL\"\nint f(void *c) { return 0; }", NULL);
	assert_string_equal(f->unit->cunit.unit->license, "Dual MIT/GPL");
	refuses(f, "static int g(int a) { return g(a); } int f(void *c) { return g(1); }",
		TAG_NOT_YET);
	refuses(f, "int g(int); int f(void *c) { return g(1); }", TAG_UNKNOWN_FUNCTION);
	refuses(f, "static int g(int a) { return a; } int f(void *c) { return g(); }",
		TAG_ARG_COUNT);
	refuses(f,
		"int kprobe__x(void *c, int a, int b, int d, int e, int g, int h, int i) { return "
		"0; }",
		TAG_ARG_COUNT);
	refuses(f, "static int unused(int a) { return nonsense; }", TAG_UNKNOWN_NAME);
}

static void calls(void **state)
{
	struct fixture *f = *state;

	clean(f, body(f, "u = bpf_get_current_pid_tgid() >> 32"),
	      "(c-call bpf_get_current_pid_tgid : uint64)");
	clean(f, body(f, "bpf_probe_read_kernel(&s, sizeof(s), t->comm)"),
	      "(c-call bpf_probe_read_kernel : int64");
	clean(f, body(f, "bpf_trace_printk(\"%d\\n\", b)"), "(c-call bpf_trace_printk : int32");
	clean(f, body(f, "__builtin_memcpy(s, \"ab\", 8); __builtin_memset(&s, 0, sizeof(s))"),
	      "(c-call __builtin_memset");
	clean(f, body(f, "lock_xadd(&q, 1); __sync_fetch_and_add(&q, i)"),
	      "__sync_fetch_and_add : uint64");
	clean(f, body(f, "u = bpf_log2l(q); b = ntohs(u)"), "(c-call bpf_log2l : uint32");
	clean(f,
	      body(f,
		   "i = min_t(int, i, u) + container_of(&t->tgid, struct task_struct, tgid)->pid"),
	      NULL);
	refuses(f, body(f, "bpf_get_current_pid_tgid(1)"), TAG_ARG_COUNT);
	refuses(f, body(f, "bpf_trace_printk(s)"), TAG_NOT_CONSTANT);
	refuses(f, body(f, "bpf_probe_read_kernel(&s, *t, 0)"), TAG_TYPE);
	refuses(f, body(f, "(*t)()"), TAG_NOT_YET);
	refuses(f, body(f, "asm(\"nop\")"), TAG_NOT_YET);
}

static struct c_map *outer(void *user, const char *name)
{
	return strcmp(name, "counts") == 0 ? user : NULL;
}

/* What a clause and a unit of C have from each other. */
static void with_clauses(void **state)
{
	struct fixture *f = *state;
	struct c_map counts = {.name = "counts", .kind = C_CLAUSE};
	struct c_caller by = {LOC_NONE, C_PROG_KPROBE, SP_KERNEL, true};
	const struct type *args[2];
	struct c_func *g;

	parse_text(f, "int f(void *c) { u64 k = 1; counts.increment(k); return 0; }");
	f->unit->cunit.unit->find_map = outer;
	f->unit->cunit.unit->user = &counts;
	assert_int_equal(c_check(&f->c, f->unit), 0);
	has(f, "(c-call counts.increment : none (c-variable k : uint64))");
	clean(f,
	      "struct v { int x; }; static int g(struct v *v, int i) { struct v w = *v; return w.x "
	      "+ i; }",
	      NULL);
	args[0] = type_ptr(f->c.types, type_none(f->c.types), SP_KERNEL);
	args[1] = type_int(f->c.types, 4, true);
	g = c_function(&f->c, f->unit->cunit.unit, "g", args, 2, &by);
	assert_non_null(g);
	assert_int_equal(g->params[0]->space, SP_KERNEL);
	assert_ptr_equal(g, c_function(&f->c, f->unit->cunit.unit, "g", args, 2, &by));
	assert_null(c_function(&f->c, f->unit->cunit.unit, "h", args, 2, &by));
	assert_int_equal(f->c.diags.errors, 0);
	assert_null(c_function(&f->c, f->unit->cunit.unit, "g", args, 1, &by));
	assert_int_equal(f->c.diags.errors, 1);
}

static void expansion_notes(void **state)
{
	struct fixture *f = *state;

	refuses(f,
		"#define INNER(x) ((x)->nonsense)\n#define OUTER(x) INNER(x)\n"
		"int f(struct pt_regs *c) { return OUTER(c); }",
		TAG_UNKNOWN_FIELD);
	assert_string_equal(f->c.diags.first->next->message, "expanded from macro 'INNER'");
	assert_string_equal(f->c.diags.first->next->next->message, "expanded from macro 'OUTER'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(conversions),	 T(pointers), T(assignments),  T(constants),	   T(layout),
		T(initialisers), T(names),    T(map_macros),   T(map_methods),	   T(provenance),
		T(programs),	 T(calls),    T(with_clauses), T(expansion_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
