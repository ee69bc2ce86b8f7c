/*
 * Where functions of BPF C attach that clauses cannot be: LSM_PROBE to a hook of the security
 * modules, KMOD_RET to a function whose result it may replace.
 */
#ifdef BCCT_RUNTIME
#include <errno.h>

#include "lib/probe_rt.h"

static const char *hook_reason(int err)
{
	return err == -ESRCH || err == -ENOENT ? "the kernel has no such hook"
	       : err == -EINVAL		       ? "the kernel does not let programs change it"
					       : NULL;
}

const struct provider_rt bcct_provider_rt_lsm = {
	.name = "lsm",
	.attach = probe_trace_attach,
	.reason = hook_reason,
};

const struct provider_rt bcct_provider_rt_fmod_ret = {
	.name = "fmod_ret",
	.attach = probe_trace_attach,
	.reason = hook_reason,
};
#endif
