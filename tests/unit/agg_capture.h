/* Value events of an aggregation, captured through a handle's callback. */
#ifndef TESTS_UNIT_AGG_CAPTURE_H
#define TESTS_UNIT_AGG_CAPTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "include/bcct.h"
#include "lib/rt.h"
#include "runtime/handle.h"

#define CAPTURE_MAX 4096

struct capture {
	struct bcct *b;
	struct bcct_event v[CAPTURE_MAX];
	unsigned n;
};

static inline void capture_event(void *user, const struct bcct_event *e)
{
	struct capture *c = user;

	assert_true(c->n < CAPTURE_MAX);
	c->v[c->n++] = *e;
}

static inline void capture_open(struct capture *c)
{
	struct bcct_options o = { .size = sizeof(o), .user = c, .event = capture_event };

	memset(c, 0, sizeof(*c));
	c->b = bcct_new(&o);
	assert_non_null(c->b);
}

/* Emits a value of size bytes with the aggregation's runtime half; earlier events are dropped. */
static inline void capture_emit(struct capture *c, const struct schema *s, const void *value,
				uint64_t div)
{
	const struct aggregation_rt *agg = aggregation_rt_find(s->name);

	assert_non_null(agg);
	c->n = 0;
	agg->emit(c->b->rt, value, s, div);
}

#endif
