/*
 * What the compile halves of the providers share: taking specs apart, and the
 * variables of probes on functions and system calls.
 */
#ifndef LIB_PROBE_COMPILE_H
#define LIB_PROBE_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/*
 * What stands after the provider's name and its colon, with $1 … filled in;
 * "" when there is nothing. NULL: reported.
 */
char *probe_spec_rest(struct check *k, const struct node *spec);
/* The same without the quotes in which a name may stand. */
char *probe_spec_unquoted(struct check *k, const struct node *spec);
/* Reports a spec that cannot be parsed; hint may be NULL. Returns -EINVAL. */
int probe_bad(struct check *k, const struct node *spec, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Letters, digits, "_.$" and, with wild, "*?[]-^!". */
bool probe_name_ok(const char *s, bool wild);
bool probe_has_wildcard(const char *s);
/* Fills in what is the same for all; full is "provider:rest". */
void probe_set_attach(struct check *k, struct node *spec, const struct provider *p,
		      const char *target, const char *rest);

/* [module:]function[+offset], or a pattern; sys_NAME is marked as a system call. */
int probe_parse_function(struct check *k, struct node *spec, const struct provider *p,
			 bool offset);
/* Expansion at compile time: functions that BTF knows, or system calls for "sys_…". */
int probe_expand_function(struct check *k, const struct attach_info *at,
			  void (*add)(void *user, const char *target), void *user);

/* Variables of kprobe and kretprobe: check and lower for struct provider_var. */
const struct type *probe_argn_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg);
const struct type *probe_args_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg);
ir_val probe_arg_lower(struct lower *l, const struct node *use, uint32_t arg);
const struct type *probe_retval_check(struct check *k, const struct node *clause,
				      struct node *use, const char *field, uint32_t *arg);
ir_val probe_retval_lower(struct lower *l, const struct node *use, uint32_t arg);
const struct type *probe_func_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg);
ir_val probe_func_lower(struct lower *l, const struct node *use, uint32_t arg);

/* NAME of test:NAME and bench:NAME. */
int probe_parse_trial(struct check *k, struct node *spec, const struct provider *p);

/* "s:1", "1s" or a bare number of ns to a period; rest is cut up. 0, or -EINVAL: reported. */
int probe_parse_period(struct check *k, struct node *spec, const char *name, char *rest,
		       uint64_t *period);

/* fentry_compile.c: fentry and fexit. */
int probe_parse_fentry(struct check *k, struct node *spec, const struct provider *p);
int probe_expand_fentry(struct check *k, const struct attach_info *at,
			void (*add)(void *user, const char *target), void *user);
const struct type *probe_fentry_args(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg);
const struct type *probe_fentry_argn(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg);
const struct type *probe_fexit_retval(struct check *k, const struct node *clause,
				      struct node *use, const char *field, uint32_t *arg);
ir_val probe_fentry_lower(struct lower *l, const struct node *use, uint32_t arg);
/* A member of a prototype by name; NULL: reported. of: the probe's text. */
const struct func_param *probe_param(struct check *k, const struct func_proto *proto,
				     struct node *use, const char *of, const char *field,
				     uint32_t *n);

/* syscall and sysret. */
int probe_parse_syscall(struct check *k, struct node *spec, const struct provider *p);
int probe_expand_syscall(struct check *k, const struct attach_info *at,
			 void (*add)(void *user, const char *target), void *user);
/* Type of argument n of one system call: pointers as declared, the rest uint64. NULL: not there. */
const struct type *probe_syscall_argn(struct check *k, const char *name, uint32_t n,
				      struct node *use);
/* Type and number of a named argument; NULL: reported. */
const struct type *probe_syscall_named(struct check *k, const char *name, struct node *use,
				       const char *field, uint32_t *n);
const struct type *probe_syscall_func_check(struct check *k, const struct node *clause,
					    struct node *use, const char *field, uint32_t *arg);
ir_val probe_syscall_func_lower(struct lower *l, const struct node *use, uint32_t arg);

/* Steps through the attach points of a clause: first with spec NULL. */
const struct node *probe_next_spec(const struct node *clause, const struct node *spec);
/* args without a field where there is nothing to make a value of. */
const struct type *probe_args_bare(struct check *k, struct node *use);
/*
 * args without a field: the record (a=args.a, b=args.b) of all that there are. one is what checks
 * args.NAME: of an argument without a name it says through probe_no_argument() which there are.
 */
const struct type *probe_args_whole(struct check *k, const struct node *clause, struct node *use,
				    const struct type *(*one)(struct check *, const struct node *,
							      struct node *, const char *,
							      uint32_t *));
/* Reports a named argument that two probes of the clause have in different ways. */
void probe_arg_differs(struct check *k, struct node *use, const char *field);
/* Reports an argument that is not there; the known names come as a hint. */
void probe_no_argument(struct check *k, struct node *use, const char *of, const char *field,
		       const char *const *names, uint32_t n);
/* Cuts a register to the width of its type. */
ir_val probe_fit(struct lower *l, ir_val v, const struct type *t);

#endif
