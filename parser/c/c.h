/*
 * BPF C: from text to a typed AST. The compiler calls c_parse() and c_check();
 * the code generator reads what the check leaves. What that is stands at the
 * end of this file.
 */
#ifndef PARSER_C_C_H
#define PARSER_C_C_H

#include "base/strmap.h"
#include "parser/compile.h"

/* ---- entry points ------------------------------------------------------- */

/* A part of the text that is not C (a clause): read as blanks. */
struct c_range {
	uint32_t offset, length;
};

struct c_options {
	const char *const *defines; /* "NAME=VALUE" or "NAME" */
	unsigned ndefines;
	const char *const *dirs; /* of -I */
	unsigned ndirs;
	const char *const *headers; /* included before the text: --include */
	unsigned nheaders;
	const struct c_range *skip;
	unsigned nskip;
};

/*
 * Preprocesses and parses one registered source into an N_CUNIT node; opt may be
 * NULL. Errors go to c->diags; never NULL.
 */
struct node *c_parse(struct compile *c, int file, const struct c_options *opt);
/* Resolves names and types. 0, or -EINVAL with diagnostics. */
int c_check(struct compile *c, struct node *unit);
/*
 * A function of the unit that something else than the unit calls (a clause): its
 * instance for arguments of these types, pointers with their spaces, checked like
 * any inlined function. program and unknown are the caller's, see struct c_func. What
 * is wrong in the function is told again by the next call, unless final is set.
 * NULL with a diagnostic at loc; NULL without one when there is no such function.
 */
struct c_caller {
	struct loc loc;
	unsigned program; /* enum c_program */
	enum space unknown;
	bool final;
};
struct c_func *c_function(struct compile *c, struct c_unit *u, const char *name,
			  const struct type *const *args, unsigned nargs,
			  const struct c_caller *by);
/* What a name of the unit's file scope means, or NULL. */
const struct c_func *c_function_named(const struct c_unit *u, const char *name);
struct c_map *c_map_named(const struct c_unit *u, const char *name);
/* Finds out which histograms count logarithms. */
void c_slots(struct c_unit *u);
/* The same C type, but for the spaces of pointers. */
bool c_same_type(const struct type *a, const struct type *b);
/* A note per macro that node came through, behind a diagnostic about it. */
void c_notes(struct compile *c, const struct c_unit *u, const struct node *node);

/* ---- what the nodes refer to -------------------------------------------- */

enum c_storage {
	C_LOCAL,
	C_PARAM,  /* of a function; param is its position */
	C_GLOBAL, /* at file scope, or static in a function */
};

struct c_var {
	const char *name; /* of compound literals: NULL */
	const struct type *type;
	enum c_storage storage;
	struct loc loc;
	unsigned index;      /* dense, per function; of C_GLOBAL: per unit */
	unsigned param;
	bool is_const;       /* C_GLOBAL: never written */
	bool log2;           /* a logarithm was put there, see slots.c */
	bool address_taken;  /* or an array, struct or union: needs memory */
	struct node *init;   /* C_GLOBAL: the checked initialiser, or NULL (zeroes) */
	void *data;          /* the code generator's */
	struct c_var *next;  /* of the function or unit */
	/* the check's own */
	enum space space, carries;
	bool space_known, carries_known, used;
	unsigned order;
};

struct c_label {
	const char *name;
	struct loc loc;
	bool defined, used;
	void *data; /* the code generator's */
	struct c_label *next;
};

