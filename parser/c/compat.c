/*
 * What every BPF C text begins with: the constants and macros of kernel headers
 * that BTF does not hold, in the spellings that scripts use. Read by cpp.c.
 */
#include "parser/c/cpp.h"

#if defined(__x86_64__)
static const char arch[] =
	"#define __x86_64__ 1\n#define bpf_target_x86 1\n#define __TARGET_ARCH_x86 1\n"
	"#define PT_REGS_PARM1(x) ((x)->di)\n#define PT_REGS_PARM2(x) ((x)->si)\n"
	"#define PT_REGS_PARM3(x) ((x)->dx)\n#define PT_REGS_PARM4(x) ((x)->cx)\n"
	"#define PT_REGS_PARM5(x) ((x)->r8)\n#define PT_REGS_PARM6(x) ((x)->r9)\n"
	"#define PT_REGS_PARM4_SYSCALL(x) ((x)->r10)\n"
	"#define PT_REGS_RET(x) ((x)->sp)\n#define PT_REGS_FP(x) ((x)->bp)\n"
	"#define PT_REGS_RC(x) ((x)->ax)\n#define PT_REGS_IP(x) ((x)->ip)\n"
	"#define PT_REGS_SP(x) ((x)->sp)\n"
	"#define __START_KERNEL_map 0xffffffff80000000UL\n"
	"#define __PAGE_OFFSET_BASE_L4 0xffff888000000000UL\n"
	"#define __PAGE_OFFSET_BASE_L5 0xff11000000000000UL\n";
#elif defined(__aarch64__)
static const char arch[] =
	"#define __aarch64__ 1\n#define bpf_target_arm64 1\n#define __TARGET_ARCH_arm64 1\n"
	"#define PT_REGS_PARM1(x) ((x)->regs[0])\n#define PT_REGS_PARM2(x) ((x)->regs[1])\n"
	"#define PT_REGS_PARM3(x) ((x)->regs[2])\n#define PT_REGS_PARM4(x) ((x)->regs[3])\n"
	"#define PT_REGS_PARM5(x) ((x)->regs[4])\n#define PT_REGS_PARM6(x) ((x)->regs[5])\n"
	"#define PT_REGS_PARM4_SYSCALL(x) ((x)->regs[3])\n"
	"#define PT_REGS_RET(x) ((x)->regs[30])\n#define PT_REGS_FP(x) ((x)->regs[29])\n"
	"#define PT_REGS_RC(x) ((x)->regs[0])\n#define PT_REGS_IP(x) ((x)->pc)\n"
	"#define PT_REGS_SP(x) ((x)->sp)\n";
#else
static const char arch[] = "";
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const char order[] =
	"#define __BYTE_ORDER__ 1234\n#define __BYTE_ORDER 1234\n"
	"#define __LITTLE_ENDIAN_BITFIELD 1\n";
#else
#error "the byte order macros of c_compat_text are those of little-endian machines"
#endif

/* compiler */
static const char compiler[] =
	"#define __KERNEL__ 1\n"
	"#define __BPF_TRACING__ 1\n"
	"#define __bpf__ 1\n"
	"#define __BCC__ 1\n"
	"#define __STDC__ 1\n"
	"#define __STDC_VERSION__ 199901L\n"
	"#define __GNUC__ 4\n"
	"#define __GNUC_MINOR__ 2\n"
	"#define __clang__ 1\n"
	"#define __clang_major__ 19\n"
	"#define __clang_minor__ 1\n"
	"#define __linux__ 1\n"
	"#define __LP64__ 1\n"
	"#define __SIZEOF_INT__ 4\n"
	"#define __SIZEOF_LONG__ 8\n"
	"#define __SIZEOF_POINTER__ 8\n"
	"#define __SIZEOF_INT128__ 16\n"
	"#define __CHAR_BIT__ 8\n"
	"#define __INT_MAX__ 2147483647\n"
	"#define __LONG_MAX__ 9223372036854775807L\n"
	"#define __ORDER_LITTLE_ENDIAN__ 1234\n"
	"#define __ORDER_BIG_ENDIAN__ 4321\n"
	"#define __LITTLE_ENDIAN 1234\n"
	"#define __BIG_ENDIAN 4321\n"
	"#define KBUILD_MODNAME \"bcct\"\n"
	"#define IS_ENABLED(x) (__bcct_set(x) || __bcct_set(x##_MODULE))\n"
	"#define IS_BUILTIN(x) __bcct_set(x)\n"
	"#define IS_MODULE(x) __bcct_set(x##_MODULE)\n"
	"#define __bcct_arg_1 0,\n"
	"#define __bcct_second(a, b, ...) b\n"
	"#define __bcct_set3(x) __bcct_second(x 1, 0)\n"
	"#define __bcct_set2(v) __bcct_set3(__bcct_arg_##v)\n"
	"#define __bcct_set(x) __bcct_set2(x)\n"
	"#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : "
	"(c)))\n";

