/*
 * Commands that the program asks for (system()): run by the shell, their output
 * becomes messages. While one runs, the ring buffer is emptied into memory, so
 * that a slow command costs no events. A stop ends the command. Called by units through
 * rt_command().
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "runtime/rt_internal.h"
#include "runtime/usyms.h"

/* More than this is left in the ring buffer. */
#define HELD_MAX (64u << 20)
/* A stopped command has this long to end by itself, and to be gone after SIGKILL. */
#define GRACE_MS 2000
#define KILLED_MS 300

extern char **environ;

static int command_spawn(const char *command, int out, bool group, pid_t *pid)
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
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						(group ? POSIX_SPAWN_SETPGROUP : 0));
	err = posix_spawn(pid, "/bin/sh", &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

/* ---- following one ---------------------------------------------------------- */

struct command {
	pid_t pid;
	int pid_fd; /* readable when it has ended; -1 on kernels without */
	int in;     /* what it writes; -1 after its end */
	bool group; /* it leads a process group */
	bool ended;
	int sent;   /* the signal that it was sent last; 0: no stop was asked for */
	uint64_t until; /* then: when patience with it ends */
};

static uint64_t now_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000;
}

static void command_signal(struct command *c, int sig, unsigned grace)
{
	kill(c->group ? -c->pid : c->pid, sig); /* it is waited for: the number is still its own */
	c->sent = sig;
	c->until = now_ms() + grace;
}

/* False when it was killed and something else still holds its output open. */
static bool command_patience(struct command *c, int *timeout)
{
	uint64_t now = now_ms();

	*timeout = -1;
	if (!c->sent)
		return true;
	if (now >= c->until) {
		if (c->sent == SIGKILL)
			return false;
		command_signal(c, SIGKILL, KILLED_MS);
	}
	*timeout = c->until > now ? (int)(c->until - now) : 0;
	return true;
}

static void command_output(struct rt *rt, const char *unit, struct command *c)
{
	char text[4096];
	ssize_t n = read(c->in, text, sizeof(text));

	if (n > 0) {
		rt_message(rt, unit, text, (size_t)n);
	} else if (!n || errno != EINTR) {
		close(c->in);
		c->in = -1;
	}
}

/*
 * Passes on what the command writes until it closes its end and has ended. A stop ends
 * the command first: what it still writes is part of the output.
 */
static void command_follow(struct rt *rt, const char *unit, struct command *c)
{
	struct rt_map *ring = maps_role(rt, MAPR_RING);
	struct mmaps *mmaps = rt->usyms ? rt->usyms->mmaps : NULL;
	bool hold = ring && rt->ring.consumer;
	int timeout;

	while ((c->in >= 0 || (!c->ended && c->pid_fd >= 0)) && command_patience(c, &timeout)) {
		struct pollfd p[] = {{c->in, POLLIN, 0}, {c->sent ? -1 : rt->stop_fd, POLLIN, 0},
				     {-1, POLLIN, 0}, {c->ended ? -1 : c->pid_fd, POLLIN, 0},
				     {mmaps ? mmaps_fd(mmaps) : -1, POLLIN, 0}};

		if (hold && rt->held.len < HELD_MAX)
			p[2].fd = ring->fd;
		if (poll(p, 5, timeout) < 0) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (p[2].revents && ring_read(&rt->ring, &rt->held, 1u << 20) < 0)
			hold = false; /* the loop tells it */
		if (p[4].revents)
			mmaps_read(mmaps);
		if (p[3].revents)
			c->ended = true;
		if (p[0].revents)
			command_output(rt, unit, c);
		if (p[1].revents) {
			rt->cut = true;
			command_signal(c, SIGTERM, GRACE_MS);
		}
	}
}

int rt_command(struct rt *rt, const char *unit, const char *command)
{
	/* a group of its own could not read from the terminal, which signals both anyway */
	struct command c = {.group = !isatty(STDIN_FILENO)};
	int out[2], status = 0, err;

	if (rt->cut) {
		rt->not_run++;
		return -ECANCELED;
	}
	if (pipe2(out, O_CLOEXEC))
		return -errno;
	err = command_spawn(command, out[1], c.group, &c.pid);
	close(out[1]);
	if (err) {
		close(out[0]);
		return err;
	}
	c.in = out[0];
	c.pid_fd = (int)syscall(SYS_pidfd_open, c.pid, 0);
	command_follow(rt, unit, &c);
	if (c.in >= 0)
		close(c.in);
	if (c.pid_fd >= 0)
		close(c.pid_fd);
	while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
