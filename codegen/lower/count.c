/* The number of keys of a map, for len(). */
#include "codegen/lower/internal.h"

/* return bpf_for_each_map_elem(map, go on, NULL, 0); it returns how many it saw */
ir_val lower_map_count(struct lower *l, const struct map *m, struct loc loc)
{
	struct ir *ir = l->ir;
	ir_val map = lower_map_ptr(l, m, loc);

	l->m->needs |= NEEDS(FOR_EACH);
	return IR_CALL(ir, BPF_FUNC_for_each_map_elem, map, ir_each_callback(ir), ir_null(ir),
		ir_const(ir, 0));
}
