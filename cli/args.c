/*
 * Option parsing. getopt_long would reorder or swallow the script's own
 * parameters, so the walk is by hand: options, then the script, then $1, $2 ….
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"

const char args_help[] =
	"Usage: bcct [OPTIONS] FILE [PARAMETER...]\n"
	"       bcct [OPTIONS] -e PROGRAM [PARAMETER...]\n"
	"       bcct [OPTIONS] OBJECT\n"
	"\n"
	"Compile and run a tracing program. FILE may be - for standard input, or an\n"
	"object written by --emit-object. Parameters are $1, $2 ... in the program.\n"
	"\n"
	"Programs:\n"
	"  -e PROGRAM            take the program from the command line\n"
	"  -c COMMAND            run COMMAND, trace it, end when it ends (no shell)\n"
	"  -p PID                trace one process, end when it ends\n"
	"  -I DIRECTORY          look there for imported scripts and headers, too\n"
	"  --include FILE        read this header before the program, as by #include\n"
	"  --unsafe              allow functions that change the system\n"
	"\n"
	"Output:\n"
	"  -o FILE               write to FILE instead of standard output\n"
	"  -f text|json          output format\n"
	"  -B line|full|none     buffering of the output\n"
	"  -q                    no messages but errors\n"
	"  -v                    more detail: kernel logs, libraries' messages\n"
	"  -k                    also report failed reads and lookups of missing keys\n"
	"  --no-warnings         no warnings\n"
	"\n"
	"Without running:\n"
	"  -l [PATTERN]          list probes, e.g. -l 'kprobe:vfs_*'; -lv: with arguments\n"
	"  --check               compile only; needs no privilege\n"
	"  --dry-run             compile, load and attach, then end\n"
	"  --emit-object FILE    write the compiled object; run it with bcct FILE\n"
	"  --compile-only -o FILE  the same\n"
	"  -d STAGE              show a stage: ast, plan, ir or asm\n"
	"  --info                kernel features found, versions\n"
	"  -V, --version         version\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  bcct -e 'kprobe:sys_clone < printf(\"hi %s\\n\", comm) >'\n"
	"  bcct -e 'kprobe:vfs_read < @[comm] = hist(arg2) >'\n"
	"  bcct -e 'syscall:openat < printf(\"%s %s\\n\", comm, str(args.filename)) >'\n"
	"  bcct -l 'syscall:*open*'\n"
	"\n"
	"Exit status: that of exit(N) in the program, 0 without one; 1 for a program or\n"
	"command line that is wrong; 255 when it could not be loaded, attached or run.\n";

struct walk {
	int argc, i;
	char **argv;
	struct args *a;
	bool compile_only;
};

static int args_fail(const char *what, const char *detail)
{
	fprintf(stderr, "bcct: error: %s%s%s  [usage]\n  hint: bcct --help lists the options\n",
		what, detail ? " " : "", detail ? detail : "");
	return -1;
}

/* The value of an option: attached text ("-eX", "--opt=X") or the next argument. */
static const char *args_value(struct walk *w, const char *attached)
{
	if (attached && *attached)
		return attached;
	if (w->i + 1 >= w->argc)
		return NULL;
	return w->argv[++w->i];
}

static int args_number(const char *text, int *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 10);
	if (errno || *end || end == text || v <= 0 || v > INT_MAX)
		return -1;
	*out = (int)v;
	return 0;
}

static int args_buffer_mode(struct args *a, const char *v)
{
	if (!strcmp(v, "line"))
		a->buffering = BUFFER_LINE;
	else if (!strcmp(v, "full"))
		a->buffering = BUFFER_FULL;
	else if (!strcmp(v, "none"))
		a->buffering = BUFFER_NONE;
	else
		return args_fail("-B takes line, full or none, not", v);
	return 0;
}

static int args_include(struct walk *w, const char *name, const char *value)
{
	bool header = name[1] == '-';
	size_t *n = header ? &w->a->nheaders : &w->a->nincludes;

	if (!value)
		return args_fail("a value is missing after", name);
	if (*n == ARGS_MAX_INCLUDES)
		return args_fail("too many of", name);
	(header ? w->a->headers : w->a->includes)[(*n)++] = value;
	return 1;
}

/* Options with a value. Returns 1 when name is one, 0 when not, -1 on a bad value. */
static int args_valued(struct walk *w, const char *name, const char *attached)
{
	static const struct {
		const char *name;
		size_t offset;
	} texts[] = {
		{"-e", offsetof(struct args, program)},
		{"-c", offsetof(struct args, command)},
		{"-o", offsetof(struct args, output)},
		{"--output", offsetof(struct args, output)},
		{"-f", offsetof(struct args, format)},
		{"--emit-object", offsetof(struct args, emit)},
		{"--cmd", offsetof(struct args, command)},
		{"-d", offsetof(struct args, stage)},
	};
	const char *v;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (strcmp(name, texts[i].name))
			continue;
		v = args_value(w, attached);
		if (!v)
			return args_fail("a value is missing after", name);
		memcpy((char *)w->a + texts[i].offset, &v, sizeof(v));
		return 1;
	}
	if (!strcmp(name, "-p")) {
		v = args_value(w, attached);
		if (!v || args_number(v, &w->a->pid))
			return args_fail("-p takes a process id, not", v ? v : "nothing");
		return 1;
	}
	if (!strcmp(name, "-I") || !strcmp(name, "--include"))
		return args_include(w, name, args_value(w, attached));
	if (!strcmp(name, "-B")) {
		v = args_value(w, attached);
		if (!v)
			return args_fail("-B takes a mode", NULL);
		return args_buffer_mode(w->a, v) ? -1 : 1;
	}
	return 0;
}

