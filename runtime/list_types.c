/*
 * Listing the kernel's types: -l 'struct task_*' their names, -lv their definitions. BTF
 * and its printer are libbpf's; the printer writes what a type needs before the type itself,
 * of which only the end is wanted.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

struct type_list {
	const struct btf *btf;
	bool verbose;
	void (*each)(void *user, const char *text);
	void *user;
	struct buf text;
};

static const struct {
	const char *word;
	unsigned kinds; /* bits of BTF_KIND_… */
} words[] = {
	{"struct", 1u << BTF_KIND_STRUCT},
	{"union", 1u << BTF_KIND_UNION},
	{"enum", 1u << BTF_KIND_ENUM | 1u << BTF_KIND_ENUM64},
};

/* The kinds that a pattern asks for, and what stands behind the word; 0: it is no type. */
static unsigned kinds_of(const char *pattern, const char **word, const char **name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(pattern, words[i].word, n) || pattern[n] != ' ')
			continue;
		*word = words[i].word;
		*name = pattern + n + strspn(pattern + n, " ");
		return words[i].kinds;
	}
	return 0;
}

static void put_text(void *ctx, const char *fmt, va_list args)
{
	struct buf *out = ctx;
	char line[1024];
	int n = vsnprintf(line, sizeof(line), fmt, args);

	if (n > 0)
		buf_put(out, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

/* Where the last line "struct NAME {" of the text begins. */
static char *definition(char *text, const char *head)
{
	char *found = NULL, *p = text;
	size_t n = strlen(head);

	while ((p = strstr(p, head))) {
		if ((p == text || p[-1] == '\n') && (p[n] == ' ' || p[n] == '\n'))
			found = p;
		p += n;
	}
	return found;
}

static void list_definition(struct type_list *l, uint32_t id, const char *head)
{
	struct btf_dump *dump = btf_dump__new(l->btf, put_text, &l->text, NULL);
	char *text, *end;

	l->text.len = 0;
	if (dump && !btf_dump__dump_type(dump, id)) {
		buf_u8(&l->text, 0);
		text = definition((char *)l->text.data, head);
		end = text ? strstr(text, "\n}") : NULL;
		if (end) {
			end[1 + strcspn(end + 1, "\n")] = '\0';
			l->each(l->user, text);
		} else {
			l->each(l->user, head); /* only declared */
		}
	}
	btf_dump__free(dump);
}

bool list_is_type(const char *pattern)
{
	const char *word, *name;

	return kinds_of(pattern, &word, &name) != 0;
}

int list_types(const char *pattern, bool verbose, void (*each)(void *user, const char *text),
	       void *user)
{
	struct type_list l = {.verbose = verbose, .each = each, .user = user};
	struct btf *btf = btf__load_vmlinux_btf();
	const char *word, *name;
	unsigned kinds = kinds_of(pattern, &word, &name);
	char head[300];

	if (!btf)
		return -errno;
	l.btf = btf;
	for (uint32_t i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);
		const char *known = btf__name_by_offset(btf, t->name_off);

		if (!(kinds >> btf_kind(t) & 1) || !known || !*known || !rt_wildcard(name, known))
			continue;
		snprintf(head, sizeof(head), "%s %.250s", word, known);
		if (verbose)
			list_definition(&l, i, head);
		else
			each(user, head);
	}
	buf_free(&l.text);
	btf__free(btf);
	return 0;
}
