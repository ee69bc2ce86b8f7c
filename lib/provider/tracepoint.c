/*
 * tracepoint: the kernel's events of the trace file system, with their fields.
 * attach_info.target is "category:event", so that a pattern may stand in both.
 *
 * Fields have the names and types of the event's format. Where that cannot be
 * read (without privilege), system calls come from the table and other events
 * from the record's struct in BTF.
 */
#include <stddef.h>

static const char *const tracepoint_aliases[] = { "t", NULL };

#ifdef BCCT_COMPILER
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "base/arch.h"
#include "lib/probe_compile.h"
#include "types/syscalls.h"
#include "types/tracefs.h"

#define FIELDS_MAX 64

/* A field's place as the number that the check hands to lower. */
#define PLACE(offset, size, flags) \
	((uint32_t)(offset) | (uint32_t)(size) << 16 | (uint32_t)(flags) << 24)
enum place_flags { PLACE_SIGNED = 1, PLACE_DATA_LOC = 2, PLACE_REL_LOC = 4 };

extern const struct provider bcct_provider_tracepoint;

static int tracepoint_parse(struct check *k, struct node *spec)
{
	char *rest = probe_spec_unquoted(k, spec), *colon, *part;

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return probe_bad(k, spec, "write tracepoint:sched:sched_switch",
				 "tracepoint needs a category and an event");
	if (!strchr(rest, ':') && probe_has_wildcard(rest))
		rest = arena_printf(k->arena, "*:%s", rest);
	part = arena_strdup(k->arena, rest);
	colon = strchr(part, ':');
	if (!colon)
		return probe_bad(k, spec,
				 arena_printf(k->arena, "write tracepoint:CATEGORY:%s", rest),
				 "the category of event '%s' is missing", rest);
	*colon = 0;
	if (!probe_name_ok(part, true) || !probe_name_ok(colon + 1, true))
		return probe_bad(k, spec, "write tracepoint:CATEGORY:EVENT",
				 "'%s' is not the name of an event", rest);
	probe_set_attach(k, spec, &bcct_provider_tracepoint, rest, rest);
	return 0;
}

/* ---- patterns ----------------------------------------------------------- */

typedef VEC(const char *) name_list;

struct matches {
	struct arena *arena;
	const char *pattern;
	name_list names;
};

