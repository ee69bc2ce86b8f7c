/*
 * A unit of BPF C: its maps and programs in the manifest and the module. Called
 * by codegen/object.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arch.h"
#include "codegen/c/internal.h"

/* ---- maps ---------------------------------------------------------------- */

static unsigned c_map_index(const struct cg *g, const struct c_map *m)
{
	const struct manifest *man = g->l->m;

	for (unsigned i = 0; i < man->maps.n; i++)
		if (man->maps.v[i].role == MAPR_C && !strcmp(man->maps.v[i].name + 1, m->name))
			return i;
	return ~0u;
}

static uint32_t power_of_two(uint64_t n)
{
	uint32_t p = 1;

	while (p < n && p < 1u << 31)
		p *= 2;
	return p;
}

struct map_info cg_map_new(struct lower *l, const struct c_map *m)
{
	struct arena *a = l->m->arena;
	struct types *ts = l->c->types;
	struct map_info info = {
		.name = arena_printf(a, "@%s", m->name), .role = MAPR_C, .loc = m->loc,
		.symbol = arena_printf(a, "%.60s", m->name),
		.max_entries = m->entries > UINT32_MAX ? UINT32_MAX : (uint32_t)m->entries,
		.kernel_type = m->bpf_type, .kernel_flags = m->flags,
		.key_size = m->key ? m->key->size : 0,
		.value_size = m->leaf ? m->leaf->size : 0,
	};

	info.key = m->key ? type_schema(ts, a, m->key) : NULL;
	info.value = m->leaf ? type_schema(ts, a, m->leaf) : NULL;
	info.nkeys = m->key ? 1 : 0;
	/* until a logarithm is seen */
	info.hist = m->histogram ? MAP_HIST_LINEAR : MAP_HIST_NONE;
	if (m->kind == C_STACK_TRACE)
		info.max_entries = power_of_two(m->entries);
	info.pin = m->pin ? arena_strdup(a, m->pin) : NULL;
	if (m->of) {
		struct map_info *inner = arena_alloc(a, sizeof(*inner));

		*inner = cg_map_new(l, m->of);
		info.inner = inner;
	}
	return info;
}

struct map_info *cg_map_info(struct cg *g, const struct c_map *m)
{
	unsigned i = c_map_index(g, m);

	if (i == ~0u) {
		struct map_info info = cg_map_new(g->l, m);

		i = (unsigned)g->l->m->maps.n;
		vec_apush(g->l->m->arena, &g->l->m->maps, info);
	}
	return &g->l->m->maps.v[i];
}

ir_val cg_map(struct cg *g, const struct c_map *m)
{
	return ir_map_ptr(g->ir, cg_map_info(g, m)->symbol);
}

/* Events go through bcct's ring buffer: what stood for them has no map of its own. */
static bool has_map(const struct c_map *m)
{
	return m->kind != C_RINGBUF && !(m->kind == C_PERF_EVENT_ARRAY && m->perf_output) &&
	       m->kind != C_CLAUSE && m->kind != C_EXTERN;
}

/* ---- programs ------------------------------------------------------------ */

static const struct {
	const char *provider, *section;
} attach_kinds[] = {
	[C_ATTACH_KPROBE] = {"kprobe", "kprobe"},
	[C_ATTACH_KRETPROBE] = {"kretprobe", "kretprobe"},
	[C_ATTACH_TRACEPOINT] = {"tracepoint", "tracepoint"},
	[C_ATTACH_RAW_TRACEPOINT] = {"rawtracepoint", "raw_tp"},
	[C_ATTACH_KFUNC] = {"fentry", "fentry"},
	[C_ATTACH_KRETFUNC] = {"fexit", "fexit"},
	[C_ATTACH_KMOD_RET] = {"fmod_ret", "fmod_ret"},
	[C_ATTACH_LSM] = {"lsm", "lsm"},
	[C_ATTACH_ITER] = {"iter", "iter"},
	[C_ATTACH_SYSCALL] = {"kprobe", "kprobe"},
	[C_ATTACH_TAIL] = {"tail", NULL},
};

