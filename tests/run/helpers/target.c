/* A program to probe: calls work() three times with known arguments. */
#include <string.h>

struct item {
	int number;
	char name[16];
	struct item *next;
};

__attribute__((noinline)) int work(int n, const char *text, struct item *item)
{
	/* touched, so that the pages are there when a probe reads them */
	return n * 2 + item->number + (int)strlen(text) + item->next->name[0];
}

__attribute__((noinline)) int work_less(int n)
{
	__asm__ volatile("" ::: "memory");
	return -n;
}

int main(void)
{
	static char text[] = "hello";
	struct item second = { 7, "inner", NULL }, first = { 5, "outer", &second };
	volatile int sum = (int)strlen(text) + second.name[0];

	for (int i = 0; i < 3; i++)
		sum += work(i, text, &first) + work_less(i);
	return sum == 0;
}
