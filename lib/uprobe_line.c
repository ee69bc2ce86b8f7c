/* Probes at a line of source: "@FILE:LINE[:COLUMN]" as target. Called by uprobe_rt.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/elf_rt.h"
#include "lib/source_lines.h"
#include "lib/uprobe_rt.h"

static int add_place(struct rt *rt, struct rt_program *p, const struct attach_info *at,
		     const char *path, uint64_t address)
{
	struct elf_function f;
	uint64_t offset;
	int err = elf_file_offset(path, address, &offset);

	if (err)
		return err;
	elf_function_find(path, NULL, address, &f);
	rt_add_point(rt, p, at, f.name ? f.name : "", path, at->full);
	free((char *)f.name);
	rt_point_data(rt, p, &offset, sizeof(offset));
	rt_point_same(rt, p);
	return 0;
}

static int failed(struct rt *rt, const struct attach_info *at, const char *why, const char *hint)
{
	rt_diag(rt, DIAG_ERROR, TAG_ATTACH, at->loc, hint, "%s: %s", at->module, why);
	return -ECANCELED;
}

int uprobe_expand_line(struct rt *rt, struct rt_program *p, const struct attach_info *at,
		       const char *path)
{
	unsigned line, wanted, column = 0;
	uint64_t *places = NULL;
	struct source_lines *s;
	char file[4096];
	size_t n = 0;
	int fd;

	if (sscanf(at->target, "@%4095[^:]:%u:%u", file, &line, &column) < 2)
		return -EINVAL;
	wanted = line;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(rt, at, strerror(errno), NULL);
	s = source_lines_open(fd, path);
	close(fd);
	if (!s)
		return failed(rt, at, "there is no debug information",
			      "lines of source are known of programs built with -g");
	n = source_lines_at(s, file, &line, column, &places);
	source_lines_close(s);
	if (n && line != wanted)
		rt_diag(rt, DIAG_WARNING, TAG_ATTACH, at->loc, NULL,
			"line %u of %s has no code, the probe is at line %u", wanted, file, line);
	for (size_t i = 0; i < n; i++)
		add_place(rt, p, at, path, places[i]);
	free(places);
	return n ? 0 : failed(rt, at, "there is no code at this line", NULL);
}
