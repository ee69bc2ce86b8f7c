/*
 * The object's maps from the runtime's side: sizes chosen before load, inner
 * maps of swap maps, descriptors and configuration words after it.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/demangle_rt.h"
#include "runtime/rt_internal.h"

#define RING_MIN (256ULL << 10)
#define RING_MAX (16ULL << 20)
#define RING_LIMIT (1ULL << 31) /* the kernel takes a u32 */
/* Beyond this a map's memory is taken when keys appear, not at once. */
#define PREALLOC_MAX (64ULL << 20)

bool map_is_percpu(const struct map_info *info)
{
	switch (info->kernel_type) {
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY: return true;
	default: break;
	}
	return info->role == MAPR_AGG_HASH || info->role == MAPR_AGG_SCALAR;
}

bool map_is_array(const struct map_info *info)
{
	return info->nkeys && (info->kernel_type == BPF_MAP_TYPE_ARRAY ||
			       info->kernel_type == BPF_MAP_TYPE_PERCPU_ARRAY);
}

bool map_is_user(const struct map_info *info)
{
	return info->role <= MAPR_AGG_SCALAR;
}

struct rt_map *maps_role(struct rt *rt, enum map_role role)
{
	for (size_t i = 0; i < rt->m->maps.n; i++)
		if (rt->maps[i].info->role == role)
			return &rt->maps[i];
	return NULL;
}

/* Nothing but BEGIN and END: their events are few, and a large buffer takes time to make. */
static bool only_begin_end(const struct rt *rt)
{
	for (size_t i = 0; i < rt->m->programs.n; i++)
		if (!rt->progs[i].begin && !rt->progs[i].end)
			return false;
	return true;
}

/* A power of two in bytes: what was asked for, else a part of the memory. */
static uint64_t ring_bytes(const struct rt *rt)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), size = page, want;
	int64_t pages = rt->m->options.v[OPT_RB_PAGES];

	if (pages > 0) {
		want = (uint64_t)pages * page;
		while (size < want && size < RING_LIMIT)
			size *= 2;
		return size;
	}
	want = (uint64_t)sysconf(_SC_PHYS_PAGES) * page / 2048;
	if (want < RING_MIN || only_begin_end(rt))
		want = RING_MIN;
	if (want > RING_MAX)
		want = RING_MAX;
	while (size * 2 <= want)
		size *= 2;
	return size;
}

static uint32_t hash_flags(const struct rt *rt, const struct map_info *info)
{
	uint64_t value = ((uint64_t)info->value_size + 7) & ~7ULL;

	if (map_is_percpu(info))
		value *= (uint64_t)rt->ncpus;
	if (info->role != MAPR_HASH && info->role != MAPR_AGG_HASH)
		return 0;
	if (info->kernel_type && info->kernel_type != BPF_MAP_TYPE_PERCPU_HASH)
		return 0; /* arrays and LRU hashes are there as a whole */
	return (value + info->key_size) * info->max_entries > PREALLOC_MAX ? BPF_F_NO_PREALLOC : 0;
}

static enum bpf_map_type map_type(enum map_role role)
{
	switch (role) {
	case MAPR_HASH:
		return BPF_MAP_TYPE_HASH;
	case MAPR_AGG_HASH:
		return BPF_MAP_TYPE_PERCPU_HASH;
	case MAPR_AGG_SCALAR:
		return BPF_MAP_TYPE_PERCPU_ARRAY;
	default:
		return BPF_MAP_TYPE_ARRAY;
	}
}

int maps_new_inner(const struct rt_map *m)
{
	struct bpf_map_create_opts opts = {.sz = sizeof(opts), .map_flags = m->flags};
	const struct map_info *info = m->info;
	bool keyed = info->role == MAPR_HASH || info->role == MAPR_AGG_HASH;
	int fd = bpf_map_create((enum bpf_map_type)m->type, "bcct_inner",
				keyed ? info->key_size : 4, info->value_size,
				keyed ? info->max_entries : 1, &opts);

	return fd;
}

static int map_refused(struct rt *rt, const struct rt_map *m, int err)
{
	if (err == -EPERM)
		privilege_explain(rt, "creating BPF maps");
	else
		rt_diag(rt, DIAG_ERROR, TAG_LOAD, m->info->loc,
			err == -ENOMEM || err == -E2BIG
				? "set max_map_keys to a smaller number, or max_strlen"
				: NULL,
			"the kernel refuses to create the map '%s': %s", m->info->name,
			strerror(-err));
	return err;
}

/*
 * A map that outlives the run, and that others share: libbpf takes the one at the path or
 * puts a new one there. The folders above it are made; the file system is the user's to mount.
 */
static int map_pin(struct rt *rt, struct rt_map *m)
{
	char path[PATH_MAX], *slash;
	struct statfs fs;
	int err;

	snprintf(path, sizeof(path), "%s", m->info->pin);
	for (char *p = path + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		if (mkdir(path, 0700) && errno != EEXIST && errno != EROFS && errno != EPERM) {
			err = -errno;
			rt_diag(rt, DIAG_ERROR, TAG_LOAD, m->info->loc, NULL,
				"cannot make the folder '%s': %s", path, strerror(-err));
			return -EALREADY;
		}
	}
	/* the kernel would say only that it is not permitted */
	snprintf(path, sizeof(path), "%s", m->info->pin);
	slash = strrchr(path, '/');
	if (slash)
		slash[slash == path] = 0;
	if (slash && !statfs(path, &fs) && fs.f_type != BPF_FS_MAGIC) {
		rt_diag(rt, DIAG_ERROR, TAG_LOAD, m->info->loc,
			"a path below /sys/fs/bpf will do; else: mount -t bpf bpf FOLDER",
			"cannot keep the map '%s' at '%s': that is in no BPF file system",
			m->info->name + 1, m->info->pin);
		return -EALREADY;
	}
	return bpf_map__set_pin_path(m->map, m->info->pin);
}

