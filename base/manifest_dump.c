/* The readable listing of a manifest (-d plan): what will be loaded, attached and sent. */
#include <inttypes.h>
#include <string.h>

#include "base/features.h"
#include "base/manifest.h"

#define DUMP_MAX_DEPTH 16

static const char *const kinds[SC_KIND_COUNT] = {
	[SC_NONE] = "none",	[SC_BOOL] = "bool",	[SC_INT] = "int",
	[SC_POINTER] = "pointer", [SC_ENUM] = "enum",	[SC_STRING] = "string",
	[SC_BUFFER] = "buffer", [SC_KSYM] = "ksym",	[SC_USYM] = "usym",
	[SC_KSTACK] = "kstack", [SC_USTACK] = "ustack", [SC_PROBE] = "probe",
	[SC_TUPLE] = "tuple",	[SC_RECORD] = "record", [SC_ARRAY] = "array",
	[SC_AGG] = "aggregation", [SC_INET] = "inet",	[SC_MAC] = "mac",
	[SC_TIMESTAMP] = "timestamp", [SC_NAMED] = "named",
};

static const char *const roles[] = {
	"hash", "scalar", "per-cpu aggregation hash", "per-cpu aggregation", "ring buffer",
	"loss counters", "scratch", "zeroes", "names", "USDT arguments", "configuration",
};

static const char *const reasons[LOSS_REASON_COUNT] = {
	[LOSS_RING_FULL] = "ring buffer full", [LOSS_MAP_FULL] = "map full",
	[LOSS_READ_FAULT] = "read fault",      [LOSS_DIVIDE] = "division by zero",
	[LOSS_STRING] = "string cut",	       [LOSS_DELETE] = "delete of a missing key",
	[LOSS_LOOKUP] = "lookup of a missing key", [LOSS_STACK] = "no stack",
	[LOSS_SCRATCH] = "no scratch memory",	     [LOSS_LOOP] = "loop limit",
	[LOSS_READ_USER] = "read fault",	     [LOSS_READ_KERNEL_STR] = "read fault",
	[LOSS_READ_USER_STR] = "read fault", [LOSS_INDEX] = "index past the end",
};

static void dump_schema(struct buf *b, const struct schema *s, unsigned depth);

static void dump_fields(struct buf *b, const struct schema *s, unsigned depth)
{
	uint32_t i;

	buf_printf(b, "%s", s->kind == SC_RECORD ? "{" : "(");
	for (i = 0; i < s->nfields; i++) {
		buf_printf(b, "%s", i ? ", " : "");
		if (s->kind == SC_RECORD && s->fields[i]->name)
			buf_printf(b, "%s=", s->fields[i]->name);
		dump_schema(b, s->fields[i], depth + 1);
		buf_printf(b, "@%u", s->fields[i]->offset);
	}
	buf_printf(b, "%s:%u", s->kind == SC_RECORD ? "}" : ")", s->size);
}

static void dump_schema(struct buf *b, const struct schema *s, unsigned depth)
{
	if (!s || depth > DUMP_MAX_DEPTH || (unsigned)s->kind >= SC_KIND_COUNT) {
		buf_printf(b, "-");
		return;
	}
	switch (s->kind) {
	case SC_TUPLE:
	case SC_RECORD: dump_fields(b, s, depth); break;
	case SC_INT: buf_printf(b, "%sint%u", s->is_signed ? "" : "u", s->size * 8); break;
	case SC_ARRAY:
		dump_schema(b, s->nfields ? s->fields[0] : NULL, depth + 1);
		buf_printf(b, "[%u]", s->count);
		break;
	case SC_AGG:
		buf_printf(b, "%s:%u", s->name ? s->name : "?", s->size);
		if (s->params[0] || s->params[1] || s->params[2] || s->params[3])
			buf_printf(b, "<%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ">",
				   s->params[0], s->params[1], s->params[2], s->params[3]);
		break;
	case SC_KSTACK:
	case SC_USTACK: buf_printf(b, "%s[%u]", kinds[s->kind], s->count); break;
	default: buf_printf(b, "%s:%u", kinds[s->kind], s->size); break;
	}
}

static void dump_loc(struct buf *b, const struct sources *s, struct loc loc)
{
	char place[256];

	loc_print(s, loc, place, sizeof(place));
	buf_printf(b, "%s%s\n", *place ? "  at " : "", place);
}

/* A constant text on one line. */
static void dump_text(struct buf *b, const char *text)
{
	buf_printf(b, " \"");
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n')
			buf_printf(b, "\\n");
		else if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\x%02x", c);
		else
			buf_u8(b, c);
	}
	buf_printf(b, "\"");
}

