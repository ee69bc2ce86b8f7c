/*
 * User addresses to names. A process's mappings are read from /proc when it is
 * first seen, and come from the kernel's records (mmaps.c) when it starts or
 * loads something while the program runs, so that what has exited is still
 * known. Called by the decoder.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/demangle_rt.h"
#include "runtime/rt_internal.h"
#include "runtime/usyms.h"

#define JIT_LIMIT (64u << 20) /* bytes of a perf-PID.map that are read */
#define PROCESS_LIMIT 16384   /* beyond it those that have exited are dropped */

/* ---- processes ---------------------------------------------------------- */

struct jit_symbol {
	uint64_t start, size;
	uint32_t name;
};

struct jit {
	VEC(struct jit_symbol) symbols; /* sorted */
	struct buf text;
	off_t size; /* of the file when it was read */
};

static void jit_free(struct jit *j)
{
	if (!j)
		return;
	free(j->symbols.v);
	buf_free(&j->text);
	free(j);
}

static void process_free(struct process *p)
{
	free(p->maps.v);
	jit_free(p->jit);
	free(p);
}

/* Keeps the table within its limit on machines that start many processes. */
static void drop_exited(struct usyms *u)
{
	for (unsigned i = 0; i < PROCESS_BUCKETS; i++) {
		struct process **at = &u->buckets[i];

		while (*at) {
			struct process *p = *at;

			if (!p->exited) {
				at = &p->next;
				continue;
			}
			*at = p->next;
			process_free(p);
			u->n--;
		}
	}
}

struct process *usyms_process(struct usyms *u, uint32_t pid, bool make)
{
	struct process **bucket = &u->buckets[pid % PROCESS_BUCKETS], *p;

	for (p = *bucket; p; p = p->next)
		if (p->pid == pid)
			return p;
	if (!make)
		return NULL;
	if (u->n >= PROCESS_LIMIT)
		drop_exited(u);
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->pid = pid;
	p->next = *bucket;
	*bucket = p;
	u->n++;
	return p;
}

static const char *intern(struct usyms *u, const char *path)
{
	char *s = strmap_get(&u->paths, path);

	if (s)
		return s;
	s = strdup(path);
	if (s)
		strmap_put(&u->paths, s, s);
	return s;
}

/* The first mapping that ends behind addr. */
static size_t map_place(const struct process *p, uint64_t addr)
{
	size_t low = 0, high = p->maps.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->maps.v[middle].end <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What was there before and overlaps is gone: its rest is not worth keeping. */
void usyms_add(struct usyms *u, struct process *p, struct mapping m, const char *path)
{
	size_t at = map_place(p, m.start), over = at;

	m.path = intern(u, path);
	if (!m.path || m.start >= m.end)
		return;
	while (over < p->maps.n && p->maps.v[over].start < m.end)
		over++;
	if (over > at) {
		memmove(&p->maps.v[at + 1], &p->maps.v[over],
			(p->maps.n - over) * sizeof(m));
		p->maps.n -= over - at - 1;
	} else {
		vec_push(&p->maps, m);
		memmove(&p->maps.v[at + 1], &p->maps.v[at], (p->maps.n - at - 1) * sizeof(m));
	}
	p->maps.v[at] = m;
}

void usyms_forget_maps(struct process *p)
{
	p->maps.n = 0;
	p->read = false;
	p->exited = false;
	jit_free(p->jit);
	p->jit = NULL;
}

void usyms_copy_maps(struct process *to, const struct process *from)
{
	to->maps.n = 0;
	for (size_t i = 0; i < from->maps.n; i++)
		vec_push(&to->maps, from->maps.v[i]);
}

static bool read_maps(struct usyms *u, struct process *p, uint32_t pid)
{
	char line[4400], file[40];
	bool any = false;
	FILE *f;

	snprintf(file, sizeof(file), "/proc/%u/maps", pid);
	f = fopen(file, "re");
	while (f && fgets(line, sizeof(line), f)) {
		struct mapping m = { 0 };
		char prot[8];
		int path = 0;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %*s %n", &m.start,
			   &m.end, prot, &m.offset, &path) < 4 || !path)
			continue;
		any = true;
		line[strcspn(line, "\n")] = 0;
		if (line[path] == '/' || prot[2] == 'x')
			usyms_add(u, p, m, line + path);
	}
	if (f)
		fclose(f);
	return any; /* a process that has exited has none */
}