/* words */
static const char words[] =
	"#define NULL ((void *)0)\n"
	"#define true 1\n"
	"#define false 0\n"
	"#define __inline inline\n"
	"#define __inline__ inline\n"
	"#define __always_inline inline __attribute__((always_inline))\n"
	"#define __noinline __attribute__((noinline))\n"
	"#define noinline __attribute__((noinline))\n"
	"#define __packed __attribute__((packed))\n"
	"#define __aligned(x) __attribute__((aligned(x)))\n"
	"#define __maybe_unused\n"
	"#define __always_unused\n"
	"#define __must_check\n"
	"#define __init\n"
	"#define __exit\n"
	"#define __kernel\n"
	"#define __iomem\n"
	"#define __percpu\n"
	"#define __rcu\n"
	"#define __force\n"
	"#define __bitwise\n"
	"#define __read_mostly\n"
	"#define __weak\n"
	"#define __hidden\n"
	"#define __section(x)\n"
	"#define SEC(x)\n"
	"#define asmlinkage\n"
	"#define notrace\n"
	"#define EXPORT_SYMBOL(x)\n"
	"#define MODULE_LICENSE(x)\n"
	"#define likely(x) (!!(x))\n"
	"#define unlikely(x) (!!(x))\n"
	"#define READ_ONCE(x) (x)\n"
	"#define WRITE_ONCE(x, v) ((x) = (v))\n"
	"#define ACCESS_ONCE(x) (x)\n"
	"#define barrier() asm volatile(\"\" ::: \"memory\")\n"
	"#define __stringify_1(x...) #x\n"
	"#define __stringify(x...) __stringify_1(x)\n"
	"#define BUILD_BUG_ON(x)\n"
	"#define va_list void *\n";

