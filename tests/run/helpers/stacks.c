/* A program to take stacks of: main, outer, middle, inner, with frame pointers. */
#define KEEP __attribute__((noinline, optimize("no-omit-frame-pointer")))

int counter = 1;

KEEP int leaf(int n)
{
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n + counter;
}

KEEP int inner(int n)
{
	n = leaf(n);
	__asm__ volatile("" : "+r"(n) : : "memory"); /* no tail call */
	return n + 1;
}

KEEP int middle(int n)
{
	n = inner(n);
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n + 1;
}

KEEP int outer(int n)
{
	n = middle(n);
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n + 1;
}

KEEP int main(void)
{
	int n = outer(1);

	__asm__ volatile("" : "+r"(n) : : "memory");
	return n == 0;
}
