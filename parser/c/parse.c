/*
 * Parses one source of BPF C. Called by the compiler's driver.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/c/parse.h"
#include "parser/c.tab.h"

/* Nodes below each other: what the check and the code generator recurse through. */
static unsigned nesting(struct node *n, unsigned depth, struct node **deepest)
{
	unsigned most = depth, i;

	if (depth > C_MAX_NESTING)
		return depth;
	for (; n; n = n->next) {
		struct node **c[NODE_C_CHILDREN];
		unsigned heads = node_c_children(n, c), d;

		for (i = 0; i < heads; i++) {
			d = *c[i] ? nesting(*c[i], depth + 1, deepest) : depth;
			if (d > most)
				most = d;
			if (d > C_MAX_NESTING && !*deepest)
				*deepest = n;
		}
	}
	return most;
}

static void parse(struct c_parser *p)
{
	struct node *deepest = NULL;

	c_scope_push(p);
	c_yy_parse(p);
	if (nesting(p->unit->cunit.items, 0, &deepest) > C_MAX_NESTING && deepest) {
		diag_error(&p->c->diags, TOO_DEEP, deepest->loc, "nested more than %d deep",
			   C_MAX_NESTING);
		p->unit->cunit.items = NULL;
	}
	while (p->scopes.n)
		strmap_free(p->scopes.v[--p->scopes.n]);
	vec_free(&p->scopes);
	vec_free(&p->brackets);
}

static struct node *run(struct compile *c, struct cpp *cpp, struct cpp_token *tokens, int file)
{
	struct c_parser p = {.c = c, .arena = c->arena, .cpp = cpp, .at = tokens};
	struct c_place start = {{(unsigned)file & 0xff, 0, c->sources.file[file].len}, 0};

	p.unit = c_node(&p, N_CUNIT, start);
	start.loc.offset = start.loc.length & SOURCE_MAX_BYTES;
	start.loc.length = 0;
	p.end = start;
	parse(&p);
	return p.unit;
}

struct node *c_parse(struct compile *c, int file, const struct c_options *opt)
{
	struct cpp cpp;
	struct cpp_token *tokens = cpp_run(&cpp, c, file, opt);
	struct node *unit = run(c, &cpp, tokens, file);

	unit->cunit.unit = c_unit_new(c, &cpp, (unsigned)file);
	cpp_free(&cpp);
	return unit;
}

struct node *c_parse_builtin(struct compile *c, const char *text)
{
	int file = sources_add(&c->sources, "<built-in>", text, strlen(text));
	struct cpp cpp = {.c = c, .arena = c->arena};
	struct node *unit;

	if (file < 0)
		return NULL;
	cpp.main_file = (unsigned)file;
	unit = run(c, &cpp, cpp_tokenize(&cpp, file), file);
	cpp_free(&cpp);
	return unit;
}
