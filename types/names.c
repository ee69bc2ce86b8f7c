/*
 * Types by name: the names that are known without a kernel, C spellings made of
 * several words, and declarations such as "const char *". The rest is asked of BTF.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "types/defined.h"
#include "types/internal.h"

/*
 * Fixed everywhere on 64-bit Linux, so that no BTF is read for them. char is
 * signed as in the C of user space, although newer kernels build with unsigned.
 */
static const struct {
	const char *name;
	uint8_t size;
	bool is_signed;
} natives[] = {
	{ "int8", 1, true }, { "int16", 2, true }, { "int32", 4, true }, { "int64", 8, true },
	{ "uint8", 1, false }, { "uint16", 2, false }, { "uint32", 4, false },
	{ "uint64", 8, false },
	{ "int8_t", 1, true }, { "int16_t", 2, true }, { "int32_t", 4, true },
	{ "int64_t", 8, true },
	{ "uint8_t", 1, false }, { "uint16_t", 2, false }, { "uint32_t", 4, false },
	{ "uint64_t", 8, false },
	{ "s8", 1, true }, { "s16", 2, true }, { "s32", 4, true }, { "s64", 8, true },
	{ "u8", 1, false }, { "u16", 2, false }, { "u32", 4, false }, { "u64", 8, false },
	{ "__s8", 1, true }, { "__s16", 2, true }, { "__s32", 4, true }, { "__s64", 8, true },
	{ "__u8", 1, false }, { "__u16", 2, false }, { "__u32", 4, false }, { "__u64", 8, false },
	{ "__le16", 2, false }, { "__le32", 4, false }, { "__le64", 8, false },
	{ "__be16", 2, false }, { "__be32", 4, false }, { "__be64", 8, false },
	{ "size_t", 8, false }, { "ssize_t", 8, true }, { "off_t", 8, true },
	{ "loff_t", 8, true }, { "uintptr_t", 8, false }, { "intptr_t", 8, true },
	{ "ptrdiff_t", 8, true }, { "pid_t", 4, true }, { "uid_t", 4, false },
	{ "gid_t", 4, false }, { "mode_t", 4, false }, { "umode_t", 2, false },
	{ "dev_t", 4, false }, { "time_t", 8, true }, { "clock_t", 8, true },
	{ "clockid_t", 4, true }, { "timer_t", 4, true }, { "key_t", 4, true },
	{ "key_serial_t", 4, true }, { "mqd_t", 4, true }, { "qid_t", 4, false },
	{ "rwf_t", 4, true }, { "aio_context_t", 8, false }, { "__kernel_old_time_t", 8, true },
	{ "gfp_t", 4, false }, { "fmode_t", 4, false }, { "sector_t", 8, false },
	{ "ushort", 2, false }, { "uint", 4, false }, { "ulong", 8, false },
	{ "uchar", 1, false },
};

/* Words of a C integer type, counted. */
struct c_words {
	unsigned is_unsigned, is_signed, n_long, n_short, n_char, n_int, total;
};

static bool count_word(struct c_words *w, const char *p, size_t n)
{
	static const struct {
		const char *word;
		size_t offset;
	} words[] = {
		{ "unsigned", offsetof(struct c_words, is_unsigned) },
		{ "signed", offsetof(struct c_words, is_signed) },
		{ "long", offsetof(struct c_words, n_long) },
		{ "short", offsetof(struct c_words, n_short) },
		{ "char", offsetof(struct c_words, n_char) },
		{ "int", offsetof(struct c_words, n_int) },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strlen(words[i].word) != n || memcmp(words[i].word, p, n) != 0)
			continue;
		++*(unsigned *)((char *)w + words[i].offset);
		w->total++;
		return true;
	}
	return false;
}

/* "unsigned long int", "char", "long long"; NULL when it is no such list of words. */
static const struct type *c_integer(struct types *ts, const char *name)
{
	struct c_words w = { 0 };
	uint32_t size = 4;

	while (*name) {
		size_t n = strcspn(name, " \t");

		if (n && !count_word(&w, name, n))
			return NULL;
		name += n;
		name += strspn(name, " \t");
	}
	if (!w.total || w.n_long > 2 || w.n_short + w.n_char > 1 || w.n_int > 1 ||
	    w.is_signed + w.is_unsigned > 1 || (w.n_long && w.n_short + w.n_char) ||
	    (w.n_char && w.n_int))
		return NULL;
	if (w.n_char)
		size = 1;
	else if (w.n_short)
		size = 2;
	else if (w.n_long)
		size = 8;
	return type_int(ts, size, !w.is_unsigned);
}

