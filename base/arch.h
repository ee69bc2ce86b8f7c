/*
 * What differs between processor architectures: where the context of a kprobe
 * holds arguments, result, stack and instruction pointer, and how the functions
 * of system calls are called. Used by both halves of the providers on functions.
 */
#ifndef BASE_ARCH_H
#define BASE_ARCH_H

/* attach_info.module of a kprobe on "sys_NAME": the system call, whatever its function is called */
#define PROBE_SYSCALL "syscall"

#if defined(__x86_64__)

/* struct pt_regs; arguments as the kernel's C passes them: di si dx cx r8 r9 */
#define ARCH_ARG_REGS { 112, 104, 96, 88, 72, 64 }
/* system calls pass them to the kernel in: di si dx r10 r8 r9 */
#define ARCH_SYSCALL_REGS { 112, 104, 96, 56, 72, 64 }
#define ARCH_REG_RET 80
#define ARCH_REG_IP 128
#define ARCH_REG_SP 152
#define ARCH_STACK_ARG 8 /* the return address lies below the first argument on the stack */
#define ARCH_SYSCALL_PREFIX "__x64_sys_"
/* a call without arguments has one function of several names; lists may have any of them */
#define ARCH_SYSCALL_NAMES { "__x64_sys_", "__do_sys_", "__ia32_sys_" }

#elif defined(__aarch64__)

/* struct user_pt_regs: regs[31], sp, pc, pstate */
#define ARCH_ARG_REGS { 0, 8, 16, 24, 32, 40, 48, 56 }
#define ARCH_SYSCALL_REGS { 0, 8, 16, 24, 32, 40 }
#define ARCH_REG_RET 0
#define ARCH_REG_IP 256
#define ARCH_REG_SP 248
#define ARCH_STACK_ARG 0
#define ARCH_SYSCALL_PREFIX "__arm64_sys_"
#define ARCH_SYSCALL_NAMES { "__arm64_sys_" }

#else
#error "base/arch.h does not know this architecture's registers"
#endif

#define ARCH_MAX_ARG 9          /* arg0 … arg9 */
#define ARCH_SYSCALL_ARGS 6
/* offset of the arguments, or the result, in a tracepoint's record */
#define ARCH_SYSCALL_RECORD 16

#endif
