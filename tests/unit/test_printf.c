/* The run-time printf and the decoder, from made-up payloads. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/printf_rt.h"

/* A payload under construction. */
struct args {
	struct arena *arena;
	struct schema *tuple;
	uint8_t data[1024];
};

static int setup(void **state)
{
	struct args *a = calloc(1, sizeof(*a));

	a->arena = arena_new();
	a->tuple = schema_new(a->arena, SC_TUPLE, 0);
	a->tuple->fields = arena_alloc(a->arena, 32 * sizeof(struct schema *));
	*state = a;
	return 0;
}

static int teardown(void **state)
{
	struct args *a = *state;

	arena_free(a->arena);
	free(a);
	return 0;
}

static struct schema *push(struct args *a, enum schema_kind kind, uint32_t size, const void *bytes)
{
	struct schema *s = schema_new(a->arena, kind, size);

	s->offset = a->tuple->size;
	a->tuple->fields[a->tuple->nfields++] = s;
	memcpy(a->data + s->offset, bytes, size);
	a->tuple->size += size;
	return s;
}

static void push_int(struct args *a, uint32_t size, bool is_signed, int64_t v)
{
	push(a, SC_INT, size, &v)->is_signed = is_signed;
}

static void push_string(struct args *a, uint32_t size, const char *text)
{
	char bytes[256] = "";

	strncpy(bytes, text, sizeof(bytes) - 1);
	push(a, SC_STRING, size, bytes);
}

static void expect_printf(struct args *a, const char *fmt, const char *text)
{
	struct buf out = { 0 };
	uint8_t *exact = malloc(a->tuple->size + 1); /* one off alignment, nothing behind */

	memcpy(exact + 1, a->data, a->tuple->size);
	printf_render(NULL, &out, fmt, strlen(fmt), a->tuple, exact + 1);
	buf_u8(&out, 0);
	assert_string_equal((char *)out.data, text);
	buf_free(&out);
	free(exact);
	a->tuple->nfields = a->tuple->size = 0;
}

static void literal_text(void **state)
{
	struct args *a = *state;

	expect_printf(a, "", "");
	expect_printf(a, "plain\n", "plain\n");
	expect_printf(a, "100%% %%d", "100% %d");
}

static void lengths_cut(void **state)
{
	struct args *a = *state;
	int64_t v = 0x12345678abcdef;
	int i;

	for (i = 0; i < 4; i++)
		push_int(a, 8, false, v);
	expect_printf(a, "%hhx %hx %x %jx\n", "ef cdef 78abcdef 12345678abcdef\n");
	for (i = 0; i < 5; i++)
		push_int(a, 8, true, 0xffffffff);
	expect_printf(a, "%d %u %ld %llu %hhd", "-1 4294967295 4294967295 4294967295 -1");
	push_int(a, 1, true, -1);
	push_int(a, 1, false, 255);
	push_int(a, 2, true, -2);
	push_int(a, 4, true, INT32_MIN);
	push_int(a, 8, true, INT64_MIN);
	expect_printf(a, "%d %d %x %d %ld", "-1 255 fffffffe -2147483648 -9223372036854775808");
}

static void flags_width_precision(void **state)
{
	struct args *a = *state;
	int i;

	for (i = 0; i < 9; i++)
		push_int(a, 8, true, 255);
	expect_printf(a, "[%#x] [%+d] [% d] [%05d] [%5.3d] [%-6d] [%#o] [%X] [%6i]",
		      "[0xff] [+255] [ 255] [00255] [  255] [255   ] [0377] [FF] [   255]");
	push_int(a, 8, true, 65);
	push_int(a, 8, true, 66);
	push_int(a, 8, true, 67);
	expect_printf(a, "[%5c] [%-5c] [%c]", "[    A] [B    ] [C]");
	push_string(a, 16, "abc");
	push_string(a, 16, "abc");
	push_string(a, 16, "abcdef");
	push_string(a, 16, "");
	expect_printf(a, "[%10s] [%-10s] [%.2s] [%s]", "[       abc] [abc       ] [ab] []");
	push_int(a, 8, false, 4096);
	push_int(a, 8, false, 0);
	push_int(a, 8, false, 16);
	expect_printf(a, "%p %p [%6p]", "0x1000 (nil) [  0x10]");
}

