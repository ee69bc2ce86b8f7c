/*
 * Reading the payload of an action; called by the event handlers of the units
 * in lib/builtin/.
 */
#include "lib/args_rt.h"

#include <string.h>

const struct schema *args_field(const struct action_info *a, unsigned i, const uint8_t *data,
				const uint8_t **at)
{
	const struct schema *s;

	if (!a->payload || i >= a->payload->nfields)
		return NULL;
	s = a->payload->fields[i];
	if (s->offset > a->payload->size || s->size > a->payload->size - s->offset)
		return NULL;
	*at = data + s->offset;
	return s;
}

int64_t args_int(const struct action_info *a, unsigned i, const uint8_t *data, int64_t fallback)
{
	const uint8_t *at;
	const struct schema *s = args_field(a, i, data, &at);
	uint64_t v = 0;
	unsigned shift;

	if (!s || !s->size || s->size > sizeof(v))
		return fallback;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&v, at, s->size);
#else
	memcpy((uint8_t *)&v + sizeof(v) - s->size, at, s->size);
#endif
	shift = 64 - 8 * s->size;
	return s->is_signed ? (int64_t)(v << shift) >> shift : (int64_t)v;
}

int args_map(struct rt *rt, const struct action_info *a)
{
	const struct manifest *m = rt_manifest(rt);

	if (!m || a->params[0] < 0 || (uint64_t)a->params[0] >= m->maps.n)
		return -1;
	return (int)a->params[0];
}
