/* What bcct says on standard error: diagnostics, attach and loss messages. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/args.h"
#include "include/bcct.h"

struct report {
	const struct args *args;
	struct bcct_printer *printer; /* NULL until the program runs */
	bool text;           /* text format: losses and errors are told on stderr */
	bool broken;         /* nobody reads the output any more */
	uint64_t lost_events;
};

/* Callbacks for struct bcct_options; user is a struct report. */
void report_diag(void *user, const struct bcct_diag *d);
void report_event(void *user, const struct bcct_event *e);
/* The closing line about lost events, if any. */
void report_end(struct report *r);
/* An error of the command line itself, such as a file that cannot be read. */
void report_error(const char *tag, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
