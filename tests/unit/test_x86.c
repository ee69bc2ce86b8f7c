/* Lengths of x86-64 instructions, by encodings of each kind that the tables tell apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/x86_length_rt.h"

#define INSN(...) { { __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }) }

static const struct {
	uint8_t bytes[16];
	unsigned length;
} insns[] = {
	INSN(0x90),                                           /* nop */
	INSN(0xf3, 0x0f, 0x1e, 0xfa),                         /* endbr64 */
	INSN(0x48, 0x89, 0xe5),                               /* mov %rsp,%rbp */
	INSN(0x48, 0x83, 0xec, 0x10),                         /* sub $16,%rsp */
	INSN(0x48, 0x81, 0xec, 0, 1, 0, 0),                   /* sub $256,%rsp */
	INSN(0x66, 0x81, 0xc3, 1, 2),                         /* add $0x201,%bx */
	INSN(0x8b, 0x44, 0x24, 0x08),                         /* mov 8(%rsp),%eax */
	INSN(0x8b, 0x84, 0x24, 0, 1, 0, 0),                   /* mov 256(%rsp),%eax */
	INSN(0x8b, 0x04, 0x25, 0, 0, 0, 0),                   /* mov 0,%eax */
	INSN(0x48, 0x8d, 0x05, 1, 2, 3, 4),                   /* lea x(%rip),%rax */
	INSN(0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8),             /* movabs $x,%rax */
	INSN(0xb8, 1, 2, 3, 4),                               /* mov $x,%eax */
	INSN(0xa1, 1, 2, 3, 4, 5, 6, 7, 8),                   /* movabs x,%eax */
	INSN(0xe8, 1, 2, 3, 4),                               /* call x */
	INSN(0x74, 1),                                        /* je x */
	INSN(0x0f, 0x84, 1, 2, 3, 4),                         /* je x, far */
	INSN(0xf6, 0xc1, 0x01),                               /* test $1,%cl */
	INSN(0xf7, 0xd8),                                     /* neg %eax */
	INSN(0xf7, 0xc0, 1, 0, 0, 0),                         /* test $1,%eax */
	INSN(0xc8, 1, 0, 0),                                  /* enter */
	INSN(0xf0, 0x48, 0x0f, 0xb1, 0x11),                   /* lock cmpxchg %rdx,(%rcx) */
	INSN(0x0f, 0x38, 0xf0, 0x07),                         /* movbe (%rdi),%eax */
	INSN(0x66, 0x0f, 0x3a, 0x0f, 0xc1, 0x08),             /* palignr $8,%xmm1,%xmm0 */
	INSN(0xc5, 0xf8, 0x77),                               /* vzeroupper */
	INSN(0xc5, 0xfd, 0x6f, 0x06),                         /* vmovdqa (%rsi),%ymm0 */
	INSN(0xc5, 0xfd, 0x70, 0xc0, 0x1b),                   /* vpshufd $27,%ymm0,%ymm0 */
	INSN(0xc4, 0xe2, 0x7d, 0x58, 0x06),                   /* vpbroadcastd (%rsi),%ymm0 */
	INSN(0xc4, 0xe3, 0x7d, 0x39, 0xc0, 0x01),             /* vextracti128 $1,%ymm0,%xmm0 */
	INSN(0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x06),             /* vmovdqu64 (%rsi),%zmm0 */
	INSN(0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0),    /* nopw x(%rax,%rax) */
};

static void test_lengths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(insns) / sizeof(*insns); i++) {
		uint8_t code[16];

		memset(code, 0, sizeof(code));
		memcpy(code, insns[i].bytes, insns[i].length);
		assert_int_equal(x86_length(code, sizeof(code)), insns[i].length);
		/* cut off, it is none */
		assert_int_equal(x86_length(code, insns[i].length - 1), 0);
	}
}

static void test_no_instructions(void **state)
{
	const uint8_t bad[][4] = { { 0x06 }, { 0xea }, { 0x0f, 0x04 }, { 0xd4, 0x0a } };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(x86_length(bad[i], sizeof(bad[i])), 0);
	assert_int_equal(x86_length(bad[0], 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_no_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
