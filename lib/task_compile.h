/*
 * Reading fields of the running thread's task_struct by their names in BTF, for
 * units in lib/builtin/.
 */
#ifndef LIB_TASK_COMPILE_H
#define LIB_TASK_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/*
 * A path such as "real_parent.tgid" from struct task_struct on, through pointers.
 * Reports what the kernel's type information lacks; false then.
 */
bool task_path_check(struct check *k, struct node *n, const char *path);
/* The address of what the path leads to; task is the address of the task_struct. */
ir_val task_path_address(struct lower *l, ir_val task, const char *path, struct loc loc);
/* The integer there. */
ir_val task_path_load(struct lower *l, ir_val task, const char *path, struct loc loc);
/* The task_struct that argument 1 of a call points to, or the current one. */
ir_val task_operand(struct lower *l, const struct node *n);
/* Reads the 16 bytes of a name at the end of a path into dst. */
void task_path_name(struct lower *l, ir_val task, const char *path, ir_val dst, uint32_t size,
		    struct loc loc);

#define TASK_COMM_SIZE 16

#endif
