/* A program whose functions have names as C++ and Rust compilers make them. */
#define KEEP __attribute__((noinline))

KEEP int square(int n) __asm__("_ZN5shape6squareEi");
KEEP int circle(int n) __asm__("_ZN5shape6circle17h0123456789abcdefE");

int square(int n)
{
	__asm__ volatile("" : "+r"(n));
	return n;
}

int circle(int n)
{
	__asm__ volatile("" : "+r"(n));
	return n + 1;
}

int main(void)
{
	return square(1) + circle(2) == 0;
}
