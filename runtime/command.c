/*
 * Commands that the program asks for (system()): run by the shell, their output
 * becomes messages. While one runs, the ring buffer is emptied into memory, so
 * that a slow command costs no events. Called by units through rt_command().
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

/* More than this is left in the ring buffer. */
#define HELD_MAX (64u << 20)

extern char **environ;

static int command_spawn(const char *command, int out, pid_t *pid)
{
	char *argv[] = {"sh", "-c", (char *)(uintptr_t)command, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t set;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	/* what this process ignores or blocks is no business of the command */
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	posix_spawnattr_setsigdefault(&attr, &set);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn(pid, "/bin/sh", &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

/* Passes on what the command writes until it closes its end, or a stop is asked for. */
static void command_follow(struct rt *rt, const char *unit, int in)
{
	struct rt_map *ring = maps_role(rt, MAPR_RING);
	struct pollfd p[] = {{in, POLLIN, 0}, {rt->stop_fd, POLLIN, 0}, {-1, POLLIN, 0}};
	char text[4096];
	ssize_t n;

	for (;;) {
		p[2].fd = ring && rt->held.len < HELD_MAX ? ring->fd : -1;
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return;
		if (p[2].fd >= 0 && p[2].revents && ring_read(&rt->ring, &rt->held, 1u << 20) < 0)
			return;
		if (p[0].revents) {
			n = read(in, text, sizeof(text));
			if (n <= 0)
				return;
			rt_message(rt, unit, text, (size_t)n);
		} else if (p[1].revents) {
			return;
		}
	}
}

int rt_command(struct rt *rt, const char *unit, const char *command)
{
	int out[2], status = 0, err;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return -errno;
	err = command_spawn(command, out[1], &pid);
	close(out[1]);
	if (!err)
		command_follow(rt, unit, out[0]);
	close(out[0]);
	if (err)
		return err;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
