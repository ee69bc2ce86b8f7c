/*
 * Drives one compilation from text to object or dump. This is the compiler as
 * the runtime sees it: base/compiler.h is its whole surface.
 */
#include <errno.h>
#include <setjmp.h>
#include <string.h>

#include "base/compiler.h"
#include "base/version.h"
#include "codegen/ir.h"
#include "codegen/lower.h"
#include "parser/compile.h"
#include "parser/unit.h"
#include "types/headers.h"

static int driver_options(struct compile *c)
{
	const char *bad = NULL;

	options_defaults(&c->options);
	if (options_from_env(&c->options, &bad) == 0)
		return 0;
	diag_error(&c->diags, USAGE, LOC_NONE, "environment variable %s has no usable value", bad);
	return -EINVAL;
}

static int driver_dump_ast(const struct node *program, struct buf *out)
{
	node_dump(out, program);
	return 0;
}

/* Takes the named parameters (--name, --name=value) from the others. */
static void driver_params(struct compile *c, const struct compiler_request *rq)
{
	const char **lists = arena_alloc(c->arena, (2 * rq->nparams + 1) * sizeof(*lists));
	const char **named = lists + rq->nparams;

	c->named_used = arena_alloc(c->arena, rq->nparams + 1);
	memset(c->named_used, 0, rq->nparams + 1);
	for (size_t i = 0; i < rq->nparams; i++) {
		const char *p = rq->params[i];

		if (strncmp(p, "--", 2) != 0)
			lists[c->nparams++] = p;
		else if (p[2])
			named[c->nnamed++] = p;
	}
	c->params = lists;
	c->named = named;
}

/* After the check: every named parameter is one that the program asks for. */
static int driver_params_used(struct compile *c)
{
	int err = 0;

	for (unsigned i = 0; i < c->nnamed; i++) {
		if (c->named_used[i])
			continue;
		diag_error(&c->diags, USAGE, LOC_NONE, "the program has no option '%.*s'",
			   (int)strcspn(c->named[i], "="), c->named[i]);
		diag_hint(&c->diags, "it asks for its options with getopt(\"name\")");
		err = -EINVAL;
	}
	return err;
}

/* The program's own options, for "-- --help". */
static int driver_list_options(const struct compile *c, struct buf *out)
{
	const struct asked_option *o;

	buf_printf(out, c->asked ? "Options of the program, after '--':\n"
				 : "The program has no options.\n");
	for (o = c->asked; o; o = o->next) {
		size_t at = out->len;

		buf_printf(out, "  --%s%s%s", o->name, o->value ? "=" : "",
			   o->value ? o->value : "");
		at = out->len - at;
		if (o->fallback || *o->about)
			buf_printf(out, "%*s%s", at < 22 ? (int)(22 - at) : 1, "", o->about);
		if (o->fallback)
			buf_printf(out, "%s(default %s)", *o->about ? " " : "", o->fallback);
		buf_printf(out, "\n");
	}
	return 0;
}

/* Parse, check, generate; the stages after a failed one do not run. */
static int driver_stages(struct compile *c, const struct compiler_request *rq, struct buf *out)
{
	int file = sources_add(&c->sources, rq->name, rq->text, rq->len);

	if (file < 0) {
		diag_error(&c->diags, TOO_LARGE, LOC_NONE, "the program is longer than %u bytes",
			   SOURCE_MAX_BYTES);
		return -EFBIG;
	}
	c->program = parse_program(c, file);
	if (!c->program || c->diags.errors)
		return -EINVAL;
	if (check_program(c, c->program) || c->diags.errors)
		return -EINVAL;
	if (rq->stage && !strcmp(rq->stage, "options"))
		return driver_list_options(c, out);
	if (driver_params_used(c))
		return -EINVAL;
	if (rq->stage && !strcmp(rq->stage, "ast"))
		return driver_dump_ast(c->program, out);
	if (rq->stage)
		return codegen_dump(c, c->program, rq->stage, out);
	return codegen_object(c, c->program, out);
}

/*
 * LLVM gives up: what is known is handed over as a diagnostic, if the caller can
 * still take one. The jump leaves LLVM's memory behind, which goes with the child.
 */
struct driver_fatal {
	jmp_buf out;
	struct diags *diags;
};

static void driver_on_fatal(void *user, const char *text)
{
	struct driver_fatal *f = user;

	/* an offset of BPF's jumps has 16 bits */
	if (strstr(text, "out of insn range"))
		diag_error(f->diags, TOO_LARGE, LOC_NONE,
			   "a clause or function is too long for one BPF program");
	else
		diag_error(f->diags, INTERNAL, LOC_NONE, "the code generator gave up: %s", text);
	longjmp(f->out, 1);
}

static int driver_run(struct compile *c, const struct compiler_request *rq, struct buf *out)
{
	struct driver_fatal fatal = { .diags = &c->diags };
	volatile int err = -EINVAL;

	ir_on_fatal(driver_on_fatal, &fatal);
	if (!setjmp(fatal.out))
		err = driver_stages(c, rq, out);
	ir_on_fatal(NULL, NULL);
	return err;
}

