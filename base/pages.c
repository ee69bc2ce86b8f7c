/*
 * Pages made ready before they are touched, in one system call instead of a fault
 * for each.
 */
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/pages.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

#define STACK_BYTES (48u << 10) /* of stack, what a compilation usually needs */
#define HEAP_MOST (31u << 20)   /* of heap in large pages; glibc maps a block of 32 MB apart */
#define HOT_MOST (16u << 20)    /* of functions in their order */
#define LARGE_PAGE (2u << 20)

static void pages_advise(uintptr_t from, uintptr_t to, int advice)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), at = from & ~(page - 1);

	if (from < to)
		madvise((void *)at, to - at, advice);
}

/* Variables are in the writable segment, after the part that is read-only once it is relocated. */
static int data_of(struct dl_phdr_info *info, size_t size, void *user)
{
	uintptr_t here = (uintptr_t)data_of, from = 0, to = 0;
	int mine = 0;

	(void)size;
	(void)user;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + p->p_vaddr, end = at + p->p_memsz;

		if (p->p_type == PT_LOAD && here >= at && here < end)
			mine = 1;
		if (p->p_type == PT_LOAD && p->p_flags & PF_W)
			from = at, to = end;
		if (p->p_type == PT_GNU_RELRO && end > from && end <= to)
			from = end;
	}
	if (mine)
		pages_advise(from, to, MADV_POPULATE_WRITE);
	return mine;
}

/*
 * cmake/hot.order puts the functions that run in every start and compile between these, those of
 * the start first. Elsewhere they are side by side.
 */
void pages_hot_begin(void)
{
	__asm__ volatile("");
}

void pages_start_end(void)
{
	__asm__ volatile("nop");
}

void pages_hot_end(void)
{
	__asm__ volatile("nop; nop");
}

static void fill_text(void (*end)(void))
{
	uintptr_t from = (uintptr_t)pages_hot_begin, to = (uintptr_t)end;

	if (from < to && to - from < HOT_MOST)
		pages_advise(from, to, MADV_POPULATE_READ);
}

static void fill_data(void)
{
	dl_iterate_phdr(data_of, NULL);
}

/* The heap as it is. */
static void fill_heap(void)
{
	char *first = malloc(1), *end = sbrk(0);

	/* with another allocator the block is anywhere; then this is not known to be a heap */
	if (first && first < end && end - first < HEAP_MOST)
		pages_advise((uintptr_t)first, (uintptr_t)end, MADV_POPULATE_WRITE);
	free(first);
}

#if defined(__GLIBC__) && !defined(BCCT_SANITIZE)
static void *volatile skipped; /* what remained of the heap before that page: never freed */

/* The heap goes on at the next large page, in large pages where the kernel has them. */
static void grow_heap(size_t bytes)
{
	uintptr_t block, from;

	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 2 * HEAP_MOST);
	mallopt(M_TOP_PAD, 1 << 20);
	block = (uintptr_t)malloc(HEAP_MOST);
	if (!block)
		return;
	from = (block + LARGE_PAGE - 1) & ~((uintptr_t)LARGE_PAGE - 1);
	pages_advise(from, block + HEAP_MOST, MADV_HUGEPAGE);
	pages_advise(from, from + bytes, MADV_POPULATE_WRITE);
	free((void *)block);
	skipped = malloc(from - block);
}
#else
static void grow_heap(size_t bytes)
{
	(void)bytes;
}
#endif

void pages_start(void)
{
	fill_text(pages_start_end);
	fill_data();
	fill_heap();
}

void pages_child(size_t heap)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	fill_data();
	fill_heap();
	pages_advise(here - STACK_BYTES, here, MADV_POPULATE_WRITE);
	grow_heap(heap);
	fill_text(pages_hot_end);
}
