/*
 * uaddr("symbol"): address of a variable of the probed program. Used by the check and the
 * code generator.
 */
#ifdef BCCT_COMPILER
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arch.h"
#include "lib/elf_rt.h"
#include "codegen/lower.h"
#include "parser/check/check.h"

struct place {
	uint64_t address, size, probe; /* of the symbol; of the probed instruction */
};

/* Looks the symbol up in the probe's binary. */
static int uaddr_find(const struct node *clause, const char *symbol, struct place *p)
{
	const struct node *spec = clause->clause.specs;
	const struct attach_info *at = &spec->spec.attach;
	char *path = at->module ? elf_find(at->module, 0) : NULL;
	uint64_t size;
	int err = path ? elf_symbol(path, symbol, &p->address, &p->size) : -ENOENT;

	if (!err && at->target && *at->target)
		err = elf_symbol(path, at->target, &p->probe, &size);
	p->probe += at->offset;
	free(path);
	return err;
}

static void uaddr_check(struct check *k, struct node *call)
{
	const struct provider *p = k->clause->clause.provider;
	const struct node *symbol = check_arg(call, 0);
	struct place place = { 0 };
	uint32_t size = 8;

	if (!p || strcmp(p->name, "uprobe") != 0 || k->clause->clause.specs->next) {
		if (k->final)
			check_error(k, call, NOT_AVAILABLE,
				    "'uaddr' needs a uprobe on one function");
	} else if (uaddr_find(k->clause, symbol->str.text, &place)) {
		check_error(k, symbol, UNKNOWN_NAME, "'%s' is not known in %s", symbol->str.text,
			    k->clause->clause.specs->spec.attach.module);
	}
	if (place.size == 1 || place.size == 2 || place.size == 4)
		size = (uint32_t)place.size;
	call->type = type_ptr(k->types, type_int(k->types, size, false), SP_USER);
}

/* Wherever the program was loaded: ip - address of the probe + address of the symbol */
static ir_val uaddr_lower(struct lower *l, const struct node *call)
{
	struct place place = { 0 };
	struct ir *ir = l->ir;

	uaddr_find(l->clause, call->call.args->str.text, &place);
	return ir_bin(ir, IR_ADD, ir_load_ctx(ir, ARCH_REG_IP, 8, false),
		      ir_const(ir, place.address - place.probe));
}

const struct builtin bcct_builtin_uaddr = {
	.name = "uaddr",
	.prototype = "uaddr(strlit symbol) -",
	.flags = BUILTIN_CALL,
	.check = uaddr_check,
	.lower = uaddr_lower,
	.doc = "Address of a variable or function of the program that a uprobe is on, as a "
	       "pointer to an unsigned integer of its size.",
	.example = "uprobe:/bin/bash:readline { printf(\"%d\\n\", *uaddr(\"rl_point\")) } "
	           "interval:ms:50 { exit() }",
};
#endif
