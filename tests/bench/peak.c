/*
 * peak - run a command and write to a file: nanoseconds it took, wall clock at its start, largest
 * resident size in KiB of any of its processes, exit status. In C because a process keeps the
 * peak of the program that forked it, and a small one leaves no mark.
 */
#include <stdio.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int64_t wall, start, end;
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3)
		return 2;
	wall = now(CLOCK_REALTIME);
	start = now(CLOCK_MONOTONIC);
	pid = vfork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 1;
	end = now(CLOCK_MONOTONIC);
	f = fopen(argv[1], "w");
	if (!f)
		return 1;
	fprintf(f, "%lld %lld %ld %d\n", (long long)(end - start), (long long)wall,
		usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
	return fclose(f) ? 1 : 0;
}
