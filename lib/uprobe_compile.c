/* Parsing of uprobe and uretprobe attach points; called by lib/provider/. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/uprobe_compile.h"

/* The next part up to a ':' outside quotes, without its quotes; *p moves behind the ':'. */
static char *next_part(struct arena *a, const char **p, bool last)
{
	char *out = arena_alloc(a, strlen(*p) + 1), *to = out;
	bool quoted = false;

	for (; **p; (*p)++) {
		if (**p == '"')
			quoted = !quoted;
		else if (**p == ':' && !quoted && !last)
			break;
		else
			*to++ = **p;
	}
	if (**p == ':')
		(*p)++;
	return out;
}

/* Cuts "+16" off a function's name. False when what follows the '+' is no number. */
static bool cut_offset(char *name, uint64_t *offset, bool *found)
{
	char *plus = strrchr(name, '+'), *end;

	*offset = 0;
	*found = plus != NULL;
	if (!plus)
		return true;
	*offset = strtoull(plus + 1, &end, 0);
	*plus = 0;
	return end != plus + 1 && !*end;
}

int uprobe_parse(struct check *k, struct node *spec, const struct provider *p, bool with_offset)
{
	const char *rest = probe_spec_rest(k, spec), *at = rest;
	char *binary, *name, *end;
	uint64_t offset;
	bool found;

	if (!rest)
		return -EINVAL;
	binary = next_part(k->arena, &at, false);
	if (!strncmp(at, "cpp:", 4))
		at += 4; /* the name as the compiler mangled it is looked for, too */
	name = next_part(k->arena, &at, true);
	if (!*binary || !*name)
		return probe_bad(k, spec,
				 arena_printf(k->arena, "write %s, for example %s:/bin/bash:readline",
					      p->syntax, p->name),
				 "%s needs a binary and a function", p->name);
	offset = strtoull(name, &end, 0);
	if (name[0] >= '0' && name[0] <= '9' && !*end) {
		name = arena_strdup(k->arena, "");
	} else if (!cut_offset(name, &offset, &found)) {
		return probe_bad(k, spec, "write an offset as +16 or +0x10", "bad offset in '%s'",
				 rest);
	} else if (found && (!with_offset || probe_has_wildcard(name))) {
		return probe_bad(k, spec, NULL,
				 with_offset ? "an offset cannot follow a pattern"
					     : "%s takes no offset", p->name);
	}
	probe_set_attach(k, spec, p, name, rest);
	spec->spec.attach.module = binary;
	spec->spec.attach.offset = offset;
	return 0;
}

const struct type *uprobe_retval_check(struct check *k, const struct node *clause,
				       struct node *use, const char *field, uint32_t *arg)
{
	(void)clause, (void)use, (void)field;
	*arg = 0;
	return type_int(k->types, 8, false);
}
