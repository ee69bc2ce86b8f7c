/*
 * Puts a rejection by the kernel's verifier into words and at its place in the
 * user's source. load.c calls it after a failed load.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

/* ---- reading a log ----------------------------------------------------------- */

static const char reason_too_large[] = "the program takes too many steps for the verifier";
static const char hint_too_large[] = "use fewer or shorter loops, strings and nested conditions";

static const struct {
	const char *needle, *reason, *hint;
} reasons[] = {
	{"infinite loop detected", "a loop that has no end", "loops need a bound that is known"},
	{"back-edge from insn", "a loop", "this kernel allows no loops; unroll it"},
	{"map_value_or_null", "a map value is used that may not exist", NULL},
	{"ptr_or_null_", "a pointer is used that may be null", NULL},
	{"mem_or_null", "memory is used that may not have been reserved", NULL},
	{"program is too large", reason_too_large, hint_too_large},
	{"jumps is too complex", "the program has too many branches for the verifier",
	 "use fewer conditions, or split the action"},
	{"combined stack size", "the program's stack is deeper than 512 bytes", NULL},
	{"call frames is too deep", "functions call each other too deeply", NULL},
	{"stack frames is too deep", "functions call each other too deeply", NULL},
	{"invalid stack off=", "the program's stack is deeper than 512 bytes", NULL},
	{"invalid write to stack", "the program's stack is deeper than 512 bytes", NULL},
	{"invalid stack type", "an access beyond the program's stack", NULL},
	{"invalid indirect read from stack", "memory is passed on before it is filled", NULL},
	{"invalid read from stack", "memory is read before it is filled", NULL},
	{"unknown func", "this kernel lacks a BPF helper that the program calls", NULL},
	{"invalid func unknown", "this kernel lacks a BPF helper that the program calls", NULL},
	{"cannot use helper", "this kind of probe may not call a helper that the program calls",
	 NULL},
	{"unbounded memory access", "the size of an access has no upper bound",
	 "limit it with an if, or with & or a smaller type"},
	{"min value is negative", "the size or index of an access may be negative",
	 "cast it to an unsigned type, or check it"},
	{"invalid access to map value", "an access beyond a map's value", NULL},
	{"invalid access to packet", "an access beyond the packet", NULL},
	{"makes pkt pointer", "an access beyond the packet", NULL},
	{"invalid mem access", "memory is accessed directly that must be read with a helper", NULL},
	{"modified ctx ptr", "the context is accessed at an offset that is not constant", NULL},
	{"invalid bpf_context access", "a field that this kind of probe does not have", NULL},
	{"!read_ok", "a value is used before it is set", NULL},
	{"Unreleased reference", "something that was reserved is not given back", NULL},
	{"pointer arithmetic", "arithmetic on a pointer that the kernel does not allow", NULL},
	{"math between", "arithmetic on a pointer that the kernel does not allow", NULL},
	{"unreachable insn", "code that is never reached", NULL},
	{"jump out of range", "a jump beyond the program", NULL},
	{"non-GPL compatible", "a helper that only programs under the GPL may call", NULL},
	{"leaks addr", "a kernel pointer would be given away", NULL},
};

/* "12: (79) …": the number, or -1 for any other line. */
static int line_insn(const char *line)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)*line))
		return -1;
	n = strtol(line, &end, 10);
	if (strncmp(end, ": (", 3) || n > 10000000)
		return -1;
	return (int)n;
}

/* "R1=ctx() R10=fp0", " R0_w=inv0": the state of registers, as against "R1 invalid …". */
static bool line_is_state(const char *line)
{
	while (*line == ' ')
		line++;
	if (isdigit((unsigned char)*line)) { /* "3: R1=…" */
		while (isdigit((unsigned char)*line))
			line++;
		if (*line != ':')
			return false;
		line += strspn(line, ": ");
	}
	if (!strncmp(line, "frame", 5))
		return true;
	if (*line++ != 'R' || !isdigit((unsigned char)*line))
		return false;
	while (isdigit((unsigned char)*line))
		line++;
	return *line == '=' || *line == '_';
}

