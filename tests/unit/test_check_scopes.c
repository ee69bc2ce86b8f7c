/*
 * Scopes of variables and what loops capture, as the code generator finds them;
 * macros and declared maps in the typed tree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parser/check/check.h"

struct fixture {
	struct compile c;
	int result;
};

static int set_up(void **state)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	f->c.arena = f->c.sources.arena = f->c.diags.arena = a;
	f->c.diags.sources = &f->c.sources;
	f->c.types = types_new(a);
	options_defaults(&f->c.options);
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

static const struct node *checked(struct fixture *f, const char *text)
{
	int file = sources_add(&f->c.sources, "", text, strlen(text));

	assert_true(file > 0);
	f->c.program = parse_program(&f->c, file);
	assert_non_null(f->c.program);
	assert_int_equal(f->c.diags.errors, 0);
	f->result = check_program(&f->c, f->c.program);
	assert_int_equal(f->result, 0);
	return f->c.program;
}

static const struct node *statement(const struct node *program, unsigned n)
{
	const struct node *s = program->program.clauses->clause.body->block.stmts;

	while (n--)
		s = s->next;
	return s;
}

static const struct capture *captured(const struct capture *c, const char *name)
{
	while (c && strcmp(c->var->name, name) != 0)
		c = c->next;
	return c;
}

static unsigned count_captures(const struct capture *c)
{
	unsigned n = 0;

	for (; c; c = c->next)
		n++;
	return n;
}

/* ---- loops -------------------------------------------------------------- */

static void captures(void **state)
{
	const struct node *p = checked(*state,
		"BEGIN { $a = 1; $b = 2; $c = 3; for $i : 0..9 { $own = $i; $b += $a + $own } }");
	const struct node *loop = statement(p, 3);

	assert_int_equal(loop->kind, N_FOR);
	assert_int_equal(count_captures(loop->each.captures), 2);
	assert_false(captured(loop->each.captures, "$a")->written);
	assert_true(captured(loop->each.captures, "$b")->written);
	assert_string_equal(loop->each.var->name, "$i");
	assert_ptr_equal(loop->each.var->home, loop);
}

/* What the inner loop uses from outside of both passes through the outer one. */
static void captures_nested(void **state)
{
	const struct node *p = checked(*state,
		"BEGIN { $a = 1; for $i : 0..9 { $m = 0; while ($m < $i) { $m++; $a += 1 } } }");
	const struct node *outer = statement(p, 1), *inner = outer->each.body->block.stmts->next;

	assert_int_equal(inner->kind, N_WHILE);
	assert_int_equal(count_captures(outer->each.captures), 1);
	assert_true(captured(outer->each.captures, "$a")->written);
	assert_int_equal(count_captures(inner->loop.captures), 3);
	assert_true(captured(inner->loop.captures, "$m")->written);
	assert_false(captured(inner->loop.captures, "$i")->written);
	assert_ptr_equal(captured(inner->loop.captures, "$m")->var->home, outer);
}

/* The body of unroll is lowered where it stands. */
static void no_captures(void **state)
{
	const struct node *p = checked(*state, "BEGIN { $a = 1; unroll(3) { $b = $a; $a++ } }");
	const struct node *loop = statement(p, 1);

	assert_int_equal(loop->kind, N_UNROLL);
	assert_int_equal(loop->unroll.count->num.value, 3);
	assert_null(p->program.clauses->clause.vars[1]->home);
}

static void element_of_map(void **state)
{
	const struct node *p = checked(*state, "BEGIN { @[1, \"ab\"] = sum(-1); "
					       "for ($kv : @) { $k = $kv.0; $v = $kv.1 } }");
	const struct type *t = statement(p, 1)->each.var->type;

	assert_int_equal(t->kind, TY_TUPLE);
	assert_int_equal(t->nmembers, 2);
	assert_int_equal(t->members[0].type->kind, TY_TUPLE);
	assert_int_equal(t->members[1].type->kind, TY_INT);
	assert_true(t->members[1].type->is_signed);
}

/* ---- scopes ------------------------------------------------------------- */

static void scopes(void **state)
{
	const struct node *clause = checked(*state,
		"BEGIN { let $x = 1; if (pid) { let $x = \"s\"; } else { $y = 1 } $y = 2; }")
					    ->program.clauses;

	assert_int_equal(clause->clause.nvars, 3); /* both $x, one $y */
	assert_int_equal(clause->clause.vars[0]->type->kind, TY_INT);
	assert_int_equal(clause->clause.vars[1]->type->kind, TY_STRING);
	assert_string_equal(clause->clause.vars[1]->name, "$x");
}

static void other_types_in_other_blocks(void **state)
{
	const struct node *clause = checked(*state,
		"BEGIN { if (pid) { $x = 1 } else { $x = \"s\" } }")->program.clauses;

	assert_int_equal(clause->clause.nvars, 2);
}

/* ---- macros and maps ---------------------------------------------------- */

static void macro_variables(void **state)
{
	const struct node *p = checked(*state,
		"macro f($v, x) { let $t = x; $v += $t; $v } BEGIN { $t = 1; $u = f($t, 2); }");
	const struct node *value = statement(p, 1)->assign.value;

	assert_int_equal(value->kind, N_BLOCKEXPR);
	assert_string_not_equal(value->blockexpr.stmts->let.target->var.name, "$t");
	assert_string_equal(value->blockexpr.result->var.name, "$t");
}

static void declared_maps(void **state)
{
	const struct map *m = checked(*state,
		"let @m = lruhash(100); let @unused = hash(3); BEGIN { @m[1] = 1; @n = 2 }")
				      ->program.maps;

	assert_int_equal(m->decl, MAP_LRUHASH);
	assert_int_equal(m->max_entries, 100);
	assert_int_equal(m->next->decl, MAP_UNDECLARED);
	assert_null(m->next->next);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(captures), TEST(captures_nested), TEST(no_captures), TEST(element_of_map),
		TEST(scopes), TEST(other_types_in_other_blocks),
		TEST(macro_variables), TEST(declared_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
