/*
 * bcct_compile, bcct_dump, bcct_units: run the compiler, by default in a child
 * process. A child keeps LLVM's memory out of the process that traces for hours,
 * and turns a crash of the compiler into a diagnostic.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/pages.h"
#include "runtime/handle.h"

#define COMPILE_HEAP (2u << 20) /* of memory, what the smallest program takes to compile */

/* First bytes of what the child leaves in the memory file. */
struct child_result {
	int32_t status;
	uint32_t out_len, diags_len;
};

static void compile_report(void *user, const struct diag_record *d)
{
	struct bcct *b = user;
	struct bcct_diag pub = {
		.size = sizeof(pub),
		.severity = d->level == DIAG_ERROR     ? BCCT_ERROR
			    : d->level == DIAG_WARNING ? BCCT_WARNING
						       : BCCT_NOTE,
		.tag = d->tag,
		.message = d->message,
		.hint = d->hint,
		.file = d->file,
		.line = d->line,
		.column = d->column,
		.end_line = d->end_line,
		.end_column = d->end_column,
		.rendered = b->opt.color ? d->rendered_color : d->rendered,
	};

	if (b->opt.diag)
		b->opt.diag(b->opt.user, &pub);
}

static int compile_write(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Runs in the child: never returns. */
static void compile_child(int fd, const struct compiler *cc, const struct compiler_request *rq)
{
	struct buf out = {0}, diags = {0};
	struct child_result r = {.status = cc->compile(rq, &out, &diags)};
	int err;

	r.out_len = (uint32_t)out.len;
	r.diags_len = (uint32_t)diags.len;
	err = compile_write(fd, &r, sizeof(r));
	if (!err)
		err = compile_write(fd, out.data, out.len);
	if (!err)
		err = compile_write(fd, diags.data, diags.len);
	_exit(err ? 1 : 0); /* no atexit handlers: they are the parent's */
}

/* Takes the child's bytes over; the mapping is private to the call. */
static int compile_collect(struct bcct *b, int fd, struct buf *out)
{
	struct stat st;
	struct child_result r;
	const uint8_t *p;
	int err = 0;

	if (fstat(fd, &st) || (size_t)st.st_size < sizeof(r))
		return -EPROTO;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	memcpy(&r, p, sizeof(r));
	if (sizeof(r) + (uint64_t)r.out_len + r.diags_len != (uint64_t)st.st_size)
		err = -EPROTO;
	if (!err)
		err = diag_records_read(p + sizeof(r) + r.out_len, r.diags_len, compile_report, b);
	if (!err && !r.status)
		buf_put(out, p + sizeof(r), r.out_len);
	munmap((void *)p, (size_t)st.st_size);
	return err ? err : r.status;
}

static int compile_wait(struct bcct *b, pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		handle_diag(b, DIAG_ERROR, TAG_INTERNAL, LOC_NONE,
			    "please report this program to the bcct developers",
			    "the compiler was ended by signal %d", WTERMSIG(status));
	else
		handle_diag(b, DIAG_ERROR, TAG_INTERNAL, LOC_NONE, NULL,
			    "the compiler process failed with status %d", WEXITSTATUS(status));
	return -ECHILD;
}

static int compile_in_child(struct bcct *b, const struct compiler *cc,
			    const struct compiler_request *rq, struct buf *out)
{
	int fd = memfd_create("bcct-object", MFD_CLOEXEC);
	pid_t pid;
	int err;

	if (fd < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		pages_child(COMPILE_HEAP);
		compile_child(fd, cc, rq);
	}
	err = pid < 0 ? -errno : compile_wait(b, pid);
	if (!err)
		err = compile_collect(b, fd, out);
	close(fd);
	return err;
}

static int compile_here(struct bcct *b, const struct compiler *cc,
			const struct compiler_request *rq, struct buf *out)
{
	struct buf diags = {0};
	int err = cc->compile(rq, out, &diags);
	int bad = diag_records_read(diags.data, diags.len, compile_report, b);

	buf_free(&diags);
	return err ? err : bad;
}

static int compile_run(struct bcct *b, const struct compiler_request *rq, struct buf *out)
{
	const struct compiler *cc = compiler_get();

	if (!cc) {
		handle_diag(b, DIAG_ERROR, TAG_USAGE, LOC_NONE,
			    "compile with `bcct --emit-object FILE` and run the object",
			    "this build has no compiler");
		return -ENOTSUP;
	}
	return b->opt.same_process ? compile_here(b, cc, rq, out)
				   : compile_in_child(b, cc, rq, out);
}

static struct compiler_request compile_request(const struct bcct *b, const char *name,
					       const char *text, size_t len)
{
	return (struct compiler_request){
		.name = name ? name : "",
		.text = text,
		.len = len,
		.unsafe = b->opt.unsafe,
		.keep_warnings = b->opt.keep_warnings,
		/* -c does not filter: the command's own children are to be seen too */
		.pid = b->opt.pid > 0 ? b->opt.pid : 0,
		.no_features = b->opt.no_features,
		.params = b->opt.params,
		.nparams = b->opt.nparams,
		.includes = b->opt.includes,
		.nincludes = b->opt.nincludes,
		.headers = b->opt.headers,
		.nheaders = b->opt.nheaders,
		.defines = b->opt.defines,
		.ndefines = b->opt.ndefines,
	};
}

int bcct_compile(struct bcct *b, const char *name, const char *text, size_t len)
{
	struct compiler_request rq = compile_request(b, name, text, len);
	struct buf out = {0};
	int err = compile_run(b, &rq, &out);

	b->compiled = !err;
	if (!err)
		err = bcct_open_object(b, out.data, out.len);
	buf_free(&out);
	return err;
}

int bcct_dump(struct bcct *b, const char *name, const char *text, size_t len, const char *stage,
	      int fd)
{
	/* each with the names that others have for it */
	static const char *const stages[][2] = {
		{"ast", "ast"}, {"parse", "ast"}, {"types", "ast"}, {"plan", "plan"},
		{"options", "options"},
		{"codegen", "codegen"}, {"ir", "ir"}, {"codegen-opt", "ir"}, {"asm", "asm"},
		{"dis", "asm"},
	};
	struct compiler_request rq = compile_request(b, name, text, len);
	struct buf out = {0};
	int err = -EINVAL;

	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++)
		if (!strcmp(stages[i][0], stage))
			rq.stage = stages[i][1];
	if (!rq.stage) {
		handle_diag(b, DIAG_ERROR, TAG_USAGE, LOC_NONE, 
			    "stages are ast, types, plan, codegen, codegen-opt, asm, libbpf, "
			    "verifier and all",
			    "unknown stage '%s'", stage);
		return err;
	}
	err = compile_run(b, &rq, &out);
	if (!err) {
		err = compile_write(fd, out.data, out.len);
		if (err)
			handle_diag(b, DIAG_ERROR, TAG_IO, LOC_NONE, NULL,
				    "cannot write the output: %s", strerror(-err));
	}
	buf_free(&out);
	return err;
}

int bcct_units(void (*each)(void *user, const struct bcct_unit *u), void *user)
{
	const struct compiler *cc = compiler_get();

	if (!cc)
		return -ENOTSUP;
	cc->units(each, user);
	return 0;
}
