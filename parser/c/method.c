/*
 * Methods of maps in BPF C: which map has which, and their arguments. Called by
 * call.c for NAME.method(…).
 */
#include <string.h>

#include "parser/c/check.h"

#define ON(kind) (1u << (kind))
#define ON_TABLES                                                                                  \
	(ON(C_HASH) | ON(C_ARRAY) | ON(C_PERCPU_HASH) | ON(C_PERCPU_ARRAY) | ON(C_LRU_HASH) |      \
	 ON(C_LRU_PERCPU_HASH) | ON(C_LPM_TRIE) | ON(C_EXTERN) | ON(C_CLAUSE))
#define ON_MAPS	  (ON(C_ARRAY_OF_MAPS) | ON(C_HASH_OF_MAPS))
#define ON_QUEUES (ON(C_QUEUE) | ON(C_STACK))

/*
 * Arguments: k pointer to a key, l pointer to a leaf, K a key, V a leaf, p a
 * pointer, w a pointer that is written to, c the context, i an integer, n a
 * constant; behind '|' they may be left out. Result: L leaf pointer, P pointer,
 * i int, u unsigned long, v nothing.
 */
static const struct {
	const char *args;
	char result;
	unsigned on;
} methods[C_METHOD_COUNT] = {
	[C_M_LOOKUP] = {"k", 'L',
			ON_TABLES | ON_MAPS | ON(C_SOCKMAP) | ON(C_SOCKHASH) | ON(C_STACK_TRACE) |
				ON(C_XSKMAP) | ON(C_DEVMAP)},
	[C_M_LOOKUP_OR_INIT] = {"kl", 'L', ON_TABLES},
	[C_M_LOOKUP_OR_TRY_INIT] = {"kl", 'L', ON_TABLES},
	[C_M_UPDATE] = {"kl", 'i', ON_TABLES | ON_MAPS | ON(C_SOCKMAP) | ON(C_SOCKHASH)},
	[C_M_INSERT] = {"kl", 'i', ON_TABLES},
	[C_M_DELETE] = {"k", 'i',
			ON_TABLES | ON_MAPS | ON(C_SOCKMAP) | ON(C_SOCKHASH) | ON(C_STACK_TRACE)},
	[C_M_INCREMENT] = {"K|V", 'v', ON_TABLES},
	[C_M_ATOMIC_INCREMENT] = {"K|V", 'v', ON_TABLES},
	[C_M_CALL] = {"ci", 'v', ON(C_PROG_ARRAY)},
	[C_M_GET_STACKID] = {"ci", 'i', ON(C_STACK_TRACE)},
	[C_M_PERF_SUBMIT] = {"cpi", 'i', ON(C_PERF_EVENT_ARRAY)},
	[C_M_PERF_SUBMIT_SKB] = {"cipi", 'i', ON(C_PERF_EVENT_ARRAY)},
	[C_M_PERF_READ] = {"i", 'u', ON(C_PERF_EVENT_ARRAY)},
	[C_M_PERF_COUNTER_VALUE] = {"iwi", 'i', ON(C_PERF_EVENT_ARRAY)},
	[C_M_RINGBUF_OUTPUT] = {"pii", 'i', ON(C_RINGBUF)},
	[C_M_RINGBUF_RESERVE] = {"n", 'P', ON(C_RINGBUF)},
	[C_M_RINGBUF_SUBMIT] = {"pi", 'v', ON(C_RINGBUF)},
	[C_M_RINGBUF_DISCARD] = {"pi", 'v', ON(C_RINGBUF)},
	[C_M_RINGBUF_QUERY] = {"i", 'u', ON(C_RINGBUF)},
	[C_M_CHECK_CURRENT_TASK] = {"i", 'i', ON(C_CGROUP_ARRAY)},
	[C_M_PUSH] = {"l|i", 'i', ON_QUEUES},
	[C_M_POP] = {"w", 'i', ON_QUEUES},
	[C_M_PEEK] = {"w", 'i', ON_QUEUES},
	[C_M_REDIRECT_MAP] = {"ii", 'i', ON(C_DEVMAP) | ON(C_CPUMAP) | ON(C_XSKMAP)},
	[C_M_SOCK_MAP_UPDATE] = {"cki", 'i', ON(C_SOCKMAP)},
	[C_M_SOCK_HASH_UPDATE] = {"cki", 'i', ON(C_SOCKHASH)},
	[C_M_MSG_REDIRECT_MAP] = {"cii", 'i', ON(C_SOCKMAP)},
	[C_M_MSG_REDIRECT_HASH] = {"cki", 'i', ON(C_SOCKHASH)},
	[C_M_SK_REDIRECT_MAP] = {"cii", 'i', ON(C_SOCKMAP)},
	[C_M_SK_REDIRECT_HASH] = {"cki", 'i', ON(C_SOCKHASH)},
	[C_M_GET_LOCAL_STORAGE] = {"i", 'L', ON(C_CGROUP_STORAGE) | ON(C_PERCPU_CGROUP_STORAGE)},
	[C_M_SK_STORAGE_GET] = {"ppi", 'L', ON(C_SK_STORAGE)},
	[C_M_SK_STORAGE_DELETE] = {"p", 'i', ON(C_SK_STORAGE)},
	[C_M_INODE_STORAGE_GET] = {"ppi", 'L', ON(C_INODE_STORAGE)},
	[C_M_INODE_STORAGE_DELETE] = {"p", 'i', ON(C_INODE_STORAGE)},
	[C_M_TASK_STORAGE_GET] = {"ppi", 'L', ON(C_TASK_STORAGE)},
	[C_M_TASK_STORAGE_DELETE] = {"p", 'i', ON(C_TASK_STORAGE)},
};

