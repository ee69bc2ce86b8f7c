/*
 * Builtin functions of BPF C: the compiler's own and BCC's. What is constant is
 * computed here. Called by call.c.
 */
#include <string.h>
#include <unistd.h>

#include "parser/c/check.h"

/*
 * Arguments: i integer, u unsigned 64 bits, p pointer that is read, w pointer
 * that is written, c context, a any value, t a type, . more of any; '|' begins
 * those that may be left out. Result: i int, u unsigned long, s unsigned short,
 * w unsigned int, v nothing, 1 the first argument's type, e what it points to.
 */
static const struct {
	const char *args;
	char result;
} builtins[C_BUILTIN_COUNT] = {
	[C_B_BSWAP16] = {"i", 's'},
	[C_B_BSWAP32] = {"i", 'w'},
	[C_B_BSWAP64] = {"u", 'u'},
	[C_B_EXPECT] = {"aa", '1'},
	[C_B_CONSTANT_P] = {"a", 'i'},
	[C_B_CHOOSE_EXPR] = {"aaa", '1'},
	[C_B_TYPES_COMPATIBLE] = {"tt", 'i'},
	[C_B_UNREACHABLE] = {"", 'v'},
	[C_B_CTZ] = {"i", 'i'},
	[C_B_CTZLL] = {"u", 'i'},
	[C_B_CLZ] = {"i", 'i'},
	[C_B_CLZLL] = {"u", 'i'},
	[C_B_FFS] = {"i", 'i'},
	[C_B_FFSLL] = {"u", 'i'},
	[C_B_POPCOUNT] = {"i", 'i'},
	[C_B_POPCOUNTLL] = {"u", 'i'},
	[C_B_POW2] = {"u", 'u'},
	[C_B_ILOG2] = {"u", 'i'},
	[C_B_LOG2] = {"i", 'w'},
	[C_B_LOG2L] = {"u", 'w'},
	[C_B_NUM_CPUS] = {"", 'i'},
	[C_B_MEMCPY] = {"wpu", '1'},
	[C_B_MEMSET] = {"wiu", '1'},
	[C_B_MEMMOVE] = {"wpu", '1'},
	[C_B_MEMCMP] = {"ppu", 'i'},
	[C_B_FETCH_AND_ADD] = {"wa", 'e'},
	[C_B_FETCH_AND_SUB] = {"wa", 'e'},
	[C_B_FETCH_AND_AND] = {"wa", 'e'},
	[C_B_FETCH_AND_OR] = {"wa", 'e'},
	[C_B_FETCH_AND_XOR] = {"wa", 'e'},
	[C_B_VAL_COMPARE_SWAP] = {"waa", 'e'},
	[C_B_TEST_AND_SET] = {"wa", 'e'},
	[C_B_SYNCHRONIZE] = {"", 'v'},
	[C_B_TRACE_PRINTK] = {"p|...", 'i'},
	[C_B_USDT_READARG] = {"icp", 'i'},
	[C_B_USDT_READARG_P] = {"icpu", 'i'},
	[C_B_LOAD_BYTE] = {"cu", 'u'},
	[C_B_LOAD_HALF] = {"cu", 'u'},
	[C_B_LOAD_WORD] = {"cu", 'u'},
	[C_B_PACKET_READ] = {"cuuu", 'u'},
	[C_B_PACKET_WRITE] = {"cuuuu", 'v'},
	[C_B_CSUM_L3] = {"paa", 'i'},
	[C_B_CSUM_L4] = {"paai", 'i'},
};

int cc_builtin_find(const char *name)
{
	int i;

	for (i = 0; i < C_BUILTIN_COUNT; i++)
		if (strcmp(c_builtin_name((enum c_builtin)i), name) == 0)
			return i;
	return -1;
}

/* ---- constants ---------------------------------------------------------- */

static uint64_t swapped(uint64_t v, unsigned bytes)
{
	uint64_t r = 0;

	while (bytes--) {
		r = r << 8 | (v & 0xff);
		v >>= 8;
	}
	return r;
}

/* BCC's logarithm: of 0 it is 1. */
static unsigned log2_bcc(uint64_t v)
{
	unsigned n = 0;

	while (v >>= 1)
		n++;
	return n + 1;
}

static bool fold(enum c_builtin id, uint64_t v, uint64_t *out)
{
	switch (id) {
	case C_B_BSWAP16: *out = swapped(v, 2); return true;
	case C_B_BSWAP32: *out = swapped(v, 4); return true;
	case C_B_BSWAP64: *out = swapped(v, 8); return true;
	case C_B_LOG2: *out = log2_bcc(v & UINT32_MAX); return true;
	case C_B_LOG2L: *out = log2_bcc(v); return true;
	case C_B_ILOG2: *out = log2_bcc(v) - 1; return v != 0;
	case C_B_POW2: *out = v < 2 ? 1 : 1ull << log2_bcc(v - 1); return v <= 1ull << 63;
	case C_B_FFS: *out = (uint64_t)__builtin_ffs((int)v); return true;
	case C_B_FFSLL: *out = (uint64_t)__builtin_ffsll((long long)v); return true;
	case C_B_POPCOUNT: *out = (uint64_t)__builtin_popcount((unsigned)v); return true;
	case C_B_POPCOUNTLL: *out = (uint64_t)__builtin_popcountll(v); return true;
	default: return false;
	}
}

