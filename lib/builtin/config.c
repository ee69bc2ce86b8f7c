/* config(name): a setting of the config block. A constant. Used by the check. */
#ifdef BCCT_COMPILER
#include "base/strmap.h"
#include "parser/check/check.h"

static void config_check(struct check *k, struct node *call)
{
	struct node *arg = check_arg(call, 0);
	const char *name = arg->kind == N_STR ? arg->str.text : arg->ident.name;
	int id = option_find(name);
	struct nearest near = nearest_init(name);

	if (id >= 0 && option_is_text(id)) {
		check_become_str(k, call, arena_strdup(k->arena, k->c->options.text[id]));
	} else if (id >= 0) {
		check_become_num(k, call, (uint64_t)k->c->options.v[id],
				 type_int(k->types, 8, true));
	} else {
		for (int i = 0; i < OPT_COUNT; i++)
			nearest_try(&near, option_name(i));
		check_error(k, arg, UNKNOWN_NAME, "there is no option '%s'", name);
		if (near.best)
			check_hint(k, "did you mean '%s'?", near.best);
		call->type = check_poison();
	}
}

const struct builtin bcct_builtin_config = {
	.name = "config",
	.prototype = "config(strlit name) -",
	.flags = BUILTIN_CALL | BUILTIN_CONST,
	.check = config_check,
	.doc = "The value of an option of the config block.",
	.example = "BEGIN { printf(\"%d\\n\", config(\"max_map_keys\")); exit() }",
	.expect = "4096\n",
};
#endif