static int keep_match(void *user, const char *name)
{
	struct matches *m = user;

	if (fnmatch(m->pattern, name, 0) == 0)
		vec_apush(m->arena, &m->names, arena_strdup(m->arena, name));
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_names(name_list *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
}

/* Splits "category:event" into copies. */
static const char *split(struct arena *a, const char *target, char **category)
{
	char *colon;

	*category = arena_strdup(a, target);
	colon = strchr(*category, ':');
	*colon = 0;
	return colon + 1;
}

struct table_match {
	struct arena *arena;
	void (*add)(void *user, const char *target);
	void *user;
	const char *event, *prefix;
};

static void add_table_match(void *user, const char *name)
{
	struct table_match *m = user;
	const char *event = arena_printf(m->arena, "%s%s", m->prefix, name);

	if (fnmatch(m->event, event, 0) == 0)
		m->add(m->user, arena_printf(m->arena, "syscalls:%s", event));
}

/* Without the trace file system: the system calls that the table has. False: none is meant. */
static bool expand_by_table(struct check *k, const char *category, const char *event,
			    void (*add)(void *user, const char *target), void *user)
{
	struct table_match m = { k->arena, add, user, event, "sys_enter_" };

	if (fnmatch(category, "syscalls", 0) != 0)
		return false;
	syscall_each(k->arena, "*", add_table_match, &m);
	m.prefix = "sys_exit_";
	syscall_each(k->arena, "*", add_table_match, &m);
	return true;
}

static int tracepoint_expand(struct check *k, const struct attach_info *at,
			     void (*add)(void *user, const char *target), void *user)
{
	struct matches cats = { .arena = k->arena };
	const char *event;
	char *category;
	size_t i, j;
	int err;

	event = split(k->arena, at->target, &category);
	cats.pattern = category;
	err = tracefs_categories(keep_match, &cats);
	if (err)
		return expand_by_table(k, category, event, add, user) ? 0 : err;
	sort_names(&cats.names);
	for (i = 0; i < cats.names.n; i++) {
		struct matches events = { .arena = k->arena, .pattern = event };

		err = tracefs_events(cats.names.v[i], keep_match, &events);
		if (err == -EACCES)
			return err;
		sort_names(&events.names);
		for (j = 0; j < events.names.n; j++)
			add(user, arena_printf(k->arena, "%s:%s", cats.names.v[i],
					       events.names.v[j]));
	}
	return 0;
}

/* ---- fields ------------------------------------------------------------- */

static bool in_record(const struct type *t)
{
	return t->kind == TY_STRING || t->kind == TY_ARRAY || t->kind == TY_STRUCT ||
	       t->kind == TY_UNION;
}

/* A text of any length, at the place that the record tells. */
static const struct type *dynamic_string(struct check *k)
{
	uint32_t size = (uint32_t)k->c->options.v[OPT_MAX_STRLEN] + 1;

	return type_with_space(k->types, type_string(k->types, size), SP_KERNEL);
}

static const struct type *format_field(struct check *k, const struct tp_field *f, uint32_t *arg)
{
	const struct type *t;

	if (f->data_loc || f->rel_loc) {
		*arg = PLACE(f->offset, 4, f->data_loc ? PLACE_DATA_LOC : PLACE_REL_LOC);
		if (strcmp(f->decl, "char") == 0)
			return dynamic_string(k);
		return type_with_space(k->types, tracefs_type(k->types, f), SP_KERNEL);
	}
	t = tracefs_type(k->types, f);
	if (in_record(t)) {
		*arg = PLACE(f->offset, 0, 0);
		return type_with_space(k->types, t, SP_KERNEL);
	}
	*arg = PLACE(f->offset, f->slot ? 8 : t->size, t->is_signed ? PLACE_SIGNED : 0);
	return t;
}

/* The format of an event: its own, or for system calls the table's. 0 or -errno. */
static int read_format(struct check *k, const char *category, const char *event,
		       struct tp_format *f)
{
	int err = tracefs_format(k->arena, category, event, f);

	return err && syscall_format(k->arena, category, event, f) ? 0 : err;
}

static const struct type *struct_field(struct check *k, const struct type *record,
				       const char *field, uint32_t *arg)
{
	struct member m;

	if (type_member(k->types, record,
			arena_printf(k->arena, "__data_loc_%s", field), &m)) {
		*arg = PLACE(m.offset, 4, PLACE_DATA_LOC);
		return dynamic_string(k);
	}
	if (!type_member(k->types, record, field, &m) || m.bit_size || m.offset > 0xffff)
		return NULL;
	*arg = PLACE(m.offset, in_record(m.type) ? 0 : m.type->size,
		     m.type->is_signed ? PLACE_SIGNED : 0);
	return in_record(m.type) ? type_with_space(k->types, m.type, SP_KERNEL) : m.type;
}

/* A field of an event whose format cannot be read. NULL: reported. */
static const struct type *field_from_btf(struct check *k, const struct attach_info *at,
					 struct node *use, const char *event, const char *field,
					 int err, uint32_t *arg)
{
	bool guessed;
	const struct type *record = tracefs_record(k->types, k->arena, event, &guessed);
	const struct type *t = record ? struct_field(k, record, field, arg) : NULL;

	if (!t) {
		check_error(k, use, NO_TRACEFS, "the fields of '%s' cannot be read here: %s",
			    at->full, strerror(-err));
		check_hint(k, err == -EACCES ? "formats of events need root"
					     : "mount -t tracefs tracefs /sys/kernel/tracing");
	} else if (guessed && k->final) {
		diag_warn(&k->c->diags, NO_TRACEFS, use->loc,
			  "the fields of '%s' are taken for those of '%s'", at->full,
			  record->name);
		check_hint(k, "compile as root, who can read the event's format");
	}
	return t;
}

static int near_event(void *user, const char *name)
{
	nearest_try(user, name);
	return 0;
}

static void no_event(struct check *k, const struct attach_info *at, struct node *use,
		     const char *category, const char *event)
{
	struct matches events = { .arena = k->arena, .pattern = "*" };
	struct nearest near = nearest_init(event);
	size_t i;

	check_error(k, use, NO_SUCH_FUNCTION, "there is no event '%s' in this kernel", at->target);
	if (tracefs_events(category, keep_match, &events) == 0) {
		for (i = 0; i < events.names.n; i++)
			nearest_try(&near, events.names.v[i]);
		if (near.best)
			check_hint(k, "did you mean '%s:%s'?", category, near.best);
		return;
	}
	events.names.n = 0;
	tracefs_categories(keep_match, &events);
	near = nearest_init(category);
	for (i = 0; i < events.names.n; i++)
		near_event(&near, events.names.v[i]);
	if (near.best)
		check_hint(k, "did you mean category '%s'?", near.best);
}

static const struct type *event_field(struct check *k, const struct attach_info *at,
				      struct node *use, const char *field, uint32_t *arg)
{
	const char *names[FIELDS_MAX], *event;
	const struct tp_field *found;
	struct tp_format f;
	char *category;
	uint32_t i;
	int err;

	event = split(k->arena, at->target, &category);
	err = read_format(k, category, event, &f);
	if (err == -ENOENT) {
		no_event(k, at, use, category, event);
		return NULL;
	}
	if (err)
		return field_from_btf(k, at, use, event, field, err, arg);
	found = tracefs_field(&f, field);
	if (found)
		return format_field(k, found, arg);
	for (i = 0; i < f.nfields && i < FIELDS_MAX; i++)
		names[i] = f.fields[i].name;
	probe_no_argument(k, use, at->full, field, names, i);
	return NULL;
}

static const struct type *args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg)
{
	const struct type *type = NULL, *t;
	const struct node *s;
	uint32_t place = 0;

	if (!field)
		return probe_args_whole(k, clause, use, args_check);
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s)) {
		t = event_field(k, &s->spec.attach, use, field, &place);
		if (!t)
			return NULL;
		if (type && (t != type || place != *arg)) {
			check_error(k, use, TYPE, "field '%s' differs between the events", field);
			check_hint(k, "write a clause for each");
			return NULL;
		}
		type = t;
		*arg = place;
	}
	return type;
}

