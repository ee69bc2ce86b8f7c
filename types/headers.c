/*
 * Types, enumerators and macros of headers, through libclang. One unit of text
 * includes all headers; its names are indexed, and a type is made when it is
 * asked for, its members when one of them is.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "types/clang.h"
#include "types/headers.h"
#include "types/internal.h"
#include "types/script.h"

#define UNIT "<bcct>.c"
#define MAX_LINES 1000
#define MAX_DIRS 64
#define MAX_ERRORS 3 /* of one header: what follows is mostly a consequence */

enum name_kind { NAME_TYPE, NAME_TYPEDEF, NAME_ENUMERATOR, NAME_MACRO };

struct name {
	enum name_kind kind;
	bool kernel; /* of the kernel's interface: BTF knows better */
	CXCursor cursor;
	const struct type *type; /* once made; of an enumerator: its enum, NULL when without name */
	const char *text;        /* of a macro, once asked for */
};

struct record { /* a struct or union that became a type */
	CXCursor cursor;
	const struct type *type;
};

struct line {
	const char *text;
	struct loc loc;
	enum diag_level level; /* of what is wrong with it */
};

struct headers {
	struct types *ts;
	struct diags *diags;
	struct clang clang;
	void *index, *unit;
	VEC(void *) units; /* all that were read: types point into them */
	bool changed, failed, tried;
	VEC(struct line) lines;
	VEC(const char *) dirs;
	VEC(struct record) records;
	struct strmap names, macros;
	void *last_file; /* whose answer is last_kernel */
	bool last_kernel;
};

static struct headers *headers_of(struct types *ts)
{
	if (!ts->headers) {
		ts->headers = arena_new_of(ts->arena, struct headers);
		ts->headers->ts = ts;
	}
	return ts->headers;
}

void headers_add(struct types *ts, struct diags *diags, struct loc loc, const char *line,
		 bool tried)
{
	struct headers *h = headers_of(ts);
	struct line l = { arena_strdup(ts->arena, line), loc, tried ? DIAG_WARNING : DIAG_ERROR };

	h->diags = diags;
	for (size_t i = 0; i < h->lines.n; i++)
		if (strcmp(h->lines.v[i].text, line) == 0)
			return;
	if (h->lines.n >= MAX_LINES)
		return;
	vec_push(&h->lines, l);
	h->changed = true;
}

void headers_dir(struct types *ts, const char *dir)
{
	struct headers *h = headers_of(ts);

	for (size_t i = 0; i < h->dirs.n; i++)
		if (strcmp(h->dirs.v[i], dir) == 0)
			return;
	if (h->dirs.n < MAX_DIRS)
		vec_push(&h->dirs, arena_strdup(ts->arena, dir));
}

bool headers_any(const struct types *ts)
{
	return ts->headers && ts->headers->lines.n;
}

bool headers_failed(const struct types *ts)
{
	return ts->headers && ts->headers->failed;
}

/* ---- small questions to libclang ---- */

/* A string of libclang's, in the arena; NULL when it is empty. */
static const char *own_text(struct headers *h, CXString s)
{
	const char *c = h->clang.getCString(s), *copy = NULL;

	if (c && *c)
		copy = arena_strdup(h->ts->arena, c);
	h->clang.disposeString(s);
	return copy;
}

/* The file and line where something stands, a macro's use being where it was used. */
static void *place_of(struct headers *h, CXSourceLocation at, unsigned *line)
{
	void *file = NULL;
	unsigned unused;

	h->clang.getExpansionLocation(at, &file, line, &unused, &unused);
	return file;
}

/* A tag that the source gives; compilers make up others, with blanks in them. */
static const char *tag_of(struct headers *h, CXCursor c)
{
	const char *name = own_text(h, h->clang.getCursorSpelling(c));

	return name && !strpbrk(name, " (") ? name : NULL;
}

static enum type_kind kind_of(CXCursor c)
{
	return c.kind == CXC_STRUCT  ? TY_STRUCT
	       : c.kind == CXC_UNION ? TY_UNION
	       : c.kind == CXC_ENUM  ? TY_ENUM
				     : TY_NONE;
}

/* Headers that the kernel installs: /usr/include/linux, asm and others. */
static bool is_kernel(struct headers *h, CXCursor c)
{
	static const char *const folders[] = { "/linux/", "/asm/", "/asm-generic/", "/drm/",
					       "/sound/", "/rdma/" };
	unsigned line;
	void *file = place_of(h, h->clang.getCursorLocation(c), &line);
	const char *name;

	if (file == h->last_file)
		return h->last_kernel;
	name = file ? own_text(h, h->clang.getFileName(file)) : NULL;
	h->last_file = file;
	h->last_kernel = false;
	for (size_t i = 0; name && i < sizeof(folders) / sizeof(folders[0]); i++)
		h->last_kernel |= strstr(name, folders[i]) != NULL;
	return h->last_kernel;
}