/* expressions */
static const char expressions[] =
	"#define offsetof(type, member) __builtin_offsetof(type, member)\n"
	"#define container_of(ptr, type, member) ((type *)((char *)(ptr) - "
	"__builtin_offsetof(type, member)))\n"
	"#define sizeof_field(type, member) sizeof(((type *)0)->member)\n"
	"#define FIELD_SIZEOF(type, member) sizeof(((type *)0)->member)\n"
	"#define offsetofend(type, member) (offsetof(type, member) + sizeof_field(type, "
	"member))\n"
	"#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))\n"
	"#define min(a, b) ({ typeof(a) __min_a = (a); typeof(b) __min_b = (b); __min_a "
	"< __min_b ? __min_a : __min_b; })\n"
	"#define max(a, b) ({ typeof(a) __max_a = (a); typeof(b) __max_b = (b); __max_a "
	"> __max_b ? __max_a : __max_b; })\n"
	"#define min_t(type, a, b) ({ type __min_a = (a); type __min_b = (b); __min_a < "
	"__min_b ? __min_a : __min_b; })\n"
	"#define max_t(type, a, b) ({ type __max_a = (a); type __max_b = (b); __max_a > "
	"__max_b ? __max_a : __max_b; })\n"
	"#define clamp_t(type, v, lo, hi) min_t(type, max_t(type, v, lo), hi)\n"
	"#define abs(x) ({ typeof(x) __abs_x = (x); __abs_x < 0 ? -__abs_x : __abs_x; })\n"
	"#define swap(a, b) do { typeof(a) __swap_a = (a); (a) = (b); (b) = __swap_a; } "
	"while (0)\n"
	"#define MIN(a, b) ((a) < (b) ? (a) : (b))\n"
	"#define MAX(a, b) ((a) > (b) ? (a) : (b))\n"
	"#define BIT(n) (1UL << (n))\n"
	"#define BIT_ULL(n) (1ULL << (n))\n"
	"#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (63 - (h))))\n"
	"#define GENMASK_ULL(h, l) GENMASK(h, l)\n"
	"#define ALIGN(x, a) (((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1))\n"
	"#define round_up(x, y) ((((x) - 1) | ((typeof(x))((y) - 1))) + 1)\n"
	"#define round_down(x, y) ((x) & ~((typeof(x))((y) - 1)))\n"
	"#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))\n"
	"#define roundup_pow_of_two(n) __builtin_bcct_pow2(n)\n"
	"#define rounddown_pow_of_two(n) (1UL << __builtin_bcct_log2(n))\n"
	"#define ilog2(n) __builtin_bcct_log2(n)\n"
	"#define __ilog2(n) __builtin_bcct_log2(n)\n"
	"#define upper_32_bits(n) ((u32)((u64)(n) >> 32))\n"
	"#define lower_32_bits(n) ((u32)(n))\n"
	"#define div_u64(a, b) ((u64)(a) / (u32)(b))\n"
	"#define div_s64(a, b) ((s64)(a) / (s32)(b))\n"
	"#define div64_u64(a, b) ((u64)(a) / (u64)(b))\n"
	"#define div64_s64(a, b) ((s64)(a) / (s64)(b))\n"
	"#define do_div(n, d) ({ u32 __do_div_d = (d); u32 __do_div_r = (u64)(n) % "
	"__do_div_d; (n) = (u64)(n) / __do_div_d; __do_div_r; })\n"
	"#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-4095)\n"
	"#define IS_ERR(x) IS_ERR_VALUE(x)\n"
	"#define IS_ERR_OR_NULL(x) (!(x) || IS_ERR_VALUE(x))\n"
	"#define PTR_ERR(x) ((long)(x))\n"
	"#define ERR_PTR(x) ((void *)(long)(x))\n"
	"#define __builtin_ctzl __builtin_ctzll\n"
	"#define __builtin_clzl __builtin_clzll\n"
	"#define __builtin_ffsl __builtin_ffsll\n"
	"#define __builtin_popcountl __builtin_popcountll\n"
	"#define __builtin_parity(x) (__builtin_popcount(x) & 1)\n"
	"#define __builtin_parityll(x) (__builtin_popcountll(x) & 1)\n"
	"#define __builtin_abs(x) ({ int __abs_x = (x); __abs_x < 0 ? -__abs_x : __abs_x; })\n"
	"#define __builtin_labs(x) ({ long __abs_x = (x); __abs_x < 0 ? -__abs_x : __abs_x; })\n"
	"#define __builtin_llabs __builtin_labs\n"
	"#define __builtin_preserve_access_index(x) (x)\n"
	"#define __builtin_prefetch(x...) ((void)0)\n"
	"#define __builtin_assume(x) ((void)0)\n"
	"#define hweight32 __builtin_popcount\n"
	"#define hweight64 __builtin_popcountll\n"
	"#define __ffs(x) ((unsigned long)__builtin_ctzll(x))\n"
	"#define ffs __builtin_ffs\n"
	"#define memcpy __builtin_memcpy\n"
	"#define memset __builtin_memset\n"
	"#define memmove __builtin_memmove\n"
	"#define memcmp __builtin_memcmp\n"
	"#define lock_xadd(p, n) ((void)__sync_fetch_and_add(p, n))\n"
	"#define __sync_add_and_fetch(p, n) ({ typeof(*(p)) __sync_n = (n); "
	"__sync_fetch_and_add(p, __sync_n) + __sync_n; })\n"
	"#define __sync_sub_and_fetch(p, n) ({ typeof(*(p)) __sync_n = (n); "
	"__sync_fetch_and_sub(p, __sync_n) - __sync_n; })\n"
	"#define __sync_or_and_fetch(p, n) ({ typeof(*(p)) __sync_n = (n); "
	"__sync_fetch_and_or(p, __sync_n) | __sync_n; })\n"
	"#define __sync_and_and_fetch(p, n) ({ typeof(*(p)) __sync_n = (n); "
	"__sync_fetch_and_and(p, __sync_n) & __sync_n; })\n"
	"#define __sync_xor_and_fetch(p, n) ({ typeof(*(p)) __sync_n = (n); "
	"__sync_fetch_and_xor(p, __sync_n) ^ __sync_n; })\n"
	"#define __sync_bool_compare_and_swap(p, o, n) ({ typeof(*(p)) __sync_o = (o); "
	"__sync_val_compare_and_swap(p, __sync_o, n) == __sync_o; })\n"
	"#define __sync_lock_release(p) ((void)(*(p) = 0))\n"
	"#define __ATOMIC_RELAXED 0\n#define __ATOMIC_CONSUME 1\n#define __ATOMIC_ACQUIRE 2\n"
	"#define __ATOMIC_RELEASE 3\n#define __ATOMIC_ACQ_REL 4\n#define __ATOMIC_SEQ_CST 5\n"
	"#define __atomic_load_n(p, order) (*(volatile typeof(*(p)) *)(p))\n"
	"#define __atomic_store_n(p, v, order) ((void)(*(volatile typeof(*(p)) *)(p) = (v)))\n"
	"#define __atomic_exchange_n(p, v, order) __sync_lock_test_and_set(p, v)\n"
	"#define __atomic_fetch_add(p, v, order) __sync_fetch_and_add(p, v)\n"
	"#define __atomic_fetch_sub(p, v, order) __sync_fetch_and_sub(p, v)\n"
	"#define __atomic_fetch_or(p, v, order) __sync_fetch_and_or(p, v)\n"
	"#define __atomic_fetch_and(p, v, order) __sync_fetch_and_and(p, v)\n"
	"#define __atomic_fetch_xor(p, v, order) __sync_fetch_and_xor(p, v)\n"
	"#define __atomic_add_fetch(p, v, order) __sync_add_and_fetch(p, v)\n"
	"#define __atomic_sub_fetch(p, v, order) __sync_sub_and_fetch(p, v)\n"
	"#define atomic_read(v) ((v)->counter)\n"
	"#define atomic64_read(v) ((v)->counter)\n"
	"#define atomic_long_read(v) ((v)->counter)\n"
	"#define refcount_read(r) ((r)->refs.counter)\n"
	"#define kref_read(k) ((k)->refcount.refs.counter)\n";

