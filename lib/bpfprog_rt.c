/*
 * Finding loaded BPF programs by the names of their functions. The kernel cuts a program's
 * own name at 15 characters; its BTF has it whole. Called for fentry:bpf:NAME.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/bpfprog_rt.h"

bool bpfprog_meant(const struct attach_info *at)
{
	size_t n = strlen(PROBE_BPF);

	return at->module && !strncmp(at->module, PROBE_BPF, n) &&
	       (!at->module[n] || at->module[n] == ':');
}

/* Calls each for the functions of the program. */
static void functions_of(int fd, void (*each)(void *user, const char *name), void *user)
{
	struct bpf_prog_info info;
	uint32_t len = sizeof(info), n, size;
	struct bpf_func_info *funcs;
	struct btf *btf;

	memset(&info, 0, sizeof(info));
	if (bpf_obj_get_info_by_fd(fd, &info, &len) || !info.btf_id || !info.nr_func_info)
		return;
	n = info.nr_func_info;
	size = info.func_info_rec_size;
	if (size < sizeof(*funcs))
		return;
	funcs = calloc(n, size);
	memset(&info, 0, sizeof(info));
	info.nr_func_info = n;
	info.func_info_rec_size = size;
	info.func_info = (uintptr_t)funcs;
	if (!funcs || bpf_obj_get_info_by_fd(fd, &info, &len)) {
		free(funcs);
		return;
	}
	btf = btf__load_from_kernel_by_id(info.btf_id);
	for (uint32_t i = 0; btf && i < n; i++) {
		const struct bpf_func_info *f =
			(const void *)((const char *)funcs + (size_t)i * size);
		const struct btf_type *t = btf__type_by_id(btf, f->type_id);

		if (t)
			each(user, btf__name_by_offset(btf, t->name_off));
	}
	btf__free(btf);
	free(funcs);
}

struct match {
	const char *pattern;
	unsigned id, n;
	void (*each)(void *user, unsigned id, const char *name);
	void *user;
};

static void match_function(void *user, const char *name)
{
	struct match *m = user;

	if (!name || !rt_wildcard(m->pattern, name))
		return;
	m->n++;
	if (m->each)
		m->each(m->user, m->id, name);
}

void bpfprog_each(const char *pattern, void (*each)(void *user, unsigned id, const char *name),
		  void *user)
{
	struct match m = { .pattern = pattern, .each = each, .user = user };
	uint32_t id = 0;

	while (!bpf_prog_get_next_id(id, &id)) {
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0)
			continue;
		m.id = id;
		functions_of(fd, match_function, &m);
		close(fd);
	}
}

static int program_of(uint32_t id, const char *name)
{
	struct match m = { .pattern = name };
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd < 0)
		return -ENOENT;
	functions_of(fd, match_function, &m);
	if (m.n)
		return fd;
	close(fd);
	return -ENOENT;
}

int bpfprog_find(const struct attach_info *at)
{
	const char *colon = strchr(at->module, ':');
	uint32_t id = 0;
	int found = -ENOENT;

	if (colon)
		return program_of((uint32_t)strtoul(colon + 1, NULL, 10), at->target);
	while (!bpf_prog_get_next_id(id, &id)) {
		int fd = program_of(id, at->target);

		if (fd < 0)
			continue;
		if (found >= 0) {
			close(found);
			close(fd);
			return -EEXIST;
		}
		found = fd;
	}
	return found;
}
