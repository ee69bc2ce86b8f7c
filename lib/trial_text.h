/* Results of tests and benchmarks as text; used by the text format. */
#ifndef LIB_TRIAL_TEXT_H
#define LIB_TRIAL_TEXT_H

#include "lib/rt.h"

struct trial_text {
	unsigned n, passed;
	struct buf failed; /* lines for the end */
};

void trial_text_test(struct trial_text *t, struct buf *out, const struct bcct_event *e);
void trial_text_bench(struct trial_text *t, struct buf *out, const struct bcct_event *e);

#endif
