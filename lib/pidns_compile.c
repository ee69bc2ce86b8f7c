/* Process and thread numbers; called by the units pid and tid. */
#include "lib/pidns_compile.h"

#include <string.h>

static const char *namespace_of(const struct node *n)
{
	return n->kind == N_CALL && n->call.args ? n->call.args->ident.name : "init";
}

void pidns_check(struct check *k, struct node *n)
{
	if (!strcmp(namespace_of(n), "init") || !strcmp(namespace_of(n), "curr_ns"))
		return;
	check_error(k, n->call.args, UNKNOWN_NAME, "'%s' is no PID namespace", namespace_of(n));
	check_hint(k, "namespaces are init and curr_ns");
}

/*
 *	struct bpf_pidns_info { u32 pid, tgid; } ns;
 *	bpf_get_ns_current_pid_tgid(device, inode, &ns, sizeof(ns));
 */
ir_val pidns_lower(struct lower *l, const struct node *n)
{
	struct ir *ir = l->ir;
	ir_val p, device, inode, tgid, pid;

	if (!strcmp(namespace_of(n), "init"))
		return ir_helper(ir, BPF_FUNC_get_current_pid_tgid, 0, NULL);
	p = lower_temp(l, 8, true);
	device = lower_word(l, WORD_PIDNS_DEV, NULL, n->loc);
	inode = lower_word(l, WORD_PIDNS_INO, NULL, n->loc);
	IR_CALL(ir, BPF_FUNC_get_ns_current_pid_tgid, device, inode, p, ir_const(ir, 8));
	pid = ir_load(ir, p, 4, false);
	tgid = ir_load(ir, ir_offset(ir, p, 4), 4, false);
	return ir_bin(ir, IR_OR, ir_bin(ir, IR_SHL, tgid, ir_const(ir, 32)), pid);
}
