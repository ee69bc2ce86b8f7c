/*
 * What the name, the macro and the context of a function of BPF C say about its
 * program: where it attaches, what type it has, where its parameters come from.
 * Called by func.c.
 */
#include <string.h>

#include "parser/c/check.h"
#include "types/syscalls.h"

static bool prefixed(const char *name, const char *prefix, const char **rest)
{
	size_t n = strlen(prefix);

	if (strncmp(name, prefix, n) != 0 || !name[n])
		return false;
	*rest = name + n;
	return true;
}

/* "A__B" to A and B; without "__" all is B. */
static void split(struct cc *k, const char *text, const char **first, const char **second)
{
	const char *sep = strstr(text, "__");

	if (!sep || sep == text) {
		*second = text;
		return;
	}
	*first = arena_strndup(k->arena, text, (size_t)(sep - text));
	*second = sep + 2;
}

/* "ARRAY__SLOT", with a number behind the last "__"; else it is a name like others. */
static bool last_split(struct cc *k, const char *text, struct c_func *f)
{
	const char *digits = text + strlen(text), *slot;

	for (slot = digits; slot > text && slot[-1] >= '0' && slot[-1] <= '9'; slot--)
		;
	if (slot == digits || slot < text + 3 || slot[-1] != '_' || slot[-2] != '_')
		return false;
	f->module = arena_strndup(k->arena, text, (size_t)(slot - 2 - text));
	f->target = slot;
	return true;
}

static void by_name(struct cc *k, struct c_func *f)
{
	const char *rest;

	if (prefixed(f->name, "kprobe__", &rest)) {
		f->attach = C_ATTACH_KPROBE;
		f->target = rest;
	} else if (prefixed(f->name, "kretprobe__", &rest)) {
		f->attach = C_ATTACH_KRETPROBE;
		f->target = rest;
	} else if (prefixed(f->name, "tracepoint__", &rest)) {
		f->attach = C_ATTACH_TRACEPOINT;
		split(k, rest, &f->module, &f->target);
	} else if (prefixed(f->name, "raw_tracepoint__", &rest)) {
		f->attach = C_ATTACH_RAW_TRACEPOINT;
		f->target = rest;
	} else if (prefixed(f->name, "kfunc__", &rest)) {
		f->attach = C_ATTACH_KFUNC;
		split(k, rest, &f->module, &f->target);
	} else if (prefixed(f->name, "kretfunc__", &rest)) {
		f->attach = C_ATTACH_KRETFUNC;
		split(k, rest, &f->module, &f->target);
	} else if (prefixed(f->name, "kmod_ret__", &rest)) {
		f->attach = C_ATTACH_KMOD_RET;
		f->target = rest;
	} else if (prefixed(f->name, "lsm__", &rest)) {
		f->attach = C_ATTACH_LSM;
		f->target = rest;
	} else if (prefixed(f->name, "bpf_iter__", &rest)) {
		f->attach = C_ATTACH_ITER;
		f->target = rest;
	} else if (prefixed(f->name, "tail__", &rest) && last_split(k, rest, f)) {
		f->attach = C_ATTACH_TAIL;
	} else if (prefixed(f->name, "syscall__", &rest)) {
		/* of other names, too, the arguments are those of a system call */
		f->attach = syscall_known(rest) ? C_ATTACH_SYSCALL : C_ATTACH_NONE;
		f->target = rest;
	}
}

static void by_macro(struct c_func *f, const struct node *n)
{
	static const struct {
		const char *macro;
		enum c_attach attach;
	} macros[] = {
		{"TRACEPOINT_PROBE", C_ATTACH_TRACEPOINT},
		{"RAW_TRACEPOINT_PROBE", C_ATTACH_RAW_TRACEPOINT},
		{"KFUNC_PROBE", C_ATTACH_KFUNC},
		{"KRETFUNC_PROBE", C_ATTACH_KRETFUNC},
		{"MODULE_KFUNC_PROBE", C_ATTACH_KFUNC},
		{"MODULE_KRETFUNC_PROBE", C_ATTACH_KRETFUNC},
		{"KMOD_RET", C_ATTACH_KMOD_RET},
		{"LSM_PROBE", C_ATTACH_LSM},
		{"BPF_ITER", C_ATTACH_ITER},
	};
	size_t i;

	for (i = 0; i < sizeof(macros) / sizeof(*macros); i++)
		if (strcmp(macros[i].macro, n->cfunc.macro) == 0)
			f->attach = macros[i].attach;
	f->target = n->cfunc.names[1] ? n->cfunc.names[1] : n->cfunc.names[0];
	if (n->cfunc.names[1])
		f->module = n->cfunc.names[0];
	else if (f->attach == C_ATTACH_KFUNC || f->attach == C_ATTACH_KRETFUNC)
		f->module = "vmlinux";
}

