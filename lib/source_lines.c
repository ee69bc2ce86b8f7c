/* Source lines of addresses and back; see source_lines.h. Reading is libdw's. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/debug_file.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "lib/source_lines.h"

#define CACHE 4096   /* addresses that are remembered */
#define UNITS_MAX 64 /* units that stay in memory */
#define UNITS_STEP 16 /* the same while all are looked through */
#define INLINE_MAX 16

struct unit {
	uint64_t low, high;
	Dwarf_Off die;
};

struct cached {
	uint64_t address;
	unsigned n; /* 0: free, or nothing is known */
	struct source_place *places;
};

struct source_lines {
	struct debug_file file;
	VEC(struct unit) units; /* sorted; of files whose .debug_aranges do not know an address */
	bool listed;
	struct strmap names;  /* interned files and functions */
	VEC(Dwarf_Off) in_use; /* units that were looked at since the last trim */
	struct cached cache[CACHE];
};

struct source_lines *source_lines_open(int fd, const char *path)
{
	struct source_lines *s = calloc(1, sizeof(*s));

	if (s && !debug_file_open(&s->file, fd, path))
		return s;
	free(s);
	return NULL;
}

void source_lines_close(struct source_lines *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < CACHE; i++)
		free(s->cache[i].places);
	for (size_t i = 0; i < s->names.n; i++)
		free(s->names.entries[i].value);
	strmap_free(&s->names);
	free(s->units.v);
	free(s->in_use.v);
	debug_file_close(&s->file);
	free(s);
}

static const char *intern(struct source_lines *s, const char *name)
{
	char *kept = name ? strmap_get(&s->names, name) : NULL;

	if (kept || !name)
		return kept;
	kept = strdup(name);
	if (kept)
		strmap_put(&s->names, kept, kept);
	return kept;
}

/* ---- units ------------------------------------------------------------------ */

static int unit_order(const void *x, const void *y)
{
	const struct unit *a = x, *b = y;

	return a->low < b->low ? -1 : a->low > b->low;
}

