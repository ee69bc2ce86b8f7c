/*
 * Variables of probes: arguments, results and function names; their types from
 * BTF, the kernel's formats or the table, and their place in the context.
 * Called through struct provider_var by the check and by the code generator.
 */
#include <string.h>

#include "base/strmap.h"
#include "base/arch.h"
#include "lib/probe_compile.h"
#include "types/syscalls.h"

#define ARG_NUMBER 0xffu
#define ARG_SYSCALL 0x100u /* in the registers of the system call, behind the wrapper's argument */

static bool is_syscall(const struct attach_info *at)
{
	return at->module && strcmp(at->module, PROBE_SYSCALL) == 0;
}

ir_val probe_fit(struct lower *l, ir_val v, const struct type *t)
{
	if (t && type_is_integer(t) && t->size < 8)
		return ir_ext(l->ir, v, t->size, t->is_signed);
	return v;
}

const struct type *probe_args_bare(struct check *k, struct node *use)
{
	check_error(k, use, TYPE, "'args' has a field for each argument and no value of its own");
	check_hint(k, "write args.NAME");
	return NULL;
}

const struct type *probe_args_whole(struct check *k, const struct node *clause, struct node *use,
				    const struct type *(*one)(struct check *, const struct node *,
							      struct node *, const char *,
							      uint32_t *))
{
	uint32_t arg;

	one(k, clause, use, "", &arg);
	return use->kind == N_RECORD ? use->type : NULL;
}

/* use becomes (a=args.a, b=args.b). */
static void become_record(struct check *k, struct node *use, const char *const *names, uint32_t n)
{
	struct node *items = NULL, **end = &items, *item;

	for (uint32_t i = 0; i < n; i++) {
		item = *end = node_new(k->arena, N_ITEM, use->loc);
		end = &item->next;
		item->item.name = names[i];
		item->item.value = node_new(k->arena, N_FIELD, use->loc);
		item->item.value->field.name = names[i];
		item->item.value->field.name_loc = use->loc;
		item->item.value->field.object = node_new(k->arena, N_IDENT, use->loc);
		item->item.value->field.object->ident.name = "args";
	}
	use->kind = N_RECORD;
	use->record.items = items;
	use->record.n = n;
	check_expr(k, use);
}

void probe_no_argument(struct check *k, struct node *use, const char *of, const char *field,
		       const char *const *names, uint32_t n)
{
	struct nearest near = nearest_init(field);
	const char *list = "";
	uint32_t i;

	if (!*field && n) {
		become_record(k, use, names, n);
		return;
	}
	if (!*field) {
		check_error(k, use, UNKNOWN_FIELD, "'%s' has no arguments", of);
		return;
	}
	for (i = 0; i < n; i++) {
		nearest_try(&near, names[i]);
		list = arena_printf(k->arena, "%s%s%s", list, i ? ", " : "", names[i]);
	}
	check_error(k, use, UNKNOWN_FIELD, "'%s' has no argument '%s'", of, field);
	if (near.best)
		check_hint(k, "did you mean '%s'?", near.best);
	else if (n)
		check_hint(k, "it has %s", list);
	else
		check_hint(k, "it has no arguments");
}

/* ---- system calls ------------------------------------------------------- */

const struct type *probe_syscall_argn(struct check *k, const char *name, uint32_t n,
				      struct node *use)
{
	const struct type *u64 = type_int(k->types, 8, false), *t;
	struct tp_format f;

	if (probe_has_wildcard(name) || !syscall_args(k->arena, name, &f))
		return u64;
	if (n >= f.nfields) {
		check_error(k, use, RANGE, "system call '%s' has %u argument%s", name, f.nfields,
			    f.nfields == 1 ? "" : "s");
		return NULL;
	}
	if (!strchr(f.fields[n].decl, '*'))
		return u64;
	/* a pointer must be known as the user's, or str() would look for it in the kernel */
	t = tracefs_type(k->types, &f.fields[n]);
	return t->kind == TY_PTR ? t : u64;
}

const struct type *probe_syscall_named(struct check *k, const char *name, struct node *use,
				       const char *field, uint32_t *n)
{
	const struct tp_field *found;
	const char *names[ARCH_SYSCALL_ARGS];
	struct tp_format f;
	uint32_t i;

	if (!syscall_args(k->arena, name, &f)) {
		check_error(k, use, UNKNOWN_FIELD,
			    "the arguments of system call '%s' are not known", name);
		if (syscall_near(name))
			check_hint(k, "did you mean system call '%s'? arg0, arg1 … need no names",
				   syscall_near(name));
		else
			check_hint(k, "use arg0, arg1 …, which need no names");
		return NULL;
	}
	found = tracefs_field(&f, field);
	if (found) {
		*n = (uint32_t)(found - f.fields);
		return tracefs_type(k->types, found);
	}
	for (i = 0; i < f.nfields && i < ARCH_SYSCALL_ARGS; i++)
		names[i] = f.fields[i].name;
	probe_no_argument(k, use, name, field, names, i);
	return NULL;
}

