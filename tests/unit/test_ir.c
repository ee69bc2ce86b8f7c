/* The code generator's facade over LLVM: an object built by hand opens in libbpf with its maps. */
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
#include <linux/bpf.h>

#include "codegen/ir.h"

struct fixture {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct ir *ir;
	struct buf object;
};

static int quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	if (getenv("VERBOSE"))
		vfprintf(stderr, fmt, ap);
	(void)level;
	return 0;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	libbpf_set_print(quiet);
	f->arena = arena_new();
	f->sources.arena = f->arena;
	f->diags.arena = f->arena;
	f->diags.sources = &f->sources;
	f->ir = ir_new(f->arena, &f->diags);
	assert_non_null(f->ir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	ir_free(f->ir);
	buf_free(&f->object);
	arena_free(f->arena);
	free(f);
	return 0;
}

static struct bpf_object *open_object(struct fixture *f)
{
	assert_int_equal(ir_emit_object(f->ir, &f->object), 0);
	assert_int_equal(f->diags.errors, 0);
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "test");
	struct bpf_object *o = bpf_object__open_mem(f->object.data, f->object.len, &opts);
	assert_non_null(o);
	return o;
}

static void load(struct bpf_object *o)
{
	if (geteuid()) {
		print_message("not root: not loaded\n");
		return;
	}
	int err = bpf_object__load(o);
	if (err == -EPERM) {
		print_message("no privilege: not loaded\n");
		return;
	}
	assert_int_equal(err, 0);
}

static void test_maps(void **state)
{
	struct fixture *f = *state;
	struct map_info hash = { .name = "@x", .symbol = "at_x", .role = MAPR_HASH,
		.max_entries = 17, .key_size = 12, .value_size = 40 };
	struct map_info ring = { .name = ".ring", .symbol = "ring", .role = MAPR_RING,
		.max_entries = 65536 };
	struct map_info swap = { .name = "@s", .symbol = "at_s", .role = MAPR_AGG_HASH,
		.max_entries = 100, .key_size = 4, .value_size = 8, .swap = true };

	ir_map(f->ir, &hash);
	ir_map(f->ir, &ring);
	ir_map(f->ir, &swap);
	ir_function_begin(f->ir, "p0_begin", "raw_tp");
	ir_function_end(f->ir);
	struct bpf_object *o = open_object(f);
	struct bpf_map *m = bpf_object__find_map_by_name(o, "at_x");
	assert_non_null(m);
	assert_int_equal(bpf_map__type(m), BPF_MAP_TYPE_HASH);
	assert_int_equal(bpf_map__max_entries(m), 17);
	assert_int_equal(bpf_map__key_size(m), 12);
	assert_int_equal(bpf_map__value_size(m), 40);
	m = bpf_object__find_map_by_name(o, "ring");
	assert_int_equal(bpf_map__type(m), BPF_MAP_TYPE_RINGBUF);
	assert_int_equal(bpf_map__max_entries(m), 65536);
	m = bpf_object__find_map_by_name(o, "at_s");
	assert_int_equal(bpf_map__type(m), BPF_MAP_TYPE_ARRAY_OF_MAPS);
	struct bpf_map *inner = bpf_map__inner_map(m);
	assert_int_equal(bpf_map__type(inner), BPF_MAP_TYPE_PERCPU_HASH);
	assert_int_equal(bpf_map__max_entries(inner), 100);
	load(o);
	bpf_object__close(o);
}

/* A counter: if the key is there add one to its value. */
static void build_counter(struct ir *ir)
{
	static const struct map_info m = { .name = "@c", .symbol = "at_c", .role = MAPR_SCALAR,
		.max_entries = 1, .key_size = 4, .value_size = 16 };

	ir_line(ir, 7);
	ir_function_begin(ir, "p0_begin", "raw_tp");
	ir_val key = ir_alloca(ir, 4, 4);
	ir_store(ir, key, ir_const(ir, 0), 4);
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, ir_map_ptr(ir, "at_c"), key);
	ir_block yes = ir_block_new(ir, "yes"), no = ir_block_new(ir, "no");
	ir_cond(ir, ir_truth(ir, p), yes, no);
	ir_at(ir, yes);
	ir_line(ir, 8);
	ir_atomic_add(ir, ir_offset(ir, p, 8), ir_const(ir, 1));
	ir_br(ir, no);
	ir_at(ir, no);
	ir_function_end(ir);
	ir_map(ir, &m);
}

static void test_program(void **state)
{
	struct fixture *f = *state;

	build_counter(f->ir);
	ir_section(f->ir, ".bcct", "hello", 5);
	struct bpf_object *o = open_object(f);
	struct bpf_program *p = bpf_object__find_program_by_name(o, "p0_begin");
	assert_non_null(p);
	assert_in_range(bpf_program__insn_cnt(p), 8, 14);
	assert_true(memmem(f->object.data, f->object.len, "hello", 5));
	load(o);
	bpf_object__close(o);
}

