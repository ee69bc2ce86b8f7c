/* For the tests of BPF C: a text, its tree as a dump, its diagnostics. No kernel types. */
#ifndef TESTS_UNIT_CPARSE_H
#define TESTS_UNIT_CPARSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "parser/c/c.h"

struct fixture {
	struct compile c;
	struct node *unit;
};

static int set_up(void **state)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	setenv("BCCT_BTF", "/nowhere", 1);
	f->c.arena = f->c.sources.arena = f->c.diags.arena = a;
	f->c.diags.sources = &f->c.sources;
	f->c.types = types_new(a);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	struct arena *a = f->c.arena;

	types_close(f->c.types);
	arena_free(a);
	return 0;
}

static void forget(struct fixture *f)
{
	f->c.diags.first = f->c.diags.last = NULL;
	f->c.diags.errors = f->c.diags.warnings = 0;
}

static struct node *parse_text(struct fixture *f, const char *text)
{
	int file = sources_add(&f->c.sources, "", text, strlen(text));

	assert_true(file > 0);
	forget(f);
	f->unit = c_parse(&f->c, file, NULL);
	assert_non_null(f->unit);
	return f->unit;
}

static void show_diags(const struct fixture *f)
{
	const struct diag *d;

	for (d = f->c.diags.first; d; d = d->next) {
		char *text = diag_render(&f->c.sources, d, false);

		print_error("%s", text);
		free(text);
	}
}

/* The dump with every run of blanks as one. */
static const char *dump_text(struct fixture *f)
{
	struct buf b = {0};
	char *out, *q;
	size_t i;

	node_dump(&b, f->unit);
	out = q = arena_alloc(f->c.arena, b.len + 1);
	for (i = 0; i < b.len; i++) {
		bool blank = b.data[i] == ' ' || b.data[i] == '\n';

		if (!blank || (q > out && q[-1] != ' '))
			*q++ = blank ? ' ' : (char)b.data[i];
	}
	*q = '\0';
	buf_free(&b);
	return out;
}

static void has(struct fixture *f, const char *part)
{
	const char *text = dump_text(f);

	if (!strstr(text, part))
		print_error("not there: %s\nin: %s\n", part, text);
	assert_non_null(strstr(text, part));
}

static bool has_tag(const struct fixture *f, enum diag_level level, enum diag_tag tag)
{
	const struct diag *d;

	for (d = f->c.diags.first; d; d = d->next)
		if (d->level == level && d->tag == tag)
			return true;
	return false;
}

#endif