/* byte order */
static const char swaps[] =
	"#define __cpu_to_be16(x) __builtin_bswap16(x)\n"
	"#define __cpu_to_be32(x) __builtin_bswap32(x)\n"
	"#define __cpu_to_be64(x) __builtin_bswap64(x)\n"
	"#define __be16_to_cpu(x) __builtin_bswap16(x)\n"
	"#define __be32_to_cpu(x) __builtin_bswap32(x)\n"
	"#define __be64_to_cpu(x) __builtin_bswap64(x)\n"
	"#define cpu_to_be16(x) __builtin_bswap16(x)\n"
	"#define cpu_to_be32(x) __builtin_bswap32(x)\n"
	"#define cpu_to_be64(x) __builtin_bswap64(x)\n"
	"#define be16_to_cpu(x) __builtin_bswap16(x)\n"
	"#define be32_to_cpu(x) __builtin_bswap32(x)\n"
	"#define be64_to_cpu(x) __builtin_bswap64(x)\n"
	"#define cpu_to_le16(x) (x)\n"
	"#define cpu_to_le32(x) (x)\n"
	"#define cpu_to_le64(x) (x)\n"
	"#define le16_to_cpu(x) (x)\n"
	"#define le32_to_cpu(x) (x)\n"
	"#define le64_to_cpu(x) (x)\n"
	"#define ntohs(x) __builtin_bswap16(x)\n"
	"#define ntohl(x) __builtin_bswap32(x)\n"
	"#define htons(x) __builtin_bswap16(x)\n"
	"#define htonl(x) __builtin_bswap32(x)\n"
	"#define __constant_htons(x) __builtin_bswap16(x)\n"
	"#define __constant_htonl(x) __builtin_bswap32(x)\n"
	"#define __constant_ntohs(x) __builtin_bswap16(x)\n"
	"#define __constant_ntohl(x) __builtin_bswap32(x)\n"
	"#define bpf_ntohs(x) __builtin_bswap16(x)\n"
	"#define bpf_ntohl(x) __builtin_bswap32(x)\n"
	"#define bpf_ntohll(x) __builtin_bswap64(x)\n"
	"#define bpf_htons(x) __builtin_bswap16(x)\n"
	"#define bpf_htonl(x) __builtin_bswap32(x)\n"
	"#define bpf_htonll(x) __builtin_bswap64(x)\n"
	"#define bpf_be16_to_cpu(x) __builtin_bswap16(x)\n"
	"#define bpf_be32_to_cpu(x) __builtin_bswap32(x)\n"
	"#define bpf_be64_to_cpu(x) __builtin_bswap64(x)\n"
	"#define bpf_cpu_to_be16(x) __builtin_bswap16(x)\n"
	"#define bpf_cpu_to_be32(x) __builtin_bswap32(x)\n"
	"#define bpf_cpu_to_be64(x) __builtin_bswap64(x)\n";