/* In files: a line, an address, a name of C++ or Rust as in the source or mangled. */
static bool user_name(const struct provider *p, const char *target)
{
	return p->user_memory && (!*target || *target == '@' || !strncmp(target, "_Z", 2) ||
				  (p->several && p->several(target)));
}

const struct type *probe_syscall_func_check(struct check *k, const struct node *clause,
					    struct node *use, const char *field, uint32_t *arg)
{
	const struct node *s = probe_next_spec(clause, NULL);
	uint32_t size = 1, n;

	(void)use;
	(void)field;
	*arg = s && probe_next_spec(clause, s);
	for (; s; s = probe_next_spec(clause, s)) {
		n = (uint32_t)strlen(s->spec.attach.target) + 1;
		/* of a pattern, or a line of source, only the runtime knows the function */
		if (probe_has_wildcard(s->spec.attach.target) || n > POINT_NAME ||
		    user_name(s->spec.provider, s->spec.attach.target)) {
			*arg = 1;
			n = POINT_NAME;
		}
		size = n > size ? n : size;
	}
	return type_string(k->types, size);
}

ir_val probe_syscall_func_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	const char *name = probe_next_spec(l->clause, NULL)->spec.attach.target;
	uint32_t size = (uint32_t)strlen(name) + 1;
	ir_val p;

	(void)use;
	if (arg) /* one of several: the runtime knows which */
		return lower_point(l, MAPR_NAMES);
	p = lower_temp(l, size, false);
	ir_store_bytes(l->ir, p, name, size, size);
	return p;
}

/* ---- functions ---------------------------------------------------------- */

/* Are the probes of a clause system calls, or functions? Both at once cannot share a program. */
static bool same_arguments(struct check *k, const struct node *clause, struct node *use)
{
	const struct node *first = probe_next_spec(clause, NULL), *s;

	for (s = first; s; s = probe_next_spec(clause, s)) {
		if (is_syscall(&s->spec.attach) == is_syscall(&first->spec.attach))
			continue;
		check_error(k, use, NOT_AVAILABLE,
			    "arguments are found differently for '%s' and '%s'",
			    first->spec.attach.full, s->spec.attach.full);
		check_hint(k, "write a clause for each");
		return false;
	}
	return first != NULL;
}

const struct type *probe_argn_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg)
{
	const struct node *s = probe_next_spec(clause, NULL);
	uint32_t n = *arg & ARG_NUMBER;
	bool syscall;

	(void)field;
	if (!same_arguments(k, clause, use))
		return NULL;
	syscall = is_syscall(&s->spec.attach);
	if (*arg > (syscall ? ARCH_SYSCALL_ARGS - 1 : ARCH_MAX_ARG)) {
		check_error(k, use, RANGE, "there is no arg%u, the last is arg%d", *arg,
			    syscall ? ARCH_SYSCALL_ARGS - 1 : ARCH_MAX_ARG);
		return NULL;
	}
	*arg = n | (syscall ? ARG_SYSCALL : 0);
	if (syscall && !probe_next_spec(clause, s))
		return probe_syscall_argn(k, s->spec.attach.target + 4, n, use);
	return type_int(k->types, 8, false);
}

/* The number of parameter i: structs by value up to 16 bytes take one or two. False: not found. */
static bool param_register(const struct func_proto *p, uint32_t i, uint32_t *reg)
{
	static const int regs[] = ARCH_ARG_REGS;
	bool by_value = false;
	uint32_t j;

	*reg = 0;
	for (j = 0; j <= i; j++) {
		const struct type *t = p->params[j].type;
		bool compound = t->kind == TY_STRUCT || t->kind == TY_UNION || t->kind == TY_ARRAY;

		if (compound && (j == i || t->size > 16))
			return false;
		by_value |= compound;
		if (j < i)
			*reg += compound ? (t->size + 7) / 8 : 1;
	}
	/* where registers and structs run out together is beyond what is worth knowing */
	return *reg <= ARCH_MAX_ARG && (!by_value || *reg < sizeof(regs) / sizeof(*regs));
}

static void unknown_function(struct check *k, struct node *use, const char *name)
{
	const char *near;

	if (!types_have_btf(k->types)) {
		check_error(k, use, NO_BTF,
			    "argument names come from the kernel's BTF, which cannot be read");
		check_hint(k, "arg0, arg1 … work without it");
		return;
	}
	near = type_near_function(k->types, name);
	check_error(k, use, UNKNOWN_FIELD, "BTF does not know the arguments of '%s'", name);
	if (near)
		check_hint(k, "did you mean '%s'? arg0, arg1 … need no names", near);
	else
		check_hint(k, "use arg0, arg1 …, which need no names");
}

static const struct type *function_arg(struct check *k, const char *name, struct node *use,
				       const char *field, uint32_t *arg)
{
	const char *names[32];
	struct func_proto proto;
	uint32_t i, n;

	if (!types_function(k->types, name, &proto)) {
		unknown_function(k, use, name);
		return NULL;
	}
	n = proto.nparams < 32 ? proto.nparams : 32;
	for (i = 0; i < n; i++) {
		names[i] = proto.params[i].name;
		if (strcmp(names[i], field) != 0)
			continue;
		if (param_register(&proto, i, arg))
			return proto.params[i].type;
		check_error(k, use, NOT_YET, "argument '%s' of '%s' is passed by value", field,
			    name);
		return NULL;
	}
	probe_no_argument(k, use, name, field, names, n);
	return NULL;
}

