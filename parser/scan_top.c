/*
 * The top level of a program as tokens: probe specifications, settings, imports,
 * macros and declarations. Predicates and actions are read by scan.c, C text and
 * directives are passed on. Called by parse_program().
 */
#include <string.h>

#include "base/utf8.h"
#include "parser/preamble.h"
#include "parser/probe.tab.h"
#include "parser/scan.h"

#define HINT_PROBE "a program is made of probes and actions: kprobe:vfs_read < @ = count() >"

/* ---- clauses ---- */

/* "name=" before a probe is accepted; the name has no use yet. */
static void skip_label(struct parser *p)
{
	uint32_t at = text_skip_blank(p, p->at), end = text_word(p, at);

	if (end > at && end + 1 < p->len && p->text[end] == '=' && p->text[end + 1] != '=')
		p->at = end + 1;
}

static const char *text_at(struct parser *p, uint32_t at)
{
	struct token t = { T_IDENT, NO_MATCH, { 0 } };
	uint32_t end = text_word(p, at);
	unsigned n;

	if (at >= p->len) {
		t.kind = 0;
	} else if (end == at) {
		n = utf8_length(p->text + at, p->len - at);
		end = at + (n ? n : 1);
	}
	t.loc = parser_loc(p, at, end);
	return parser_token_text(p, &t);
}

/*
 * Something that is neither ',' nor an action follows a probe. True: a
 * further probe, read on; false: the action without its opener was read.
 */
static bool scan_after_spec(struct parser *p, uint32_t at)
{
	struct token *spec = &p->tokens.v[p->tokens.n - 1];
	uint32_t end = spec->loc.offset + spec->loc.length, stop = text_word(p, at);
	struct loc loc = parser_loc(p, at, stop > at ? stop : at + (at < p->len));

	if (at >= p->len) {
		parser_error(p, TAG_SYNTAX, spec->loc, HINT_ACTION,
			"expected '{' or '<' before the end of the text");
		scan_open_bracket(p, '?', scan_push(p, T_OPEN, loc));
		scan_end_action(p, loc);
		return false;
	}
	if (stop > at && p->text[end - 1] == ':') {
		parser_error(p, TAG_SYNTAX, loc, "a probe is written without blanks",
			"expected '{' or '<' before %s", text_at(p, at));
		p->at = stop;
		return true;
	}
	if (text_starts_item(p, at)) {
		parser_error(p, TAG_SYNTAX, loc,
			"probes that share an action are separated by commas",
			"expected ',', '/', '{' or '<' before %s", text_at(p, at));
		return true;
	}
	parser_error(
		p, TAG_SYNTAX, loc, HINT_ACTION, "expected '{' or '<' before %s", text_at(p, at));
	scan_body_without_opener(p, at);
	return false;
}

/* The list of probes; true when a predicate or an action is to come. */
static bool scan_specs(struct parser *p)
{
	bool comma = true; /* or the beginning */

	for (;;) {
		uint32_t at = text_skip_blank(p, p->at);
		struct token t;

		if (at < p->len && !comma && strchr("{</", p->text[at]) && p->text[at])
			return true;
		if (at < p->len && !comma && p->text[at] == ',') {
			p->at = at + 1;
			comma = true;
			continue;
		}
		/* a comma may trail */
		if (at < p->len && p->text[at] && strchr("{</", p->text[at]))
			return true;
		if (!comma) {
			if (!scan_after_spec(p, at))
				return false;
			if (p->at > at)
				continue;
		}
		skip_label(p);
		t = scan_token(p, LEX_TOP);
		if (t.kind != T_SPEC) {
			if (!parser_is_quiet(p, at))
				parser_error(p, TAG_SYNTAX, t.loc, HINT_PROBE,
					"expected a probe before %s", parser_token_text(p, &t));
			p->at = text_skip_junk(p, p->at);
			return false;
		}
		scan_push(p, T_SPEC, t.loc);
		comma = false;
	}
}

