/*
 * Reading the manifest back from an object file, which anybody may have made:
 * every count, size, index and offset is checked here, so that the runtime's
 * decoders may rely on them. Called by the runtime when it opens an object.
 */
#include <string.h>

#include "base/manifest.h"

#define SCHEMA_MAX_DEPTH 32 /* tuples in tuples, structs in those, arrays of them */
#define SCHEMA_MAX_BYTES (1u << 26)
#define SCHEMA_BYTES 56 /* the smallest schema as written */

struct in {
	struct reader r;
	struct arena *a;
	const struct manifest *m;
	const char *why; /* the first thing found wrong, or NULL */
};

static bool fail(struct in *in, const char *why)
{
	if (!in->why)
		in->why = why;
	in->r.bad = true;
	return false;
}

static char *need_str(struct in *in)
{
	char *s = read_str(&in->r, in->a);

	if (!s)
		fail(in, "a name is missing");
	return s;
}

static bool get_flag(struct in *in)
{
	uint8_t v = read_u8(&in->r);

	if (v > 1)
		fail(in, "a flag is neither 0 nor 1");
	return v == 1;
}

static struct loc get_loc(struct in *in)
{
	uint32_t place = read_u32(&in->r);
	struct loc loc = { place >> 24, place & SOURCE_MAX_BYTES, read_u32(&in->r) };
	uint32_t len;

	if (in->r.bad || loc.file == 0)
		return LOC_NONE;
	if (loc.file > in->m->sources.n || loc.offset > in->m->sources.v[loc.file - 1].len) {
		fail(in, "a location is outside the sources");
		return LOC_NONE;
	}
	len = in->m->sources.v[loc.file - 1].len - loc.offset;
	if (loc.length > len)
		loc.length = len;
	return loc;
}

static void get_params(struct in *in, int64_t params[4])
{
	int i;

	for (i = 0; i < 4; i++)
		params[i] = (int64_t)read_u64(&in->r);
}

/* ---- schemas ------------------------------------------------------------ */

/* Do the fields lie inside, and have they names where the kind asks for them? */
static bool check_fields(struct in *in, const struct schema *s)
{
	uint32_t i;

	for (i = 0; i < s->nfields; i++) {
		const struct schema *f = s->fields[i];

		if (s->kind != SC_TUPLE && s->kind != SC_ARRAY && !f->name)
			return fail(in, "a field has no name");
		if (s->kind == SC_ENUM)
			continue;
		if ((uint64_t)f->offset + f->size > s->size ||
		    (f->kind == SC_INT && f->params[1] &&
		     f->offset + ((f->params[0] & 63) + (f->params[1] & 63) + 7) / 8 > s->size))
			return fail(in, "a field lies outside its record");
	}
	return true;
}

static bool check_array(struct in *in, const struct schema *s)
{
	const struct schema *elem;

	if (s->nfields != 1)
		return fail(in, "an array without an element type");
	elem = s->fields[0];
	if (elem->offset || !elem->size || (uint64_t)elem->size * s->count > s->size)
		return fail(in, "an array's elements lie outside it");
	return true;
}

/* The least and the most bytes that a value of the kind takes. */
static void size_range(const struct schema *s, uint64_t *min, uint64_t *max)
{
	*min = 0;
	*max = SCHEMA_MAX_BYTES;
	switch (s->kind) {
	case SC_BOOL:
	case SC_INT:
	case SC_ENUM:
		*min = 1;
		*max = 8;
		break;
	case SC_POINTER:
	case SC_KSYM:
	case SC_NAMED:
	case SC_PROBE: *min = 8; break;
	case SC_TIMESTAMP:
	case SC_USYM: *min = 16; break;
	case SC_STRING:
	case SC_AGG: *min = 1; break;
	case SC_BUFFER:
	case SC_INET: *min = 4; break;
	case SC_MAC: *min = 6; break;
	case SC_KSTACK:
	case SC_USTACK: *min = 8 + (uint64_t)s->count * STACK_FRAME(s->params[0]); break;
	default: break;
	}
}

static bool check_schema(struct in *in, const struct schema *s)
{
	uint64_t min, max;

	if (s->kind >= SC_KIND_COUNT)
		return fail(in, "an unknown kind of value");
	size_range(s, &min, &max);
	if (s->size < min || s->size > max)
		return fail(in, "a value's size does not fit its kind");
	if (s->kind == SC_AGG && !s->name)
		return fail(in, "an aggregation has no name");
	if (s->kind == SC_NAMED && !s->how)
		return fail(in, "a value's table has no name");
	if (s->kind == SC_ARRAY)
		return check_array(in, s);
	if (s->nfields && s->kind != SC_TUPLE && s->kind != SC_RECORD && s->kind != SC_ENUM)
		return fail(in, "fields in a value that has none");
	return check_fields(in, s);
}

