/*
 * bcct_load: from an opened object to maps and programs in the kernel, or to a
 * diagnostic that says why not. The order matters for the messages: privilege,
 * then features, then what the program asks for.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/rt_internal.h"

static int load_prepare_programs(struct rt *rt)
{
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		struct rt_prog *p = &rt->progs[i];
		const struct provider_rt *pv = program_provider(&p->p);
		int err = 0;

		bpf_program__set_autoload(p->p.prog, !p->p.skip);
		if (pv && !p->p.skip && pv->prepare)
			err = pv->prepare(rt, &p->p, (unsigned)p->points.n);
		if (err) {
			const char *why = pv->reason ? pv->reason(err) : NULL;

			rt_diag(rt, DIAG_ERROR, TAG_LOAD, p->p.info->loc, NULL,
				"cannot prepare '%s': %s", p->p.info->attach.v[0].full,
				why ? why : strerror(-err));
			return err;
		}
	}
	return 0;
}

/* The map that libbpf's messages name, so that the error can point at it. */
static const struct rt_map *failed_map(const struct rt *rt, const char *log)
{
	const char *at = strstr(log, "map '");

	for (size_t i = 0; at && i < rt->m->maps.n; i++) {
		const char *symbol = rt->m->maps.v[i].symbol;
		size_t n = strlen(symbol);

		if (!strncmp(at + 5, symbol, n) && at[5 + n] == '\'')
			return &rt->maps[i];
	}
	return NULL;
}

/* The first thing libbpf said, without its prefix and newline; "" when it said nothing. */
static void first_message(const char *log, char *text, size_t size)
{
	if (!strncmp(log, "libbpf: ", 8))
		log += 8;
	snprintf(text, size, "%.*s", (int)strcspn(log, "\n"), log);
}

static void load_failed(struct rt *rt, int err)
{
	const struct rt_map *m;
	const char *log;
	char text[256];

	if (features_explain(rt, err))
		return;
	buf_u8(&rt->libbpf_log, 0);
	if (verifier_explain(rt, err))
		return;
	if (err == -EPERM || err == -EACCES) {
		privilege_explain(rt, "loading BPF programs");
		return;
	}
	log = (const char *)rt->libbpf_log.data;
	m = failed_map(rt, log);
	first_message(log, text, sizeof(text));
	if (m && (err == -ENOMEM || err == -E2BIG || err == -EINVAL))
		rt_diag(rt, DIAG_ERROR, TAG_LOAD, m->info->loc,
			"set max_map_keys or max_strlen to a smaller number",
			"the kernel refuses to create the map '%s': %s", m->info->name,
			strerror(-err));
	else
		rt_diag(rt, DIAG_ERROR, TAG_LOAD, LOC_NONE, text[0] ? text : NULL,
			"the kernel refuses to load the program: %s", strerror(-err));
}

static void load_note_log(struct rt *rt)
{
	if ((rt->b->opt.verbose < 2 && !rt->b->opt.libbpf_log) || !rt->libbpf_log.len)
		return;
	rt_diag(rt, DIAG_NOTE, TAG_LOAD, LOC_NONE, NULL, "libbpf: %.*s", (int)rt->libbpf_log.len,
		(const char *)rt->libbpf_log.data);
}

/* Room for each program's log; the kernel fills it also when it accepts the program. */
static char **verifier_logs(struct rt *rt, size_t size)
{
	char **logs = arena_alloc(rt->arena, rt->m->programs.n * sizeof(*logs));

	for (size_t i = 0; i < rt->m->programs.n; i++) {
		logs[i] = calloc(1, size);
		if (!logs[i])
			continue;
		bpf_program__set_log_buf(rt->progs[i].p.prog, logs[i], size);
		bpf_program__set_log_level(rt->progs[i].p.prog, 1);
	}
	return logs;
}

static void verifier_logs_show(struct rt *rt, char **logs)
{
	for (size_t i = 0; i < rt->m->programs.n; i++) {
		if (logs[i] && *logs[i])
			rt_diag(rt, DIAG_NOTE, TAG_VERIFIER, LOC_NONE, NULL,
				"verifier log of '%s':\n%s", rt->progs[i].p.info->symbol,
				logs[i]);
		free(logs[i]);
	}
}

static int load_kernel(struct rt *rt)
{
	char **logs = NULL;
	struct buf *before;
	int err;

	buf_free(&rt->libbpf_log);
	before = object_log_to(&rt->libbpf_log);
	object_log_debug(rt->b->opt.libbpf_log);
	if (rt->b->opt.verifier_log)
		logs = verifier_logs(rt, (size_t)rt->m->options.v[OPT_LOG_SIZE]);
	/* libbpf raises RLIMIT_MEMLOCK by itself where the kernel still accounts by it */
	err = bpf_object__load(rt->obj);
	object_log_debug(false);
	object_log_to(before);
	if (logs)
		verifier_logs_show(rt, logs);
	if (err)
		load_failed(rt, err);
	else
		load_note_log(rt);
	buf_free(&rt->libbpf_log);
	object_drop_log(rt);
	return err;
}

/* Functions of BPF C that take no context are checked, and there may be nothing else. */
static int load_something(struct rt *rt)
{
	if (rt->m->programs.n)
		return 0;
	rt_diag(rt, DIAG_ERROR, TAG_LOAD, LOC_NONE,
		"a function that attaches is called kprobe__NAME or is made by TRACEPOINT_PROBE "
		"and the like; others take a context: struct pt_regs *, void *, …",
		"nothing to run: no function of the program takes the context of a probe");
	return -EINVAL;
}

static int load_steps(struct rt *rt)
{
	int err = load_something(rt);

	if (!err)
		err = features_exclude(rt);
	if (!err)
		err = privilege_check(rt);
	if (!err)
		err = features_check_cheap(rt);
	if (!err)
		err = object_open_bpf(rt);
	if (!err)
		err = child_start(rt);
	if (!err)
		err = expand_programs(rt);
	if (!err)
		err = load_prepare_programs(rt);
	if (!err)
		err = maps_prepare(rt);
	if (!err)
		err = load_kernel(rt);
	if (!err)
		err = maps_ready(rt);
	if (!err)
		err = loop_open_ring(rt);
	return err;
}

int bcct_load(struct bcct *b)
{
	int err;

	if (!b->rt->m || b->rt->loaded) {
		handle_diag(b, DIAG_ERROR, TAG_USAGE, LOC_NONE, NULL,
			    b->rt->m ? "the program is loaded already"
				     : "there is no program to load");
		return -EINVAL;
	}
	b->rt->loaded = true; /* also after a failure: a handle is loaded once */
	err = load_steps(b->rt);
	b->rt->ready = !err;
	return err;
}
