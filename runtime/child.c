/*
 * The process that is traced: a command started by -c, held back until the
 * probes are attached, or an existing one given by -p. The loop ends when it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* The next word of *text, taken out in place: it ends at a space that stands in no quotes. */
static char *command_word(char **text)
{
	char *from = *text + strspn(*text, " "), *to = from, *word = from, quote = '\0';

	for (; *from && (quote || *from != ' '); from++) {
		if (quote ? *from == quote : *from == '\'' || *from == '"')
			quote = quote ? '\0' : *from;
		else
			*to++ = *from;
	}
	*text = from + (*from != '\0');
	*to = '\0';
	return word;
}

/* Splits at spaces, in a copy; NULL-terminated; both are freed together. */
static char **command_split(const char *command)
{
	size_t max = strlen(command) / 2 + 2, n = 0;
	char **argv = malloc(max * sizeof(*argv) + strlen(command) + 1), *text;

	if (!argv)
		return NULL;
	text = strcpy((char *)(argv + max), command);
	while (text[strspn(text, " ")])
		argv[n++] = command_word(&text);
	argv[n] = NULL;
	return argv;
}

/* In the child: waits for its release, then becomes the command. Never returns. */
static void child_run(char **argv, int go, int error)
{
	sigset_t none;
	char c;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* ignored signals would stay ignored in the command */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	/* end of file: the tracer is gone before it let the command run */
	if (read(go, &c, 1) != 1)
		_exit(127);
	execvp(argv[0], argv);
	err = errno;
	if (write(error, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

static int child_fork(struct rt *rt, char **argv)
{
	int go[2], error[2];
	pid_t pid;

	if (pipe2(go, O_CLOEXEC))
		return -errno;
	if (pipe2(error, O_CLOEXEC)) {
		close(go[0]);
		close(go[1]);
		return -EMFILE;
	}
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		child_run(argv, go[0], error[1]);
	}
	close(go[0]);
	close(error[1]);
	rt->child_go = go[1];
	rt->child_error = error[0];
	if (pid < 0)
		return -errno;
	rt->child = pid;
	return 0;
}

/* Watches a process; its pidfd becomes readable when it ends. */
static int child_watch(struct rt *rt, pid_t pid)
{
	rt->pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (rt->pid_fd < 0)
		return -errno;
	fcntl(rt->pid_fd, F_SETFD, FD_CLOEXEC);
	return loop_watch(rt, rt->pid_fd, WATCH_PID);
}

static int command_start(struct rt *rt)
{
	char **argv = command_split(rt->b->opt.command);
	int err = argv ? 0 : -ENOMEM;

	if (argv && !argv[0])
		err = -EINVAL;
	if (!err)
		err = child_fork(rt, argv);
	if (!err)
		err = child_watch(rt, rt->child);
	if (err)
		rt_diag(rt, DIAG_ERROR, TAG_IO, LOC_NONE, NULL, "cannot start '%s': %s",
			rt->b->opt.command, strerror(-err));
	free(argv);
	return err;
}

int child_start(struct rt *rt)
{
	int pid = rt->b->opt.pid, err;

	if (rt->b->opt.command)
		return command_start(rt);
	if (pid <= 0)
		return 0;
	err = child_watch(rt, pid);
	if (err == -ESRCH || err == -EINVAL)
		rt_diag(rt, DIAG_ERROR, TAG_USAGE, LOC_NONE, NULL, "there is no process %d", pid);
	else if (err)
		rt_diag(rt, DIAG_ERROR, TAG_USAGE, LOC_NONE, NULL, "cannot watch process %d: %s",
			pid, strerror(-err));
	return err;
}

static void fd_drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int child_release(struct rt *rt)
{
	ssize_t n;
	int err = 0;

	if (rt->child_go < 0)
		return 0;
	do
		n = write(rt->child_go, "", 1);
	while (n < 0 && errno == EINTR);
	fd_drop(&rt->child_go);
	/* closed without a word when the command has been started */
	do
		n = read(rt->child_error, &err, sizeof(err));
	while (n < 0 && errno == EINTR);
	fd_drop(&rt->child_error);
	if (n != (ssize_t)sizeof(err))
		return 0;
	rt_diag(rt, DIAG_ERROR, TAG_IO, LOC_NONE, NULL, "cannot run '%s': %s",
		rt->b->opt.command, strerror(err));
	return -err;
}

void child_reap(struct rt *rt)
{
	if (rt->child > 0 && waitpid(rt->child, NULL, WNOHANG) == rt->child)
		rt->child = 0;
	fd_drop(&rt->pid_fd);
}

void child_end(struct rt *rt)
{
	struct pollfd ended = {.fd = rt->pid_fd, .events = POLLIN};
	bool started = rt->child_go < 0;

	fd_drop(&rt->child_go); /* one that was never released ends by this */
	fd_drop(&rt->child_error);
	if (rt->child > 0) {
		/* the process is ours and not yet waited for, so its number is no other's */
		kill(rt->child, started ? SIGTERM : SIGKILL);
		/* one that ignores the signal is left to itself */
		if (rt->pid_fd < 0 || poll(&ended, 1, 500) == 1)
			waitpid(rt->child, NULL, rt->pid_fd < 0 ? WNOHANG : 0);
		rt->child = 0;
	}
	fd_drop(&rt->pid_fd);
}