/* BPF */
static const char bpf[] =
	"#define TP_DATA_LOC(f) ((char *)args + (args->data_loc_##f & 0xffff))\n"
	"#define TP_DATA_LOC_LENGTH(f) ((unsigned)args->data_loc_##f >> 16)\n"
	"#define TP_DATA_LOC_READ_CONST(dst, f, len) do { bpf_probe_read((void *)(dst), "
	"(len), TP_DATA_LOC(f)); } while (0)\n"
	"#define TP_DATA_LOC_READ(dst, f) do { unsigned short __tp_len = "
	"TP_DATA_LOC_LENGTH(f); bpf_probe_read((void *)(dst), __tp_len, TP_DATA_LOC(f)); "
	"} while (0)\n"
	"#define TP_DATA_LOC_READ_STR(dst, f, len) do { bpf_probe_read_str((void "
	"*)(dst), (len), TP_DATA_LOC(f)); } while (0)\n"
	"#define CUR_CPU_IDENTIFIER BPF_F_CURRENT_CPU\n"
	"#define cursor_advance(cursor, len) ({ void *__cursor_was = (cursor); (cursor) "
	"+= (len); __cursor_was; })\n"
	"#define PT_REGS_PARM1_CORE(x) PT_REGS_PARM1(x)\n"
	"#define PT_REGS_PARM2_CORE(x) PT_REGS_PARM2(x)\n"
	"#define PT_REGS_PARM3_CORE(x) PT_REGS_PARM3(x)\n"
	"#define PT_REGS_PARM4_CORE(x) PT_REGS_PARM4(x)\n"
	"#define PT_REGS_PARM5_CORE(x) PT_REGS_PARM5(x)\n"
	"#define PT_REGS_RC_CORE(x) PT_REGS_RC(x)\n"
	"#define PT_REGS_IP_CORE(x) PT_REGS_IP(x)\n"
	"#define PT_REGS_SP_CORE(x) PT_REGS_SP(x)\n"
	"#define PT_REGS_PARM1_SYSCALL(x) PT_REGS_PARM1(x)\n"
	"#define PT_REGS_PARM2_SYSCALL(x) PT_REGS_PARM2(x)\n"
	"#define PT_REGS_PARM3_SYSCALL(x) PT_REGS_PARM3(x)\n"
	"#define PT_REGS_PARM5_SYSCALL(x) PT_REGS_PARM5(x)\n"
	"#define PT_REGS_PARM6_SYSCALL(x) PT_REGS_PARM6(x)\n"
	"#define BPF_SEQ_PRINTF(seq, fmt, args...) ({ static const char __seq_fmt[] = fmt; "
	"u64 __seq_args[] = { 0, ##args }; bpf_seq_printf(seq, __seq_fmt, sizeof(__seq_fmt), "
	"sizeof(__seq_args) > 8 ? __seq_args + 1 : (u64 *)0, sizeof(__seq_args) - 8); })\n"
	"#define BPF_CORE_READ(p, f) ((p)->f)\n"
	"#define BPF_PROBE_READ(p, f) ((p)->f)\n"
	"#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER\n"
	"#define PT_REGS_SYSCALL_CTX(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))\n"
	"#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))\n"
	"#else\n"
	"#define PT_REGS_SYSCALL_CTX(ctx) (ctx)\n"
	"#define PT_REGS_SYSCALL_REGS(ctx) (ctx)\n"
	"#endif\n";

