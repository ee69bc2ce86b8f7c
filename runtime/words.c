/*
 * The words of the configuration map: what only this machine knows and the
 * program asks for, found out after load, and the word in which exit() leaves its
 * status when its event found no room. Called by rtmaps.c and loop.c.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/named_rt.h"
#include "runtime/rt_internal.h"

/* All symbols in one pass; what is found is set in values, and its word's bit in found. */
static void find_ksyms(struct rt *rt, uint64_t *values, bool *found)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		struct kallsyms_entry e;

		if (!kallsyms_line(line, &e))
			continue;
		for (size_t i = 0; i < rt->m->words.n; i++) {
			const struct word_info *w = &rt->m->words.v[i];

			if (w->kind != WORD_KSYM || found[i] || strcmp(w->name, e.name) != 0)
				continue;
			values[i] = e.addr;
			found[i] = true;
		}
	}
	if (f)
		fclose(f);
}

/* The cgroup path as given, or below the usual mount point. */
static bool find_cgroup(const char *path, uint64_t *id)
{
	char under[4096];

	*id = named_cgroup_id(path);
	if (*id || *path == '/')
		return *id != 0;
	snprintf(under, sizeof(under), "/sys/fs/cgroup/%s", path);
	*id = named_cgroup_id(under);
	return *id != 0;
}

static bool word_find(struct rt *rt, const struct word_info *w, uint64_t *value)
{
	struct stat ns = {0};

	switch (w->kind) {
	case WORD_CGROUP: return find_cgroup(w->name, value);
	case WORD_NCPUS: *value = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN); break;
	case WORD_CPID: *value = rt->b->opt.command ? (uint64_t)rt->child : 0; break;
	case WORD_HAS_CPID: *value = rt->b->opt.command != NULL; break;
	case WORD_PIDNS_DEV:
	case WORD_PIDNS_INO:
		if (stat("/proc/self/ns/pid", &ns))
			return false;
		*value = w->kind == WORD_PIDNS_INO ? ns.st_ino : ns.st_dev;
		break;
	case WORD_TAI_OFFSET:
		*value = clock_ns(CLOCK_TAI) - clock_ns(CLOCK_BOOTTIME);
		break;
	default: break;
	}
	return true;
}

static int word_missing(struct rt *rt, const struct word_info *w)
{
	if (w->kind == WORD_KSYM)
		rt_diag(rt, DIAG_ERROR, TAG_UNKNOWN_NAME, w->loc, NULL,
			"the kernel has no symbol '%s'", w->name);
	else if (w->kind == WORD_CGROUP)
		rt_diag(rt, DIAG_ERROR, TAG_IO, w->loc, NULL, "there is no control group '%s'",
			w->name);
	else
		rt_diag(rt, DIAG_ERROR, TAG_IO, w->loc, NULL, "cannot read /proc/self/ns");
	return -ENOENT;
}

int words_configure(struct rt *rt, int map_fd)
{
	size_t n = rt->m->words.n;
	uint64_t *values = calloc(n ? n : 1, sizeof(*values));
	bool *found = calloc(n ? n : 1, sizeof(*found));
	bool ksyms = false;
	int err = values && found ? 0 : -ENOMEM;

	for (size_t i = 0; i < n; i++)
		ksyms |= rt->m->words.v[i].kind == WORD_KSYM;
	if (ksyms && !err)
		find_ksyms(rt, values, found);
	for (size_t i = 0; i < n && !err; i++) {
		const struct word_info *w = &rt->m->words.v[i];
		uint32_t key = CONFIG_WORDS + (uint32_t)i;

		if (w->kind == WORD_KSYM ? !found[i] : !word_find(rt, w, &values[i]))
			err = word_missing(rt, w);
		else if (bpf_map_update_elem(map_fd, &key, &values[i], BPF_ANY))
			err = -errno;
	}
	free(values);
	free(found);
	return err;
}

void words_exit_reset(struct rt *rt)
{
	struct rt_map *config = maps_role(rt, MAPR_CONFIG);
	uint32_t key = CONFIG_EXIT;
	uint64_t none = 0;

	if (config && config->fd >= 0 && bpf_map_update_elem(config->fd, &key, &none, BPF_ANY))
		rt_problem(rt, LOC_NONE, "cannot write the configuration: %s", strerror(errno));
	rt->exit_set = rt->exiting = false;
	rt->exit_status = 0;
	rt->can_exit = true;
}

bool words_exit(struct rt *rt)
{
	struct rt_map *config = rt->can_exit ? maps_role(rt, MAPR_CONFIG) : NULL;
	uint32_t key = CONFIG_EXIT;
	uint64_t word = 0;

	if (!config || config->fd < 0 || bpf_map_lookup_elem(config->fd, &key, &word) ||
	    !(word & CONFIG_EXIT_SET))
		return false;
	rt->can_exit = false; /* once is enough */
	rt_exit(rt, (int)(uint32_t)word);
	return true;
}
