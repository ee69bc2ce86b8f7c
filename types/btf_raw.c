/*
 * Reading and indexing of BTF. Called by types/btf.c only. Everything is checked
 * once, while the index is made, so that the accessors of libbpf's header can
 * be used on the types afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "types/btf_raw.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#define LARGE_PAGE (2u << 20)
#define BTF_MAX_BYTES (1u << 28)
#define BTF_MAX_TYPES (1u << 24) /* type.btf_id keeps the source in the upper byte */

/*
 * Anonymous memory, in large pages where there are some and populated in one go: a page fault
 * per 4 KB is what costs in reading.
 */
static int alloc_data(struct btf_src *s, size_t size)
{
	uint8_t *p = mmap(NULL, size + LARGE_PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	s->map = p;
	s->mapped = size + LARGE_PAGE;
	s->data = (uint8_t *)(((uintptr_t)p + LARGE_PAGE - 1) & ~((uintptr_t)LARGE_PAGE - 1));
	madvise(s->data, size, MADV_HUGEPAGE);
	madvise(s->data, size, MADV_POPULATE_WRITE);
	return 0;
}

static int read_data(struct btf_src *s, int fd, size_t size)
{
	ssize_t r = 1;
	int err = alloc_data(s, size);

	while (!err && r > 0 && s->len < size) {
		r = read(fd, s->data + s->len, size - s->len);
		if (r > 0)
			s->len += (size_t)r;
	}
	return err ? err : r < 0 ? -errno : 0;
}

/* The kernel's own is mapped, from 6.16 on; a file could be shortened under our hands. */
static bool map_data(struct btf_src *s, const char *path, int fd, size_t size)
{
	void *p = strncmp(path, "/sys/", 5) ? MAP_FAILED
		: mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		return false;
	s->data = s->map = p;
	s->len = s->mapped = size;
	return true;
}

static int read_file(struct btf_src *s, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err && (st.st_size < (off_t)sizeof(struct btf_header) || st.st_size > BTF_MAX_BYTES))
		err = -EINVAL;
	if (!err && !map_data(s, path, fd, (size_t)st.st_size))
		err = read_data(s, fd, (size_t)st.st_size);
	close(fd);
	return err;
}

/* Anything that is not raw BTF is left to libbpf, which knows ELF. */
static int read_elf(struct btf_src *s, const char *path)
{
	struct btf *btf;
	const void *raw;
	uint32_t size = 0;
	int err;

	munmap(s->map, s->mapped);
	s->data = s->map = NULL;
	s->mapped = s->len = 0;
	btf = btf__parse(path, NULL);
	if (!btf)
		return -errno;
	raw = btf__raw_data(btf, &size);
	err = raw && size ? alloc_data(s, size) : -EINVAL;
	if (!err) {
		memcpy(s->data, raw, size);
		s->len = size;
	}
	btf__free(btf);
	return err;
}

#define TYPE(more) sizeof(struct btf_type) + (more)

