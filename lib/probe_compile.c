/*
 * Specs of providers: text, names, positional parameters. Called by the compile
 * halves in lib/provider/.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arch.h"
#include "base/tpformat.h"
#include "lib/probe_compile.h"
#include "types/syscalls.h"

#define SPEC_MAX 1024
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$"

int probe_bad(struct check *k, const struct node *spec, const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	check_error(k, spec, BAD_PROBE, "%s", arena_vprintf(k->arena, fmt, ap));
	va_end(ap);
	if (hint)
		check_hint(k, "%s", hint);
	return -EINVAL;
}

/* Appends the value of $N (at p, after the dollar) or $#; returns what follows, NULL: reported. */
static const char *put_param(struct check *k, const struct node *spec, const char *p,
			     struct buf *out)
{
	unsigned long n;
	char *end;

	if (*p == '#') {
		buf_printf(out, "%u", k->c->nparams);
		return p + 1;
	}
	n = strtoul(p, &end, 10);
	if (!n || n > k->c->nparams) {
		check_error(k, spec, POSITIONAL, "the probe needs positional parameter $%lu", n);
		check_hint(k, "give it after the program");
		return NULL;
	}
	buf_printf(out, "%s", k->c->params[n - 1]);
	return end;
}

char *probe_spec_rest(struct check *k, const struct node *spec)
{
	const char *p = strchr(spec->spec.text, ':');
	struct buf b = { 0 };
	char *rest = NULL;

	for (p = p ? p + 1 : ""; *p && b.len < SPEC_MAX;) {
		if (*p == '$' && (p[1] == '#' || isdigit((unsigned char)p[1]))) {
			p = put_param(k, spec, p + 1, &b);
			if (!p)
				goto out;
		} else {
			buf_put(&b, p++, 1);
		}
	}
	if (b.len >= SPEC_MAX)
		probe_bad(k, spec, NULL, "the probe's name is too long");
	else
		rest = arena_strndup(k->arena, b.len ? (const char *)b.data : "", b.len);
out:
	buf_free(&b);
	return rest;
}

char *probe_spec_unquoted(struct check *k, const struct node *spec)
{
	char *rest = probe_spec_rest(k, spec), *to = rest;

	for (char *p = rest; p && *p; p++)
		if (*p != '"')
			*to++ = *p;
	if (to)
		*to = 0;
	return rest;
}

bool probe_has_wildcard(const char *s)
{
	return strpbrk(s, "*?[") != NULL;
}

bool probe_name_ok(const char *s, bool wild)
{
	return *s && !s[strspn(s, wild ? NAME_CHARS "*?[]-^!" : NAME_CHARS)];
}

void probe_set_attach(struct check *k, struct node *spec, const struct provider *p,
		      const char *target, const char *rest)
{
	struct attach_info *at = &spec->spec.attach;

	memset(at, 0, sizeof(*at));
	at->provider = p->name;
	at->target = target;
	at->full = *rest ? arena_printf(k->arena, "%s:%s", p->name, rest) : p->name;
	at->loc = spec->loc;
}

const struct node *probe_next_spec(const struct node *clause, const struct node *spec)
{
	spec = spec ? spec->next : clause->clause.specs;
	while (spec && spec->kind != N_SPEC)
		spec = spec->next;
	return spec;
}

/* ---- functions ---------------------------------------------------------- */

/*
 * "sys_NAME" means the system call on any kernel. Other functions whose name
 * starts like that exist, too: for names that the table does not have, BTF decides.
 */
static bool means_syscall(struct check *k, const char *target)
{
	struct func_proto proto;

	if (strncmp(target, "sys_", 4) != 0 || !target[4])
		return false;
	if (probe_has_wildcard(target) || syscall_known(target + 4))
		return true;
	return !types_function(k->types, target, &proto);
}

/* Cuts "+offset" off name. False when what follows the plus is no number. */
static bool split_offset(char *name, uint64_t *offset)
{
	char *plus = strchr(name, '+'), *end;

	*offset = 0;
	if (!plus)
		return true;
	*plus++ = 0;
	errno = 0;
	*offset = strtoull(plus, &end, 0);
	return isdigit((unsigned char)*plus) && !*end && !errno;
}

/* kprobe:0xffffffff81234567: nothing says whether an instruction starts there. */
static int parse_address(struct check *k, struct node *spec, const struct provider *p,
			 const char *name, const char *rest)
{
	uint64_t address;
	char *end;

	if (!k->c->unsafe)
		return probe_bad(k, spec, "name the function; a raw address needs --unsafe",
				 "'%s' is not the name of a function", name);
	errno = 0;
	address = strtoull(name, &end, 0);
	if (*end || errno || !address)
		return probe_bad(k, spec, NULL, "'%s' is not an address", name);
	probe_set_attach(k, spec, p, name, rest);
	spec->spec.attach.offset = address;
	return 0;
}