/* From the predicate or action of a clause on. */
static void scan_rest(struct parser *p)
{
	struct token t = scan_token(p, LEX_TOP);

	if (t.kind == '/') {
		if (!scan_predicate(p, scan_push(p, T_PRED_OPEN, t.loc)))
			return;
		t = scan_token(p, LEX_TOP);
	}
	if (t.kind != '{' && t.kind != '<') { /* only after an error that ended the text */
		scan_body_without_opener(p, t.loc.offset);
		return;
	}
	scan_open_bracket(p, (char)t.kind, scan_push(p, T_OPEN, t.loc));
	scan_body(p);
}

static void scan_clause(struct parser *p)
{
	size_t start = p->tokens.n, quiet = p->quiet.n;

	p->brackets.n = 0;
	p->pending.n = p->pending_at = 0;
	if (!scan_specs(p)) {
		/* without an action there is no clause */
		if (p->tokens.n && p->tokens.v[p->tokens.n - 1].kind != T_CLOSE)
			p->tokens.n = start;
		return;
	}
	scan_rest(p);
	/* what a broken string made doubtful ends with its clause */
	for (; quiet < p->quiet.n; quiet++)
		if (p->quiet.v[quiet].to > p->len && p->at < p->len)
			p->quiet.v[quiet].to = p->at;
}

/* ---- top level ---- */

/* C text from at to end; one token for all that stands together. */
static void scan_c(struct parser *p, uint32_t at, uint32_t end)
{
	struct token *last = p->tokens.n ? &p->tokens.v[p->tokens.n - 1] : NULL;

	if (last && last->kind == T_CTEXT)
		last->loc = parser_loc(p, last->loc.offset, end);
	else
		scan_push(p, T_CTEXT, parser_loc(p, at, end));
	p->at = end;
}

static void junk_before(struct parser *p, uint32_t at, const char *expected, const char *hint)
{
	uint32_t end = text_word(p, at);

	if (end == at)
		end = at + (at < p->len);
	parser_error(p, TAG_SYNTAX, parser_loc(p, at, end), hint, "expected %s before %s", expected,
		text_at(p, at));
}

/* Takes a byte when it comes next. */
static bool take(struct parser *p, char c)
{
	uint32_t at = text_skip_blank(p, p->at);

	if (at >= p->len || p->text[at] != c)
		return false;
	p->at = at + 1;
	return true;
}

/* "config = {" is read here, the settings as an action's statements. */
static void scan_config(struct parser *p, uint32_t at)
{
	struct token t;

	scan_push(p, T_CONFIG, parser_loc(p, at, text_word(p, at)));
	p->at = text_word(p, at);
	if (!take(p, '='))
		junk_before(p, text_skip_blank(p, p->at), "'='", "config = { max_strlen = 64 }");
	t = scan_token(p, LEX_TOP);
	if (t.kind != '{') {
		junk_before(p, t.loc.offset, "'{'", "config = { max_strlen = 64 }");
		p->tokens.n--;
		p->at = text_skip_junk(p, t.loc.offset);
		return;
	}
	scan_open_bracket(p, '{', scan_push(p, T_OPEN, t.loc));
	scan_body(p);
	take(p, ';');
}

/* import "file"; */
static void scan_import(struct parser *p, uint32_t at)
{
	struct token t;

	scan_push(p, T_IMPORT, parser_loc(p, at, text_word(p, at)));
	p->at = text_word(p, at);
	t = scan_token(p, LEX_CODE);
	if (t.kind != T_STRING) {
		if (t.kind != T_BAD_STRING)
			junk_before(p, t.loc.offset, "a string", "import \"file\";");
		p->tokens.n--;
		p->at = text_skip_junk(p, t.loc.offset);
		return;
	}
	scan_push(p, T_STRING, t.loc);
	if (!take(p, ';'))
		junk_before(p, text_skip_blank(p, p->at), "';'", NULL);
}

