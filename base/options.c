/*
 * The options table: names, defaults, ranges and forms. Called by the config
 * block's check, by the command line and by the manifest reader.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/options.h"

static const struct {
	const char *name, *about;
	int64_t def, min, max;
	const char *text; /* the default of a text, else NULL */
} table[] = {
#define OPTION(id, name, def, min, max, about) { name, about, def, min, max, NULL },
#define OPTION_TEXT(id, name, def, about) { name, about, 0, 0, 0, def },
#include "base/options_table.h"
#undef OPTION
};

/* Words that stand for a value; an option takes those in its range. */
static const struct {
	int option; /* -1: every option of the range 0..1 */
	const char *word;
	int64_t value;
} words[] = {
	{ -1, "false", 0 }, { -1, "true", 1 },
	{ OPT_MISSING_PROBES, "ignore", 0 },
	{ OPT_MISSING_PROBES, "warn", 1 },
	{ OPT_MISSING_PROBES, "error", 2 },
	{ OPT_RB_PAGES, "auto", 0 },
	{ OPT_STACK_MODE, "bpftrace", 0 },
	{ OPT_STACK_MODE, "perf", 1 },
	{ OPT_STACK_MODE, "raw", 2 },
	{ OPT_STACK_MODE, "build_id", 3 },
	{ OPT_CACHE_USER_SYMBOLS, "none", 0 },
	{ OPT_CACHE_USER_SYMBOLS, "per_pid", 1 },
	{ OPT_CACHE_USER_SYMBOLS, "per_program", 2 },
};

void options_defaults(struct options *o)
{
	unsigned i;

	memset(o->text, 0, sizeof(o->text));
	for (i = 0; i < OPT_COUNT; i++) {
		o->v[i] = table[i].def;
		if (table[i].text)
			snprintf(o->text[i], sizeof(o->text[i]), "%s", table[i].text);
	}
}

int option_find(const char *name)
{
	int i;

	/* as the environment's variable is called, too */
	if (name && strncasecmp(name, "BPFTRACE_", 9) == 0)
		name += 9;
	else if (name && strncasecmp(name, "BCCT_", 5) == 0)
		name += 5;
	for (i = 0; name && i < OPT_COUNT; i++)
		if (strcasecmp(table[i].name, name) == 0)
			return i;
	return -1;
}

const char *option_name(enum option id)
{
	return (unsigned)id < OPT_COUNT ? table[id].name : "?";
}

const char *option_about(enum option id)
{
	return (unsigned)id < OPT_COUNT ? table[id].about : "?";
}

bool option_is_text(enum option id)
{
	return (unsigned)id < OPT_COUNT && table[id].text;
}

int option_check(enum option id, int64_t value)
{
	if ((unsigned)id >= OPT_COUNT)
		return -EINVAL;
	return value < table[id].min || value > table[id].max ? -ERANGE : 0;
}

static bool is_switch(enum option id)
{
	return table[id].min == 0 && table[id].max == 1;
}

static bool is_unstable(enum option id)
{
	return strncmp(table[id].name, "unstable_", 9) == 0;
}

/* unstable_*: what to do when the thing is used. */
static bool find_stability(enum option id, const char *text, int64_t *value)
{
	static const char *const levels[] = { "error", "warn", "enable", "false", "", "true" };
	size_t i;

	for (i = 0; is_unstable(id) && *text && i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcasecmp(levels[i], text) != 0)
			continue;
		*value = (int64_t)(i % 3);
		return true;
	}
	return false;
}

static bool find_word(enum option id, const char *text, int64_t *value)
{
	size_t i;

	if (find_stability(id, text, value))
		return true;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].option == -1 ? !is_switch(id) : words[i].option != (int)id)
			continue;
		if (strcasecmp(words[i].word, text) != 0)
			continue;
		*value = words[i].value;
		return true;
	}
	return false;
}

static int set_text(struct options *o, enum option id, const char *value)
{
	if (strlen(value) >= sizeof(o->text[id]))
		return -ERANGE;
	memset(o->text[id], 0, sizeof(o->text[id]));
	memcpy(o->text[id], value, strlen(value));
	return 0;
}

int option_set(struct options *o, enum option id, const char *value)
{
	int64_t v;
	char *end;
	int err;

	if ((unsigned)id >= OPT_COUNT || !value)
		return -EINVAL;
	if (option_is_text(id))
		return set_text(o, id, value);
	if (!*value)
		return -EINVAL;
	if (!find_word(id, value, &v)) {
		errno = 0;
		v = strtoll(value, &end, 0);
		if (*end || end == value)
			return -EINVAL;
		if (errno == ERANGE)
			return -ERANGE;
	}
	err = option_check(id, v);
	if (!err)
		o->v[id] = v;
	return err;
}

/* Names that the environment's variables had in the past. */
static int old_name(const char *name)
{
	static const struct {
		const char *name;
		int option;
	} names[] = {
		{ "STRLEN", OPT_MAX_STRLEN }, { "MAP_KEYS_MAX", OPT_MAX_MAP_KEYS },
		{ "CAT_BYTES_MAX", OPT_MAX_CAT_BYTES }, { "MAX_BPF_PROGRAMS", OPT_MAX_BPF_PROGS },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].option;
	return -1;
}

/* The option that a variable of the environment sets ("BCCT_MAX_STRLEN=80"), or -1. */
static int env_option(const char *entry, const char *prefix)
{
	size_t n = strlen(prefix);
	const char *end = strchr(entry, '=');
	char name[64];

	if (!end || strncmp(entry, prefix, n) != 0)
		return -1;
	if ((size_t)(end - entry) - n >= sizeof(name))
		return -1;
	snprintf(name, sizeof(name), "%.*s", (int)(end - entry - n), entry + n);
	return option_find(name) >= 0 ? option_find(name) : old_name(name);
}

int options_from_env(struct options *o, const char **bad)
{
	/* the own name wins: it is applied last */
	static const char *const prefixes[] = { "BPFTRACE_", "BCCT_" };
	size_t p;
	char **e;

	for (p = 0; p < sizeof(prefixes) / sizeof(prefixes[0]); p++) {
		for (e = environ; e && *e; e++) {
			int id = env_option(*e, prefixes[p]);

			if (id < 0 || option_set(o, id, strchr(*e, '=') + 1) == 0)
				continue;
			*bad = *e;
			return -EINVAL;
		}
	}
	return 0;
}