const struct type *types_native(struct types *ts, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(natives) / sizeof(*natives); i++)
		if (strcmp(natives[i].name, name) == 0)
			return type_int(ts, natives[i].size, natives[i].is_signed);
	if (strcmp(name, "bool") == 0 || strcmp(name, "_Bool") == 0)
		return type_bool(ts);
	if (strcmp(name, "void") == 0)
		return type_none(ts);
	return c_integer(ts, name);
}

const struct type *type_by_tag(struct types *ts, enum type_kind kind, const char *tag)
{
	const struct type *own = types_defined_tag(ts, kind, tag);

	if (own)
		return own;
	switch (kind) {
	case TY_STRUCT: return types_btf_named(ts, tag, BTF_KINDS(BTF_KIND_STRUCT));
	case TY_UNION: return types_btf_named(ts, tag, BTF_KINDS(BTF_KIND_UNION));
	case TY_ENUM:
		return types_btf_named(ts, tag,
				       BTF_KINDS(BTF_KIND_ENUM) | BTF_KINDS(BTF_KIND_ENUM64));
	default: return NULL;
	}
}

/* Splits "struct foo" into kind and tag; false when there is no such keyword. */
static bool tag_keyword(const char *name, enum type_kind *kind, const char **tag)
{
	static const struct {
		const char *word;
		enum type_kind kind;
	} words[] = { { "struct", TY_STRUCT }, { "union", TY_UNION }, { "enum", TY_ENUM } };
	size_t i, n;

	for (i = 0; i < 3; i++) {
		n = strlen(words[i].word);
		if (strncmp(name, words[i].word, n) != 0 || !isspace((unsigned char)name[n]))
			continue;
		*kind = words[i].kind;
		*tag = name + n + strspn(name + n, " \t");
		return true;
	}
	return false;
}

const struct type *type_by_name(struct types *ts, const char *name)
{
	const struct type *t = types_native(ts, name);
	enum type_kind kind;
	const char *tag;

	if (t)
		return t;
	if (tag_keyword(name, &kind, &tag))
		return type_by_tag(ts, kind, tag);
	t = types_defined(ts, name);
	for (kind = TY_STRUCT; !t && kind <= TY_ENUM; kind++)
		t = types_defined_tag(ts, kind, name);
	if (t)
		return t;
	/* a plain name is a typedef; as in the probe language, tags may stand without keyword */
	t = types_btf_named(ts, name, BTF_KINDS(BTF_KIND_TYPEDEF));
	if (t)
		return t;
	return types_btf_named(ts, name, BTF_KINDS(BTF_KIND_STRUCT) | BTF_KINDS(BTF_KIND_UNION) |
						 BTF_KINDS(BTF_KIND_ENUM) |
						 BTF_KINDS(BTF_KIND_ENUM64));
}

/* A struct that is only known by name: nobody has its members. */
static const struct type *opaque(struct types *ts, enum type_kind kind, const char *tag)
{
	struct type t = { .kind = kind, .align = 1, .name = tag };

	if (kind == TY_ENUM)
		t.size = t.align = 4;
	return types_intern(ts, &t);
}

static bool is_qualifier(const char *p, size_t n)
{
	static const char *const words[] = { "const", "volatile", "restrict", "__user", "__rcu",
					     "__restrict", "__kernel" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], p, n) == 0)
			return true;
	return false;
}

const struct type *type_by_decl(struct types *ts, const char *decl, enum space space)
{
	const struct type *t;
	enum type_kind kind;
	char base[128];
	size_t len = 0;
	unsigned stars = 0;
	const char *tag;

	/* every word but the qualifiers makes the name, every star a pointer to it */
	while (*decl) {
		size_t n = strcspn(decl, " \t*");

		if (*decl == '*') {
			stars++;
			n = 1;
		} else if (n && !is_qualifier(decl, n)) {
			if (stars || len + n + 2 > sizeof(base))
				return NULL;
			if (len)
				base[len++] = ' ';
			memcpy(base + len, decl, n);
			len += n;
		}
		decl += n;
		decl += strspn(decl, " \t");
	}
	base[len] = 0;
	if (!len || stars > TYPE_MAX_DEPTH)
		return NULL;
	t = type_by_name(ts, base);
	if (!t && tag_keyword(base, &kind, &tag))
		t = opaque(ts, kind, tag);
	if (!t)
		t = stars ? type_none(ts) : NULL;
	for (; t && stars; stars--)
		t = type_ptr(ts, t, space);
	return t;
}
