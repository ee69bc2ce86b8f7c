/*
 * What the runtime halves of the providers share: finding functions and system
 * calls, attaching one program to many places, listing.
 */
#ifndef LIB_PROBE_RT_H
#define LIB_PROBE_RT_H

#include "lib/rt.h"

/* kprobe and kretprobe (see struct provider_rt for what each does). */
int probe_function_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at);
int probe_function_prepare(struct rt *rt, struct rt_program *p, unsigned npoints);
int probe_function_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			  unsigned n, unsigned *failed, bool ret);
char *probe_function_near(struct rt *rt, const struct attach_info *at);
/* Why attaching to a function failed that the kernel has, or NULL. */
const char *probe_function_reason(int err);
int probe_function_list(struct rt *rt, const char *provider, const char *pattern, bool args,
			void (*each)(void *user, const char *text), void *user);

/* syscall and sysret: prefix is "sys_enter_" or "sys_exit_". */
int probe_syscall_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at,
			 const char *prefix);
int probe_syscall_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
			 unsigned n, unsigned *failed, const char *prefix);
char *probe_syscall_near(struct rt *rt, const struct attach_info *at);
int probe_syscall_list(struct rt *rt, const char *provider, const char *prefix,
		       const char *pattern, bool args,
		       void (*each)(void *user, const char *text), void *user);

/* event_rt.c: tracepoint; targets are "category:event". */
int probe_event_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at);
int probe_event_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed);
/* A link of the program to an event; NULL with errno set. */
struct bpf_link *probe_event_link(struct rt *rt, struct rt_program *p, const char *category,
				  const char *event, uint64_t cookie);
char *probe_event_near(struct rt *rt, const struct attach_info *at);
int probe_event_list(struct rt *rt, const char *pattern, bool args,
		     void (*each)(void *user, const char *text), void *user);

/* trace_rt.c: fentry and fexit. */
int probe_trace_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at);
int probe_trace_list(struct rt *rt, const char *provider, const char *pattern, bool args,
		     void (*each)(void *user, const char *text), void *user);
int probe_trace_prepare(struct rt *rt, struct rt_program *p, unsigned npoints);
int probe_trace_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		       unsigned n, unsigned *failed);
const char *probe_trace_reason(int err);

/* The part of a pattern after "provider:", or all of it when it does not start so. */
const char *probe_pattern(const char *provider, const char *pattern);
/* Lists fixed texts ("BEGIN") that match. */
int probe_list_fixed(const char *pattern, const char *const *texts,
		     void (*each)(void *user, const char *text), void *user);

/*
 * Attaches points one by one with one(). A pattern stands for whatever can be
 * probed: what it matches and the kernel refuses is left out, and told once.
 */
int probe_attach_each(struct rt *rt, struct rt_program *p, const struct rt_point *points,
		      unsigned n, unsigned *failed,
		      struct bpf_link *(*one)(struct rt *rt, struct rt_program *p,
					      const struct rt_point *point, const void *arg),
		      const void *arg);
/* Tells about what was left out. */
void probe_warn_refused(struct rt *rt, const struct rt_point *point, unsigned refused, unsigned n,
			int err);
/* True when trying the other places of a pattern makes no sense. */
bool probe_error_is_final(int err);

/* Keeps the nearest of many short-lived names; result is malloc'ed. */
struct probe_near {
	const char *word;
	char *best;
	unsigned distance;
};
void probe_near_try(struct probe_near *n, const char *name);

/* probe_args_rt.c: writes "    TYPE NAME" lines of a kernel function's parameters. */
struct probe_protos;
struct probe_protos *probe_protos_open(void); /* NULL without BTF */
/* BTF describes the function, a module's too: fentry can trace it. */
bool probe_protos_have(struct probe_protos *p, const char *function, const char *module);
void probe_protos_list(struct probe_protos *p, const char *function, const char *module,
		       bool result, unsigned skip, void (*each)(void *user, const char *text),
		       void *user);
void probe_protos_close(struct probe_protos *p);
/* Tracepoints that BTF knows, for rawtracepoint. */
int probe_raw_list(const char *pattern, bool args, void (*each)(void *user, const char *text),
		   void *user);
struct probe_near;
void probe_raw_near(struct probe_near *n);

#endif
