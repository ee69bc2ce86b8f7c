/*
 * Does the kernel have a symbol? Asked by the providers for every function that
 * is named without a wildcard. The kernel looks names up by itself when a small
 * program asks it to, in a fraction of the time that reading kallsyms takes.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/rt_internal.h"

#define NAME_MAX_BYTES 240 /* on the program's stack */

enum { SYMBOL_MISSING, SYMBOL_FOUND, SYMBOL_UNKNOWN };

/*
 *	char name[] = "...";
 *	u64 addr = 0;
 *	long err = bpf_kallsyms_lookup_name(name, sizeof(name), 0, &addr);
 *	return err ? err : addr != 0;
 */
static size_t lookup_program(struct bpf_insn *p, const char *name)
{
	size_t size = strlen(name) + 1, room = (size + 3) & ~(size_t)3, n = 0;
	short at = (short)(-8 - (int)((size + 7) & ~(size_t)7));

	for (size_t i = 0; i < room; i += 4) {
		int word = 0;

		memcpy(&word, name + i, size - i < 4 ? size - i : 4);
		p[n++] = (struct bpf_insn){.code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10,
					   .off = (short)(at + (short)i), .imm = word};
	}
	p[n++] = (struct bpf_insn){.code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10,
				   .off = -8};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1,
				   .src_reg = BPF_REG_10};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1,
				   .imm = at};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2,
				   .imm = (int)size};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_4,
				   .src_reg = BPF_REG_10};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_4,
				   .imm = -8};
	p[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_CALL,
				   .imm = BPF_FUNC_kallsyms_lookup_name};
	p[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = BPF_REG_0,
				   .off = 3};
	p[n++] = (struct bpf_insn){.code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_1,
				   .src_reg = BPF_REG_10, .off = -8};
	p[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_1,
				   .off = 1};
	p[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0,
				   .imm = 1};
	p[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_EXIT};
	return n;
}

static int lookup_by_kernel(const char *name)
{
	struct bpf_prog_load_opts load = {.sz = sizeof(load), .prog_flags = BPF_F_SLEEPABLE};
	struct bpf_test_run_opts run = {.sz = sizeof(run)};
	struct bpf_insn insns[NAME_MAX_BYTES / 4 + 16];
	int fd, err;

	if (strlen(name) >= NAME_MAX_BYTES)
		return SYMBOL_UNKNOWN;
	fd = bpf_prog_load(BPF_PROG_TYPE_SYSCALL, "bcct_lookup", "GPL", insns,
			   lookup_program(insns, name), &load);
	if (fd < 0)
		return SYMBOL_UNKNOWN;
	err = bpf_prog_test_run_opts(fd, &run);
	close(fd);
	if (err)
		return SYMBOL_UNKNOWN;
	if (run.retval == 1)
		return SYMBOL_FOUND;
	return (int)run.retval == -ENOENT || !run.retval ? SYMBOL_MISSING : SYMBOL_UNKNOWN;
}

static bool lookup_by_reading(const char *name)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[512];
	bool found = false;

	if (!f)
		return false;
	setvbuf(f, NULL, _IOFBF, 65536);
	while (!found && fgets(line, sizeof(line), f)) {
		struct kallsyms_entry e;

		found = kallsyms_line(line, &e) && kallsyms_is_text(e.kind) &&
			!strcmp(e.name, name);
	}
	fclose(f);
	return found;
}

bool rt_kernel_has(struct rt *rt, const char *name)
{
	struct buf *before = object_log_to(NULL);
	int known = lookup_by_kernel(name);

	(void)rt;
	object_log_to(before);
	return known == SYMBOL_UNKNOWN ? lookup_by_reading(name) : known == SYMBOL_FOUND;
}
