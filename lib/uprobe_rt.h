/* What uprobe and uretprobe share at run time; see struct provider_rt for what each does. */
#ifndef LIB_UPROBE_RT_H
#define LIB_UPROBE_RT_H

#include "lib/rt.h"

int uprobe_expand(struct rt *rt, struct rt_program *p, const struct attach_info *at);
/* The same for a line of source of the binary at path. */
int uprobe_expand_line(struct rt *rt, struct rt_program *p, const struct attach_info *at,
		       const char *path);
int uprobe_attach(struct rt *rt, struct rt_program *p, const struct rt_point *points, unsigned n,
		  unsigned *failed, bool ret);
char *uprobe_near(struct rt *rt, const struct attach_info *at);
int uprobe_list(struct rt *rt, const char *provider, const char *pattern,
		void (*each)(void *user, const char *text), void *user);

#endif
