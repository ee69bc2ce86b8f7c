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

#define BTF_MAX_BYTES (1u << 28)
#define BTF_MAX_TYPES (1u << 24) /* type.btf_id keeps the source in the upper byte */

/* Anonymous memory, populated in one go: a page fault per 4 KB is what costs in reading. */
static int alloc_data(struct btf_src *s, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	s->data = p;
	s->mapped = size;
	return 0;
}

static int read_file(struct btf_src *s, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	ssize_t r = 0;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err && (st.st_size < (off_t)sizeof(struct btf_header) || st.st_size > BTF_MAX_BYTES))
		err = -EINVAL;
	if (!err)
		err = alloc_data(s, (size_t)st.st_size);
	while (!err && s->len < s->mapped) {
		r = read(fd, s->data + s->len, s->mapped - s->len);
		if (r <= 0)
			break;
		s->len += (size_t)r;
	}
	if (!err && r < 0)
		err = -errno;
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

	munmap(s->data, s->mapped);
	s->data = NULL;
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

/* Bytes of a type with what follows it, or 0 for a kind that is not known. */
static size_t type_bytes(const struct btf_type *t)
{
	size_t n = sizeof(*t), v = btf_vlen(t);

	switch (btf_kind(t)) {
	case BTF_KIND_INT: return n + sizeof(uint32_t);
	case BTF_KIND_ARRAY: return n + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION: return n + v * sizeof(struct btf_member);
	case BTF_KIND_ENUM: return n + v * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64: return n + v * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO: return n + v * sizeof(struct btf_param);
	case BTF_KIND_VAR: return n + sizeof(struct btf_var);
	case BTF_KIND_DATASEC: return n + v * sizeof(struct btf_var_secinfo);
	case BTF_KIND_DECL_TAG: return n + sizeof(struct btf_decl_tag);
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG: return n;
	default: return 0;
	}
}

static int index_types(struct btf_src *s, uint32_t len)
{
	uint32_t off = 0, cap = len / 24 + 16;

	s->offsets = malloc(cap * sizeof(*s->offsets));
	if (!s->offsets)
		return -ENOMEM;
	while (off < len) {
		size_t n;

		if (len - off < sizeof(struct btf_type))
			return -EINVAL;
		n = type_bytes((const struct btf_type *)(s->types + off));
		if (!n || n > len - off || s->first + s->count >= BTF_MAX_TYPES)
			return -EINVAL;
		if (s->count == cap) {
			uint32_t *more = realloc(s->offsets, 2 * cap * sizeof(*more));

			if (!more)
				return -ENOMEM;
			s->offsets = more;
			cap *= 2;
		}
		s->offsets[s->count++] = off;
		off += (uint32_t)n;
	}
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
	if (s->data)
		munmap(s->data, s->mapped);
	free(s->offsets);
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

/* Strings are unique and end with a NUL each, so "\0name\0" is the whole search. */
static bool find_own(const struct btf_src *s, const char *name, uint32_t *offset)
{
	size_t n = strlen(name);
	char buf[256];
	const char *p;

	if (!n || n + 2 > sizeof(buf) || n + 1 > s->strs_len)
		return false;
	if (memcmp(s->strs, name, n + 1) == 0) {
		*offset = 0;
		return true;
	}
	buf[0] = 0;
	memcpy(buf + 1, name, n + 1);
	p = memmem(s->strs, s->strs_len, buf, n + 2);
	if (p)
		*offset = (uint32_t)(p + 1 - s->strs);
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
