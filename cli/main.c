/*
 * bcct: the command line over include/bcct.h. Compiles or opens a program, runs
 * it until it ends or is interrupted, and prints what it finds.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/report.h"
#include "include/bcct.h"

enum { EXIT_WRONG = 1, EXIT_SETUP = 255 };

struct cli {
	struct args args;
	struct report report;
	struct bcct *b;
	int out;     /* descriptor of the output */
	char *text;  /* the program or object */
	size_t len;
	const char *name;
};

/* ---- signals ------------------------------------------------------------ */

/* The only global: a signal handler has no other way to its handle. */
static struct bcct *volatile signal_handle;

#define SIGNAL_TWICE_MS 200 /* timeout(1) sends its signal to the process and to its group */

/* The first signal ends the run in order; the second one ends the process. */
static void signal_stop(int sig)
{
	static const char again[] = "bcct: interrupted again: stopped without printing maps\n";
	static volatile sig_atomic_t seen;
	static struct timespec first;
	static volatile sig_atomic_t first_sig;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (seen++) {
		if (sig == first_sig &&
		    (now.tv_sec - first.tv_sec) * 1000 + (now.tv_nsec - first.tv_nsec) / 1000000 <
		    SIGNAL_TWICE_MS)
			return;
		ssize_t n = write(STDERR_FILENO, again, sizeof(again) - 1);

		(void)n;
		_exit(128 + sig);
	}
	first = now;
	first_sig = sig;
	if (signal_handle)
		bcct_stop(signal_handle);
}

static void signal_install(struct bcct *b)
{
	struct sigaction sa = {.sa_handler = signal_stop};

	signal_handle = b;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is reported by the write that fails */
}

/* ---- reading ------------------------------------------------------------ */

static int read_all(FILE *f, struct cli *c)
{
	size_t cap = 0;

	while (!feof(f) && !ferror(f)) {
		if (c->len + 4096 > cap) {
			cap = cap ? cap * 2 : 16384;
			c->text = realloc(c->text, cap);
			if (!c->text)
				return -ENOMEM;
		}
		c->len += fread(c->text + c->len, 1, cap - c->len, f);
	}
	return ferror(f) ? -(errno ? errno : EIO) : 0;
}

static int read_program(struct cli *c)
{
	const char *file = c->args.file;
	FILE *f;
	int err;

	if (c->args.program) {
		c->name = "";
		c->text = strdup(c->args.program);
		c->len = strlen(c->args.program);
		return c->text ? 0 : -ENOMEM;
	}
	c->name = strcmp(file, "-") ? file : "stdin";
	f = strcmp(file, "-") ? fopen(file, "re") : stdin;
	err = f ? read_all(f, c) : -errno;
	if (f && f != stdin)
		fclose(f);
	if (err)
		report_error("io", "cannot read '%s': %s", c->name, strerror(-err));
	return err;
}

static bool is_object(const struct cli *c)
{
	return c->len > 4 && !memcmp(c->text, "\177ELF", 4);
}

/* ---- modes -------------------------------------------------------------- */

static int cli_open(struct cli *c)
{
	if (is_object(c))
		return bcct_open_object(c->b, c->text, c->len);
	return bcct_compile(c->b, c->name, c->text, c->len);
}

static int cli_write_file(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "we");
	int err = 0;

	if (!f || fwrite(data, 1, len, f) != len)
		err = -errno;
	if (f && fclose(f) && !err)
		err = -errno;
	if (err)
		report_error("io", "cannot write '%s': %s", path, strerror(-err));
	return err;
}

/* FILE.original.ll and FILE.optimized.ll */
static int emit_llvm(struct cli *c)
{
	static const char *const stages[][2] = {{"codegen", "original"}, {"ir", "optimized"}};
	char path[4096];
	int err = 0, fd;

	for (int i = 0; i < 2 && !err; i++) {
		snprintf(path, sizeof(path), "%s.%s.ll", c->args.emit_llvm, stages[i][1]);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (fd < 0) {
			report_error("io", "cannot write '%s': %s", path, strerror(errno));
			return EXIT_WRONG;
		}
		err = bcct_dump(c->b, c->name, c->text, c->len, stages[i][0], fd);
		close(fd);
	}
	return err ? EXIT_WRONG : 0;
}

static int mode_emit(struct cli *c)
{
	const void *data;
	size_t len;

	if (c->args.emit_llvm)
		return emit_llvm(c);
	if (cli_open(c) || bcct_object(c->b, &data, &len))
		return EXIT_WRONG;
	return cli_write_file(c->args.emit, data, len) ? EXIT_WRONG : 0;
}

static int mode_check(struct cli *c)
{
	return cli_open(c) ? EXIT_WRONG : 0;
}

