/*
 * The runtime half of usdt (see struct provider_rt for what each does), and the
 * parts of it that tests look at.
 */
#ifndef LIB_USDT_RT_H
#define LIB_USDT_RT_H

#include "lib/rt.h"

int usdt_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at);
int usdt_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points, unsigned n,
		unsigned *failed);
char *usdt_near(struct rt *rt, const struct attach_info *at);
int usdt_list(struct rt *rt, const char *pattern, bool args,
	      void (*each)(void *user, const char *text), void *user);

/* usdt_args.c */

/*
 * Reads one argument ("-4@20(%rbp)"); *text moves behind it. symbol(user, name,
 * &address) resolves what stands before (%rip); pc: the probe's address. False: a form
 * that is not known.
 */
bool usdt_arg_parse(const char **text, struct usdt_arg *out, uint64_t pc,
		    bool (*symbol)(void *user, const char *name, uint64_t *address), void *user);

#endif