static int find(const char *name)
{
	int i;

	for (i = 0; i < C_METHOD_COUNT; i++)
		if (strcmp(c_method_name((enum c_method)i), name) == 0)
			return i;
	return -1;
}

static void unknown_method(struct cc *k, const struct node *callee, const struct c_map *m)
{
	struct nearest n = nearest_init(callee->field.name);
	struct node at = *callee;
	int i;

	for (i = 0; i < C_METHOD_COUNT; i++)
		if (methods[i].on & ON(m->kind))
			nearest_try(&n, c_method_name((enum c_method)i));
	at.loc = callee->field.name_loc;
	cc_error(k, &at, UNKNOWN_FUNCTION, "map '%s' has no method '%s'", m->name,
		 callee->field.name);
	if (n.best)
		cc_hint(k, "did you mean '%s'?", n.best);
}

/* A pointer to a key or leaf: what it points to must be large enough. */
static void pointer_arg(struct cc *k, struct node **arg, const struct type *to, const char *what)
{
	const struct type *t;

	k->reading++;
	cc_value(k, arg);
	k->reading--;
	t = (*arg)->type;
	if (cc_bad(k, t))
		return;
	if (!to) {
		cc_error(k, *arg, MAP_TYPE, "the map has no %s", what);
		return;
	}
	if (t->kind != TY_PTR) {
		if (!cc_is_null(*arg) || t->kind != TY_INT) {
			cc_error(k, *arg, TYPE, "the %s is given by its address, not as %s", what,
				 cc_type(k, t));
			if (cc_is_lvalue(*arg))
				cc_hint(k, "put '&' in front of it");
		}
		return;
	}
	if (t->elem->kind != TY_NONE && t->elem->size < to->size && !cc_is_array(to))
		cc_warn(k, *arg, MAP_TYPE, "the %s is %s of %u bytes, the map's is %s of %u", what,
			cc_type(k, t->elem), t->elem->size, cc_type(k, to), to->size);
	cc_cast(k, arg, cc_ptr(k, to, t->space));
}

static void value_arg(struct cc *k, struct node **arg, const struct type *to, const char *what)
{
	cc_value(k, arg);
	if (cc_bad(k, (*arg)->type))
		return;
	if (!to)
		cc_error(k, *arg, MAP_TYPE, "the map has no %s", what);
	else
		cc_convert(k, arg, to, what);
}

static void plain_arg(struct cc *k, struct node **arg, char what)
{
	const struct type *t;

	k->reading += what == 'p';
	cc_value(k, arg);
	k->reading -= what == 'p';
	t = (*arg)->type;
	if (cc_bad(k, t))
		return;
	if (what == 'p' || what == 'w' || what == 'c') {
		if (t->kind != TY_PTR)
			cc_convert(k, arg, cc_ptr(k, k->none, SP_VALUE), "an argument");
	} else {
		cc_convert(k, arg, k->u64, "an argument");
		if (what == 'n' && (*arg)->kind != N_NUM)
			cc_error(k, *arg, NOT_CONSTANT, "a size that is reserved is a constant");
	}
}

static void one_arg(struct cc *k, struct c_map *m, char what, struct node **arg)
{
	if (m->kind == C_CLAUSE && (!m->key || !m->leaf) && strchr("klKV", what)) {
		cc_value(k, arg);
		return;
	}
	switch (what) {
	case 'k': pointer_arg(k, arg, m->key, "key"); break;
	case 'l': pointer_arg(k, arg, m->leaf, "value"); break;
	case 'K': value_arg(k, arg, m->key, "key"); break;
	case 'V': value_arg(k, arg, m->leaf, "value"); break;
	default: plain_arg(k, arg, what); break;
	}
}

