/*
 * calls - make a known number of system calls on every CPU, for tests that count.
 *
 *	calls [-p PROCESSES] [-t THREADS] COUNT [NAME [SIZE]]
 *
 * Each of PROCESSES × THREADS makes COUNT calls of NAME (getppid by default) and is bound to a CPU
 * of its own as far as there are CPUs. They all start together. SIZE is what read and write move.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
	pthread_barrier_t *start;
	unsigned cpu;
	long count;
	const char *name;
	size_t size;
};

static bool call_once(const char *name, int zero, int null, char *buf, size_t size)
{
	if (!strcmp(name, "getppid"))
		return syscall(SYS_getppid) >= 0;
	if (!strcmp(name, "getuid"))
		return syscall(SYS_getuid) >= 0;
	if (!strcmp(name, "sched_yield"))
		return syscall(SYS_sched_yield) == 0;
	if (!strcmp(name, "read"))
		return syscall(SYS_read, zero, buf, size) == (long)size;
	if (!strcmp(name, "write"))
		return syscall(SYS_write, null, buf, size) == (long)size;
	if (!strcmp(name, "openat")) {
		/* a name that is not there: nothing to close */
		syscall(SYS_openat, AT_FDCWD, "/nonexistent", O_RDONLY, 0);
		return true;
	}
	return false;
}

static void *run(void *arg)
{
	const struct job *job = arg;
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char *buf = calloc(1, job->size + 1);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(job->cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	pthread_barrier_wait(job->start);
	for (long i = 0; buf && i < job->count; i++) {
		if (!call_once(job->name, zero, null, buf, job->size)) {
			fprintf(stderr, "calls: cannot %s\n", job->name);
			exit(1);
		}
	}
	free(buf);
	close(zero);
	close(null);
	return NULL;
}

static void process(unsigned number, unsigned threads, struct job job, long cpus)
{
	pthread_t *ids = calloc(threads, sizeof(*ids));
	struct job *jobs = calloc(threads, sizeof(*jobs));

	if (!ids || !jobs)
		exit(1);
	for (unsigned i = 0; i < threads; i++) {
		jobs[i] = job;
		jobs[i].cpu = (number * threads + i) % (unsigned)cpus;
		if (pthread_create(&ids[i], NULL, run, &jobs[i]))
			exit(1);
	}
	for (unsigned i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	free(ids);
	free(jobs);
	exit(0);
}

static pthread_barrier_t *shared_barrier(unsigned count)
{
	pthread_barrierattr_t attr;
	pthread_barrier_t *barrier = mmap(NULL, sizeof(*barrier), PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (barrier == MAP_FAILED)
		return NULL;
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(barrier, &attr, count);
	return barrier;
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned processes = 1, threads = 1;
	struct job job = { .name = "getppid", .size = 1 };
	int opt, status, failed = 0;

	while ((opt = getopt(argc, argv, "p:t:")) != -1) {
		if (opt == 'p')
			processes = (unsigned)atoi(optarg);
		else if (opt == 't')
			threads = (unsigned)atoi(optarg);
		else
			return 2;
	}
	if (optind >= argc || !processes || !threads)
		return 2;
	job.count = atol(argv[optind++]);
	if (optind < argc)
		job.name = argv[optind++];
	if (optind < argc)
		job.size = (size_t)atol(argv[optind]);
	job.start = shared_barrier(processes * threads);
	if (!job.start)
		return 1;
	for (unsigned i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid == 0)
			process(i, threads, job, cpus);
		if (pid < 0)
			return 1;
	}
	while (wait(&status) > 0)
		failed |= status;
	return failed ? 1 : 0;
}
