/*
 * Arguments of USDT probes as assemblers write operands: "SIZE@OPERAND" with
 * $5, %eax, 8(%rbp), (%rax,%rbx,4), name+8(%rip). Called by usdt_rt.c.
 */
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/user.h>

#include "lib/usdt_rt.h"

#if defined(__x86_64__)
/* Offsets are the same in struct pt_regs of the kernel. */
static const struct {
	const char *names[5];
	uint32_t offset;
} registers[] = {
#define REG(field, ...) { { __VA_ARGS__ }, offsetof(struct user_regs_struct, field) }
	REG(rax, "rax", "eax", "ax", "al"),	  REG(rbx, "rbx", "ebx", "bx", "bl"),
	REG(rcx, "rcx", "ecx", "cx", "cl"),	  REG(rdx, "rdx", "edx", "dx", "dl"),
	REG(rsi, "rsi", "esi", "si", "sil"),	  REG(rdi, "rdi", "edi", "di", "dil"),
	REG(rbp, "rbp", "ebp", "bp", "bpl"),	  REG(rsp, "rsp", "esp", "sp", "spl"),
	REG(r8, "r8", "r8d", "r8w", "r8b"),	  REG(r9, "r9", "r9d", "r9w", "r9b"),
	REG(r10, "r10", "r10d", "r10w", "r10b"), REG(r11, "r11", "r11d", "r11w", "r11b"),
	REG(r12, "r12", "r12d", "r12w", "r12b"), REG(r13, "r13", "r13d", "r13w", "r13b"),
	REG(r14, "r14", "r14d", "r14w", "r14b"), REG(r15, "r15", "r15d", "r15w", "r15b"),
	REG(rip, "rip", "eip"),
	/* the second byte: a shift on top, see high_byte() */
	REG(rax, "ah"), REG(rbx, "bh"), REG(rcx, "ch"), REG(rdx, "dh"),
#undef REG
};
#else
static const struct {
	const char *names[5];
	uint32_t offset;
} registers[] = { { { "" }, 0 } };
#endif

/* "%rax" at *p. */
static bool parse_register(const char **p, uint32_t *offset, char *name, size_t size)
{
	size_t n = 0;

	if (**p != '%')
		return false;
	for (++*p; isalnum((unsigned char)**p) && n + 1 < size; ++*p)
		name[n++] = **p;
	name[n] = 0;
	for (size_t i = 0; n && i < sizeof(registers) / sizeof(*registers); i++) {
		for (unsigned j = 0; j < 5 && registers[i].names[j]; j++) {
			if (!strcmp(registers[i].names[j], name)) {
				*offset = registers[i].offset;
				return true;
			}
		}
	}
	return false;
}

static void set_register(struct usdt_arg *out, unsigned i, uint32_t offset, uint64_t by)
{
	out->reg[i] = offset;
	out->by[i] = by;
}

/* "(base,index,scale)" at *p, with any of them left out; pc is of name(%rip). */
static bool parse_memory(const char **p, struct usdt_arg *out, bool named, uint64_t pc)
{
	char name[8] = "";
	uint32_t offset;

	out->deref = 1;
	++*p;
	if (**p == '%') {
		if (!parse_register(p, &offset, name, sizeof(name)))
			return false;
		set_register(out, 0, offset, 1);
		/* the name's address is where the program was linked; so is the probe's */
		if (named && !strcmp(name, "rip"))
			out->value -= pc;
		else if (named)
			return false;
	}
	if (**p == ',') {
		uint64_t scale = 1;
		char *end;

		++*p;
		if (!parse_register(p, &offset, name, sizeof(name)))
			return false;
		if (**p == ',') {
			scale = strtoull(*p + 1, &end, 10);
			*p = end;
		}
		if (scale != 1 && scale != 2 && scale != 4 && scale != 8)
			return false;
		set_register(out, 1, offset, scale);
	}
	if (**p != ')')
		return false;
	++*p;
	return true;
}

/* "name", "name+8", "8+name" or a number before a parenthesis. */
static bool parse_displacement(const char **p, struct usdt_arg *out, bool *named,
			       bool (*symbol)(void *user, const char *name, uint64_t *address),
			       void *user)
{
	*named = false;
	while (**p && **p != '(' && **p != ' ') {
		bool minus = **p == '-';
		uint64_t v = 0;
		char *end;

		if (**p == '+' || **p == '-')
			++*p;
		if (isdigit((unsigned char)**p)) {
			v = strtoull(*p, &end, 0);
			*p = end;
		} else {
			size_t n = strcspn(*p, "+-( ");
			char name[256];

			if (!n || n >= sizeof(name) || minus || *named)
				return false;
			memcpy(name, *p, n);
			name[n] = 0;
			if (!symbol || !symbol(user, name, &v))
				return false;
			*named = true;
			*p += n;
		}
		out->value += minus ? -v : v;
	}
	return true;
}

static bool parse_operand(const char **p, struct usdt_arg *out, uint64_t pc,
			  bool (*symbol)(void *user, const char *name, uint64_t *address),
			  void *user)
{
	char name[8] = "";
	uint32_t offset;
	bool named;
	char *end;

	if (**p == '$') {
		out->value = strtoull(*p + 1, &end, 0);
		if (end == *p + 1)
			return false;
		*p = end;
		return true;
	}
	if (**p == '%') {
		if (!parse_register(p, &offset, name, sizeof(name)))
			return false;
		set_register(out, 0, offset, 1);
		/* ah and its like: two shifts would be needed */
		return name[1] != 'h' || name[2];
	}
	if (!**p || !parse_displacement(p, out, &named, symbol, user))
		return false;
	if (**p == '(')
		return parse_memory(p, out, named, pc);
	out->deref = 1; /* an absolute address */
	return !named;
}

bool usdt_arg_parse(const char **text, struct usdt_arg *out, uint64_t pc,
		    bool (*symbol)(void *user, const char *name, uint64_t *address), void *user)
{
	const char *p = *text;
	bool ok = true;
	long size = 8;
	char *end;

	memset(out, 0, sizeof(*out));
	p += strspn(p, " ");
	if (strchr(p, '@') && (*p == '-' || isdigit((unsigned char)*p))) {
		size = strtol(p, &end, 10);
		ok = *end == '@'; /* 4f@… is a floating-point number */
		p = end + strcspn(end, "@");
		p += *p == '@';
	}
	out->is_signed = size < 0;
	size = labs(size);
	ok = ok && (size == 1 || size == 2 || size == 4 || size == 8);
	out->shift = ok ? 64 - 8 * (uint32_t)size : 0;
	ok = ok && parse_operand(&p, out, pc, symbol, user);
	*text = p + strcspn(p, " ");
	return ok && (!*p || *p == ' ');
}
