/* Signals by name, for the units that send them. */
#ifndef LIB_SIGNAL_COMPILE_H
#define LIB_SIGNAL_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/* A name ("KILL", "SIGKILL") becomes its number; reports what is no signal. */
void signal_operand_check(struct check *k, struct node *n);

#endif
