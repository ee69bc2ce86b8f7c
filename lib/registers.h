/* Which programs have the registers of the interrupted code at the start of their context. */
#ifndef LIB_REGISTERS_H
#define LIB_REGISTERS_H

#include <stdbool.h>
#include <string.h>

/* section: of the provider. */
static inline bool registers_in(const char *section)
{
	return strncmp(section, "kprobe", 6) == 0 || strncmp(section, "kretprobe", 9) == 0 ||
	       strncmp(section, "uprobe", 6) == 0 || strncmp(section, "uretprobe", 9) == 0 ||
	       strncmp(section, "usdt", 4) == 0 || strncmp(section, "perf_event", 10) == 0;
}

#endif
