/* Files that the program writes (skboutput); opened once per run, by their names. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

int rt_file(struct rt *rt, const char *path, bool *fresh)
{
	struct rt_file f = { NULL, -1 };

	*fresh = false;
	for (size_t i = 0; i < rt->files.n; i++)
		if (!strcmp(rt->files.v[i].path, path))
			return rt->files.v[i].fd;
	f.path = strdup(path);
	if (!f.path)
		return -ENOMEM;
	f.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (f.fd < 0) {
		free(f.path);
		return -errno;
	}
	vec_push(&rt->files, f);
	*fresh = true;
	return f.fd;
}

void files_close(struct rt *rt)
{
	for (size_t i = 0; i < rt->files.n; i++) {
		close(rt->files.v[i].fd);
		free(rt->files.v[i].path);
	}
	free(rt->files.v);
}
