/* Arguments of USDT probes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/user.h>

#include <cmocka.h>

#include "lib/usdt_rt.h"

static bool symbol(void *user, const char *name, uint64_t *address)
{
	(void)user;
	*address = 0x4000;
	return !strcmp(name, "table");
}

static bool parse(const char *text, struct usdt_arg *a)
{
	return usdt_arg_parse(&text, a, 0x1000, symbol, NULL);
}

static void test_registers(void **state)
{
	struct usdt_arg a;

	(void)state;
	assert_true(parse("-4@%edi", &a));
	assert_int_equal(a.reg[0], offsetof(struct user_regs_struct, rdi));
	assert_int_equal(a.by[0], 1);
	assert_int_equal(a.by[1], 0);
	assert_int_equal(a.shift, 32);
	assert_true(a.is_signed);
	assert_false(a.deref);
	assert_true(parse("1@%r10b", &a));
	assert_int_equal(a.shift, 56);
	assert_false(parse("8@%xmm0", &a));
	assert_false(parse("1@%ah", &a));
}

static void test_memory(void **state)
{
	struct usdt_arg a;

	(void)state;
	assert_true(parse("8@-20(%rbp)", &a));
	assert_int_equal((int64_t)a.value, -20);
	assert_true(a.deref);
	assert_true(parse("4@8(%rax,%rbx,4)", &a));
	assert_int_equal(a.by[1], 4);
	assert_int_equal(a.reg[1], offsetof(struct user_regs_struct, rbx));
	assert_true(parse("2@(,%rcx,8)", &a));
	assert_int_equal(a.by[0], 0);
	assert_true(parse("8@table+8(%rip)", &a));
	assert_int_equal(a.value, 0x4008 - 0x1000);
	assert_true(parse("8@8+table(%rip)", &a));
	assert_false(parse("8@other(%rip)", &a));
	assert_false(parse("8@(%rax,%rbx,3)", &a));
	assert_false(parse("8@(%rax", &a));
}

static void test_numbers(void **state)
{
	struct usdt_arg a;

	(void)state;
	assert_true(parse("-4@$-7", &a));
	assert_int_equal((int64_t)a.value, -7);
	assert_true(parse("8@$0x10", &a));
	assert_int_equal(a.value, 16);
	assert_false(parse("4f@%eax", &a));
	assert_false(parse("3@$1", &a));
	assert_false(parse("8@$", &a));
	assert_false(parse("", &a));
}

static void test_list(void **state)
{
	const char *text = "-4@%edi 8@%xmm1 4@$5";
	struct usdt_arg a;

	(void)state;
	assert_true(usdt_arg_parse(&text, &a, 0, NULL, NULL));
	assert_false(usdt_arg_parse(&text, &a, 0, NULL, NULL));
	assert_true(usdt_arg_parse(&text, &a, 0, NULL, NULL)); /* a bad one is passed over */
	assert_int_equal(a.value, 5);
	assert_int_equal(*text, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
