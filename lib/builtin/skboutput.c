/*
 * skboutput(path, skb, length, offset): keeps a network packet in a capture file. The
 * event: { u64 time; u32 length; u8 bytes[] }. Used by the check, the code generator and the
 * event loop.
 */
#define SKB_HEAD 16
#define SKB_ROOM 1514

#ifdef BCCT_COMPILER
#include "lib/address_compile.h"
#include "parser/check/check.h"

static bool skb_data(struct types *ts, struct member *m)
{
	const struct type *t = type_by_tag(ts, TY_STRUCT, "sk_buff");

	return t && type_member(ts, t, "data", m);
}

static void skboutput_check(struct check *k, struct node *call)
{
	struct member m;

	if (!skb_data(k->types, &m))
		check_error(k, call, NO_BTF, "this needs the kernel's type information (BTF)");
}

/* n = min(length, room); e->time = now; e->length = n; read(e->bytes, n, skb->data + offset) */
static ir_val skboutput_lower(struct lower *l, const struct node *call)
{
	const struct node *path = call->call.args, *skb = path->next, *length = skb->next;
	struct ir *ir = l->ir;
	ir_val p = lower_temp(l, 8, false), at = address_lower(l, skb), n, max, out, now;
	unsigned action = lower_action(l, "skboutput", call->loc, path->str.text, NULL, NULL);
	struct lower_event e;
	struct member m = { 0 };

	skb_data(l->c->types, &m);
	lower_read(l, SP_KERNEL, ir_bin(ir, IR_ADD, at, ir_const(ir, m.offset)), p, 8, call->loc);
	at = ir_bin(ir, IR_ADD, ir_load(ir, p, 8, false), lower_expr(l, length->next));
	max = ir_const(ir, SKB_ROOM);
	n = ir_opaque(ir, lower_expr(l, length));
	n = ir_select(ir, ir_icmp(ir, IR_UGT, n, max), max, n);
	out = lower_event_begin(l, action, call->loc, SKB_HEAD + SKB_ROOM, &e);
	now = ir_helper(ir, BPF_FUNC_ktime_get_boot_ns, 0, NULL);
	ir_store(ir, out, now, 8);
	ir_store(ir, ir_offset(ir, out, 8), n, 4);
	IR_CALL(ir, BPF_FUNC_probe_read_kernel, ir_offset(ir, out, SKB_HEAD), n, at);
	lower_event_end(l, &e);
	return ir_const(ir, 0);
}

const struct builtin bcct_builtin_skboutput = {
	.name = "skboutput",
	.prototype = "skboutput(strlit path, ptr skb, int length, int offset) int64",
	.flags = BUILTIN_CALL,
	.needs = NEEDS(RINGBUF),
	.check = skboutput_check,
	.lower = skboutput_lower,
	.doc = "Writes up to 1514 bytes of a struct sk_buff, from an offset into its data "
	       "on, to a capture file for tcpdump and others.",
	.example = "kprobe:__dev_queue_xmit { if (pid == 0) { $n = skboutput(\"/dev/null\", "
	           "arg0, 64, 0) } } interval:ms:50 { exit() }",
};
#endif

#ifdef BCCT_RUNTIME
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "lib/named_rt.h"
#include "lib/rt.h"

#define PCAP_MAGIC_NS 0xa1b23c4du
#define PCAP_ETHERNET 1

static void put_header(struct buf *b)
{
	buf_u32(b, PCAP_MAGIC_NS);
	buf_u32(b, 2 | 4 << 16); /* version 2.4 */
	buf_u32(b, 0);
	buf_u32(b, 0);
	buf_u32(b, 65535);
	buf_u32(b, PCAP_ETHERNET);
}

static void skboutput_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
			    uint32_t len)
{
	struct buf out = { 0 };
	uint64_t ns;
	uint32_t n;
	bool fresh;
	int fd;

	if (!a->text || len < SKB_HEAD)
		return;
	memcpy(&ns, data, sizeof(ns));
	memcpy(&n, data + 8, sizeof(n));
	fd = rt_file(rt, a->text, &fresh);
	if (fd < 0) {
		rt_problem(rt, a->loc, "cannot write '%s': %s", a->text, strerror(-fd));
		return;
	}
	if (n > len - SKB_HEAD)
		n = len - SKB_HEAD;
	if (fresh)
		put_header(&out);
	ns = timestamp_wall(ns, TIMESTAMP_BOOT);
	buf_u32(&out, (uint32_t)(ns / 1000000000u));
	buf_u32(&out, (uint32_t)(ns % 1000000000u));
	buf_u32(&out, n);
	buf_u32(&out, n);
	buf_put(&out, data + SKB_HEAD, n);
	/* a part of a record would spoil all behind it */
	for (size_t at = 0; at < out.len;) {
		ssize_t done = write(fd, out.data + at, out.len - at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			rt_problem(rt, a->loc, "cannot write '%s': %s", a->text,
				   strerror(done ? errno : ENOSPC));
			break;
		}
		at += (size_t)done;
	}
	buf_free(&out);
}

const struct builtin_rt bcct_builtin_rt_skboutput = {
	.name = "skboutput",
	.event = skboutput_event,
};
#endif