/* Of programs that are neither probes nor see packets: by the struct that is their context. */
static const char *section_by_struct(const struct c_func *f)
{
	static const char *const sections[][2] = {
		{"bpf_sock_ops", "sockops"}, {"sk_msg_md", "sk_msg"},
		{"bpf_cgroup_dev_ctx", "cgroup/dev"}, {"bpf_sysctl", "cgroup/sysctl"},
		{"bpf_sockopt", "cgroup/getsockopt"}, {"bpf_sock_addr", "cgroup/connect4"},
		{"bpf_sock", "cgroup/sock_create"}, {"sk_reuseport_md", "sk_reuseport"},
		{"bpf_sk_lookup", "sk_lookup"},
	};
	const char *name = f->params[0]->type->elem->name;

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (!strcmp(sections[i][0], name))
			return sections[i][1];
	return "kprobe";
}

static const char *section_by_context(const struct c_func *f)
{
	switch (f->program) {
	case C_PROG_OTHER: return section_by_struct(f);
	case C_PROG_TRACEPOINT: return "tracepoint";
	case C_PROG_RAW_TRACEPOINT: return "raw_tp";
	case C_PROG_PERF_EVENT: return "perf_event";
	case C_PROG_SKB: return "tc";
	case C_PROG_XDP: return "xdp";
	default: return "kprobe";
	}
}

/* Programs that the kernel checks against a function are named after it in their section. */
static const char *section_of(struct cg *g, const struct c_func *f)
{
	if (f->attach == C_ATTACH_NONE || f->attach == C_ATTACH_TAIL)
		return section_by_context(f);
	switch (f->attach) {
	case C_ATTACH_KFUNC:
	case C_ATTACH_KRETFUNC:
	case C_ATTACH_KMOD_RET:
	case C_ATTACH_LSM:
	case C_ATTACH_ITER:
		return arena_printf(g->l->arena, "%s/%s", attach_kinds[f->attach].section,
				    f->target);
	default: return attach_kinds[f->attach].section;
	}
}

static bool is_syscall(const struct c_func *f)
{
	return f->attach == C_ATTACH_SYSCALL ||
	       ((f->attach == C_ATTACH_KPROBE || f->attach == C_ATTACH_KRETPROBE) &&
		!strncmp(f->target, "sys_", 4));
}

/* The array and its slot that a function wants to be in are there. */
static void check_tail(struct cg *g, const struct c_func *f)
{
	const struct c_map *m;

	for (m = g->unit->maps; m; m = m->next)
		if (m->kind == C_PROG_ARRAY && !strcmp(m->name, f->module))
			break;
	if (!m) {
		diag_error(&g->l->c->diags, UNKNOWN_MAP, f->loc,
			   "'%s' is for a BPF_PROG_ARRAY(%s, …) that is not there", f->name,
			   f->module);
		return;
	}
	if (strtoull(f->target, NULL, 10) >= m->entries)
		diag_error(&g->l->c->diags, RANGE, f->loc, "'%s' has only %llu slots", m->name,
			   (unsigned long long)m->entries);
}

static void add_attach(struct cg *g, const struct c_func *f, struct program_info *info)
{
	struct arena *a = g->l->m->arena;
	const char *provider = attach_kinds[f->attach].provider;
	struct attach_info at = {.provider = provider, .target = f->target, .loc = f->loc};

	if (!provider)
		return;
	if (f->attach == C_ATTACH_TAIL)
		check_tail(g, f);
	if (f->attach == C_ATTACH_SYSCALL)
		at.target = arena_printf(a, "sys_%s", f->target);
	else if (f->attach == C_ATTACH_TRACEPOINT || f->attach == C_ATTACH_TAIL)
		at.target = arena_printf(a, "%s:%s", f->module, f->target);
	if (is_syscall(f))
		at.module = PROBE_SYSCALL;
	at.full = arena_printf(a, "%s:%s", provider, at.target);
	vec_apush(a, &info->attach, at);
}

/* ---- parameters ---------------------------------------------------------- */

