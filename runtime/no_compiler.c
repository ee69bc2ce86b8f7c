/* The runner's side of base/compiler.h: there is no compiler in this build. */
#include <stddef.h>

#include "base/compiler.h"

const struct compiler *compiler_get(void)
{
	return NULL;
}
