/*
 * Types as text for diagnostics and dumps, and as schemas for the decoder.
 */
#include <stdlib.h>
#include <string.h>

#include "types/internal.h"

#define SCHEMA_MAX_DEPTH 8 /* structs in structs, by value */
#define SCHEMA_MAX_NODES 4096

/* ---- text --------------------------------------------------------------- */

static void print(struct buf *b, const struct type *t, unsigned depth);

static void print_members(struct buf *b, const struct type *t, unsigned depth)
{
	uint32_t i;

	buf_printf(b, "(");
	for (i = 0; i < t->nmembers; i++) {
		if (i)
			buf_printf(b, ",");
		if (t->members[i].name)
			buf_printf(b, "%s=", t->members[i].name);
		print(b, t->members[i].type, depth + 1);
	}
	buf_printf(b, ")");
}

static void print_named(struct buf *b, const char *word, const struct type *t)
{
	if (t->name)
		buf_printf(b, "%s %s", word, t->name);
	else
		buf_printf(b, "%s", word);
}

static void print_ptr(struct buf *b, const struct type *t, unsigned depth)
{
	if (t->elem->kind == TY_NONE)
		buf_printf(b, "void");
	else
		print(b, t->elem, depth + 1);
	buf_printf(b, t->elem->kind == TY_PTR ? "*" : " *");
}

static void print(struct buf *b, const struct type *t, unsigned depth)
{
	if (depth > TYPE_MAX_DEPTH) {
		buf_printf(b, "…");
		return;
	}
	switch (t->kind) {
	case TY_NONE: buf_printf(b, "none"); break;
	case TY_BOOL: buf_printf(b, "bool"); break;
	case TY_INT: buf_printf(b, "%sint%u", t->is_signed ? "" : "u", t->size * 8); break;
	case TY_STRING: buf_printf(b, "string[%u]", t->size); break;
	case TY_BUFFER: buf_printf(b, "buffer[%u]", t->size); break;
	case TY_PTR: print_ptr(b, t, depth); break;
	case TY_ARRAY:
		print(b, t->elem, depth + 1);
		buf_printf(b, "[%u]", t->count);
		break;
	case TY_STRUCT: print_named(b, "struct", t); break;
	case TY_UNION: print_named(b, "union", t); break;
	case TY_ENUM: print_named(b, "enum", t); break;
	case TY_FUNC: buf_printf(b, "function"); break;
	case TY_TUPLE:
	case TY_RECORD: print_members(b, t, depth); break;
	case TY_KSTACK: buf_printf(b, "kstack"); break;
	case TY_USTACK: buf_printf(b, "ustack"); break;
	case TY_KSYM: buf_printf(b, "ksym"); break;
	case TY_USYM: buf_printf(b, "usym"); break;
	case TY_PROBE: buf_printf(b, "probe"); break;
	case TY_INET: buf_printf(b, "inet"); break;
	case TY_MAC: buf_printf(b, "macaddr"); break;
	case TY_TIMESTAMP: buf_printf(b, "timestamp"); break;
	case TY_NAMED: buf_printf(b, "%.*s", (int)strcspn(t->name, ":"), t->name); break;
	case TY_AGG: buf_printf(b, "%s()", t->name ? t->name : "aggregation"); break;
	}
}

const char *type_print(struct arena *a, const struct type *t)
{
	struct buf b = { 0 };
	const char *s;

	if (!t)
		return "none";
	print(&b, t, 0);
	s = arena_strndup(a, (const char *)b.data, b.len);
	buf_free(&b);
	return s;
}

/* ---- schemas ------------------------------------------------------------ */

struct builder {
	struct types *ts;
	struct arena *arena;
	unsigned nodes;
};

static struct schema *build(struct builder *b, const struct type *t, unsigned depth);

static enum schema_kind schema_kind(enum type_kind kind)
{
	switch (kind) {
	case TY_BOOL: return SC_BOOL;
	case TY_INT: return SC_INT;
	case TY_STRING: return SC_STRING;
	case TY_BUFFER: return SC_BUFFER;
	case TY_FUNC:
	case TY_PTR: return SC_POINTER;
	case TY_ARRAY: return SC_ARRAY;
	case TY_STRUCT:
	case TY_UNION:
	case TY_RECORD: return SC_RECORD;
	case TY_ENUM: return SC_ENUM;
	case TY_TUPLE: return SC_TUPLE;
	case TY_KSTACK: return SC_KSTACK;
	case TY_USTACK: return SC_USTACK;
	case TY_KSYM: return SC_KSYM;
	case TY_USYM: return SC_USYM;
	case TY_PROBE: return SC_PROBE;
	case TY_INET: return SC_INET;
	case TY_MAC: return SC_MAC;
	case TY_TIMESTAMP: return SC_TIMESTAMP;
	case TY_NAMED: return SC_NAMED;
	case TY_AGG: return SC_AGG;
	case TY_NONE: break;
	}
	return SC_NONE;
}

