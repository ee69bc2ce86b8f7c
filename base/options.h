/*
 * The options table: every setting of the config block, its default, range and
 * environment names (BCCT_<NAME>, and BPFTRACE_<NAME> for scripts that move over).
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum option {
#define OPTION(id, name, def, min, max, about) OPT_##id,
#include "base/options_table.h"
#undef OPTION
	OPT_COUNT,
};

#define OPTION_TEXT_SIZE 32 /* of a text, with its NUL */

struct options {
	int64_t v[OPT_COUNT];
	char text[OPT_COUNT][OPTION_TEXT_SIZE]; /* of the options that are texts */
};

void options_defaults(struct options *o);
/* Looks an option up by name in any case; -1 when there is none. */
int option_find(const char *name);
const char *option_name(enum option id);
const char *option_about(enum option id);
bool option_is_text(enum option id);
/*
 * Parses and range-checks a value, or takes a text. 0, -EINVAL (not of the option's form)
 * or -ERANGE.
 */
int option_set(struct options *o, enum option id, const char *value);
/* Is the value in the option's range? 0, -EINVAL (no such option) or -ERANGE. */
int option_check(enum option id, int64_t value);
/* Applies the environment. Returns 0, or -EINVAL with *bad pointing at the entry ("NAME=value"). */
int options_from_env(struct options *o, const char **bad);

#endif
