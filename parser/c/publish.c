/*
 * What a unit of BPF C defines at file scope, for the rest of the program: clauses
 * use its types and constants by name. Called by the check when the unit is done.
 */
#include "parser/c/check.h"
#include "types/defined.h"

static void publish_tag(struct cc *k, const char *tag, const struct type *t)
{
	const char *word = t->kind == TY_STRUCT ? "struct" : t->kind == TY_UNION ? "union" : "enum";

	types_define(k->types, arena_printf(k->arena, "%s %s", word, tag), t);
}

/* In clauses an enumerator has the type of its enum, and prints by its name. */
static void publish_enumerators(struct cc *k, const struct type *t)
{
	const struct member *m;
	uint32_t i, n = type_members(k->types, t, &m);
	const struct c_sym *sym;

	for (i = 0; i < n; i++) {
		sym = strmap_get(&k->file_scope->names, m[i].name);
		if (sym && sym->kind == SYM_ENUM)
			types_define_constant(k->types, m[i].name, sym->num.value, t);
	}
}

void cc_publish(struct cc *k)
{
	const struct c_scope *s = k->file_scope;
	const struct c_sym *sym;
	const struct type *t;
	size_t i;

	for (i = 0; i < s->tags.n; i++)
		publish_tag(k, s->tags.entries[i].key, s->tags.entries[i].value);
	for (i = 0; i < s->names.n; i++) {
		sym = s->names.entries[i].value;
		if (sym->kind == SYM_TYPEDEF)
			types_define(k->types, s->names.entries[i].key, sym->def.type);
		else if (sym->kind == SYM_ENUM)
			types_define_constant(k->types, s->names.entries[i].key, sym->num.value,
					      sym->num.of ? sym->num.of : sym->num.type);
	}
	for (i = 0; i < s->tags.n; i++) {
		t = s->tags.entries[i].value;
		if (t->kind == TY_ENUM && t->size)
			publish_enumerators(k, t);
	}
}
