/* What --help prints: of bcct, and of bcct-run, which is built without the compiler. */
#include "cli/args.h"

/* of both programs */
#define OUTPUT_OPTIONS                                                                            \
	"  -o FILE               write to FILE instead of standard output\n" \
	"  -f text|json          output format\n" \
	"  -B line|full|none     buffering of the output\n" \
	"  -q                    no messages but errors\n" \
	"  -v                    more detail: kernel logs, libraries' messages\n" \
	"  -k                    also report failed reads and lookups of missing keys\n" \
	"  --no-warnings         no warnings\n"

#ifndef BCCT_RUNNER

const char args_help[] =
	"Usage: bcct [OPTIONS] FILE [PARAMETER...]\n"
	"       bcct [OPTIONS] -e PROGRAM [PARAMETER...]\n"
	"       bcct [OPTIONS] OBJECT\n"
	"\n"
	"Compile and run a tracing program. FILE may be - for standard input, or an\n"
	"object written by --emit-object. Parameters are $1, $2 ... in the program;\n"
	"after -- everything is one.\n"
	"\n"
	"Programs:\n"
	"  -e PROGRAM            take the program from the command line; several are one\n"
	"  -c COMMAND            run COMMAND, trace it, end when it ends (quotes, no shell)\n"
	"  -p PID                trace one process, end when it ends\n"
	"  -I DIRECTORY          look there for imported scripts and headers, too\n"
	"  --include FILE        read this header before the program, as by #include\n"
	"  -D NAME[=VALUE]       define a macro of C\n"
	"  --unsafe              allow functions that change the system\n"
	"  --probe-filter REGEX  only probes that match, and BEGIN and END\n"
	"  --no-feature NAMES    do without these features of the kernel (see --info)\n"
	"\n"
	"Output:\n"
	OUTPUT_OPTIONS
	"\n"
	"Without running:\n"
	"  -l [PATTERN]          list probes, e.g. -l 'kprobe:vfs_*'; -lv: with arguments\n"
	"  --check               compile only; needs no privilege\n"
	"  --traceable-functions list the kernel functions that can be traced\n"
	"  --dry-run             compile, load and attach, then end; nothing runs\n"
	"  --test                run the program's test: probes and tell which fail\n"
	"  --bench               measure the program's bench: probes\n"
	"  --emit-object FILE    write the compiled object; run it with bcct FILE\n"
	"  --compile-only -o FILE, --emit-elf FILE, --aot FILE  the same\n"
	"  --emit-llvm FILE      write FILE.original.ll and FILE.optimized.ll\n"
	"  --mode codegen        the same as --check\n"
	"  -d STAGE              show a stage: ast, types, plan, codegen, codegen-opt (or\n"
	"                        ir), asm (or dis), libbpf, verifier or all\n"
	"  --info                kernel features found, versions\n"
	"  -V, --version         version\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  bcct -e 'kprobe:sys_clone < printf(\"hi %s\\n\", comm) >'\n"
	"  bcct -e 'kprobe:vfs_read < @[comm] = hist(arg2) >'\n"
	"  bcct -e 'syscall:openat < printf(\"%s %s\\n\", comm, str(args.filename)) >'\n"
	"  bcct -l 'syscall:*open*'\n"
	"\n"
	"Exit status: that of exit(N) in the program, 0 without one; 1 for a program or\n"
	"command line that is wrong; 255 when it could not be loaded, attached or run.\n";

#else

const char args_help[] =
	"Usage: bcct-run [OPTIONS] OBJECT\n"
	"\n"
	"Run a tracing program that bcct --emit-object has compiled.\n"
	"\n"
	"Options:\n"
	"  -c COMMAND            run COMMAND, trace it, end when it ends (quotes, no shell)\n"
	"  -p PID                trace one process, end when it ends\n"
	OUTPUT_OPTIONS
	"  --probe-filter REGEX  only probes that match, and BEGIN and END\n"
	"  --no-feature NAMES    do without these features of the kernel (see --info)\n"
	"  --dry-run             load and attach, then end; nothing runs\n"
	"  -l [PATTERN]          list probes, e.g. -l 'kprobe:vfs_*'; -lv: with arguments\n"
	"  --info                kernel features found, versions\n"
	"  -V, --version         version\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: that of exit(N) in the program, 0 without one; 1 for a command line\n"
	"that is wrong; 255 when the object could not be loaded, attached or run.\n";

#endif