enum c_map_kind {
	C_HASH, C_ARRAY, C_PROG_ARRAY, C_PERF_EVENT_ARRAY, C_PERCPU_HASH, C_PERCPU_ARRAY,
	C_STACK_TRACE, C_CGROUP_ARRAY, C_LRU_HASH, C_LRU_PERCPU_HASH, C_LPM_TRIE, C_ARRAY_OF_MAPS,
	C_HASH_OF_MAPS, C_DEVMAP, C_SOCKMAP, C_CPUMAP, C_XSKMAP, C_SOCKHASH, C_CGROUP_STORAGE,
	C_PERCPU_CGROUP_STORAGE, C_QUEUE, C_STACK, C_SK_STORAGE, C_RINGBUF, C_INODE_STORAGE,
	C_TASK_STORAGE,
	C_EXTERN, /* of another program: BPF_TABLE("extern", …) */
	C_CLAUSE, /* of the probe language: @name */
};

/* What a unit does with a map of a clause, whose types are found out of all its uses. */
struct c_use {
	struct loc loc;
	unsigned method, nargs;          /* enum c_method */
	const struct type *key, *value;  /* of the first two arguments; NULL: not there */
	struct c_use *next;
};

enum c_sharing { C_PRIVATE, C_PUBLIC, C_SHARED };

struct c_map {
	const char *name;
	enum c_map_kind kind;
	unsigned bpf_type;             /* enum bpf_map_type; 0 for EXTERN and CLAUSE */
	const struct type *key, *leaf; /* NULL: none (ring buffer, key of a queue) */
	const char *key_spelling, *leaf_spelling;
	uint64_t entries;              /* PERF_EVENT_ARRAY: 0, a CPU each; RINGBUF: bytes */
	unsigned flags;                /* BPF_F_… */
	bool histogram;                /* BPF_HISTOGRAM */
	bool log2;                     /* … of logarithms */
	bool perf_output, buildid;     /* BPF_PERF_OUTPUT; BPF_STACK_TRACE_BUILDID */
	enum c_sharing sharing;
	const char *pin;               /* path, or NULL */
	const char *inner;             /* _OF_MAPS: name of a map like the inner ones … */
	const struct c_map *of;        /* … and that map */
	const struct type *event;      /* what perf_submit or ringbuf_* send; or NULL */
	struct map *clause;            /* CLAUSE; set when clauses are checked */
	struct c_use *uses;            /* CLAUSE */
	struct loc loc;
	unsigned index;
	void *data;                    /* the code generator's */
	struct c_map *next;
};

enum c_call {
	C_CALL_FUNCTION, /* func: inline it; see below */
	C_CALL_HELPER,   /* helper: of the kernel, by its number */
	C_CALL_METHOD,   /* map, id: enum c_method */
	C_CALL_BUILTIN,  /* id: enum c_builtin */
};

enum c_method {
#define METHOD(id, name) C_M_##id,
#include "parser/c/methods.h"
#undef METHOD
	C_METHOD_COUNT,
};

enum c_builtin {
#define BUILTIN(id, name) C_B_##id,
#include "parser/c/builtins.h"
#undef BUILTIN
	C_BUILTIN_COUNT,
};

struct c_helper {
	unsigned id; /* enum bpf_func_id */
	const char *name; /* without "bpf_" */
	const char *ret, *args; /* C types; '|' between arguments; "map": a map */
};

/* How a program is attached, as far as its name or macro says. */
enum c_attach {
	C_ATTACH_NONE, /* by hand: program type from the type of its context */
	C_ATTACH_KPROBE, C_ATTACH_KRETPROBE, C_ATTACH_TRACEPOINT, C_ATTACH_RAW_TRACEPOINT,
	C_ATTACH_KFUNC, C_ATTACH_KRETFUNC, C_ATTACH_KMOD_RET, C_ATTACH_LSM, C_ATTACH_ITER,
	C_ATTACH_SYSCALL, /* syscall__NAME */
	C_ATTACH_TAIL, /* tail__ARRAY__SLOT: of a BPF_PROG_ARRAY, module and target */
};