/* fields whose names are macros in the kernel */
static const char fields[] =
	"#define sk_node __sk_common.skc_node\n"
	"#define sk_nulls_node __sk_common.skc_nulls_node\n"
	"#define sk_refcnt __sk_common.skc_refcnt\n"
	"#define sk_tx_queue_mapping __sk_common.skc_tx_queue_mapping\n"
	"#define sk_hash __sk_common.skc_hash\n"
	"#define sk_portpair __sk_common.skc_portpair\n"
	"#define sk_num __sk_common.skc_num\n"
	"#define sk_dport __sk_common.skc_dport\n"
	"#define sk_addrpair __sk_common.skc_addrpair\n"
	"#define sk_daddr __sk_common.skc_daddr\n"
	"#define sk_rcv_saddr __sk_common.skc_rcv_saddr\n"
	"#define sk_family __sk_common.skc_family\n"
	"#define sk_state __sk_common.skc_state\n"
	"#define sk_reuse __sk_common.skc_reuse\n"
	"#define sk_reuseport __sk_common.skc_reuseport\n"
	"#define sk_ipv6only __sk_common.skc_ipv6only\n"
	"#define sk_net_refcnt __sk_common.skc_net_refcnt\n"
	"#define sk_bound_dev_if __sk_common.skc_bound_dev_if\n"
	"#define sk_bind_node __sk_common.skc_bind_node\n"
	"#define sk_prot __sk_common.skc_prot\n"
	"#define sk_net __sk_common.skc_net\n"
	"#define sk_v6_daddr __sk_common.skc_v6_daddr\n"
	"#define sk_v6_rcv_saddr __sk_common.skc_v6_rcv_saddr\n"
	"#define sk_cookie __sk_common.skc_cookie\n"
	"#define sk_incoming_cpu __sk_common.skc_incoming_cpu\n"
	"#define sk_flags __sk_common.skc_flags\n"
	"#define inet_daddr sk.__sk_common.skc_daddr\n"
	"#define inet_rcv_saddr sk.__sk_common.skc_rcv_saddr\n"
	"#define inet_dport sk.__sk_common.skc_dport\n"
	"#define inet_num sk.__sk_common.skc_num\n"
	"#define s6_addr in6_u.u6_addr8\n"
	"#define s6_addr16 in6_u.u6_addr16\n"
	"#define s6_addr32 in6_u.u6_addr32\n"
	"#define rcu_head callback_head\n"
	"#define sockaddr_storage __kernel_sockaddr_storage\n"
	"#define tw_daddr __tw_common.skc_daddr\n"
	"#define tw_dport __tw_common.skc_dport\n"
	"#define ir_num req.__req_common.skc_num\n"
	"#define inet_csk(sk) ((struct inet_connection_sock *)(sk))\n"
	"#define inet_sk(sk) ((struct inet_sock *)(sk))\n"
	"#define tcp_sk(sk) ((struct tcp_sock *)(sk))\n"
	"#define udp_sk(sk) ((struct udp_sock *)(sk))\n"
	"#define unix_sk(sk) ((struct unix_sock *)(sk))\n"
	"#define TCP_SKB_CB(skb) ((struct tcp_skb_cb *)&((skb)->cb[0]))\n"
	"#define skb_rx_queue_recorded(skb) ((skb)->queue_mapping != 0)\n"
	"#define skb_get_rx_queue(skb) ((u16)((skb)->queue_mapping - 1))\n"
	"#define SG_CHAIN 1UL\n"
	"#define SG_END 2UL\n"
	"#define sg_is_chain(sg) ((sg)->page_link & SG_CHAIN)\n"
	"#define sg_is_last(sg) ((sg)->page_link & SG_END)\n"
	"#define sg_chain_ptr(sg) ((struct scatterlist *)((sg)->page_link & ~(SG_CHAIN | "
	"SG_END)))\n";

/* numbers */
static const char numbers[] =
	"#define INT_MIN (-INT_MAX - 1)\n"
	"#define LONG_MIN (-LONG_MAX - 1)\n"
	"#define LLONG_MAX LONG_MAX\n"
	"#define PAGE_SIZE (1UL << PAGE_SHIFT)\n"
	"#define PAGE_MASK (~(PAGE_SIZE - 1))\n";

/* sockets and packets */
static const char sockets[] =
	"#define PF_INET AF_INET\n"
	"#define PF_INET6 AF_INET6\n";

