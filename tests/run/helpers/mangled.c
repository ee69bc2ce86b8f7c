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

KEEP int square2(int a, int b) __asm__("_ZN5shape6squareEii");
KEEP int area(int n) __asm__("_ZN5shape4areaIiEET_S1_");
KEEP int plain(int n) __asm__("_Z5plaini");

int square2(int a, int b)
{
	__asm__ volatile("" : "+r"(a));
	return a * b;
}

int area(int n)
{
	__asm__ volatile("" : "+r"(n));
	return n + 2;
}

int plain(int n)
{
	__asm__ volatile("" : "+r"(n));
	return n + 3;
}

int main(void)
{
	return square(1) + circle(2) + square2(1, 2) + area(3) + plain(4) == 0;
}