/* What kind of program the context's type makes it. */
enum c_program {
	C_PROG_KPROBE, /* struct pt_regs, void: kprobe, kretprobe, uprobe, uretprobe, USDT */
	C_PROG_TRACEPOINT, C_PROG_RAW_TRACEPOINT, C_PROG_PERF_EVENT, C_PROG_SKB, C_PROG_XDP,
	C_PROG_TRACING, /* KFUNC and the like: context is an array of u64 */
	C_PROG_LSM, C_PROG_OTHER,
	C_PROG_NONE, /* what it takes is no context: checked, but not loaded */
};

/* Where the parameters behind the first come from. */
enum c_params {
	C_PARAMS_NONE,
	C_PARAMS_REGS,    /* registers of the function's arguments, in the context */
	C_PARAMS_SYSCALL, /* registers in the struct pt_regs that the first argument points to */
	C_PARAMS_CTX,     /* param i is ((u64 *)ctx)[i], for all of them */
	C_PARAMS_CALL,    /* an inlined function: the call's arguments */
};

struct c_func {
	const char *name;
	const struct type *ret;      /* NONE: void */
	struct c_var **params;
	unsigned nparams;
	struct c_var *vars;          /* all locals and parameters */
	unsigned nvars;
	struct c_label *labels;
	struct node *body;           /* N_BLOCK; NULL: only declared */
	bool is_program;
	bool is_static, is_inline;
	enum c_attach attach;
	enum c_program program;
	enum c_params how;
	struct c_var *ctx;           /* the context's variable; NULL when it is not used */
	const char *module, *target; /* KPROBE: the function; TRACEPOINT: category and event … */
	enum space unknown;          /* how a pointer is read of which nothing is known */
	struct loc loc;
	unsigned index;
	void *data;                  /* the code generator's */
	struct c_func *next;
	/* the check's own */
	struct node *source;         /* N_CFUNC … */
	const struct node *parsed;   /* … and its body, which no check has touched */
	struct c_func *origin, *instances, *next_instance;
	enum space *arg_spaces;
	bool checking, checked, called;
	bool outside;                /* called by a clause */
	bool log2, walked;           /* it returns a logarithm; slots.c was here */
	enum space ret_space;
	unsigned pass;               /* of the unit, see there; instances only */
};

/* A name or, with sym NULL, a tag of the file scope. */
struct c_name {
	const char *name;
	struct c_sym *sym;
	const struct type *tag;
};

struct c_unit {
	struct c_func *programs; /* chained through next, in the order of the text */
	struct c_func *inlines;  /* instances of functions that are inlined */
	struct c_map *maps;
	struct c_var *globals;
	unsigned nprograms, nmaps, nglobals;
	const char *license;     /* "GPL" unless the text defines BPF_LICENSE */
	bool log2;               /* it takes logarithms: what its histograms count */
	/* the use of macros, for c_notes() */
	const struct cpp_expansion *expansions;
	uint32_t nexpansions;
	unsigned file;
	struct c_name *names; /* of the file scope, after the check */
	unsigned nnames;
	/* instances belong to the pass they were made in: 0, or one that is not final */
	unsigned pass, npasses;
	/*
	 * Set between parse and check: the map that a method is called on by a name that the
	 * unit does not declare (a clause's map), or NULL. Its key and leaf may be NULL still:
	 * then arguments are left as they are.
	 */
	struct c_map *(*find_map)(void *user, const char *name);
	/* Does something outside of the unit call the function? Also set between the two. */
	bool (*is_called)(void *user, const char *name);
	void *user;
};

const char *c_method_name(enum c_method m);
const char *c_builtin_name(enum c_builtin b);