/* Options without a value: 1, or 0 when name is none. */
static int args_plain(struct walk *w, const char *name)
{
	struct args *a = w->a;
	static const struct {
		const char *name;
		enum args_mode mode;
	} modes[] = {
		{"--check", MODE_CHECK}, {"--info", MODE_INFO},
		{"--version", MODE_VERSION}, {"-V", MODE_VERSION},
		{"--help", MODE_HELP}, {"-h", MODE_HELP},
		{"--dump-units", MODE_UNITS},
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(name, modes[i].name)) {
			a->mode = modes[i].mode;
			return 1;
		}
	}
	if (!strcmp(name, "-q"))
		a->quiet = true;
	else if (!strcmp(name, "-v"))
		a->verbose++;
	else if (!strcmp(name, "-k") || !strcmp(name, "--warnings"))
		a->keep_warnings = true;
	else if (!strcmp(name, "--no-warnings"))
		a->no_warnings = true;
	else if (!strcmp(name, "--unsafe"))
		a->unsafe = true;
	else if (!strcmp(name, "--dry-run"))
		a->dry_run = true;
	else if (!strcmp(name, "--compile-only"))
		w->compile_only = true;
	else if (!strcmp(name, "-b") || !strcmp(name, "--btf"))
		return 1; /* BTF is always used; accepted for scripts that say so */
	else
		return 0;
	return 1;
}

/* -l and -lv: the pattern, when there is one, is the next argument. */
static void args_list(struct walk *w, bool verbose)
{
	w->a->mode = MODE_LIST;
	w->a->verbose_list |= verbose;
	if (w->i + 1 < w->argc && w->argv[w->i + 1][0] != '-')
		w->a->list = w->argv[++w->i];
}

/* One option; arg is the argument it stands in. */
static int args_option(struct walk *w, char *arg)
{
	char name[32];
	const char *attached = NULL;
	size_t n;
	int r;

	if (!strcmp(arg, "-l") || !strcmp(arg, "-lv") || !strcmp(arg, "-vl")) {
		args_list(w, arg[2] != '\0');
		return 0;
	}
	if (!strncmp(arg, "--", 2)) {
		n = strcspn(arg, "=");
		attached = arg[n] ? arg + n + 1 : NULL;
	} else {
		n = 2;
		attached = arg[2] ? arg + 2 : NULL;
	}
	if (n >= sizeof(name))
		return args_fail("unknown option", arg);
	memcpy(name, arg, n);
	name[n] = '\0';
	r = args_valued(w, name, attached);
	if (r)
		return r < 0 ? -1 : 0;
	if (!args_plain(w, name))
		return args_fail("unknown option", arg);
	if (attached && !strncmp(arg, "--", 2))
		return args_fail("no value belongs to", name);
	if (!attached)
		return 0;
	arg[1] = attached[0]; /* "-qv" is "-q -v": take the next letter in place */
	memmove(arg + 2, attached + 1, strlen(attached));
	return args_option(w, arg);
}

/* What the options ask for together. */
static int args_settle(struct args *a, bool compile_only)
{
	bool source = a->program || a->file;

	if (a->stage)
		a->mode = MODE_DUMP;
	if (compile_only) {
		if (!a->output)
			return args_fail("--compile-only needs -o FILE", NULL);
		a->emit = a->output;
	}
	if (a->emit && a->mode == MODE_RUN)
		a->mode = MODE_EMIT;
	if (a->pid && a->command)
		return args_fail("-p and -c exclude each other", NULL);
	if (a->mode == MODE_LIST && a->file && !a->list)
		a->list = a->file;
	if (!source && (a->mode == MODE_RUN || a->mode == MODE_CHECK || a->mode == MODE_EMIT ||
			a->mode == MODE_DUMP))
		return args_fail("there is no program: give -e PROGRAM or a FILE", NULL);
	return 0;
}

int args_parse(struct args *a, int argc, char **argv)
{
	struct walk w = {.argc = argc, .argv = argv, .a = a, .i = 1};

	memset(a, 0, sizeof(*a));
	a->format = "text";
	for (; w.i < argc; w.i++) {
		char *arg = argv[w.i];

		if (!strcmp(arg, "--")) {
			w.i++;
			break;
		}
		if (arg[0] == '-' && arg[1]) {
			if (args_option(&w, arg))
				return -1;
			continue;
		}
		if (a->program)
			break; /* the first parameter of an -e program */
		a->file = arg;
		w.i++;
		break;
	}
	/* what follows the program are its parameters; a "--" before them is only a separator */
	if (a->file || a->program) {
		if (w.i < argc && !strcmp(argv[w.i], "--"))
			w.i++;
	} else if (w.i < argc) {
		a->file = argv[w.i++];
	}
	a->params = argv + w.i;
	a->nparams = (size_t)(argc - w.i);
	return args_settle(a, w.compile_only);
}