/* Calls whose value does not depend on the program's run; true when n became a number. */
static bool constant(struct cc *k, struct node *n, enum c_builtin id)
{
	struct node *a = n->ccall.args;
	const struct type *t = n->type;
	uint64_t v;

	if (id == C_B_CONSTANT_P)
		v = a->kind == N_NUM;
	else if (id == C_B_TYPES_COMPATIBLE)
		v = cc_same(a->type, a->next->type);
	else if (id == C_B_NUM_CPUS)
		v = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	else if (!a || a->kind != N_NUM || a->next || !fold(id, a->num.value, &v))
		return false;
	cc_become_num(k, n, v, t);
	return true;
}

/* ---- arguments ---------------------------------------------------------- */

static void pointer(struct cc *k, struct node **arg)
{
	if ((*arg)->type->kind != TY_PTR)
		cc_convert(k, arg, cc_ptr(k, k->none, SP_VALUE), "an argument");
}

static void one_arg(struct cc *k, struct node **arg, char what)
{
	if (what == 't') {
		if ((*arg)->kind == N_CTYPE) {
			cc_type_name_type(k, *arg);
		} else {
			cc_error(k, *arg, TYPE, "a type is needed here");
			(*arg)->type = k->poison;
		}
		return;
	}
	k->reading += what == 'p';
	cc_value(k, arg);
	k->reading -= what == 'p';
	if (cc_bad(k, (*arg)->type))
		return;
	switch (what) {
	case 'i':
		if (cc_is_arith((*arg)->type))
			cc_convert(k, arg, cc_promoted(k, (*arg)->type), "an argument");
		else
			cc_convert(k, arg, k->i64, "an argument");
		break;
	case 'u': cc_convert(k, arg, k->u64, "an argument"); break;
	case 'p':
	case 'w':
	case 'c': pointer(k, arg); break;
	case '.':
		if (cc_is_arith((*arg)->type))
			cc_cast(k, arg, cc_promoted(k, (*arg)->type));
		break;
	default: break;
	}
}

static bool all_args(struct cc *k, struct node *n, const char *args)
{
	struct node **arg = &n->ccall.args;
	const char *bar = strchr(args, '|'), *what = args;
	unsigned most = (unsigned)strlen(args) - (bar != NULL);
	unsigned least = bar ? (unsigned)(bar - args) : most;

	if (!cc_count(k, n, least, most, c_builtin_name((enum c_builtin)n->ccall.id)))
		return false;
	for (; *arg; arg = &(*arg)->next) {
		what += *what == '|';
		one_arg(k, arg, *what);
		what++;
		if (cc_bad(k, (*arg)->type))
			return false;
	}
	return true;
}

static const struct type *result(struct cc *k, const struct node *n, char what)
{
	switch (what) {
	case 'i': return k->i32;
	case 'u': return k->u64;
	case 's': return type_int(k->types, 2, false);
	case 'w': return k->u32;
	case '1': return n->ccall.args->type;
	case 'e':
		if (n->ccall.args->type->elem->kind == TY_NONE)
			return k->i64;
		return n->ccall.args->type->elem;
	default: return k->none;
	}
}

/* The format of a text for the kernel's trace pipe is a literal there and then. */
static void check_printk(struct cc *k, struct node *n)
{
	struct node *f = n->ccall.args;

	while (f->kind == N_CAST)
		f = f->cast.operand;
	if (f->kind != N_STR) {
		cc_error(k, f, NOT_CONSTANT, "the format is a string in double quotes");
		n->type = k->poison;
	}
}

void cc_builtin(struct cc *k, struct node **at, enum c_builtin id)
{
	struct node *n = *at, *a, *next = n->next;

	n->ccall.how = C_CALL_BUILTIN;
	n->ccall.id = id;
	k->unit->log2 |= id == C_B_LOG2 || id == C_B_LOG2L;
	if (!all_args(k, n, builtins[id].args))
		return;
	n->ccall.callee = NULL;
	n->type = result(k, n, builtins[id].result);
	a = n->ccall.args;
	if (constant(k, n, id)) {
		n->num.log2 = id == C_B_LOG2 || id == C_B_LOG2L;
		return;
	}
	if (!k->func && !k->unevaluated) {
		cc_error(k, n, NOT_CONSTANT, "a call outside of a function");
		n->type = k->poison;
		return;
	}
	switch (id) {
	case C_B_EXPECT:
		*at = a;
		a->next = next;
		break;
	case C_B_CHOOSE_EXPR:
		*at = a->kind == N_NUM && a->num.value ? a->next : a->next->next;
		(*at)->next = next;
		break;
	case C_B_TRACE_PRINTK: check_printk(k, n); break;
	case C_B_USDT_READARG:
		/* what an argument of a user space probe points to is there, too */
		a = a->next->next;
		if (a->kind == N_UNARY && a->unary.op == OP_ADDR &&
		    a->unary.operand->kind == N_CVAR)
			cc_var_store(k, a->unary.operand->cvar.var, SP_USER);
		break;
	case C_B_FETCH_AND_ADD:
	case C_B_FETCH_AND_SUB:
	case C_B_FETCH_AND_AND:
	case C_B_FETCH_AND_OR:
	case C_B_FETCH_AND_XOR:
	case C_B_TEST_AND_SET: cc_convert(k, &a->next, n->type, "an argument"); break;
	case C_B_VAL_COMPARE_SWAP:
		cc_convert(k, &a->next, n->type, "an argument");
		cc_convert(k, &a->next->next, n->type, "an argument");
		break;
	default: break;
	}
}
