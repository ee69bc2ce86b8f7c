/* Fields of task_struct by name; called by units in lib/builtin/. */
#include "lib/task_compile.h"

#include <stdio.h>
#include <string.h>

#include "lib/address_compile.h"

#define STEPS 6

/* Offset from the start of an object, and whether there is a pointer to go on from. */
struct step {
	uint32_t offset, size;
	bool is_signed;
};

/* The steps of a path; 0 when a part is unknown, with its name in missing. */
static unsigned walk(struct types *ts, const char *path, struct step *steps, char missing[64])
{
	const struct type *t = type_by_tag(ts, TY_STRUCT, "task_struct");
	unsigned n = 0;

	snprintf(missing, 64, "task_struct");
	while (t && *path && n < STEPS) {
		size_t len = strcspn(path, ".");
		struct member m;

		snprintf(missing, 64, "%.*s", (int)len, path);
		if (!type_member(ts, t, missing, &m))
			return 0;
		steps[n++] = (struct step){ m.offset, m.type->size, m.type->is_signed };
		t = m.type->kind == TY_PTR ? m.type->elem : m.type;
		path += len + (path[len] == '.');
	}
	return t ? n : 0;
}

bool task_path_check(struct check *k, struct node *n, const char *path)
{
	struct step steps[STEPS];
	char missing[64];

	if (walk(k->types, path, steps, missing))
		return true;
	if (types_have_btf(k->types))
		check_error(k, n, UNKNOWN_FIELD, "the kernel's task_struct has no '%s'", missing);
	else
		check_error(k, n, NO_BTF, "this needs the kernel's type information (BTF), which "
			    "cannot be read");
	return false;
}

ir_val task_path_address(struct lower *l, ir_val task, const char *path, struct loc loc)
{
	struct step steps[STEPS];
	char missing[64];
	unsigned n = walk(l->c->types, path, steps, missing), i;
	ir_val p = lower_temp(l, 8, false), at = task;

	for (i = 0; i < n; i++) {
		at = ir_bin(l->ir, IR_ADD, at, ir_const(l->ir, steps[i].offset));
		if (i + 1 == n)
			break;
		lower_read(l, SP_KERNEL, at, p, 8, loc);
		at = ir_load(l->ir, p, 8, false);
	}
	return at;
}

ir_val task_path_load(struct lower *l, ir_val task, const char *path, struct loc loc)
{
	struct step steps[STEPS];
	char missing[64];
	unsigned n = walk(l->c->types, path, steps, missing);
	ir_val at = task_path_address(l, task, path, loc), p = lower_temp(l, 8, false);
	uint32_t size = n && steps[n - 1].size <= 8 ? steps[n - 1].size : 8;

	lower_read(l, SP_KERNEL, at, p, size, loc);
	return ir_load(l->ir, p, size, n && steps[n - 1].is_signed);
}

ir_val task_operand(struct lower *l, const struct node *n)
{
	if (n->kind == N_CALL && n->call.args)
		return address_lower(l, n->call.args);
	return ir_helper(l->ir, BPF_FUNC_get_current_task, 0, NULL);
}

void task_path_name(struct lower *l, ir_val task, const char *path, ir_val dst, uint32_t size,
		    struct loc loc)
{
	ir_val at = task_path_address(l, task, path, loc);
	uint32_t n = size < TASK_COMM_SIZE ? size : TASK_COMM_SIZE;

	IR_CALL(l->ir, BPF_FUNC_probe_read_kernel_str, dst, ir_const(l->ir, n), at);
}