/* Bytes of a type of each kind, and of each of its members; 0 for one that is not known. */
static const struct {
	uint8_t once, each;
} kind_bytes[32] = {
	[BTF_KIND_INT] = { TYPE(sizeof(uint32_t)), 0 },
	[BTF_KIND_PTR] = { TYPE(0), 0 },
	[BTF_KIND_ARRAY] = { TYPE(sizeof(struct btf_array)), 0 },
	[BTF_KIND_STRUCT] = { TYPE(0), sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { TYPE(0), sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { TYPE(0), sizeof(struct btf_enum) },
	[BTF_KIND_FWD] = { TYPE(0), 0 },
	[BTF_KIND_TYPEDEF] = { TYPE(0), 0 },
	[BTF_KIND_VOLATILE] = { TYPE(0), 0 },
	[BTF_KIND_CONST] = { TYPE(0), 0 },
	[BTF_KIND_RESTRICT] = { TYPE(0), 0 },
	[BTF_KIND_FUNC] = { TYPE(0), 0 },
	[BTF_KIND_FUNC_PROTO] = { TYPE(0), sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { TYPE(sizeof(struct btf_var)), 0 },
	[BTF_KIND_DATASEC] = { TYPE(0), sizeof(struct btf_var_secinfo) },
	[BTF_KIND_FLOAT] = { TYPE(0), 0 },
	[BTF_KIND_DECL_TAG] = { TYPE(sizeof(struct btf_decl_tag)), 0 },
	[BTF_KIND_TYPE_TAG] = { TYPE(0), 0 },
	[BTF_KIND_ENUM64] = { TYPE(0), sizeof(struct btf_enum64) },
};

/* Where each type is, and which of them are enums; lists of the greatest length there can be. */
static int index_types(struct btf_src *s, uint32_t len)
{
	uint32_t most = len / sizeof(struct btf_type), off = 0, count = 0, nenums = 0;
	uint32_t *offsets = s->offsets = malloc((most + 1ul) * sizeof(*offsets));
	uint32_t *enums = s->enums = malloc((most + 1ul) * sizeof(*enums));

	if (!offsets || !enums)
		return -ENOMEM;
	if (s->first + most >= BTF_MAX_TYPES)
		return -EINVAL;
	while (off < len) {
		const struct btf_type *t = (const void *)(s->types + off);
		uint32_t kind, left = len - off;
		size_t n;

		if (left < sizeof(*t))
			return -EINVAL;
		kind = btf_kind(t);
		n = kind_bytes[kind].once + (size_t)btf_vlen(t) * kind_bytes[kind].each;
		if (kind_bytes[kind].once == 0 || n > left)
			return -EINVAL;
		enums[nenums] = s->first + count;
		nenums += kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
		offsets[count++] = off;
		off += (uint32_t)n;
	}
	s->count = count;
	s->nenums = nenums;
	return 0;
}

static int parse(struct btf_src *s)
{
	const struct btf_header *h = (const void *)s->data;
	uint64_t body;

	if (s->len < sizeof(*h) || h->magic != BTF_MAGIC || h->version != BTF_VERSION ||
	    h->hdr_len < sizeof(*h) || h->hdr_len > s->len)
		return -EINVAL;
	body = s->len - h->hdr_len;
	if ((uint64_t)h->type_off + h->type_len > body ||
	    (uint64_t)h->str_off + h->str_len > body || (h->hdr_len + h->type_off) % 4)
		return -EINVAL;
	s->types = s->data + h->hdr_len + h->type_off;
	s->strs = (const char *)s->data + h->hdr_len + h->str_off;
	s->strs_len = h->str_len;
	if (s->strs_len && s->strs[s->strs_len - 1])
		return -EINVAL;
	s->first = s->base ? s->base->first + s->base->count : 1;
	return index_types(s, h->type_len);
}

int btf_src_open(const char *path, const struct btf_src *base, struct btf_src **out)
{
	struct btf_src *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->base = base;
	s->path = strdup(path);
	err = s->path ? read_file(s, path) : -ENOMEM;
	if (!err && !base && s->len >= 4 && memcmp(s->data, "\177ELF", 4) == 0)
		err = read_elf(s, path);
	if (!err)
		err = parse(s);
	if (err) {
		btf_src_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void btf_src_close(struct btf_src *s)
{
	if (!s)
		return;
	if (s->map)
		munmap(s->map, s->mapped);
	free(s->offsets);
	free(s->enums);
	free((char *)s->path);
	free(s);
}

const struct btf_type *btf_src_type(const struct btf_src *s, uint32_t id)
{
	if (s->base && id < s->first)
		s = s->base;
	if (id < s->first || id - s->first >= s->count)
		return NULL;
	return (const struct btf_type *)(s->types + s->offsets[id - s->first]);
}

const char *btf_src_str(const struct btf_src *s, uint32_t offset)
{
	if (s->base) {
		if (offset < s->base->strs_len)
			return btf_src_str(s->base, offset);
		offset -= s->base->strs_len;
	}
	return offset < s->strs_len ? s->strs + offset : "";
}

typedef int8_t bytes __attribute__((vector_size(16)));

/* Where the first two bytes are, and a NUL as the last of n; of 16 places. */
static inline bytes likely(const char *p, size_t n, bytes first, bytes second)
{
	bytes a, b, c;

	memcpy(&a, p, sizeof(a));
	memcpy(&b, p + 1, sizeof(b));
	memcpy(&c, p + n - 1, sizeof(c));
	return (bytes)((a == first) & (b == second) & (c == 0));
}

static inline bool any(bytes b)
{
	uint64_t word[2];

	memcpy(word, &b, sizeof(word));
	return word[0] | word[1];
}

/*
 * Where a string with its NUL is, n bytes, that follows another one. Looks at 32 places at once:
 * all strings are searched for every name of a program, and memmem takes far longer.
 */
static const char *find_bytes(const char *in, size_t len, const char *what, size_t n)
{
	const bytes first = (bytes){ 0 } + what[0], second = (bytes){ 0 } + what[1];
	const size_t step = 2 * sizeof(bytes);
	size_t at = 0;

	for (; at + n + step <= len; at += step) {
		bytes a = likely(in + at, n, first, second);
		bytes b = likely(in + at + sizeof(bytes), n, first, second);

		if (!any(a | b))
			continue;
		for (size_t i = at; i < at + step; i++)
			if (i && !in[i - 1] && !memcmp(in + i, what, n))
				return in + i;
	}
	for (; at + n <= len; at++)
		if (at && !in[at - 1] && !memcmp(in + at, what, n))
			return in + at;
	return NULL;
}

/* Strings are unique and end with a NUL each. */
static bool find_own(const struct btf_src *s, const char *name, uint32_t *offset)
{
	size_t n = strlen(name) + 1;
	const char *p = NULL;

	if (n == 1 || n > s->strs_len)
		return false;
	/* a module's section has no empty string before the first */
	p = memcmp(s->strs, name, n) ? find_bytes(s->strs, s->strs_len, name, n) : s->strs;
	if (p)
		*offset = (uint32_t)(p - s->strs);
	return p != NULL;
}

struct btf_names btf_src_find_str(const struct btf_src *s, const char *name)
{
	struct btf_names r = { { 0, 0 }, 0 };
	uint32_t off;

	if (s->base && find_own(s->base, name, &off))
		r.offset[r.n++] = off;
	if (find_own(s, name, &off))
		r.offset[r.n++] = off + (s->base ? s->base->strs_len : 0);
	return r;
}

uint32_t btf_src_find(const struct btf_src *s, const char *name, uint32_t kinds)
{
	struct btf_names names = btf_src_find_str(s, name);
	uint32_t i, a, b;

	if (!names.n)
		return 0;
	a = names.offset[0];
	b = names.offset[names.n - 1];
	for (i = 0; i < s->count; i++) {
		const struct btf_type *t = (const void *)(s->types + s->offsets[i]);

		if ((t->name_off == a || t->name_off == b) && kinds & BTF_KINDS(btf_kind(t)))
			return s->first + i;
	}
	return 0;
}