static void dump_programs(struct buf *b, const struct manifest *m, const struct sources *s)
{
	size_t i, j;

	for (i = 0; i < m->programs.n; i++) {
		const struct program_info *p = &m->programs.v[i];

		buf_printf(b, "program %zu %s (%s)", i, p->symbol, p->name);
		dump_loc(b, s, p->loc);
		for (j = 0; j < p->attach.n; j++) {
			const struct attach_info *at = &p->attach.v[j];

			buf_printf(b, "  attach %s", at->full);
			if (at->offset)
				buf_printf(b, " +%" PRIu64, at->offset);
			dump_loc(b, s, at->loc);
		}
	}
}

static void dump_maps(struct buf *b, const struct manifest *m, const struct sources *s)
{
	size_t i;

	for (i = 0; i < m->maps.n; i++) {
		const struct map_info *map = &m->maps.v[i];

		buf_printf(b, "map %zu %s (%s): %s, %u entries, key %u value %u bytes%s", i,
			   map->name, map->symbol,
			   (unsigned)map->role <= MAPR_CONFIG ? roles[map->role] : "?",
			   map->max_entries, map->key_size, map->value_size,
			   map->swap ? ", swapped" : "");
		dump_loc(b, s, map->loc);
		if (!map->value)
			continue;
		buf_printf(b, "  ");
		if (map->key) {
			dump_schema(b, map->key, 0);
			buf_printf(b, " -> ");
		}
		dump_schema(b, map->value, 0);
		buf_printf(b, "\n");
	}
}

static void dump_actions(struct buf *b, const struct manifest *m, const struct sources *s)
{
	size_t i;

	for (i = 0; i < m->actions.n; i++) {
		const struct action_info *a = &m->actions.v[i];

		buf_printf(b, "action %zu %s", i, a->unit);
		if (a->text)
			dump_text(b, a->text);
		if (a->params[0] || a->params[1] || a->params[2] || a->params[3])
			buf_printf(b, " <%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ">",
				   a->params[0], a->params[1], a->params[2], a->params[3]);
		if (a->payload) {
			buf_printf(b, " ");
			dump_schema(b, a->payload, 0);
		}
		dump_loc(b, s, a->loc);
	}
}

static void dump_head(struct buf *b, const struct manifest *m)
{
	struct options def;
	unsigned i;

	buf_printf(b, "needs");
	for (i = 0; i < FEAT_COUNT; i++)
		if (m->needs & 1u << i)
			buf_printf(b, " %s", feature_name(i));
	buf_printf(b, "%s\n", m->need_ksyms ? " (and kernel symbols)" : "");
	options_defaults(&def);
	for (i = 0; i < OPT_COUNT; i++)
		if (m->options.v[i] != def.v[i])
			buf_printf(b, "option %s = %" PRId64 "\n", option_name(i),
				   m->options.v[i]);
		else if (strcmp(m->options.text[i], def.text[i]) != 0)
			buf_printf(b, "option %s = %s\n", option_name(i), m->options.text[i]);
}

static void dump_words(struct buf *b, const struct manifest *m, const struct sources *s)
{
	static const char *const names[WORD_KIND_COUNT] = {
		[WORD_KSYM] = "ksym", [WORD_CGROUP] = "cgroup", [WORD_NCPUS] = "ncpus",
		[WORD_CPID] = "cpid", [WORD_HAS_CPID] = "has_cpid",
		[WORD_PIDNS_DEV] = "pidns device", [WORD_PIDNS_INO] = "pidns inode",
		[WORD_TAI_OFFSET] = "TAI offset",
	};
	size_t i;

	for (i = 0; i < m->words.n; i++) {
		const struct word_info *w = &m->words.v[i];

		buf_printf(b, "word %zu %s", i, w->kind < WORD_KIND_COUNT ? names[w->kind] : "?");
		if (w->name)
			buf_printf(b, " %s", w->name);
		dump_loc(b, s, w->loc);
	}
}

void manifest_dump(const struct manifest *m, struct buf *out)
{
	struct sources s = { .arena = arena_new() };
	size_t i;

	manifest_sources(m, &s);
	dump_head(out, m);
	dump_programs(out, m, &s);
	dump_maps(out, m, &s);
	dump_actions(out, m, &s);
	for (i = 0; i < m->sites.n; i++) {
		const struct site_info *site = &m->sites.v[i];

		buf_printf(out, "site %zu %s", i,
			   site->reason < LOSS_REASON_COUNT ? reasons[site->reason] : "?");
		if (site->map >= 0 && (size_t)site->map < m->maps.n)
			buf_printf(out, " %s", m->maps.v[site->map].name);
		dump_loc(out, &s, site->loc);
	}
	dump_words(out, m, &s);
	arena_free(s.arena);
}