void probe_arg_differs(struct check *k, struct node *use, const char *field)
{
	check_error(k, use, TYPE, "argument '%s' differs between the probes", field);
	check_hint(k, "write a clause for each");
}

const struct type *probe_args_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg)
{
	const struct type *type = NULL, *t;
	const struct node *s;
	uint32_t n = 0;

	if (!field)
		return probe_args_whole(k, clause, use, probe_args_check);
	if (!same_arguments(k, clause, use))
		return NULL;
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s)) {
		const struct attach_info *at = &s->spec.attach;
		uint32_t this = 0;

		if (is_syscall(at))
			t = probe_syscall_named(k, at->target + 4, use, field, &this);
		else
			t = function_arg(k, at->target, use, field, &this);
		if (!t)
			return NULL;
		if (type && (t != type || this != n)) {
			probe_arg_differs(k, use, field);
			return NULL;
		}
		type = t;
		n = this;
	}
	s = probe_next_spec(clause, NULL);
	*arg = n | (is_syscall(&s->spec.attach) ? ARG_SYSCALL : 0);
	return type;
}

/* read_kernel(&v, 8, address) */
static ir_val read_word(struct lower *l, ir_val address, struct loc loc)
{
	ir_val p = lower_temp(l, 8, false);

	lower_read(l, l->clause->clause.provider->user_memory ? SP_USER : SP_KERNEL, address, p,
		   8, loc);
	return ir_load(l->ir, p, 8, false);
}

ir_val probe_arg_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	static const int regs[] = ARCH_ARG_REGS, syscall_regs[] = ARCH_SYSCALL_REGS;
	const uint32_t nregs = sizeof(regs) / sizeof(*regs);
	uint32_t n = arg & ARG_NUMBER;
	ir_val v;

	if (arg & ARG_SYSCALL) {
		/* the wrapper has one argument: struct pt_regs * of the call */
		v = ir_load_ctx(l->ir, (uint64_t)regs[0], 8, false);
		v = ir_bin(l->ir, IR_ADD, v, ir_const(l->ir, (uint64_t)syscall_regs[n]));
		v = read_word(l, v, use->loc);
	} else if (n < nregs) {
		v = ir_load_ctx(l->ir, (uint64_t)regs[n], 8, false);
	} else {
		v = ir_load_ctx(l->ir, ARCH_REG_SP, 8, false);
		v = ir_bin(l->ir, IR_ADD, v, ir_const(l->ir, ARCH_STACK_ARG + 8 * (n - nregs)));
		v = read_word(l, v, use->loc);
	}
	return probe_fit(l, v, use->type);
}

/* ---- result and name ---------------------------------------------------- */

/* What a function returns; int64 when BTF does not say, so that < 0 means an error. */
static const struct type *return_type(struct check *k, const struct attach_info *at)
{
	const struct type *i64 = type_int(k->types, 8, true);
	struct func_proto proto;

	if (is_syscall(at) || probe_has_wildcard(at->target) ||
	    !types_function(k->types, at->target, &proto))
		return i64;
	if (proto.ret->kind != TY_PTR && !type_is_integer(proto.ret))
		return i64;
	return proto.ret;
}

const struct type *probe_retval_check(struct check *k, const struct node *clause,
				      struct node *use, const char *field, uint32_t *arg)
{
	const struct type *type = NULL, *t;
	const struct node *s;

	(void)use;
	(void)field;
	*arg = 0;
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s)) {
		t = return_type(k, &s->spec.attach);
		if (type && t != type)
			return type_int(k->types, 8, true);
		type = t;
	}
	return type ? type : type_int(k->types, 8, true);
}

ir_val probe_retval_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	(void)arg;
	return probe_fit(l, ir_load_ctx(l->ir, ARCH_REG_RET, 8, false), use->type);
}

const struct type *probe_func_check(struct check *k, const struct node *clause, struct node *use,
				    const char *field, uint32_t *arg)
{
	const struct node *s;

	(void)use;
	(void)field;
	*arg = 0;
	/* inside a function the kernel does not say where it starts: the address itself will do */
	for (s = probe_next_spec(clause, NULL); s; s = probe_next_spec(clause, s))
		if (s->spec.attach.offset)
			*arg = 1;
	return type_simple(k->types, TY_KSYM);
}

ir_val probe_func_lower(struct lower *l, const struct node *use, uint32_t arg)
{
	(void)use;
	l->m->need_ksyms = true;
	if (arg)
		return ir_load_ctx(l->ir, ARCH_REG_IP, 8, false);
	l->m->needs |= NEEDS(FUNC_IP);
	return IR_CALL(l->ir, BPF_FUNC_get_func_ip, ir_ctx(l->ir));
}