/* Loads of the context at two offsets, chosen by a condition, stay two loads. */
static void test_context(void **state)
{
	struct fixture *f = *state;
	struct ir *ir = f->ir;
	static const struct map_info m = { .name = "@c", .symbol = "at_c", .role = MAPR_SCALAR,
		.max_entries = 1, .key_size = 4, .value_size = 16 };

	ir_map(ir, &m);
	ir_function_begin(ir, "p0_kprobe", "kprobe");
	ir_val key = ir_alloca(ir, 4, 4);
	ir_store(ir, key, ir_const(ir, 0), 4);
	ir_block a = ir_block_new(ir, "a"), b = ir_block_new(ir, "b"), c = ir_block_new(ir, "c");
	ir_cond(ir, ir_truth(ir, ir_load_ctx(ir, 104, 8, false)), a, b);
	ir_at(ir, a);
	ir_val va = ir_load_ctx(ir, 112, 8, false);
	ir_br(ir, c);
	ir_at(ir, b);
	ir_val vb = ir_load_ctx(ir, 96, 8, false);
	ir_br(ir, c);
	ir_at(ir, c);
	ir_val v = ir_phi(ir, va, a, vb, b);
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, ir_map_ptr(ir, "at_c"), key);
	ir_block yes = ir_block_new(ir, "yes"), no = ir_block_new(ir, "no");
	ir_cond(ir, ir_truth(ir, p), yes, no);
	ir_at(ir, yes);
	ir_store(ir, p, v, 8);
	ir_br(ir, no);
	ir_at(ir, no);
	ir_function_end(ir);
	struct bpf_object *o = open_object(f);
	load(o);
	bpf_object__close(o);
}

/* Constant operands fold, so the result of signed division can be read off. */
static void check_fold(struct ir *ir, enum ir_op op, int64_t a, int64_t b, int64_t want)
{
	uint64_t got = 0;
	ir_val v = ir_bin(ir, op, ir_const(ir, a), ir_const(ir, b));

	assert_true(ir_const_value(ir, v, &got));
	assert_int_equal((int64_t)got, want);
}

static void test_arithmetic(void **state)
{
	struct fixture *f = *state;
	struct ir *ir = f->ir;

	ir_function_begin(ir, "p0", "raw_tp");
	check_fold(ir, IR_SDIV, -7, 2, -3);
	check_fold(ir, IR_SDIV, 7, -2, -3);
	check_fold(ir, IR_SDIV, INT64_MIN, -1, INT64_MIN);
	check_fold(ir, IR_SREM, -7, 2, -1);
	check_fold(ir, IR_SREM, 7, -2, 1);
	check_fold(ir, IR_UDIV, -1, 2, INT64_MAX);
	check_fold(ir, IR_SHL, 1, 64, 1);
	check_fold(ir, IR_ASHR, -8, 1, -4);
	uint64_t got = 0;
	assert_true(ir_const_value(ir, ir_ext(ir, ir_const(ir, 0x1ff), 1, true), &got));
	assert_int_equal((int64_t)got, -1);
	ir_function_end(ir);
}

/* Fills, copies and constant bytes of every size at odd places pass the verifier. */
static void test_blocks(void **state)
{
	struct fixture *f = *state;
	struct ir *ir = f->ir;
	static const struct map_info m = { .name = ".scratch", .symbol = "scratch",
		.role = MAPR_SCRATCH, .max_entries = 1, .key_size = 4, .value_size = 4096 };

	ir_map(ir, &m);
	ir_function_begin(ir, "p0_begin", "raw_tp");
	ir_val key = ir_alloca(ir, 4, 4), stack = ir_alloca(ir, 100, 8);
	ir_store(ir, key, ir_const(ir, 0), 4);
	ir_zero(ir, stack, 100);
	ir_store_bytes(ir, ir_offset(ir, stack, 3), "hello", 5, 20);
	ir_copy(ir, ir_offset(ir, stack, 50), ir_offset(ir, stack, 3), 20);
	ir_val p = IR_CALL_PTR(ir, BPF_FUNC_map_lookup_elem, ir_map_ptr(ir, "scratch"), key);
	ir_block yes = ir_block_new(ir, "yes"), no = ir_block_new(ir, "no");
	ir_cond_unlikely(ir, ir_icmp(ir, IR_EQ, p, ir_null(ir)), no, yes);
	ir_at(ir, yes);
	ir_zero(ir, p, 1000);
	ir_store_bytes(ir, ir_offset(ir, p, 1000), "a rather long text", 18, 1024);
	ir_copy(ir, ir_offset(ir, p, 2048), p, 2000);
	ir_copy(ir, ir_offset(ir, p, 4000), ir_offset(ir, stack, 4), 96);
	ir_store(ir, p, ir_bswap(ir, ir_load(ir, p, 2, false), 2), 2);
	ir_store(ir, p, ir_bswap(ir, ir_load(ir, p, 4, true), 4), 4);
	ir_store(ir, p, ir_opaque(ir, ir_bswap(ir, ir_load(ir, p, 8, false), 8)), 8);
	ir_return(ir, 0);
	ir_br(ir, no);
	ir_at(ir, no);
	ir_function_end(ir);
	struct bpf_object *o = open_object(f);
	load(o);
	bpf_object__close(o);
}

/* Too much stack is a diagnostic, once, and no object. */
static void test_stack_limit(void **state)
{
	struct fixture *f = *state;
	struct ir *ir = f->ir;

	ir_function_begin(ir, "p0_begin", "raw_tp");
	ir_val big = ir_alloca(ir, 1024, 8);
	ir_zero(ir, big, 1024);
	ir_function_end(ir);
	assert_int_not_equal(ir_emit_object(ir, &f->object), 0);
	assert_int_equal(f->diags.errors, 1);
	assert_int_equal(f->diags.first->tag, TAG_TOO_LARGE);
	assert_int_equal(f->object.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_maps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_program, setup, teardown),
		cmocka_unit_test_setup_teardown(test_context, setup, teardown),
		cmocka_unit_test_setup_teardown(test_arithmetic, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blocks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stack_limit, setup, teardown),
	};
	return cmocka_run_group_tests_name("ir", tests, NULL, NULL);
}
