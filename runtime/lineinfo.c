/*
 * Looks into the ELF image without libbpf: sections by name (the manifest), and
 * the line of an instruction by .BTF.ext (for the verifier's rejections).
 */
#include <gelf.h>
#include <libelf.h>
#include <linux/btf.h>
#include <string.h>

#include "runtime/rt_internal.h"

struct image {
	Elf *elf;
	size_t names; /* section of the section names */
};

static bool image_open(struct image *im, const void *data, size_t len)
{
	im->elf = NULL;
	if (elf_version(EV_CURRENT) == EV_NONE || len < sizeof(Elf64_Ehdr))
		return false;
	im->elf = elf_memory((char *)data, len);
	if (im->elf && elf_kind(im->elf) == ELF_K_ELF && !elf_getshdrstrndx(im->elf, &im->names))
		return true;
	elf_end(im->elf);
	return false;
}

/* The section of that name, and its bytes inside the image. */
static Elf_Scn *image_section(const struct image *im, const char *name, const void **data,
			      size_t *size)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(im->elf, scn))) {
		GElf_Shdr sh;
		const char *have;
		Elf_Data *d;

		if (!gelf_getshdr(scn, &sh))
			continue;
		have = elf_strptr(im->elf, im->names, sh.sh_name);
		if (!have || strcmp(have, name))
			continue;
		d = elf_rawdata(scn, NULL);
		if (!d || !d->d_buf)
			return NULL;
		*data = d->d_buf;
		*size = d->d_size;
		return scn;
	}
	return NULL;
}

const void *elf_section(const void *image, size_t len, const char *name, size_t *size)
{
	struct image im;
	const void *data = NULL;

	if (!image_open(&im, image, len))
		return NULL;
	/* elf_memory hands out pointers into the image, so they outlive elf_end */
	if (!image_section(&im, name, &data, size))
		data = NULL;
	if (data && ((const char *)data < (const char *)image ||
		     (const char *)data + *size > (const char *)image + len))
		data = NULL;
	elf_end(im.elf);
	return data;
}

/* Section name and byte offset in it of a function symbol. */
static bool image_function(const struct image *im, const char *symbol, const char **section,
			   uint64_t *offset)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(im->elf, scn))) {
		GElf_Shdr sh, target;
		Elf_Data *d;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB || !sh.sh_entsize)
			continue;
		d = elf_getdata(scn, NULL);
		for (int i = 0; d && i < (int)(sh.sh_size / sh.sh_entsize); i++) {
			GElf_Sym sym;
			const char *name;
			Elf_Scn *in;

			if (!gelf_getsym(d, i, &sym) || GELF_ST_TYPE(sym.st_info) != STT_FUNC)
				continue;
			name = elf_strptr(im->elf, sh.sh_link, sym.st_name);
			if (!name || strcmp(name, symbol))
				continue;
			in = elf_getscn(im->elf, sym.st_shndx);
			if (!in || !gelf_getshdr(in, &target))
				return false;
			*section = elf_strptr(im->elf, im->names, target.sh_name);
			*offset = sym.st_value;
			return *section != NULL;
		}
	}
	return false;
}

/* A string of the .BTF section, NULL when out of bounds. */
static const char *btf_text(const uint8_t *btf, size_t size, uint32_t at)
{
	struct btf_header h;

	if (size < sizeof(h))
		return NULL;
	memcpy(&h, btf, sizeof(h));
	if (h.hdr_len > size || h.str_off > size - h.hdr_len ||
	    h.str_len > size - h.hdr_len - h.str_off || at >= h.str_len || !h.str_len)
		return NULL;
	btf += h.hdr_len + h.str_off;
	return memchr(btf + at, 0, h.str_len - at) ? (const char *)btf + at : NULL;
}

/* What leads .BTF.ext; <linux/btf.h> does not have it. */
struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, func_off, func_len, line_off, line_len;
};

struct line_record {
	uint32_t insn_off, file_off, line_off, line_col;
};

/* The last record at or before an instruction's byte offset. */
static unsigned records_line(const uint8_t *p, uint32_t n, uint32_t rec_size, uint64_t from,
			     uint64_t at)
{
	uint64_t best = 0;
	unsigned line = 0;

	for (uint32_t i = 0; i < n; i++, p += rec_size) {
		struct line_record r;

		memcpy(&r, p, sizeof(r));
		/* line 0 is code that belongs to no line: what came before it is nearer */
		if (r.insn_off < from || r.insn_off > at || r.insn_off < best ||
		    !(r.line_col >> 10))
			continue;
		best = r.insn_off;
		line = r.line_col >> 10;
	}
	return line;
}

static unsigned ext_line(const uint8_t *ext, size_t size, const uint8_t *btf, size_t btf_size,
			 const char *section, uint64_t from, uint64_t at)
{
	struct ext_header h;
	struct reader r;
	uint32_t rec_size;

	if (size < sizeof(h))
		return 0;
	memcpy(&h, ext, sizeof(h));
	if (h.hdr_len > size || h.line_off > size - h.hdr_len ||
	    h.line_len > size - h.hdr_len - h.line_off)
		return 0;
	r = (struct reader){.p = ext + h.hdr_len + h.line_off};
	r.end = r.p + h.line_len;
	rec_size = read_u32(&r);
	if (rec_size < sizeof(struct line_record))
		return 0;
	while (!r.bad && r.p < r.end) {
		uint32_t name = read_u32(&r), n = read_u32(&r);
		const char *text = btf_text(btf, btf_size, name);

		if (r.bad || (uint64_t)n * rec_size > (uint64_t)(r.end - r.p))
			return 0;
		if (text && !strcmp(text, section))
			return records_line(r.p, n, rec_size, from, at);
		r.p += (size_t)n * rec_size;
	}
	return 0;
}

unsigned lineinfo_find(const void *elf, size_t len, const char *symbol, int insn)
{
	const void *ext, *btf;
	size_t ext_size, btf_size;
	const char *section;
	struct image im;
	uint64_t from;
	unsigned line = 0;

	if (insn < 0 || !image_open(&im, elf, len))
		return 0;
	if (image_section(&im, ".BTF.ext", &ext, &ext_size) &&
	    image_section(&im, ".BTF", &btf, &btf_size) &&
	    image_function(&im, symbol, &section, &from))
		line = ext_line(ext, ext_size, btf, btf_size, section, from,
				from + 8 * (uint64_t)insn);
	elf_end(im.elf);
	return line;
}
