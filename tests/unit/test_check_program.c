/*
 * The check of whole programs: clauses become programs, types settle over the
 * passes, print(@m) and clear(@m) become pairs.
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

static struct node *checked(struct fixture *f, const char *text)
{
	int file = sources_add(&f->c.sources, "", text, strlen(text));

	assert_true(file > 0);
	f->c.program = parse_program(&f->c, file);
	assert_non_null(f->c.program);
	assert_int_equal(f->c.diags.errors, 0);
	f->result = check_program(&f->c, f->c.program);
	return f->c.program;
}

static const struct map *map_named(const struct node *program, const char *name)
{
	const struct map *m = program->program.maps;

	while (m && strcmp(m->name, name) != 0)
		m = m->next;
	assert_non_null(m);
	return m;
}

/* The n-th statement of the first clause's body, if it is a call. */
static const struct node *call_at(const struct node *program, unsigned n)
{
	const struct node *stmt = program->program.clauses->clause.body->block.stmts;

	while (n--)
		stmt = stmt->next;
	assert_int_equal(stmt->kind, N_EXPR);
	assert_int_equal(stmt->expr.expr->kind, N_CALL);
	return stmt->expr.expr;
}

/* ---- clauses ------------------------------------------------------------ */

static void split_by_provider(void **state)
{
	struct fixture *f = *state;
	const struct node *clause;

	clause = checked(f, "interval:s:1, BEGIN, interval:ms:5 { $x = 1; @ = $x }")
			 ->program.clauses;
	assert_int_equal(f->result, 0);
	assert_string_equal(clause->clause.provider->name, "interval");
	assert_int_equal(node_count(clause->clause.specs), 2);
	assert_int_equal(clause->clause.index, 0);
	assert_int_equal(clause->clause.nvars, 1);
	clause = clause->next;
	assert_string_equal(clause->clause.provider->name, "begin");
	assert_int_equal(node_count(clause->clause.specs), 1);
	assert_int_equal(clause->clause.index, 1);
	assert_int_equal(clause->clause.nvars, 1);
	assert_null(clause->next);
}

static void split_by_arguments(void **state)
{
	struct fixture *f = *state;
	const struct node *clause;

	clause = checked(f, "syscall:read, syscall:write { @ = sum(args.count) }")->program.clauses;
	assert_int_equal(f->result, 0);
	assert_int_equal(node_count(clause), 2);
	assert_string_equal(clause->clause.specs->spec.attach.target, "read");
	assert_string_equal(clause->next->clause.specs->spec.attach.target, "write");
	/* without args both share a program */
	clause = checked(f, "syscall:read, syscall:write { @ = sum(arg2) }")->program.clauses;
	assert_int_equal(node_count(clause), 1);
}

static void expand_by_arguments(void **state)
{
	struct fixture *f = *state;
	const struct node *clause;

	clause = checked(f, "syscall:pread* { @[probe] = sum(args.fd) }")->program.clauses;
	assert_int_equal(f->result, 0);
	assert_true(node_count(clause) >= 2); /* pread64, preadv, preadv2 */
	for (; clause; clause = clause->next) {
		assert_int_equal(node_count(clause->clause.specs), 1);
		assert_memory_equal(clause->clause.specs->spec.attach.full, "syscall:pread", 13);
		assert_null(strchr(clause->clause.specs->spec.attach.full, '*'));
	}
}

static void errors_once(void **state)
{
	struct fixture *f = *state;

	checked(f, "BEGIN, END, interval:s:1 { @ = sum(\"x\") }");
	assert_int_equal(f->result, -22);
	assert_int_equal(f->c.diags.errors, 1);
}

static void parameters_in_probes(void **state)
{
	static const char *const params[] = {"250", "ms"};
	struct fixture *f = *state;
	const struct node *spec;

	f->c.params = params;
	f->c.nparams = 2;
	spec = checked(f, "interval:$2:$1 { @ = count() }")->program.clauses->clause.specs;
	assert_int_equal(f->result, 0);
	assert_string_equal(spec->spec.attach.full, "interval:ms:250");
	assert_true(spec->spec.attach.offset == 250000000);
}

static void variables_are_dense(void **state)
{
	struct fixture *f = *state;
	const struct node *clause;
	unsigned i;

	clause = checked(f, "BEGIN { $a = 1; $b = comm; $a = pid; $c = $b; $d = 1; $e = $d }")
			 ->program.clauses;
	assert_int_equal(f->result, 0);
	assert_int_equal(clause->clause.nvars, 5);
	for (i = 0; i < 5; i++) {
		assert_int_equal(clause->clause.vars[i]->index, i);
		assert_non_null(clause->clause.vars[i]->type);
	}
	assert_string_equal(clause->clause.vars[2]->name, "$c");
	assert_int_equal(clause->clause.vars[2]->type->kind, TY_STRING);
}

/* ---- types over the program --------------------------------------------- */

