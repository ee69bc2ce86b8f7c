/*
 * A program with static probes, whose notes are written here as <sys/sdt.h> does:
 * app:begin (no arguments), app:step (several forms), app:gated (with a semaphore).
 */
#include <stdint.h>
#include <stdio.h>

__attribute__((section(".probes"), used)) volatile uint16_t gated_semaphore;
int32_t table[4] = { 10, -20, 30, -40 };

#define NOTE(name, semaphore, args)                                                               \
	"990: nop\n"                                                                              \
	".pushsection .note.stapsdt,\"?\",\"note\"\n"                                             \
	".balign 4\n"                                                                             \
	".4byte 992f-991f, 994f-993f, 3\n"                                                        \
	"991: .asciz \"stapsdt\"\n"                                                               \
	"992: .balign 4\n"                                                                        \
	"993: .8byte 990b\n"                                                                      \
	".8byte _.stapsdt.base\n"                                                                 \
	".8byte " semaphore "\n"                                                                  \
	".asciz \"app\"\n"                                                                        \
	".asciz \"" name "\"\n"                                                                   \
	".asciz \"" args "\"\n"                                                                   \
	"994: .balign 4\n"                                                                        \
	".popsection\n"

__asm__(".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n.hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n.size _.stapsdt.base, 1\n"
	".popsection\n");

__attribute__((noinline)) static void step(long i, const char *text)
{
	int32_t *t = table;

	/* the page is there when the probe reads the text */
	__asm__ volatile("" : : "r"(*(const volatile char *)text));
	__asm__ volatile(NOTE("step", "0", "-4@%%edi 8@%%rsi -4@$-7 -4@(%%rdx,%%rdi,4) "
			      "-4@table+4(%%rip) 1@%%dil 4f@%%xmm0")
			 : : "D"(i), "S"(text), "d"(t) : "memory");
}

int main(void)
{
	__asm__ volatile(NOTE("begin", "0", ""));
	__asm__ volatile("" : : "r"(*(const volatile char *)"other"));
	for (long i = 0; i < 3; i++)
		step(i, "text");
	__asm__ volatile(NOTE("step", "0", "8@%%rax 8@%%rbx") : : "a"(100L), "b"("other"));
	if (gated_semaphore)
		__asm__ volatile(NOTE("gated", "gated_semaphore", "8@%%rax") : : "a"(5L));
	return 0;
}