/* -EALREADY: it was reported. */
static int map_prepare(struct rt *rt, struct rt_map *m)
{
	const struct map_info *info = m->info;

	m->type = info->kernel_type ? info->kernel_type : map_type(info->role);
	m->flags = hash_flags(rt, info);
	if (info->pin && *info->pin)
		return map_pin(rt, m);
	if (info->role == MAPR_RING) {
		m->size = (uint32_t)ring_bytes(rt);
		return bpf_map__set_max_entries(m->map, m->size);
	}
	if (info->role == MAPR_SCRATCH && info->kernel_type)
		return 0; /* the tasks' */
	if (info->role == MAPR_SCRATCH)
		return bpf_map__set_max_entries(m->map, (uint32_t)rt->ncpus);
	if (info->role == MAPR_NAMES || info->role == MAPR_USDT)
		return bpf_map__set_max_entries(m->map, rt->npoints ? rt->npoints : 1);
	if (!info->swap)
		return m->flags ? bpf_map__set_map_flags(m->map, m->flags) : 0;
	m->fd = maps_new_inner(m);
	if (m->fd < 0)
		return m->fd;
	return bpf_map__set_inner_map_fd(m->map, m->fd);
}

int rt_map_fd(struct rt *rt, const char *name)
{
	for (size_t i = 0; i < rt->m->maps.n; i++)
		if (rt->maps[i].info->role == MAPR_C &&
		    strcmp(rt->maps[i].info->name + 1, name) == 0)
			return bpf_map__fd(rt->maps[i].map);
	return -1;
}

int maps_prepare(struct rt *rt)
{
	for (size_t i = 0; i < rt->m->maps.n; i++) {
		int err = map_prepare(rt, &rt->maps[i]);

		if (err)
			return err == -EALREADY ? err : map_refused(rt, &rt->maps[i], err);
	}
	return 0;
}

static int maps_configure(struct rt *rt)
{
	struct rt_map *config = maps_role(rt, MAPR_CONFIG);
	int pid = rt->b->opt.pid; /* not the command of -c, which is no filter */
	uint64_t words[CONFIG_WORDS] = {[CONFIG_START_NS] = clock_ns(CLOCK_BOOTTIME),
					[CONFIG_PID] = pid > 0 ? (uint64_t)pid : 0};

	for (uint32_t i = 0; config && i < CONFIG_WORDS && i < config->info->max_entries; i++) {
		int err = bpf_map_update_elem(config->fd, &i, &words[i], BPF_ANY);

		if (err)
			return map_refused(rt, config, err);
	}
	for (size_t i = 0; i < rt->m->actions.n; i++)
		rt->can_exit |= !strcmp(rt->m->actions.v[i].unit, "exit");
	return config ? words_configure(rt, config->fd) : 0;
}

static void put_name(struct rt *rt, const char *target, char name[POINT_NAME])
{
	if (!rt->m->options.v[OPT_CPP_DEMANGLE] || !demangle(target, name, POINT_NAME))
		snprintf(name, POINT_NAME, "%s", target);
}

/* Tells the program what it cannot know of its attach points, by their cookies. */
static int map_fill_points(struct rt *rt, const struct rt_map *m)
{
	bool names = m->info->role == MAPR_NAMES;
	char name[POINT_NAME];
	int err = 0;

	if ((!names && m->info->role != MAPR_USDT) || bpf_map__key_size(m->map) != 8 ||
	    bpf_map__value_size(m->map) !=
		    (names ? sizeof(name) : sizeof(struct usdt_arg) * USDT_ARGS))
		return 0;
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		for (size_t j = 0; j < rt->progs[i].points.n && !err; j++) {
			const struct rt_point *point = &rt->progs[i].points.v[j];

			if (!names && !point->data)
				continue;
			memset(name, 0, sizeof(name));
			if (point->target)
				put_name(rt, point->target, name);
			err = bpf_map_update_elem(m->fd, &point->cookie, names ? name : point->data,
						  BPF_ANY);
		}
	}
	return err ? map_refused(rt, m, err) : 0;
}

int maps_ready(struct rt *rt)
{
	for (size_t i = 0; i < rt->m->maps.n; i++) {
		struct rt_map *m = &rt->maps[i];
		uint32_t zero = 0;
		int err;

		if (!m->info->swap) {
			m->fd = bpf_map__fd(m->map);
			err = map_fill_points(rt, m);
			if (err)
				return err;
			continue;
		}
		m->outer = bpf_map__fd(m->map);
		err = bpf_map_update_elem(m->outer, &zero, &m->fd, BPF_ANY);
		if (err)
			return map_refused(rt, m, err);
	}
	return maps_configure(rt);
}

void maps_free(struct rt *rt)
{
	/* inner maps are the runtime's, the others libbpf's */
	for (size_t i = 0; rt->maps && i < rt->m->maps.n; i++) {
		if (rt->maps[i].info->swap && rt->maps[i].fd >= 0)
			close(rt->maps[i].fd);
		rt->maps[i].fd = rt->maps[i].outer = -1;
	}
}
