/* Parsing of uprobe and uretprobe attach points; called by lib/provider/. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf_rt.h"
#include "lib/uprobe_compile.h"
#include "types/dwarf.h"

/* The next part up to a ':' outside quotes, without its quotes; *p moves behind the ':'. */
static char *next_part(struct arena *a, const char **p, bool last)
{
	char *out = arena_alloc(a, strlen(*p) + 1), *to = out;
	bool quoted = false;

	for (; **p; (*p)++) {
		if (**p == '"')
			quoted = !quoted;
		else if (**p == ':' && !quoted && !last)
			break;
		else
			*to++ = **p;
	}
	if (**p == ':')
		(*p)++;
	return out;
}

/* Cuts "+16" off a function's name. False when what follows the '+' is no number. */
static bool cut_offset(char *name, uint64_t *offset, bool *found)
{
	char *plus = strrchr(name, '+'), *end;

	*offset = 0;
	*found = plus != NULL;
	if (!plus)
		return true;
	*offset = strtoull(plus + 1, &end, 0);
	*plus = 0;
	return end != plus + 1 && !*end;
}

/* "FILE:LINE[:COLUMN]", which was cut into "BINARY@FILE" and the rest; NULL: it is no line. */
static const char *line_target(struct check *k, char *binary, const char *name)
{
	size_t n = strspn(name, "0123456789");
	char *at = strrchr(binary, '@');

	if (!at || at == binary || !at[1] || !n ||
	    (name[n] && (name[n] != ':' || !name[n + 1] ||
			 name[n + 1 + strspn(name + n + 1, "0123456789")])))
		return NULL;
	*at = 0;
	return arena_printf(k->arena, "@%s:%s", at + 1, name);
}

/* Types of the binary may be named in the clause. */
static void add_types(struct check *k, const char *binary)
{
	char *path = probe_has_wildcard(binary) ? NULL : elf_find(binary, k->c->pid);

	if (path)
		types_dwarf_add(k->types, path, elf_find);
	free(path);
}

int uprobe_parse(struct check *k, struct node *spec, const struct provider *p, bool with_offset)
{
	const char *rest = probe_spec_rest(k, spec), *at = rest;
	char *binary, *name, *end;
	const char *line;
	uint64_t offset;
	bool found;

	if (!rest)
		return -EINVAL;
	binary = next_part(k->arena, &at, false);
	line = line_target(k, binary, at);
	if (line && !with_offset)
		return probe_bad(k, spec, NULL, "%s takes no line of source", p->name);
	if (line) {
		add_types(k, binary);
		probe_set_attach(k, spec, p, line, rest);
		spec->spec.attach.module = binary;
		return 0;
	}
	name = next_part(k->arena, &at, true);
	add_types(k, binary);
	if (!*binary || !*name)
		return probe_bad(k, spec,
				 arena_printf(k->arena,
					      "write %s, for example %s:/bin/bash:readline",
					      p->syntax, p->name),
				 "%s needs a binary and a function", p->name);
	offset = strtoull(name, &end, 0);
	if (name[0] >= '0' && name[0] <= '9' && !*end) {
		name = arena_strdup(k->arena, "");
	} else if (!cut_offset(name, &offset, &found)) {
		return probe_bad(k, spec, "write an offset as +16 or +0x10", "bad offset in '%s'",
				 rest);
	} else if (found && (!with_offset || probe_has_wildcard(name))) {
		return probe_bad(k, spec, NULL,
				 with_offset ? "an offset cannot follow a pattern"
					     : "%s takes no offset", p->name);
	}
	probe_set_attach(k, spec, p, name, rest);
	spec->spec.attach.module = binary;
	spec->spec.attach.offset = offset;
	return 0;
}

/* ---- usdt --------------------------------------------------------------- */

int usdt_parse(struct check *k, struct node *spec, const struct provider *p)
{
	const char *rest = probe_spec_rest(k, spec), *at = rest;
	char *binary, *name;

	if (!rest)
		return -EINVAL;
	binary = next_part(k->arena, &at, false);
	name = next_part(k->arena, &at, true);
	if (!*binary || !*name)
		return probe_bad(k, spec,
				 arena_printf(k->arena, "write %s, for example usdt:libc:setjmp",
					      p->syntax),
				 "%s needs a binary and a probe", p->name);
	probe_set_attach(k, spec, p, name, rest);
	spec->spec.attach.module = binary;
	return 0;
}

/* Register number n of the argument at a, times its factor. */
static ir_val usdt_register(struct lower *l, ir_val a, unsigned n, ir_val slot)
{
	struct ir *ir = l->ir;
	ir_val by = ir_load(ir, ir_offset(ir, a, offsetof(struct usdt_arg, by) + 8 * n), 8, false);
	ir_val at = ir_load(ir, ir_offset(ir, a, offsetof(struct usdt_arg, reg) + 4 * n), 4, false);

	at = ir_bin(ir, IR_AND, at, ir_const(ir, 0xff)); /* a bound for the verifier */
	at = ir_bin(ir, IR_ADD, ir_ptr_to_int(ir, ir_ctx(ir)), at);
	IR_CALL(ir, BPF_FUNC_probe_read_kernel, slot, ir_const(ir, 8), at);
	return ir_bin(ir, IR_MUL, ir_load(ir, slot, 8, false), by);
}

ir_val usdt_arg_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	struct ir *ir = l->ir;
	ir_val a = ir_offset(ir, lower_point(l, MAPR_USDT), sizeof(struct usdt_arg) * arg);
	ir_val slot = lower_temp(l, 8, true), v = ir_load(ir, a, 8, false), shift, deref, sign;
	ir_block read = ir_block_new(ir, ""), done = ir_block_new(ir, "");

	(void)use;
	v = ir_bin(ir, IR_ADD, v, usdt_register(l, a, 0, slot));
	v = ir_bin(ir, IR_ADD, v, usdt_register(l, a, 1, slot));
	ir_store(ir, slot, v, 8);
	deref = ir_load(ir, ir_offset(ir, a, offsetof(struct usdt_arg, deref)), 4, false);
	ir_cond(ir, ir_truth(ir, deref), read, done);
	ir_at(ir, read);
	IR_CALL(ir, BPF_FUNC_probe_read_user, slot, ir_const(ir, 8), v);
	ir_br(ir, done);
	ir_at(ir, done);
	shift = ir_load(ir, ir_offset(ir, a, offsetof(struct usdt_arg, shift)), 4, false);
	shift = ir_bin(ir, IR_AND, shift, ir_const(ir, 63));
	sign = ir_load(ir, ir_offset(ir, a, offsetof(struct usdt_arg, is_signed)), 4, false);
	v = ir_bin(ir, IR_SHL, ir_load(ir, slot, 8, false), shift);
	return ir_select(ir, ir_truth(ir, sign), ir_bin(ir, IR_ASHR, v, shift),
			 ir_bin(ir, IR_LSHR, v, shift));
}
