/*
 * What a process needs to use BPF, and in words what is missing. Checked before
 * anything else at load: without it, every later error would only be a symptom.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

/* The effective capabilities of this process as bits; all of them when that cannot be known. */
static uint64_t effective_caps(void)
{
	struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct d[2] = {{0}};

	if (syscall(SYS_capget, &h, d))
		return ~0ULL;
	return d[0].effective | (uint64_t)d[1].effective << 32;
}

static bool has_cap(uint64_t caps, int cap)
{
	return caps >> cap & 1;
}

/* First word in brackets of /sys/kernel/security/lockdown, or "". */
static void lockdown_mode(char *mode, size_t size)
{
	char text[128];
	int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	char *from, *to;

	mode[0] = '\0';
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	text[n] = '\0';
	from = strchr(text, '[');
	to = from ? strchr(from, ']') : NULL;
	if (!to)
		return;
	*to = '\0';
	if (strcmp(from + 1, "none"))
		snprintf(mode, size, "%s", from + 1);
}

int privilege_check(struct rt *rt)
{
	uint64_t caps = effective_caps();
	bool admin = has_cap(caps, CAP_SYS_ADMIN);
	bool bpf = admin || has_cap(caps, CAP_BPF), perf = admin || has_cap(caps, CAP_PERFMON);

	if (bpf && perf)
		return 0;
	rt_diag(rt, DIAG_ERROR, TAG_PRIVILEGE, LOC_NONE, "run it as root, for instance with sudo",
		"tracing needs %s%s%s, which this process%s lacks", bpf ? "" : "CAP_BPF",
		!bpf && !perf ? " and " : "", perf ? "" : "CAP_PERFMON",
		geteuid() ? " (not root)" : "");
	return -EPERM;
}

void privilege_explain(struct rt *rt, const char *what)
{
	char mode[32];

	lockdown_mode(mode, sizeof(mode));
	if (privilege_check(rt))
		return;
	if (mode[0])
		rt_diag(rt, DIAG_ERROR, TAG_PRIVILEGE, LOC_NONE,
			"kernel lockdown is set by Secure Boot or the lockdown= boot parameter",
			"the kernel does not allow %s: it is locked down (%s)", what, mode);
	else
		rt_diag(rt, DIAG_ERROR, TAG_PRIVILEGE, LOC_NONE,
			"in a container, run bcct in the host's namespaces; a security module or "
			"seccomp filter may also be in the way",
			"the kernel does not allow %s, although the process has the capabilities",
			what);
}
