/*
 * BTF as bytes: one source (vmlinux, a module, a file), its index of types and
 * names by exact match. Private to types/.
 *
 * The whole of vmlinux is read and indexed in about half the time that
 * libbpf's loader takes, and a name is looked for in the string section first:
 * after that a scan only compares integers.
 */
#ifndef TYPES_BTF_RAW_H
#define TYPES_BTF_RAW_H

#include <bpf/btf.h>
#include <stddef.h>
#include <stdint.h>

struct btf_src {
	const struct btf_src *base; /* a module's: vmlinux; else NULL */
	const char *path;           /* owned */
	uint8_t *data;
	size_t len, mapped;
	void *map; /* of mapped bytes, which has the data */
	const uint8_t *types;
	const char *strs;
	uint32_t strs_len;
	uint32_t *offsets; /* of type first + i, from types */
	uint32_t *enums; /* the numbers of those that are enums */
	uint32_t first, count, nenums;
};

#define BTF_KINDS(k) (1u << (k))

/* Opens and checks a file: raw BTF, or an ELF file with a .BTF section. 0 or -errno. */
int btf_src_open(const char *path, const struct btf_src *base, struct btf_src **out);
void btf_src_close(struct btf_src *s);
/* NULL for id 0 (void) and for ids that do not exist; looks into the base too. */
const struct btf_type *btf_src_type(const struct btf_src *s, uint32_t id);
/* "" when there is none. */
const char *btf_src_str(const struct btf_src *s, uint32_t offset);
/* Where a string stands: in the base's section, in this one's, or both. */
struct btf_names {
	uint32_t offset[2];
	unsigned n;
};
struct btf_names btf_src_find_str(const struct btf_src *s, const char *name);
/* The first type of this source with that name and one of the kinds; 0: none. */
uint32_t btf_src_find(const struct btf_src *s, const char *name, uint32_t kinds);

#endif
