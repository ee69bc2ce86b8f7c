/*
 * The plan: which kernel maps there are and how large. User maps come from the
 * check, internal ones (ring buffer, losses, scratch, …) when something first
 * needs them. Used by object.c and by codegen/lower/.
 */
#include <stdio.h>
#include <string.h>

#include "codegen/lower/internal.h"

#define PAGE 4096u
#define RING_BYTES (64 * PAGE) /* when the option leaves it to the runtime, which enlarges it */

static const struct type *value_type(struct lower *l, const struct map *m)
{
	return m->value ? m->value : type_int(l->c->types, 8, true);
}

/* "at_x" for @x; what does not fit 15 characters is cut and told apart by its number. */
static const char *map_symbol(struct lower *l, const struct map *m)
{
	const char *name = m->name[0] == '@' ? m->name + 1 : m->name;

	if (!*name)
		return "at_";
	if (strlen(name) <= 12)
		return arena_printf(l->m->arena, "at_%s", name);
	return arena_printf(l->m->arena, "at%u_%.*s", m->index, m->index < 100 ? 9 : 5, name);
}

/* What a declaration asks for; aggregations keep a value per CPU in any case. 0: by the role. */
static uint32_t declared_type(const struct map *m, bool agg)
{
	switch (m->decl) {
	case MAP_LRUHASH:
		return agg ? BPF_MAP_TYPE_LRU_PERCPU_HASH : BPF_MAP_TYPE_LRU_HASH;
	case MAP_PERCPUHASH: return BPF_MAP_TYPE_PERCPU_HASH;
	case MAP_PERCPULRUHASH: return BPF_MAP_TYPE_LRU_PERCPU_HASH;
	case MAP_ARRAY: return BPF_MAP_TYPE_ARRAY;
	case MAP_PERCPUARRAY: return BPF_MAP_TYPE_PERCPU_ARRAY;
	case MAP_HASH:
	case MAP_UNDECLARED: break;
	}
	return 0;
}

bool plan_is_array(const struct map *m)
{
	return m->key && (m->decl == MAP_ARRAY || m->decl == MAP_PERCPUARRAY);
}

/* What a declaration says about a map with keys. */
static void plan_declared(struct lower *l, const struct map *m, struct map_info *info)
{
	info->kernel_type = declared_type(m, info->role == MAPR_AGG_HASH);
	if (m->max_entries)
		info->max_entries = m->max_entries;
	if (plan_is_array(m)) { /* the kernel's arrays have 4-byte indices */
		info->key_size = 4;
		info->key = type_schema(l->c->types, l->m->arena, type_int(l->c->types, 4, false));
	}
}

static void plan_map(struct lower *l, const struct map *m, struct map_info *info)
{
	const struct type *value = value_type(l, m);
	bool agg = value->kind == TY_AGG;

	if (m->c) {
		*info = cg_map_new(l, m->c);
		return;
	}
	info->name = m->name;
	info->symbol = map_symbol(l, m);
	info->role = m->key ? (agg ? MAPR_AGG_HASH : MAPR_HASH)
			    : (agg ? MAPR_AGG_SCALAR : MAPR_SCALAR);
	info->max_entries = m->key ? l->c->options.v[OPT_MAX_MAP_KEYS] : 1;
	info->nkeys = m->key ? m->nkeys : 0;
	info->key_size = m->key ? m->key->size : 4;
	info->value_size = value->size;
	if (info->role == MAPR_SCALAR)
		info->value_size = 8 + ((value->size + 7) & ~7u);
	info->swap = m->swap;
	info->loc = m->loc;
	if (m->key)
		info->key = type_schema(l->c->types, l->m->arena, m->key);
	if (m->key)
		plan_declared(l, m, info);
	info->value = type_schema(l->c->types, l->m->arena, value);
	if (agg && value->size > PERCPU_LIMIT)
		diag_error(&l->c->diags, TOO_LARGE, m->loc,
			"the value of %s takes %u bytes, more than the kernel's limit of %u",
			m->name, value->size, PERCPU_LIMIT);
}

