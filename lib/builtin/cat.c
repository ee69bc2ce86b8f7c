/*
 * cat(format, …): prints a file. Used by the check, the code generator and the event
 * loop.
 */
#ifdef BCCT_COMPILER
#include "codegen/lower.h"
#include "parser/check/check.h"

static void cat_check(struct check *k, struct node *call)
{
	struct node *format = check_arg(call, 0);

	check_format(k, call, format, format->next);
}

static ir_val cat_lower(struct lower *l, const struct node *call)
{
	const struct node *format = call->call.args;

	lower_event_args(l, "cat", call, format->next, format->str.text, NULL);
	return NULL;
}

const struct builtin bcct_builtin_cat = {
	.name = "cat",
	.prototype = "cat(strlit format, ...) none",
	.flags = BUILTIN_CALL | BUILTIN_STATEMENT,
	.needs = NEEDS(RINGBUF),
	.check = cat_check,
	.lower = cat_lower,
	.doc = "Prints the file whose name the format and its values give, at most "
	       "max_cat_bytes of it.",
	.example = "BEGIN { cat(\"/proc/sys/kernel/%s\", \"ostype\"); exit() }",
	.expect = "Linux\n",
};
#endif

#ifdef BCCT_RUNTIME
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/printf_rt.h"

/* Reads up to max bytes; files of /proc have no size. */
static int cat_read(const char *path, uint64_t max, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char room[4096];
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (max && n > 0) {
		n = read(fd, room, max < sizeof(room) ? max : sizeof(room));
		if (n < 0)
			break;
		buf_put(out, room, (size_t)n);
		max -= (uint64_t)n;
	}
	n = n < 0 ? -errno : 0;
	close(fd);
	return (int)n;
}

static void cat_event(struct rt *rt, const struct action_info *a, const uint8_t *data,
		      uint32_t len)
{
	struct buf path = { 0 }, out = { 0 };
	uint64_t max;
	int err;

	(void)len;
	if (!a->text)
		return;
	printf_render(rt, &path, a->text, strlen(a->text), a->payload, data);
	buf_u8(&path, 0);
	max = (uint64_t)rt_manifest(rt)->options.v[OPT_MAX_CAT_BYTES];
	err = cat_read((const char *)path.data, max, &out);
	if (err)
		rt_problem(rt, a->loc, "cannot read '%s': %s", (const char *)path.data,
			   strerror(-err));
	else
		rt_message(rt, "cat", (const char *)out.data, out.len);
	buf_free(&path);
	buf_free(&out);
}

const struct builtin_rt bcct_builtin_rt_cat = {
	.name = "cat",
	.event = cat_event,
};
#endif