/* After a loss of records: as it is now, as long as it is there. */
static void refresh_maps(struct usyms *u, struct process *p)
{
	struct process now = {.pid = p->pid};

	p->stale = false;
	if (p->exited || !read_maps(u, &now, p->pid)) {
		free(now.maps.v);
		return;
	}
	free(p->maps.v);
	p->maps.v = now.maps.v;
	p->maps.n = now.maps.n;
	p->maps.cap = now.maps.cap;
}

/* A process that was there before tracing began is looked at when it is first met. */
static struct process *known_process(struct usyms *u, uint32_t pid)
{
	struct process *p = usyms_process(u, pid, true);

	if (p && p->stale)
		refresh_maps(u, p);
	if (!p || p->read)
		return p;
	p->read = true;
	if (!p->exited && (!p->born || !p->maps.n) && !read_maps(u, p, pid) && p->parent &&
	    !p->maps.n)
		read_maps(u, p, p->parent);
	return p;
}

void usyms_see(struct rt *rt, uint32_t pid)
{
	if (!rt->usyms)
		rt->usyms = usyms_new();
	if (!rt->usyms)
		return;
	if (rt->usyms->mmaps)
		mmaps_read(rt->usyms->mmaps);
	known_process(rt->usyms, pid);
}

/* ---- files -------------------------------------------------------------- */

static int open_mapped(const struct process *p, const struct mapping *m)
{
	char file[4400];
	int fd;

	snprintf(file, sizeof(file), "/proc/%u/root%s", p->pid, m->path);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		/* removed since, but still mapped */
		snprintf(file, sizeof(file), "/proc/%u/map_files/%" PRIx64 "-%" PRIx64, p->pid,
			 m->start, m->end);
		fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	return fd >= 0 ? fd : open(m->path, O_RDONLY | O_CLOEXEC);
}

static struct elf_table *table_of(struct usyms *u, const struct process *p,
				  const struct mapping *m)
{
	char key[80], *kept;
	struct elf_table *t;
	struct stat st;
	int fd;

	if (m->path[0] != '/' || !strncmp(m->path, "//", 2) || !strncmp(m->path, "/dev/", 5))
		return NULL;
	fd = open_mapped(p, m);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return NULL;
	}
	snprintf(key, sizeof(key), "%ju:%ju:%jd", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino,
		 (intmax_t)st.st_mtime);
	t = strmap_get(&u->tables, key);
	if (t) {
		close(fd);
		return t;
	}
	t = elf_table_open(fd, m->path);
	kept = t ? strdup(key) : NULL;
	if (kept)
		strmap_put(&u->tables, kept, t);
	return t;
}

/* The vDSO is the same for all processes of the machine's own bitness. */
static struct elf_table *vdso_table(struct usyms *u)
{
	uint64_t start = getauxval(AT_SYSINFO_EHDR);
	struct process self = { 0 };
	size_t i;

	if (u->vdso || !start)
		return u->vdso;
	read_maps(u, &self, (uint32_t)getpid());
	i = map_place(&self, start);
	if (i < self.maps.n && self.maps.v[i].start == start)
		u->vdso = elf_table_image((const void *)(uintptr_t)start,
					  self.maps.v[i].end - start);
	free(self.maps.v);
	return u->vdso;
}

/* ---- code made at run time ------------------------------------------------ */

