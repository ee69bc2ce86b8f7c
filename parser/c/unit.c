/*
 * The unit that a parse leaves: what is kept of the preprocessor, and the names
 * of things for dumps. Called by parse.c and parser/ast_dump.c.
 */
#include <string.h>

#include "base/buf.h"
#include "parser/c/parse.h"

static const char *license(struct compile *c, const struct cpp *cpp)
{
	const struct cpp_macro *m = strmap_get(&cpp->macros, "BPF_LICENSE");
	const char *text;

	if (!m || !m->defined || !m->body)
		return "GPL";
	text = m->body->text;
	if (m->body->kind == CPP_STRING)
		return arena_strndup(c->arena, text + 1, m->body->len - 2);
	return arena_strdup(c->arena, text);
}

struct c_unit *c_unit_new(struct compile *c, const struct cpp *cpp, unsigned file)
{
	struct c_unit *u = arena_new_of(c->arena, struct c_unit);
	struct cpp_expansion *e;

	u->file = file;
	u->license = license(c, cpp);
	if (cpp->expansions.n) {
		e = arena_alloc(c->arena, cpp->expansions.n * sizeof(*e));
		memcpy(e, cpp->expansions.v, cpp->expansions.n * sizeof(*e));
		u->expansions = e;
		u->nexpansions = (uint32_t)cpp->expansions.n;
	}
	return u;
}

void c_notes(struct compile *c, const struct c_unit *u, const struct node *node)
{
	uint32_t at = node->expansion;
	unsigned i;

	for (i = 0; u && at && at <= u->nexpansions && i < 4; i++) {
		const struct cpp_expansion *e = &u->expansions[at - 1];

		if (e->definition.file == u->file && !c->diags.dropped)
			diag_add(&c->diags, DIAG_NOTE, TAG_PREPROCESSOR, e->definition,
				 "expanded from macro '%s'", e->name);
		at = e->parent;
	}
}

const char *c_var_name(const struct c_var *v)
{
	return v && v->name ? v->name : "-";
}

const char *c_map_name(const struct c_map *m)
{
	return m ? m->name : "-";
}

const char *c_method_name(enum c_method m)
{
	static const char *const names[] = {
#define METHOD(id, name) name,
#include "parser/c/methods.h"
#undef METHOD
	};

	return (unsigned)m < C_METHOD_COUNT ? names[m] : "?";
}

const char *c_builtin_name(enum c_builtin b)
{
	static const char *const names[] = {
#define BUILTIN(id, name) name,
#include "parser/c/builtins.h"
#undef BUILTIN
	};

	return (unsigned)b < C_BUILTIN_COUNT ? names[b] : "?";
}

/* How a program attaches, and where its parameters come from. */
void c_func_head(struct buf *out, const struct c_func *f)
{
	static const char *const attach[] = {
		"",	    "kprobe",	"kretprobe", "tracepoint", "raw_tracepoint", "kfunc",
		"kretfunc", "kmod_ret", "lsm",	     "iter",	   "syscall",	 "tail"};
	static const char *const programs[] = {"kprobe",     "tracepoint", "raw_tracepoint",
					       "perf_event", "skb",	   "xdp",
					       "tracing",    "lsm",	   "other"};
	static const char *const params[] = {"", " registers", " syscall", " context", ""};

	if (!f || !f->checked || !f->is_program)
		return;
	buf_printf(out, " [%s%s", programs[f->program], params[f->how]);
	if (f->attach != C_ATTACH_NONE)
		buf_printf(out, " %s:%s%s%s", attach[f->attach], f->module ? f->module : "",
			   f->module ? ":" : "", f->target);
	buf_printf(out, "]");
}

void c_map_head(struct buf *out, const struct c_map *m)
{
	struct arena *a;

	if (!m)
		return;
	a = arena_new();
	buf_printf(out, " [type %u key %s leaf %s entries %llu", m->bpf_type,
		   m->key ? type_print(a, m->key) : "-", m->leaf ? type_print(a, m->leaf) : "-",
		   (unsigned long long)m->entries);
	if (m->flags)
		buf_printf(out, " flags %#x", m->flags);
	if (m->pin)
		buf_printf(out, " pin %s", m->pin);
	if (m->event)
		buf_printf(out, " event %s", type_print(a, m->event));
	buf_printf(out, "]");
	arena_free(a);
}

void c_call_head(struct buf *out, const struct node *n)
{
	if (n->ccall.callee)
		return;
	switch ((enum c_call)n->ccall.how) {
	case C_CALL_FUNCTION: buf_printf(out, " %s", n->ccall.func->name); break;
	case C_CALL_HELPER: buf_printf(out, " bpf_%s", n->ccall.helper->name); break;
	case C_CALL_METHOD:
		buf_printf(out, " %s.%s", c_map_name(n->ccall.map),
			   c_method_name((enum c_method)n->ccall.id));
		break;
	case C_CALL_BUILTIN:
		buf_printf(out, " %s", c_builtin_name((enum c_builtin)n->ccall.id));
		break;
	}
}