static void types_from_later_clauses(void **state)
{
	struct fixture *f = *state;
	const struct node *p = checked(f, "BEGIN { $x = @m[\"a\"]; @n = $x } "
					  "END { @m[comm] = (1, \"q\") }");
	const struct map *m = map_named(p, "@m"), *n = map_named(p, "@n");

	assert_int_equal(f->result, 0);
	assert_int_equal(m->nkeys, 1);
	assert_int_equal(m->key->size, 16); /* comm is longer than "a" */
	assert_int_equal(m->value->kind, TY_TUPLE);
	assert_ptr_equal(n->value, m->value);
	assert_null(n->key);
}

static void sign_of_maps(void **state)
{
	struct fixture *f = *state;
	const struct node *p = checked(f, "BEGIN { @a = 0; @a = nsecs; @b = -1; "
					  "@b = nsecs; @c[pid]++; @d = sum(1); "
					  "@d = sum(nsecs); @e = max(-1) }");

	assert_int_equal(f->result, 0);
	assert_false(map_named(p, "@a")->value->is_signed);
	assert_true(map_named(p, "@b")->value->is_signed);
	assert_true(map_named(p, "@c")->value->is_signed);
	assert_false(map_named(p, "@c")->key->is_signed);
	assert_int_equal(map_named(p, "@d")->value->kind, TY_AGG);
	assert_false(map_named(p, "@d")->value->elem->is_signed);
	assert_true(map_named(p, "@e")->value->elem->is_signed);
}

static void keys_of_calls(void **state)
{
	struct fixture *f = *state;
	const struct node *p = checked(f, "BEGIN { delete(@m, (1, \"x\")); @m[2, \"long\"] = 3 }");
	const struct node *call = call_at(p, 0), *map = call->call.args;

	assert_int_equal(f->result, 0);
	assert_int_equal(call->call.nargs, 1);
	assert_true(map->map.keyed);
	assert_int_equal(node_count(map->map.keys), 2);
	assert_int_equal(map->map.map->key->members[1].type->size, 5);
}

static void arrays_as_pointers(void **state)
{
	struct fixture *f = *state;
	const struct node *arg;

	if (!types_have_btf(f->c.types))
		skip();
	arg = call_at(checked(f, "BEGIN { str(((struct task_struct *)curtask)->comm) }"), 0)
		      ->call.args;
	assert_int_equal(f->result, 0);
	assert_int_equal(arg->kind, N_UNARY);
	assert_int_equal(arg->unary.op, OP_ADDR);
	assert_int_equal(arg->type->kind, TY_PTR);
	assert_int_equal(arg->type->space, SP_KERNEL);
}

/* ---- pairs -------------------------------------------------------------- */

static void pair_print_clear(void **state)
{
	struct fixture *f = *state;
	const struct node *p = checked(f, "interval:s:1 { print(@a); time(); clear(@a); "
					  "print(@b); zero(@b) } "
					  "BEGIN { @a = count(); @b[1] = 2 }");

	assert_int_equal(f->result, 0);
	assert_ptr_equal(call_at(p, 0)->call.data, CALL_TAKE);
	assert_ptr_equal(call_at(p, 2)->call.data, CALL_TAKEN);
	assert_ptr_equal(call_at(p, 3)->call.data, CALL_TAKE_ZERO);
	assert_ptr_equal(call_at(p, 4)->call.data, CALL_TAKEN);
	assert_true(map_named(p, "@a")->swap);
	assert_false(map_named(p, "@b")->swap); /* no aggregation */
}

static void no_pair(const char *text, struct fixture *f)
{
	const struct node *p = checked(f, text);

	assert_int_equal(f->result, 0);
	assert_null(call_at(p, 0)->call.data);
}

static void pair_not(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = {
		"END { print(@a); if (pid) { exit() } clear(@a) } BEGIN { @a = count() }",
		"END { print(@a); if (pid) { return } clear(@a) } BEGIN { @a = count() }",
		"END { print(@a); if (pid) { print(@a) } clear(@a) } BEGIN { @a = count() }",
		"END { print(@a); if (pid) { clear(@a) } } BEGIN { @a = count() }",
		"END { print(@a); clear(@b) } BEGIN { @a = count(); @b = count() }",
		"END { clear(@a); print(@a) } BEGIN { @a = count() }",
	};
	unsigned i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		no_pair(texts[i], f);
}

/* Only the last print before the clear takes the rows. */
static void pair_last_print(void **state)
{
	struct fixture *f = *state;
	const struct node *p = checked(f, "END { print(@a); print(@a, 3); clear(@a) } "
					  "BEGIN { @a[1] = 2 }");

	assert_null(call_at(p, 0)->call.data);
	assert_ptr_equal(call_at(p, 1)->call.data, CALL_TAKE);
	assert_ptr_equal(call_at(p, 2)->call.data, CALL_TAKEN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(split_by_provider), TEST(split_by_arguments), TEST(expand_by_arguments),
		TEST(errors_once), TEST(parameters_in_probes), TEST(variables_are_dense),
		TEST(types_from_later_clauses), TEST(sign_of_maps), TEST(keys_of_calls),
		TEST(arrays_as_pointers),
		TEST(pair_print_clear), TEST(pair_not), TEST(pair_last_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
