/*
 * System call arguments for the check of syscall, sysret and kprobe:sys_NAME.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "base/arch.h"
#include "types/syscalls.h"

#define ENTER "sys_enter_"

static const struct {
	const char *name, *args;
} table[] = {
#define SYSCALL(name, args) { name, args },
#include "types/syscalls_table.h"
#undef SYSCALL
};

#define TABLE_LEN (sizeof(table) / sizeof(*table))

static const char *table_find(const char *name)
{
	size_t lo = 0, hi = TABLE_LEN;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = strcmp(name, table[mid].name);

		if (!c)
			return table[mid].args;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* The spellings that the kernel may have for a name: stat is newstat, sendfile is sendfile64. */
static const char *spelling(const char *name, unsigned i, char *buf, size_t size)
{
	static const char *const forms[] = { "%s", "new%s", "%s64" };

	if (i >= sizeof(forms) / sizeof(*forms))
		return NULL;
	/* forms are the constants above */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(buf, size, forms[i], name);
#pragma GCC diagnostic pop
	return buf;
}

bool syscall_known(const char *name)
{
	char buf[128];
	unsigned i;

	for (i = 0; spelling(name, i, buf, sizeof(buf)); i++)
		if (table_find(buf))
			return true;
	return false;
}

/* "int dfd; const char *filename" as fields. */
static void from_table(struct arena *a, const char *args, struct tp_format *out)
{
	out->fields = arena_alloc(a, ARCH_SYSCALL_ARGS * sizeof(*out->fields));
	while (*args && out->nfields < ARCH_SYSCALL_ARGS) {
		struct tp_field *f = &out->fields[out->nfields];
		size_t n = strcspn(args, ";"), name = n;

		while (name && args[name - 1] != ' ' && args[name - 1] != '*')
			name--;
		f->name = arena_strndup(a, args + name, n - name);
		f->decl = arena_strndup(a, args, args[name - 1] == ' ' ? name - 1 : name);
		f->offset = ARCH_SYSCALL_RECORD + 8 * out->nfields++;
		f->size = 8;
		f->slot = true;
		args += n;
		args += strspn(args, "; ");
	}
}

/* Drops the call's number, which stands before the arguments. */
static void keep_slots(struct tp_format *f)
{
	uint32_t i, n = 0;

	for (i = 0; i < f->nfields; i++)
		if (f->fields[i].slot)
			f->fields[n++] = f->fields[i];
	f->nfields = n;
}

bool syscall_args(struct arena *a, const char *name, struct tp_format *out)
{
	const char *args;
	char buf[128], event[160];
	unsigned i;

	for (i = 0; spelling(name, i, buf, sizeof(buf)); i++) {
		snprintf(event, sizeof(event), ENTER "%s", buf);
		if (tracefs_format(a, "syscalls", event, out) == 0) {
			keep_slots(out);
			return true;
		}
	}
	memset(out, 0, sizeof(*out));
	for (i = 0; spelling(name, i, buf, sizeof(buf)); i++) {
		args = table_find(buf);
		if (args) {
			from_table(a, args, out);
			return true;
		}
	}
	return false;
}

bool syscall_format(struct arena *a, const char *category, const char *event,
		    struct tp_format *out)
{
	static struct tp_field result = { .name = "ret", .decl = "long",
					  .offset = ARCH_SYSCALL_RECORD, .size = 8,
					  .is_signed = true };

	if (strcmp(category, "syscalls") != 0)
		return false;
	if (strncmp(event, ENTER, strlen(ENTER)) == 0 && syscall_known(event + strlen(ENTER)))
		return syscall_args(a, event + strlen(ENTER), out);
	if (strncmp(event, "sys_exit_", 9) != 0 || !syscall_known(event + 9))
		return false;
	memset(out, 0, sizeof(*out));
	out->fields = &result;
	out->nfields = 1;
	return true;
}

struct matches {
	struct arena *arena;
	const char *pattern;
	VEC(const char *) names;
};

static int keep_match(void *user, const char *event)
{
	struct matches *m = user;
	size_t n = strlen(ENTER);

	if (strncmp(event, ENTER, n) == 0 && fnmatch(m->pattern, event + n, 0) == 0)
		vec_apush(m->arena, &m->names, arena_strdup(m->arena, event + n));
	return 0;
}

void syscall_each(struct arena *a, const char *pattern,
		  void (*each)(void *user, const char *name), void *user)
{
	struct matches m = { .arena = a, .pattern = pattern };
	size_t i;

	if (tracefs_events("syscalls", keep_match, &m) == 0 && m.names.n) {
		for (i = 0; i < m.names.n; i++)
			each(user, m.names.v[i]);
		return;
	}
	for (i = 0; i < TABLE_LEN; i++)
		if (fnmatch(pattern, table[i].name, 0) == 0)
			each(user, table[i].name);
}

const char *syscall_near(const char *name)
{
	struct nearest n = nearest_init(name);
	size_t i;

	for (i = 0; i < TABLE_LEN; i++)
		nearest_try(&n, table[i].name);
	return n.best;
}