/* ---- reading ---- */

struct includer { /* which line of the unit brought a file in */
	struct headers *h;
	void *file;
	unsigned line;
};

static void find_includer(void *file, CXSourceLocation *stack, unsigned n, void *user)
{
	struct includer *i = user;

	if (file == i->file && n && !i->line)
		place_of(i->h, stack[n - 1], &i->line);
}

static const struct line *diag_place(struct headers *h, void *file, unsigned line)
{
	struct includer i = { h, file, 0 };
	const char *name = file ? own_text(h, h->clang.getFileName(file)) : NULL;

	if (name && strcmp(name, UNIT) != 0) {
		h->clang.getInclusions(h->unit, find_includer, &i);
		line = i.line;
	}
	return &h->lines.v[line && line <= h->lines.n ? line - 1 : 0];
}

static void report(struct headers *h, void *d)
{
	const char *text = own_text(h, h->clang.getDiagnosticSpelling(d)), *name;
	unsigned line = 0;
	void *file = place_of(h, h->clang.getDiagnosticLocation(d), &line);
	const struct line *at = diag_place(h, file, line);

	name = file ? own_text(h, h->clang.getFileName(file)) : NULL;
	if (!text)
		text = "this cannot be read";
	if (name && strcmp(name, UNIT) != 0)
		diag_add(h->diags, at->level, TAG_HEADER, at->loc, "%s:%u: %s", name, line, text);
	else
		diag_add(h->diags, at->level, TAG_HEADER, at->loc, "%s", text);
}

/* Clang's errors are the header's; they stand at the #include. */
static void report_errors(struct headers *h)
{
	unsigned n = h->clang.getNumDiagnostics(h->unit), said = 0;

	for (unsigned i = 0; i < n; i++) {
		void *d = h->clang.getDiagnostic(h->unit, i);

		if (h->clang.getDiagnosticSeverity(d) >= CX_DIAG_ERROR && said++ < MAX_ERRORS)
			report(h, d);
		h->clang.disposeDiagnostic(d);
	}
	h->failed |= said > 0;
}

static void index_name(struct headers *h, CXCursor c, enum name_kind kind, const char *name)
{
	struct name *n;

	if (!name)
		return;
	n = arena_new_of(h->ts->arena, struct name);
	n->kind = kind;
	n->cursor = c;
	n->kernel = is_kernel(h, c);
	strmap_put(kind == NAME_MACRO ? &h->macros : &h->names, name, n);
}

static int index_enumerator(CXCursor c, CXCursor parent, void *user)
{
	struct headers *h = user;

	(void)parent;
	if (c.kind == CXC_ENUMERATOR)
		index_name(h, c, NAME_ENUMERATOR, own_text(h, h->clang.getCursorSpelling(c)));
	return CX_CONTINUE;
}

static void index_tag(struct headers *h, CXCursor c)
{
	const char *tag = tag_of(h, c);

	if (tag)
		index_name(h, c, NAME_TYPE,
			arena_printf(h->ts->arena, "%s %s",
				c.kind == CXC_STRUCT  ? "struct"
				: c.kind == CXC_UNION ? "union"
						      : "enum",
				tag));
}

/* Tags may be defined inside of other structs: C has them at the top level all the same. */
static int index_cursor(CXCursor c, CXCursor parent, void *user)
{
	struct headers *h = user;
	unsigned line;

	(void)parent;
	if (c.kind == CXC_MACRO) {
		/* what the compiler itself defines has no file */
		if (place_of(h, h->clang.getCursorLocation(c), &line))
			index_name(h, c, NAME_MACRO, own_text(h, h->clang.getCursorSpelling(c)));
	} else if (c.kind == CXC_TYPEDEF) {
		index_name(h, c, NAME_TYPEDEF, own_text(h, h->clang.getCursorSpelling(c)));
	} else if (kind_of(c) != TY_NONE && h->clang.isCursorDefinition(c)) {
		index_tag(h, c);
		h->clang.visitChildren(c, c.kind == CXC_ENUM ? index_enumerator : index_cursor, h);
	}
	return CX_CONTINUE;
}

