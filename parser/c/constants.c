/*
 * Constants of kernel headers that are macros there, so that BTF does not hold
 * them. They are looked up last: a script may use the names for its own.
 */
#include <string.h>

#include "parser/c/cpp.h"

static const struct {
	const char *name, *text;
} constants[] = {
	/* BPF */
	{ "BPF_F_ZERO", "0" }, { "BPF_MAX_STACK_DEPTH", "127" },
	/* numbers */
	{ "CHAR_BIT", "8" }, { "INT_MAX", "2147483647" }, { "UINT_MAX", "4294967295U" },
	{ "LONG_MAX", "9223372036854775807L" }, { "ULONG_MAX", "18446744073709551615UL" },
	{ "ULLONG_MAX", "18446744073709551615ULL" }, { "U8_MAX", "255" },
	{ "U16_MAX", "65535" }, { "U32_MAX", "4294967295U" }, { "S32_MAX", "2147483647" },
	{ "U64_MAX", "18446744073709551615ULL" }, { "S64_MAX", "9223372036854775807LL" },
	{ "UINT8_MAX", "255" }, { "UINT16_MAX", "65535" }, { "UINT32_MAX", "4294967295U" },
	{ "UINT64_MAX", "18446744073709551615ULL" }, { "NSEC_PER_USEC", "1000L" },
	{ "NSEC_PER_MSEC", "1000000L" }, { "NSEC_PER_SEC", "1000000000L" },
	{ "USEC_PER_MSEC", "1000L" }, { "USEC_PER_SEC", "1000000L" },
	{ "MSEC_PER_SEC", "1000L" }, { "PAGE_SHIFT", "12" }, { "SECTOR_SHIFT", "9" },
	{ "NAME_MAX", "255" }, { "PATH_MAX", "4096" }, { "IFNAMSIZ", "16" },
	{ "DISK_NAME_LEN", "32" }, { "BDEVNAME_SIZE", "32" }, { "TCP_CA_NAME_MAX", "16" },
	{ "CAP_OPT_NONE", "0" }, { "HZ", "250" },
	/* sockets and packets */
	{ "AF_UNSPEC", "0" }, { "AF_UNIX", "1" }, { "AF_LOCAL", "1" }, { "AF_INET", "2" },
	{ "AF_INET6", "10" }, { "AF_NETLINK", "16" }, { "AF_PACKET", "17" },
	{ "AF_VSOCK", "40" }, { "SOL_SOCKET", "1" }, { "SCM_RIGHTS", "1" },
	{ "SOCK_TYPE_MASK", "0xf" }, { "IPPROTO_MPTCP", "262" }, { "MSG_PEEK", "2" },
	{ "MSG_DONTWAIT", "0x40" }, { "ETH_ALEN", "6" }, { "ETH_HLEN", "14" },
	{ "ETH_P_IP", "0x0800" }, { "ETH_P_ARP", "0x0806" }, { "ETH_P_RARP", "0x8035" },
	{ "ETH_P_8021Q", "0x8100" }, { "ETH_P_8021AD", "0x88A8" }, { "ETH_P_IPV6", "0x86DD" },
	{ "ETH_P_ALL", "0x0003" }, { "IPPROTO_ICMPV6", "58" }, { "IP_MF", "0x2000" },
	{ "IP_OFFSET", "0x1FFF" }, { "TC_ACT_UNSPEC", "-1" }, { "TC_ACT_OK", "0" },
	{ "TC_ACT_RECLASSIFY", "1" }, { "TC_ACT_SHOT", "2" }, { "TC_ACT_PIPE", "3" },
	{ "TC_ACT_STOLEN", "4" }, { "TC_ACT_QUEUED", "5" }, { "TC_ACT_REPEAT", "6" },
	{ "TC_ACT_REDIRECT", "7" }, { "TCPHDR_FIN", "0x01" }, { "TCPHDR_SYN", "0x02" },
	{ "TCPHDR_RST", "0x04" }, { "TCPHDR_PSH", "0x08" }, { "TCPHDR_ACK", "0x10" },
	{ "TCPHDR_URG", "0x20" },
	/* files */
	{ "S_IFMT", "0170000" }, { "S_IFSOCK", "0140000" }, { "S_IFLNK", "0120000" },
	{ "S_IFREG", "0100000" }, { "S_IFBLK", "0060000" }, { "S_IFDIR", "0040000" },
	{ "S_IFCHR", "0020000" }, { "S_IFIFO", "0010000" }, { "O_RDONLY", "0" },
	{ "O_WRONLY", "1" }, { "O_RDWR", "2" }, { "O_ACCMODE", "3" }, { "O_CREAT", "0100" },
	{ "O_EXCL", "0200" }, { "O_TRUNC", "01000" }, { "O_APPEND", "02000" },
	{ "O_NONBLOCK", "04000" }, { "O_DIRECT", "040000" }, { "O_TMPFILE", "020200000" },
	{ "AT_FDCWD", "-100" }, { "READ", "0" }, { "WRITE", "1" }, { "MINORBITS", "20" },
	{ "FMODE_READ", "1" }, { "FMODE_WRITE", "2" }, { "FMODE_CREATED", "0x100000" },
	{ "REQ_OP_BITS", "8" },
	/* tasks and memory */
	{ "TASK_RUNNING", "0" }, { "TASK_INTERRUPTIBLE", "1" },
	{ "TASK_UNINTERRUPTIBLE", "2" }, { "PF_IDLE", "0x00000002" },
	{ "PF_EXITING", "0x00000004" }, { "PF_KTHREAD", "0x00200000" }, { "MAX_PRIO", "140" },
	{ "MAX_RT_PRIO", "100" }, { "CLONE_NEWNS", "0x00020000" },
	{ "CLONE_THREAD", "0x00010000" }, { "GFP_ATOMIC", "0x820u" },
	{ "GFP_KERNEL", "0xcc0u" }, { "__GFP_IO", "0x40u" }, { "__GFP_FS", "0x80u" },
	{ "SIGKILL", "9" }, { "SIGTERM", "15" },
	/* errors */
	{ "EPERM", "1" }, { "ENOENT", "2" }, { "ESRCH", "3" }, { "EINTR", "4" },
	{ "EIO", "5" }, { "ENXIO", "6" }, { "E2BIG", "7" }, { "ENOEXEC", "8" },
	{ "EBADF", "9" }, { "ECHILD", "10" }, { "EAGAIN", "11" }, { "EWOULDBLOCK", "11" },
	{ "ENOMEM", "12" }, { "EACCES", "13" }, { "EFAULT", "14" }, { "EBUSY", "16" },
	{ "EEXIST", "17" }, { "EXDEV", "18" }, { "ENODEV", "19" }, { "ENOTDIR", "20" },
	{ "EISDIR", "21" }, { "EINVAL", "22" }, { "ENFILE", "23" }, { "EMFILE", "24" },
	{ "ENOTTY", "25" }, { "EFBIG", "27" }, { "ENOSPC", "28" }, { "ESPIPE", "29" },
	{ "EROFS", "30" }, { "EMLINK", "31" }, { "EPIPE", "32" }, { "EDOM", "33" },
	{ "ERANGE", "34" }, { "EDEADLK", "35" }, { "ENAMETOOLONG", "36" }, { "ENOSYS", "38" },
	{ "ENOTEMPTY", "39" }, { "ELOOP", "40" }, { "ENODATA", "61" }, { "ETIME", "62" },
	{ "EPROTO", "71" }, { "EOVERFLOW", "75" }, { "ENOTSOCK", "88" }, { "EMSGSIZE", "90" },
	{ "EPROTONOSUPPORT", "93" }, { "EOPNOTSUPP", "95" }, { "EAFNOSUPPORT", "97" },
	{ "EADDRINUSE", "98" }, { "EADDRNOTAVAIL", "99" }, { "ENETDOWN", "100" },
	{ "ENETUNREACH", "101" }, { "ECONNABORTED", "103" }, { "ECONNRESET", "104" },
	{ "ENOBUFS", "105" }, { "EISCONN", "106" }, { "ENOTCONN", "107" },
	{ "ETIMEDOUT", "110" }, { "ECONNREFUSED", "111" }, { "EHOSTUNREACH", "113" },
	{ "EALREADY", "114" }, { "EINPROGRESS", "115" }, { "ERESTARTSYS", "512" },
};

const char *c_constant(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		if (strcmp(constants[i].name, name) == 0)
			return constants[i].text;
	return NULL;
}
