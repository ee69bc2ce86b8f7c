/*
 * The length of x86-64 instructions, in 64-bit mode. Called where a probe is to be put
 * inside a function: a breakpoint in the middle of an instruction would change the program.
 *
 * What follows an opcode depends on little: whether there is a ModRM byte, and how many
 * bytes of a constant. That is a letter for each opcode in the tables below; no library
 * is needed for it, and the disassemblers that there are would double the runner's size.
 */
#include <stdbool.h>

#include "lib/x86_length_rt.h"

#define LONGEST 15

/*
 * '.' nothing follows   'b' 1 byte, 'w' 2, 'd' 4 (2 with prefix 66), 'j' 4, 'e' 3
 * 'm' ModRM   'B' ModRM and 1 byte, 'D' ModRM and 4 (2)   'r' ModRM without displacement
 * 'f' ModRM, and 1 byte for TEST; 'F' the same with 4 (2)   'i' 8 with REX.W, else as 'd'
 * 'o' an address   '!' no instruction, or a prefix, which is handled before
 */
static const char one_byte[257] =
	"mmmmbd!!mmmmbd!!mmmmbd!!mmmmbd!!" /* 00 */
	"mmmmbd!!mmmmbd!!mmmmbd!!mmmmbd!!" /* 20 */
	"!!!!!!!!!!!!!!!!................" /* 40 */
	"!!!m!!!!dDbB....bbbbbbbbbbbbbbbb" /* 60 */
	"BD!Bmmmmmmmmmmmm..........!....." /* 80 */
	"oooo....bd......bbbbbbbbiiiiiiii" /* a0 */
	"BBw.!!BDe.w..b!.mmmm!!!.mmmmmmmm" /* c0 */
	"bbbbbbbbjj!b....!.!!..fF......mm" /* e0 */;

static const char two_bytes[257] =
	"mmmm!.....!.!m.Bmmmmmmmmmmmmmmmm" /* 00 */
	"rrrr!!!!mmmmmmmm........!!!!!!!!" /* 20 */
	"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm" /* 40 */
	"mmmmmmmmmmmmmmmmBBBBmmm.mmmmmmmm" /* 60 */
	"jjjjjjjjjjjjjjjjmmmmmmmmmmmmmmmm" /* 80 */
	"...mBm!!...mBmmmmmmmmmmmmmBmmmmm" /* a0 */
	"mmBmBBBm........mmmmmmmmmmmmmmmm" /* c0 */
	"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm" /* e0 */;

/* The instruction as it is read. */
struct decode {
	const uint8_t *p;
	size_t n, at; /* bytes there are, and read */
	bool short_operand, short_address, wide; /* 66, 67, REX.W */
	uint8_t repeat;                          /* F2 or F3 */
};

static uint8_t next(struct decode *d)
{
	return d->at < d->n ? d->p[d->at++] : (d->at++, 0);
}

static uint8_t peek(const struct decode *d)
{
	return d->at < d->n ? d->p[d->at] : 0;
}

static void prefixes(struct decode *d)
{
	for (;; d->at++) {
		switch (peek(d)) {
		case 0x66: d->short_operand = true; break;
		case 0x67: d->short_address = true; break;
		case 0xf2:
		case 0xf3: d->repeat = peek(d); break;
		case 0xf0: case 0x2e: case 0x36: case 0x3e: case 0x26: case 0x64: case 0x65: break;
		default: return;
		}
		if (d->at > LONGEST)
			return;
	}
}

/* ModRM with what belongs to it: SIB, displacement. */
static uint8_t modrm(struct decode *d)
{
	uint8_t m = next(d), mod = m >> 6, base = m & 7;

	if (mod == 3)
		return m;
	if (base == 4)
		base = next(d) & 7;
	if (mod == 1)
		d->at += 1;
	else if (mod == 2 || base == 5)
		d->at += 4; /* with mod 0: no base, or relative to the instruction */
	return m;
}

static bool operands(struct decode *d, char kind)
{
	unsigned full = d->short_operand ? 2 : 4;

	switch (kind) {
	case '.': break;
	case 'b': d->at += 1; break;
	case 'w': d->at += 2; break;
	case 'e': d->at += 3; break;
	case 'd': d->at += full; break;
	case 'j': d->at += 4; break;
	case 'i': d->at += d->wide ? 8 : full; break;
	case 'o': d->at += d->short_address ? 4 : 8; break;
	case 'm': modrm(d); break;
	case 'r': d->at += 1; break;
	case 'B': modrm(d), d->at += 1; break;
	case 'D': modrm(d), d->at += full; break;
	case 'f': d->at += (modrm(d) & 0x38) < 0x10; break;
	case 'F': d->at += (modrm(d) & 0x38) < 0x10 ? full : 0; break;
	default: return false;
	}
	return true;
}

/* Opcodes behind 0F, 0F 38, 0F 3A, whether these are bytes or a number in a VEX prefix. */
static bool in_map(struct decode *d, unsigned map, bool vex)
{
	uint8_t op = next(d);

	switch (map) {
	case 1:
		if (!vex && op == 0x78 && (d->short_operand || d->repeat)) {
			modrm(d); /* EXTRQ, INSERTQ */
			d->at += 2;
			return true;
		}
		return operands(d, vex && two_bytes[op] != 'B' && op != 0x77 ? 'm' : two_bytes[op]);
	case 2: case 5: case 6: /* 5 and 6: half-precision numbers */
	case 9: /* XOP */
		return operands(d, 'm');
	case 3: case 8:
		return operands(d, 'B');
	case 10:
		modrm(d);
		d->at += 4;
		return true;
	default:
		return false;
	}
}

static bool two_byte_opcode(struct decode *d)
{
	if (peek(d) == 0x38 || peek(d) == 0x3a)
		return in_map(d, next(d) == 0x38 ? 2 : 3, false);
	return in_map(d, 1, false);
}

/* VEX, EVEX and XOP: a prefix that names the map. False: op is no such prefix. */
static bool extended(struct decode *d, uint8_t op, bool *ok)
{
	unsigned map;

	switch (op) {
	case 0xc5:
		d->at += 1;
		map = 1;
		break;
	case 0xc4:
		map = next(d) & 0x1f;
		d->at += 1;
		break;
	case 0x62:
		map = next(d) & 7;
		d->at += 2;
		break;
	case 0x8f: /* POP, unless ModRM could not be its */
		if ((peek(d) & 0x1f) < 8)
			return false;
		map = next(d) & 0x1f;
		d->at += 1;
		break;
	default:
		return false;
	}
	*ok = in_map(d, map, true);
	return true;
}

unsigned x86_length(const uint8_t *p, size_t n)
{
	struct decode d = {.p = p, .n = n < LONGEST ? n : LONGEST};
	bool ok = true;
	uint8_t op;

	prefixes(&d);
	if ((peek(&d) & 0xf0) == 0x40)
		d.wide = next(&d) & 8;
	op = next(&d);
	if (op == 0x0f)
		ok = two_byte_opcode(&d);
	else if (!extended(&d, op, &ok))
		ok = operands(&d, one_byte[op]);
	return ok && d.at <= d.n ? (unsigned)d.at : 0;
}
