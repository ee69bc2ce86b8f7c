/*
 * Option parsing. Options may stand before and after the program; what else follows the program
 * are $1, $2 …, and after a "--" everything is. An unknown option after a FILE is the script's
 * own, which getopt_long would swallow, so the walk is by hand.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"

struct walk {
	int argc, i;
	char **argv;
	struct args *a;
	bool compile_only;
	bool own; /* an unknown option is a parameter of the script */
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

/* Several -e are one program, each on lines of its own. */
static int args_program(struct args *a, const char *text)
{
	size_t size;
	char *all;

	if (!text)
		return args_fail("a value is missing after", "-e");
	if (!a->program) {
		a->program = text;
		return 1;
	}
	size = strlen(a->program) + strlen(text) + 2;
	all = malloc(size);
	if (!all)
		return args_fail("out of memory", NULL);
	snprintf(all, size, "%s\n%s", a->program, text);
	free(a->joined);
	a->program = a->joined = all;
	return 1;
}

static int args_mode(struct args *a, const char *name)
{
	if (!name || strcmp(name, "codegen"))
		return args_fail("--mode takes codegen, not", name ? name : "nothing");
	a->mode = MODE_CHECK;
	return 1;
}

/* -D NAME or NAME=VALUE; a name is one that C can have. */
static int args_define(struct walk *w, const char *macro)
{
	size_t n = macro ? strcspn(macro, "=") : 0;

	if (!n || isdigit((unsigned char)*macro) ||
	    strspn(macro, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") < n)
		return args_fail("-D takes NAME or NAME=VALUE, not", macro ? macro : "nothing");
	if (w->a->ndefines == ARGS_MAX_DEFINES)
		return args_fail("too many macros: -D", macro);
	w->a->defines[w->a->ndefines++] = macro;
	return 1;
}

/* Options with a value. Returns 1 when name is one, 0 when not, -1 on a bad value. */
static int args_valued(struct walk *w, const char *name, const char *attached)
{
	static const struct {
		const char *name;
		size_t offset;
	} texts[] = {
		{"-c", offsetof(struct args, command)},
		{"-o", offsetof(struct args, output)},
		{"--output", offsetof(struct args, output)},
		{"-f", offsetof(struct args, format)},
		{"--emit-object", offsetof(struct args, emit)},
		{"--emit-elf", offsetof(struct args, emit)},
		{"--aot", offsetof(struct args, emit)},
		{"--emit-llvm", offsetof(struct args, emit_llvm)},
		{"--probe-filter", offsetof(struct args, probe_filter)},
		{"--no-feature", offsetof(struct args, no_features)},
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
	if (!strcmp(name, "-e"))
		return args_program(w->a, args_value(w, attached));
	if (!strcmp(name, "--mode"))
		return args_mode(w->a, args_value(w, attached));
	if (!strcmp(name, "-p")) {
		v = args_value(w, attached);
		if (!v || args_number(v, &w->a->pid))
			return args_fail("-p takes a process id, not", v ? v : "nothing");
		return 1;
	}
	if (!strcmp(name, "-I") || !strcmp(name, "--include"))
		return args_include(w, name, args_value(w, attached));
	if (!strcmp(name, "-D"))
		return args_define(w, args_value(w, attached));
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
		{"--traceable-functions", MODE_FUNCTIONS},
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(name, modes[i].name)) {
			a->mode = modes[i].mode;
			return 1;
		}
	}
	if (!strcmp(name, "--test") || !strcmp(name, "--bench")) {
		a->trial = name[2] == 't' ? BCCT_TEST : BCCT_BENCH;
		return 1;
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
	else if (!strcmp(name, "-b") || !strcmp(name, "--btf") ||
		 !strcmp(name, "--usdt-file-activation") || !strcmp(name, "--verify-llvm-ir"))
		return 1; /* what is always done; accepted for scripts that say so */
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

/* One option; arg is the argument it stands in. 1: none of ours, a parameter. */
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
		return w->own ? 1 : args_fail("unknown option", arg);
	memcpy(name, arg, n);
	name[n] = '\0';
	r = args_valued(w, name, attached);
	if (r)
		return r < 0 ? -1 : 0;
	if (!args_plain(w, name))
		return w->own ? 1 : args_fail("unknown option", arg);
	w->own = false;
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
	if (a->emit && a->emit_llvm)
		return args_fail("--emit-object and --emit-llvm exclude each other", NULL);
	if ((a->emit || a->emit_llvm) && (a->mode == MODE_RUN || a->mode == MODE_CHECK))
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
	int kept = 1, r; /* parameters move to the front of argv, over what was read */
	bool number;

	memset(a, 0, sizeof(*a));
	a->format = "text";
	for (; w.i < argc; w.i++) {
		char *arg = argv[w.i];

		if (!strcmp(arg, "--")) {
			w.i++;
			break;
		}
		/* behind the program a negative number is a parameter */
		number = (a->program || a->file) && isdigit((unsigned char)arg[1]);
		r = 1;
		if (arg[0] == '-' && arg[1] && !number) {
			w.own = a->file && !a->program;
			r = args_option(&w, arg);
			if (r < 0)
				return -1;
		}
		if (r && !a->program && !a->file)
			a->file = arg;
		else if (r)
			argv[kept++] = arg;
	}
	if (!a->file && !a->program && w.i < argc)
		a->file = argv[w.i++];
	while (w.i < argc)
		argv[kept++] = argv[w.i++];
	a->params = argv + 1;
	a->nparams = (size_t)(kept - 1);
	return args_settle(a, w.compile_only);
}

bool args_stage_is(const struct args *a, const char *name)
{
	return a->stage && (!strcmp(a->stage, name) || !strcmp(a->stage, "all"));
}
