/*
 * Where values live while a program runs: stack slots that statements share,
 * per-CPU scratch for what is too large for the stack, and reads of kernel and
 * user memory.
 */
#include "codegen/lower/internal.h"

static uint32_t round8(uint32_t n)
{
	return (n + 7) & ~7u;
}

/* ---- gaps -------------------------------------------------------------- */

struct lower_gap lower_gap_open(struct lower *l)
{
	struct lower_gap g = { ir_here(l->ir), ir_block_new(l->ir, "") };

	ir_at(l->ir, g.next);
	return g;
}

void lower_gap_close(struct lower *l, struct lower_gap *g)
{
	ir_block here = ir_here(l->ir);

	ir_at(l->ir, g->at);
	ir_br(l->ir, g->next);
	ir_at(l->ir, here);
}

/* ---- slots and scratch ------------------------------------------------- */

ir_val lower_index_key(struct lower *l, uint32_t index)
{
	if (!l->own->key_slot)
		l->own->key_slot = ir_alloca(l->ir, 4, 4);
	ir_store(l->ir, l->own->key_slot, ir_const(l->ir, index), 4);
	return l->own->key_slot;
}

/* The key of this CPU's entry; not a constant, so not lower_index_key()'s. */
static ir_val cpu_key(struct lower *l)
{
	ir_val key = lower_index_key(l, 0);

	ir_store(l->ir, key, ir_helper(l->ir, BPF_FUNC_get_smp_processor_id, 0, NULL), 4);
	return key;
}

/*
 * Where the program can be preempted, memory of the task that runs it:
 *	bpf_task_storage_get(&bcct_scratchN, bpf_get_current_task_btf(), NULL, CREATE)
 */
static ir_val scratch_of_task(struct lower *l)
{
	ir_val task = ir_helper(l->ir, BPF_FUNC_get_current_task_btf, 0, NULL);

	return IR_CALL_PTR(l->ir, BPF_FUNC_task_storage_get, plan_scratch(l), task, ir_null(l->ir),
		ir_const(l->ir, BPF_LOCAL_STORAGE_GET_F_CREATE));
}

/*
 *	cpu = bpf_get_smp_processor_id();
 *	scratch = bpf_map_lookup_elem(&bcct_scratchN, &cpu);
 *	if (!scratch)
 *		return 0;
 * in the gap before everything that may use it. Each program has a map of its own, of
 * the size it needs: what the kernel keeps per CPU itself is limited to 32 KB.
 */
static void scratch_look_up(struct lower *l)
{
	struct lower_own *o = l->own;
	struct lower_gap *gap = &o->gap[o->gap_now];
	ir_block here = ir_here(l->ir), missing, found;

	ir_at(l->ir, gap->at);
	missing = ir_block_new(l->ir, "");
	found = ir_block_new(l->ir, "");
	l->scratch = plan_is_preempted(l) ? scratch_of_task(l)
					  : IR_CALL_PTR(l->ir, BPF_FUNC_map_lookup_elem,
							plan_scratch(l), cpu_key(l));
	ir_cond_unlikely(l->ir, ir_icmp(l->ir, IR_EQ, l->scratch, ir_null(l->ir)), missing, found);
	ir_at(l->ir, missing);
	if (plan_is_preempted(l)) /* only this one may be missing */
		lower_fail(l, LOSS_SCRATCH, l->clause->loc, -1);
	ir_return(l->ir, 0);
	ir_at(l->ir, found);
	gap->at = found;
	ir_at(l->ir, here);
}

static uint32_t scratch_limit(const struct lower *l)
{
	return plan_is_preempted(l) ? TASK_LIMIT : SCRATCH_LIMIT;
}

static void report_too_large(struct lower *l)
{
	struct lower_own *o = l->own;

	if (o->error_program == l->program + 1)
		return;
	o->error_program = l->program + 1;
	diag_error(&l->c->diags, TOO_LARGE, l->clause->loc,
		"the values of this clause need more than %u KB of memory",
		scratch_limit(l) / 1024);
	diag_hint(&l->c->diags, "use shorter strings: str(p, 64), or a smaller max_strlen");
}

uint32_t lower_scratch_reserve(struct lower *l, uint32_t size)
{
	uint32_t at = l->scratch_used, limit = scratch_limit(l);

	if (size > limit || at > limit - size) {
		report_too_large(l);
		return 0;
	}
	l->scratch_used += size;
	if (l->scratch_used > l->own->scratch_peak)
		l->own->scratch_peak = l->scratch_used;
	return at;
}

ir_val lower_scratch_at(struct lower *l, uint32_t at)
{
	if (!l->scratch)
		scratch_look_up(l);
	return ir_offset(l->ir, l->scratch, at);
}

ir_val lower_scratch_new(struct lower *l, uint32_t size)
{
	return lower_scratch_at(l, lower_scratch_reserve(l, size));
}

static bool fits_stack(struct lower *l, uint32_t size)
{
	return size <= STACK_VALUE && l->own->stack_used + size <= STACK_BUDGET;
}

static ir_val stack_new(struct lower *l, uint32_t size)
{
	l->own->stack_used += size;
	return ir_alloca(l->ir, size, 8);
}

ir_val lower_slot_new(struct lower *l, uint32_t size)
{
	size = round8(size ? size : 1);
	return fits_stack(l, size) ? stack_new(l, size) : lower_scratch_new(l, size);
}

/* A slot that an earlier statement has finished with. */
static struct lower_slot *slot_free(struct lower *l, uint32_t size)
{
	for (size_t i = 0; i < l->own->slots.n; i++) {
		struct lower_slot *s = &l->own->slots.v[i];
		if (!s->depth && s->size == size)
			return s;
	}
	return NULL;
}

static ir_val temp_slot(struct lower *l, uint32_t size)
{
	struct lower_slot *s = slot_free(l, size);

	if (s) {
		s->depth = l->own->stmt_depth;
		return s->ptr;
	}
	if (!fits_stack(l, size))
		return lower_scratch_new(l, size);
	struct lower_slot slot = { stack_new(l, size), size, l->own->stmt_depth };
	vec_apush(l->arena, &l->own->slots, slot);
	return slot.ptr;
}

ir_val lower_temp(struct lower *l, uint32_t size, bool zero)
{
	ir_val p = temp_slot(l, round8(size ? size : 1));

	if (zero)
		ir_zero(l->ir, p, size);
	return p;
}

void lower_stmt_begin(struct lower *l, uint32_t *scratch_mark)
{
	l->own->stmt_depth++;
	*scratch_mark = l->scratch_used;
}

void lower_stmt_end(struct lower *l, uint32_t scratch_mark)
{
	for (size_t i = 0; i < l->own->slots.n; i++)
		if (l->own->slots.v[i].depth >= l->own->stmt_depth)
			l->own->slots.v[i].depth = 0;
	l->scratch_used = scratch_mark;
	l->own->stmt_depth--;
}

/* ---- reading memory ---------------------------------------------------- */

/* A read that fails clears its destination, so that no value is ever undefined. */
void lower_read(struct lower *l, enum space space, ir_val addr, ir_val dst, uint32_t size,
		struct loc loc)
{
	int id = space == SP_USER ? BPF_FUNC_probe_read_user : BPF_FUNC_probe_read_kernel;
	ir_val rc = IR_CALL(l->ir, id, dst, ir_const(l->ir, size), ir_ptr_to_int(l->ir, addr));

	lower_fail_read(l, ir_icmp(l->ir, IR_NE, rc, ir_const(l->ir, 0)), space, false, loc);
}
