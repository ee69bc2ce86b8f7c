/*
 * Kernel addresses to names. The table is read from /proc/kallsyms when the
 * first address is resolved, and kept compact: an offset and a place in one
 * block of names for each function.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

struct ksym {
	uint64_t addr;
	uint32_t has_module : 1;
	uint32_t name : 31; /* offset into names: "name\0" or "name\0module\0" with has_module */
} __attribute__((packed, aligned(4)));

struct ksyms {
	VEC(struct ksym) syms; /* sorted by address */
	struct buf names;
};

void ksyms_free(struct ksyms *k)
{
	if (!k)
		return;
	free(k->syms.v);
	buf_free(&k->names);
	free(k);
}

size_t ksyms_bytes(const struct ksyms *k)
{
	return k->syms.cap * sizeof(*k->syms.v) + k->names.cap;
}

static int ksym_order(const void *x, const void *y)
{
	const struct ksym *a = x, *b = y;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	/* aliases: the one that stands first in kallsyms */
	return (a->name > b->name) - (a->name < b->name);
}

bool kallsyms_line(char *line, struct kallsyms_entry *e)
{
	char *p, *bracket;

	e->addr = strtoull(line, &p, 16);
	if (p == line || *p != ' ' || !p[1] || p[2] != ' ' || !p[3])
		return false;
	e->kind = p[1];
	e->name = p + 3;
	e->module = NULL;
	p[3 + strcspn(p + 3, "\n")] = '\0';
	bracket = strchr(p + 3, '\t');
	if (bracket) {
		*bracket++ = '\0';
		if (*bracket == '[') {
			e->module = bracket + 1;
			bracket[strcspn(bracket, "]")] = '\0';
		}
	}
	return true;
}

bool kallsyms_is_text(char kind)
{
	return kind == 't' || kind == 'T' || kind == 'w' || kind == 'W';
}

static bool is_sorted(const struct ksyms *k)
{
	for (size_t i = 1; i < k->syms.n; i++)
		if (k->syms.v[i - 1].addr > k->syms.v[i].addr)
			return false;
	return true;
}

/* Gives back what growing by halves and doubles left unused. */
static void ksyms_fit(struct ksyms *k)
{
	void *syms = realloc(k->syms.v, k->syms.n * sizeof(*k->syms.v));
	uint8_t *names = realloc(k->names.data, k->names.len);

	if (syms) {
		k->syms.v = syms;
		k->syms.cap = k->syms.n;
	}
	if (names) {
		k->names.data = names;
		k->names.cap = k->names.len;
	}
}

struct ksyms *ksyms_parse(FILE *f)
{
	struct ksyms *k = calloc(1, sizeof(*k));
	char line[512];

	while (k && fgets(line, sizeof(line), f)) {
		struct kallsyms_entry e;
		struct ksym s;

		/* all addresses are zero to those who may not see them */
		if (!kallsyms_line(line, &e) || !kallsyms_is_text(e.kind) || !e.addr)
			continue;
		if (k->names.len > (1u << 30))
			break;
		s = (struct ksym){.addr = e.addr,
				  .name = k->names.len & 0x7fffffff,
				  .has_module = e.module != NULL};
		buf_put(&k->names, e.name, strlen(e.name) + 1);
		if (e.module)
			buf_put(&k->names, e.module, strlen(e.module) + 1);
		vec_push(&k->syms, s);
	}
	if (!k || !k->syms.n)
		return k;
	if (!is_sorted(k))
		qsort(k->syms.v, k->syms.n, sizeof(*k->syms.v), ksym_order);
	ksyms_fit(k);
	return k;
}

bool ksyms_find(const struct ksyms *k, uint64_t addr, struct rt_symbol *out)
{
	size_t low = 0, high = k->syms.n;
	const struct ksym *s;

	/* the first symbol after addr is at high in the end */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (k->syms.v[middle].addr <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!high)
		return false;
	s = &k->syms.v[high - 1];
	while (s > k->syms.v && s[-1].addr == s->addr)
		s--;
	out->name = (const char *)k->names.data + s->name;
	out->module = s->has_module ? out->name + strlen(out->name) + 1 : NULL;
	out->offset = addr - s->addr;
	return true;
}

bool rt_ksym(struct rt *rt, uint64_t addr, struct rt_symbol *out)
{
	memset(out, 0, sizeof(*out));
	if (!rt->ksyms) {
		FILE *f = fopen("/proc/kallsyms", "re");

		if (!f)
			return false;
		setvbuf(f, NULL, _IOFBF, 65536);
		rt->ksyms = ksyms_parse(f);
		fclose(f);
	}
	/* user addresses, and small numbers, are no kernel functions */
	if (!rt->ksyms || !(addr >> 63) || !ksyms_find(rt->ksyms, addr, out))
		return false;
	/* beyond the last function of the kernel or a module nothing is known */
	if (out->offset < (1u << 24))
		return true;
	memset(out, 0, sizeof(*out));
	return false;
}