/* The stages behind the compiler are seen by loading: notes on standard error. */
static int mode_dump(struct cli *c)
{
	static const char *const all[] = {"ast", "plan", "codegen", "codegen-opt", "asm"};
	const char *stage = c->args.stage;
	bool every = !strcmp(stage, "all");

	for (size_t i = 0; every && i < sizeof(all) / sizeof(*all); i++) {
		dprintf(c->out, "%s%s:\n", i ? "\n" : "", all[i]);
		if (bcct_dump(c->b, c->name, c->text, c->len, all[i], c->out))
			return EXIT_WRONG;
	}
	if (every || args_stage_is(&c->args, "libbpf") || args_stage_is(&c->args, "verifier"))
		return cli_open(c) ? EXIT_WRONG : bcct_load(c->b) ? EXIT_SETUP : 0;
	return bcct_dump(c->b, c->name, c->text, c->len, c->args.stage, c->out) ? EXIT_WRONG : 0;
}

static void print_line(void *user, const char *text)
{
	(*(unsigned *)user)++;
	puts(text);
}

/* -l FILE, or with -e: the probes of a program. */
static bool lists_program(const struct cli *c)
{
	struct stat st;

	return c->args.program ||
	       (c->args.list && !stat(c->args.list, &st) && S_ISREG(st.st_mode));
}

static int list_program(struct cli *c, unsigned *n)
{
	c->args.file = c->args.list;
	if (read_program(c) || cli_open(c))
		return -EINVAL;
	return bcct_list_program(c->b, c->args.verbose_list, print_line, n);
}

static int mode_list(struct cli *c)
{
	unsigned n = 0;
	const char *pattern = c->args.list ? c->args.list : "*";
	int err = lists_program(c) ? list_program(c, &n)
				   : bcct_list(c->b, pattern, c->args.verbose_list, print_line, &n);

	if (err)
		return EXIT_WRONG;
	if (!n)
		report_error("no-such-function", "no probe matches '%s'", pattern);
	return n ? 0 : EXIT_WRONG;
}

/* "kprobe:NAME" as NAME; NAME of a module behind its module. */
static void print_function(void *user, const char *text)
{
	const char *name = strchr(text, ':');

	print_line(user, name ? name + 1 : text);
}

static int mode_functions(struct cli *c)
{
	unsigned n = 0;

	return bcct_list(c->b, "kprobe:*", false, print_function, &n) ? EXIT_WRONG : 0;
}

static int mode_info(struct cli *c)
{
	unsigned n = 0;

	return bcct_info(c->b, print_line, &n) ? EXIT_WRONG : 0;
}

/* One line per field, newlines as \n: for scripts. */
static void print_escaped(const char *text)
{
	for (; text && *text; text++) {
		if (*text == '\n')
			fputs("\\n", stdout);
		else if (*text == '\t')
			fputs("\\t", stdout);
		else if (*text == '\\')
			fputs("\\\\", stdout);
		else
			putchar(*text);
	}
}

static void print_unit(void *user, const struct bcct_unit *u)
{
	const char *fields[] = {u->kind, u->name, u->synopsis, u->doc, u->example, u->expect};

	(void)user;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (i)
			putchar('\t');
		print_escaped(fields[i]);
	}
	putchar('\n');
}

/* ---- running ------------------------------------------------------------ */

static bool output_broken(int err)
{
	if (!err)
		return false;
	report_error("io", "cannot write the output: %s", strerror(-err));
	return true;
}

static void announce_attached(struct cli *c)
{
	static const char token[] = "__BPFTRACE_NOTIFY_PROBES_ATTACHED\n";
	const char *env = getenv("BCCT_NOTIFY_PROBES_ATTACHED");

	if (!env)
		env = getenv("BPFTRACE_NOTIFY_PROBES_ATTACHED");
	if (env && write(c->out, token, sizeof(token) - 1) < 0)
		report_error("io", "cannot write the output: %s", strerror(errno));
}

/* Polls until the program is over. The exit status of the tool, or -1 to go on to the end. */
static int run_loop(struct cli *c)
{
	int r = 0, err;

	while (r == 0) {
		r = bcct_poll(c->b, -1);
		if (r < 0 && r != -EINTR)
			return EXIT_SETUP;
		if (r < 0)
			r = 0;
		if (c->args.buffering != BUFFER_FULL || r) {
			err = bcct_printer_flush(c->report.printer);
			c->report.broken = output_broken(err);
			if (c->report.broken)
				return EXIT_WRONG;
		}
	}
	return -1;
}

static int run_attached(struct cli *c)
{
	int status = -1;

	announce_attached(c);
	if (c->args.dry_run)
		return 0; /* what was seen meanwhile is of no interest, nor is END */
	status = run_loop(c);
	if (status >= 0) {
		bcct_finish(c->b, false);
		return status;
	}
	if (bcct_finish(c->b, true))
		status = EXIT_SETUP;
	if (output_broken(bcct_printer_flush(c->report.printer)))
		return EXIT_WRONG;
	report_end(&c->report);
	return status >= 0 ? status : bcct_exit_status(c->b);
}

