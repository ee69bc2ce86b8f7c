/*
 * The kernel's trace pipe: what bpf_trace_printk() of a program in BPF C writes,
 * and whatever else goes there, line by line. The event loop opens and reads it
 * when the manifest has the action "trace_pipe".
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/tpformat.h"
#include "runtime/rt_internal.h"

#define READ_BYTES 4096
/* Lines read in one turn, so that other events are served under a flood. */
#define TURN_READS 16
#define SKIP_READS 1024

static bool is_wanted(const struct manifest *m)
{
	for (size_t i = 0; i < m->actions.n; i++)
		if (m->actions.v[i].unit && !strcmp(m->actions.v[i].unit, "trace_pipe"))
			return true;
	return false;
}

/* What was written before this program ran is not its own. Bounded: others may still write. */
static void skip_old(int fd)
{
	char text[READ_BYTES];

	for (int i = 0; i < SKIP_READS && read(fd, text, sizeof(text)) > 0; i++)
		;
}

int tracepipe_open(struct rt *rt)
{
	const char *root;
	char path[128];
	int err = 0;

	if (!is_wanted(rt->m))
		return 0;
	root = tracefs_path();
	snprintf(path, sizeof(path), "%s/trace_pipe", root ? root : "/sys/kernel/tracing");
	rt->trace_fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (rt->trace_fd < 0)
		err = -errno;
	else
		skip_old(rt->trace_fd);
	if (!err)
		err = loop_watch(rt, rt->trace_fd, WATCH_TRACE);
	if (err)
		rt_diag(rt, DIAG_WARNING, TAG_LOAD, LOC_NONE,
			"mount -t tracefs none /sys/kernel/tracing",
			"bpf_trace_printk() is not shown: cannot open the trace pipe: %s",
			strerror(-err));
	return 0;
}

static void lines_emit(struct rt *rt, bool all)
{
	struct buf *b = &rt->trace_text;
	const char *text = (const char *)b->data, *end;
	size_t at = 0;

	while (at < b->len && (end = memchr(text + at, '\n', b->len - at))) {
		size_t n = (size_t)(end - (text + at)) + 1;

		/* a text that ends its own line leaves an empty one behind */
		if (n > 1)
			rt_message(rt, "trace_pipe", text + at, n);
		at += n;
	}
	if (all && at < b->len) {
		rt_message(rt, "trace_pipe", text + at, b->len - at);
		at = b->len;
	}
	if (at)
		memmove(b->data, b->data + at, b->len - at);
	b->len -= at;
}

void tracepipe_read(struct rt *rt)
{
	char text[READ_BYTES];

	for (int i = 0; rt->trace_fd >= 0 && i < TURN_READS; i++) {
		ssize_t n = read(rt->trace_fd, text, sizeof(text));

		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			/* it would stay readable: no turn of the loop would end */
			rt_diag(rt, DIAG_WARNING, TAG_LOAD, LOC_NONE, NULL,
				"bpf_trace_printk() is not shown any more: cannot read the trace "
				"pipe: %s", strerror(errno));
			lines_emit(rt, true);
			tracepipe_close(rt);
			break;
		}
		if (n <= 0)
			break;
		buf_put(&rt->trace_text, text, (size_t)n);
		lines_emit(rt, false);
	}
}

void tracepipe_end(struct rt *rt)
{
	/* bounded: others may write into the pipe for ever */
	for (int i = 0; i < 64; i++)
		tracepipe_read(rt);
	if (rt->trace_fd >= 0)
		lines_emit(rt, true);
}

void tracepipe_close(struct rt *rt)
{
	if (rt->trace_fd >= 0)
		close(rt->trace_fd);
	rt->trace_fd = -1;
	buf_free(&rt->trace_text);
}