/* files */
static const char files[] =
	"#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)\n"
	"#define S_ISDIR(m) (((m) & S_IFMT) == S_IFDIR)\n"
	"#define S_ISCHR(m) (((m) & S_IFMT) == S_IFCHR)\n"
	"#define S_ISBLK(m) (((m) & S_IFMT) == S_IFBLK)\n"
	"#define S_ISFIFO(m) (((m) & S_IFMT) == S_IFIFO)\n"
	"#define S_ISLNK(m) (((m) & S_IFMT) == S_IFLNK)\n"
	"#define S_ISSOCK(m) (((m) & S_IFMT) == S_IFSOCK)\n"
	"#define MINORMASK ((1U << MINORBITS) - 1)\n"
	"#define MAJOR(dev) ((unsigned)((dev) >> MINORBITS))\n"
	"#define MINOR(dev) ((unsigned)((dev) & MINORMASK))\n"
	"#define MKDEV(ma, mi) (((ma) << MINORBITS) | (mi))\n"
	"#define REQ_OP_MASK ((1 << REQ_OP_BITS) - 1)\n";

const char *const c_compat_text[] = {
	arch, order, compiler, words, expressions, swaps, bpf, fields,
	numbers, sockets, files, NULL,
};

/*
 * Types of BCC's own headers, defined when a name is not found elsewhere: one
 * per line, see c_compat_type(). Packet headers are laid out bit by bit in the
 * order of the wire.
 */
const char *const c_compat_types[] = {
	"struct bpf_stacktrace { u64 ip[127]; };",
	"struct timespec { long tv_sec; long tv_nsec; };",
	"struct timeval { long tv_sec; long tv_usec; };",
	"struct bpf_stacktrace_buildid { struct bpf_stack_build_id trace[127]; };",
	"struct ethernet_t { u64 dst:48; u64 src:48; u32 type:16; } __bcct_packet;",
	"struct dot1q_t { u32 pri:3; u32 cfi:1; u32 vlanid:12; u32 type:16; } "
	"__bcct_packet;",
	"struct arp_t { u16 htype; u16 ptype; u8 hlen; u8 plen; u16 oper; u64 sha:48; "
	"u64 spa:32; u64 tha:48; u32 tpa; } __bcct_packet;",
	"struct ip_t { u8 ver:4; u8 hlen:4; u8 tos; u16 tlen; u16 identification; u16 "
	"ffo_unused:1; u16 df:1; u16 mf:1; u16 foffset:13; u8 ttl; u8 nextp; u16 "
	"hchecksum; u32 src; u32 dst; } __bcct_packet;",
	"struct icmp_t { u8 type; u8 code; u16 checksum; } __bcct_packet;",
	"struct ip6_t { u32 ver:4; u32 priority:8; u32 flow_label:20; u16 payload_len; "
	"u8 next_header; u8 hop_limit; u64 src_hi; u64 src_lo; u64 dst_hi; u64 dst_lo; } "
	"__bcct_packet;",
	"struct icmp6_t { u8 type; u8 code; u16 checksum; } __bcct_packet;",
	"struct udp_t { u16 sport; u16 dport; u16 length; u16 crc; } __bcct_packet;",
	"struct tcp_t { u16 src_port; u16 dst_port; u32 seq_num; u32 ack_num; u8 "
	"offset:4; u8 reserved:4; u8 flag_cwr:1; u8 flag_ece:1; u8 flag_urg:1; u8 "
	"flag_ack:1; u8 flag_psh:1; u8 flag_rst:1; u8 flag_syn:1; u8 flag_fin:1; u16 "
	"rcv_wnd; u16 cksum; u16 urg_ptr; } __bcct_packet;",
	"struct vxlan_t { u32 rsv1:4; u32 iflag:1; u32 rsv2:3; u32 rsv3:24; u32 key:24; "
	"u32 rsv4:8; } __bcct_packet;",
	"struct vxlan_gbp_t { u32 gbp_flag:1; u32 rsv1:3; u32 iflag:1; u32 rsv2:4; u32 "
	"dont_learn:1; u32 rsv3:2; u32 policy_applied:1; u32 rsv4:3; u32 group:16; u32 "
	"key:24; u32 rsv5:8; } __bcct_packet;",
	NULL,
};