static void parse(struct headers *h)
{
	glob_t own = { 0 };
	const char *args[MAX_DIRS * 2 + 16];
	struct CXUnsavedFile file = { .name = UNIT };
	struct buf text = { 0 };
	int n = 0;

	args[n++] = "-xc";
	args[n++] = "-std=gnu11";
	args[n++] = "-D_GNU_SOURCE";
	args[n++] = "-ferror-limit=20";
	for (size_t i = 0; i < h->dirs.n; i++) {
		args[n++] = "-I";
		args[n++] = h->dirs.v[i];
	}
	/* stddef.h and the like, where clang's own are not installed */
	if (glob("/usr/lib/gcc/*/*/include", 0, NULL, &own) == 0) {
		args[n++] = "-idirafter";
		args[n++] = own.gl_pathv[own.gl_pathc - 1];
	}
	for (size_t i = 0; i < h->lines.n; i++)
		buf_printf(&text, "%s\n", h->lines.v[i].text);
	file.text = (const char *)text.data;
	file.len = text.len;
	h->unit = h->clang.parseTranslationUnit(h->index, UNIT, args, n, &file, 1,
		CX_MACROS | CX_INCOMPLETE | CX_NO_BODIES);
	buf_free(&text);
	globfree(&own);
	if (!h->unit) {
		h->failed = true;
		diag_add(h->diags, h->lines.v[0].level, TAG_HEADER, h->lines.v[0].loc,
			"libclang cannot read this");
		return;
	}
	vec_push(&h->units, h->unit);
	report_errors(h);
	h->clang.visitChildren(h->clang.getTranslationUnitCursor(h->unit), index_cursor, h);
}

static bool open_clang(struct headers *h)
{
	if (h->tried)
		return h->index;
	h->tried = true;
	if (!clang_open(&h->clang)) {
		h->failed = true;
		diag_add(h->diags, h->lines.v[0].level, TAG_NO_LIBCLANG, h->lines.v[0].loc,
			"reading this header needs libclang, which is not here");
		diag_hint(h->diags, "it is in Debian's package libclang1-14 or libclang1-19; "
				    "BCCT_LIBCLANG names another file");
		return false;
	}
	h->index = h->clang.createIndex(0, 0);
	return h->index;
}

/* False when there is nothing to look into. Headers that were added since are read first. */
static bool ready(struct types *ts)
{
	struct headers *h = ts->headers;

	if (!headers_any(ts) || !open_clang(h))
		return false;
	if (h->changed) {
		h->changed = false;
		strmap_free(&h->names);
		strmap_free(&h->macros);
		parse(h);
	}
	return h->unit;
}

void headers_close(struct types *ts)
{
	struct headers *h = ts->headers;

	if (!h)
		return;
	for (size_t i = 0; i < h->units.n; i++)
		h->clang.disposeTranslationUnit(h->units.v[i]);
	vec_free(&h->units);
	if (h->index)
		h->clang.disposeIndex(h->index);
	clang_close(&h->clang);
	vec_free(&h->lines);
	vec_free(&h->dirs);
	vec_free(&h->records);
	strmap_free(&h->names);
	strmap_free(&h->macros);
	ts->headers = NULL;
}

/* ---- types ---- */

static const struct type *convert(struct headers *h, CXType t, unsigned depth);

/* The type of a definition; made without members. */
static const struct type *tag_type(struct headers *h, CXCursor c)
{
	struct record r = { .cursor = c };
	CXType type = h->clang.getCursorType(c);
	long long size = h->clang.Type_getSizeOf(type), align = h->clang.Type_getAlignOf(type);
	struct type *t;

	for (size_t i = 0; i < h->records.n; i++)
		if (h->clang.equalCursors(h->records.v[i].cursor, c))
			return h->records.v[i].type;
	t = type_script(h->ts, kind_of(c), tag_of(h, c));
	type_script_header(t, (uint32_t)h->records.n + 1, size > 0 ? (uint32_t)size : 0,
		align > 0 ? (uint32_t)align : 1, size >= 0);
	if (t->kind == TY_ENUM) {
		type = h->clang.getCanonicalType(h->clang.getEnumDeclIntegerType(c));
		t->is_signed = type.kind >= CXT_CHAR_S && type.kind <= CXT_INT128;
	}
	r.type = t;
	vec_push(&h->records, r);
	return t;
}

static const struct type *integer(struct headers *h, CXType t)
{
	long long size = h->clang.Type_getSizeOf(t);

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return type_array(h->ts, type_int(h->ts, 1, false), size > 0 ? (uint32_t)size : 0);
	return type_int(h->ts, (uint32_t)size, t.kind >= CXT_CHAR_S || t.kind == CXT_CHAR_U);
}