static void push_field(struct builder *b, struct schema *s, struct schema *field, uint32_t *cap)
{
	if (s->nfields == *cap) {
		struct schema **more;

		*cap = *cap ? *cap * 2 : 8;
		more = arena_alloc(b->arena, *cap * sizeof(*more));
		if (s->nfields)
			memcpy(more, s->fields, s->nfields * sizeof(*more));
		s->fields = more;
	}
	s->fields[s->nfields++] = field;
}

/* Members of t, which starts base bytes into s; those of anonymous ones belong to s itself. */
static void add_members(struct builder *b, struct schema *s, const struct type *t, uint32_t base,
			uint32_t *cap, unsigned depth)
{
	const struct member *m;
	uint32_t n = type_members(b->ts, t, &m), i;

	for (i = 0; i < n; i++) {
		bool compound = m[i].type->kind == TY_STRUCT || m[i].type->kind == TY_UNION;
		struct schema *f;

		if (!m[i].name && compound && t->kind != TY_TUPLE) {
			if (depth < SCHEMA_MAX_DEPTH)
				add_members(b, s, m[i].type, base + m[i].offset, cap, depth + 1);
			continue;
		}
		/* what does not fit is left out; a record says so by its size */
		if (b->nodes >= SCHEMA_MAX_NODES || (compound && depth >= SCHEMA_MAX_DEPTH))
			continue;
		f = build(b, m[i].type, depth + 1);
		f->offset = base + m[i].offset;
		f->name = m[i].name ? arena_strdup(b->arena, m[i].name) : NULL;
		if (m[i].bit_size) {
			f->params[0] = m[i].bit_offset;
			f->params[1] = m[i].bit_size;
			if (m[i].in_parts)
				f->size = member_bit_bytes(&m[i]) < 8 ? member_bit_bytes(&m[i]) : 8;
		}
		push_field(b, s, f, cap);
	}
}

static void add_enumerators(struct builder *b, struct schema *s, const struct type *t)
{
	const struct member *m;
	uint32_t n = type_members(b->ts, t, &m), i, cap = 0;

	for (i = 0; i < n && b->nodes < SCHEMA_MAX_NODES; i++) {
		struct schema *f = schema_new(b->arena, SC_NONE, 0);

		b->nodes++;
		f->name = arena_strdup(b->arena, m[i].name);
		f->offset = m[i].offset;
		push_field(b, s, f, &cap);
	}
}

static struct schema *build(struct builder *b, const struct type *t, unsigned depth)
{
	bool wide = t->kind == TY_INT && t->size == 16;
	const struct type *half = wide ? type_int(b->ts, 8, false) : NULL;
	struct schema *s = schema_new(b->arena, half ? SC_ARRAY : schema_kind(t->kind), t->size);
	uint32_t cap = 0;

	if (half) { /* __int128: no decoder knows more than 64 bits */
		s->count = 2;
		push_field(b, s, build(b, half, depth + 1), &cap);
		return s;
	}

	b->nodes++;
	s->is_signed = t->is_signed;
	s->count = t->count;
	switch (t->kind) {
	case TY_TUPLE:
	case TY_RECORD:
	case TY_STRUCT:
	case TY_UNION: add_members(b, s, t, 0, &cap, depth); break;
	case TY_ENUM: add_enumerators(b, s, t); break;
	case TY_ARRAY:
		if (depth > TYPE_MAX_DEPTH) {
			s->count = 0;
			break;
		}
		push_field(b, s, build(b, t->elem, depth + 1), &cap);
		break;
	case TY_TIMESTAMP:
	case TY_NAMED: s->how = t->name ? arena_strdup(b->arena, t->name) : NULL; break;
	case TY_AGG: s->name = t->name ? arena_strdup(b->arena, t->name) : NULL;
		     /* fall through */
	default: memcpy(s->params, t->params, sizeof(s->params)); break;
	}
	return s;
}

struct schema *type_schema(struct types *ts, struct arena *a, const struct type *t)
{
	struct builder b = { .ts = ts, .arena = a };

	return build(&b, t, 0);
}