/*
 * Values in the record by plain loads; what lies in the record itself (strings,
 * arrays) by its address, which is one of the kernel's.
 */
static ir_val args_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	uint32_t offset = arg & 0xffff, size = arg >> 16 & 0xff, flags = arg >> 24;
	struct ir *ir = l->ir;
	ir_val v, p;

	if (flags & (PLACE_DATA_LOC | PLACE_REL_LOC)) {
		/* (char *)record + (loc & 0xffff) */
		v = ir_bin(ir, IR_AND, ir_load_ctx(ir, offset, 4, false), ir_const(ir, 0xffff));
		if (flags & PLACE_REL_LOC)
			v = ir_bin(ir, IR_ADD, v, ir_const(ir, offset + 4));
		return ir_bin(ir, IR_ADD, ir_ptr_to_int(ir, ir_ctx(ir)), v);
	}
	if (!size)
		return ir_bin(ir, IR_ADD, ir_ptr_to_int(ir, ir_ctx(ir)), ir_const(ir, offset));
	if (offset % size == 0)
		return probe_fit(l, ir_load_ctx(ir, offset, size, flags & PLACE_SIGNED),
				 use->type);
	p = lower_temp(l, 8, false); /* the verifier wants aligned loads */
	lower_read(l, SP_KERNEL, ir_bin(ir, IR_ADD, ir_ptr_to_int(ir, ir_ctx(ir)),
					ir_const(ir, offset)), p, size, use->loc);
	return ir_load(ir, p, size, flags & PLACE_SIGNED);
}

static const struct provider_var tracepoint_vars[] = {
	{ "args", args_check, args_lower,
	  "args.NAME: a field of the event, with the type that its format says" },
	{ NULL, NULL, NULL, NULL },
};

const struct provider bcct_provider_tracepoint = {
	.name = "tracepoint",
	.aliases = tracepoint_aliases,
	.syntax = "tracepoint:CATEGORY:EVENT",
	.needs = NEEDS(TRACEFS),
	.section = "tracepoint",
	.patterns = PATTERN_YES,
	.parse = tracepoint_parse,
	.expand = tracepoint_expand,
	.vars = tracepoint_vars,
	.doc = "Runs at an event of the kernel. Category and event may be patterns; fields are "
	       "args.NAME, texts of any length among them.",
	.example = "tracepoint:sched:sched_switch < @[args.next_comm] = count() > "
		   "interval:ms:200 < exit() >",
};
#endif

#ifdef BCCT_RUNTIME
#include "lib/probe_rt.h"

const struct provider_rt bcct_provider_rt_tracepoint = {
	.name = "tracepoint",
	.aliases = tracepoint_aliases,
	.expand = probe_event_expand,
	.attach = probe_event_attach,
	.list = probe_event_list,
	.near = probe_event_near,
};
#endif
