/* The runner's side of base/compiler.h: there is no compiler in that build. */
#include <stddef.h>

#include "base/compiler.h"

#ifdef BCCT_RUNNER
const struct compiler *compiler_get(void)
{
	return NULL;
}
#endif
