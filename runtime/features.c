/*
 * What this kernel can do: one probe per feature, made when somebody asks and
 * remembered by the handle. Success costs nothing at start-up: what a load or
 * attach would find out anyway is probed only after it failed.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/tpformat.h"
#include "base/version.h"
#include "lib/uprobe_multi_rt.h"
#include "runtime/rt_internal.h"

#ifndef BPF_TRACE_KPROBE_MULTI
#define BPF_TRACE_KPROBE_MULTI 42
#endif

static bool tracefs_has(const char *name)
{
	const char *path = tracefs_path();
	char file[128];

	if (!path)
		return false;
	snprintf(file, sizeof(file), "%s/%s", path, name);
	return !access(file, F_OK);
}

/* r0 = 0; exit */
static const struct bpf_insn nothing[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
	{.code = BPF_JMP | BPF_EXIT},
};

static int probe_program(enum bpf_prog_type type, const struct bpf_insn *insns, size_t n,
			 int attach_type)
{
	struct bpf_prog_load_opts opts = {.sz = sizeof(opts)};

	opts.expected_attach_type = (enum bpf_attach_type)attach_type;
	return bpf_prog_load(type, "bcct_probe", "GPL", insns, n, &opts);
}

static bool probe_test_run(void)
{
	struct bpf_test_run_opts opts = {.sz = sizeof(opts)};
	int fd = probe_program(BPF_PROG_TYPE_RAW_TRACEPOINT, nothing, 2, 0), err;

	if (fd < 0)
		return false;
	err = bpf_prog_test_run_opts(fd, &opts);
	close(fd);
	return !err;
}

/*
 * An unreadable list of addresses is refused with EFAULT only by a kernel that
 * got as far as reading it; others know no such link, or no such configuration.
 */
static bool probe_kprobe_multi(void)
{
	struct bpf_link_create_opts opts = {.sz = sizeof(opts)};
	int prog = probe_program(BPF_PROG_TYPE_KPROBE, nothing, 2, BPF_TRACE_KPROBE_MULTI), fd;

	if (prog < 0)
		return false;
	opts.kprobe_multi.cnt = 1;
	opts.kprobe_multi.addrs = (const unsigned long *)1;
	fd = bpf_link_create(prog, -1, BPF_TRACE_KPROBE_MULTI, &opts);
	close(prog);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EFAULT;
}

/* What a link to a place that cannot be is refused with; 0 when the kernel has no such links. */
static int try_uprobe_multi(uint64_t path, uint32_t pid)
{
	const unsigned long offset = 0;
	struct uprobe_multi_attr attr = {.attach_type = ATTACH_UPROBE_MULTI, .path = path,
					 .offsets = (uintptr_t)&offset, .cnt = 1, .pid = pid};
	int prog = probe_program(BPF_PROG_TYPE_KPROBE, nothing, 2, ATTACH_UPROBE_MULTI), err;

	if (prog < 0)
		return 0;
	attr.prog_fd = (uint32_t)prog;
	err = uprobe_multi_link(&attr);
	close(prog);
	return err;
}

/* As above: a path at an address that cannot be read. */
static bool probe_uprobe_multi(void)
{
	return try_uprobe_multi(1, 0) == -EFAULT;
}

/* At first such links looked at one thread only; what mended that refuses this number, too. */
static bool probe_uprobe_multi_pid(void)
{
	return probe_uprobe_multi() &&
	       try_uprobe_multi((uintptr_t)"/", (uint32_t)-1) == -EINVAL;
}

static bool probe_isa_v4(void)
{
	/* r0 = (s8)r0 exists from version 4 on */
	const struct bpf_insn insns[] = {
		nothing[0],
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .off = 8},
		nothing[1],
	};
	int fd = probe_program(BPF_PROG_TYPE_RAW_TRACEPOINT, insns, 3, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool probe_helper(enum bpf_func_id id)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, id, NULL) == 1;
}

bool feature_probe(enum feature f)
{
	switch (f) {
	case FEAT_BTF:
		return !access("/sys/kernel/btf/vmlinux", R_OK);
	case FEAT_KPROBES:
		return !access("/sys/bus/event_source/devices/kprobe/type", F_OK) ||
		       tracefs_has("kprobe_events");
	case FEAT_TRACEFS:
		return tracefs_path() != NULL;
	case FEAT_RINGBUF:
		return libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL) == 1;
	case FEAT_TEST_RUN:
		return probe_test_run();
	case FEAT_COOKIE:
		return probe_helper(BPF_FUNC_get_attach_cookie);
	case FEAT_KPROBE_MULTI:
		return probe_kprobe_multi();
	case FEAT_SYSCALL_TP:
		return tracefs_has("events/syscalls");
	case FEAT_BPF_LOOP:
		return probe_helper(BPF_FUNC_loop);
	case FEAT_FOR_EACH:
		return probe_helper(BPF_FUNC_for_each_map_elem);
	case FEAT_FUNC_IP:
		return probe_helper(BPF_FUNC_get_func_ip);
	case FEAT_ISA_V4:
		return probe_isa_v4();
	case FEAT_UPROBE_MULTI:
		return probe_uprobe_multi();
	case FEAT_UPROBE_MULTI_PID:
		return probe_uprobe_multi_pid();
	case FEAT_TASK_STORAGE:
		return probe_helper(BPF_FUNC_task_storage_get);
	case FEAT_COUNT:
		break;
	}
	return false;
}

