/*
 * Tracepoint formats with types. Called by the compile half of providers on
 * tracepoints; the text itself is taken apart in base/tpformat.c.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types/tracefs.h"

void tracefs_parse(struct arena *a, const char *text, bool syscall, struct tp_format *out)
{
	const char *pos = text;
	struct tp_line l;
	uint32_t n = 0;

	memset(out, 0, sizeof(*out));
	out->id = tpformat_id(text);
	while (tpformat_next(&pos, &l))
		n += !l.common;
	out->fields = arena_alloc(a, (n + 1) * sizeof(*out->fields));
	pos = text;
	while (tpformat_next(&pos, &l)) {
		struct tp_field *f = &out->fields[out->nfields];

		if (l.common)
			continue;
		f->name = arena_strndup(a, l.name, l.name_len);
		f->decl = arena_strndup(a, l.decl, l.decl_len);
		f->offset = l.offset;
		f->size = l.size;
		f->count = l.count;
		f->is_array = l.is_array;
		f->is_signed = l.is_signed;
		f->data_loc = l.data_loc;
		f->rel_loc = l.rel_loc;
		f->slot = syscall && l.offset >= 16 && l.size == 8;
		out->nfields++;
	}
}

int tracefs_format(struct arena *a, const char *category, const char *event, struct tp_format *out)
{
	const char *root = tracefs_path();
	char path[512], *text;
	int n, err;

	if (!root)
		return -ENODEV;
	n = snprintf(path, sizeof(path), "%s/events/%s/%s/format", root, category, event);
	if (n >= (int)sizeof(path) || strchr(category, '/') || strchr(event, '/') ||
	    category[0] == '.' || event[0] == '.')
		return -ENOENT;
	text = tpformat_read(path, NULL);
	if (!text) {
		err = errno;
		return err == EACCES || err == EPERM ? -EACCES : -ENOENT;
	}
	tracefs_parse(a, text, strcmp(category, "syscalls") == 0 &&
				       strncmp(event, "sys_enter_", 10) == 0, out);
	free(text);
	return 0;
}

const struct tp_field *tracefs_field(const struct tp_format *f, const char *name)
{
	uint32_t i;

	for (i = 0; i < f->nfields; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return &f->fields[i];
	return NULL;
}

const struct type *tracefs_type(struct types *ts, const struct tp_field *f)
{
	const struct type *t = type_by_decl(ts, f->decl, f->slot ? SP_USER : SP_KERNEL);
	bool is_char = t && t->kind == TY_INT && t->size == 1 && strcmp(f->decl, "char") == 0;

	if (f->data_loc || f->rel_loc)
		/* the data stand in the record itself, behind the fields */
		return type_ptr(ts, t ? t : type_none(ts), SP_CTX);
	if (f->is_array && is_char && f->size)
		return type_string(ts, f->size);
	if (f->is_array && t && t->size)
		return type_array(ts, t, f->size / t->size);
	if (t && t->kind != TY_NONE && (f->slot ? t->size && t->size <= 8 : t->size == f->size))
		return t;
	/* an unknown name, or one that means something else here: the record's own facts */
	if (f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8)
		return type_int(ts, f->size, f->is_signed);
	return type_array(ts, type_int(ts, 1, false), f->size);
}

const struct type *tracefs_record(struct types *ts, struct arena *a, const char *event,
				  bool *guessed)
{
	static const char *const ends[] = { "", "_template", "_class" };
	char *name = arena_strdup(a, event), *cut;
	const struct type *t;
	size_t i;

	for (*guessed = false; *name; *guessed = true) {
		for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
			t = type_by_tag(ts, TY_STRUCT,
					arena_printf(a, "trace_event_raw_%s%s", name, ends[i]));
			if (t)
				return t;
		}
		cut = strrchr(name, '_');
		if (!cut)
			return NULL;
		*cut = 0;
	}
	return NULL;
}

static int each_folder(const char *path, int (*each)(void *user, const char *name), void *user)
{
	struct dirent *e;
	DIR *dir = opendir(path);

	if (!dir)
		return errno == EACCES ? -EACCES : -ENOENT;
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.' && e->d_type == DT_DIR && each(user, e->d_name))
			break;
	closedir(dir);
	return 0;
}

int tracefs_events(const char *category, int (*each)(void *user, const char *event), void *user)
{
	const char *root = tracefs_path();
	char path[512];

	if (!root)
		return -ENODEV;
	if (snprintf(path, sizeof(path), "%s/events/%s", root, category) >= (int)sizeof(path))
		return -ENOENT;
	return each_folder(path, each, user);
}

int tracefs_categories(int (*each)(void *user, const char *category), void *user)
{
	const char *root = tracefs_path();
	char path[128];

	if (!root)
		return -ENODEV;
	snprintf(path, sizeof(path), "%s/events", root);
	return each_folder(path, each, user);
}