/* Headers that are nowhere matter when the program did not compile. */
static void driver_missing_headers(struct compile *c)
{
	for (const struct missing_header *m = c->missing; m; m = m->next) {
		diag_error(&c->diags, HEADER, m->loc, "header <%s> is nowhere", m->name);
		diag_hint(&c->diags, "-I names a folder of headers; types of the kernel need none");
	}
}

/* Paths of the user's headers that the front end for BPF C made an error of. */
static void driver_foreign(const struct compile *c, struct strmap *foreign, struct arena *arena)
{
	for (const struct diag *d = c->diags.first; d; d = d->next) {
		const char *name = c->sources.file[d->loc.file].name;

		if (d->level == DIAG_ERROR && d->loc.file > 1 && name && name[0] != '<')
			strmap_put(foreign, arena_strdup(arena, name), foreign);
	}
}

/* What a second try with libclang needs to know of the first one. */
struct driver_again {
	bool wanted, failed; /* failed: libclang could not do its part */
	struct strmap foreign;
};

/* One compilation; again is what came of the one before, and receives what came of this one. */
static int driver_once(const struct compiler_request *rq, struct buf *out, struct buf *diags,
		       struct driver_again *again, struct arena *keep)
{
	struct arena *arena = arena_new();
	struct compile *c = arena_new_of(arena, struct compile);
	int err;

	c->read_headers = again->wanted;
	c->foreign = &again->foreign;
	c->arena = arena;
	c->sources.arena = arena;
	c->diags.arena = arena;
	c->diags.sources = &c->sources;
	c->unsafe = rq->unsafe;
	c->keep_warnings = rq->keep_warnings;
	c->pid = rq->pid;
	c->no_features = rq->no_features;
	driver_params(c, rq);
	c->includes = rq->includes;
	c->nincludes = (unsigned)rq->nincludes;
	c->headers = rq->headers;
	c->nheaders = (unsigned)rq->nheaders;
	c->defines = rq->defines;
	c->ndefines = (unsigned)rq->ndefines;
	c->types = types_new(arena);
	err = driver_options(c);
	if (!err)
		err = driver_run(c, rq, out);
	if (!err && c->diags.errors)
		err = -EINVAL;
	if (err)
		driver_missing_headers(c);
	diag_records_write(diags, &c->diags);
	if (err && !again->wanted)
		driver_foreign(c, &again->foreign, keep);
	again->failed = headers_failed(c->types);
	again->wanted = err && (c->unread_headers || again->foreign.n) && c->diags.errors;
	types_close(c->types);
	arena_free(arena);
	return err;
}

/*
 * Headers that BTF stands in for, and headers of the user's own, are read without
 * libclang. When the program does not compile so, it is tried once more with
 * libclang. What remains wrong is then shown as of this second try, unless a header of
 * the user's own turns out to be none that libclang can read.
 */
static int driver_compile(const struct compiler_request *rq, struct buf *out, struct buf *diags)
{
	struct arena *keep = arena_new();
	struct driver_again again = { 0 };
	struct buf second = { 0 };
	size_t at = diags->len;
	int err = driver_once(rq, out, diags, &again, keep);

	if (again.wanted) {
		int other = driver_once(rq, out, &second, &again, keep);

		if (!other || !again.foreign.n || !again.failed) {
			diags->len = at;
			buf_put(diags, second.data, second.len);
			err = other;
		}
	}
	buf_free(&second);
	strmap_free(&again.foreign);
	arena_free(keep);
	return err;
}

static void driver_units(void (*each)(void *user, const struct bcct_unit *u), void *user)
{
	struct bcct_unit u = {.size = sizeof(u)};

	for (const struct builtin *const *b = bcct_builtins; *b; b++) {
		u.kind = "builtin", u.name = (*b)->name, u.synopsis = (*b)->prototype;
		u.doc = (*b)->doc, u.example = (*b)->example, u.expect = (*b)->expect;
		each(user, &u);
	}
	for (const struct aggregation *const *a = bcct_aggregations; *a; a++) {
		u.kind = "aggregation", u.name = (*a)->name, u.synopsis = (*a)->prototype;
		u.doc = (*a)->doc, u.example = (*a)->example, u.expect = (*a)->expect;
		each(user, &u);
	}
	for (const struct provider *const *p = bcct_providers; *p; p++) {
		u.kind = "provider", u.name = (*p)->name, u.synopsis = (*p)->syntax;
		u.doc = (*p)->doc, u.example = (*p)->example, u.expect = (*p)->expect;
		each(user, &u);
	}
}

static const struct compiler driver = {
	.compile = driver_compile,
	.units = driver_units,
	.version = IR_VERSION,
};

const struct compiler *compiler_get(void)
{
	return &driver;
}