bool rt_feature(struct rt *rt, enum feature f)
{
	if ((unsigned)f >= FEAT_COUNT)
		return false;
	if (rt->features[f] == PROBE_UNKNOWN) {
		struct buf *before = object_log_to(NULL);

		rt->features[f] = feature_probe(f) ? PROBE_YES : PROBE_NO;
		object_log_to(before);
	}
	return rt->features[f] == PROBE_YES;
}

int features_exclude(struct rt *rt)
{
	/* what other versions know and this one never uses */
	static const char *const unused[] = {"kprobe_session"};
	const char *p = rt->b->opt.no_features;
	size_t n;

	for (; p && *p; p += n + (p[n] == ',')) {
		bool known = !(n = strcspn(p, ","));

		for (int f = 0; f < FEAT_COUNT; f++) {
			if (strlen(feature_name((enum feature)f)) != n ||
			    strncmp(feature_name((enum feature)f), p, n))
				continue;
			rt->features[f] = PROBE_NO;
			known = true;
		}
		for (size_t i = 0; i < sizeof(unused) / sizeof(*unused); i++)
			known |= strlen(unused[i]) == n && !strncmp(unused[i], p, n);
		if (known)
			continue;
		rt_diag(rt, DIAG_ERROR, TAG_USAGE, LOC_NONE, "--info lists them",
			"there is no kernel feature '%.*s'", (int)n, p);
		return -EINVAL;
	}
	return 0;
}

/* ---- reporting ------------------------------------------------------------------ */

static void feature_missing(struct rt *rt, enum feature f)
{
	struct utsname u;

	if (f == FEAT_BTF) {
		rt_diag(rt, DIAG_ERROR, TAG_NO_BTF, LOC_NONE,
			"build the kernel with CONFIG_DEBUG_INFO_BTF",
			"the kernel has no type information (/sys/kernel/btf/vmlinux)");
		return;
	}
	if (f == FEAT_TRACEFS) {
		rt_diag(rt, DIAG_ERROR, TAG_NO_TRACEFS, LOC_NONE,
			"mount -t tracefs tracefs /sys/kernel/tracing",
			"the trace file system is not mounted at /sys/kernel/tracing");
		return;
	}
	if (uname(&u))
		u.release[0] = '\0';
	rt_diag(rt, DIAG_ERROR, TAG_FEATURE, LOC_NONE, NULL,
		"the program needs '%s' (%s), which came with Linux %s; this kernel (%s) lacks it",
		feature_name(f), feature_about(f), feature_since(f), u.release);
}

int features_check_cheap(struct rt *rt)
{
	static const enum feature cheap[] = {FEAT_BTF, FEAT_TRACEFS, FEAT_KPROBES,
					     FEAT_SYSCALL_TP};
	int err = 0;

	for (size_t i = 0; i < sizeof(cheap) / sizeof(*cheap); i++) {
		if (!(rt->m->needs & (1u << cheap[i])) || rt_feature(rt, cheap[i]))
			continue;
		/* no events without the file system that they are in */
		if (cheap[i] != FEAT_SYSCALL_TP || rt_feature(rt, FEAT_TRACEFS))
			feature_missing(rt, cheap[i]);
		else if (!(rt->m->needs & NEEDS(TRACEFS)))
			feature_missing(rt, FEAT_TRACEFS);
		err = -EOPNOTSUPP;
	}
	return err;
}

unsigned features_explain(struct rt *rt, int err)
{
	unsigned missing = 0;

	/* without privilege, memory or descriptors probing would find nothing at all */
	if (err == -EPERM || err == -ENOMEM || err == -EMFILE || err == -ENFILE)
		return 0;
	for (int f = 0; f < FEAT_COUNT; f++) {
		if (!(rt->m->needs & (1u << f)) || rt_feature(rt, (enum feature)f))
			continue;
		feature_missing(rt, (enum feature)f);
		missing++;
	}
	return missing;
}

/* ---- bcct_info ------------------------------------------------------------------- */

static void info_line(void (*each)(void *user, const char *text), void *user, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	each(user, text);
}

int bcct_info(struct bcct *b, void (*each)(void *user, const char *text), void *user)
{
	const struct compiler *cc = compiler_get();
	struct utsname u;

	info_line(each, user, "bcct: %s", BCCT_VERSION);
	info_line(each, user, "compiler: %s", cc ? cc->version : "none");
	info_line(each, user, "libbpf: %s", libbpf_version_string());
	if (!uname(&u))
		info_line(each, user, "kernel: %s %s", u.release, u.machine);
	for (int f = 0; f < FEAT_COUNT; f++) {
		bool yes = rt_feature(b->rt, (enum feature)f);

		if (yes)
			info_line(each, user, "%s: yes", feature_name((enum feature)f));
		else
			info_line(each, user, "%s: no (Linux %s: %s)",
				  feature_name((enum feature)f), feature_since((enum feature)f),
				  feature_about((enum feature)f));
	}
	return 0;
}
