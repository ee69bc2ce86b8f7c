/*
 * Diagnostics: collecting. The whole compiler and the runtime add to a struct
 * diags; diag_render.c makes text of them.
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"

#define DIAG_MAX 50 /* of each kind */

static const struct {
	const char *name, *about;
} tags[] = {
#define TAG(id, name, about) { name, about },
#include "base/diag_tags.h"
#undef TAG
};

const char *diag_tag_name(enum diag_tag tag)
{
	return (unsigned)tag < TAG_COUNT ? tags[tag].name : "internal";
}

const char *diag_tag_about(enum diag_tag tag)
{
	return (unsigned)tag < TAG_COUNT ? tags[tag].about : "";
}

const char *diag_level_name(enum diag_level level)
{
	static const char *const names[] = { "error", "warning", "note" };

	return (unsigned)level < sizeof(names) / sizeof(names[0]) ? names[level] : "error";
}

/* The text with control bytes other than newlines made visible: names come from the user's text. */
static char *clean_text(struct arena *a, const char *fmt, va_list ap)
{
	char *text = arena_vprintf(a, fmt, ap), *out, *q;
	size_t n = 0, bad = 0;
	const char *p;

	for (p = text; *p; p++, n++)
		bad += ((unsigned char)*p < 0x20 && *p != '\n') || *p == 0x7f;
	if (!bad)
		return text;
	out = q = arena_alloc(a, n + 3 * bad + 1);
	for (p = text; *p; p++) {
		if (((unsigned char)*p < 0x20 && *p != '\n') || *p == 0x7f)
			q += sprintf(q, *p == '\t' ? "\\t" : "\\x%02x", (unsigned char)*p);
		else
			*q++ = *p;
	}
	return out;
}

static bool same_loc(struct loc a, struct loc b)
{
	return a.file == b.file && a.offset == b.offset && a.length == b.length;
}

/* Several passes look at the same place; each thing is said once. */
static bool said_before(const struct diags *d, const struct diag *n)
{
	const struct diag *i;

	for (i = d->first; i; i = i->next)
		if (i->level == n->level && i->tag == n->tag && same_loc(i->loc, n->loc) &&
		    strcmp(i->message, n->message) == 0)
			return true;
	return false;
}

void diag_add(struct diags *d, enum diag_level level, enum diag_tag tag, struct loc loc,
	      const char *fmt, ...)
{
	struct diag *n;
	va_list ap;

	if (level == DIAG_ERROR)
		d->errors++;
	else if (level == DIAG_WARNING)
		d->warnings++;
	d->dropped = (level == DIAG_ERROR ? d->errors : d->warnings) > DIAG_MAX;
	if (d->dropped)
		return;
	n = arena_new_of(d->arena, struct diag);
	n->level = level;
	n->tag = tag;
	n->loc = loc;
	va_start(ap, fmt);
	n->message = clean_text(d->arena, fmt, ap);
	va_end(ap);
	if (said_before(d, n)) {
		d->dropped = true;
		d->errors -= level == DIAG_ERROR;
		d->warnings -= level == DIAG_WARNING;
		return;
	}
	if (d->last)
		d->last->next = n;
	else
		d->first = n;
	d->last = n;
}

void diag_hint(struct diags *d, const char *fmt, ...)
{
	va_list ap;

	if (d->dropped || !d->last || d->last->hint)
		return;
	va_start(ap, fmt);
	d->last->hint = clean_text(d->arena, fmt, ap);
	va_end(ap);
}