/* Remembers what an event's records look like. */
static void note_event(struct cc *k, struct node *n, struct c_map *m)
{
	unsigned at = 0, i;
	const struct node *arg = n->ccall.args;

	if (n->ccall.id != C_M_PERF_SUBMIT && n->ccall.id != C_M_PERF_SUBMIT_SKB &&
	    n->ccall.id != C_M_RINGBUF_OUTPUT &&
	    n->ccall.id != C_M_RINGBUF_SUBMIT)
		return;
	if (n->ccall.id == C_M_PERF_SUBMIT || n->ccall.id == C_M_PERF_SUBMIT_SKB)
		at = n->ccall.id == C_M_PERF_SUBMIT ? 1 : 2;
	for (i = 0; i < at && arg; i++)
		arg = arg->next;
	while (arg && arg->kind == N_CAST && arg->cast.operand->type &&
	       arg->cast.operand->type->kind == TY_PTR)
		arg = arg->cast.operand;
	if (!m->event && arg && arg->type && arg->type->kind == TY_PTR &&
	    arg->type->elem->kind != TY_NONE)
		m->event = arg->type->elem;
	(void)k;
}

static const struct type *result(struct cc *k, const struct c_map *m, char what)
{
	switch (what) {
	case 'L':
		if (ON(m->kind) & ON_MAPS)
			return cc_ptr(k, k->none, SP_MAP);
		return cc_ptr(k, m->leaf ? m->leaf : k->none,
			      m->kind == C_SOCKMAP || m->kind == C_SOCKHASH ? SP_TRUSTED : SP_MAP);
	case 'P': return cc_ptr(k, k->none, SP_MAP);
	case 'i': return k->i32;
	case 'u': return k->u64;
	default: return k->none;
	}
}

static const struct type *use_type(const struct node *arg)
{
	const struct type *t = arg ? arg->type : NULL;

	while (arg && arg->kind == N_CAST && arg->cast.operand->type) {
		arg = arg->cast.operand; /* &key of any type, given as void * */
		if (arg->type->kind == TY_PTR && t->kind == TY_PTR && t->elem->kind == TY_NONE)
			t = arg->type;
	}
	return t;
}

/* The map is a clause's: what it holds is decided by all that use it. */
static void note_use(struct cc *k, const struct node *n, struct c_map *m)
{
	const struct node *first = n->ccall.args, *second = first ? first->next : NULL;
	struct c_use *u, **tail = &m->uses;

	for (; *tail; tail = &(*tail)->next)
		if ((*tail)->loc.offset == n->loc.offset && (*tail)->loc.file == n->loc.file)
			break;
	u = *tail ? *tail : arena_new_of(k->arena, struct c_use);
	*tail = u;
	u->loc = n->loc;
	u->method = n->ccall.id;
	u->nargs = n->ccall.nargs;
	u->key = use_type(first);
	u->value = use_type(second);
}

static void check_args(struct cc *k, struct node *n, struct c_map *m, const char *args)
{
	struct node **arg = &n->ccall.args;
	unsigned least = 0, most = 0;
	const char *bar = strchr(args, '|'), *what;

	most = (unsigned)strlen(args) - (bar != NULL);
	least = bar ? (unsigned)(bar - args) : most;
	least -= m->kind == C_CLAUSE && least; /* it may have no key */
	if (!cc_count(k, n, least, most, c_method_name((enum c_method)n->ccall.id)))
		return;
	for (what = args; *what && *arg; what++) {
		if (*what == '|')
			continue;
		one_arg(k, m, *what, arg);
		arg = &(*arg)->next;
	}
}

/* A map that the rest of the program declares. */
static struct c_sym *outer_map(struct cc *k, const char *name)
{
	struct c_map *m = k->unit->find_map ? k->unit->find_map(k->unit->user, name) : NULL;
	struct c_sym *sym;

	if (!m)
		return NULL;
	sym = arena_new_of(k->arena, struct c_sym);
	sym->kind = SYM_MAP;
	sym->map = m;
	strmap_put(&k->file_scope->names, m->name, sym);
	return sym;
}

bool cc_method(struct cc *k, struct node *n)
{
	struct node *callee = n->ccall.callee;
	struct c_sym *sym;
	int id;

	if (callee->kind != N_FIELD || callee->field.object->kind != N_IDENT)
		return false;
	sym = cc_find(k, callee->field.object->ident.name);
	if (!sym)
		sym = outer_map(k, callee->field.object->ident.name);
	if (!sym || sym->kind != SYM_MAP)
		return false;
	n->type = k->poison;
	id = find(callee->field.name);
	if (id < 0 || !(methods[id].on & ON(sym->map->kind))) {
		unknown_method(k, callee, sym->map);
		return true;
	}
	n->ccall.how = C_CALL_METHOD;
	n->ccall.map = sym->map;
	n->ccall.id = (unsigned)id;
	n->ccall.callee = NULL;
	check_args(k, n, sym->map, methods[id].args);
	n->type = result(k, sym->map, methods[id].result);
	note_event(k, n, sym->map);
	if (sym->map->kind == C_CLAUSE)
		note_use(k, n, sym->map);
	return true;
}