static const struct type *array(struct headers *h, CXType t, unsigned depth)
{
	CXType elem = h->clang.getCanonicalType(h->clang.getArrayElementType(t));
	long long n = t.kind == CXT_ARRAY ? h->clang.getArraySize(t) : 0;

	if (n < 0 || n > TYPE_MAX_BYTES)
		n = 0;
	if (n && (elem.kind == CXT_CHAR_S || elem.kind == CXT_CHAR_U))
		return type_string(h->ts, (uint32_t)n);
	return type_array(h->ts, convert(h, elem, depth + 1), (uint32_t)n);
}

static const struct type *convert(struct headers *h, CXType type, unsigned depth)
{
	CXType t = h->clang.getCanonicalType(type);
	long long size;

	if (depth > TYPE_MAX_DEPTH || t.kind == CXT_VOID)
		return type_none(h->ts);
	switch (t.kind) {
	case CXT_BOOL: return type_bool(h->ts);
	case CXT_RECORD:
	case CXT_ENUM: return tag_type(h, h->clang.getTypeDeclaration(t));
	case CXT_ARRAY:
	case CXT_FLEXIBLE: return array(h, t, depth);
	case CXT_FUNC:
	case CXT_FUNC_NO_PROTO: return type_simple(h->ts, TY_FUNC);
	case CXT_POINTER:
	case CXT_BLOCK:
		return type_ptr(h->ts, convert(h, h->clang.getPointeeType(t), depth + 1), SP_VALUE);
	default: break;
	}
	if (t.kind >= CXT_CHAR_U && t.kind <= CXT_INT128)
		return integer(h, t);
	/* floating point, vectors: bytes */
	size = h->clang.Type_getSizeOf(t);
	if (size <= 0 || size > TYPE_MAX_BYTES)
		return type_none(h->ts);
	return type_array(h->ts, type_int(h->ts, 1, false), (uint32_t)size);
}

/* ---- members ---- */

struct member_list {
	struct headers *h;
	CXCursor of;
	VEC(struct member) v;
	struct type *self;
};

/* The bits of the unit that C would use; a packed field may reach over its end. */
static void place_bits(struct types *ts, struct member *m, uint32_t bits)
{
	uint32_t unit = m->type->size * 8;

	if (!unit || bits % unit + m->bit_size > unit) {
		m->type = type_int(ts, 8, m->type->is_signed);
		unit = 8;
	}
	m->offset = bits / unit * unit / 8;
	m->bit_offset = (uint8_t)(bits - m->offset * 8);
}

struct first_field { /* a member with a name somewhere in an anonymous struct */
	struct headers *h;
	const char *name;
};

static int find_first(CXCursor c, CXCursor parent, void *user)
{
	struct first_field *f = user;

	(void)parent;
	if (f->name)
		return 0;
	if (c.kind == CXC_FIELD)
		f->name = own_text(f->h, f->h->clang.getCursorSpelling(c));
	else if (kind_of(c) && f->h->clang.Cursor_isAnonymousRecordDecl(c))
		f->h->clang.visitChildren(c, find_first, f);
	return CX_CONTINUE;
}

/* Where an anonymous member begins: where one of its own is in both of them. */
static bool anonymous_offset(struct headers *h, CXCursor outer, CXCursor inner, uint32_t *offset)
{
	struct first_field f = { .h = h };
	long long in_outer, in_inner;

	h->clang.visitChildren(inner, find_first, &f);
	if (!f.name)
		return false;
	in_outer = h->clang.Type_getOffsetOf(h->clang.getCursorType(outer), f.name);
	in_inner = h->clang.Type_getOffsetOf(h->clang.getCursorType(inner), f.name);
	if (in_outer < 0 || in_inner < 0 || in_inner > in_outer)
		return false;
	*offset = (uint32_t)(in_outer - in_inner) / 8;
	return true;
}

