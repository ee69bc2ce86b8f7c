/* A verifier log becomes a diagnostic at the source: a compiled object, a made-up log. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/rt_internal.h"

struct seen {
	unsigned n, notes, line, column;
	char tag[64], message[512];
};

static void remember(void *user, const struct bcct_diag *d)
{
	struct seen *s = user;

	if (d->severity == BCCT_NOTE) {
		s->notes++;
		return;
	}
	s->n++;
	s->line = d->line;
	s->column = d->column;
	snprintf(s->tag, sizeof(s->tag), "%s", d->tag);
	snprintf(s->message, sizeof(s->message), "%s", d->message);
}

static struct bcct *compiled(struct seen *seen, int verbose)
{
	static const char text[] = "BEGIN\n{\n\t@x = nsecs;\n\t@y[pid] = cpu;\n}\n";
	struct bcct_options o = {.size = sizeof(o), .user = seen, .diag = remember,
				 .verbose = verbose};
	struct bcct *b = bcct_new(&o);

	assert_int_equal(bcct_compile(b, "", text, strlen(text)), 0);
	assert_int_equal(object_open_bpf(b->rt), 0);
	return b;
}

/* Writes the logs as libbpf and the kernel leave them. */
static void set_logs(struct bcct *b, const char *kernel)
{
	char text[256];
	int n = snprintf(text, sizeof(text),
			 "libbpf: prog '%s': BPF program load failed: Permission denied\n",
			 b->rt->m->programs.v[0].symbol);

	buf_put(&b->rt->libbpf_log, text, (size_t)n + 1);
	assert_non_null(b->rt->verifier_log);
	strcpy(b->rt->verifier_log, kernel);
}

static void rejection_has_a_place(void **state)
{
	struct seen seen = {0};
	struct bcct *b = compiled(&seen, 1);

	(void)state;
	set_logs(b, "0: (85) call bpf_ktime_get_boot_ns#125\n"
		    "invalid mem access 'scalar'\nprocessed 1 insns\n");
	assert_true(verifier_explain(b->rt, -EACCES));
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.notes, 1);
	assert_string_equal(seen.tag, diag_tag_name(TAG_VERIFIER));
	assert_int_equal(seen.line, 3);
	assert_non_null(strstr(seen.message, "must be read with a helper"));
	bcct_free(b);
}

static void log_too_long(void **state)
{
	struct seen seen = {0};
	struct bcct *b = compiled(&seen, 0);

	(void)state;
	set_logs(b, "0: (b7) r0 = 0\n1: (05) goto pc+0\n");
	assert_true(verifier_explain(b->rt, -ENOSPC));
	assert_int_equal(seen.notes, 0);
	assert_non_null(strstr(seen.message, "too many steps"));
	assert_int_equal(seen.line, 1);
	bcct_free(b);
}

/* A program refused before it was verified is no matter of the verifier. */
static void no_rejection(void **state)
{
	struct seen seen = {0};
	struct bcct *b = compiled(&seen, 0);

	(void)state;
	set_logs(b, "");
	assert_false(verifier_explain(b->rt, -EPERM));
	assert_int_equal(seen.n, 0);
	bcct_free(b);
}

static void missing_features(void **state)
{
	struct seen seen = {0};
	struct bcct *b = compiled(&seen, 0);

	(void)state;
	b->rt->m->needs = NEEDS(BPF_LOOP) | NEEDS(FUNC_IP);
	b->rt->features[FEAT_BPF_LOOP] = PROBE_NO;
	b->rt->features[FEAT_FUNC_IP] = PROBE_YES;
	assert_int_equal(features_explain(b->rt, -EINVAL), 1);
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.tag, diag_tag_name(TAG_FEATURE));
	assert_non_null(strstr(seen.message, "'bpf_loop'"));
	/* what has another cause is not put down to features */
	assert_int_equal(features_explain(b->rt, -EPERM), 0);
	assert_int_equal(seen.n, 1);
	bcct_free(b);
}

static void lines_of_instructions(void **state)
{
	struct seen seen = {0};
	struct bcct *b = compiled(&seen, 0);
	const char *symbol = b->rt->m->programs.v[0].symbol;
	unsigned last = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		unsigned line = lineinfo_find(b->object.data, b->object.len, symbol, i);

		assert_true(line <= b->rt->m->lines.n);
		last = line > last ? line : last;
	}
	assert_true(last > 1);
	assert_int_equal(lineinfo_find(b->object.data, b->object.len, "nothing", 0), 0);
	assert_int_equal(lineinfo_find(b->object.data, b->object.len, symbol, -1), 0);
	/* a cut image is no place to read from */
	for (size_t n = 0; n < b->object.len; n += 97)
		lineinfo_find(b->object.data, n, symbol, 3);
	bcct_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejection_has_a_place),
		cmocka_unit_test(log_too_long),
		cmocka_unit_test(no_rejection),
		cmocka_unit_test(missing_features),
		cmocka_unit_test(lines_of_instructions),
	};

	return cmocka_run_group_tests_name("runtime verdict", tests, NULL, NULL);
}
