/*
 * Writing the manifest and its readable listing. The code generator writes;
 * manifest_read.c is the other direction, used by the runtime.
 */
#include <string.h>

#include "base/features.h"
#include "base/manifest.h"

struct schema *schema_new(struct arena *a, enum schema_kind kind, uint32_t size)
{
	struct schema *s = arena_new_of(a, struct schema);

	s->kind = kind;
	s->size = size;
	return s;
}

int manifest_sources(const struct manifest *m, struct sources *s)
{
	size_t i;
	int file;

	for (i = 0; i < m->sources.n; i++) {
		const struct source_info *src = &m->sources.v[i];

		file = sources_add(s, src->name, src->text ? src->text : "", src->len);
		if (file < 0)
			return file;
	}
	return 0;
}

/* ---- writing ----------------------------------------------------------- */

static void put_loc(struct buf *b, struct loc loc)
{
	buf_u32(b, (uint32_t)loc.file << 24 | loc.offset);
	buf_u32(b, loc.length);
}

static void put_params(struct buf *b, const int64_t params[4])
{
	int i;

	for (i = 0; i < 4; i++)
		buf_u64(b, (uint64_t)params[i]);
}

/* A present schema is 1 and its fields; NULL is 0. */
static void put_schema(struct buf *b, const struct schema *s)
{
	uint32_t i;

	buf_u8(b, s != NULL);
	if (!s)
		return;
	buf_u8(b, (uint8_t)s->kind);
	buf_u8(b, s->is_signed);
	buf_u32(b, s->size);
	buf_u32(b, s->offset);
	buf_u32(b, s->count);
	buf_str(b, s->name);
	buf_str(b, s->how);
	put_params(b, s->params);
	buf_u32(b, s->nfields);
	for (i = 0; i < s->nfields; i++)
		put_schema(b, s->fields[i]);
}

static void put_programs(struct buf *b, const struct manifest *m)
{
	size_t i, j;

	buf_u32(b, (uint32_t)m->programs.n);
	for (i = 0; i < m->programs.n; i++) {
		const struct program_info *p = &m->programs.v[i];

		buf_str(b, p->symbol);
		buf_str(b, p->name);
		put_loc(b, p->loc);
		buf_u32(b, p->stops);
		buf_u32(b, (uint32_t)p->attach.n);
		for (j = 0; j < p->attach.n; j++) {
			const struct attach_info *at = &p->attach.v[j];

			buf_str(b, at->provider);
			buf_str(b, at->target);
			buf_str(b, at->module);
			buf_u64(b, at->offset);
			buf_str(b, at->full);
			put_loc(b, at->loc);
			buf_u32(b, at->matched);
		}
	}
}

static void put_maps(struct buf *b, const struct manifest *m)
{
	size_t i;

	buf_u32(b, (uint32_t)m->maps.n);
	for (i = 0; i < m->maps.n; i++) {
		const struct map_info *map = &m->maps.v[i];

		buf_str(b, map->name);
		buf_str(b, map->symbol);
		buf_u8(b, (uint8_t)map->role);
		buf_u8(b, map->swap);
		buf_u32(b, map->max_entries);
		buf_u32(b, map->nkeys);
		buf_u32(b, map->key_size);
		buf_u32(b, map->value_size);
		buf_u32(b, map->kernel_type);
		buf_u32(b, map->kernel_flags);
		buf_u32(b, map->hist);
		buf_str(b, map->pin ? map->pin : "");
		put_loc(b, map->loc);
		put_schema(b, map->key);
		put_schema(b, map->value);
	}
}

static void put_actions(struct buf *b, const struct manifest *m)
{
	size_t i;

	buf_u32(b, (uint32_t)m->actions.n);
	for (i = 0; i < m->actions.n; i++) {
		const struct action_info *a = &m->actions.v[i];

		buf_str(b, a->unit);
		buf_str(b, a->text);
		put_loc(b, a->loc);
		put_params(b, a->params);
		put_schema(b, a->payload);
	}
}

static uint64_t sum_add(uint64_t sum, const uint8_t *p, size_t len)
{
	for (; len; len -= len < 8 ? len : 8) {
		uint64_t word = 0;

		memcpy(&word, p, len < 8 ? len : 8);
		sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
		sum ^= sum >> 32;
		p += len < 8 ? len : 8;
	}
	return sum;
}

static uint64_t image_sum(const void *image, size_t len, const void *manifest)
{
	const uint8_t *from = image, *at = (const uint8_t *)manifest + MANIFEST_SUM_AT;

	return sum_add(sum_add(len, from, (size_t)(at - from)), at + 8,
		       len - (size_t)(at - from) - 8);
}

void manifest_stamp(void *image, size_t len, void *manifest)
{
	uint64_t sum = image_sum(image, len, manifest);

	memcpy((uint8_t *)manifest + MANIFEST_SUM_AT, &sum, sizeof(sum));
}

bool manifest_intact(const void *image, size_t len, const void *manifest)
{
	uint64_t sum = image_sum(image, len, manifest);

	return !memcmp((const uint8_t *)manifest + MANIFEST_SUM_AT, &sum, sizeof(sum));
}

void manifest_write(const struct manifest *m, struct buf *out)
{
	size_t i;

	buf_u32(out, MANIFEST_MAGIC);
	buf_u32(out, MANIFEST_VERSION);
	buf_u64(out, 0); /* the sum, once the image is whole */
	buf_u32(out, m->needs);
	buf_u8(out, m->need_ksyms);
	buf_u32(out, OPT_COUNT);
	for (i = 0; i < OPT_COUNT; i++)
		if (option_is_text(i))
			buf_str(out, m->options.text[i]);
		else
			buf_u64(out, (uint64_t)m->options.v[i]);
	buf_u32(out, (uint32_t)m->sources.n);
	for (i = 0; i < m->sources.n; i++) {
		buf_str(out, m->sources.v[i].name);
		buf_blob(out, m->sources.v[i].text, m->sources.v[i].len);
	}
	put_programs(out, m);
	put_maps(out, m);
	put_actions(out, m);
	buf_u32(out, (uint32_t)m->sites.n);
	for (i = 0; i < m->sites.n; i++) {
		buf_u8(out, (uint8_t)m->sites.v[i].reason);
		buf_u32(out, (uint32_t)m->sites.v[i].map);
		put_loc(out, m->sites.v[i].loc);
	}
	buf_u32(out, (uint32_t)m->lines.n);
	for (i = 0; i < m->lines.n; i++)
		put_loc(out, m->lines.v[i]);
	buf_u32(out, (uint32_t)m->words.n);
	for (i = 0; i < m->words.n; i++) {
		buf_u8(out, (uint8_t)m->words.v[i].kind);
		buf_str(out, m->words.v[i].name);
		put_loc(out, m->words.v[i].loc);
	}
}
