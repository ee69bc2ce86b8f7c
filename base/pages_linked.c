/*
 * Only of the program bcct: its pages are made ready before the constructors of LLVM, which
 * write to all of its variables.
 */
#include "base/pages.h"

__attribute__((constructor(101))) static void pages_linked(void)
{
	pages_start();
}
