/*
 * Taking probes away. Closing the link of a perf event (a tracepoint, a kprobe on
 * kernels without a link for many) waits for grace periods of the kernel, some
 * 50 ms, one link at a time: hundreds take half a minute. So programs with many
 * links are told to do nothing any more (CONFIG_STOP), and a process is forked
 * that inherits the links: when this one drops them nothing has to be waited for,
 * and the other one exits and lets the kernel take its time. Called by the loop at
 * the end and when attaching fails.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

#define POINTS_MANY 500 /* functions in one link, which takes long to close as well */

typedef VEC(int) fd_list;

static bool listed(const fd_list *l, int fd)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i] == fd)
			return true;
	return false;
}

/* Links that the other process may close, since their programs have stopped. */
static void stopped_links(struct rt *rt, fd_list *out)
{
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		const struct rt_prog *p = &rt->progs[i];

		if (!p->p.info->stops)
			continue;
		for (size_t k = p->links_from; k < p->links_to && k < rt->links.n; k++)
			vec_push(out, rt->links.v[k].fd);
	}
}

static bool stop_programs(struct rt *rt)
{
	const struct rt_map *config = maps_role(rt, MAPR_CONFIG);
	uint32_t key = CONFIG_STOP;
	uint64_t one = 1;

	if (!config || bpf_map_update_elem(config->fd, &key, &one, BPF_ANY))
		return false;
	/* those that are running now end before this returns */
	return !syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

static void close_others(const fd_list *keep, int pipe_end)
{
	struct dirent *e;
	DIR *dir = opendir("/proc/self/fd");

	while (dir && (e = readdir(dir))) {
		int fd = atoi(e->d_name);

		if (e->d_name[0] != '.' && fd != pipe_end && fd != dirfd(dir) && !listed(keep, fd))
			close(fd);
	}
	if (dir)
		closedir(dir);
}

/* The forked process: holds the links until the other end of the pipe is closed. */
static void closer_run(const fd_list *keep, int in, int out)
{
	char c;

	close(out);
	setsid();
	/* nothing else may be held: other links have to go, readers of pipes see their end */
	close_others(keep, in);
	if (fork())
		_exit(0); /* nobody waits for the other one */
	if (chdir("/") || read(in, &c, 1) < 0)
		_exit(1);
	_exit(0);
}

/* The descriptor to close when the links are gone, or -1. */
static int closer_start(const fd_list *keep)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return -1;
	pid = fork();
	if (!pid)
		closer_run(keep, ends[0], ends[1]);
	close(ends[0]);
	if (pid < 0) {
		close(ends[1]);
		return -1;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return ends[1];
}

void link_close(struct rt_link *l)
{
	if (l->link)
		bpf_link__destroy(l->link);
	else
		close(l->fd);
}

void links_drop(struct rt *rt, size_t keep)
{
	struct buf *before = object_log_to(NULL);
	fd_list stopped = {0};
	int closer = -1;

	if (!keep && (rt->links.n >= LINKS_MANY || rt->npoints >= POINTS_MANY))
		stopped_links(rt, &stopped);
	if (stopped.n && stop_programs(rt))
		closer = closer_start(&stopped);
	while (rt->links.n > keep)
		link_close(&rt->links.v[--rt->links.n]);
	if (closer >= 0)
		close(closer);
	vec_free(&stopped);
	object_log_to(before);
}