static void set_param(struct cg *g, struct c_var *v, ir_val value)
{
	struct cg_place p = {.addr = cg_var(g, v)->ptr, .space = SP_STACK};

	if (type_is_integer(v->type) && v->type->size < 8)
		value = ir_ext(g->ir, value, v->type->size, v->type->is_signed);
	if (cg_in_memory(v->type))
		ir_store(g->ir, p.addr, value, v->type->size < 8 ? v->type->size : 8);
	else
		cg_store(g, &p, v->type, value);
}

static ir_val register_param(struct cg *g, unsigned i, bool syscall)
{
	static const int regs[] = ARCH_ARG_REGS, inner[] = ARCH_SYSCALL_REGS;
	ir_val at, temp;

	if (!syscall)
		return ir_load_ctx(g->ir, (uint64_t)regs[i], 8, false);
	at = ir_bin(g->ir, IR_ADD, ir_load_ctx(g->ir, (uint64_t)regs[0], 8, false),
		    ir_const(g->ir, (uint64_t)inner[i]));
	temp = lower_temp(g->l, 8, false);
	lower_read(g->l, SP_KERNEL, at, temp, 8, g->program->loc);
	return ir_load(g->ir, temp, 8, false);
}

static void load_params(struct cg *g, const struct c_func *f)
{
	for (unsigned i = 0; i < f->nparams; i++) {
		struct c_var *v = f->params[i];

		if (!v || !v->used || v == f->ctx)
			continue;
		if (f->how == C_PARAMS_CTX)
			set_param(g, v, ir_load_ctx(g->ir, 8ull * i, 8, false));
		else if (!i)
			set_param(g, v, ir_ctx(g->ir));
		else if (f->how == C_PARAMS_REGS || f->how == C_PARAMS_SYSCALL)
			set_param(g, v, register_param(g, i - 1, f->how == C_PARAMS_SYSCALL));
	}
}

static void program(struct cg *g, const struct c_func *f)
{
	struct lower *l = g->l;
	struct lower_own own = {.error_program = l->own->error_program};
	struct cg_frame frame = {.func = f};
	struct node clause = {.kind = N_CLAUSE, .loc = f->loc};
	struct program_info info = {.loc = f->loc};
	struct arena *a = l->m->arena;

	memcpy(own.internal, l->own->internal, sizeof(own.internal));
	*l->own = own;
	l->clause = &clause;
	l->program = (unsigned)l->m->programs.n;
	l->scratch = NULL;
	l->scratch_used = 0;
	l->depth = 0;
	g->program = f;
	g->frame = &frame;
	info.symbol = arena_printf(a, "c%u_%.48s", l->program, f->name);
	info.name = arena_printf(a, "%.15s", f->name);
	if (f->attach != C_ATTACH_NONE)
		add_attach(g, f, &info);
	vec_apush(a, &l->m->programs, info);
	lower_loc(l, f->loc);
	ir_function_begin(l->ir, info.symbol, section_of(g, f));
	l->own->gap[0] = lower_gap_open(l);
	for (struct c_label *label = f->labels; label; label = label->next)
		label->data = ir_block_new(g->ir, "");
	load_params(g, f);
	cg_stmts(g, f->body);
	lower_gap_close(l, &l->own->gap[0]);
	ir_function_end(l->ir);
	plan_scratch_size(l);
	l->clause = NULL;
}

void cg_unit(struct lower *l, struct c_unit *u)
{
	struct cg *g = cg_get(l);

	g->unit = u;
	for (const struct c_map *m = u->maps; m; m = m->next) {
		if (has_map(m))
			cg_map_info(g, m);
		if (m->kind != C_EXTERN)
			continue;
		diag_error(&l->c->diags, UNKNOWN_MAP, m->loc,
			   "no map '%s' is declared here", m->name);
		diag_hint(&l->c->diags, "BPF_TABLE_PINNED shares a map with other runs");
	}
	for (const struct c_func *f = u->programs; f; f = f->next)
		if (f->body && f->program != C_PROG_NONE)
			program(g, f);
	c_slots(u);
	for (const struct c_map *m = u->maps; m; m = m->next)
		if (m->log2)
			cg_map_info(g, m)->hist = MAP_HIST_LOG2;
	if (u->license && strcmp(u->license, "GPL") != 0)
		ir_license(l->ir, u->license);
}
