/* What uprobe and uretprobe share at compile time: taking BINARY:FUNCTION apart. */
#ifndef LIB_UPROBE_COMPILE_H
#define LIB_UPROBE_COMPILE_H

#include "lib/probe_compile.h"

/*
 * BINARY:FUNCTION[+OFFSET], BINARY:ADDRESS, or BINARY:cpp:"FUNCTION"; parts may be
 * quoted. attach.module is the binary, target the function ("" for an address)
 * and offset the offset in the function or the address.
 */
int uprobe_parse(struct check *k, struct node *spec, const struct provider *p, bool offset);
/* BINARY:[PROVIDER:]PROBE: target is "PROVIDER:PROBE" or the probe alone. */
int usdt_parse(struct check *k, struct node *spec, const struct provider *p);
/* See struct usdt_arg. */
ir_val usdt_arg_lower(struct lower *l, const struct node *use, uint32_t arg);

/* uprobe_args_compile.c: by the program's debug information. */
const struct type *uprobe_args_check(struct check *k, const struct node *clause, struct node *use,
				     const char *field, uint32_t *arg);
int uprobe_expand_args(struct check *k, const struct attach_info *at,
		       void (*add)(void *user, const char *target), void *user);
const struct type *uprobe_retval_check(struct check *k, const struct node *clause,
				       struct node *use, const char *field, uint32_t *arg);

#endif