/*
 * ---- what the check leaves for the code generator ---------------------------
 *
 * unit->cunit.unit is the program. Generate u->programs; u->maps are the maps to
 * create, u->globals the data. Bodies hang on struct c_func (body, vars, labels);
 * the N_CFUNC nodes are only for dumps. u->inlines is a list of everything that
 * is inlined, needed by nobody.
 *
 * Types. Every expression has a type; int is 32 bits, long 64, a char array is
 * TY_STRING (elements int8), other arrays TY_ARRAY, __int128 TY_INT of 16 bytes,
 * void TY_NONE, a function TY_FUNC. Two types are the same C type when cc_same()
 * says so: equal but for the spaces of pointers.
 *
 * Pointers. type->space of an expression says how memory behind it is read:
 *	SP_STACK SP_MAP SP_PACKET SP_TRUSTED	plain loads (stack, map value or ring
 *		buffer, skb or xdp data, BTF pointer)
 *	SP_CTX		plain loads at constant offsets: ir_load_ctx()
 *	SP_KERNEL	bpf_probe_read_kernel
 *	SP_USER		bpf_probe_read_user
 *	SP_ANY		bpf_probe_read, where the machine has it (x86, arm64); else kernel.
 *		Only in programs without a known attach point that may be uprobes.
 * A null constant may have any space. Stores through a pointer are plain, whatever
 * its space (CTX: at constant offsets, some programs may): through KERNEL, USER or
 * ANY the verifier will refuse them. A failed probe read gives zeroes. The type of a
 * c_var is its declared one; that of its N_CVAR nodes has the space.
 *
 * Lvalues are N_CVAR, N_FIELD, N_INDEX, N_UNARY OP_DEREF, N_CLITERAL, N_STR. Where
 * one stands as a value it is read: space of the memory by cc_lvalue_space(). A
 * value of struct or union type is its address. No node marks the read.
 *
 * Conversions are nodes: N_CAST with cast.to NULL is implicit, else as written;
 * n->type is what to convert to. Integer to integer: truncate and extend by the
 * operand's sign; to TY_BOOL: != 0. Array to pointer: the address of the operand
 * (a string literal: of its bytes, zero-padded to 64 at least, as scripts copy a
 * fixed size from short ones). Pointer to pointer, pointer to integer and back: no
 * change of the value. To TY_NONE: dropped.
 *
 * N_NUM	num.value, wrapped to n->type. Everything constant is one: sizeof, offsetof,
 *		enumerators, constants of kernel headers, folded arithmetic.
 * N_STR	str.text, str.len; TY_STRING of len + 1.
 * N_CVAR	cvar.var.
 * N_FIELD	field.member; arrow: object is a pointer, else an lvalue or value. With
 *		member.bit_size: a bit-field in the storage unit of member.type at
 *		member.offset; the unit can reach over it only in packed structs. Of a
 *		struct with TYPE_PACKET (type_script_flags): read from the packet of the
 *		context, bits in wire order, position offset * 8 + bit_offset behind the
 *		object's value; assigned: written there.
 * N_INDEX	object is a pointer, index an int64 or uint64; scaled by the element.
 * N_UNARY	NEG BNOT: operand has the type; NOT: any scalar, int; DEREF; ADDR: of an
 *		lvalue.
 * N_BINARY	arithmetic: both operands have n->type. SHL SHR: the left one has it, the
 *		right one is an int of any size. Comparisons: operands of one type, or two
 *		pointers; n->type is int. LAND LOR: scalars, int. Pointer ADD SUB integer:
 *		the pointer is left, the integer 64 bits, scaled by the element (void: 1).
 *		Pointer SUB pointer: int64, divided by the element.
 * N_ASSIGN	op NONE: value has target's type (pointers: but for the space). Else: read
 *		target, convert to value->type, compute, convert to target's type; SHL SHR
 *		compute in the promoted type of target. Pointer += integer is scaled. The
 *		value of the expression is what was stored.
 * N_INCDEC	as += 1, -= 1; prefix tells which value it has.
 * N_TERNARY	yes and no have n->type (or n->type is NONE); yes NULL: cond, read once.
 * N_CCOMMA	left is dropped. N_CSTMTEXPR: block.stmts; its value is that of the last
 *		N_EXPR. N_CLITERAL: cliteral.var is initialised by cliteral.init each time;
 *		the variable is the lvalue.
 * N_CMAPREF	the map, as helpers take it.
 * N_CCALL	callee is NULL; args are converted to what is called:
 *	FUNCTION	inline ccall.func->body with params[i] set to the arguments. One c_func
 *		may be inlined many times: give its variables and labels new storage each
 *		time. Its returns go to behind the call.
 *	HELPER	helper->id; an argument that is a map is N_CMAPREF or a pointer.
 *	METHOD	map and id. Keys and leaves by address (type: pointer to the map's) but for
 *		INCREMENT and ATOMIC_INCREMENT, whose key and amount are values: copy the
 *		key. Lowering as BCC's: UPDATE BPF_ANY, INSERT BPF_NOEXIST; LOOKUP_OR_TRY_INIT
 *		looks up, inserts with NOEXIST, looks up; LOOKUP_OR_INIT the same, and returns 0
 *		from the function it is written in when there is still nothing; INCREMENT adds
 *		1 or the amount in place, and only on C_HASH inserts what is missing;
 *		ATOMIC_INCREMENT the same with an atomic add. PERF_SUBMIT and GET_STACKID take
 *		the context first. RINGBUF_RESERVE has a constant size; PERF_SUBMIT sets the
 *		flag BPF_F_CURRENT_CPU, _SKB packs the length into the upper half.
 *	BUILTIN	id: BSWAP*, CTZ …: of the argument. LOG2, LOG2L: floor(log2) + 1, of 0 it is 1
 *		(BCC's). MEM*: sizes may be variable. TRACE_PRINTK: format (N_STR, perhaps in a
 *		cast) and up to three values. USDT_READARG(n, ctx, address): n is N_NUM; _P also
 *		a size. LOAD_*, PACKET_*, CSUM_*: as in BCC's helpers.h.
 * N_CINIT	cinit.items is flat: N_CITEM with citem.place (type, offset from the start
 *		of the object, bit_offset and bit_size of a bit-field) and a citem.value of that
 *		type. Zero the object, then store in order. A string for a char array is N_STR
 *		with a place of TY_STRING: copy its bytes, at most the place's size. A scalar
 *		in braces without a value is an empty list: zero.
 *
 * Statements: N_EXPR, N_BLOCK, N_IF, N_RETURN (expr.expr NULL or of ret's type; a
 * program's is its result, else 0), N_CEMPTY, and
 * N_CDECLS	its N_CDECLs with cdecl.var (NULL: typedefs and the like); cdecl.init NULL,
 *		N_CINIT, or a value of the type. C_GLOBAL ones are not run: see var->init.
 * N_CLOOP	init, cond, step, body; DO tests cond behind the body. unroll: 0, a count, or -1.
 * N_CSWITCH	body holds N_CCASE marks as statements, at any depth but in inner switches;
 *		ccase.low to high inclusive in the type of value, or is_default.
 * N_CBREAK N_CCONTINUE N_CGOTO N_CLABEL	clabel.label is one struct per name and function.
 * N_CASM	a barrier; each output is a value that becomes unknown (ir_opaque), from the
 *		input tied to it ("0") or its own.
 * N_CASSERT	nothing.
 *
 * Programs. f->attach, module, target say where (TRACEPOINT: module is the category;
 * KFUNC: module or "vmlinux"); NONE: by hand. f->how says where parameters come from:
 * NONE the context is params[0]; REGS also register i - 1 into params[i]; SYSCALL the
 * same from the struct pt_regs that the first register points to, r10 instead of cx on
 * x86 (where the kernel has wrappers, else as REGS); CTX: params[i] is ((u64 *)ctx)[i],
 * and f->ctx the variable "ctx" itself. f->ctx is the variable of the context in all
 * programs that have one. Only parameters that are used need be loaded
 * (c_var.used). A pointer that nothing is known of is read as f->unknown.
 */

#endif