static void list_unit(struct source_lines *s, Dwarf_Die *die)
{
	const struct debug_libs *d = s->file.lib;
	struct unit u = { .die = d->dwarf_dieoffset(die) };
	ptrdiff_t at = 0;
	Dwarf_Addr base, low, high;

	while ((at = d->dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		u.low = low;
		u.high = high;
		if (low < high && low) /* 0: the linker dropped it */
			vec_push(&s->units, u);
	}
}

/* Each unit's first DIE, until it returns true. */
static void each_unit(struct source_lines *s, bool (*each)(struct source_lines *s, Dwarf_Die *die,
							   void *user), void *user)
{
	const struct debug_libs *d = s->file.lib;
	Dwarf_Off off = 0, next;
	unsigned n = 0;
	Dwarf_Die die;
	size_t head;

	while (s->file.dwarf &&
	       !d->dwarf_nextcu(s->file.dwarf, off, &next, &head, NULL, NULL, NULL)) {
		if (d->dwarf_offdie(s->file.dwarf, off + head, &die) && each(s, &die, user))
			return;
		off = next;
		if (++n % UNITS_STEP == 0) /* what was read is not needed again */
			debug_file_trim(&s->file);
	}
}

static bool list_one(struct source_lines *s, Dwarf_Die *die, void *user)
{
	(void)user;
	list_unit(s, die);
	return false;
}

static void list_units(struct source_lines *s)
{
	s->listed = true;
	each_unit(s, list_one, NULL);
	if (s->units.n)
		qsort(s->units.v, s->units.n, sizeof(*s->units.v), unit_order);
	debug_file_trim(&s->file);
	s->in_use.n = 0;
}

static bool unit_in_list(struct source_lines *s, uint64_t address, Dwarf_Die *cu)
{
	size_t low = 0, high;

	if (!s->listed)
		list_units(s);
	high = s->units.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->units.v[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < s->units.v[low - 1].high && s->file.dwarf &&
	       s->file.lib->dwarf_offdie(s->file.dwarf, s->units.v[low - 1].die, cu);
}

/* Memory is bounded: what libdw has read of many units is given back. */
static void note_use(struct source_lines *s, Dwarf_Off unit)
{
	for (size_t i = 0; i < s->in_use.n; i++)
		if (s->in_use.v[i] == unit)
			return;
	vec_push(&s->in_use, unit);
}

static bool unit_of(struct source_lines *s, uint64_t address, Dwarf_Die *cu)
{
	if (s->in_use.n >= UNITS_MAX) {
		debug_file_trim(&s->file);
		s->in_use.n = 0;
	}
	if (!s->file.dwarf || (!s->file.lib->dwarf_addrdie(s->file.dwarf, address, cu) &&
			       !unit_in_list(s, address, cu)))
		return false;
	note_use(s, s->file.lib->dwarf_dieoffset(cu));
	return true;
}

/* ---- addresses to lines ------------------------------------------------------ */

/* The name for the linker, which tells functions of C++ apart, else the plain one. */
static const char *function_name(const struct debug_libs *d, Dwarf_Die *die)
{
	Dwarf_Attribute a;

	if (d->dwarf_attr_integrate(die, DW_AT_linkage_name, &a) ||
	    d->dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &a))
		return d->dwarf_formstring(&a);
	return d->dwarf_diename(die);
}

static uint64_t number(const struct debug_libs *d, Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute a;
	Dwarf_Word v;

	return d->dwarf_attr(die, name, &a) && !d->dwarf_formudata(&a, &v) ? v : 0;
}

/* A file's whole path: what stands in the table may be relative to where it was compiled. */
static const char *whole_path(struct source_lines *s, Dwarf_Die *cu, const char *file)
{
	Dwarf_Attribute a;
	const char *dir = NULL;
	char path[4096];

	if (file && *file != '/' && s->file.lib->dwarf_attr(cu, DW_AT_comp_dir, &a))
		dir = s->file.lib->dwarf_formstring(&a);
	if (!dir)
		return intern(s, file);
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return intern(s, path);
}

static const char *file_number(struct source_lines *s, Dwarf_Die *cu, uint64_t n)
{
	Dwarf_Files *files;
	size_t count;

	if (s->file.lib->dwarf_getsrcfiles(cu, &files, &count) || n >= count)
		return NULL;
	return whole_path(s, cu, s->file.lib->dwarf_filesrc(files, n, NULL, NULL));
}

/* The inlined functions around the address: each tells where the next one called it. */
static unsigned inlined(struct source_lines *s, Dwarf_Die *cu, uint64_t address,
			struct source_place *places)
{
	const struct debug_libs *d = s->file.lib;
	Dwarf_Die *scopes = NULL, *parents = NULL;
	int n = d->dwarf_getscopes(cu, address, &scopes);
	unsigned k = 0;

	/* the scopes of an inlined function go on with those of its definition: not wanted */
	n = n > 0 ? d->dwarf_getscopes_die(&scopes[0], &parents) : 0;
	for (int i = 0; i < n && k + 1 < INLINE_MAX; i++) {
		int tag = d->dwarf_tag(&parents[i]);

		if (tag == DW_TAG_subprogram)
			break;
		if (tag != DW_TAG_inlined_subroutine)
			continue;
		places[k].function = intern(s, function_name(d, &parents[i]));
		if (!places[k].function)
			places[k].function = "?";
		k++;
		places[k].file = file_number(s, cu, number(d, &parents[i], DW_AT_call_file));
		places[k].line = (unsigned)number(d, &parents[i], DW_AT_call_line);
	}
	free(scopes);
	free(parents);
	return k;
}

static unsigned look_up(struct source_lines *s, uint64_t address, struct source_place *places)
{
	const struct debug_libs *d = s->file.lib;
	Dwarf_Line *line;
	Dwarf_Die cu;
	int n = 0;

	if (!unit_of(s, address, &cu))
		return 0;
	line = d->dwarf_getsrc_die(&cu, address);
	if (!line)
		return 0;
	d->dwarf_lineno(line, &n);
	places[0].file = whole_path(s, &cu, d->dwarf_linesrc(line, NULL, NULL));
	places[0].line = (unsigned)n;
	return places[0].file ? inlined(s, &cu, address, places) + 1 : 0;
}

unsigned source_lines_find(struct source_lines *s, uint64_t address,
			   const struct source_place **out)
{
	struct cached *c = &s->cache[(address ^ address >> 12) % CACHE];
	struct source_place places[INLINE_MAX] = { 0 };

	if (!c->places || c->address != address) {
		unsigned n = look_up(s, address, places);

		free(c->places);
		c->places = malloc(sizeof(places[0]) * (n + 1));
		if (!c->places)
			return 0;
		memcpy(c->places, places, sizeof(places[0]) * (n + 1));
		c->n = n;
		c->address = address;
	}
	*out = c->places;
	return c->n;
}

/* ---- lines to addresses ------------------------------------------------------ */

struct line_found {
	uint64_t address;
	Dwarf_Off block; /* the function, or the inlined copy of one, that it is in */
};

struct line_search {
	const char *file;
	unsigned line, column, best;
	VEC(struct line_found) found;
};

/* "c/b.c" is the end of "/a/c/b.c". */
static bool path_ends(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	while (!strncmp(end, "./", 2)) {
		end += 2;
		m -= 2;
	}
	return n >= m && !strcmp(path + n - m, end) &&
	       (n == m || *end == '/' || path[n - m - 1] == '/');
}

static bool unit_has_file(const struct debug_libs *d, Dwarf_Die *cu, const char *file)
{
	Dwarf_Files *files;
	size_t n;

	if (d->dwarf_getsrcfiles(cu, &files, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *path = d->dwarf_filesrc(files, i, NULL, NULL);

		if (path && path_ends(path, file))
			return true;
	}
	return false;
}

static Dwarf_Off block_of(const struct debug_libs *d, Dwarf_Die *cu, uint64_t address)
{
	Dwarf_Die *scopes = NULL, *parents = NULL;
	int n = d->dwarf_getscopes(cu, address, &scopes);
	Dwarf_Off off = d->dwarf_dieoffset(cu);

	n = n > 0 ? d->dwarf_getscopes_die(&scopes[0], &parents) : 0;
	for (int i = 0; i < n; i++) {
		int tag = d->dwarf_tag(&parents[i]);

		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
			off = d->dwarf_dieoffset(&parents[i]);
			break;
		}
	}
	free(scopes);
	free(parents);
	return off;
}

/* Once in each function, and in each copy of an inlined one: where the line begins there. */
static void take_line(struct line_search *l, const struct debug_libs *d, Dwarf_Die *cu,
		      unsigned line, uint64_t address)
{
	struct line_found f = { .address = address };

	if (line > l->best)
		return;
	if (line < l->best)
		l->found.n = 0;
	l->best = line;
	f.block = block_of(d, cu, address);
	for (size_t i = 0; i < l->found.n; i++) {
		if (l->found.v[i].block != f.block)
			continue;
		if (address < l->found.v[i].address)
			l->found.v[i].address = address;
		return;
	}
	vec_push(&l->found, f);
}

static bool search_unit(struct source_lines *s, Dwarf_Die *cu, void *user)
{
	const struct debug_libs *d = s->file.lib;
	struct line_search *l = user;
	Dwarf_Lines *lines;
	size_t n;

	if (!unit_has_file(d, cu, l->file) || d->dwarf_getsrclines(cu, &lines, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		Dwarf_Line *at = d->dwarf_onesrcline(lines, i);
		int line = 0, column = 0;
		bool begins = false, end = false;
		Dwarf_Addr address;
		const char *file;

		d->dwarf_lineendsequence(at, &end);
		d->dwarf_lineno(at, &line);
		d->dwarf_linecol(at, &column);
		d->dwarf_linebeginstatement(at, &begins);
		file = d->dwarf_linesrc(at, NULL, NULL);
		/* the parts of a statement have columns of their own */
		if (!end && (begins || l->column) && file && path_ends(file, l->file) &&
		    (unsigned)line >= l->line &&
		    (!l->column || (unsigned)column == l->column) &&
		    !d->dwarf_lineaddr(at, &address) && address)
			take_line(l, d, cu, (unsigned)line, address);
	}
	return false;
}

size_t source_lines_at(struct source_lines *s, const char *file, unsigned *line, unsigned column,
		       uint64_t **out)
{
	struct line_search l = { .file = file, .line = *line, .column = column, .best = ~0u };

	if (s->file.dwarf)
		each_unit(s, search_unit, &l);
	debug_file_trim(&s->file);
	s->in_use.n = 0;
	if (l.found.n)
		*line = l.best;
	*out = malloc(sizeof(**out) * (l.found.n + 1));
	for (size_t i = 0; *out && i < l.found.n; i++)
		(*out)[i] = l.found.v[i].address;
	free(l.found.v);
	return *out ? l.found.n : 0;
}
