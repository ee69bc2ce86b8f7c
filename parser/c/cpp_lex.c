/*
 * From a source's text to preprocessing tokens: line continuations and parts
 * that are not C are taken out first, then flex cuts the rest into tokens.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/c/cpp_lex.h"

/* The text as it is lexed, and where a byte of it stood. */
struct spliced {
	char *text;
	uint32_t len;
	VEC(uint32_t) cuts;   /* offsets in text before which bytes are missing … */
	VEC(uint32_t) missing; /* … and how many up to there */
};

static uint32_t original(const struct spliced *s, uint32_t offset)
{
	size_t low = 0, high = s->cuts.n;

	/* the number of cuts at or before offset */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (s->cuts.v[middle] <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return offset + (low ? s->missing.v[low - 1] : 0);
}

/* Parts that are not C. A declaration ends before one, also without its own semicolon. */
static void blank(const struct cpp *p, int file, char *text, uint32_t len)
{
	unsigned i;
	uint32_t at, end;
	char with;

	if (!p->opt || (unsigned)file != p->main_file)
		return;
	for (i = 0; i < p->opt->nskip; i++) {
		at = p->opt->skip[i].offset;
		end = at + p->opt->skip[i].length;
		for (with = ';'; at < end && at < len; at++) {
			if (text[at] == '\n')
				continue;
			text[at] = with;
			with = ' ';
		}
	}
}

/* Backslash and newline vanish; blanks may stand between them. */
static void splice(struct spliced *s)
{
	uint32_t in = 0, out = 0;

	while (in < s->len) {
		uint32_t end = in + 1;

		if (s->text[in] == '\\') {
			while (end < s->len && (s->text[end] == ' ' || s->text[end] == '\t' ||
						s->text[end] == '\r'))
				end++;
			if (end < s->len && s->text[end] == '\n') {
				in = end + 1;
				vec_push(&s->cuts, out);
				vec_push(&s->missing, in - out);
				continue;
			}
		}
		s->text[out++] = s->text[in++];
	}
	s->len = out;
}

const char *cpp_intern(struct cpp *p, const char *text, size_t len)
{
	char small[128], *key = small;
	const char *found;

	if (len >= sizeof(small))
		return arena_strndup(p->arena, text, len);
	memcpy(small, text, len);
	small[len] = '\0';
	found = strmap_get(&p->names, small);
	if (!found) {
		key = arena_strndup(p->arena, text, len);
		strmap_put(&p->names, key, key);
		found = key;
	}
	return found;
}

struct cpp_token *cpp_token_new(struct cpp *p, enum cpp_kind kind, const char *text, size_t len,
				const struct cpp_token *like)
{
	struct cpp_token *t = arena_new_of(p->arena, struct cpp_token);

	t->kind = kind;
	t->len = (uint32_t)len;
	t->text = kind == CPP_IDENT || kind == CPP_PUNCT ? cpp_intern(p, text, len) :
							   arena_strndup(p->arena, text, len);
	if (like) {
		t->loc = like->loc;
		t->space = like->space;
		t->bol = like->bol;
		t->expansion = like->expansion;
	}
	if (++p->made == CPP_MAX_TOKENS) {
		diag_error(&p->c->diags, TOO_LARGE, t->loc, "more than %d tokens after expansion",
			   CPP_MAX_TOKENS);
		cpp_notes(p, t->expansion);
		p->stopped = true;
	}
	return t;
}

struct cpp_token *cpp_token_copy(struct cpp *p, const struct cpp_token *t)
{
	struct cpp_token *n = arena_new_of(p->arena, struct cpp_token);

	*n = *t;
	n->next = NULL;
	if (++p->made == CPP_MAX_TOKENS) {
		diag_error(&p->c->diags, TOO_LARGE, t->loc, "more than %d tokens after expansion",
			   CPP_MAX_TOKENS);
		cpp_notes(p, t->expansion);
		p->stopped = true;
	}
	return n;
}

static struct loc place(const struct spliced *s, int file, uint32_t start, uint32_t end)
{
	struct loc loc = { 0 };
	uint32_t from = original(s, start);

	loc.file = (unsigned)file & 0xff;
	loc.offset = from & SOURCE_MAX_BYTES;
	loc.length = end > start ? original(s, end - 1) + 1 - from : 0;
	return loc;
}

static struct cpp_token *lex_all(struct cpp *p, const struct spliced *s, int file)
{
	struct cpp_lexer l = { .bol = true };
	struct cpp_token *head = NULL, **tail = &head, *t;
	int kind = CPP_END;

	if (cpp_lexer_open(&l, s->text, s->len) == 0) {
		while (!p->stopped && (kind = cpp_flex(l.flex)) != CPP_END) {
			t = cpp_token_new(p, (enum cpp_kind)kind, s->text + l.start,
					  l.end - l.start, NULL);
			t->loc = place(s, file, l.start, l.end);
			t->space = l.space;
			t->bol = l.bol;
			l.space = l.bol = false;
			if (l.unclosed) {
				t->loc.length = 2;
				diag_error(&p->c->diags, UNCLOSED, t->loc,
					   "this comment is never closed");
				diag_hint(&p->c->diags, "a comment ends with '*/'");
				break;
			}
			*tail = t;
			tail = &t->next;
		}
	}
	cpp_lexer_close(&l);
	*tail = t = cpp_token_new(p, CPP_END, "", 0, NULL);
	t->loc = place(s, file, s->len, s->len);
	t->bol = true;
	return head;
}

struct cpp_token *cpp_tokenize(struct cpp *p, int file)
{
	const struct source *src = &p->c->sources.file[file];
	struct spliced s = { 0 };
	struct cpp_token *list;
	char *nul;

	s.len = src->len;
	s.text = malloc(s.len + 1);
	if (!s.text)
		abort();
	memcpy(s.text, src->text, s.len);
	s.text[s.len] = '\0';
	while ((nul = memchr(s.text, '\0', s.len)))
		*nul = ' ';
	blank(p, file, s.text, s.len);
	splice(&s);
	list = lex_all(p, &s, file);
	free(s.text);
	vec_free(&s.cuts);
	vec_free(&s.missing);
	return list;
}
