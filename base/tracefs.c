/*
 * Where the trace file system is. Where it is not mounted, root gets a mount of its
 * own that nobody else sees and that goes away with the process: events can be
 * looked up on any machine, and nothing on it changes.
 */
#include <errno.h>
#include <linux/mount.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/tpformat.h"

#define NOT_TRIED (-2)

static _Atomic int own_mount = NOT_TRIED; /* its descriptor; -1: it cannot be had */

static int mount_detached(void)
{
	int fs = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC), fd = -1;

	if (fs < 0)
		return -1;
	if (!syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	close(fs);
	return fd;
}

static const char *own_path(void)
{
	static char path[32];
	int fd = atomic_load(&own_mount), before = NOT_TRIED;

	if (fd == NOT_TRIED) {
		fd = mount_detached();
		if (!atomic_compare_exchange_strong(&own_mount, &before, fd)) {
			if (fd >= 0)
				close(fd);
			fd = before;
		}
	}
	if (fd < 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

const char *tracefs_path(void)
{
	static const char *const paths[] = {
		"/sys/kernel/tracing",
		"/sys/kernel/debug/tracing",
	};
	char events[64];
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		strcpy(events, paths[i]);
		strcat(events, "/events");
		if (access(events, F_OK) == 0 || errno == EACCES)
			return paths[i];
	}
	return own_path();
}