static int add_member(CXCursor c, CXCursor parent, void *user)
{
	struct member_list *l = user;
	struct headers *h = l->h;
	struct member m = { 0 };
	long long bits;

	(void)parent;
	if (c.kind == CXC_ENUMERATOR && l->self->kind == TY_ENUM) {
		m.name = own_text(h, h->clang.getCursorSpelling(c));
		m.type = l->self;
		m.offset = (uint32_t)h->clang.getEnumConstantDeclValue(c);
		vec_push(&l->v, m);
	} else if (c.kind == CXC_FIELD) {
		m.name = own_text(h, h->clang.getCursorSpelling(c));
		m.type = convert(h, h->clang.getCursorType(c), 0);
		bits = h->clang.Cursor_getOffsetOfField(c);
		if (!m.name || bits < 0)
			return CX_CONTINUE;
		m.offset = (uint32_t)(bits / 8);
		if (h->clang.Cursor_isBitField(c)) {
			m.bit_size = (uint8_t)h->clang.getFieldDeclBitWidth(c);
			place_bits(h->ts, &m, (uint32_t)bits);
			member_check_bits(&m, l->self->size);
		}
		vec_push(&l->v, m);
	} else if (kind_of(c) && h->clang.Cursor_isAnonymousRecordDecl(c)) {
		m.type = tag_type(h, c);
		if (anonymous_offset(h, l->of, c, &m.offset))
			vec_push(&l->v, m);
	}
	return CX_CONTINUE;
}

void headers_members(struct types *ts, struct type *t)
{
	struct headers *h = ts->headers;
	uint32_t number = type_script_number(t);
	struct member_list l = { .h = h, .self = t };

	if (!h || !number || number > h->records.n)
		return;
	l.of = h->records.v[number - 1].cursor;
	h->clang.visitChildren(l.of, add_member, &l);
	t->members = arena_alloc(ts->arena, (l.v.n + 1) * sizeof(*t->members));
	if (l.v.n)
		memcpy(t->members, l.v.v, l.v.n * sizeof(*t->members));
	t->nmembers = (uint32_t)l.v.n;
	vec_free(&l.v);
}

/* ---- names ---- */

static struct name *find(struct types *ts, const char *name, enum name_kind a, enum name_kind b)
{
	struct name *n;

	if (!ready(ts))
		return NULL;
	n = strmap_get(&ts->headers->names, name);
	return n && (n->kind == a || n->kind == b) ? n : NULL;
}

/* What the kernel has itself is taken from the kernel. */
static bool kernel_has(struct types *ts, const char *name)
{
	const char *tag = strchr(name, ' ');
	uint32_t kinds = !tag		   ? BTF_KINDS(BTF_KIND_TYPEDEF)
			 : name[0] == 's'  ? BTF_KINDS(BTF_KIND_STRUCT)
			 : name[0] == 'u'  ? BTF_KINDS(BTF_KIND_UNION)
					   : BTF_KINDS(BTF_KIND_ENUM) | BTF_KINDS(BTF_KIND_ENUM64);

	return types_btf_named(ts, tag ? tag + 1 : name, kinds) != NULL;
}

const struct type *headers_type(struct types *ts, const char *name)
{
	struct name *n = find(ts, name, NAME_TYPE, NAME_TYPEDEF);
	struct headers *h = ts->headers;

	if (!n || (n->kernel && kernel_has(ts, name)))
		return NULL;
	if (!n->type)
		n->type = n->kind == NAME_TYPE
				? tag_type(h, n->cursor)
				: convert(h, h->clang.getTypedefDeclUnderlyingType(n->cursor), 0);
	return n->type;
}

bool headers_enumerator(struct types *ts, const char *name, int64_t *value,
			const struct type **type)
{
	struct name *n = find(ts, name, NAME_ENUMERATOR, NAME_ENUMERATOR);

	if (!n)
		return false;
	*value = ts->headers->clang.getEnumConstantDeclValue(n->cursor);
	if (type)
		*type = type_int(ts, *value == (int32_t)*value ? 4 : 8, true);
	return true;
}

const char *headers_macro(struct types *ts, const char *name)
{
	struct headers *h = ts->headers;
	struct name *n;
	struct buf b = { 0 };
	CXToken *tokens = NULL;
	unsigned count = 0;
	bool function;

	n = ready(ts) ? strmap_get(&h->macros, name) : NULL;
	if (!n)
		return NULL;
	if (n->text)
		return n->text;
	function = h->clang.Cursor_isMacroFunctionLike(n->cursor);
	h->clang.tokenize(h->unit, h->clang.getCursorExtent(n->cursor), &tokens, &count);
	for (unsigned i = 0; i < count; i++) {
		CXString s = h->clang.getTokenSpelling(h->unit, tokens[i]);

		buf_printf(&b, "%s%s", i && !(function && i == 1) ? " " : "",
			h->clang.getCString(s));
		h->clang.disposeString(s);
	}
	h->clang.disposeTokens(h->unit, tokens, count);
	n->text = arena_strndup(ts->arena, b.data ? (const char *)b.data : "", b.len);
	buf_free(&b);
	return n->text;
}
