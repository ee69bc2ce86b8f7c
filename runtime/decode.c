/*
 * Bytes to value events: reads what a program put into the ring buffer or a map
 * by its schema. Called by the units for events and by the map printer. The
 * schema was checked when the manifest was read: fields lie inside their parent
 * and sizes fit the kinds.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "lib/named_rt.h"
#include "lib/rt.h"
#include "lib/source_lines.h"
#include "runtime/usyms.h"

#define DECODE_MAX_DEPTH 32

struct decode {
	struct rt *rt; /* may be NULL */
	struct rt_sink sink;
	unsigned depth;
};

static void send_event(const struct decode *d, const struct bcct_event *e)
{
	if (d->sink.emit)
		d->sink.emit(d->sink.user, e);
	else
		rt_emit(d->rt, e);
}

static struct bcct_event event_of(enum bcct_event_kind kind)
{
	return (struct bcct_event){ .size = sizeof(struct bcct_event), .kind = kind };
}

static void send_kind(const struct decode *d, enum bcct_event_kind kind, uint32_t flags)
{
	struct bcct_event e = event_of(kind);

	e.flags = flags;
	send_event(d, &e);
}

static void send_text(const struct decode *d, enum bcct_event_kind kind, const char *text,
		      size_t len, uint32_t flags)
{
	struct bcct_event e = event_of(kind);

	e.str = text;
	e.len = len;
	e.flags = flags;
	send_event(d, &e);
}

static uint64_t load(const uint8_t *data, uint32_t size)
{
	uint64_t v = 0;

	memcpy(&v, data, size < sizeof(v) ? size : sizeof(v)); /* little-endian, as BPF here */
	return v;
}

static int64_t sign_extend(uint64_t v, uint32_t size)
{
	unsigned shift = size < 8 ? 64 - size * 8 : 0;

	return (int64_t)(v << shift) >> shift;
}

/* A number of up to eight bytes; of a bit-field (params: first bit, bits) what belongs to it. */
static uint64_t load_number(const struct schema *s, const uint8_t *data)
{
	uint64_t v = load(data, s->size);
	unsigned low = (unsigned)s->params[0] & 63, bits = (unsigned)s->params[1] & 63;
	unsigned up;

	if (!bits)
		return s->is_signed ? (uint64_t)sign_extend(v, s->size) : v;
	if (low + bits > 64) {
		v = v >> low | (uint64_t)data[8] << (64 - low);
		low = 0;
	}
	up = 64 - low - bits;
	v <<= up;
	return s->is_signed ? (uint64_t)((int64_t)v >> (64 - bits)) : v >> (64 - bits);
}

static void decode_int(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	struct bcct_event e = event_of(s->is_signed ? BCCT_EV_INT : BCCT_EV_UINT);

	e.u = load_number(s, data);
	e.i = (int64_t)e.u;
	send_event(d, &e);
}

static void decode_enum(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	struct bcct_event e = event_of(BCCT_EV_ENUM);
	uint64_t v = load_number(s, data);
	uint32_t i;

	e.u = v;
	e.i = (int64_t)v;
	for (i = 0; i < s->nfields && !e.name; i++)
		if (s->fields[i]->offset == (uint32_t)v)
			e.name = s->fields[i]->name;
	send_event(d, &e);
}

static void decode_string(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	size_t n = strnlen((const char *)data, s->size);
	bool cut = n && n == s->size && data[n - 1] == STRING_CUT;
	const char *trailer;
	struct buf text = { 0 };

	trailer = cut && d->rt && rt_manifest(d->rt)
			  ? rt_manifest(d->rt)->options.text[OPT_STR_TRUNC_TRAILER] : "..";
	if (strcmp(trailer, "..") != 0) { /* which is what the formats write */
		buf_put(&text, data, n - cut);
		buf_put(&text, trailer, strlen(trailer));
		send_text(d, BCCT_EV_STRING, (const char *)text.data, text.len, 0);
		buf_free(&text);
		return;
	}
	send_text(d, BCCT_EV_STRING, (const char *)data, n - cut, cut ? BCCT_TRUNCATED : 0);
}

static void decode_buffer(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	uint32_t n = s->size > 4 ? s->size - 4 : 0, len = (uint32_t)load(data, 4);

	send_text(d, BCCT_EV_BUFFER, (const char *)data + 4, len < n ? len : n, 0);
}

static void set_module(struct bcct_event *e, const struct rt_symbol *sym)
{
	e->str = sym->module;
	e->len = sym->module ? strlen(sym->module) : 0;
}

static uint32_t load_pid(const uint8_t *data)
{
	return (uint32_t)load(data, 4);
}

static void decode_symbol(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	struct bcct_event e = event_of(BCCT_EV_SYMBOL);
	struct rt_symbol sym = { 0 };

	e.u = load(data, 8);
	if (d->rt && (s->kind == SC_KSYM ? rt_ksym(d->rt, e.u, &sym)
					 : rt_usym(d->rt, load_pid(data + 8), e.u, &sym))) {
		e.name = sym.name;
		e.i = (int64_t)sym.offset;
	}
	set_module(&e, &sym);
	send_event(d, &e);
}