int probe_parse_function(struct check *k, struct node *spec, const struct provider *p,
			 bool with_offset)
{
	char *rest = probe_spec_unquoted(k, spec), *name, *colon;
	const char *module = NULL;
	uint64_t offset;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec,
				 arena_printf(k->arena, "write %s, for example %s:vfs_read",
					      p->syntax, p->name),
				 "%s needs the name of a function", p->name);
	name = arena_strdup(k->arena, rest);
	colon = strchr(name, ':');
	if (colon) {
		*colon = 0;
		module = name;
		name = colon + 1;
	}
	if (module && strcmp(module, PROBE_SYSCALL) == 0) {
		/* an expanded sys_* comes back in this form */
		rest = arena_strdup(k->arena, name);
		module = NULL;
	}
	if (!split_offset(name, &offset))
		return probe_bad(k, spec, "write an offset as +16 or +0x10", "bad offset in '%s'",
				 rest);
	if (offset && (!with_offset || probe_has_wildcard(name)))
		return probe_bad(k, spec, NULL,
				 with_offset ? "an offset cannot follow a pattern"
					     : "a return probe has no offset");
	if (isdigit((unsigned char)*name) && with_offset && !module)
		return parse_address(k, spec, p, name, rest);
	if (isdigit((unsigned char)*name))
		return probe_bad(k, spec, "name the function; a raw address cannot be probed",
				 "'%s' is not the name of a function", name);
	if (!probe_name_ok(name, true) || (module && !probe_name_ok(module, true)))
		return probe_bad(k, spec, arena_printf(k->arena, "write %s", p->syntax),
				 "'%s' is not the name of a function", rest);
	probe_set_attach(k, spec, p, name, rest);
	spec->spec.attach.offset = offset;
	spec->spec.attach.module = module;
	if (!module && !offset && means_syscall(k, name))
		spec->spec.attach.module = PROBE_SYSCALL;
	return 0;
}

struct expansion {
	struct check *k;
	void (*add)(void *user, const char *target);
	void *user;
	const char *prefix;
};

static int add_function(void *user, const char *name)
{
	struct expansion *x = user;

	x->add(x->user, name);
	return 0;
}

static void add_syscall(void *user, const char *name)
{
	struct expansion *x = user;

	x->add(x->user, arena_printf(x->k->arena, "%s%s", x->prefix, name));
}

int probe_expand_function(struct check *k, const struct attach_info *at,
			  void (*add)(void *user, const char *target), void *user)
{
	struct expansion x = { .k = k, .add = add, .user = user, .prefix = "sys_" };

	if (at->module && strcmp(at->module, PROBE_SYSCALL) == 0)
		syscall_each(k->arena, at->target + 4, add_syscall, &x);
	else
		types_functions(k->types, at->target, add_function, &x);
	return 0;
}

/* ---- system calls ------------------------------------------------------- */

/* False when the kernel is known to have no events of system calls. */
static bool have_events(const struct check *k)
{
	const char *root = tracefs_path();
	char path[128];

	if (feature_listed(k->c->no_features, FEAT_SYSCALL_TP))
		return false;
	snprintf(path, sizeof(path), "%s/events/syscalls", root ? root : "");
	if (!root || access(path, F_OK) == 0 || errno != ENOENT)
		return true;
	snprintf(path, sizeof(path), "%s/events/sched", root);
	return access(path, F_OK) != 0;
}

/* The system call's own function instead of its event; it keeps the name that it was given. */
static int parse_without_events(struct check *k, struct node *spec, const struct provider *p,
				const char *name)
{
	bool ret = strcmp(p->name, "sysret") == 0;
	const struct provider *f = ret ? provider_find("kretprobe", 9) : provider_find("kprobe", 6);
	const char *target = arena_printf(k->arena, "sys_%s", name);

	spec->spec.provider = f;
	probe_set_attach(k, spec, f, target, target);
	spec->spec.attach.module = PROBE_SYSCALL;
	spec->spec.attach.full = arena_printf(k->arena, "%s:%s", p->name, name);
	return 0;
}

int probe_parse_syscall(struct check *k, struct node *spec, const struct provider *p)
{
	char *rest = probe_spec_unquoted(k, spec);
	const char *name = rest;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec,
				 arena_printf(k->arena, "write %s, for example %s:openat",
					      p->syntax, p->name),
				 "%s needs the name of a system call", p->name);
	if (strncmp(name, "sys_", 4) == 0 && !syscall_known(name))
		name += 4;
	if (!probe_name_ok(name, true))
		return probe_bad(k, spec, arena_printf(k->arena, "write %s", p->syntax),
				 "'%s' is not the name of a system call", rest);
	if (!have_events(k))
		return parse_without_events(k, spec, p, name);
	probe_set_attach(k, spec, p, name, name);
	return 0;
}

int probe_expand_syscall(struct check *k, const struct attach_info *at,
			 void (*add)(void *user, const char *target), void *user)
{
	struct expansion x = { .k = k, .add = add, .user = user, .prefix = "" };

	syscall_each(k->arena, at->target, add_syscall, &x);
	return 0;
}

/* ---- tests and benchmarks ----------------------------------------------- */

int probe_parse_trial(struct check *k, struct node *spec, const struct provider *p)
{
	char *rest = probe_spec_unquoted(k, spec);

	if (!rest)
		return -EINVAL;
	if (!probe_name_ok(rest, false))
		return probe_bad(k, spec, arena_printf(k->arena, "write %s:parsing", p->name),
				 *rest ? "'%s' is no name" : "%s needs a name",
				 *rest ? rest : p->name);
	probe_set_attach(k, spec, p, rest, rest);
	return 0;
}
