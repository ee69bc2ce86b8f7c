/*
 * Gives memory back once tracing has begun: what the allocator keeps, and the
 * pages of this program's code that only starting needed. Called by bcct_attach.
 */
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

static bool segment_holds(const struct dl_phdr_info *info, const ElfW(Phdr) *ph, uintptr_t addr)
{
	uintptr_t from = info->dlpi_addr + ph->p_vaddr;

	return ph->p_type == PT_LOAD && addr >= from && addr - from < ph->p_memsz;
}

/*
 * Segments that are not writable are as they are in the file, so their pages
 * may be dropped: those that are used again come back from the page cache.
 */
static int object_trim(struct dl_phdr_info *info, size_t size, void *inside)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	bool ours = false;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++)
		ours |= segment_holds(info, &info->dlpi_phdr[i], (uintptr_t)inside);
	for (int i = 0; ours && i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + ph->p_vaddr, to = from + ph->p_memsz;

		from = (from + page - 1) & ~(page - 1);
		to &= ~(page - 1);
		if (ph->p_type == PT_LOAD && !(ph->p_flags & PF_W) && to > from)
			madvise((void *)from, to - from, MADV_DONTNEED);
	}
	return ours;
}

void memory_trim(void)
{
	malloc_trim(0);
	dl_iterate_phdr(object_trim, (void *)(uintptr_t)memory_trim);
}