static uint32_t stack_flags(const struct schema *s)
{
	uint32_t user = s->kind == SC_USTACK ? BCCT_USER_STACK : 0;

	switch (s->params[0]) {
	case STACK_PERF: return user | BCCT_STACK_PERF;
	case STACK_RAW: return user | BCCT_STACK_RAW;
	case STACK_BUILD_ID: return user | BCCT_STACK_BUILD_ID;
	default: return user;
	}
}

struct frame {
	uint32_t pid, flags;
	bool user, caller; /* the address is where a call returns to */
};

/* The functions that are inlined at the address come first, each as a frame of its own. */
static void send_frame(const struct decode *d, const struct frame *f, uint64_t address)
{
	struct bcct_event e = event_of(BCCT_EV_FRAME);
	const struct source_place *places = NULL;
	struct rt_symbol sym = { 0 };
	unsigned n = 0, i;

	e.flags = f->flags;
	e.u = address;
	if (!(f->flags & BCCT_STACK_RAW) && d->rt) {
		if (f->user)
			n = rt_usym_lines(d->rt, f->pid, address, f->caller, &places);
		for (i = 0; i + 1 < n; i++) {
			struct bcct_event inner = e;

			inner.flags |= BCCT_INLINED;
			inner.name = rt_plain_name(d->rt, places[i].function);
			inner.file = places[i].file;
			inner.i2 = places[i].line;
			send_event(d, &inner);
		}
		if (f->user ? rt_usym(d->rt, f->pid, address, &sym)
			    : rt_ksym(d->rt, address, &sym)) {
			e.name = sym.name;
			e.i = (int64_t)sym.offset;
		}
	}
	if (n) {
		e.file = places[n - 1].file;
		e.i2 = places[n - 1].line;
	}
	set_module(&e, &sym);
	send_event(d, &e);
}

/* struct bpf_stack_build_id: s32 status, u8 id[20], u64 offset, or address without an id */
static void send_build_id(const struct decode *d, uint32_t flags, const uint8_t *data)
{
	struct bcct_event e = event_of(BCCT_EV_FRAME);
	char id[41];

	e.flags = flags;
	e.u = load(data + 24, 8);
	for (unsigned i = 0; i < 20; i++)
		snprintf(id + i * 2, 3, "%02x", data[4 + i]);
	if (load(data, 4) == 1) { /* BPF_STACK_BUILD_ID_VALID */
		e.str = id;
		e.len = 40;
	}
	send_event(d, &e);
}

static void decode_stack(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	uint32_t flags = stack_flags(s), depth = (uint32_t)load(data, 4), i;
	struct frame f = { .pid = load_pid(data + 4), .flags = flags,
			   .user = s->kind == SC_USTACK };

	if (depth > s->count)
		depth = s->count;
	if (f.user && d->rt && !(flags & (BCCT_STACK_RAW | BCCT_STACK_BUILD_ID)))
		usyms_see(d->rt, f.pid);
	send_kind(d, BCCT_EV_STACK_BEGIN, flags);
	for (i = 0; i < depth; i++) {
		if (flags & BCCT_STACK_BUILD_ID) {
			send_build_id(d, flags, data + 8 + (size_t)i * 32);
			continue;
		}
		f.caller = i > 0;
		send_frame(d, &f, load(data + 8 + (size_t)i * 8, 8));
	}
	send_kind(d, BCCT_EV_STACK_END, flags);
}

static void decode_probe(const struct decode *d, const uint8_t *data)
{
	const char *name = d->rt ? rt_probe_name(d->rt, load(data, 8)) : NULL;

	send_text(d, BCCT_EV_STRING, name ? name : "", name ? strlen(name) : 0, 0);
}

/* Four bytes: IPv4; 16: IPv6; longer: u32 family first. */
static void decode_inet(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	int family = s->size >= 16 ? AF_INET6 : AF_INET;
	char text[INET6_ADDRSTRLEN] = "";

	if (s->size >= 20) {
		family = load(data, 4) == AF_INET6 ? AF_INET6 : AF_INET;
		data += 4;
	}
	inet_ntop(family, data, text, sizeof(text));
	send_text(d, BCCT_EV_INET, text, strlen(text), 0);
}

static void decode_mac(const struct decode *d, const uint8_t *data)
{
	char text[18];

	snprintf(text, sizeof(text), "%02X:%02X:%02X:%02X:%02X:%02X", data[0], data[1], data[2],
		 data[3], data[4], data[5]);
	send_text(d, BCCT_EV_MAC, text, 17, 0);
}

/* The format with every %f replaced by the microseconds. */
static void put_fraction(struct buf *out, const char *format, unsigned us)
{
	for (; *format; format++) {
		if (format[0] == '%' && format[1] == 'f') {
			buf_printf(out, "%06u", us);
			format++;
			continue;
		}
		buf_u8(out, (uint8_t)*format);
		if (format[0] == '%' && format[1])
			buf_u8(out, (uint8_t)*++format);
	}
	buf_put(out, "", 1);
}