static int jit_order(const void *x, const void *y)
{
	const struct jit_symbol *a = x, *b = y;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* "start size name" in hexadecimal, a line each. */
static void jit_line(struct jit *j, char *line)
{
	struct jit_symbol s;
	char *p, *q;

	s.start = strtoull(line, &p, 16);
	s.size = strtoull(p, &q, 16);
	if (p == line || q == p || *q != ' ')
		return;
	q++;
	q[strcspn(q, "\n")] = 0;
	s.name = (uint32_t)j->text.len;
	buf_put(&j->text, q, strlen(q) + 1);
	vec_push(&j->symbols, s);
}

/* The number that the process has in its own namespace, which it names the file by. */
static uint32_t own_pid(uint32_t pid)
{
	char file[40], line[256];
	uint32_t own = pid;
	FILE *f;

	snprintf(file, sizeof(file), "/proc/%u/status", pid);
	f = fopen(file, "re");
	while (f && fgets(line, sizeof(line), f)) {
		char *last = strrchr(line, '\t');

		if (!strncmp(line, "NStgid:", 7) && last)
			own = (uint32_t)strtoul(last + 1, NULL, 10);
	}
	if (f)
		fclose(f);
	return own;
}

static FILE *jit_open(const struct process *p)
{
	char file[80];
	FILE *f;

	snprintf(file, sizeof(file), "/proc/%u/root/tmp/perf-%u.map", p->pid, own_pid(p->pid));
	f = fopen(file, "re");
	if (f)
		return f;
	snprintf(file, sizeof(file), "/tmp/perf-%u.map", p->pid);
	return fopen(file, "re");
}

static void jit_read(struct process *p)
{
	FILE *f = jit_open(p);
	char line[1024];
	struct stat st;

	if (!f)
		return;
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode) || (p->jit && p->jit->size == st.st_size))
		goto out;
	jit_free(p->jit);
	p->jit = calloc(1, sizeof(*p->jit));
	if (!p->jit)
		goto out;
	p->jit->size = st.st_size;
	while (p->jit->text.len < JIT_LIMIT && fgets(line, sizeof(line), f))
		jit_line(p->jit, line);
	if (p->jit->symbols.n)
		qsort(p->jit->symbols.v, p->jit->symbols.n, sizeof(*p->jit->symbols.v), jit_order);
out:
	fclose(f);
}

