/*
 * A uprobe is a breakpoint in the memory of programs. In the middle of an instruction it
 * would make another one of it, and the kernel does not mind: so instructions are
 * counted from the function's start. Called when uprobes are expanded.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/elf_rt.h"
#include "lib/uprobe_place_rt.h"
#include "lib/x86_length_rt.h"

#define FUNCTION_LIMIT (4u << 20) /* bytes of a function that are looked at */

/*
 * Where the last instruction starts that does so at or before the offset: the offset
 * itself when all is well. -1: the bytes up to there are not all instructions.
 */
static int64_t start_before(const uint8_t *code, uint64_t size, uint64_t offset)
{
#if defined(__x86_64__)
	uint64_t at = 0;

	while (at < offset) {
		unsigned n = x86_length(code + at, size - at);

		if (!n)
			return -1;
		if (at + n > offset)
			break;
		at += n;
	}
	return (int64_t)at;
#elif defined(__aarch64__)
	(void)code, (void)size;
	return (int64_t)(offset & ~3ULL);
#else
	(void)code, (void)size, (void)offset;
	return -1;
#endif
}

static int64_t start_in_file(const char *path, const struct elf_function *f, uint64_t offset)
{
	uint64_t size = f->size < FUNCTION_LIMIT ? f->size : FUNCTION_LIMIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *code = malloc(size);
	int64_t start = -1;

	if (fd >= 0 && code && pread(fd, code, size, (off_t)f->offset) == (ssize_t)size)
		start = start_before(code, size, offset);
	free(code);
	if (fd >= 0)
		close(fd);
	return start;
}

static int refuse(struct rt *rt, const struct attach_info *at, const char *why)
{
	rt_diag(rt, DIAG_ERROR, TAG_UNSAFE, at->loc,
		"a breakpoint there could break the program; --unsafe sets it nevertheless",
		"cannot probe '%s': %s", at->full, why);
	return -ECANCELED;
}

/* A function's first byte is always right; a symbol of no size says nothing about others. */
static int check_in(struct rt *rt, const struct attach_info *at, const char *path,
		    const struct elf_function *f, uint64_t offset)
{
	char why[400];
	int64_t start;

	if (!offset)
		return 0;
	if (!f->size) {
		snprintf(why, sizeof(why), "the size of '%.200s' is not known", f->name);
		return refuse(rt, at, why);
	}
	if (offset >= f->size) {
		snprintf(why, sizeof(why), "'%.200s' is only %llu bytes long", f->name,
			 (unsigned long long)f->size);
		return refuse(rt, at, why);
	}
	start = start_in_file(path, f, offset);
	if (start == (int64_t)offset)
		return 0;
	if (start < 0)
		snprintf(why, sizeof(why), "'%.200s' has bytes that are no instructions", f->name);
	else
		snprintf(why, sizeof(why),
			 "it is in the middle of the instruction at %.200s+%lld", f->name,
			 (long long)start);
	return refuse(rt, at, why);
}

int uprobe_place_check(struct rt *rt, const struct attach_info *at, const char *path,
		       const char *function)
{
	const char *name = *function ? function : NULL;
	struct elf_function f;
	int err;

	if (rt_unsafe(rt))
		return 0;
	if (!elf_function_find(path, name, at->offset, &f))
		return name ? 0 : refuse(rt, at, "no function is known to be there");
	err = check_in(rt, at, path, &f, name ? at->offset : at->offset - f.address);
	free((char *)f.name);
	return err;
}