static bool line_is_noise(const char *line)
{
	static const char *const starts[] = {
		";",      "processed ",    "verification time", "stack depth", "from ",
		"mark_",  "regs=",         "last_idx",          "parent ",     "func#",
		"caller", "returning ",    "callee",            "safe",        "max_states",
		"arg#",   "propagating",   "Live regs",         "Validating ",
	};

	if (!*line || line_is_state(line))
		return true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (!strncmp(line, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* The number after the first "insn " in a sentence about an instruction, or -1. */
static int sentence_insn(const char *text)
{
	static const char *const kinds[] = {"infinite loop detected at insn ", "from insn ",
					    "unreachable insn "};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *p = strstr(text, kinds[i]);

		if (p)
			return atoi(p + strlen(kinds[i]));
	}
	return -1;
}

/* A jump's line is not ended before the verifier gives up; "" when nothing follows. */
static const char *sentence_behind(const char *line)
{
	static const char *const starts[] = {"BPF program is too large", "The sequence of "};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const char *p = strstr(line, starts[i]);

		if (p)
			return p;
	}
	return "";
}

struct verdict verifier_parse(const char *log)
{
	struct verdict v = {.insn = -1};
	int said;

	while (*log) {
		size_t n = strcspn(log, "\n");
		char line[sizeof(v.text)];
		int insn;

		snprintf(line, sizeof(line), "%.*s", (int)(n < sizeof(line) ? n : sizeof(line) - 1),
			 log);
		insn = line_insn(line);
		if (insn >= 0) {
			const char *said_here = sentence_behind(line);

			v.insn = insn;
			/* what comes after this instruction counts */
			memmove(v.text, said_here, strlen(said_here) + 1);
		} else if (!line_is_noise(line)) {
			memcpy(v.text, line, sizeof(line));
		}
		log += n + (log[n] == '\n');
	}
	said = sentence_insn(v.text);
	if (said >= 0)
		v.insn = said;
	for (size_t i = 0; v.text[0] && i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (strstr(v.text, reasons[i].needle)) {
			v.reason = reasons[i].reason;
			v.hint = reasons[i].hint;
			if (v.reason == reason_too_large)
				v.insn = -1; /* where it gave up says nothing */
			break;
		}
	}
	return v;
}

/* ---- reporting ------------------------------------------------------------------ */

/* The program that libbpf's messages name, by its symbol. */
static const struct rt_prog *failed_program(const struct rt *rt, const char *log)
{
	const char *at = strstr(log, "BPF program load failed"), *from = at;

	if (!at)
		return NULL;
	while (from > log && from[-1] != '\n')
		from--;
	from = strstr(from, "prog '");
	for (size_t i = 0; from && i < rt->m->programs.n; i++) {
		const char *symbol = rt->m->programs.v[i].symbol;
		size_t n = strlen(symbol);

		if (!strncmp(from + 6, symbol, n) && from[6 + n] == '\'')
			return &rt->progs[i];
	}
	return NULL;
}

static struct loc verdict_loc(const struct rt *rt, const struct rt_prog *p, int insn)
{
	unsigned line = lineinfo_find(rt->b->object.data, rt->b->object.len, p->p.info->symbol,
				      insn);

	if (line < 1 || line > rt->m->lines.n)
		return p->p.info->loc;
	return rt->m->lines.v[line - 1];
}

static void verdict_report(struct rt *rt, const struct rt_prog *p, const struct verdict *v)
{
	struct loc loc = verdict_loc(rt, p, v->insn);
	const char *name = p->p.info->attach.n ? p->p.info->attach.v[0].full : p->p.info->name;
	const char *hint = v->hint ? v->hint
			   : rt->b->opt.verbose ? NULL
						: "-v shows the verifier's whole log";

	if (v->reason)
		rt_diag(rt, DIAG_ERROR, TAG_VERIFIER, loc, hint,
			"the kernel's verifier rejects the program of '%s': %s%s%s%s", name,
			v->reason, v->text[0] ? " (" : "", v->text, v->text[0] ? ")" : "");
	else
		rt_diag(rt, DIAG_ERROR, TAG_VERIFIER, loc, hint,
			"the kernel's verifier rejects the program of '%s'%s%s", name,
			v->text[0] ? ": " : "", v->text);
}

static void verdict_note(struct rt *rt, const struct rt_prog *p, const char *log)
{
	int64_t most = rt->m->options.v[OPT_LOG_SIZE];
	size_t n = strlen(log);

	/* the end of a log is what matters */
	if (most > 0 && n > (size_t)most)
		log += n - (size_t)most;
	rt_diag(rt, DIAG_NOTE, TAG_VERIFIER, LOC_NONE, NULL, "verifier log of '%s':\n%s",
		p->p.info->symbol, log);
}

bool verifier_explain(struct rt *rt, int err)
{
	const struct rt_prog *p = failed_program(rt, (const char *)rt->libbpf_log.data);
	const char *log = rt->verifier_log;
	struct verdict v;

	/* a load that is refused for another reason has no log of instructions to speak of */
	if (err == -EMFILE || err == -ENFILE || err == -ENOMEM)
		return false;
	if (!p || !log || !*log || !strncmp(log, "processed 0 insns", 17))
		return false;
	v = verifier_parse(log);
	if (err == -ENOSPC) {
		/* older kernels keep the start of a log that is too long, and not the end */
		v = (struct verdict){.insn = -1, .reason = reason_too_large,
				     .hint = hint_too_large};
	}
	verdict_report(rt, p, &v);
	if (rt->b->opt.verbose)
		verdict_note(rt, p, log);
	return true;
}