/* Is the program asked for its own options: "-- --help"? */
static bool wants_options(const struct cli *c)
{
	for (size_t i = 0; i < c->args.nparams; i++)
		if (!strcmp(c->args.params[i], "--help"))
			return !is_object(c);
	return false;
}

static int mode_run(struct cli *c)
{
	int err;

	if (wants_options(c))
		return bcct_dump(c->b, c->name, c->text, c->len, "options", c->out) ? EXIT_WRONG
										    : 0;

	if (c->args.nparams && is_object(c)) {
		report_error("usage", "an object takes no parameters: $1 and so on were fixed "
			     "when it was compiled");
		return EXIT_WRONG;
	}
	if (cli_open(c))
		return EXIT_WRONG;
	c->report.printer = bcct_printer_new(c->args.format, c->out);
	if (!c->report.printer) {
		report_error("usage", "there is no output format '%s'", c->args.format);
		return EXIT_WRONG;
	}
	c->report.text = !strcmp(c->args.format, "text");
	signal_install(c->b);
	free(c->text); /* what was compiled is in the object; long runs need not keep it */
	c->text = NULL;
	if (c->args.pid && kill(c->args.pid, 0) && errno == ESRCH) {
		report_error("usage", "there is no process %d", c->args.pid);
		return EXIT_WRONG;
	}
	err = bcct_load(c->b);
	if (err == -ENODATA) { /* told; the words that scripts know are on standard output */
		puts("No probes to attach");
		return EXIT_WRONG;
	}
	if (err)
		return EXIT_SETUP;
	if (bcct_attach(c->b)) {
		bcct_printer_flush(c->report.printer);
		return EXIT_SETUP;
	}
	return run_attached(c);
}

static int cli_dispatch(struct cli *c)
{
	switch (c->args.mode) {
	case MODE_LIST:
		return mode_list(c);
	case MODE_INFO:
		return mode_info(c);
	case MODE_FUNCTIONS:
		return mode_functions(c);
	case MODE_UNITS:
		return bcct_units(print_unit, NULL) ? EXIT_WRONG : 0;
	default:
		break;
	}
	if (read_program(c))
		return EXIT_WRONG;
	switch (c->args.mode) {
	case MODE_CHECK:
		return mode_check(c);
	case MODE_EMIT:
		return mode_emit(c);
	case MODE_DUMP:
		return mode_dump(c);
	default:
		return mode_run(c);
	}
}

static int cli_output(struct cli *c)
{
	c->out = STDOUT_FILENO;
	if (!c->args.output || c->args.mode == MODE_EMIT)
		return 0;
	c->out = open(c->args.output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (c->out >= 0)
		return 0;
	report_error("io", "cannot write '%s': %s", c->args.output, strerror(errno));
	return -1;
}

int main(int argc, char **argv)
{
	static struct cli c;
	struct bcct_options o = {.size = sizeof(o), .diag = report_diag, .event = report_event};
	int status;

	if (args_parse(&c.args, argc, argv))
		return EXIT_WRONG;
	if (c.args.mode == MODE_HELP || c.args.mode == MODE_VERSION) {
		if (c.args.mode == MODE_HELP)
			fputs(args_help, stdout);
		else
			printf("bcct %s\n", bcct_version());
		return output_broken(fflush(stdout) ? -errno : 0) ? EXIT_WRONG : 0;
	}
	if (cli_output(&c))
		return EXIT_WRONG;
	c.report.args = &c.args;
	o.user = &c.report;
	o.unsafe = c.args.unsafe;
	o.mode = c.args.trial;
	o.keep_warnings = c.args.keep_warnings;
	o.verbose = c.args.verbose;
	o.color = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
	o.pid = c.args.pid;
	o.command = c.args.command;
	o.params = (const char *const *)c.args.params;
	o.nparams = c.args.nparams;
	o.libbpf_log = args_stage_is(&c.args, "libbpf");
	o.verifier_log = args_stage_is(&c.args, "verifier");
	o.dry_run = c.args.dry_run;
	o.probe_filter = c.args.probe_filter;
	o.no_features = c.args.no_features;
	o.includes = c.args.includes;
	o.nincludes = c.args.nincludes;
	o.headers = c.args.headers;
	o.nheaders = c.args.nheaders;
	o.defines = c.args.defines;
	o.ndefines = c.args.ndefines;
	c.b = bcct_new(&o);
	if (!c.b) {
		report_error("internal", "out of memory");
		return EXIT_SETUP;
	}
	status = cli_dispatch(&c);
	if (output_broken(fflush(stdout) ? -errno : 0))
		status = EXIT_WRONG;
	bcct_free(c.b);
	bcct_printer_free(c.report.printer);
	free(c.text);
	free(c.args.joined);
	return status;
}