static void buffers(void **state)
{
	struct args *a = *state;
	uint8_t bytes[16] = { 6, 0, 0, 0, 'h', 'e', 'l', '\\', 'o', '\n' };
	uint8_t wrong[16] = { 255, 255, 255, 255, 'x' };
	int i;

	for (i = 0; i < 4; i++)
		push(a, SC_BUFFER, 16, bytes);
	expect_printf(a, "%r|%rx|%rh|%s", "hel\\o\\x0a|\\x68\\x65\\x6c\\x5c\\x6f\\x0a|"
					  "68 65 6c 5c 6f 0a|hel\\o\\x0a");
	push(a, SC_BUFFER, 16, wrong); /* a length beyond its room */
	expect_printf(a, "%rh", "78 00 00 00 00 00 00 00 00 00 00 00");
	push_string(a, 4, "ab");
	expect_printf(a, "%rx", "\\x61\\x62");
}

static void strings_end_where_they_end(void **state)
{
	struct args *a = *state;
	char cut[4] = { 'a', 'b', 'c', (char)STRING_CUT };

	push_string(a, 3, "abcdef"); /* no NUL within */
	push(a, SC_STRING, 4, cut);
	expect_printf(a, "%s %s", "abc abc..");
}

static void anything_as_text(void **state)
{
	struct args *a = *state;
	uint64_t numbers[2] = { 7, 0xffffffff81000000 };
	uint8_t mac[6] = { 5, 4, 3, 2, 1, 0xab }, ip[4] = { 127, 0, 0, 1 };
	struct schema *s, *e = schema_new(a->arena, SC_NONE, 0);

	s = push(a, SC_ENUM, 4, numbers);
	e->name = "SEVEN";
	e->offset = 7;
	s->fields = &e;
	s->nfields = 1;
	push(a, SC_POINTER, 8, &numbers[1]);
	push(a, SC_BOOL, 1, "\1");
	push(a, SC_MAC, 6, mac);
	push(a, SC_INET, 4, ip);
	push(a, SC_KSYM, 8, &numbers[1]);
	push_int(a, 8, true, -5);
	expect_printf(a, "%s %s %s %s %s %s %s", "SEVEN 0xffffffff81000000 true 05:04:03:02:01:AB "
						 "127.0.0.1 0xffffffff81000000 -5");
	push(a, SC_KSYM, 8, &numbers[1]);
	push(a, SC_BOOL, 1, "\1");
	expect_printf(a, "%lx %d", "ffffffff81000000 1");
}

static void groups_and_stacks_as_text(void **state)
{
	struct args *a = *state;
	uint64_t stack[5] = { 2, 0x10, 0x20, 0x30, 0x40 }, deep[5] = { 99, 1, 2, 3, 4 };
	struct schema *in[2], *s, *elem = schema_new(a->arena, SC_INT, 2);

	s = push(a, SC_KSTACK, 40, stack);
	s->count = 4;
	expect_printf(a, "%s", "\n        0x10\n        0x20\n");
	s = push(a, SC_KSTACK, 40, deep); /* a depth beyond its room */
	s->count = 4;
	expect_printf(a, "%s", "\n        0x1\n        0x2\n        0x3\n        0x4\n");
	in[0] = schema_new(a->arena, SC_INT, 4);
	in[1] = schema_new(a->arena, SC_STRING, 4);
	in[1]->offset = 4;
	s = push(a, SC_TUPLE, 8, "\1\0\0\0xyz");
	s->fields = in;
	s->nfields = 2;
	in[0]->name = "n";
	in[1]->name = "s";
	s = push(a, SC_RECORD, 8, "\2\0\0\0uvw");
	s->fields = in;
	s->nfields = 2;
	s = push(a, SC_ARRAY, 6, "\1\0\2\0\3");
	s->fields = &elem;
	s->nfields = 1;
	s->count = 3;
	expect_printf(a, "%s %s %s", "(1, xyz) { .n = 2, .s = uvw } [1,2,3]");
}

static void failures_are_marked(void **state)
{
	struct args *a = *state;

	push_int(a, 8, true, 1);
	expect_printf(a, "%d %d.", "1 !{err}.");
	push_string(a, 8, "abc");
	expect_printf(a, "%d", "!{err}");
	push_int(a, 8, true, 1);
	expect_printf(a, "%rx", "!{err}");
	push_int(a, 8, true, 1);
	expect_printf(a, "%", "!{err}");
	push_int(a, 8, true, 1);
	push_int(a, 8, true, 2);
	expect_printf(a, "%q %d", "!{err} 2");
	push_int(a, 8, true, 1);
	a->tuple->fields[0]->offset = 4; /* reaches out of the payload */
	expect_printf(a, "%d", "!{err}");
	a->tuple->size = 0;
	printf_render(NULL, &(struct buf){ 0 }, NULL, 0, NULL, NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(literal_text),
		TEST(lengths_cut),
		TEST(flags_width_precision),
		TEST(buffers),
		TEST(strings_end_where_they_end),
		TEST(anything_as_text),
		TEST(groups_and_stacks_as_text),
		TEST(failures_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
