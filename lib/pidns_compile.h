/* Process and thread numbers by PID namespace, for the units pid and tid. */
#ifndef LIB_PIDNS_COMPILE_H
#define LIB_PIDNS_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/* Is the argument, if there is one, init or curr_ns? Reports what it is not. */
void pidns_check(struct check *k, struct node *n);
/* Process << 32 | thread. */
ir_val pidns_lower(struct lower *l, const struct node *n);

#endif
