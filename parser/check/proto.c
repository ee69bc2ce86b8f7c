/*
 * Prototype strings of units: "name(kind name, kind name[, kind name]) result"
 * and, of variables, "name result". Parsed at each use: they are short, and a
 * table would be one more thing to keep.
 */
#include <ctype.h>
#include <string.h>

#include "parser/check/internal.h"

static const struct {
	const char *name, *text;
} kinds[PK_COUNT] = {
	[PK_INT] = {"int", "an integer"},
	[PK_STRING] = {"string", "a string"},
	[PK_STRLIT] = {"strlit", "a string literal"},
	[PK_INTLIT] = {"intlit", "a constant integer"},
	[PK_PTR] = {"ptr", "a pointer or an integer"},
	[PK_MAP] = {"map", "a map"},
	[PK_MAPKEY] = {"mapkey", "a map"},
	[PK_KEY] = {"key", "a key of the map"},
	[PK_WORD] = {"word", "a name"},
	[PK_ANY] = {"any", "a value"},
	[PK_TYPE] = {"type", "a type"},
};

const char *proto_kind_text(enum param_kind kind)
{
	return kinds[kind].text;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

static size_t word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static bool find_kind(const char *p, size_t len, enum param_kind *kind)
{
	unsigned i;

	for (i = 0; i < PK_COUNT; i++) {
		if (strlen(kinds[i].name) == len && strncmp(kinds[i].name, p, len) == 0) {
			*kind = i;
			return true;
		}
	}
	return false;
}

/* One parameter, "kind name"; the name may be left out. NULL when it is none. */
static const char *parse_param(const char *p, struct proto *out, bool optional)
{
	size_t len;

	if (strncmp(p, "...", 3) == 0) {
		out->rest = true;
		return p + 3;
	}
	len = word_length(p);
	if (out->n == CHECK_MAX_PARAMS || !find_kind(p, len, &out->param[out->n].kind))
		return NULL;
	out->param[out->n].optional = optional;
	out->n++;
	if (!optional)
		out->required = out->n;
	p = skip_blanks(p + len);
	return p + word_length(p);
}

/* What stands between the parentheses; returns the ')' or NULL. */
static const char *parse_params(const char *p, struct proto *out)
{
	bool optional = false;

	for (;;) {
		while (*p == ' ' || *p == ',' || *p == '[' || *p == ']') {
			if (*p == '[')
				optional = true;
			p++;
		}
		if (*p == ')')
			return p;
		p = parse_param(p, out, optional);
		if (!p)
			return NULL;
	}
}

bool proto_parse(const char *text, struct proto *p)
{
	size_t len;

	memset(p, 0, sizeof(*p));
	text += word_length(text);
	if (*text == '(') {
		text = parse_params(text + 1, p);
		if (!text)
			return false;
		text++;
	}
	text = skip_blanks(text);
	len = strlen(text);
	if (len >= sizeof(p->result))
		return false;
	memcpy(p->result, text, len + 1);
	return true;
}

const struct type *proto_result(struct check *k, const struct proto *p)
{
	const char *r = p->result;

	if (!*r || strcmp(r, "-") == 0)
		return NULL;
	if (strcmp(r, "none") == 0)
		return type_none(k->types);
	if (strcmp(r, "bool") == 0)
		return type_bool(k->types);
	if (strcmp(r, "string") == 0)
		return type_string(k->types, (uint32_t)k->c->options.v[OPT_MAX_STRLEN]);
	return type_by_name(k->types, r);
}