static bool is_struct(const struct type *t, const char *name)
{
	return t->kind == TY_STRUCT && t->name && strcmp(t->name, name) == 0;
}

static enum c_program program_of(const struct c_func *f)
{
	const struct type *t = f->nparams ? f->params[0]->type : NULL;

	switch (f->attach) {
	case C_ATTACH_KFUNC:
	case C_ATTACH_KRETFUNC:
	case C_ATTACH_KMOD_RET:
	case C_ATTACH_ITER: return C_PROG_TRACING;
	case C_ATTACH_LSM: return C_PROG_LSM;
	case C_ATTACH_TRACEPOINT: return C_PROG_TRACEPOINT;
	case C_ATTACH_RAW_TRACEPOINT: return C_PROG_RAW_TRACEPOINT;
	default: break;
	}
	if (!t || t->kind != TY_PTR || t->elem->kind != TY_STRUCT)
		return C_PROG_KPROBE;
	t = t->elem;
	if (is_struct(t, "__sk_buff"))
		return C_PROG_SKB;
	if (is_struct(t, "xdp_md"))
		return C_PROG_XDP;
	if (is_struct(t, "bpf_perf_event_data"))
		return C_PROG_PERF_EVENT;
	if (is_struct(t, "bpf_raw_tracepoint_args"))
		return C_PROG_RAW_TRACEPOINT;
	if (t->name && strncmp(t->name, "tracepoint__", 12) == 0)
		return C_PROG_TRACEPOINT;
	if (is_struct(t, "bpf_sock_ops") || is_struct(t, "sk_msg_md") || is_struct(t, "bpf_sock") ||
	    is_struct(t, "bpf_sock_addr") || is_struct(t, "bpf_cgroup_dev_ctx") ||
	    is_struct(t, "bpf_sysctl") || is_struct(t, "bpf_sockopt") ||
	    is_struct(t, "sk_reuseport_md") || is_struct(t, "bpf_sk_lookup"))
		return C_PROG_OTHER;
	if (f->attach == C_ATTACH_NONE && !is_struct(t, "pt_regs") && !is_struct(t, "user_pt_regs"))
		return C_PROG_NONE;
	return C_PROG_KPROBE;
}

/* A probe of a system call, whose arguments are in the registers that its wrapper is given. */
static bool on_syscall(const struct c_func *f)
{
	if (strncmp(f->name, "syscall__", 9) == 0)
		return true;
	return f->attach == C_ATTACH_KPROBE &&
	       (strncmp(f->target, "sys_", 4) == 0 || strncmp(f->target, "__x64_sys_", 10) == 0 ||
		strncmp(f->target, "__arm64_sys_", 12) == 0);
}

void cc_attach(struct cc *k, struct c_func *f, const struct node *n)
{
	if (n->cfunc.macro)
		by_macro(f, n);
	else
		by_name(k, f);
	f->program = program_of(f);
	if (n->cfunc.macro && f->program != C_PROG_TRACEPOINT &&
	    f->program != C_PROG_RAW_TRACEPOINT && f->attach != C_ATTACH_ITER)
		f->how = C_PARAMS_CTX;
	else if (f->nparams > 1)
		f->how = on_syscall(f) ? C_PARAMS_SYSCALL : C_PARAMS_REGS;
	/* a kprobe and a uprobe look alike; what is read by hand can be the memory of either */
	f->unknown = SP_KERNEL;
	if (f->attach == C_ATTACH_NONE &&
	    (f->program == C_PROG_KPROBE || f->program == C_PROG_PERF_EVENT))
		f->unknown = SP_ANY;
}