/* A macro's name and parameters up to its body, or a map's declaration up to its ';'. */
static bool scan_head(struct parser *p, char end)
{
	uint32_t brackets[8];
	unsigned depth = 0;

	for (;;) {
		uint32_t at = text_skip_blank(p, p->at);
		struct token t;

		if (at >= p->len || text_starts_known_probe(p, at) ||
			(strchr("{};", p->text[at]) && p->text[at] != end)) {
			junk_before(p, at, end == ';' ? "';'" : "'{'", NULL);
			return false;
		}
		t = scan_token(p, LEX_CODE);
		if (t.kind == end) {
			scan_back(p, t);
			return true;
		}
		if (t.kind == T_IDENT)
			t.kind = scan_keyword(p, t.loc);
		if (t.kind)
			scan_push(p, t.kind, t.loc);
		if (t.kind == '(') {
			brackets[depth++ % 8] = (uint32_t)p->tokens.n - 1;
		} else if (t.kind == ')' && depth) {
			uint32_t open = brackets[--depth % 8];

			p->tokens.v[open].match = (uint32_t)p->tokens.n - 1;
			p->tokens.v[p->tokens.n - 1].match = open;
		}
	}
}

/* The head and the body of a macro or a function. */
static void scan_definition(struct parser *p, uint32_t at, int word)
{
	size_t start = p->tokens.n;
	struct token t;

	scan_push(p, word, parser_loc(p, at, text_word(p, at)));
	p->at = text_word(p, at);
	if (!scan_head(p, '{')) {
		p->tokens.n = start;
		p->at = text_skip_junk(p, p->at);
		return;
	}
	t = scan_token(p, LEX_CODE);
	scan_open_bracket(p, '{', scan_push(p, T_OPEN, t.loc));
	scan_body(p);
}

/* let @m = hash(100); */
static void scan_let(struct parser *p, uint32_t at)
{
	size_t start = p->tokens.n;
	struct token t;

	scan_push(p, T_LET, parser_loc(p, at, text_word(p, at)));
	p->at = text_word(p, at);
	if (!scan_head(p, ';')) {
		p->tokens.n = start;
		return;
	}
	t = scan_token(p, LEX_CODE);
	scan_push(p, ';', t.loc);
}

static void scan_item(struct parser *p, uint32_t at, enum top_kind kind)
{
	p->brackets.n = 0;
	p->pending.n = p->pending_at = 0;
	switch (kind) {
	case TOP_DIRECTIVE: scan_c(p, at, preamble_directive(p, at)); break;
	case TOP_CONFIG: scan_config(p, at); break;
	case TOP_IMPORT: scan_import(p, at); break;
	case TOP_MACRO: scan_definition(p, at, T_MACRO); break;
	case TOP_FN: scan_definition(p, at, T_FN); break;
	case TOP_LET: scan_let(p, at); break;
	default: /* C */
		vec_push(&p->declarations, at);
		scan_c(p, at, text_skip_item(p, at, kind));
		break;
	}
}

static void skip_junk(struct parser *p, uint32_t at)
{
	uint32_t end = text_word(p, at), next;
	bool closer = strchr(")]}>", p->text[at]) && p->text[at];

	if (end == at)
		end = at + (utf8_length(p->text + at, p->len - at) ?: 1);
	if (closer)
		parser_error(p, TAG_SYNTAX, parser_loc(p, at, end), NULL, "%s closes nothing",
			text_at(p, at));
	else
		parser_error(p, TAG_SYNTAX, parser_loc(p, at, end), HINT_PROBE,
			"expected a probe before %s", text_at(p, at));
	next = text_skip_blank(p, at + 1);
	if (closer && (next >= p->len || text_starts_item(p, next)))
		p->at = at + 1;
	else
		p->at = text_skip_junk(p, at);
}

void scan_all(struct parser *p)
{
	if (p->len >= 2 && p->text[0] == '#' && p->text[1] == '!') {
		const char *end = memchr(p->text, '\n', p->len);

		p->at = end ? (uint32_t)(end - p->text) : p->len;
	}
	for (;;) {
		uint32_t at;
		enum top_kind kind;

		at = text_skip_blank(p, p->at);
		if (at >= p->len)
			break;
		if (p->text[at] == '/' && at + 1 < p->len && p->text[at + 1] == '*') {
			scan_token(p, LEX_TOP); /* reports the comment that is never closed */
			continue;
		}
		kind = text_classify(p, at);
		if (kind == TOP_CLAUSE) {
			scan_clause(p);
		} else if (kind == TOP_JUNK) {
			skip_junk(p, at);
		} else {
			scan_item(p, at, kind);
		}
	}
	preamble_close(p);
	scan_push(p, 0, parser_loc(p, p->len, p->len));
}
