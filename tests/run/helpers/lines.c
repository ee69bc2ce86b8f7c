/*
 * A program with debug information: inlined functions, typed arguments, lines to probe.
 * Built with -g -O2; the path of its source is /src/lines.c, wherever it is built. Lines
 * have their numbers in the tests: add at the end.
 */
#line 7 "/src/lines.c"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum colour { RED, GREEN = 5, BLUE };

struct item {
	int number;
	char name[16];
	enum colour colour;
	unsigned low : 3, high : 5;
	struct item *next;
	union {
		int64_t wide;
		struct {
			short first, second;
		};
	};
	uint8_t bytes[4];
};

struct pair {
	long a, b;
};

#define KEEP __attribute__((noinline, noclone))
#define INLINE static inline __attribute__((always_inline))

KEEP int bottom(int n)
{
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n;
}

KEEP int leaf(int n)
{
	n = bottom(n); /* so that there is a frame: probes stand behind its two instructions */
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n + 1;
}

INLINE int twice(int n)
{
	n = leaf(n);
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n * 2;
}

INLINE int four_times(int n)
{
	return twice(n) + 2 * n;
}

KEEP int outer(int n)
{
	n = four_times(n);
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n;
}

KEEP struct item *typed(struct item *item, unsigned char small, const char *text, bool yes,
			enum colour colour, struct item **list, long seventh, short eighth)
{
	__asm__ volatile("" : : "r"(item->number), "r"(*text), "r"(*list) : "memory");
	return yes && small && colour && seventh && eighth ? item->next : NULL;
}

KEEP unsigned char narrow(struct pair pair, int after, double real, signed char last)
{
	__asm__ volatile("" : : "r"(pair.a), "r"(pair.b), "r"(after), "x"(real) : "memory");
	return (unsigned char)(last - 1);
}

KEEP int by_line(int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += leaf(i);
	return sum;
}

int counter = 42;
struct item global = { 7, "global", BLUE, 5, 17, NULL, { 0x30002 }, { 1, 2, 3, 4 } };
uint64_t wide = 0x123456789abcdef0;
char letters[8] = "letters";

int main(void)
{
	struct item second = { 9, "inner", RED, 1, 2, NULL, { 1 }, { 0 } };
	struct item first = { -5, "outer", GREEN, 3, 30, &second, { 0x20001 }, { 9, 8, 7, 6 } };
	struct item *list[] = { &first, NULL };
	static const char hello[] = "hello";
	volatile int sum;

	__asm__ volatile("" : : "r"(&second), "r"(&first), "r"(list) : "memory");
	sum = outer(1) + by_line(3);
	__asm__ volatile("" : : "r"(*(const volatile char *)hello)); /* there for the probe */
	typed(&first, 200, hello, true, GREEN, list, 70, -8);
	sum += narrow((struct pair){ 10, 20 }, 30, 1.5, -1);
	return sum + counter == 0 || global.number + (int)wide + letters[0] == 0;
}