static struct schema *get_schema(struct in *in, unsigned depth)
{
	struct schema *s;
	uint32_t i;

	if (!get_flag(in) || in->r.bad)
		return NULL;
	if (depth > SCHEMA_MAX_DEPTH) {
		fail(in, "values are nested too deeply");
		return NULL;
	}
	s = schema_new(in->a, read_u8(&in->r), 0);
	s->is_signed = get_flag(in);
	s->size = read_u32(&in->r);
	s->offset = read_u32(&in->r);
	s->count = read_u32(&in->r);
	s->name = read_str(&in->r, in->a);
	s->how = read_str(&in->r, in->a);
	get_params(in, s->params);
	s->nfields = read_count(&in->r, SCHEMA_BYTES);
	if (s->nfields)
		s->fields = arena_alloc(in->a, s->nfields * sizeof(*s->fields));
	for (i = 0; i < s->nfields && !in->r.bad; i++) {
		s->fields[i] = get_schema(in, depth + 1);
		if (!s->fields[i])
			fail(in, "a field is missing");
	}
	if (in->r.bad || !check_schema(in, s))
		return NULL;
	return s;
}

/* ---- tables ------------------------------------------------------------- */

static void get_options(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 4), i;

	options_defaults(&m->options);
	if (n > OPT_COUNT)
		fail(in, "more options than are known");
	for (i = 0; i < n && !in->r.bad; i++) {
		if (option_is_text(i)) {
			const char *text = need_str(in);

			if (text && option_set(&m->options, i, text))
				fail(in, "an option is too long");
			continue;
		}
		m->options.v[i] = (int64_t)read_u64(&in->r);
		if (option_check(i, m->options.v[i]))
			fail(in, "an option is out of range");
	}
}

static void get_sources(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 8);

	if (n > SOURCE_MAX_FILES)
		fail(in, "too many sources");
	while (n-- && !in->r.bad) {
		struct source_info src = { 0 };
		const void *text;

		src.name = need_str(in);
		text = read_blob(&in->r, &src.len);
		if (src.len > SOURCE_MAX_BYTES)
			fail(in, "a source is too long");
		if (in->r.bad)
			return;
		src.text = arena_strndup(in->a, text, src.len);
		vec_apush(in->a, &m->sources, src);
	}
}

static void get_attach(struct in *in, struct program_info *p)
{
	uint32_t n = read_count(&in->r, 36);

	while (n-- && !in->r.bad) {
		struct attach_info at = { 0 };

		at.provider = need_str(in);
		at.target = read_str(&in->r, in->a);
		at.module = read_str(&in->r, in->a);
		at.offset = read_u64(&in->r);
		at.full = need_str(in);
		at.loc = get_loc(in);
		at.matched = read_u32(&in->r) != 0;
		vec_apush(in->a, &p->attach, at);
	}
}

static void get_programs(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 24);

	while (n-- && !in->r.bad) {
		struct program_info p = { 0 };

		p.symbol = need_str(in);
		p.name = need_str(in);
		p.loc = get_loc(in);
		p.stops = read_u32(&in->r) != 0;
		get_attach(in, &p);
		vec_apush(in->a, &m->programs, p);
	}
}

/* What the runtime relies on when it reads a map: the shapes fit into the bytes. */
static bool check_map(struct in *in, const struct map_info *map)
{
	bool agg = map->role == MAPR_AGG_HASH || map->role == MAPR_AGG_SCALAR;
	bool keyed = map->role == MAPR_HASH || map->role == MAPR_AGG_HASH;
	uint64_t head = map->role == MAPR_SCALAR ? 8 : 0; /* the "set" word */

	if (map->role >= MAPR_COUNT)
		return fail(in, "an unknown kind of map");
	if (map->key_size > SCHEMA_MAX_BYTES || map->value_size > SCHEMA_MAX_BYTES)
		return fail(in, "a map's key or value is too large");
	if (map->role == MAPR_C && ((map->key && map->key->size > map->key_size) ||
				    (map->value && map->value->size > map->value_size)))
		return fail(in, "a map's key or value does not fit");
	if (map->role > MAPR_AGG_SCALAR)
		return true;
	if (!map->value || map->value->offset || map->value->size + head > map->value_size)
		return fail(in, "a map's value does not fit");
	if (agg != (map->value->kind == SC_AGG))
		return fail(in, "a map's value is not of its role");
	if (keyed != (map->nkeys > 0) || keyed != (map->key != NULL))
		return fail(in, "a map's keys are not of its role");
	if (keyed && (map->key->offset || map->key->size > map->key_size))
		return fail(in, "a map's key does not fit");
	if (map->nkeys > 1 && (map->key->kind != SC_TUPLE || map->key->nfields != map->nkeys))
		return fail(in, "a map's keys are not a tuple");
	return true;
}