static void decode_timestamp(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	uint64_t ns = timestamp_wall(load(data, 8), (enum timestamp_clock)load(data + 8, 8));
	time_t seconds = (time_t)(ns / 1000000000u);
	struct buf format = { 0 };
	char text[512];
	struct tm tm;
	size_t n = 0;

	put_fraction(&format, s->how ? s->how : "%H:%M:%S", (unsigned)(ns / 1000 % 1000000));
	if (localtime_r(&seconds, &tm))
		n = strftime(text, sizeof(text), (const char *)format.data, &tm);
	buf_free(&format);
	send_text(d, BCCT_EV_TIMESTAMP, text, n, 0);
}

static void decode_named(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	struct buf text = { 0 };

	named_text(&text, s->how, load(data, 8));
	send_text(d, BCCT_EV_STRING, (const char *)text.data, text.len, 0);
	buf_free(&text);
}

static void decode_agg(const struct decode *d, const struct schema *s, const uint8_t *data)
{
	const struct aggregation_rt *agg = aggregation_rt_find(s->name);
	struct rt_sink before;
	void *copy;

	if (!agg || !d->rt) {
		send_kind(d, BCCT_EV_NONE, 0);
		return;
	}
	copy = malloc(s->size); /* aligned, which data need not be */
	if (!copy)
		return;
	memcpy(copy, data, s->size);
	if (d->sink.emit) {
		before = rt_redirect(d->rt, d->sink);
		agg->emit(d->rt, copy, s, 1);
		rt_redirect(d->rt, before);
	} else {
		agg->emit(d->rt, copy, s, 1);
	}
	free(copy);
}

static void decode_value(struct decode *d, const struct schema *s, const uint8_t *data);

static void decode_group(struct decode *d, const struct schema *s, const uint8_t *data)
{
	bool record = s->kind == SC_RECORD;
	uint32_t i;

	send_kind(d, record ? BCCT_EV_RECORD_BEGIN : BCCT_EV_TUPLE_BEGIN, 0);
	for (i = 0; i < s->nfields; i++) {
		const struct schema *f = s->fields[i];

		if (record) {
			struct bcct_event e = event_of(BCCT_EV_FIELD);

			e.name = f->name ? f->name : "";
			send_event(d, &e);
		}
		decode_value(d, f, data + f->offset);
	}
	send_kind(d, record ? BCCT_EV_RECORD_END : BCCT_EV_TUPLE_END, 0);
}

static void decode_array(struct decode *d, const struct schema *s, const uint8_t *data)
{
	uint32_t i;

	send_kind(d, BCCT_EV_ARRAY_BEGIN, 0);
	for (i = 0; i < s->count; i++)
		decode_value(d, s->fields[0], data + (size_t)i * s->fields[0]->size);
	send_kind(d, BCCT_EV_ARRAY_END, 0);
}

static void decode_value(struct decode *d, const struct schema *s, const uint8_t *data)
{
	struct bcct_event e;

	if (d->depth >= DECODE_MAX_DEPTH) {
		send_kind(d, BCCT_EV_NONE, 0);
		return;
	}
	d->depth++;
	switch (s->kind) {
	case SC_BOOL:
	case SC_POINTER:
		e = event_of(s->kind == SC_BOOL ? BCCT_EV_BOOL : BCCT_EV_POINTER);
		e.u = s->kind == SC_BOOL ? load_number(s, data) != 0 : load(data, s->size);
		send_event(d, &e);
		break;
	case SC_INT: decode_int(d, s, data); break;
	case SC_ENUM: decode_enum(d, s, data); break;
	case SC_STRING: decode_string(d, s, data); break;
	case SC_BUFFER: decode_buffer(d, s, data); break;
	case SC_KSYM:
	case SC_USYM: decode_symbol(d, s, data); break;
	case SC_KSTACK:
	case SC_USTACK: decode_stack(d, s, data); break;
	case SC_PROBE: decode_probe(d, data); break;
	case SC_TUPLE:
	case SC_RECORD: decode_group(d, s, data); break;
	case SC_ARRAY: decode_array(d, s, data); break;
	case SC_AGG: decode_agg(d, s, data); break;
	case SC_INET: decode_inet(d, s, data); break;
	case SC_MAC: decode_mac(d, data); break;
	case SC_TIMESTAMP: decode_timestamp(d, s, data); break;
	case SC_NAMED: decode_named(d, s, data); break;
	case SC_NONE:
	case SC_KIND_COUNT: send_kind(d, BCCT_EV_NONE, 0); break;
	}
	d->depth--;
}

void rt_decode(struct rt *rt, const struct schema *s, const uint8_t *data, struct rt_sink sink)
{
	struct decode d = { .rt = rt, .sink = sink };

	decode_value(&d, s, data);
}

void rt_emit_value(struct rt *rt, const struct schema *s, const uint8_t *data)
{
	rt_decode(rt, s, data, (struct rt_sink){ NULL, NULL });
}