/* Maps keep the numbers that the check gave them. */
void plan_maps(struct lower *l, const struct node *program)
{
	struct map_info none = { .role = MAPR_SCALAR };

	for (const struct map *m = program->program.maps; m; m = m->next) {
		while (l->m->maps.n <= m->index)
			vec_apush(l->m->arena, &l->m->maps, none);
		plan_map(l, m, &l->m->maps.v[m->index]);
	}
}

static uint32_t ring_bytes(const struct lower *l)
{
	int64_t pages = l->c->options.v[OPT_RB_PAGES];
	uint32_t bytes = PAGE;

	if (pages <= 0)
		return RING_BYTES;
	while (bytes < pages * (int64_t)PAGE && bytes < 1u << 30)
		bytes *= 2; /* the kernel wants a power of two */
	return bytes;
}

static const struct map_info internal_maps[] = {
	[MAPR_RING] = { .name = ".ring", .symbol = "bcct_ring" },
	[MAPR_LOSS] = { .name = ".losses", .symbol = "bcct_losses", .value_size = 8 },
	[MAPR_ZERO] = { .name = ".zero", .symbol = "bcct_zero", .max_entries = 1 },
	[MAPR_NAMES] = { .name = ".names", .symbol = "bcct_names", .max_entries = 1,
		.key_size = 8, .value_size = POINT_NAME },
	[MAPR_USDT] = { .name = ".usdt", .symbol = "bcct_usdt", .max_entries = 1,
		.key_size = 8, .value_size = sizeof(struct usdt_arg) * USDT_ARGS },
	[MAPR_CONFIG] = { .name = ".config", .symbol = "bcct_config",
		.max_entries = CONFIG_WORDS, .value_size = 8 },
};

ir_val plan_internal(struct lower *l, enum map_role role)
{
	struct map_info info = internal_maps[role];

	if (!l->own->internal[role]) {
		l->own->internal[role] = true;
		info.role = role;
		if (!info.key_size && role != MAPR_RING)
			info.key_size = 4;
		vec_apush(l->m->arena, &l->m->maps, info);
	}
	return ir_map_ptr(l->ir, info.symbol);
}

bool plan_is_preempted(const struct lower *l)
{
	const struct program_info *p = l->program < l->m->programs.n
					       ? &l->m->programs.v[l->program] : NULL;
	const struct provider *pv = p && p->attach.n ? provider_find(p->attach.v[0].provider,
						strlen(p->attach.v[0].provider)) : NULL;

	return pv && pv->user_memory;
}

ir_val plan_scratch(struct lower *l)
{
	struct map_info info = { .name = ".scratch", .role = MAPR_SCRATCH, .key_size = 4 };

	if (!l->own->scratch_map) {
		if (plan_is_preempted(l)) {
			info.kernel_type = BPF_MAP_TYPE_TASK_STORAGE;
			info.kernel_flags = BPF_F_NO_PREALLOC;
			l->m->needs |= NEEDS(TASK_STORAGE);
		}
		info.symbol = arena_printf(l->m->arena, "bcct_scratch%u", l->program);
		/* as many as CPUs: the runtime's to say */
		info.max_entries = info.kernel_type ? 0 : 1;
		vec_apush(l->m->arena, &l->m->maps, info);
		l->own->scratch_map = l->m->maps.n;
	}
	return ir_map_ptr(l->ir, l->m->maps.v[l->own->scratch_map - 1].symbol);
}

void plan_scratch_size(struct lower *l)
{
	uint32_t peak = l->own->scratch_peak;

	if (l->own->scratch_map)
		l->m->maps.v[l->own->scratch_map - 1].value_size = peak ? peak : 8;
}

/* Sizes that are known only when everything is lowered; then the maps go into the module. */
void plan_finish(struct lower *l)
{
	for (size_t i = 0; i < l->m->maps.n; i++) {
		struct map_info *m = &l->m->maps.v[i];
		if (m->role == MAPR_RING)
			m->max_entries = ring_bytes(l);
		else if (m->role == MAPR_LOSS)
			m->max_entries = l->m->sites.n;
		else if (m->role == MAPR_ZERO)
			m->value_size = l->zero_max;
		else if (m->role == MAPR_CONFIG)
			m->max_entries = CONFIG_WORDS + l->m->words.n;
		if (m->symbol)
			ir_map(l->ir, m);
	}
}
