/*
 * migrate A B [N]: becomes the program anew on CPU A (after mapping itself N times), then
 * forks on CPU B; the child calls leaf and ends. With N it waits for the end of its input.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int counter = 1;

__attribute__((noinline)) int leaf(int n)
{
	__asm__ volatile("" : "+r"(n) : : "memory");
	return n + counter;
}

static void pin(const char *cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(atoi(cpu), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void map_often(int n)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	for (int i = 0; i < n; i++) {
		void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

		if (p != MAP_FAILED)
			munmap(p, 4096);
	}
}

int main(int argc, char **argv)
{
	char c;

	if (argc < 3)
		return 2;
	if (!getenv("MIGRATED")) {
		pin(argv[1]);
		map_often(argc > 3 ? atoi(argv[3]) : 0);
		setenv("MIGRATED", "1", 1);
		execv("/proc/self/exe", argv);
		return 1;
	}
	pin(argv[2]);
	if (!fork()) {
		leaf(1);
		if (argc > 3)
			while (read(0, &c, 1) > 0)
				;
		_exit(0);
	}
	wait(NULL);
	return 0;
}