static void get_maps(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 48);

	while (n-- && !in->r.bad) {
		struct map_info map = { 0 };

		map.name = need_str(in);
		map.symbol = need_str(in);
		map.role = read_u8(&in->r);
		map.swap = get_flag(in);
		map.max_entries = read_u32(&in->r);
		map.nkeys = read_u32(&in->r);
		map.key_size = read_u32(&in->r);
		map.value_size = read_u32(&in->r);
		map.kernel_type = read_u32(&in->r);
		map.kernel_flags = read_u32(&in->r);
		map.hist = read_u32(&in->r);
		map.pin = need_str(in);
		map.loc = get_loc(in);
		map.key = get_schema(in, 0);
		map.value = get_schema(in, 0);
		if (in->r.bad || !check_map(in, &map))
			return;
		vec_apush(in->a, &m->maps, map);
	}
}

static void get_actions(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 49);

	while (n-- && !in->r.bad) {
		struct action_info a = { 0 };

		a.unit = need_str(in);
		a.text = read_str(&in->r, in->a);
		a.loc = get_loc(in);
		get_params(in, a.params);
		a.payload = get_schema(in, 0);
		if (a.payload && (a.payload->offset || a.payload->kind != SC_TUPLE))
			fail(in, "an event's payload is not a tuple");
		vec_apush(in->a, &m->actions, a);
	}
}

static void get_sites(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 13);

	while (n-- && !in->r.bad) {
		struct site_info site = { 0 };

		site.reason = read_u8(&in->r);
		site.map = (int32_t)read_u32(&in->r);
		site.loc = get_loc(in);
		if (site.reason >= LOSS_REASON_COUNT)
			fail(in, "an unknown kind of loss");
		if (site.map < -1 || site.map >= (int64_t)m->maps.n)
			fail(in, "a site's map does not exist");
		vec_apush(in->a, &m->sites, site);
	}
}

static void get_lines(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 8);

	while (n-- && !in->r.bad) {
		struct loc loc = get_loc(in);

		vec_apush(in->a, &m->lines, loc);
	}
}

static void get_words(struct in *in, struct manifest *m)
{
	uint32_t n = read_count(&in->r, 13);

	while (n-- && !in->r.bad) {
		struct word_info w = { 0 };

		w.kind = read_u8(&in->r);
		w.name = read_str(&in->r, in->a);
		w.loc = get_loc(in);
		if (w.kind >= WORD_KIND_COUNT)
			fail(in, "an unknown kind of word");
		if ((w.kind == WORD_KSYM || w.kind == WORD_CGROUP) && !w.name)
			fail(in, "a word has no name");
		vec_apush(in->a, &m->words, w);
	}
}

struct manifest *manifest_read(struct arena *a, const void *data, size_t len, const char **why)
{
	struct manifest *m = arena_new_of(a, struct manifest);
	struct in in = { .r = { data, (const uint8_t *)data + len, false }, .a = a, .m = m };

	m->arena = a;
	*why = NULL;
	if (read_u32(&in.r) != MANIFEST_MAGIC)
		fail(&in, "it has no manifest");
	else if (read_u32(&in.r) != MANIFEST_VERSION)
		fail(&in, "it was made by another version of bcct");
	read_u64(&in.r); /* the sum, see manifest_intact() */
	m->needs = read_u32(&in.r);
	m->need_ksyms = get_flag(&in);
	get_options(&in, m);
	get_sources(&in, m);
	get_programs(&in, m);
	get_maps(&in, m);
	get_actions(&in, m);
	get_sites(&in, m);
	get_lines(&in, m);
	get_words(&in, m);
	if (!in.r.bad && in.r.p != in.r.end)
		fail(&in, "there is something behind its end");
	if (!in.r.bad)
		return m;
	*why = in.why ? in.why : "it is cut short";
	return NULL;
}
