/* Integers as texts, and clocks as wall time. Called by runtime/decode.c and runtime/words.c. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/named_rt.h"
#include "lib/rt.h"
#include "lib/syscall_names.h"

#define CGROUP_MOUNT "/sys/fs/cgroup"
#define CGROUP_MOUNT_HYBRID "/sys/fs/cgroup/unified"
#define HANDLE_KERNFS 0xfe /* kind of the file handles of kernfs: the 64-bit id */

static void put_number(struct buf *out, uint64_t v)
{
	buf_printf(out, "%" PRId64, (int64_t)v);
}

static void put_error(struct buf *out, uint64_t v)
{
	char text[128];

	buf_printf(out, "%s", strerror_r((int)v, text, sizeof(text)));
}

static void put_syscall(struct buf *out, uint64_t v)
{
	const char *name = v < sizeof(syscall_names) / sizeof(*syscall_names) ? syscall_names[v]
									      : NULL;

	if (name)
		buf_printf(out, "%s", name);
	else
		put_number(out, v);
}

static void put_signal(struct buf *out, uint64_t v)
{
	const char *name = v && v < NSIG ? sigabbrev_np((int)v) : NULL;

	if (name)
		buf_printf(out, "SIG%s", name);
	else if (v >= (uint64_t)SIGRTMIN && v <= (uint64_t)SIGRTMAX)
		buf_printf(out, "SIGRTMIN+%d", (int)v - SIGRTMIN);
	else
		put_number(out, v);
}

static void put_user(struct buf *out, uint64_t v)
{
	struct passwd pw, *found = NULL;
	char room[4096];

	if (!getpwuid_r((uid_t)v, &pw, room, sizeof(room), &found) && found)
		buf_printf(out, "%s", found->pw_name);
	else
		put_number(out, v);
}

static void put_comm(struct buf *out, uint64_t v)
{
	char path[40], text[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/comm", v);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
	if (fd >= 0)
		close(fd);
	if (n > 0)
		buf_put(out, text, (size_t)n - (text[n - 1] == '\n'));
}

/* ---- control groups ------------------------------------------------------- */

static int cgroup_mount(const char **path)
{
	int fd;

	*path = CGROUP_MOUNT_HYBRID;
	fd = open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	*path = CGROUP_MOUNT;
	return open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The id is the group's file handle: the kernel opens it by that. */
static ssize_t cgroup_find(uint64_t id, char *path, size_t size)
{
	union {
		struct file_handle h;
		uint8_t room[sizeof(struct file_handle) + sizeof(id)];
	} u;
	char link[40];
	const char *root;
	int mount = cgroup_mount(&root), fd;
	ssize_t n = -1;

	if (mount < 0)
		return -1;
	u.h.handle_bytes = sizeof(id);
	u.h.handle_type = HANDLE_KERNFS;
	memcpy(u.h.f_handle, &id, sizeof(id));
	fd = open_by_handle_at(mount, &u.h, O_PATH | O_CLOEXEC);
	close(mount);
	if (fd < 0)
		return -1;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, size);
	close(fd);
	if (n < (ssize_t)strlen(root) || strncmp(path, root, strlen(root)) != 0)
		return -1;
	n -= (ssize_t)strlen(root);
	memmove(path, path + strlen(root), (size_t)n);
	return n;
}

static void put_cgroup(struct buf *out, const char *filter, uint64_t v)
{
	char path[4096];
	ssize_t n;

	if (*filter && !rt_wildcard(filter, "unified"))
		return;
	n = cgroup_find(v, path, sizeof(path));
	if (n >= 0)
		buf_printf(out, "unified:%.*s", n ? (int)n : 1, n ? path : "/");
}

uint64_t named_cgroup_id(const char *path)
{
	union {
		struct file_handle h;
		uint8_t room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u;
	uint64_t id = 0;
	int mount;

	u.h.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, path, &u.h, &mount, 0) || u.h.handle_bytes < sizeof(id))
		return 0;
	memcpy(&id, u.h.f_handle, sizeof(id));
	return id;
}

/* ---- */

static const struct {
	const char *name;
	void (*put)(struct buf *out, uint64_t v);
} tables[] = {
	{ "strerror", put_error }, { "syscall", put_syscall }, { "signal", put_signal },
	{ "user", put_user }, { "comm", put_comm },
};

void named_text(struct buf *out, const char *table, uint64_t v)
{
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		if (strcmp(tables[i].name, table) == 0) {
			tables[i].put(out, v);
			return;
		}
	}
	if (strncmp(table, "cgroup", 6) == 0)
		put_cgroup(out, table[6] == ':' ? table + 7 : "", v);
	else
		put_number(out, v);
}

uint64_t timestamp_wall(uint64_t ns, enum timestamp_clock clock)
{
	clockid_t id = clock == TIMESTAMP_MONOTONIC ? CLOCK_MONOTONIC :
		       clock == TIMESTAMP_TAI	    ? CLOCK_TAI :
						      CLOCK_BOOTTIME;
	uint64_t then = clock_ns(id);

	return ns + clock_ns(CLOCK_REALTIME) - then;
}