static const char *jit_find(const struct jit *j, uint64_t addr, uint64_t *from)
{
	size_t low = 0, high = j ? j->symbols.n : 0;
	const struct jit_symbol *s;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (j->symbols.v[middle].start <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	s = &j->symbols.v[low - 1];
	*from = addr - s->start;
	return *from < s->size ? (const char *)j->text.data + s->name : NULL;
}

static bool jit_symbol(struct process *p, uint64_t addr, struct rt_symbol *out)
{
	out->name = jit_find(p->jit, addr, &out->offset);
	if (!out->name) {
		jit_read(p); /* the file grows while the process runs */
		out->name = jit_find(p->jit, addr, &out->offset);
	}
	return out->name != NULL;
}

/* ---- the rest ----------------------------------------------------------- */

struct usyms *usyms_new(void)
{
	return calloc(1, sizeof(struct usyms));
}

void usyms_free(struct usyms *u)
{
	if (!u)
		return;
	mmaps_close(u->mmaps);
	for (unsigned i = 0; i < PROCESS_BUCKETS; i++) {
		struct process *next;

		for (struct process *p = u->buckets[i]; p; p = next) {
			next = p->next;
			process_free(p);
		}
	}
	for (size_t i = 0; i < u->tables.n; i++) {
		elf_table_free(u->tables.entries[i].value);
		free((char *)u->tables.entries[i].key);
	}
	for (size_t i = 0; i < u->paths.n; i++)
		free(u->paths.entries[i].value);
	strmap_free(&u->tables);
	strmap_free(&u->paths);
	elf_table_free(u->vdso);
	free(u);
}

static bool has_user_address(const struct schema *s, unsigned depth)
{
	if (!s || depth > 32)
		return false;
	if (s->kind == SC_USYM || (s->kind == SC_USTACK && s->params[0] != STACK_RAW &&
				   s->params[0] != STACK_BUILD_ID))
		return true;
	for (uint32_t i = 0; s->kind != SC_ENUM && i < s->nfields; i++)
		if (has_user_address(s->fields[i], depth + 1))
			return true;
	return false;
}

int usyms_start(struct rt *rt)
{
	bool any = false;

	for (size_t i = 0; i < rt->m->actions.n; i++)
		any |= has_user_address(rt->m->actions.v[i].payload, 0);
	for (size_t i = 0; i < rt->m->maps.n; i++)
		any |= has_user_address(rt->m->maps.v[i].key, 0) ||
		       has_user_address(rt->m->maps.v[i].value, 0);
	if (!any || rt->usyms)
		return 0;
	rt->usyms = usyms_new();
	if (!rt->usyms)
		return -ENOMEM;
	rt->usyms->mmaps = mmaps_open(rt->usyms);
	if (rt->b->opt.pid > 0)
		usyms_see(rt, (uint32_t)rt->b->opt.pid);
	/* without the records there is what /proc says */
	return rt->usyms->mmaps ? loop_watch(rt, mmaps_fd(rt->usyms->mmaps), WATCH_MMAPS) : 0;
}

static struct elf_table *mapped_table(struct usyms *u, struct process *p, struct mapping *m)
{
	if (!m->tried)
		m->table = strcmp(m->path, "[vdso]") ? table_of(u, p, m) : vdso_table(u);
	m->tried = true;
	return m->table;
}

static bool file_symbol(struct usyms *u, struct process *p, struct mapping *m, uint64_t addr,
			bool demangle_names, struct rt_symbol *out)
{
	if (!mapped_table(u, p, m) ||
	    !elf_table_find(m->table, addr - m->start + m->offset, u->name, sizeof(u->name),
			    &out->offset))
		return false;
	out->name = u->name;
	if (demangle_names && demangle(u->name, u->plain, sizeof(u->plain)))
		out->name = u->plain;
	return true;
}

bool rt_usym(struct rt *rt, uint32_t pid, uint64_t addr, struct rt_symbol *out)
{
	struct process *p;
	size_t i;

	memset(out, 0, sizeof(*out));
	usyms_see(rt, pid);
	p = rt->usyms ? known_process(rt->usyms, pid) : NULL;
	if (!p)
		return false;
	i = map_place(p, addr);
	if (i >= p->maps.n || p->maps.v[i].start > addr)
		return jit_symbol(p, addr, out);
	if (*p->maps.v[i].path)
		out->module = p->maps.v[i].path;
	return file_symbol(rt->usyms, p, &p->maps.v[i], addr,
			   rt->m->options.v[OPT_CPP_DEMANGLE], out) ||
	       jit_symbol(p, addr, out);
}

const char *rt_plain_name(struct rt *rt, const char *name)
{
	struct usyms *u = rt->usyms;

	if (!u || !rt->m->options.v[OPT_CPP_DEMANGLE] ||
	    !demangle(name, u->plain, sizeof(u->plain)))
		return name;
	return u->plain;
}

unsigned rt_usym_lines(struct rt *rt, uint32_t pid, uint64_t addr, bool caller,
		       const struct source_place **out)
{
	struct process *p = rt->usyms ? known_process(rt->usyms, pid) : NULL;
	size_t i = p ? map_place(p, addr) : 0;
	struct mapping *m;

	if (!p || !rt->m->options.v[OPT_SHOW_DEBUG_INFO] || i >= p->maps.n ||
	    p->maps.v[i].start > addr)
		return 0;
	m = &p->maps.v[i];
	return mapped_table(rt->usyms, p, m)
		       ? elf_table_lines(m->table, addr - m->start + m->offset, caller, out) : 0;
}
