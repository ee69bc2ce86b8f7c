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

void cc_publish(struct cc *k)
{
	const struct c_scope *s = k->file_scope;
	const struct c_sym *sym;
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
}
